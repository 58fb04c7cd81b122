"""Does a function that the site gives a vendor take data out before the vendor sends it?

`beforeSend(event) { delete event.user.email; return event; }`: a row declares the hook, with the
part of the event that says who the visitor is as its name.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from gdprlint.effects import Answer, Declare, Effect
from gdprlint.facts import Assign, Call, Constant, Expr, Invoke, Member, Name, Record, Text
from gdprlint.flow import Flow

_DEEPEST = 3
_REMOVERS = frozenset({"pop", "unset"})

Path = tuple[str, ...]


class Scrubbers:
    """The hooks of a project, by the vendor that calls them."""

    def __init__(self, flow: Flow, effects: Mapping[str, tuple[Effect, ...]]) -> None:
        self.flow = flow
        self._hooks: dict[str, list[Declare]] = {}
        for effect in (effect for found in effects.values() for effect in found):
            if isinstance(effect, Declare) and effect.says == "scrubs":
                self._hooks.setdefault(effect.subject, []).append(effect)

    def of(self, vendor: str, effect: Effect) -> Iterator[Declare]:
        """The hooks of a vendor that run on the pages of an effect."""
        project = self.flow.project
        here = {page.id for page in project.pages_with(effect.at.path, effect.at.span.start)}
        for hook in self._hooks.get(vendor, ()):
            there = project.pages_with(hook.at.path, hook.at.span.start)
            if not here or not there or any(page.id in here for page in there):
                yield hook

    def takes_out(self, hook: Declare, names: Iterable[str]) -> Answer:
        """Whether a hook takes all of `names` out of the part that says who the visitor is.

        No names ask for anything of that part. A hook that cannot be read, or that hands the event
        on to what cannot be read, may do so.
        """
        if hook.value is None:
            return Answer.NO
        removed, unread = self._removed(hook.value, hook.at.path, 0)
        wanted = list(names)
        whole = any(path[-1:] == (hook.part,) for path in removed)
        inside = {path[-1] for path in removed if path[-2:-1] == (hook.part,)}
        if whole or (inside and not wanted) or (wanted and inside.issuperset(wanted)):
            return Answer.YES
        return Answer.MAYBE if unread or (removed and not wanted) else Answer.NO

    def _removed(self, value: Expr, path: str, depth: int) -> tuple[set[Path], bool]:
        """The members that a function removes, as paths, and whether part of it is not read."""
        functions = self.flow.names.functions(value, path)
        if not functions or depth > _DEEPEST:
            return set(), True
        found: set[Path] = set()
        unread = False
        for where, number in functions:
            facts = self.flow.project.files[where].functions[number]
            event = facts.parameters[0] if facts.parameters else ""
            for fact in self.flow.project.within(where, facts.span.start, facts.span.end):
                match fact:
                    case Call(Invoke(to, arguments)):
                        removed = _deleted(to, arguments)
                        if removed:
                            found.add(removed)
                        elif event and any(_is(a, event) for a in arguments):
                            inner, dark = self._removed(to, where, depth + 1)
                            found |= inner
                            unread = unread or dark
                    case Assign(to, given):
                        found.update(_overwritten(to, given))
        return found, unread


def _is(value: Expr, name: str) -> bool:
    return isinstance(value, Name) and value.name == name


def _deleted(to: Expr, arguments: tuple[Expr, ...]) -> Path:
    """`delete event.user.email`, `del event["user"]["email"]`, `event["user"].pop("email")`."""
    match to, arguments:
        case Name("operator delete"), (Member() as of, *_):
            return _path(of)
        case Member(of, name), (Text(key), *_) if name in _REMOVERS:
            return (*_path(of), key)
    return ()


def _overwritten(to: Expr, given: Expr) -> Iterator[Path]:
    """`event.user.email = "[removed]"`, `event.user = {id: event.user.id}`."""
    path = _path(to)
    if len(path) < 2:
        return
    whole = isinstance(given, Record) and all(entry.key != "..." for entry in given.entries)
    if whole or isinstance(given, Text | Constant) or _is(given, "undefined"):
        yield path


def _path(of: Expr) -> Path:
    match of:
        case Member(inner, name):
            return (*_path(inner), name)
        case Name(name):
            return (name,)
        case Invoke(Member(inner, "get"), (Text(name), *_)):
            return (*_path(inner), name)
    return ()
