"""Is this reached only after the visitor has agreed, and to what?

Along one road what its steps say adds up; of several roads the weakest decides. A step says
something if a consent entry knows its spelling; a step that only *looks* like consent makes the
answer *maybe*; any other says nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field

from gdprlint.effects import Answer, Occurrence
from gdprlint.effects.agreed import ALL, NOTHING, Agreed, Memo
from gdprlint.effects.signs import CallSign, Said, Signs
from gdprlint.effects.stored import Stored
from gdprlint.facts import (
    IN_STRING,
    Attribute,
    Body,
    Both,
    Callback,
    Compare,
    Constant,
    Either,
    Element,
    Expr,
    Function,
    Gate,
    If,
    Invoke,
    Join,
    Member,
    Name,
    Negation,
    Parameter,
    Record,
    Step,
    Text,
    Way,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import Flow, Placed, Road, spelled_path
from gdprlint.knowledge import Knowledge, WordList, split
from gdprlint.project.controls import attribute
from gdprlint.source import Span

_MOST_VALUES = 4


@dataclass(frozen=True, slots=True)
class Verdict:
    """The answer for one effect, and the steps that speak of consent on the way to it."""

    answer: Answer
    seen: tuple[tuple[Span, str], ...] = field(default=())

    @property
    def word(self) -> str:
        """`given`, `unclear` or `none`."""
        return {Answer.YES: "given", Answer.MAYBE: "unclear", Answer.NO: "none"}[self.answer]


class Consent:
    """Holds ways against the consent tables."""

    def __init__(self, flow: Flow, knowledge: Knowledge, signs: Signs) -> None:
        self.flow = flow
        self.signs = signs
        words = knowledge.vocabulary
        self._hints = WordList(words.consent)
        self._accept = WordList(words.accept)
        self._refuse = WordList(words.refuse)
        self._notice = WordList(words.notice)
        self._said = Memo()
        self._stored = Stored(flow)

    def given(self, at: Occurrence, purposes: Iterable[str]) -> Verdict:
        """Whether the visitor has agreed to every one of `purposes` wherever this is reached."""
        wanted = frozenset(purposes) & ALL
        answer = Answer.YES
        seen: dict[tuple[Span, str], None] = {}
        roads = self.flow.ways.through(at.sites, at.path, at.way)
        for road in roads:
            agreed = NOTHING
            for placed in self.telling(road):
                said = self.step(placed)
                if said.sure or said.perhaps or self._names_consent(placed.step):
                    step = placed.step
                    span = Span(placed.path, step.start, max(step.start, step.end))
                    seen[span, _step_text(step)] = None
                agreed |= said
            answer = min(answer, _answer(agreed, wanted, road.known or self._by_a_library(road)))
        blocked = None if _in_noscript(at.way) else self.signs.blocked_before(at)
        if blocked is not None:
            answer = max(answer, Answer.YES if blocked.sure else Answer.MAYBE)
        return Verdict(answer, tuple(seen))

    def step(self, placed: Placed) -> Agreed:
        """What one step of a way says; kept, as many roads share their steps."""
        # The memo holds the step, so that its number stays its own.
        key = (id(placed.step), placed.path)
        return self._said.of(key, placed.step, lambda: self._step(placed))

    def _step(self, placed: Placed) -> Agreed:
        match placed.step:
            case If(test, taken):
                return self.of_condition(test, placed.path, taken, 0)
            case Callback():
                return self._callback(placed.step, placed.path)
            case Gate():
                return self._gate(placed.step, placed.path)
            case Body(function):
                known = self.signs.registered(function, placed.path)
                return _agreed(known) if known is not None else self._by_name(function, placed.path)

    def _by_name(self, function: int, path: str) -> Agreed:
        """*Maybe* in a function that is named after the visitor's yes: `acceptCookies`."""
        facts = self.flow.project.files[path].functions.get(function)
        words = split(facts.name) if facts is not None else ()
        if words[:1] in (("on",), ("handle",)):
            words = words[1:]
        first = self._accept.first(words)
        if first is None or first[0] != 0 or self._refuse.first(words) is not None:
            return NOTHING
        return Agreed(perhaps=ALL)

    # ---------------------------------------------------------------- conditions

    def of_condition(self, test: Expr, path: str, holds: bool, depth: int) -> Agreed:
        """What is agreed to where `test` is true, or false where not `holds`."""
        if depth > 12:
            return NOTHING
        match test:
            case Negation(inner):
                return self.of_condition(inner, path, not holds, depth + 1)
            case Both(left, right):
                one = self.of_condition(left, path, holds, depth + 1)
                other = self.of_condition(right, path, holds, depth + 1)
                return one | other if holds else one & other
            case Either(left, right):
                one = self.of_condition(left, path, holds, depth + 1)
                other = self.of_condition(right, path, holds, depth + 1)
                return one & other if holds else one | other
            case Compare():
                return self._comparison(test, path, holds, depth)
            case Invoke(Name("Boolean" | "bool"), (inner,)):
                return self.of_condition(inner, path, holds, depth + 1)
            case Invoke(Member(of, "some"), (Function(number), *_)):
                item = self._item_sought(number, path)
                if item is not None:
                    found = Invoke(Member(of, "includes"), (item,), False, test.start, test.end)
                    return self.of_condition(found, path, holds, depth + 1)
        known = self.signs.condition(test, path)
        if known is not None:
            return _agreed(known) if holds else NOTHING
        seen_through = self._through(test, path, holds, depth)
        if seen_through is None:
            seen_through = self._behind(test, path, holds, depth)
        if seen_through is not None:
            return seen_through
        return (self._kept(test, path, None) if holds else None) or self._hint(test, path, holds)

    def _item_sought(self, function: int, path: str) -> Text | None:
        """The text in `groups.some((group) => group === "ads")`."""
        facts = self.flow.project.files[path].functions.get(function)
        if facts is None or len(facts.returns) != 1 or not facts.parameters:
            return None
        match facts.returns[0].value:
            case Compare("===" | "==", Name(name), Text() as item) if name == facts.parameters[0]:
                return item
            case Compare("===" | "==", Text() as item, Name(name)) if name == facts.parameters[0]:
                return item
        return None

    def _behind(self, test: Expr, path: str, holds: bool, depth: int) -> Agreed | None:
        """What all values say that a member or a call can have: of what a hook, a context or a
        store gives back."""
        if depth > 8 or not isinstance(test, Member | Invoke):
            return None
        steps = self.flow.values.behind(test, path)
        if not 0 < len(steps) <= _MOST_VALUES:
            return None
        together = _weakest(
            self.of_condition(value, where, holds, depth + 3)
            for value, where, _ in steps
            if not (isinstance(value, Constant) and value.value in (False, None))
        )
        return together if together != NOTHING else None

    def _kept(self, test: Expr, path: str, value: str | None) -> Agreed | None:
        """What is agreed to wherever the stored value that is asked for is written."""
        asked = self._stored.asked(test, path, value)
        writers = self._stored.writers(asked) if asked is not None else None
        if writers is None:
            return None
        together = _weakest(
            self._along(road)
            for written in writers
            for road in self.flow.ways.roads(written.path, written.way)
        )
        return together if together != NOTHING else None

    def _comparison(self, test: Compare, path: str, holds: bool, depth: int) -> Agreed:
        spelled = self.signs.condition(test if holds else _opposite(test), path)
        if spelled is not None:
            return _agreed(spelled)
        searched = _search(test)
        if searched is not None:
            return self.of_condition(searched[0], path, holds == searched[1], depth + 1)
        positive = test.operator in ("===", "==", "is", "in")
        if not positive and test.operator not in ("!==", "!=", "is not", "not in"):
            return NOTHING
        known = self.signs.condition(test if positive else _turned(test), path)
        if known is not None:
            return _agreed(known) if holds == positive else NOTHING
        left, right = test.left, test.right
        if isinstance(left, Text | Constant) and not isinstance(right, Text | Constant):
            left, right = right, left
        if test.operator in ("in", "not in"):
            words = " ".join([*_words(left), *_words(right)])
            speaks = self._hints.within(words) and not self._refuse.within(words)
            if speaks:
                return Agreed(perhaps=ALL) if holds == positive else NOTHING
            return self.of_condition(right, path, holds == positive, depth + 1)
        match right:
            case Constant(value):
                truth = holds == positive
                if value is None:
                    # Not being null says that a choice was stored, not which.
                    return NOTHING
                return self.of_condition(left, path, truth == bool(value), depth + 1)
            case Text(text) if holds == positive and (kept := self._kept(left, path, text)):
                return kept
            case Text(text) if holds == positive and self._accepts(text):
                # `status === "allow"`: what is compared says it, whatever its name.
                inner = self.of_condition(left, path, True, depth + 1)
                return inner if inner != NOTHING else Agreed(perhaps=ALL)
            case Text(text):
                refused = self._refuse.within(text) or text.lower() in (
                    "false",
                    "0",
                    "no",
                    "none",
                    "",
                )
                if holds != positive:
                    # `!== "denied"` is opt-out logic: no choice yet passes it.
                    return NOTHING
                if refused:
                    return NOTHING
                return self.of_condition(left, path, True, depth + 1)
        # Two values of the program: `status === consent.status.allow`.
        words = " ".join([*_words(left), *_words(right)])
        speaks = self._hints.within(words) or self._accept.within(" ".join(_words(right)))
        if speaks and holds == positive and not self._refuse.within(words):
            return Agreed(perhaps=ALL)
        return NOTHING

    def _through(self, test: Expr, path: str, holds: bool, depth: int) -> Agreed | None:
        """What a name's one value, or what a function gives back, says."""
        match test:
            case Name():
                definitions = [
                    d
                    for d in self.flow.names.resolve(test, path)
                    if not (isinstance(d.value, Constant) and d.value.value in (None, False))
                ]
                if len(definitions) != 1 or definitions[0].value == test:
                    return None
                inner = definitions[0].value
                if isinstance(inner, Parameter) and holds:
                    return self._of_parameter(inner, definitions[0].path, depth)
                if isinstance(inner, Constant) and holds:
                    # `let ok = false; if (agreed) ok = true`: what held where it was set.
                    return self._of_steps(definitions[0].way, definitions[0].path)
                if holds and self.flow.states.is_state(inner, definitions[0].path):
                    return self._of_state(inner, definitions[0].path, depth)
                if isinstance(inner, Function | Constant | Text):
                    return None
                found = self.of_condition(inner, definitions[0].path, holds, depth + 1)
                return found if found != NOTHING else None
            case Member(of, name):
                if holds and self._begins_true(of, name, path):
                    return NOTHING
                values = self.flow.names.members(of, name, path)
                if len(values) == 1 and not isinstance(values[0][0], Function | Constant | Text):
                    found = self.of_condition(values[0][0], values[0][1], holds, depth + 1)
                    return found if found != NOTHING else None
            case Invoke(to):
                said: list[Agreed] = []
                yes_to_all = False
                for where, function in self.flow.names.functions(to, path):
                    facts = self.flow.project.files[where].functions.get(function)
                    for value in facts.returns if facts is not None else ():
                        if isinstance(value.value, Constant) and value.value.value in (False, None):
                            continue
                        agreed = self.of_condition(value.value, where, holds, depth + 1)
                        for step in value.way:
                            if isinstance(step, If) and holds:
                                agreed |= self.of_condition(step.test, where, step.taken, depth + 1)
                        said.append(agreed)
                        # `return true` where nobody agreed: its name says more than it asks.
                        is_true = isinstance(value.value, Constant) and value.value.value is True
                        yes_to_all = yes_to_all or (holds and is_true and agreed == NOTHING)
                if said:
                    together = _weakest(said)
                    return together if together != NOTHING or yes_to_all else None
        return None

    def _begins_true(self, of: Expr, name: str, path: str) -> bool:
        """Whether a member of an object of the site's own is true from the start, whatever it may
        be given later: `const agreed = { marketing: true }`."""
        definitions = self.flow.names.resolve(of, path) if isinstance(of, Name) else ()
        if len(definitions) != 1 or not isinstance(definitions[0].value, Record):
            return False
        return any(
            entry.key == name and isinstance(entry.value, Constant) and entry.value.value is True
            for entry in definitions[0].value.entries
        )

    def _words_behind(self, test: Expr, path: str) -> Sequence[str]:
        """The words of what the object in `stored.marketing` was made of."""
        while isinstance(test, Member):
            test = test.of
        if isinstance(test, Invoke):
            test = test.to
        if not isinstance(test, Name):
            return ()
        found: list[str] = []
        for definition in self.flow.names.resolve(test, path)[:3]:
            if not isinstance(definition.value, Function):
                found.extend(_words(definition.value))
            if isinstance(definition.value, Invoke):
                # What is picked from a store: `useSelector((state) => state.consent)`.
                found.extend(self._words_given(definition.value, definition.path))
        for where, number in self.flow.names.functions(test, path)[:2]:
            facts = self.flow.project.files[where].functions.get(number)
            for value in facts.returns if facts is not None else ():
                found.extend(_words(value.value))
        return found

    def _words_given(self, call: Invoke, path: str) -> Iterator[str]:
        for argument in call.arguments:
            if isinstance(argument, Function):
                facts = self.flow.project.files[path].functions.get(argument.function)
                for value in facts.returns if facts is not None else ():
                    yield from _words(value.value)

    def _of_state(self, state: Expr, path: str, depth: int) -> Agreed | None:
        """What is agreed to where a component's state is true: what is wherever it is set so."""
        together = self._said.of(
            (state, path),
            state,
            lambda: _weakest(
                self.of_condition(given, path, True, depth + 1) | self._along(road)
                for given, road in self.flow.states.set_true(state, path)
            ),
        )
        return together if together != NOTHING else None

    def _of_parameter(self, parameter: Parameter, path: str, depth: int) -> Agreed | None:
        """What is agreed to where a parameter is true: what is wherever it is given so."""
        together = self._said.of(
            (parameter, path),
            parameter,
            lambda: _weakest(self._given_true(parameter, path, depth)),
        )
        return together if together != NOTHING else None

    def _given_true(self, parameter: Parameter, path: str, depth: int) -> Iterator[Agreed]:
        for site in self.flow.calls.sites(path, parameter.function):
            given = self.flow.values.argument(path, parameter.function, parameter.index, site)
            if isinstance(given, Constant) and given.value in (False, None):
                continue
            said = NOTHING
            if site.index < 0 and given is not None:
                said = self.of_condition(given, site.path, True, depth + 1)
            for road in self.flow.ways.roads(site.path, site.way):
                yield said | self._along(road)

    def _of_steps(self, way: Way, path: str) -> Agreed | None:
        agreed = NOTHING
        for step in way:
            agreed |= self.step(Placed(step, path))
        return agreed if agreed != NOTHING else None

    def _along(self, road: Road) -> Agreed:
        """What the steps of a road say; kept, as every call of a function asks for its roads."""
        return self._said.of(("road", id(road)), road, lambda: self._added_up(road))

    def _added_up(self, road: Road) -> Agreed:
        agreed = NOTHING
        for placed in self.telling(road):
            agreed |= self.step(placed)
        return agreed

    def _by_a_library(self, road: Road) -> bool:
        """Whether the function that a road begins at stands in what a library is given."""
        first = next((p for p in road.steps if isinstance(p.step, Body)), None)
        if first is None or not isinstance(first.step, Body):
            return False
        return self.signs.in_settings(first.step.function, first.path)

    def telling(self, road: Road) -> Iterator[Placed]:
        """The steps of a road without the callbacks of whose function an entry itself speaks: what
        their words merely hint at adds nothing to that."""
        for i, placed in enumerate(road.steps):
            # A function that is named in the call stands before the callback, one that is written
            # there behind it.
            around = (*road.steps[max(i - 1, 0) : i], *road.steps[i + 1 : i + 2])
            if not isinstance(placed.step, Callback) or not any(map(self._is_registered, around)):
                yield placed

    def _is_registered(self, placed: Placed) -> bool:
        step = placed.step
        if not isinstance(step, Body):
            return False
        return self.signs.registered(step.function, placed.path) is not None

    def _hint(self, test: Expr, path: str, holds: bool) -> Agreed:
        """*Maybe* where the words of a condition speak of consent and its polarity is right."""
        words = " ".join([*_words(test), *self._words_behind(test, path)])
        if not holds or not self._hints.within(words) or self._only_of_notice(words):
            return NOTHING
        # Not having refused is no agreement: before a choice nobody has.
        return NOTHING if self._refuse.within(words) else Agreed(perhaps=ALL)

    def _only_of_notice(self, words: str) -> bool:
        """Whether words speak of the notice, that it was shown or closed, and not of a yes."""
        return self._notice.within(words) and not self._accept.within(words)

    # ---------------------------------------------------------------- callbacks and gates

    def _callback(self, step: Callback, path: str) -> Agreed:
        call = CallSign(step.to, step.arguments, step.index, path, step.key)
        known = self.signs.callback(call)
        if known is not None:
            return _agreed(known)
        if self._accepting_listener(step, path):
            return Agreed(perhaps=ALL)
        if step.key and self._accepts(step.key):
            # A callback of somebody's configuration: `{onAccept() {...}}`.
            return Agreed(perhaps=ALL)
        if not self._names_consent(step) or self._calls_itself(step, path):
            return NOTHING
        return Agreed(perhaps=ALL)

    def _names_consent(self, step: Step) -> bool:
        """Whether the words of a callback speak of consent; what it waits for is another matter."""
        if not isinstance(step, Callback):
            return False
        words = " ".join([spelled_path(step.to), step.key, *(_literal(a) for a in step.arguments)])
        hinted = self._hints.within(words) and not self._refuse.within(words)
        return hinted and not self._only_of_notice(words)

    def _accepts(self, words: str) -> bool:
        return self._accept.within(words) and not self._refuse.within(words)

    def _calls_itself(self, step: Callback, path: str) -> bool:
        """Whether the project's own function of that name is seen to call what it is given: at
        once somewhere, or nowhere but under conditions, which then speak for themselves.

        The name of a function that waits for consent is a hint only as long as its body does not
        show what it waits for.
        """
        uses: list[bool] = []
        for where, function in self.flow.names.functions(step.to, path):
            for use in self.flow.calls.parameter_uses(where, function, step.index):
                before = True
                waits = False
                for inner in use.way:
                    if isinstance(inner, Body) and inner.function == function:
                        before = False
                    elif not before and isinstance(inner, If | Callback):
                        waits = True
                if not waits and use.index < 0:
                    return True
                uses.append(use.index < 0)
        return bool(uses) and all(uses)

    def _accepting_listener(self, step: Callback, path: str) -> bool:
        """A click on a control whose words accept and do not refuse."""
        match step.to:
            case Member(of, "addEventListener" | "on" | "click" | "one"):
                pass
            case _:
                return False
        event = next((a.text for a in step.arguments if isinstance(a, Text)), "click")
        if self._accept.within(event) and not self._refuse.within(event):
            # An event of a component's own: `<Banner onAccept={...}>`.
            return True
        if isinstance(step.to, Member) and step.to.name != "click" and event != "click":
            return False
        elements = [found.element for found in self.flow.dom.elements(of, path)]
        elements = elements or list(self._holding(step, path))
        words = [*_words(of)]
        for element in elements:
            words.extend(
                [attribute(element, "id"), attribute(element, "class"), attribute(element, "name")]
            )
            if isinstance(element.text, Text):
                words.append(element.text.text)
        spelled = " ".join(words)
        return self._accept.within(spelled) and not self._refuse.within(spelled)

    def _holding(self, step: Callback, path: str) -> Iterator[Element]:
        """The element in whose start tag a handler is written: `<button onclick="...">`."""
        for fact in self.flow.project.facts(path):
            if isinstance(fact, Element) and fact.span.start <= step.start < fact.span.end:
                yield fact

    def _gate(self, step: Gate, path: str) -> Agreed:
        if step.tag in ("noscript", IN_STRING):
            return NOTHING
        if step.tag == "template" and self.flow.dom.nodes.is_made(path, step.start):
            # Markup in a string that a library puts into the page.
            return NOTHING
        known = self.signs.gate(step.tag, step.attributes, path, step.start)
        if known is not None:
            return _agreed(known)
        # What a browser does not run needs no agreement, whoever may run it later.
        return Agreed(ALL)


