"""Who sends a form: the browser, or a script in its place?

Asked of the form's attributes, of what listens for its submission, and of its buttons. What a
library does with it by an attribute is told in `knowledge/words.yaml`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase
from functools import cached_property

from gdprlint.effects import Answer
from gdprlint.effects.prevention import DIALOGS, Prevention
from gdprlint.facts import (
    SPREAD,
    Assign,
    Attribute,
    Call,
    Constant,
    Element,
    Expr,
    Field,
    Function,
    Gate,
    If,
    Invoke,
    Link,
    Member,
    Name,
    Opaque,
    Record,
    Text,
)
from gdprlint.flow import Flow, spelled_path
from gdprlint.flow.dom import Found
from gdprlint.flow.selectors import fits
from gdprlint.knowledge.data import Vocabulary
from gdprlint.project.controls import attribute

_TEXT_TYPES = frozenset(
    {"", "text", "search", "tel", "url", "email", "password", "date", "number", "month", "time"}
)
_ON = re.compile(r"(?:on:?|@|v-on:|x-on:|\()(submit|click)\b(.*)", re.IGNORECASE)
"""An attribute that listens: its event, and the modifiers that follow."""
_CALLED = re.compile(r"(\breturn\s+)?([\w$][\w$.]*)\s*\(([^)]*)\)?")
_STRING = re.compile(r"'[^']*'|\"[^\"]*\"|`[^`]*`")
_BARE = re.compile(r"\s*[\w$.]+\s*$")
_EVENT = re.compile(r"\$?\bevent\b|\be\b")
_NAMED = re.compile(r"[#>]\s*([\w$]+)(?::\w+)*\s*$")
"""The function at the end of an attribute's value: `submit->cart#save`."""
_WHOLE_PAGE = frozenset({"document", "document.body", "document.documentElement", "window"})
_CONTROLS = frozenset({"input", "select", "textarea"})
_SCRIPTS = frozenset({"javascript", "typescript", "tsx", "vue", "svelte"})


@dataclass(frozen=True, slots=True)
class _Listener:
    """Something that hears of an event: `targets` where they are known, else `selectors` that the
    target is found by; `within` the selector that says which of the target's contents it is for."""

    path: str
    target: Expr
    targets: tuple[Found, ...]
    selectors: tuple[str, ...]
    within: str | None
    heard: Expr | None
    prevents: Callable[[str, int, Found], Answer]


