"""How code spells what a consent entry may know: a path from a global, with literal arguments."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from gdprlint.effects.patterns import Arguments, from_global
from gdprlint.facts import UNKNOWN_KEY, Expr, Invoke, Items, Member, Name, Parameter, Record
from gdprlint.flow import Flow, imported_from
from gdprlint.knowledge import ConsentPlatform

_DEEPEST = 40


@dataclass(frozen=True, slots=True)
class Spelled:
    """An expression as names and literal arguments of its calls.

    Where the first name is `$0`, it is the first parameter of `function` (file, number).
    """

    names: tuple[str, ...]
    arguments: Arguments
    function: tuple[str, int] | None = None


class Spelling:
    """Takes expressions apart, aliases and imports resolved."""

    def __init__(self, flow: Flow, platforms: Iterable[ConsentPlatform]) -> None:
        self.flow = flow
        self._globals = {
            package: platform.globals
            for platform in platforms
            if platform.globals
            for package in platform.packages
        }

    def of(self, value: Expr, path: str) -> tuple[Spelled, ...]:
        """How an expression is spelled; one that begins at a parameter in two ways, by the
        parameter's name and by its place. None where it is no path."""
        names: list[str] = []
        arguments: list[tuple[str, ...]] = []
        current: Expr = value
        for _ in range(_DEEPEST):
            match current:
                case Member(of, name):
                    names.append(self._key(current, path) if name == UNKNOWN_KEY else name)
                    current = of
                case Invoke(Name("Set"), (held,), True) if names[-1:] == ["has()"]:
                    names[-1], current = "includes()", held
                case Invoke(to, given):
                    arguments.append(tuple(self.argument(a, path) for a in given))
                    match to:
                        case Member(
                            Invoke(Name("$" | "jQuery"), (Name("document" | "window"),)),
                            "on" | "one",
                        ):
                            return _spelled([*names, "addEventListener()"], arguments)
                        case Member(of, name):
                            names.append(name + "()")
                            current = of
                        case Name():
                            behind = self._behind(to, path)
                            if isinstance(behind, tuple) and isinstance(behind[0], Member):
                                # `const { has } = manager()`.
                                names.append(behind[0].name + "()")
                                current, path = behind[0].of, behind[1]
                                continue
                            *before, last = self._root(to, path)
                            return _spelled([*names, last + "()", *reversed(before)], arguments)
                        case _:
                            return ()
                case Name():
                    behind = self._behind(current, path)
                    if isinstance(behind, tuple):
                        current, path = behind
                        continue
                    root = self._root(current, path)
                    found = _spelled([*names, *reversed(root)], arguments)
                    if isinstance(behind, Parameter):
                        return (*found, *_from(behind, path, names, arguments))
                    return found
                case Parameter():
                    return _from(current, path, names, arguments)
                case _:
                    return ()
        return ()

    def _behind(self, name: Name, path: str) -> tuple[Expr, str] | Parameter | None:
        """What a variable is given once, where that is a path, a call or a parameter."""
        definitions = self.flow.names.resolve(name, path)
        if len(definitions) != 1 or imported_from(definitions[0].value) is not None:
            return None
        match definitions[0].value:
            case Member() | Invoke():
                return definitions[0].value, definitions[0].path
            case Parameter() as parameter if definitions[0].path == path:
                return parameter
        return None

    def _root(self, name: Name, path: str) -> tuple[str, ...]:
        """The names that a sign would use: an imported module's platform by its first global."""
        for definition in self.flow.names.definitions(name, path):
            module = imported_from(definition.value)
            known = self._globals.get(module[0]) if module is not None else None
            if module is None or known is None:
                continue
            if module[1] in ("default", "*"):
                return (known[0],)
            return (module[1],) if module[1] in known else (known[0], module[1])
        return (name.name,)

    def _key(self, member: Member, path: str) -> str:
        """The key of a member that a name holds: `agreed[category]`."""
        key = self.flow.values.literal(member.key, path) if member.key is not None else None
        return key or UNKNOWN_KEY

    def argument(self, value: Expr, path: str) -> str:
        """An argument as a sign spells it: its literal text, the keys of an object in braces, the
        literals of a list in brackets, or nothing."""
        if isinstance(value, Items):
            items = (self.flow.values.literal(item, path) or "" for item in value.items)
            return "[" + ",".join(items) + "]"
        if isinstance(value, Record):
            return "{" + ",".join(entry.key for entry in value.entries) + "}"
        return self.flow.values.literal(value, path) or ""


def _is_whole_page(of: Expr) -> bool:
    """`$(document)`, whose listeners are the page's."""
    match of:
        case Invoke(Name("$" | "jQuery"), (Name("document" | "window"),)):
            return True
    return False


def _from(
    parameter: Parameter, path: str, names: list[str], arguments: list[tuple[str, ...]]
) -> tuple[Spelled, ...]:
    return _spelled([*names, f"${parameter.index}"], arguments, function=(path, parameter.function))


def _spelled(
    names: list[str],
    arguments: list[tuple[str, ...]],
    function: tuple[str, int] | None = None,
) -> tuple[Spelled, ...]:
    """From the names and arguments as they are met, the last of the path first."""
    return (Spelled(from_global(names[::-1]), tuple(arguments[::-1]), function),)
