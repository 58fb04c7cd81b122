"""Does a no change anything? Handlers that hear that the visitor refuses or withdraws."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdprlint.effects import Declare, Occurrence
from gdprlint.effects.clicked import clicked_words, is_click
from gdprlint.facts import (
    Assign,
    Body,
    Call,
    Callback,
    Constant,
    Define,
    Element,
    Expr,
    Fact,
    Member,
    Name,
)
from gdprlint.flow import Flow
from gdprlint.knowledge import Knowledge, WordList
from gdprlint.source import Span

_SHOWN = frozenset(
    {"hide", "remove", "close", "fadeOut", "slideUp", "add", "toggle", "removeClass", "addClass"}
    | {"toggleClass", "setAttribute", "removeAttribute", "css", "detach", "preventDefault", "log"}
    | {"querySelector", "getElementById", "querySelectorAll", "$", "jQuery", "stopPropagation"}
    | {"closest", "hidePopover", "removeChild", "getElementsByClassName", "blur", "focus"}
)
"""What changes only what is seen, or does nothing by itself."""

_LOOKS = frozenset({"hidden", "display", "className", "innerHTML", "textContent", "visibility"})
_KEEPING = frozenset({"setItem", "cookie", "set"})
_DEEPEST = 3


class Withdrawals:
    """Handlers of controls that refuse or withdraw, and what they do."""

    def __init__(self, flow: Flow, knowledge: Knowledge) -> None:
        self.flow = flow
        words = knowledge.vocabulary
        self._withdraw = WordList(words.withdraw)
        self._refuse = WordList(words.refuse)
        self._accept = WordList(words.accept)
        self._banner = WordList(words.banner)

    def of_file(self, path: str) -> Iterator[Declare]:
        """Handlers that change nothing but what is seen; to withdraw, a word that is kept is
        nothing either. Whether something had to change on a refusal is left open."""
        for step, facts in self._handlers(path):
            spelled = " ".join(clicked_words(step, path, self.flow))
            withdraws = self._withdraw.within(spelled)
            refuses = self._refuse.within(spelled) and self._banner.within(spelled)
            if not (withdraws or refuses):
                continue
            done = self._done(facts, path, 0)
            if done is None or (done and not withdraws):
                continue
            span = Span(path, step.start, max(step.start, step.end))
            at = Occurrence(path=path, span=span, way=(), what="click", certain=withdraws)
            yield Declare(at=at, says="unheeded", subject="")

    def _handlers(self, path: str) -> Iterator[tuple[Callback, Sequence[Fact]]]:
        """Every listener to a click in a file, and what is done in it."""
        found: dict[Callback, list[Fact]] = {}
        for fact in self.flow.project.facts(path):
            clicks = [
                s for s in getattr(fact, "way", ()) if isinstance(s, Callback) and is_click(s)
            ]
            if clicks:
                found.setdefault(clicks[-1], []).append(fact)
        for number, function in self.flow.project.files[path].functions.items():
            for site in self.flow.calls.handed(path, number):
                invoke = site.invoke
                step = Callback(invoke.to, invoke.arguments, site.index, invoke.start, invoke.end)
                if site.path == path and is_click(step):
                    found.setdefault(step, []).extend(self._in_body(path, number))
            if function.way and isinstance(function.way[-1], Callback):
                step = function.way[-1]
                if is_click(step):
                    found.setdefault(step, [])
        yield from found.items()

    def _in_body(self, path: str, number: int) -> list[Fact]:
        return [
            fact
            for fact in self.flow.project.facts(path)
            if any(isinstance(s, Body) and s.function == number for s in getattr(fact, "way", ()))
        ]

    def _done(self, facts: Sequence[Fact], path: str, depth: int) -> bool | None:
        """Whether something is kept; None where something else is done, or who knows what."""
        keeps = False
        for fact in facts:
            done = self._by_fact(fact, path, depth)
            if done is None:
                return None
            keeps = keeps or done
        return keeps

    def _by_fact(self, fact: Fact, path: str, depth: int) -> bool | None:
        match fact:
            case Define() | Element():
                return False
            case Assign(Member(_, "cookie")):
                return None if "expires" in _texts(fact.value) else True
            case Assign(Member(_, name)):
                return False if name in _LOOKS else None
            case Call(invoke):
                functions = self.flow.names.functions(invoke.to, path)
                if functions and depth < _DEEPEST:
                    inner = [f for where, n in functions for f in self._in_body(where, n)]
                    return self._done(inner, functions[0][0], depth + 1)
                name = invoke.to.name if isinstance(invoke.to, Member | Name) else ""
                if name in _KEEPING:
                    return True
                return False if name in _SHOWN else None
        return None


def _texts(value: Expr) -> str:
    """What is written out of a cookie, lower-case: a lifetime may take it off."""
    if isinstance(value, Constant):
        return ""
    return " ".join(
        part.text.lower()
        for part in (getattr(value, "parts", None) or (value,))
        if hasattr(part, "text")
    )