class Submissions:
    """The forms of a project, and the scripts that hear of their submission."""

    def __init__(
        self,
        flow: Flow,
        vocabulary: Vocabulary,
        sends: Callable[[Invoke, str], bool],
        is_known: Callable[[Invoke, str], bool],
    ) -> None:
        self.flow = flow
        self.project = flow.project
        self._prevention = Prevention(flow, sends)
        self._is_known = is_known
        self._otherwise = [_pattern(text) for text in vocabulary.sent_otherwise]
        self._with = [_pattern(text) for text in vocabulary.sent_otherwise_with]
        self._by_browser = [_pattern(text) for text in vocabulary.sent_by_browser]
        self._elsewhere = [_pattern(text) for text in vocabulary.heard_elsewhere]
        self._fetched = [_pattern(text) for text in vocabulary.fetched_by_get]
        self._pushed = [_pattern(text) for text in vocabulary.pushed_to_url]
        self._taken = [_pattern(text) for text in vocabulary.taken_along]

    def pushed(self, of: Found) -> bool:
        """Whether a library fetches an address with the fields in its query for an element, and
        makes it the page's own: as is written at the element, or at the nearest around it."""
        given = of.element.attributes
        if not any(_spells(one, pattern) for one in given for pattern in self._fetched):
            return False
        return any(
            _spells(one, pattern)
            for one in self._nearest(of, self._pushed)
            for pattern in self._pushed
        )

    def taken_along(self, of: Found) -> Iterator[str]:
        """The selectors by which a library is told which other controls to take along."""
        for one in self._nearest(of, self._taken):
            if isinstance(one.value, Text):
                yield from (part.strip() for part in one.value.text.split(","))

    def _nearest(self, of: Found, patterns: Sequence[tuple[str, str]]) -> tuple[Attribute, ...]:
        """The attributes of these names, whatever they say, of the nearest element that has one."""
        for one in (of, *self.flow.dom.markup.ancestors(of)):
            found = tuple(
                given
                for given in one.element.attributes
                if any(fnmatchcase(given.name.lower(), name) for name, _ in patterns)
            )
            if found:
                return found
        return ()

    def prevented(self, form: Element, path: str) -> Answer:
        """Whether the browser's own way of sending is not taken, so that the method says
        nothing."""
        found = Found(form, path)
        if self.pushed(found):
            return Answer.NO
        answer = Answer.MAYBE if found in self._kept else Answer.NO
        asked = (
            *(self._cannot_be_sent, self._by_attributes, self._by_controls, self._by_buttons),
            *(self._by_scripts, self._by_components),
        )
        for ask in asked:
            answer = max(answer, ask(found))
            if answer is Answer.YES:
                break
        if answer is Answer.YES and found in self._submitted.get("natively", ()):
            # What is prevented first and then sent by `form.submit()` may only have been checked.
            return Answer.MAYBE
        return answer

    # ---------------------------------------------------------------- attributes

    def _by_attributes(self, form: Found) -> Answer:
        answer = self._heard(form, "submit")
        action = form.element.attribute("action")
        if action is not None and action.value is not None:
            answer = max(answer, self._is_function(action.value, form.path))
        return answer

    def _by_controls(self, form: Found) -> Answer:
        """Whether a control of a form tells of a library that has taken the form over."""
        own = form.element.attributes
        if any(_spells(given, pattern) for given in own for pattern in self._by_browser):
            return Answer.NO
        taken = any(
            _spells(given, pattern)
            for control in self.flow.dom.controls_in(form)
            for given in control.element.attributes
            for pattern in self._with
        )
        return Answer.YES if taken else Answer.NO

    def _heard(self, of: Found, event: str) -> Answer:
        """Whether an attribute of an element prevents what the browser does on an event."""
        answer = Answer.NO
        for given, path in self._attributes(of):
            if any(_spells(given, pattern) for pattern in self._otherwise):
                return Answer.YES
            if any(_spells(given, pattern) for pattern in self._elsewhere):
                answer = max(answer, self._named_at_end(given, of))
            listening = _ON.match(given.name)
            if listening is None or listening.group(1).lower() != event:
                continue
            if "prevent" in listening.group(2).lower():
                return Answer.YES
            answer = max(answer, self._by_handler(given, path, of))
        return answer

    def _attributes(self, of: Found) -> Iterator[tuple[Attribute, str]]:
        """The attributes of an element and where each is written, those of objects spread into it
        among them."""
        for given in of.element.attributes:
            yield given, of.path
            if given.name == SPREAD and given.value is not None:
                for entry, path, _ in self.flow.values.entries(given.value, of.path):
                    yield Attribute(entry.key, entry.value, entry.start, entry.end), path

    def _by_handler(self, given: Attribute, path: str, of: Found) -> Answer:
        match given.value:
            case None | Constant():
                return Answer.NO
            case Text(text):
                return self._written(given, text, of)
            case Opaque("handler"):
                return self._written(given, "", of)
        functions = self.flow.names.functions(given.value, path)
        if not functions:
            # Given from outside, or made by a library. A form that says neither where nor how it
            # is sent is sent by its handler.
            says = of.element.attribute("action") or of.element.attribute("method")
            return Answer.MAYBE if says is not None or of.element.tag != "form" else Answer.YES
        return _all(self._prevention.listener(where, n, of) for where, n in functions)

    def _written(self, given: Attribute, text: str, of: Found) -> Answer:
        """The statements of a handler: `onsubmit="return send(event)"`."""
        stops = re.search(r"return\s+false|preventDefault", text)
        if stops is not None and not re.search(r"\bif\b|&&|\|\||\?", text[: stops.start()]):
            return Answer.YES
        answer = Answer.MAYBE if "preventDefault" in text else Answer.NO
        returned, heard = _returned_and_heard(text)
        calls = [
            fact
            for fact in self.project.within(of.path, given.start, max(given.end, given.start + 1))
            if isinstance(fact, Call)
        ]
        for call in calls:
            to = call.invoke.to
            if isinstance(to, Member) and to.name == "preventDefault":
                gone = any(isinstance(s, If) for s in call.way[len(of.element.way) :])
                answer = max(answer, Answer.MAYBE if gone else Answer.YES)
                continue
            spelled = spelled_path(to)
            hears = spelled in heard or any(
                isinstance(a, Name) and a.name in ("event", "$event") for a in call.invoke.arguments
            )
            if spelled in DIALOGS or not (spelled in returned or hears):
                continue
            functions = self.flow.names.functions(to, of.path)
            prevents = (
                self._prevention.handler if spelled in returned else self._prevention.listener
            )
            if functions:
                answer = max(answer, _all(prevents(where, n, of) for where, n in functions))
            elif not self._is_known(call.invoke, of.path):
                # What an interface is known to do keeps no form from being sent.
                answer = max(answer, Answer.MAYBE)
        if not calls and (heard or returned or _BARE.match(text)):
            answer = max(answer, Answer.MAYBE)
        return answer

    def _named_at_end(self, given: Attribute, of: Found) -> Answer:
        """*Maybe* of an attribute by which code elsewhere hears of the submission; what that code
        does, where the attribute names it."""
        named = _NAMED.search(given.value.text) if isinstance(given.value, Text) else None
        known = self._functions_named.get(named.group(1), ()) if named is not None else ()
        if not known:
            return Answer.MAYBE
        return _all(self._prevention.listener(where, n, of) for where, n in known)

    @cached_property
    def _functions_named(self) -> Mapping[str, list[tuple[str, int]]]:
        found: dict[str, list[tuple[str, int]]] = {}
        for path, facts in self.project.files.items():
            if facts.language == "python":
                continue
            for number, function in facts.functions.items():
                found.setdefault(function.name.rpartition(".")[2], []).append((path, number))
            for fact in facts.facts:
                record = getattr(fact, "value", None)
                for entry in record.entries if isinstance(record, Record) else ():
                    if isinstance(entry.value, Function):
                        found.setdefault(entry.key, []).append((path, entry.value.function))
        return found

    def _is_function(self, value: Expr, path: str, depth: int = 0) -> Answer:
        """Whether a value, given where a URL may stand, is code that runs instead, or says that no
        URL is meant."""
        match value:
            case Function():
                return Answer.YES
            case Member(Invoke() as made, key) if self.flow.library.gives_function(made, key, path):
                return Answer.YES
            case Invoke(Member(_, "bind")):
                return Answer.YES
            case Text(text) if text.lower().startswith("javascript:"):
                return Answer.YES
            case Text("#"):
                # No address is known to it: something else is meant to send.
                return Answer.MAYBE
            case Name() | Member():
                if self.flow.names.functions(value, path):
                    return Answer.YES
                behind = self.flow.values.behind(value, path)
                if depth > 3 or not behind:
                    code = self.project.files[path].language in _SCRIPTS
                    return Answer.MAYBE if code and isinstance(value, Name) else Answer.NO
                return _all(self._is_function(v, where, depth + 1) for v, where, _ in behind)
        return Answer.NO

    # ---------------------------------------------------------------- listeners

    def _by_scripts(self, form: Found) -> Answer:
        answer = max(
            (self._hears(listener, form) for listener in self._listeners["submit"]),
            default=Answer.NO,
        )
        return max(answer, Answer.MAYBE if form in self._given_to_libraries else Answer.NO)

    def _by_components(self, form: Found) -> Answer:
        """Whether a component prevents it whose form this is, written into the page beforehand:
        the component takes it over as soon as its script runs."""
        if self.project.files[form.path].language in _SCRIPTS:
            return Answer.NO
        names = self._names_in(form)
        answer = Answer.NO
        for made in self._made_with.get(names, ()) if names else ():
            if self._meet(made.path, form.path):
                answer = max(answer, self._by_attributes(made), self._by_buttons(made))
        return answer

    def _names_in(self, form: Found) -> frozenset[str]:
        return frozenset(one.name for one in self.flow.dom.controls_in(form) if one.name)

    @cached_property
    def _made_with(self) -> Mapping[frozenset[str], list[Found]]:
        """The forms that components make, by the names of their controls: of all of their file,
        where what lies in a form is written elsewhere."""
        found: dict[frozenset[str], list[Found]] = {}
        for path, facts in self.project.files.items():
            if facts.language not in _SCRIPTS:
                continue
            for fact in facts.facts:
                if isinstance(fact, Element) and fact.tag == "form":
                    made = Found(fact, path)
                    names = self._names_in(made) or self._names_made(path)
                    found.setdefault(names, []).append(made)
        return found

    def _names_made(self, path: str) -> frozenset[str]:
        """The names of the controls that a file makes."""
        elements = (f for f in self.project.files[path].facts if isinstance(f, Element))
        named = (one.attribute("name") for one in elements if one.tag in _CONTROLS)
        return frozenset(
            one.value.text for one in named if one is not None and isinstance(one.value, Text)
        )

    def _hears(self, listener: _Listener, of: Found) -> Answer:
        """Whether a listener prevents the event where it happens to this element."""
        if listener.within is not None and not fits(of.element, listener.within):
            return Answer.NO
        if of in listener.targets:
            return self._prevents(listener, of)
        together = self._meet(listener.path, of.path)
        if spelled_path(listener.target) in _WHOLE_PAGE or listener.within is not None:
            return self._prevents(listener, of) if together else Answer.NO
        if any(_holds(target, of) for target in listener.targets):
            return self._prevents(listener, of)
        if listener.targets or not (together or self._is_brought_by_nobody(listener.path)):
            return Answer.NO
        if listener.selectors and not any(fits(of.element, s) for s in listener.selectors):
            return Answer.NO
        if of in self._kept and listener.path == of.path and self._all_are_heard(of.path):
            return self._prevents(listener, of)
        # Whether it is this element that it listens to, nobody can tell.
        return min(Answer.MAYBE, self._prevents(listener, of))

    @cached_property
    def _kept(self) -> frozenset[Found]:
        """Forms in markup that a script keeps in a string: who puts them into a page may listen to
        them there."""
        return frozenset(
            Found(fact, path)
            for path, facts in self.project.files.items()
            if facts.language in _SCRIPTS
            for fact in facts.facts
            if isinstance(fact, Element)
            and fact.tag == "form"
            and any(isinstance(step, Gate) for step in fact.way)
        )

    def _all_are_heard(self, path: str) -> bool:
        """Whether a file that keeps forms in strings listens to as many as it keeps, all alike."""
        listening = [
            one
            for one in self._listeners["submit"]
            if one.path == path and not one.targets and spelled_path(one.target) not in _WHOLE_PAGE
        ]
        forms = [form for form in self._kept if form.path == path]
        return len(listening) >= len(forms) and all(
            self._prevents(one, forms[0]) is Answer.YES for one in listening
        )

    def _prevents(self, listener: _Listener, of: Found) -> Answer:
        if listener.heard is None:
            return Answer.NO
        heard = listener.heard
        if isinstance(heard, Invoke) and isinstance(heard.to, Member) and heard.to.name == "bind":
            heard = heard.to.of
        functions = self.flow.names.functions(heard, listener.path)
        if not functions:
            return Answer.MAYBE
        return _all(listener.prevents(where, number, of) for where, number in functions)

    @cached_property
    def _listeners(self) -> Mapping[str, list[_Listener]]:
        found: dict[str, list[_Listener]] = {"submit": [], "click": []}
        listens, handles = self._prevention.listener, self._prevention.handler
        for event, listeners in found.items():
            for method in ("addEventListener", "on", "one", "bind", "live", "delegate", event):
                for where, call in self.flow.calls.named(method):
                    to, arguments = call.invoke.to, call.invoke.arguments
                    if not isinstance(to, Member) or not arguments:
                        continue
                    texts = [a.text for a in arguments if isinstance(a, Text)]
                    if method != event and not any(_is_event(t, event) for t in texts):
                        continue
                    prevents = listens if method == "addEventListener" else handles
                    selectors = [t for t in texts if not _is_event(t, event)]
                    within = selectors[0] if selectors and method != "addEventListener" else None
                    listeners.append(
                        self._listener(where, to.of, within, _heard_by(arguments), prevents)
                    )
        for where, facts in self.project.files.items():
            for fact in facts.facts:
                match fact:
                    case Assign(Member(target, "onsubmit"), value):
                        one = self._listener(where, target, None, value, handles)
                        found["submit"].append(one)
                    case Assign(Member(target, "onclick"), value):
                        found["click"].append(self._listener(where, target, None, value, handles))
                    case Call(Invoke(_, (Text(event), Name() as target, value, *_))):
                        # `listen("submit", form, sent)`, as compilers of components spell it.
                        if event in found and isinstance(value, Function | Name | Member):
                            one = self._listener(where, target, None, value, listens)
                            found[event].append(one)
        return found

    def _listener(
        self,
        path: str,
        target: Expr,
        within: str | None,
        heard: Expr | None,
        prevents: Callable[[str, int, Found], Answer],
    ) -> _Listener:
        targets = tuple(self.flow.dom.elements(target, path))
        selectors = tuple(self._selectors(target, path, 0))
        return _Listener(path, target, targets, selectors, within, heard, prevents)

    def _selectors(self, value: Expr, path: str, depth: int) -> Iterator[str]:
        """The selectors by which a value is found, wherever that is."""
        match value:
            case Invoke(Member(_, "getElementById"), (first, *_)):
                identifier = self.flow.values.literal(first, path)
                if identifier:
                    yield f"#{identifier}"
            case Invoke(Member(_, name), (first, *_)) if name.startswith("querySelector") or (
                name in ("find", "closest")
            ):
                selector = self.flow.values.literal(first, path)
                if selector:
                    yield selector
            case Invoke(Name() as to, (first, *_)) if self.flow.dom.is_jquery(to, path):
                selector = self.flow.values.literal(first, path)
                if selector:
                    yield selector
                elif depth < 4:
                    yield from self._selectors(first, path, depth + 1)
            case _:
                if depth < 4:
                    for behind, where, _ in self.flow.values.behind(value, path):
                        yield from self._selectors(behind, where, depth + 1)

    def _meet(self, one: str, other: str) -> bool:
        if one == other:
            return True
        pages = {page.id for page in self.project.pages_of.get(one, ())}
        return any(page.id in pages for page in self.project.pages_of.get(other, ()))

    def _is_brought_by_nobody(self, path: str) -> bool:
        """Whether no page is known to bring a script in: a bundler may put it on any."""
        pages = self.project.pages_of.get(path, ())
        return all(self.project.files[page.path].language in _SCRIPTS for page in pages)

    @cached_property
    def _given_to_libraries(self) -> frozenset[Found]:
        """Forms on which a method of a library is called that speaks of sending, by its own name
        or by that of an option."""
        found: set[Found] = set()
        for where, facts in self.project.files.items():
            for fact in facts.facts:
                to = fact.invoke.to if isinstance(fact, Call) else None
                if not isinstance(fact, Call) or not isinstance(to, Member):
                    continue
                if to.name in ("submit", "requestSubmit"):
                    continue
                options = [
                    entry.key
                    for a in fact.invoke.arguments
                    if isinstance(a, Record)
                    for entry in a.entries
                ]
                if any("submit" in word.lower() for word in (to.name, *options)) or (
                    to.name.startswith("ajax")
                ):
                    found.update(self.flow.dom.elements(to.of, where))
        return frozenset(found)

    @cached_property
    def _submitted(self) -> Mapping[str, frozenset[Found]]:
        """The forms that scripts send by `form.submit()`: `natively`, and by `any` spelling."""
        natively: set[Found] = set()
        spelled: set[Found] = set()
        for method in ("submit", "requestSubmit", "trigger"):
            for where, call in self.flow.calls.named(method):
                to, arguments = call.invoke.to, call.invoke.arguments
                if not isinstance(to, Member) or not (
                    all(isinstance(a, Text) and a.text == "submit" for a in arguments)
                ):
                    continue
                found = set(self.flow.dom.elements(to.of, where)) | self._own_form(to.of, call)
                spelled |= found
                if method == "submit" and not self._is_jquery(to.of, where):
                    natively |= found
        return {"natively": frozenset(natively), "any": frozenset(spelled)}

    def _own_form(self, receiver: Expr, call: Call) -> set[Found]:
        """The form around a handler attribute that says `this.form` or `form`."""
        if not isinstance(receiver, Name | Member) or receiver.name not in ("form", "this"):
            return set()
        path = call.span.path
        return {
            Found(fact, path)
            for fact in self.project.facts(path)
            if isinstance(fact, Element)
            and fact.tag == "form"
            and fact.span.start <= call.span.start < fact.end
        }

    def _is_jquery(self, value: Expr, path: str) -> bool:
        behind = [value, *(v for v, _, _ in self.flow.values.behind(value, path))]
        return any(
            isinstance(v, Invoke) and isinstance(v.to, Name) and self.flow.dom.is_jquery(v.to, path)
            for v in behind
        )

    # ---------------------------------------------------------------- buttons

    def _by_buttons(self, form: Found) -> Answer:
        """Whether none of the buttons sends the form by GET: each says POST, or its click is
        prevented."""
        buttons = [Found(button, form.path) for button in self._buttons(form)]
        return min((self._by_button(button) for button in buttons), default=Answer.NO)

    def _by_button(self, button: Found) -> Answer:
        if attribute(button.element, "formmethod").lower() == "post":
            return Answer.YES
        action = button.element.attribute("formAction") or button.element.attribute("formaction")
        answer = self._heard(button, "click")
        if action is not None and action.value is not None:
            answer = max(answer, self._is_function(action.value, button.path))
        for listener in self._listeners["click"]:
            targeted = button in listener.targets or listener.within is not None
            if targeted or (not listener.targets and listener.selectors):
                answer = max(answer, self._hears(listener, button))
        return answer

    def _buttons(self, form: Found) -> Iterator[Element]:
        for fact in self.project.within(form.path, form.element.span.start, form.element.end):
            if isinstance(fact, Element) and _submits(fact):
                yield fact

    def _cannot_be_sent(self, form: Found) -> Answer:
        """Whether a form has nothing that sends it.

        Without a submit button a browser sends a form on Enter only if it has one text field (HTML,
        section 4.10.21.2, implicit submission). Components and template tags may bring a button.
        """
        if form in self._submitted["any"]:
            return Answer.NO
        texts = 0
        for fact in self.project.within(form.path, form.element.span.start, form.element.end):
            if isinstance(fact, Link) or (isinstance(fact, Call) and _is_tag(fact)):
                return Answer.NO
            if not isinstance(fact, Element) or fact is form.element:
                continue
            if _submits(fact):
                return Answer.NO
            if "-" in fact.tag or fact.tag[:1].isupper() or fact.attribute("onchange"):
                return Answer.NO
            named = fact.attribute("name")
            if named is not None and isinstance(named.value, Field):
                # Written by the template from a form class; so may be what sends it.
                return Answer.NO
            if fact.tag == "input" and attribute(fact, "type").lower() in _TEXT_TYPES:
                texts += 1
        identifier = attribute(form.element, "id")
        if identifier and any(
            isinstance(fact, Element) and attribute(fact, "form") == identifier
            for fact in self.project.facts(form.path)
        ):
            return Answer.NO
        return Answer.YES if texts > 1 else Answer.NO


