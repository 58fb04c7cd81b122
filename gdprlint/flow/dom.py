"""Which elements and form controls of the page does an expression mean?

The readings of the DOM that the web platform has: by id, by name, by selector, through a form's
elements, through the event that a listener is given (DOM Standard; HTML, section 4.10); and those
of jQuery, in whose chains most of the older web is written.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from gdprlint.facts import (
    DATA_SCRIPT,
    FORM_WRITTEN,
    UNKNOWN_KEY,
    Both,
    Callback,
    Choice,
    Define,
    Either,
    Element,
    Expr,
    Function,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Opaque,
    Parameter,
    Text,
)
from gdprlint.facts.expr import Keyword, place_in_list
from gdprlint.flow.actions import Actions
from gdprlint.flow.budget import Memo
from gdprlint.flow.context import Context
from gdprlint.flow.formclasses import Declared, FormClasses
from gdprlint.flow.library import makes_object
from gdprlint.flow.listeners import Heard, Listeners, is_page, tests_at
from gdprlint.flow.markup import Found, Markup
from gdprlint.flow.nodes import MADE_OF, STEPS, Nodes
from gdprlint.flow.pieces import GAP
from gdprlint.flow.values import Values
from gdprlint.project.controls import Control, attribute, spelled

__all__ = ["Dom", "Found"]

_JQUERY = frozenset({"$", "jQuery"})
_MEANT = _JQUERY | {"jquery"}
_TARGETS = frozenset({"target", "srcElement"})
_LISTENING = frozenset({"currentTarget", "delegateTarget"})
# What gives back the elements it is asked of, or some of them.
_SAME = frozenset(
    {"eq", "first", "last", "get", "item", "at", "slice", "toArray", "reverse", "values", "end"}
    | {"on", "off", "one", "bind", "focus", "trigger", "show", "hide", "addClass", "removeClass"}
    | {"toggleClass", "attr", "prop", "css", "each", "fadeIn", "fadeOut", "val", "text", "html"}
    | {"change", "click", "submit", "filter", "find", "cloneNode", "clone", "appendTo"}
    | {"insertAdjacentElement", "importNode"}
)
_BESIDE = frozenset({"siblings", "next", "prev", "nextAll", "prevAll"})
_OUTWARD = frozenset({"parent", "parentElement", "parentNode", "offsetParent"})
_SIBLING = frozenset({"nextElementSibling", "previousElementSibling", "nextSibling"})
_LISTS = frozenset({"options", "selectedOptions", "labels"})
# HTML, 4.10.3: what `form.elements` lists.
_LISTED = frozenset({"button", "fieldset", "input", "object", "output", "select", "textarea"})
_SCRIPTS = frozenset({"javascript", "typescript", "tsx"})
_STATE = "x-data"
_MODELS = frozenset({"x-model", "v-model"})
_DEEPEST = 12
_MOST = 40
_MOST_NAMES = 8
_UPPER = re.compile(r"[A-Z]")


@dataclass(frozen=True, slots=True)
class _Reach:
    """Elements that a value can be; `open` where it may be any of them and which is not known."""

    found: tuple[Found, ...] = ()
    open: bool = False


class Dom:
    """What expressions mean on the page."""

    def __init__(self, values: Values) -> None:
        self.values = values
        self.project = values.names.project
        self.markup = Markup(self.project)
        self.form_classes = FormClasses(values.steps)
        self.markup.standing_for = self._standing_for
        values.steps.held_by_element = self._held_by
        self.listeners = Listeners(values.calls, self.markup)
        self.nodes = Nodes(values, self.markup)
        self.actions = Actions(values, self.markup)
        self._references: dict[str, list[tuple[Name | Text, Element]]] = {}
        self._memo: Memo[tuple[Expr, str, Context], _Reach] = {}

    def controls(self, path: str) -> tuple[Control, ...]:
        """The form controls that one file holds."""
        return self.markup.controls(path)

    def _held_by(
        self, value: Expr, name: str, path: str, context: Context
    ) -> Iterator[tuple[Expr, str]]:
        """What the server wrote into elements that `value` can be, for scripts to read: into the
        attribute `data-name`, or into a script that holds data."""
        spelled_name = "data-" + _UPPER.sub(lambda found: "-" + found.group().lower(), name)
        for found in self.elements(value, path, context):
            element = found.element
            if name:
                given = element.attribute(spelled_name)
                if given is not None and given.value is not None:
                    yield given.value, found.path
            elif element.tag == "script":
                if element.text is not None:
                    yield element.text, found.path
                for fact in self.project.within(found.path, element.span.end, element.end):
                    if isinstance(fact, Define) and fact.name == DATA_SCRIPT:
                        yield fact.value, found.path

    def _standing_for(self, control: Control, path: str) -> Iterator[Control]:
        """The fields of the form that a template writes out whole; else just the control."""
        form = control.element.attribute(FORM_WRITTEN)
        declared: tuple[Declared, ...] = ()
        if form is not None and form.value is not None:
            declared = self.form_classes.fields(form.value, path)
        if not declared:
            yield control
        for field in declared:
            yield replace(control, name=field.name, kind=field.kind, label=field.label)

    def control_of(self, found: Found) -> Control | None:
        """The control that an element is, or None."""
        return self.markup.control_of(found)

    def controls_in(self, form: Found) -> tuple[Control, ...]:
        """The controls of a form."""
        return self.markup.controls_in(form)

    def elements(
        self, value: Expr, path: str, context: Context = (), depth: int = 0
    ) -> list[Found]:
        """Every element that `value` can be; none where it may be any of the page's."""
        reach = self._reach(value, path, context, depth)
        return [] if reach.open else list(reach.found)

    def _reach(self, value: Expr, path: str, context: Context, depth: int) -> _Reach:
        budget = self.values.steps.budget
        key = (value, path, context)
        if depth > _DEEPEST and key not in self._memo:
            budget.cut()
            return _Reach()
        return budget.asked(
            self._memo,
            key,
            lambda: self._reached(value, path, context, depth),
            _Reach(),
            of=(value, path),
        )

    def _reached(self, value: Expr, path: str, context: Context, depth: int) -> _Reach:
        found = self._looked_up(value, path, context, depth)
        return replace(found, found=tuple(dict.fromkeys(found.found))[:_MOST])

    def _looked_up(self, value: Expr, path: str, context: Context, depth: int) -> _Reach:
        match value:
            case Invoke(Member(of, method), arguments):
                found = self._of_method(value, of, method, arguments, path, context, depth)
                return found if found is not None else self._returned(value, path, context, depth)
            case Invoke(to, arguments):
                made = self._returned(value, path, context, depth)
                if made.found or made.open:
                    return made
                if isinstance(to, Name) and self.is_jquery(to, path):
                    return self._wrapped(arguments, path, context, depth)
                return self._by_bound_method(value, path, context, depth)
            case Name("$el"):
                return self._this(value, 0, path, context, depth)
            case Name("this", scope):
                return self._this(value, scope, path, context, depth)
            case Member():
                return self._of_member(value, path, context, depth)
            case Opaque("element", start) | Name("element", 0, start):
                # What an `on...` attribute stands in: readers name its place.
                one = self.markup.at(path, start)
                return _Reach((one,) if one is not None else ())
            case Items(items):
                inner = [i.value if isinstance(i, Keyword) else i for i in items]
                return self._union(inner, path, context, depth)
            case Choice(_, left, right) | Either(left, right):
                return self._union((left, right), path, context, depth)
            case Both(_, right) | Keyword(_, right):
                return self._reach(right, path, context, depth + 1)
            case Name() | Parameter():
                return self._of_name(value, path, context, depth)
        return _Reach()

    def _union(self, values: Sequence[Expr], path: str, context: Context, depth: int) -> _Reach:
        reached = [self._reach(value, path, context, depth + 1) for value in values]
        return _Reach(
            tuple(found for reach in reached for found in reach.found),
            any(reach.open for reach in reached),
        )

    def _names(self, value: Expr, path: str, context: Context) -> list[str]:
        """The strings that an id or a selector can be, where they are known."""
        found = self.values.spellings(value, path, context)
        return [text for text in found if GAP not in text][:_MOST_NAMES]

    # ---------------------------------------------------------------- names

    def _of_name(self, value: Name | Parameter, path: str, context: Context, depth: int) -> _Reach:
        found: list[Found] = []
        open_ = False
        for behind, where, its in self.values.behind(value, path, context):
            if behind != value:
                reach = self._reach(behind, where, its, depth + 1)
                found.extend(reach.found)
                open_ = open_ or reach.open
        return self._narrowed(_Reach(tuple(found), open_), value, path, context, depth)

    def _this(self, value: Expr, scope: int, path: str, context: Context, depth: int) -> _Reach:
        if scope % 2 == 0:
            # No function around: the code of a handler attribute, whose element it is.
            one = self.markup.at(path, value.start)
            inside = one is not None and value.start < one.element.span.end
            return _Reach((one,) if one is not None and inside else ())
        function = (scope - 1) // 2
        callback = self.values.calls.callback(path, function)
        match callback:
            case Callback(Member(Name() as to, "each"), (of, *_)) if self.is_jquery(to, path):
                return self._reach(of, path, context, depth + 1)
            case Callback(Member(of, "each" | "map" | "filter")) if self._is_wrapped(of, path):
                return self._reach(of, path, context, depth + 1)
        return self._heard(self.listeners.of(path, function), context, depth)

    # ---------------------------------------------------------------- events

    def listening(self, value: Expr, path: str, context: Context = ()) -> list[tuple[Expr, str]]:
        """What the elements are called that an event happens to, or that `this` is in a listener,
        where they are on no page that is known."""
        match value:
            case Member(of, name) if name in _TARGETS or name in _LISTENING:
                behind = self.values.behind(of, path, context)
                heard = self.listeners.events(of, path, behind)
            case Name("this", scope) if scope % 2 and scope > 0:
                heard = self.listeners.of(path, (scope - 1) // 2)
            case _:
                return []
        return [(one.of, one.path) for one in heard if one.selector is None and not is_page(one.of)]

    def _heard(self, heard: Sequence[Heard], context: Context, depth: int) -> _Reach:
        """The elements that listen."""
        found: list[Found] = []
        for one in heard:
            listening = self._reach(one.of, one.path, context, depth + 1).found
            if one.selector is None:
                found.extend(listening)
                continue
            for selector in self._names(one.selector, one.path, context):
                if listening and not is_page(one.of):
                    found.extend(self.markup.within(listening, selector))
                else:
                    found.extend(self.markup.selected(selector, one.path))
        return _Reach(tuple(found))

    def _of_event(self, value: Member, path: str, context: Context, depth: int) -> _Reach:
        """What an event happened to: what listens, or a control inside of it."""
        heard = self.listeners.events(value.of, path, self.values.behind(value.of, path, context))
        if not heard:
            return _Reach()
        listening = self._heard(heard, context, depth)
        if value.name in _LISTENING:
            return listening
        found = list(listening.found)
        open_ = False
        for one in heard:
            if one.on_itself:
                continue
            if one.selector is None and is_page(one.of):
                open_ = True
                found.extend(self._of_page(one.path))
        if not all(one.on_itself for one in heard):
            for outer in listening.found:
                if self.markup.control_of(outer) is None:
                    inner = self.markup.controls_in(outer)
                    found.extend(Found(control.element, outer.path) for control in inner)
        return self._narrowed(_Reach(tuple(found), open_), value, path, context, depth)

    def _of_page(self, path: str) -> Iterator[Found]:
        pages = self.project.pages_of.get(path, ())
        for file in dict.fromkeys([path, *(file for page in pages for file in page.files)]):
            for control in self.markup.controls(file):
                yield Found(control.element, file)

    def _narrowed(
        self, reach: _Reach, value: Expr, path: str, context: Context, depth: int
    ) -> _Reach:
        """The elements that pass the tests on the way to `value`: `if (e.target.matches("#x"))`."""
        if not reach.open and len(reach.found) < 2:
            return reach
        found, open_ = list(reach.found), reach.open
        for test, taken in tests_at(self.project, path, value.start):
            kept = self._passing(found, value, test, path, context)
            if kept is None:
                continue
            if taken:
                found, open_ = kept, False
            else:
                found = [one for one in found if one not in kept]
        return _Reach(tuple(found), open_)

    def _passing(
        self, found: list[Found], value: Expr, test: Expr, path: str, context: Context
    ) -> list[Found] | None:
        """Those of the elements that `value` may be for which a test holds; None where it is about
        something else."""
        match test:
            case Invoke(Member(of, "matches" | "is" | "closest"), (selector,)) if _same(of, value):
                selectors = self._names(selector, path, context)
                closest = isinstance(test.to, Member) and test.to.name == "closest"
                return [
                    one
                    for one in found
                    if any(
                        self.markup.around([one], s) if closest else self.markup.matches(one, s)
                        for s in selectors
                    )
                ]
            case Invoke(Member(Member(of, "classList"), "contains"), (Text(name),)):
                if _same(of, value):
                    return [o for o in found if name in attribute(o.element, "class").split()]
        return self._equal(found, value, test, path)

    def _equal(self, found: list[Found], value: Expr, test: Expr, path: str) -> list[Found] | None:
        read = self.listeners.compared(test, path)
        if read is None or not _same(read[0].of, value):
            return None
        member, text = read
        match member.name:
            case "id" | "name" | "type":
                return [one for one in found if attribute(one.element, member.name) == text]
            case "className":
                return [one for one in found if attribute(one.element, "class") == text]
            case "tagName" | "nodeName" | "localName":
                return [one for one in found if one.element.tag.lower() == text.lower()]
        return None

    # ---------------------------------------------------------------- members

    def _of_member(self, value: Member, path: str, context: Context, depth: int) -> _Reach:
        name = value.name
        if name in _TARGETS or name in _LISTENING:
            return self._of_event(value, path, context, depth)
        if name == MADE_OF or name in STEPS:
            walked = self.nodes.elements(value, path, context)
            if walked or name == MADE_OF:
                return _Reach(walked)
        of = self._list(value.of, path, context) if place_in_list(name) is not None else value.of
        value = replace(value, of=of)
        match of:
            case Member(Name("document"), "forms"):
                return _Reach(tuple(self._form(name, path)))
            case Member(inner, "elements"):
                forms = self.elements(inner, path, context, depth + 1)
                return _Reach(tuple(self._listed(forms, name)))
            case Name("document"):
                return _Reach(tuple(self._of_document(name, path)))
        referred = self._referred(value, path)
        if referred:
            return _Reach(tuple(referred))
        beside = self._of_relation(value, path, context, depth)
        if beside is not None and beside.found:
            return beside
        found: list[Found] = []
        for behind, where, its in self.values.behind(value, path, context):
            if behind != value:
                found.extend(self.elements(behind, where, its, depth + 1))
        return _Reach(tuple(found))

    def _of_relation(self, value: Member, path: str, context: Context, depth: int) -> _Reach | None:
        """An element by its place beside one that is known: `button.form`, `form.email`."""
        outer = self._reach(value.of, path, context, depth + 1)
        name = value.name
        if place_in_list(name) is not None or name in (UNKNOWN_KEY, "current"):
            if (
                (at := place_in_list(name)) is not None
                and at < len(outer.found)
                and _lists(value.of)
            ):
                by_place = sorted(outer.found, key=lambda f: (f.path, f.element.span.start))
                if len({one.path for one in outer.found}) == 1:
                    return _Reach((by_place[at],), outer.open)
            are_forms = bool(outer.found) and all(f.element.tag == "form" for f in outer.found)
            if are_forms and name != "current" and not outer.open and not _lists(value.of):
                # `form[0]` is a control of the form (HTML, 4.10.3).
                return _Reach(tuple(self._listed(outer.found, name)))
            return outer
        if outer.open:
            return None
        known = list(outer.found)
        if name == "form":
            return _Reach(tuple(self.markup.forms_around(known)))
        if name in _LISTS:
            return _Reach(tuple(f for f in known if self.control_of(f) is not None))
        if name == "content":
            return outer
        if name in _OUTWARD:
            return _Reach(tuple(a for one in known for a in self.markup.ancestors(one)[:1]))
        if name in ("children", "childNodes", "firstElementChild", "lastElementChild"):
            return _Reach(tuple(c for one in known for c in self.markup.children(one)))
        if name in _SIBLING:
            return _Reach(tuple(self._beside(known)))
        forms = [one for one in known if one.element.tag == "form"]
        if name == "elements":
            return _Reach(tuple(self._listed(forms, UNKNOWN_KEY)))
        return _Reach(tuple(self.markup.named_in(forms, name)))

    def _list(self, of: Expr, path: str, context: Context) -> Expr:
        """The list that a name stands for, where it is one of this file's elements."""
        if isinstance(of, Name):
            behind = self.values.behind(of, path, context)
            if len(behind) == 1 and behind[0][1] == path:
                inner = behind[0][0]
                if _lists(inner) or (isinstance(inner, Member) and inner.name == "elements"):
                    return inner
        return of

    def _referred(self, value: Member, path: str) -> list[Found]:
        """The elements of this file that markup lets a variable refer to: `ref={box}`,
        `ref="box"`."""
        match value:
            case Member(Name() as box, "current" | "value"):
                pass
            case Member(Name("$refs") | Member(_, "$refs"), name):
                box = Name(name)
            case _:
                return []
        table = self._references.get(path)
        if table is None:
            table = self._references[path] = []
            for fact in self.project.facts(path):
                if isinstance(fact, Element):
                    given = fact.attribute("ref") or fact.attribute("x-ref")
                    if given is not None and isinstance(given.value, Name | Text):
                        table.append((given.value, fact))
        mine = {d.span for d in self.values.names.definitions(box, path)} if table else set()
        found: list[Found] = []
        for reference, element in table:
            if isinstance(reference, Text):
                same = reference.text == box.name
            else:
                same = any(d.span in mine for d in self.values.names.resolve(reference, path))
            if same:
                found.append(Found(element, path))
        return found

    def _of_document(self, name: str, path: str) -> list[Found]:
        if name in ("body", "documentElement", "head"):
            return self.markup.selected("html" if name == "documentElement" else name, path)
        if name == "forms":
            return self.markup.selected("form", path)
        return self.markup.selected(f'form[name="{name}"]', path) if _plain(name) else []

    def _form(self, name: str, path: str) -> list[Found]:
        forms = self.markup.selected("form", path)
        at = place_in_list(name)
        if at is not None:
            # A script of its own counts the forms of the one document that it is on.
            holders = {form.path for form in forms}
            where = next(iter(holders)) if len(holders) == 1 else path
            mine = sorted((f for f in forms if f.path == where), key=_start)
            return [mine[at]] if at < len(mine) else forms
        named = [f for f in forms if name in (attribute(f.element, "name"), _identity(f))]
        return named or (forms if name == UNKNOWN_KEY else [])

    def _listed(self, forms: Sequence[Found], name: str) -> list[Found]:
        """A form's controls: all of them, one by its place, or one by its name."""
        if name == UNKNOWN_KEY:
            return [Found(c.element, form.path) for form in forms for c in self.controls_in(form)]
        if place_in_list(name) is None:
            return self.markup.named_in(forms, name)
        chosen: list[Found] = []
        for form in forms:
            listed = sorted(self.markup.within([form], ",".join(sorted(_LISTED))), key=_start)
            if int(name) < len(listed):
                chosen.append(listed[int(name)])
        return chosen

    def _beside(self, known: Sequence[Found]) -> list[Found]:
        found: list[Found] = []
        for one in known:
            outer = self.markup.ancestors(one)
            inner = self.markup.children(outer[0]) if outer else []
            found.extend(other for other in inner if other != one)
        return found

    # ---------------------------------------------------------------- methods

    def _of_method(
        self,
        value: Invoke,
        of: Expr,
        method: str,
        arguments: tuple[Expr, ...],
        path: str,
        context: Context,
        depth: int,
    ) -> _Reach | None:
        """What a method of the DOM or of jQuery gives back; None where it is none of theirs."""
        first = arguments[0] if arguments else None
        match method:
            case "getElementById" if first is not None:
                names = self._names(first, path, context)
                return _Reach(tuple(f for n in names for f in self.markup.with_id(n, path)))
            case "getElementsByName" | "getElementsByClassName" | "getElementsByTagName":
                selectors = [
                    _selector(method, name)
                    for name in (self._names(first, path, context) if first is not None else ())
                ]
                return self._asked(of, selectors, path, context, depth)
            case "querySelectorAll" if first is not None:
                return self._asked(of, self._names(first, path, context), path, context, depth)
            case "querySelector" if first is not None:
                found: list[Found] = []
                for selector in self._names(first, path, context):
                    reach = self._asked(of, [selector], path, context, depth)
                    found.extend(self.markup.first_of(reach.found, selector))
                return _Reach(tuple(found))
            case "find" if first is not None and not isinstance(first, Function):
                return self._asked(of, self._names(first, path, context), path, context, depth)
            case "closest" | "parents" if first is not None:
                return self._closest(of, self._names(first, path, context), path, context, depth)
            case "$" | "jQuery":
                return self._wrapped(arguments, path, context, depth)
            case "namedItem" if first is not None:
                forms = self.elements(of, path, context, depth + 1)
                if isinstance(of, Member) and of.name == "elements":
                    forms = self.elements(of.of, path, context, depth + 1)
                names = self._names(first, path, context)
                return _Reach(tuple(f for n in names for f in self.markup.named_in(forms, n)))
            case "from" | "call" | "makeArray" if first is not None:
                return self._reach(first, path, context, depth + 1)
        return self._along(of, method, first, path, context, depth)

    def _along(
        self, of: Expr, method: str, first: Expr | None, path: str, context: Context, depth: int
    ) -> _Reach | None:
        """Steps of a chain that lead from elements to others."""
        if method not in _SAME and method not in _BESIDE and method not in ("parent", "children"):
            return None
        reach = self._reach(of, path, context, depth + 1)
        if method in _SAME:
            if isinstance(first, Text) and method == "filter":
                kept = [f for f in reach.found if self.markup.matches(f, first.text)]
                return _Reach(tuple(kept), reach.open)
            return reach if reach.found else None
        if method == "parent":
            near = [a for one in reach.found for a in self.markup.ancestors(one)[:1]]
        elif method == "children":
            near = [c for one in reach.found for c in self.markup.children(one)]
        else:
            near = self._beside(reach.found)
        if first is not None:
            selectors = self._names(first, path, context)
            near = [one for one in near if any(self.markup.matches(one, s) for s in selectors)]
        return _Reach(tuple(near))

    def _asked(
        self, of: Expr, selectors: list[str], path: str, context: Context, depth: int
    ) -> _Reach:
        """What a selector finds inside of `of`, or on the whole page where that is not known."""
        outer = () if is_page(of) else self._reach(of, path, context, depth + 1).found
        found: list[Found] = []
        for selector in selectors:
            if outer:
                found.extend(self.markup.within(outer, selector) or self._put_in(selector, path))
            else:
                found.extend(self.markup.selected(selector, path))
        return _Reach(tuple(found))

    def _put_in(self, selector: str, path: str) -> list[Found]:
        """Elements that scripts of the page write: they may have put them anywhere."""
        return [
            found
            for found in self.markup.selected(selector, path)
            if self.project.files[found.path].language in _SCRIPTS
        ]

    def _closest(
        self, of: Expr, selectors: list[str], path: str, context: Context, depth: int
    ) -> _Reach:
        inner = self._reach(of, path, context, depth + 1)
        found: list[Found] = []
        for selector in selectors:
            outer = self.markup.around(inner.found, selector)
            if selector == "form":
                outer = [*outer, *self.markup.forms_around(inner.found)]
            if inner.open or not inner.found:
                # Any element of the page may be the one that the event happened to.
                outer = self.markup.selected(selector, path)
            elif not outer:
                outer = self.markup.within(inner.found, selector)
            found.extend(outer)
        return _Reach(tuple(found))

    def is_jquery(self, to: Name, path: str, depth: int = 0) -> bool:
        """Whether a name means jQuery, which it may be given as: `jQuery(function (e) {})`."""
        names = self.values.names
        declared = names.declared(to, path)
        if not declared:
            return to.name in _JQUERY
        callee = names.callee(to, path)
        if callee is not None and not callee.local and callee.names != (to.name,):
            return callee.dotted.split(".")[0] in _MEANT
        for definition in declared if depth < _DEEPEST else ():
            match definition.value:
                case Parameter(function, 0):
                    match self.values.calls.callback(definition.path, function):
                        case Callback(Name() as by, _, 0):
                            return self.is_jquery(by, definition.path, depth + 1)
                        case Callback(Member(Invoke(Name() as by), "ready"), _, 0):
                            return self.is_jquery(by, definition.path, depth + 1)
        return to.name in _JQUERY

    def _is_wrapped(self, of: Expr, path: str) -> bool:
        """Whether a chain begins at jQuery."""
        while isinstance(of, Invoke | Member):
            if isinstance(of, Invoke) and isinstance(of.to, Name):
                return self.is_jquery(of.to, path)
            of = of.to if isinstance(of, Invoke) else of.of
        return isinstance(of, Name) and of.name.startswith("$")

    def _wrapped(
        self, arguments: tuple[Expr, ...], path: str, context: Context, depth: int
    ) -> _Reach:
        """`$(selector)`, `$(selector, around)`, `$(element)`, `$("<input>")`."""
        if not arguments:
            return _Reach()
        first = arguments[0]
        if isinstance(first, Name | Member | Parameter | Invoke):
            direct = self._reach(first, path, context, depth + 1)
            if direct.found or direct.open:
                return direct
        found: list[Found] = []
        for selector in self._names(first, path, context):
            if selector.lstrip().startswith("<"):
                found.extend(self._written_at(first, path))
            elif len(arguments) > 1:
                around = arguments[1]
                outer = self._wrapped((around,), path, context, depth + 1)
                found.extend(self.markup.within(outer.found, selector))
            else:
                found.extend(self.markup.selected(selector, path))
        return _Reach(tuple(found))

    def _written_at(self, value: Expr, path: str) -> list[Found]:
        """The outermost element that a string of markup in a script writes."""
        return [one for one in (self.markup.first_in(path, value.start, value.end),) if one]

    def _returned(self, value: Invoke, path: str, context: Context, depth: int) -> _Reach:
        """What a function of the project finds: `const $ = (s) => document.querySelector(s)`."""
        found: list[Found] = []
        open_ = False
        for inner, where, its in self.values.returned(value, path, context):
            reach = self._reach(inner, where, its, depth + 1)
            found.extend(reach.found)
            open_ = open_ or reach.open
        return _Reach(tuple(found), open_)

    def _by_bound_method(self, value: Invoke, path: str, context: Context, depth: int) -> _Reach:
        """`const $ = document.querySelector.bind(document)`; and what a function gives that is
        made of markup, `const row = template("<tr>...")`."""
        if not isinstance(value.to, Name):
            return _Reach()
        for inner, where, _ in self.values.behind(value.to, path, context):
            match inner:
                case Invoke(_, (Text() | Join() as markup, *_)) if _is_markup(markup):
                    return _Reach(tuple(self._written_at(markup, where)))
                case Invoke(Member(Member(_, method), "bind"), (of, *_)) if where == path:
                    call = replace(value, to=Member(of, method, inner.start, inner.end))
                    return self._reach(call, path, context, depth + 1)
        return _Reach()

    # ---------------------------------------------------------------- bound controls

    def modelled(self, name: str, path: str, place: int) -> list[Found]:
        """The controls that markup binds to a name of the state around them (`x-model`), where the
        code at `place` is that element's own, or of the function that makes its state."""
        if name not in self._bound:
            return []
        one = self.markup.at(path, place)
        if one is not None and place < one.element.span.end:
            around = [one, *self.markup.ancestors(one)]
            holders = [f for f in around if f.element.attribute(_STATE) is not None][:1]
        else:
            makers = self._makers(path, place)
            holders = [
                found
                for found in (self.markup.selected(f"[{_STATE}]", path) if makers else ())
                if _leading(attribute(found.element, _STATE)) in makers
            ]
        found = [
            Found(control.element, holder.path)
            for holder in holders
            for control in self.markup.controls_in(holder)
            if _models(control.element, name)
        ]
        if not found and self._in_options(path, place):
            # The markup of a component whose object a library makes is the page's.
            found = [one for one in self._of_page(path) if _models(one.element, name)]
        return found

    def _in_options(self, path: str, place: int) -> bool:
        """Whether the code at a place is a method of an object that a library makes of options."""
        return any(
            makes_object(passing)
            for number, facts in self.project.files[path].functions.items()
            if facts.span.start <= place < facts.span.end
            for site in self.values.calls.in_objects(path, number)
            for passing in self.values.steps.library.of_call(site.invoke, site.path)
        )

    @cached_property
    def _bound(self) -> frozenset[str]:
        """All names that markup of the project binds controls to."""
        return frozenset(
            spelled(given.value)
            for path in self.project.files
            for control in self.markup.controls(path)
            for given in control.element.attributes
            if given.name.partition(".")[0] in _MODELS
        )

    def _makers(self, path: str, place: int) -> set[str]:
        """The names of the functions around a place, or those that they are registered under."""
        names: set[str] = set()
        for number, facts in self.project.files[path].functions.items():
            if facts.span.start <= place < facts.span.end:
                names.add(facts.name)
                callback = self.values.calls.callback(path, number)
                match callback:
                    case Callback(_, (Text(registered), *_)):
                        names.add(registered)
        return names - {""}


def _models(element: Element, name: str) -> bool:
    """Whether markup binds a control to a name of the state."""
    return any(
        given.name.partition(".")[0] in _MODELS and spelled(given.value) == name
        for given in element.attributes
    )


def _same(one: Expr, other: Expr) -> bool:
    """Whether two expressions of one function spell the same thing."""
    match one, other:
        case Name(a), Name(b):
            return a == b
        case Member(of, a), Member(inner, b):
            return a == b and _same(of, inner)
        case Invoke(Name(a), (first,)), Invoke(Name(b), (second,)):
            return a == b and _same(first, second)
    return False


def _lists(of: Expr) -> bool:
    """Whether a value is a list of elements, so that an index means one of them."""
    match of:
        case Invoke(Member(_, "querySelectorAll")) | Invoke(Name()):
            return True
        case Invoke(Member(_, method)):
            return method.startswith("getElementsBy")
    return False


def _selector(method: str, name: str) -> str:
    match method:
        case "getElementsByName":
            return f'[name="{name}"]'
        case "getElementsByClassName":
            return "".join(f".{one}" for one in name.split())
    return name


def _is_markup(value: Text | Join) -> bool:
    first = value.parts[0] if isinstance(value, Join) and value.parts else value
    return isinstance(first, Text) and first.text.lstrip().startswith("<")


def _leading(written: str) -> str:
    """The name that an expression begins with: `booking` of `booking({step: 1})`."""
    match = re.match(r"\s*([\w$]+)", written)
    return match.group(1) if match is not None else ""


def _plain(name: str) -> bool:
    return name.replace("-", "_").isidentifier()


def _identity(found: Found) -> str:
    return attribute(found.element, "id")


def _start(found: Found) -> int:
    return found.element.span.start
