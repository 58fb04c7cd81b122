"""Where does the data in a value come from, step by step?

Asked backwards from the place where it leaves. Flows are explicit: a value is made of others, is
compared with them, or is what a function made of them. What a value is *called* is told as an
origin too (`appointment.motive_key`), for what a program names is mostly what it holds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from gdprlint.facts import (
    REST,
    UNKNOWN_KEY,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Expr,
    Field,
    Function,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Negation,
    Opaque,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword, place_in_list
from gdprlint.flow.budget import Memo
from gdprlint.flow.context import Context
from gdprlint.flow.dom import Dom, Found
from gdprlint.flow.location import of_location, page_part
from gdprlint.flow.selectors import named_by
from gdprlint.flow.steps import texts_of
from gdprlint.flow.values import begins_empty, says_nothing
from gdprlint.project.controls import Control, attribute
from gdprlint.source import Span

_DEEPEST = 28
_DEEPEST_LIST = 8
_MOST = 60
_MOST_PASSED = 6
CUT = "…"
"""Stands among the calls that an origin passed where what is behind it was not followed to its
end."""
TESTED = "?"
"""Stands among the calls that an origin passed where only the truth of something goes on."""
HOST_PART = "@"
"""Stands there where only what an address has behind its `@` goes on."""
_TESTERS = frozenset({"Boolean", "test", "startsWith", "endsWith", "startswith", "endswith"})
_PREDICATE = re.compile(r"(is|has)(_[a-z]|[A-Z])")
_PARTED_BY = frozenset({"split", "rsplit", "partition", "rpartition"})
_FOUND_BY = frozenset({"indexOf", "lastIndexOf", "find", "rfind", "index", "search"})
_CUT_BY = frozenset({"slice", "substring", "substr"})
_READS = frozenset(
    {
        "value",
        "checked",
        "files",
        "selectedOptions",
        "selectedIndex",
        "valueAsDate",
        "valueAsNumber",
    }
)
_TEXTS = frozenset({"textContent", "innerText", "innerHTML", "text", "label"})
_PASSED = frozenset({"current", "target", "detail", "data", "value", UNKNOWN_KEY})
_PLAIN = frozenset({"input", "text", "textarea", "select", "number"})
_REQUEST = frozenset({"GET", "POST", "args", "form", "values", "query_params", "data", "json"})
_IN_URL = frozenset({"GET", "args", "query_params"})
_STOPPED = frozenset(
    {"length", "size", "typeof", "includes", "indexOf", "len", "isinstance", "bool"}
)
_FORM_READERS = frozenset({"get", "getAll", "getlist", "has"})


@dataclass(frozen=True, slots=True)
class Trace:
    """One step of the data's road, at its place."""

    kind: Literal["source", "propagate"]
    span: Span
    text: str


@dataclass(frozen=True, slots=True)
class Origin:
    """Something that a value comes from.

    `kind`: `field` a form control (`control` where it is on the page), `name` a name of the program
    (`owner` what it is a member of), `url` a parameter that the page reads from its own URL,
    `request` one that the server reads from a request, `page` the page's URL, title or referrer,
    `call` what an unknown call gives, `stored` a cookie or storage key, `text` a literal. `passed`
    names the calls that it is given to on its road, `sha256` among them, `TESTED` and `HOST_PART`.
    """

    kind: Literal["field", "name", "url", "request", "page", "call", "stored", "text"]
    name: str
    span: Span
    steps: tuple[Trace, ...] = ()
    owner: str = ""
    control: Control | None = None
    passed: tuple[str, ...] = ()

    def passing(self, call: str) -> Origin:
        """The same origin, given to a call whose result goes on."""
        if not call or call in self.passed or len(self.passed) >= _MOST_PASSED:
            return self
        return replace(self, passed=(*self.passed, call))

    def through(self, step: Trace) -> Origin:
        """The same origin, one step further on its road."""
        return replace(self, steps=(*self.steps, step))


@dataclass(frozen=True, slots=True)
class FormFields:
    """The forms that a `FormData` reads, and where it does."""

    forms: tuple[Found, ...]
    step: Trace