def _submits(element: Element) -> bool:
    """Whether an element is a button that sends its form."""
    given = element.attribute("type")
    kind = attribute(element, "type").lower()
    if given is not None and given.value is not None and not isinstance(given.value, Text):
        return element.tag == "button"
    if element.tag == "button":
        return kind not in ("button", "reset")
    return element.tag == "input" and kind in ("submit", "image")


def _holds(outer: Found, inner: Found) -> bool:
    start, end = outer.element.span.start, outer.element.end
    return outer.path == inner.path and start < inner.element.span.start < end


def _is_event(text: str, event: str) -> bool:
    return any(word.partition(".")[0] == event for word in text.split())


def _heard_by(arguments: tuple[Expr, ...]) -> Expr | None:
    """The function among the arguments of a call that listens."""
    for argument in reversed(arguments):
        if isinstance(argument, Function | Name | Member | Invoke):
            return argument
    return None


def _returned_and_heard(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """What a handler's text gives the value of back, and what it calls with the event."""
    calls = _CALLED.findall(_STRING.sub("''", text))
    returned = frozenset(name for back, name, _ in calls if back)
    return returned, frozenset(name for _, name, given in calls if _EVENT.search(given))


def _all(answers: Iterable[Answer]) -> Answer:
    """Yes where all are, no where all are not, else maybe; no of none."""
    found = set(answers)
    if len(found) > 1:
        return Answer.MAYBE
    return found.pop() if found else Answer.NO


def _pattern(text: str) -> tuple[str, str]:
    name, _, value = text.lower().partition("=")
    return name, value or "*"


def _spells(given: Attribute, pattern: tuple[str, str]) -> bool:
    name, value = pattern
    # Brackets stand for themselves: Angular binds by them.
    if not fnmatchcase(given.name.lower(), name.replace("[", "[[]")):
        return False
    text = given.value.text.lower() if isinstance(given.value, Text) else ""
    return fnmatchcase(text, value)


def _is_tag(call: Call) -> bool:
    to = call.invoke.to
    return isinstance(to, Name) and to.name.startswith("tag ")