def _in_noscript(way: Way) -> bool:
    """Whether a place is read where no script runs, and so none that blocks."""
    return any(isinstance(step, Gate) and step.tag == "noscript" for step in way)


def _weakest(said: Iterable[Agreed]) -> Agreed:
    """What all say; nothing where there are none."""
    together: Agreed | None = None
    for one in said:
        together = one if together is None else together & one
        if together == NOTHING:
            # What further roads say takes nothing from it and adds nothing.
            break
    return together if together is not None else NOTHING


def _answer(agreed: Agreed, wanted: frozenset[str], known: bool) -> Answer:
    if not wanted:
        # What it is for is in no table: only agreement to everything surely covers it.
        if agreed.sure >= ALL - {"functional"}:
            return Answer.YES
        some = agreed.sure or agreed.perhaps or not known
        return Answer.MAYBE if some else Answer.NO
    if wanted <= agreed.sure:
        return Answer.YES
    if wanted <= agreed.sure | agreed.perhaps:
        return Answer.MAYBE
    return Answer.NO if known else Answer.MAYBE


_OPPOSITE = {
    "===": "!==",
    "!==": "===",
    "==": "!=",
    "!=": "==",
    ">": "<=",
    "<=": ">",
    ">=": "<",
    "<": ">=",
    "is": "is not",
    "is not": "is",
    "in": "not in",
    "not in": "in",
}