class Origins:
    """Origins of values, with a memo and a depth budget."""

    def __init__(self, dom: Dom, redacts: Callable[[str], bool]) -> None:
        self.dom = dom
        self.values = dom.values
        self.redacts = redacts
        self._memo: Memo[tuple[Expr, str, Context], tuple[Origin, ...]] = {}
        self._sessions: dict[str, list[tuple[Expr, Span]]] | None = None

    def of(self, value: Expr, path: str, context: Context = ()) -> tuple[Origin, ...]:
        """Everything that `value` comes from, each with its road; at most sixty."""
        found = self._of(value, path, context, 0)
        if context and any(_in_query(origin) for origin in found):
            # A part of a function of the project that reads a parameter by its name. One that gives
            # nothing back reads nothing for anybody.
            calls = [f.site for f in context if self._gives_back(f.path, f.function)]
            return (*found, *(o for c in calls for o in _read_by(c.invoke, c.path)))
        return found

    def _gives_back(self, path: str, function: int) -> bool:
        facts = self.values.names.project.files[path].functions.get(function)
        return facts is not None and bool(facts.returns)

    def _of(self, value: Expr, path: str, context: Context, depth: int) -> tuple[Origin, ...]:
        budget = self.values.steps.budget
        key = (value, path, context)
        if depth > _DEEPEST and key not in self._memo:
            budget.cut()
            return self._frontier(value, path)
        found = budget.asked(
            self._memo,
            key,
            lambda: self._most(value, path, context, depth),
            (),
            of=(value, path),
        )
        return found or (self._frontier(value, path) if budget.is_out else ())

    def _most(self, value: Expr, path: str, context: Context, depth: int) -> tuple[Origin, ...]:
        unique: dict[Origin, None] = {}
        texts = 0
        for origin in self._found(value, path, context, depth):
            if origin.kind == "text":
                # Literals are many and tell little: they take no other's place.
                texts += 1
                if texts > _MOST:
                    continue
            unique[origin] = None
            if len(unique) - min(texts, _MOST) >= _MOST:
                self.values.steps.budget.cut()
                break
        return tuple(unique)

    def _frontier(self, value: Expr, path: str) -> tuple[Origin, ...]:
        """What is told of a value that is followed no further: the names that it goes by."""
        if isinstance(value, Invoke):
            return tuple(o for part in value.arguments for o in self._frontier(part, path))
        if not isinstance(value, Name | Member) or value.name == UNKNOWN_KEY:
            return ()
        span = Span(path, value.start, value.end)
        step = Trace("source", span, f"`{spelled_path(value)}`, which is not followed further")
        owner = spelled_path(value.of) if isinstance(value, Member) else ""
        return (Origin("name", value.name, span, (step,), owner=owner, passed=(CUT,)),)

    def _found(self, value: Expr, path: str, context: Context, depth: int) -> Iterator[Origin]:
        match value:
            case Text(text):
                if text.strip():
                    yield Origin("text", text, Span(path, value.start, value.end))
            case Constant() | Function() | Opaque():
                return
            case Field(name):
                span = Span(path, value.start, value.end)
                yield Origin("field", name, span, (Trace("source", span, f"form field `{name}`"),))
            case Join(parts) | Items(parts):
                yield from self._all(parts, path, context, depth)
            case Choice(_, yes, no):
                yield from self._all((yes, no), path, context, depth)
            case Either(left, right):
                yield from self._all((left, right), path, context, depth)
            case Compare(_, left, right):
                for origin in self._all((left, right), path, context, depth):
                    yield origin.passing(TESTED)
            case Both(_, right):
                yield from self._of(right, path, context, depth + 1)
            case Keyword(_, inner):
                yield from self._of(inner, path, context, depth + 1)
            case Negation(inner):
                for origin in self._of(inner, path, context, depth + 1):
                    yield origin.passing(TESTED)
            case Record(entries):
                yield from self._all(tuple(e.value for e in entries), path, context, depth)
            case Name() | Parameter():
                yield from self._of_name(value, path, context, depth)
            case Member() | Invoke():
                found = (
                    self._of_member(value, path, context, depth)
                    if isinstance(value, Member)
                    else self._of_call(value, path, context, depth)
                )
                if self._is_host_part(value, path, context):
                    found = (origin.passing(HOST_PART) for origin in found)
                yield from found

    def _all(
        self, parts: tuple[Expr, ...], path: str, context: Context, depth: int
    ) -> Iterator[Origin]:
        for part in parts:
            yield from self._of(part, path, context, depth + 1)

    def _of_name(
        self, value: Name | Parameter, path: str, context: Context, depth: int
    ) -> Iterator[Origin]:
        if isinstance(value, Name) and value.name == "location" and not value.scope:
            yield Origin("page", "url", Span(path, value.start, value.end))
            return
        if isinstance(value, Name):
            bound = self.dom.modelled(value.name, path, value.start)
            for found in bound:
                yield from self._of_found(found)
            if bound:
                return
        steps = self.values.steps
        gone = steps.deletions.before(value, path)
        behind = self.values.behind(value, path, context)
        real = False
        constant = bool(behind)
        for inner, where, its in behind:
            if inner == value:
                continue
            constant = constant and self._is_fixed(inner, where, path)
            for origin in self._left(inner, gone, where, its, depth):
                real = real or not _is_blank(origin)
                yield origin
        for key, written, where in steps.writes.all_into(value, path):
            if key in gone:
                continue
            for origin in self._of(written, where, context, depth + 1):
                real = real or not _is_blank(origin)
                yield origin
        if isinstance(value, Name) and not real and not constant and value.name != "this":
            span = Span(path, value.start, value.end)
            text = f"`{value.name}`"
            yield Origin("name", value.name, span, (Trace("source", span, text),))

    def _of_member(
        self, value: Member, path: str, context: Context, depth: int
    ) -> Iterator[Origin]:
        if value.name in _STOPPED:
            return
        page = page_part(value)
        if page:
            yield Origin("page", page, Span(path, value.start, value.end))
            return
        bound = list(self._modelled(value, path))
        if bound:
            yield from bound
            return
        held = list(self.values.steps.writes.all_into(value, path))
        # An object whose members are given is no control, whatever it is called: `form.value`.
        read = [] if held else list(self._of_page_member(value, path, context))
        request = self._request_read(value.of, value.name, value, path)
        if request is not None and not read:
            read.append(request)
        if read and not self._is_own(value, path, context):
            yield from read
            return
        yield from self._kept(value.of, value.name, value, path, depth)
        behind = [b for b in self.values.behind(value, path, context) if b[0] != value]
        for _, written, where in held:
            yield from self._of(written, where, context, depth + 1)
        yield from self._behind_member(value, behind, path, depth)
        constant = bool(behind) and all(
            isinstance(inner, Text | Constant) for inner, _, _ in behind
        )
        passes = value.name in _PASSED and not constant
        if passes and not self.values.entries(value.of, path, context):
            yield from self._of(value.of, path, context, depth + 1)

    def _is_own(self, value: Member, path: str, context: Context) -> bool:
        """Whether a member is one of an object that the project's own code writes, with that
        member; one that begins empty is filled by somebody who is not seen."""
        steps = self.values.steps
        if not steps.is_made_here(value.of, path, context):
            return False
        given = [inner for inner, _, _ in steps.behind(value, path, context) if inner != value]
        return bool(given) and not any(map(_is_empty, given))

    def _is_fixed(self, inner: Expr, where: str, path: str) -> bool:
        """Whether a value is written out. What a server's code writes for one answer is not: it
        writes something else for the next."""
        files = self.values.names.project.files
        served = where != path and files[where].language == "python" != files[path].language
        return isinstance(inner, Text | Constant | Function) and not served

    def _behind_member(
        self, value: Member, behind: list[tuple[Expr, str, Context]], path: str, depth: int
    ) -> Iterator[Origin]:
        real = False
        constant = bool(behind)
        for inner, where, its in behind:
            constant = constant and self._is_fixed(inner, where, path)
            constant = constant and not begins_empty(value, inner)
            data = self.each_field(inner, where, its) if _is_key(value.name) else None
            if data is not None:
                # All fields of a form under their names, of which this is one.
                real = True
                yield from self._field_of(data, value.name, Span(path, value.start, value.end))
                continue
            for origin in self._of(inner, where, its, depth + 1):
                real = real or not _is_blank(origin)
                yield origin
                if _in_query(origin) and not page_part(inner) and _is_key(value.name):
                    # A parameter of the URL, taken apart by the project itself.
                    yield _read_from_url(value.name, Span(path, value.start, value.end))
        known = (real or constant) and not self.values.steps.unexplained(value, path)
        # What a script calls the data of an element is its own word for what the server put there.
        known = known and not (isinstance(value.of, Member) and value.of.name == "dataset")
        if known or value.name == UNKNOWN_KEY:
            return
        named: Name | Member = value
        if says_nothing(value.name) and any(_is_entered(inner) for inner, _, _ in behind):
            # What a component puts into `reason.value` goes by the name of what holds it.
            named = value.of if isinstance(value.of, Name | Member) else value
        span = Span(path, value.start, value.end)
        text = f"`{spelled_path(value)}`"
        owner = spelled_path(named.of) if isinstance(named, Member) else ""
        yield Origin("name", named.name, span, (Trace("source", span, text),), owner=owner)

    def _of_call(self, value: Invoke, path: str, context: Context, depth: int) -> Iterator[Origin]:
        callee = self.values.names.callee(value.to, path)
        last = callee.names[-1] if callee is not None and callee.names else ""
        if last in _STOPPED or self.redacts(last.removesuffix("()")):
            return
        if isinstance(value.to, Name) and value.to.name == REST:
            whole, *taken = value.arguments
            yield from self._left(whole, texts_of(taken), path, context, depth)
            return
        special = list(self._special(value, path, context))
        match value:
            case Invoke(Member(of, "get" | "pop"), (Text(name), *_)):
                special.extend(self._kept(of, name, value, path, depth))
        if special and not self.values.steps.is_own_method(value.to, path, context):
            yield from special
            return
        for origin in self._given_back(value, path, context, depth):
            yield origin.passing(TESTED if _tests(last) else last.removesuffix("()"))

    def _left(
        self, whole: Expr, gone: frozenset[str], path: str, context: Context, depth: int
    ) -> Iterator[Origin]:
        """What is left of an object when the members of these names are gone."""
        steps = self.values.steps
        held = steps.entries(whole, path, context) if gone else ()
        if held and steps.is_made_here(whole, path, context):
            for entry, where, its in held:
                if entry.key not in gone:
                    yield from self._of(entry.value, where, its, depth + 1)
            return
        for origin in self._of(whole, path, context, depth + 1):
            if origin.name not in gone:
                yield origin

    def _given_back(
        self, value: Invoke, path: str, context: Context, depth: int
    ) -> Iterator[Origin]:
        """What a call's result comes from: what a function of the project returns, else all that
        an unknown one is given."""
        callee = self.values.names.callee(value.to, path)
        last = callee.names[-1] if callee is not None and callee.names else ""
        given = self.values.steps.whole(value, path, context)
        if given:
            for inner, where, its in given:
                for origin in self._of(inner, where, its, depth + 1):
                    yield origin
                    if _in_query(origin):
                        yield from _read_by(value, path)
            return
        span = Span(path, value.start, value.end)
        yield Origin("call", callee.dotted if callee is not None else last, span)
        if isinstance(value.to, Member):
            yield from self._of(value.to.of, path, context, depth + 1)
        if not (value.new and last in ("new Date", "Date")):
            yield from self._all(value.arguments, path, context, depth)

    def _is_host_part(self, value: Member | Invoke, path: str, context: Context) -> bool:
        """Whether a value is what stands behind the `@` of another: a provider's or an employer's
        name, by which nobody is reached."""
        match value:
            case Member(of, name):
                known = name not in ("0", UNKNOWN_KEY) and name.lstrip("-").isdigit()
                return known and self._is(of, _parts_address, path, context)
            case Invoke(Member(of, "pop"), ()):
                return self._is(of, _parts_address, path, context)
            case Invoke(Member(of, "at"), (at,)):
                return at != Constant(0, at.start, at.end) and self._is(
                    of, _parts_address, path, context
                )
            case Invoke(Member(_, cut), (Join(parts),)) if cut in _CUT_BY:
                return any(self._is(part, _finds_sign, path, context) for part in parts)
            case Invoke(Member(_, cut), (Name() | Parameter() as start,)) if cut in _CUT_BY:
                behind = self.values.behind(start, path, context)
                return bool(behind) and all(
                    isinstance(inner, Join)
                    and any(self._is(part, _finds_sign, where, its) for part in inner.parts)
                    for inner, where, its in behind
                )
        return False

    def _is(self, value: Expr, holds: Callable[[Expr], bool], path: str, context: Context) -> bool:
        """Whether a value, or all that a name or a call stands for, is of a form."""
        if holds(value):
            return True
        match value:
            case Name() | Parameter() | Member():
                behind = self.values.behind(value, path, context)
            case Invoke():
                behind = list(self.values.returned(value, path, context))
            case _:
                return False
        return bool(behind) and all(holds(inner) for inner, _, _ in behind)

    def _special(self, value: Invoke, path: str, context: Context) -> Iterator[Origin]:
        """The calls that read a form, the page's URL, a request or a store."""
        span = Span(path, value.start, value.end)
        match value:
            case Invoke(Member(of, "val"), ()):
                yield from self._read(of, path, context)
            case Invoke(Member(of, "prop" | "attr" | "getAttribute"), (Text(name),)):
                yield from self._property(of, name, span, path, context)
            case Invoke(Member(of, "is"), (Text(":checked" | ":selected"),)):
                yield from self._read(of, path, context)
            case Invoke(Member(of, "text" | "html"), ()):
                yield from self.written(of, path, context)
            case Invoke(Member(of, "data"), (Text(name),)):
                yield from self._property(of, f"data-{name}", span, path, context)
            case Invoke(Name("FormData"), _, True):
                data = self.form_data(value, path, context)
                if data is not None:
                    yield from (o.through(data.step) for o in self._fields(data.forms))
            case Invoke(Member(of, reader), (Text(name), *_)) if reader in _FORM_READERS:
                form = self.form_data(of, path, context)
                if form is not None:
                    yield from self._field_of(form, name, span)
                elif self.reads_url(of, path, context):
                    yield _read_from_url(name, span)
                else:
                    request = self._request_read(of, name, value, path)
                    if request is not None:
                        yield request
            case Invoke(Member(Name("localStorage" | "sessionStorage"), "getItem"), (Text(name),)):
                yield Origin("stored", name, span, (Trace("source", span, f"stored key `{name}`"),))
            case Invoke(Member(of, "serialize" | "serializeArray"), ()):
                yield from self._fields(self.dom.elements(of, path, context))
            case Invoke(Member(Name("Object"), "fromEntries"), (first, *_)):
                data = self.form_data(first, path, context)
                if data is not None:
                    yield from (o.through(data.step) for o in self._fields(data.forms))

    def _of_page_member(self, value: Member, path: str, context: Context) -> Iterator[Origin]:
        """What a member reads of the page: a control's value, an editable element's text, one of
        all the fields that a form's data give one by one."""
        if value.name in _READS:
            yield from self._read(value.of, path, context)
        elif value.name in _TEXTS:
            yield from self.written(value.of, path, context)
        data = self.each_field(value, path, context)
        if data is not None:
            yield from (o.through(data.step) for o in self._fields(data.forms))

    def _modelled(self, value: Member, path: str) -> Iterator[Origin]:
        """What a member holds that markup binds a control to."""
        below = spelled_path(value)
        if below.startswith("this."):
            for found in self.dom.modelled(below.removeprefix("this."), path, value.start):
                yield from self._of_found(found)

    def _of_found(self, found: Found) -> Iterator[Origin]:
        control = self.dom.control_of(found)
        if control is not None:
            yield self.field(control, found.path)

    def _read(self, of: Expr, path: str, context: Context) -> Iterator[Origin]:
        """What a visitor gave the control `of`, on the page or only known by its name."""
        controls = list(self.controls(of, path, context))
        if controls:
            yield from controls
            return
        heard = self.dom.listening(of, path, context)
        for inner, where in [(of, path), *(one for one in heard if not self.dom.elements(*one))]:
            named = self._named_control(inner, where)
            if named is not None:
                yield named

    def _property(
        self, of: Expr, name: str, span: Span, path: str, context: Context
    ) -> Iterator[Origin]:
        """A property or an attribute read by name: a control's value, or what the page was given
        to hold in a `data-` attribute."""
        if name in _READS:
            yield from self._read(of, path, context)
        elif name.startswith("data-"):
            shown = (Trace("source", span, f"attribute `{name}`"),)
            yield Origin("name", name.removeprefix("data-"), span, shown, owner="dataset")

    def written(self, of: Expr, path: str, context: Context = ()) -> Iterator[Origin]:
        """What the text of an element tells of the visitor: that of a choice, or what was typed
        into an element that can be edited. Other text is the page's own."""
        chosen = _is_choice(of)
        for found in self.dom.elements(of, path, context):
            control = self.dom.control_of(found)
            if control is None:
                continue
            if chosen or control.kind == "contenteditable" or found.element.tag == "option":
                yield self.field(control, found.path)

    def _fields(self, forms: Iterable[Found]) -> Iterator[Origin]:
        for form in forms:
            for control in self.dom.controls_in(form):
                yield self.field(control, form.path)

    def _request_read(self, of: Expr, name: str, value: Expr, path: str) -> Origin | None:
        """What a server reads from a request by name: `request.POST["email"]`, `.get("email")`."""
        if not self._is_of_request(of, path, 0):
            return None
        if name in ("get", "getlist", "copy", "items", "dict"):
            return None
        span = Span(path, value.start, value.end)
        source = (Trace("source", span, f"request field `{name}`"),)
        # What is in the page's URL anyway.
        in_url = isinstance(of, Member) and of.name in _IN_URL
        return Origin("url" if in_url else "request", name, span, source)

    def _is_of_request(self, of: Expr, path: str, depth: int) -> bool:
        """Whether `of` holds what a request brings, or what a form made of it, by name."""
        match of:
            case Member(Name("request") | Member(_, "request"), part):
                return part in _REQUEST
            case Member(_, "cleaned_data"):
                return True
            case Invoke(Member(Name("request"), "get_json")):
                return True
            case Name() if of.scope > 0 and depth < _DEEPEST_LIST:
                behind = self.values.behind(of, path)
                return bool(behind) and all(
                    where == path and self._is_of_request(inner, where, depth + 1)
                    for inner, where, _ in behind
                )
        return False

    def _kept(self, of: Expr, name: str, value: Expr, path: str, depth: int) -> Iterator[Origin]:
        """What the project keeps in the visitor's session under the name that is read."""
        match of:
            case Name("session") | Member(Name("request") | Member(_, "request"), "session"):
                pass
            case _:
                return
        if self.values.names.project.files[path].language != "python":
            return
        if self._sessions is None:
            self._sessions = {}
            for fact in self.values.names.project.python_assignments():
                match fact.to:
                    case Member(Name("session") | Member(_, "session"), key):
                        kept = (fact.value, fact.span)
                        self._sessions.setdefault(key, []).append(kept)
        span = Span(path, value.start, value.end)
        for written, place in self._sessions.get(name, ()) if name != UNKNOWN_KEY else ():
            into = Trace("propagate", place, f"kept in the session as `{name}`")
            out = Trace("propagate", span, f"read from the session as `{name}`")
            for origin in self._of(written, place.path, (), depth + 1):
                yield origin.through(into).through(out)

    def controls(self, of: Expr, path: str, context: Context = ()) -> Iterator[Origin]:
        """The form controls that `of` means, as origins."""
        for found in self.dom.elements(of, path, context):
            control = self.dom.control_of(found)
            if control is not None:
                yield self.field(control, found.path)

    def field(self, control: Control, path: str) -> Origin:
        """A control of the page as an origin."""
        span = control.element.span
        label = f' ("{control.label.strip()[:40]}")' if control.label.strip() else ""
        step = Trace("source", span, f"form field `{control.name}`{label}")
        return Origin("field", control.name, span, (step,), control=control)

    def _named_control(self, of: Expr, path: str) -> Origin | None:
        """A control that is on no page we know, by the name it is read under:
        `form.email.value`."""
        match of:
            case Invoke(Member(_, "getElementById" | "getElementsByName"), (Text(name), *_)):
                pass
            case Invoke(Name() | Member(_, "querySelector" | "find"), (Text(selector), *_)):
                name = named_by(selector)
                if not name:
                    return None
            case Member(Member(_, name), at) if place_in_list(at) is not None:
                pass
            case Member(_, name) if name not in ("target", "currentTarget", "current"):
                pass
            case _:
                return None
        span = Span(path, of.start, of.end)
        return Origin("field", name, span, (Trace("source", span, f"form field `{name}`"),))

    def form_data(self, of: Expr, path: str, context: Context = ()) -> FormFields | None:
        """The forms behind a `FormData`; none in it where it is one of a form that is not known."""
        match of:
            case Invoke(Name("FormData"), arguments, True):
                forms = self.dom.elements(arguments[0], path, context) if arguments else []
                named = next((attribute(f.element, "id") for f in forms), "")
                said = f"`FormData` of `#{named}`" if named else "`FormData` of a form"
                step = Trace("propagate", Span(path, of.start, of.end), said)
                return FormFields(tuple(forms), step)
            case Invoke(Member(_, "formData"), ()):
                # Fetch Standard, "Body mixin": what a form sent.
                step = Trace("propagate", Span(path, of.start, of.end), "the form that was sent")
                return FormFields((), step)
            case Parameter(function, index) if forms := self.dom.actions.forms(
                path, function, index
            ):
                step = Trace("propagate", Span(path, of.start, of.end), "the form that was sent")
                return FormFields(tuple(forms), step)
            case Parameter(function, index) if self._is_form_data(path, function, index):
                step = Trace("propagate", Span(path, of.start, of.end), "the form that was sent")
                return FormFields((), step)
            case Name() | Parameter():
                for inner, where, its in self.values.behind(of, path, context):
                    if inner != of:
                        found = self.form_data(inner, where, its)
                        if found is not None:
                            return found
            case Invoke():
                for inner, where, its in self.values.returned(of, path, context):
                    found = self.form_data(inner, where, its) if inner != of else None
                    if found is not None:
                        return found
        return None

    def _is_form_data(self, path: str, function: int, index: int) -> bool:
        """Whether a parameter that nobody here gives is called as the data of a form are: that of
        a server's action."""
        facts = self.values.names.project.files[path].functions.get(function)
        if facts is None or index >= len(facts.parameters):
            return False
        return facts.parameters[index].lower() == "formdata" and not self.values.behind(
            Parameter(function, index), path
        )

    def each_field(self, value: Expr, path: str, context: Context = ()) -> FormFields | None:
        """The form whose every field `value` is in turn, as in `for (const [key, value] of data)`.

        Of an entry the name (its item 0) is nobody's data.
        """
        match value:
            case Member(Member(of, "[]"), "1" | "value") | Member(of, "[]"):
                return self._listed_fields(of, path, context, 0)
            case Member(Name() | Parameter() as each, "value"):
                return self._each_given(each, path, context, 0)
        return None

    def _each_given(self, each: Expr, path: str, context: Context, depth: int) -> FormFields | None:
        """The form whose entries a function is called with: `each(entries, (at, entry) => ...)`."""
        for inner, where, its in self.values.behind(each, path, context):
            if isinstance(inner, Member) and inner.name == UNKNOWN_KEY:
                return self._listed_fields(inner.of, where, its, 0)
            if isinstance(inner, Parameter) and depth < 2:
                return self._each_given(inner, where, its, depth + 1)
        return None

    def _listed_fields(
        self, of: Expr, path: str, context: Context, depth: int
    ) -> FormFields | None:
        if depth > _DEEPEST_LIST:
            return None
        match of:
            case Invoke(Member(inner, "entries" | "values"), ()):
                return self._listed_fields(inner, path, context, depth + 1)
            case Invoke(Member(Name("Object"), "entries" | "values" | "fromEntries"), (inner,)):
                return self._listed_fields(inner, path, context, depth + 1)
            case Invoke(Member(Name("Array"), "from"), (inner,)):
                return self._listed_fields(inner, path, context, depth + 1)
            case Items((Keyword(_, inner),)):
                return self._listed_fields(inner, path, context, depth + 1)
            case Invoke(Member(form, "serializeArray"), ()):
                forms = tuple(self.dom.elements(form, path, context))
                span = Span(path, of.start, of.end)
                step = Trace("propagate", span, "all fields of the form")
                return FormFields(forms, step) if forms else None
            case Invoke(Name("FormData")):
                data = self.form_data(of, path, context)
                return data if data is not None and data.forms else None
            case Name() | Parameter():
                for inner, where, its in self.values.behind(of, path, context):
                    found = (
                        self._listed_fields(inner, where, its, depth + 1) if inner != of else None
                    )
                    if found is not None:
                        return found
            case Invoke():
                for inner, where, its in self.values.returned(of, path, context):
                    found = self._listed_fields(inner, where, its, depth + 1)
                    if found is not None:
                        return found
        return None

    def _field_of(self, data: FormFields, name: str, span: Span) -> Iterator[Origin]:
        found = False
        for origin in self._fields(data.forms):
            if origin.name == name:
                found = True
                yield origin.through(data.step)
        if not found:
            yield Origin("field", name, span, (Trace("source", span, f"form field `{name}`"),))

    def reads_url(self, of: Expr, path: str, context: Context = ()) -> bool:
        """Whether `of` is the set of parameters of the page's own URL."""
        match of:
            case Invoke(Name("URLSearchParams"), (first, *_), True):
                return any(o.kind == "page" for o in self.of(first, path, context))
            case Member(inner, "searchParams"):
                return of_location(inner) or any(
                    o.kind == "page" for o in self.of(inner, path, context)
                )
            case Name() | Parameter() | Member():
                return any(
                    inner != of and self.reads_url(inner, where, its)
                    for inner, where, its in self.values.behind(of, path, context)
                )
            case Invoke():
                return any(
                    inner != of and self.reads_url(inner, where, its)
                    for inner, where, its in self.values.returned(of, path, context)
                )
        return False


