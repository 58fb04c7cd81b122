"""What forms and their controls do: which form the browser sends, which box asks for consent."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from gdprlint.effects import Answer, Ask, Occurrence, Submit
from gdprlint.effects.submissions import Submissions
from gdprlint.facts import Attribute, Constant, Element, If, Invoke, Text
from gdprlint.flow import GAP, Flow, Found
from gdprlint.knowledge import Knowledge, WordList
from gdprlint.project.controls import Control, attribute, spelled
from gdprlint.source import Span


class Forms:
    """The forms and consent controls of a project's markup."""

    def __init__(
        self,
        flow: Flow,
        knowledge: Knowledge,
        sends: Callable[[Invoke, str], bool],
        is_known: Callable[[Invoke, str], bool],
    ) -> None:
        self.flow = flow
        self.project = flow.project
        self._submissions = Submissions(flow, knowledge.vocabulary, sends, is_known)
        self._searching = WordList(knowledge.vocabulary.searching)
        self._ticked = WordList(knowledge.vocabulary.ticked)
        self._not_ticked = WordList(knowledge.vocabulary.not_ticked)

    def asks(self, words: str) -> bool:
        """Whether the words of a control ask for agreement."""
        return self._ticked.within(words)

    def is_necessary(self, words: str) -> bool:
        """Whether they name what needs no agreement, or asks for something else."""
        return self._not_ticked.within(words)

    def submit(self, form: Element, path: str) -> Submit:
        controls = self.flow.dom.controls_in(Found(form, path))
        action = form.attribute("action")
        target = action.value if action is not None else None
        return Submit(
            at=Occurrence(path=path, span=form.span, way=form.way, what=f"<{form.tag}>"),
            form=form,
            method=self._method(form, path),
            controls=controls,
            action=target,
            urls=self.flow.values.spellings(target, path) if target is not None else (),
            prevented=self._submissions.prevented(form, path),
            looks_up=self._looks_up(form, path),
        )

    def fetched(self, element: Element, path: str) -> Iterator[Submit]:
        """What a library puts into the page's URL without a form: the value of the control that it
        fetches an address for, and what it is told to take along."""
        found = Found(element, path)
        if not self._submissions.pushed(found):
            return
        control = self.flow.dom.control_of(found)
        taken = [control] if control is not None else []
        taken.extend(self._taken_along(found))
        if not taken:
            return
        yield Submit(
            at=Occurrence(path=path, span=element.span, way=element.way, what=f"<{element.tag}>"),
            form=element,
            method="get",
            controls=tuple(dict.fromkeys(taken)),
            action=None,
            urls=(),
            prevented=Answer.NO,
            looks_up=any(one.kind == "search" for one in taken),
        )

    def _taken_along(self, of: Found) -> Iterator[Control]:
        """The controls that a library takes along with those of the element that it acts for."""
        dom = self.flow.dom
        for selector in self._submissions.taken_along(of):
            word, _, rest = selector.partition(" ")
            match word:
                case "closest":
                    found = dom.markup.around([of], rest)
                case "find":
                    found = dom.markup.within([of], rest)
                case "next" | "previous":
                    found = dom.markup.selected(rest, of.path)
                case "this":
                    found = [of]
                case _:
                    found = dom.markup.selected(selector, of.path)
            for one in found:
                control = dom.control_of(one)
                yield from (control,) if control is not None else dom.controls_in(one)

    def _method(self, form: Element, path: str) -> str:
        """The method in lower case; `unknown` where it is not written out and may be `get`."""
        given = form.attribute("method")
        if self._submissions.pushed(Found(form, path)):
            return "get"
        if given is None or given.value is None:
            return "get"
        spelled = {text.lower() for text in self.flow.values.spellings(given.value, path)}
        if len(spelled) == 1 and not any(GAP in text for text in spelled):
            # An empty or unknown word means `get` (HTML, section 4.10.19.6).
            said = spelled.pop()
            return said if said in ("post", "dialog") else "get"
        may_be_get = any(GAP in text or text not in ("post", "dialog") for text in spelled)
        return "unknown" if may_be_get else "post"

    def _looks_up(self, form: Element, path: str) -> bool:
        """Whether a form looks something up or narrows a list: by its role, by a search field, or
        by the words of its buttons and of its own names."""
        if attribute(form, "role").lower() == "search":
            return True
        words = [attribute(form, name) for name in ("id", "class", "name", "aria-label")]
        for fact in self.project.within(path, form.span.start, form.end):
            if not isinstance(fact, Element):
                continue
            if attribute(fact, "type").lower() == "search":
                return True
            if fact.tag == "button" or attribute(fact, "type").lower() == "submit":
                words.extend(attribute(fact, name) for name in ("value", "aria-label", "title"))
                words.append(spelled(fact.text))
        return any(self._searching.within(text) for text in words)

    def ask(self, element: Element, path: str) -> Iterator[Ask]:
        kind = attribute(element, "type").lower()
        if element.tag == "input" and kind not in ("checkbox", "switch"):
            return
        ticked = element.attribute("checked") or element.attribute("defaultChecked")
        control = next((c for c in self.flow.dom.controls(path) if c.element == element), None)
        words = " ".join(
            [
                attribute(element, "name"),
                attribute(element, "id"),
                control.label if control is not None else "",
                attribute(element, "aria-label"),
            ]
        )
        if not self.asks(words):
            return
        value = ticked.value if ticked is not None else None
        on = ticked is not None and not (isinstance(value, Constant) and value.value is False)
        literal = (
            value is None
            or isinstance(value, Text)
            or (isinstance(value, Constant) and value.value is True)
        )
        necessary = self.is_necessary(words)
        yield Ask(
            at=Occurrence(
                path=path,
                span=_attribute_span(ticked, path) if ticked is not None else element.span,
                way=element.way,
                what=f"<{element.tag} {control.name if control else ''}>".replace(" >", ">"),
            ),
            words=control.name if control is not None and control.name else words.split(" ")[0],
            ticked=on and literal,
            disabled=element.attribute("disabled") is not None or necessary,
            conditional=any(isinstance(step, If) for step in element.way) or (on and not literal),
        )


def _attribute_span(found: Attribute, path: str) -> Span:
    return Span(path, found.start, max(found.start, found.end))


_NOT_FILLED_IN = frozenset({"hidden", "submit", "button", "reset", "image", "checkbox", "radio"})


def signs_in(effect: Submit) -> bool:
    """Whether a form signs somebody in who is known already: a password, and at most one thing
    beside it that is filled in. One that asks for a new password begins an account."""
    asked = [c for c in effect.controls if c.kind not in _NOT_FILLED_IN]
    passwords = [c for c in asked if c.kind == "password"]
    if any("new-password" in c.autocomplete.split() for c in passwords):
        return False
    return len(passwords) == 1 and len(asked) <= 2