def _opposite(test: Compare) -> Compare:
    """What holds where `test` does not."""
    operator = _OPPOSITE.get(test.operator, "")
    return Compare(operator, test.left, test.right, test.start, test.end)


def _agreed(said: Said | None) -> Agreed:
    if said is None:
        return NOTHING
    return Agreed(said.purposes) if said.sure else Agreed(perhaps=said.purposes)


def _search(test: Compare) -> tuple[Expr, bool] | None:
    """The search in `text.indexOf(x) > -1` as `text.includes(x)`, and whether the comparison says
    that it was found."""
    match test:
        case Compare(
            operator,
            Invoke(Member(of, "indexOf" | "search" | "lastIndexOf"), given, _, start, end),
            Constant(n),
        ) if isinstance(n, int | float) and not isinstance(n, bool):
            found = Invoke(Member(of, "includes", start, end), given, False, start, end)
            if (operator, n) in ((">", -1), (">=", 0), ("!==", -1), ("!=", -1), (">", 0)):
                return found, True
            if (operator, n) in (("<", 0), ("===", -1), ("==", -1), ("<=", -1)):
                return found, False
    return None


def _turned(test: Compare) -> Compare:
    operator = {"!==": "===", "!=": "==", "is not": "is", "not in": "in"}[test.operator]
    return Compare(operator, test.left, test.right, test.start, test.end)


def _literal(value: Expr) -> str:
    match value:
        case Text(text):
            return text
        case Keyword(_, inner):
            return _literal(inner)
    return ""


def _words(value: Expr) -> Sequence[str]:
    """The names and literals in a condition."""
    match value:
        case Name(name):
            return [name]
        case Member(of, name):
            return [*_words(of), name]
        case Invoke(to, arguments):
            return [*_words(to), *(w for a in arguments for w in _words(a))]
        case Text(text):
            return [text]
        case Join(parts):
            return [w for part in parts for w in _words(part)]
        case Compare(_, left, right) | Either(left, right) | Both(left, right):
            return [*_words(left), *_words(right)]
    return []


def _step_text(step: object) -> str:
    match step:
        case If():
            return "condition"
        case Callback(to):
            return f"`{spelled_path(to) or 'callback'}`"
        case Gate(tag):
            return f"<{tag}> that the browser does not run as it stands"
    return ""


__all__ = ["ALL", "Agreed", "Attribute", "Consent", "Verdict"]