def _is_empty(value: Expr) -> bool:
    match value:
        case Text(text):
            return not text
        case Constant(constant):
            return not constant
    return False


def _tests(called: str) -> bool:
    """Whether a function gives back no more than whether something is so, by its name."""
    return called in _TESTERS or _PREDICATE.match(called) is not None


def _parts_address(value: Expr) -> bool:
    match value:
        case Invoke(Member(_, name), (Text("@"), *_)):
            return name in _PARTED_BY
    return False


def _finds_sign(value: Expr) -> bool:
    match value:
        case Invoke(Member(_, name), (Text("@"), *_)):
            return name in _FOUND_BY
    return False


def _is_blank(origin: Origin) -> bool:
    """Whether an origin names nothing, so that what it is put into is its name: a control without
    a name, the `value` of an event's target that is not known, what was not followed further."""
    if CUT in origin.passed:
        return True
    match origin.kind:
        case "call" | "text":
            return True
        case "field" if origin.control is not None and not origin.name:
            control = origin.control
            said = control.label or control.hint or control.autocomplete or control.choices
            return control.kind in _PLAIN and not said
        case "name":
            return says_nothing(origin.name)
    return False


def _is_entered(value: Expr) -> bool:
    """Whether a value is what markup binds: what is entered into an element."""
    return isinstance(value, Member) and isinstance(value.of, Opaque)


