"""Does a hand-written notice let the visitor say no as directly as yes?"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdprlint.effects import Declare, Occurrence
from gdprlint.facts import (
    Attribute,
    Call,
    Element,
    Expr,
    Invoke,
    Join,
    Link,
    Member,
    Name,
    Text,
)
from gdprlint.knowledge import Knowledge, WordList
from gdprlint.project import Project
from gdprlint.project.controls import attribute, spelled

_HOLDING = frozenset(
    {"div", "section", "aside", "dialog", "form", "footer", "article", "header", "nav"}
)
_NAMING = ("id", "class", "className", "aria-label", "data-testid")
_CONTROLS = frozenset({"button", "a"})
_PRESSED = frozenset({"button", "submit"})
_OPEN = frozenset({"slot", "ng-content", "router-view", "router-outlet", "component"})


class Banners:
    """Containers that are named after cookies or consent, and the controls in them."""

    def __init__(self, project: Project, knowledge: Knowledge) -> None:
        self.project = project
        words = knowledge.vocabulary
        self._named = WordList(words.banner)
        self._accept = WordList(words.accept)
        self._refuse = WordList(words.refuse)
        self._closing = WordList(words.closing)

    def of(self, element: Element, path: str) -> Iterator[Declare]:
        """That a notice offers a yes and no equally direct no; perhaps where it can be closed.

        Of containers in each other the outermost speaks. One of which not everything is seen says
        nothing, nor does one in which boxes can be left empty.
        """
        if not self._is_banner(element) or self._is_inside_another(element, path):
            return
        inside = list(self.project.within(path, element.span.end, element.end))
        if any(map(_is_open, inside)):
            return
        controls = [
            self._words(fact, path)
            for fact in inside
            if isinstance(fact, Element) and _is_control(fact)
        ]
        agreeing = [w for w in controls if self._accept.within(w) and not self._refuse.within(w)]
        if not agreeing or any(self._refuse.within(words) for words in controls):
            return
        yield Declare(
            at=Occurrence(
                path=path,
                span=element.span,
                way=element.way,
                what=f"<{element.tag}>",
                certain=not any(self._closing.within(words) for words in controls),
            ),
            says="accept-only",
            subject="banner",
            markup=element,
        )

    def _words(self, control: Element, path: str) -> str:
        """What a control says: its text and that of what is in it, its names, and what it calls;
        the key of a translation is as good as a text."""
        words = [*_spelled(control.text)]
        for given in control.attributes:
            words.extend(_of_attribute(given))
        for fact in self.project.within(path, control.span.end, control.end):
            match fact:
                case Element(text=text):
                    words.extend(_spelled(text))
                case Call(invoke=Invoke(arguments=arguments)):
                    words.extend(a.text for a in arguments if isinstance(a, Text))
        return " . ".join(words)

    def _is_banner(self, element: Element) -> bool:
        return element.tag in _HOLDING and any(
            self._named.within(attribute(element, name)) for name in _NAMING
        )

    def _is_inside_another(self, element: Element, path: str) -> bool:
        return any(
            isinstance(fact, Element)
            and fact.span.end <= element.span.start
            and element.span.end <= fact.end
            and self._is_banner(fact)
            for fact in self.project.facts(path)
        )


def _is_open(fact: object) -> bool:
    """Whether what stands here comes from elsewhere, or is a box that the visitor may leave."""
    match fact:
        case Link(kind="include" | "block" | "macro"):
            return True
        case Element(tag=tag):
            if tag in _OPEN or (tag[:1].isupper() and not _is_button(tag)) or "-" in tag:
                return True
            return tag == "input" and attribute(fact, "type").lower() in ("checkbox", "radio")
    return False


def _is_button(tag: str) -> bool:
    return tag.lower().endswith(("button", "btn", "link"))


def _is_control(element: Element) -> bool:
    pressed = element.tag == "input" and attribute(element, "type").lower() in _PRESSED
    return pressed or element.tag in _CONTROLS or _is_button(element.tag)


def _of_attribute(given: Attribute) -> Iterator[str]:
    if given.name.lower().startswith(("on", "@", "v-on", "(", "data-")):
        yield from _spelled(given.value)
    elif given.name in ("value", "title", *_NAMING):
        yield spelled(given.value)


def _spelled(value: Expr | None) -> Sequence[str]:
    """The texts and names in a value."""
    match value:
        case Text(text) | Name(text):
            return [text]
        case Member(of, name):
            return [*_spelled(of), name]
        case Invoke(to, arguments):
            return [*_spelled(to), *(w for a in arguments for w in _spelled(a))]
        case Join(parts):
            return [w for part in parts for w in _spelled(part)]
    return []
