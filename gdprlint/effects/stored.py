"""A choice that is kept in a cookie or under a key: who writes the value that is asked for?"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from gdprlint.facts import Assign, Expr, Invoke, Member, Name, Text, Way
from gdprlint.flow import Flow, spelled_path

_FALSY = frozenset({"", "0", "false", "no", "null", "undefined"})


@dataclass(frozen=True, slots=True)
class Asked:
    """A key that a condition reads, and the value that it holds it against; None for any."""

    key: str
    value: str | None


@dataclass(frozen=True, slots=True)
class Written:
    """A place that writes a value which the condition lets through."""

    path: str
    way: Way


class Stored:
    """Cookies and storage keys of the project, by who writes them."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self._cookies: list[tuple[str, Assign, str]] | None = None

    def asked(self, test: Expr, path: str, value: str | None) -> Asked | None:
        """The key that a condition reads: `localStorage.getItem("choice")`,
        `document.cookie.includes("choice=yes")`."""
        match test:
            case Invoke(Member(of, "getItem"), (key, *_)):
                found = self.flow.values.literal(key, path)
            case Invoke(Member(of, "get"), (key, *_)) if "cookie" in spelled_path(of).lower():
                found = self.flow.values.literal(key, path)
            case Invoke(Member(of, "includes" | "match"), (Text(text),)):
                if spelled_path(of) != "document.cookie":
                    return None
                name, _, said = text.partition("=")
                return Asked(name.strip(), said or None)
            case Member(Name("localStorage" | "sessionStorage"), name):
                found = name
            case _:
                return None
        return Asked(found, value) if found else None

    def writers(self, asked: Asked) -> list[Written] | None:
        """Who writes such a value; None where nobody does, or where it is not written out."""
        found: list[Written] = []
        for text, written in self._writes(asked.key):
            if text is None:
                return None
            if text == asked.value or (asked.value is None and text.lower() not in _FALSY):
                found.append(written)
        return found or None

    def _writes(self, key: str) -> Iterator[tuple[str | None, Written]]:
        for name in ("setItem", "set"):
            for path, call in self.flow.calls.named(name):
                match call.invoke:
                    case Invoke(Member(of, _), (kept, value, *_)):
                        if name == "set" and "cookie" not in spelled_path(of).lower():
                            continue
                        if self.flow.values.literal(kept, path) == key:
                            text = self.flow.values.literal(value, path)
                            yield text, Written(path, call.way)
        for path, fact, text in self._cookies_written():
            name, _, rest = text.partition("=")
            if name.strip() == key:
                yield rest.partition(";")[0].strip() or None, Written(path, fact.way)

    def _cookies_written(self) -> list[tuple[str, Assign, str]]:
        if self._cookies is None:
            self._cookies = [
                (path, fact, self.flow.values.literal(fact.value, path) or "")
                for path in self.flow.project.files
                for fact in self.flow.project.facts(path)
                if isinstance(fact, Assign) and spelled_path(fact.to) == "document.cookie"
            ]
        return self._cookies
