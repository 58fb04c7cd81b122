"""Does a page that asks for personal data lead to the site's privacy notice?"""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property

from gdprlint.effects import Answer, Submit
from gdprlint.facts import Call, Element, Expr, Invoke, Join, Link, Member, Name, Text
from gdprlint.flow import Flow, is_route
from gdprlint.flow.inside import parts_of
from gdprlint.knowledge import WordList
from gdprlint.project import Page
from gdprlint.project.page import NOT_MARKUP

_WHOLE = frozenset({"html", "body"})
_LEADING = ("href", "to", "routerLink", "data-href")


class Notices:
    """Links to privacy notices, by pages."""

    def __init__(self, flow: Flow, words: tuple[str, ...]) -> None:
        self.flow = flow
        self.project = flow.project
        self._words = WordList(words)
        self._linked: dict[str, bool] = {}
        self._anywhere: bool | None = None

    def lacks(self, effect: Submit, pages: tuple[Page, ...]) -> Answer:
        """Whether some page with this form leads to no notice.

        A page counts only where all of it is seen: a document of its own, all parents found, all
        that it includes. What an application shows is put together by scripts, so there a link in
        any file of the project is enough.
        """
        answer = Answer.NO
        for page in pages:
            if page.around or self.project.files[page.path].language in NOT_MARKUP:
                if self._has_document and not self._links_anywhere():
                    answer = max(answer, Answer.YES)
            elif self._is_whole(page) and not any(map(self._links, page.files)):
                answer = max(answer, Answer.MAYBE if self._shows_more(page) else Answer.YES)
        return answer

    def _is_whole(self, page: Page) -> bool:
        if page.is_open:
            return False
        documents = [f for f in page.files if self.project.files[f].language not in NOT_MARKUP]
        included = (link for f in documents for link in self.project.links(f, "include"))
        return all(self.project.target(link) is not None for link in included) and any(
            isinstance(fact, Element) and fact.tag in _WHOLE
            for path in documents
            for fact in self.project.facts(path)
        )

    def _shows_more(self, page: Page) -> bool:
        """Whether a tag of somebody else's shows something there that is not seen."""
        return any(
            isinstance(fact, Call)
            and isinstance(fact.invoke.to, Name)
            and fact.invoke.to.name.startswith("tag ")
            and not _shows_form(fact.invoke)
            for path in page.files
            if self.project.files[path].language not in NOT_MARKUP
            for fact in self.project.facts(path)
        )

    @cached_property
    def _has_document(self) -> bool:
        """Whether a document of the project is seen, and not only parts of one."""
        return any(
            isinstance(fact, Element) and fact.tag == "html"
            for path in self.project.files
            for fact in self.project.facts(path)
        )

    def _links_anywhere(self) -> bool:
        if self._anywhere is None:
            self._anywhere = any(map(self._links, self.project.files))
        return self._anywhere

    def _links(self, path: str) -> bool:
        """Whether something in a file leads to a privacy notice: an address, a route's name, the
        words of a link."""
        if path not in self._linked:
            self._linked[path] = any(
                self._words.within(text)
                for fact in self.project.facts(path)
                for text in _said(fact)
            )
        return self._linked[path]


def _shows_form(tag: Invoke) -> bool:
    """Whether a tag shows a form that it is given: `{% crispy form %}`."""
    match tag.arguments:
        case (Name(name) | Member(_, name), *_):
            return "form" in name.lower()
    return False


def _said(fact: object) -> Iterator[str]:
    match fact:
        case Element(attributes=attributes, text=text):
            for attribute in attributes:
                if attribute.name in _LEADING or attribute.name.startswith(":"):
                    yield from _texts(attribute.value)
            if text is not None:
                yield from _texts(text)
        case Call(invoke=Invoke(arguments=arguments) as invoke):
            if is_route(invoke) or not isinstance(invoke.to, Name) or arguments:
                for argument in arguments:
                    yield from _texts(argument)
        case Link(kind="include" | "import", target=Text(text)):
            yield text


def _texts(value: Expr | None, depth: int = 0) -> Iterator[str]:
    match value:
        case None:
            return
        case Text(text):
            yield text
        case Name(name) | Member(_, name):
            yield name
        case Join(parts):
            yield " ".join(part.text for part in parts if isinstance(part, Text))
    for part in parts_of(value) if depth < 6 else ():
        yield from _texts(part, depth + 1)
