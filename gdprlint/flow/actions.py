"""Which forms call a function with their data: what stands where a form's address may stand?

`<form action={book}>` calls `book` with the form's data (React 19, "form"), be it the project's own
function or what a hook made of it: `const [state, book] = useActionState(send, {})`.
"""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.facts import Attribute, Element, Expr, Invoke, Member, Name, Text
from gdprlint.flow.library import Passing, Turn
from gdprlint.flow.markup import Found, Markup
from gdprlint.flow.uses import root_of
from gdprlint.flow.values import Values

_ACTIONS = frozenset({"action", "formAction", "formaction"})


class Actions:
    """The functions that markup gives to forms in the place of an address."""

    def __init__(self, values: Values, markup: Markup) -> None:
        self.values = values
        self.markup = markup
        self.project = values.names.project
        self._given: list[tuple[Found, Attribute]] | None = None

    def forms(self, path: str, function: int, index: int) -> list[Found]:
        """The forms whose data a function is called with as its parameter `index`."""
        found = [
            form for form, given in self._all() if self._is(given, form, path, function, index)
        ]
        return list(dict.fromkeys(found))

    def _all(self) -> list[tuple[Found, Attribute]]:
        if self._given is None:
            self._given = []
            for path in self.project.files:
                for fact in self.project.facts(path):
                    if isinstance(fact, Element):
                        self._given.extend(self._of(Found(fact, path)))
        return self._given

    def _of(self, one: Found) -> Iterator[tuple[Found, Attribute]]:
        for given in one.element.attributes:
            if given.name in _ACTIONS and not _is_text(given):
                forms = [one] if given.name == "action" else self.markup.forms_around([one])
                yield from ((form, given) for form in forms)

    def _is(self, given: Attribute, form: Found, path: str, function: int, index: int) -> bool:
        value, bound = given.value, 0
        if value is None:
            return False
        match value:
            case Invoke(Member(inner, "bind"), arguments):
                value, bound = inner, len(arguments) - 1
        steps = self.values.steps
        if (path, function) in steps.functions(value, form.path):
            return index == bound
        return any(
            self._made(made, value, form.path) for made in self._hooks(path, function, index)
        )

    def _hooks(
        self, path: str, function: int, index: int
    ) -> Iterator[tuple[Invoke, str, tuple[str, ...]]]:
        """The calls that make another function of one, which is called with the form's data, and
        the members of what they give back that it is."""
        steps = self.values.steps
        for site in steps.calls.handed(path, function):
            for passing in steps.library.of_call(site.invoke, site.path) if not site.key else ():
                if passing.target == (Turn("argument", site.index), Turn("parameter", index)):
                    keys = _called(passing)
                    if keys is not None:
                        yield site.invoke, site.path, keys

    def _made(self, made: tuple[Invoke, str, tuple[str, ...]], value: Expr, path: str) -> bool:
        """Whether a value is the function that a hook made."""
        call, where, keys = made
        found = [(value, path)]
        if isinstance(value, Name):
            found = [(d.value, d.path) for d in self.values.names.resolve(value, path)]
        for one, place in found:
            root = root_of(one, place)
            if root is None or root[1] != keys or root[0].path != where:
                continue
            if (root[0].start, root[0].end) == (call.start, call.end):
                return True
        return False


def _called(passing: Passing) -> tuple[str, ...] | None:
    """The members that lead to the function whose first argument a row speaks of."""
    head, *keys = passing.source
    if head.kind != "returned" or not keys or keys[-1] != Turn("argument", 0):
        return None
    return tuple(turn.key for turn in keys[:-1])


def _is_text(given: Attribute) -> bool:
    return given.value is None or isinstance(given.value, Text)
