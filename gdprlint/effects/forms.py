"""What forms and their controls do: which form the browser sends, which box asks for consent."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cached_property

from gdprlint.effects import Ask, Occurrence, Submit
from gdprlint.facts import (
    Assign,
    Attribute,
    Call,
    Constant,
    Element,
    Expr,
    Field,
    Function,
    If,
    Link,
    Member,
    Name,
    Text,
)
from gdprlint.flow import Flow
from gdprlint.knowledge import Knowledge, WordList
from gdprlint.project.controls import attribute
from gdprlint.source import Span

_TEXT_TYPES = frozenset(
    {"", "text", "search", "tel", "url", "email", "password", "date", "number", "month", "time"}
)
_PREVENTED = re.compile(r"return\s+false|preventDefault")
_HANDLED = re.compile(r"\s*(?:return\s+)?([\w$]+)\s*\(")
"""A handler that calls one function: `return send(event)`."""


class Forms:
    """The forms and consent controls of a project's markup."""

    def __init__(self, flow: Flow, knowledge: Knowledge) -> None:
        self.flow = flow
        self.project = flow.project
        self._ticked = WordList(knowledge.vocabulary.ticked)
        self._not_ticked = WordList(knowledge.vocabulary.not_ticked)

    def asks(self, words: str) -> bool:
        """Whether the words of a control ask for agreement."""
        return self._ticked.within(words)

    def is_necessary(self, words: str) -> bool:
        """Whether they name what needs no agreement, or asks for something else."""
        return self._not_ticked.within(words)

    def submit(self, form: Element, path: str) -> Submit:
        controls = tuple(
            control
            for control in self.flow.dom.controls(path)
            if form.span.start < control.element.span.start < form.end
        )
        method = attribute(form, "method").lower()
        given = form.attribute("method")
        if given is not None and given.value is not None and not isinstance(given.value, Text):
            method = "unknown"
        action = form.attribute("action")
        return Submit(
            at=Occurrence(path=path, span=form.span, way=form.way, what="<form>"),
            form=form,
            method=method or "get",
            controls=controls,
            action=action.value if action is not None else None,
            prevented=self._prevented(form, path) or self._cannot_be_sent(form, path),
        )

    def _prevented(self, form: Element, path: str) -> bool:
        """Whether a script sends the form in the browser's place, so that its method says
        nothing."""
        for given in form.attributes:
            name = given.name.lower()
            if name.startswith(("@submit", "v-on:submit", "on:submit", "hx-p", "hx-delete")):
                return True
            if name == "onsubmit" or name.startswith(("(ngsubmit)", "(submit)", "x-on:submit")):
                if not isinstance(given.value, Text):
                    return True
                if _PREVENTED.search(given.value.text) or self._named_prevents(given.value.text):
                    return True
            if name == "action" and given.value is not None and _is_function(given.value):
                return True
        return form in self._sent_by_script.get(path, ()) or self._buttons_post(form, path)

    def _named_prevents(self, handler: str) -> bool:
        """Whether the function that `onsubmit="return send(event)"` calls keeps the browser from
        sending: one of that name somewhere does, or none is to be seen.

        One that gives back true somewhere only checks what it is to send.
        """
        called = _HANDLED.match(handler)
        if called is None:
            return False
        known = self._functions_named.get(called.group(1))
        return not known or any(
            self._function_prevents(path, number) and not self._gives_true(path, number)
            for path, number in known
        )

    @cached_property
    def _functions_named(self) -> Mapping[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for path, facts in self.project.files.items():
            for number, function in facts.functions.items():
                found.setdefault(function.name.rpartition(".")[2], []).append((path, number))
        return found

    def _gives_true(self, path: str, number: int) -> bool:
        return any(
            isinstance(value.value, Constant) and value.value.value is True
            for value in self.project.files[path].functions[number].returns
        )

    @cached_property
    def _sent_by_script(self) -> Mapping[str, list[Element]]:
        """By file, the elements whose submission a listener or an assigned handler prevents."""
        found: dict[str, list[Element]] = {}
        for where, target, handlers in self._submit_handlers():
            if any(self._prevents(handler, where) for handler in handlers):
                for prevented in self.flow.dom.elements(target, where):
                    found.setdefault(prevented.path, []).append(prevented.element)
        return found

    def _submit_handlers(self) -> Iterator[tuple[str, Expr, tuple[Expr, ...]]]:
        """What listens for a submission: the file, whose, and what may be the handler."""
        for method in ("addEventListener", "on", "submit", "bind"):
            for where, call in self.flow.calls.named(method):
                to, arguments = call.invoke.to, call.invoke.arguments
                named = any(isinstance(a, Text) and "submit" in a.text for a in arguments)
                if isinstance(to, Member) and (named or method == "submit"):
                    yield where, to.of, arguments
        for where, facts in self.project.files.items():
            for fact in facts.facts:
                match fact:
                    case Assign(Member(target, "onsubmit"), value):
                        yield where, target, (value,)

    def _prevents(self, handler: Expr, path: str) -> bool:
        return any(
            self._function_prevents(where, number)
            for where, number in self.flow.names.functions(handler, path)
        )

    def _function_prevents(self, path: str, number: int) -> bool:
        function = self.project.files[path].functions.get(number)
        if function is None:
            return False
        for value in function.returns:
            if isinstance(value.value, Constant) and value.value.value is False:
                return True
        for fact in self.project.within(path, function.span.start, function.span.end):
            to = fact.invoke.to if isinstance(fact, Call) else None
            if isinstance(to, Member) and to.name == "preventDefault":
                return True
        return False

    def _cannot_be_sent(self, form: Element, path: str) -> bool:
        """Whether a form has several text fields and nothing that sends it.

        Without a submit button a browser sends a form on Enter only if it has one text field (HTML,
        section 4.10.21.2, implicit submission). Components and template tags may bring a button.
        """
        texts = 0
        for fact in self.project.within(path, form.span.start, form.end):
            if isinstance(fact, Link) or (isinstance(fact, Call) and _is_tag(fact)):
                return False
            if not isinstance(fact, Element) or fact is form:
                continue
            kind = attribute(fact, "type").lower()
            if fact.tag == "button" or (fact.tag == "input" and kind in ("submit", "image")):
                return False
            if "-" in fact.tag or fact.tag[:1].isupper() or fact.attribute("onchange"):
                return False
            named = fact.attribute("name")
            if named is not None and isinstance(named.value, Field):
                # Written by the template from a form class; so may be what sends it.
                return False
            if fact.tag == "input" and kind in _TEXT_TYPES:
                texts += 1
        identifier = attribute(form, "id")
        if identifier and any(
            isinstance(fact, Element) and attribute(fact, "form") == identifier
            for fact in self.project.facts(path)
        ):
            return False
        return texts > 1

    def _buttons_post(self, form: Element, path: str) -> bool:
        buttons = [
            fact
            for fact in self.project.within(path, form.span.start, form.end)
            if isinstance(fact, Element)
            and (
                (fact.tag == "button" and attribute(fact, "type") in ("", "submit"))
                or (fact.tag == "input" and attribute(fact, "type") in ("submit", "image"))
            )
        ]
        return bool(buttons) and all(attribute(b, "formmethod").lower() == "post" for b in buttons)

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


def _is_tag(call: Call) -> bool:
    to = call.invoke.to
    return isinstance(to, Name) and to.name.startswith("tag ")


def _attribute_span(found: Attribute, path: str) -> Span:
    return Span(path, found.start, max(found.start, found.end))


def _is_function(value: Expr) -> bool:
    return isinstance(value, Function | Name)