def _is_key(name: str) -> bool:
    return name != UNKNOWN_KEY and not name.isdigit()


def _is_choice(of: Expr) -> bool:
    """Whether an expression reads an option of a list: `list.options[list.selectedIndex]`."""
    while isinstance(of, Member) and (of.name.isdigit() or of.name == UNKNOWN_KEY):
        of = of.of
    if isinstance(of, Invoke) and isinstance(of.to, Member) and of.to.name == "item":
        of = of.to.of
    return isinstance(of, Member) and of.name in ("options", "selectedOptions")


def _in_query(origin: Origin) -> bool:
    return origin.kind == "page" and origin.name in ("url", "query", "fragment")


def _read_by(call: Invoke, path: str) -> Iterator[Origin]:
    """What a function of the project reads from the page's URL by the one name it is given."""
    names = [a.text for a in call.arguments if isinstance(a, Text) and _is_key(a.text)]
    if len(names) == 1:
        yield _read_from_url(names[0], Span(path, call.start, call.end))


def _read_from_url(name: str, span: Span) -> Origin:
    text = f"reads `{name}` from the page's URL"
    return Origin("url", name, span, (Trace("source", span, text),))


def spelled_path(value: Expr) -> str:
    """A name with its members as it is written, `appointment.patient.email`; calls as `f()`."""
    match value:
        case Name(name):
            return name
        case Member(of, name):
            inner = spelled_path(of)
            return f"{inner}.{name}" if inner else name
        case Invoke(to):
            inner = spelled_path(to)
            return f"{inner}()" if inner else ""
    return ""
