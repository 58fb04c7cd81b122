"""JSX, and the calls that it is compiled to: elements, their attributes and their own text."""

from __future__ import annotations

import re
from dataclasses import replace

from gdprlint.facts import (
    SPREAD,
    Attribute,
    Constant,
    Define,
    Element,
    Entry,
    Expr,
    Fragment,
    Function,
    Hole,
    Invoke,
    Items,
    Join,
    Member,
    Name,
    Opaque,
    Record,
    Span,
    Text,
)
from gdprlint.languages.javascript.literals import folded, markup_text
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.spelled import laid_out, spelled
from gdprlint.languages.javascript.walk import FUNCTIONS, Walk

# React, "Common components": properties whose attribute is spelled otherwise.
_NAMES = {
    "className": "class",
    "htmlFor": "for",
    "autoComplete": "autocomplete",
    "contentEditable": "contenteditable",
    "formAction": "formaction",
    "formMethod": "formmethod",
    "httpEquiv": "http-equiv",
    "srcDoc": "srcdoc",
}
# Elements that say something of a page's forms, or that load; others are not told of calls.
MADE = frozenset(
    {"form", "input", "select", "textarea", "option", "optgroup", "label", "button", "fieldset"}
    | {"legend", "datalist", "script", "img", "iframe", "a", "meta", "link"}
)
_ATTRIBUTES = frozenset(
    {"id", "name", "type", "value", "class", "placeholder", "action", "method", "src", "href"}
    | {"for", "rel", "content", "property", "http-equiv", "checked", "defaultValue", "label"}
    | {"defaultChecked", "title", "style", "key", "ref", "role", "disabled", "required", "alt"}
    | {"children", "async", "defer", "media", "autocomplete", "width", "height", "list", "form"}
)
# What sends a message of a name and is no maker of elements: `emit("input", {value})`.
_SENDERS = frozenset(
    {"emit", "$emit", "trigger", "dispatch", "fire", "publish", "on", "once", "off", "one", "track"}
    | {"addEventListener", "removeEventListener", "setAttribute", "set", "get", "commit", "log"}
)
_EVENT = re.compile(r"on([A-Z][A-Za-z]*)$")
_LONGEST_TEXT = 2000
_SCRIPTS = frozenset({"script", "Script"})
# Next.js, "Script": when a script is loaded.
STRATEGIES = frozenset({"beforeInteractive", "afterInteractive", "lazyOnload", "worker"})
_JAVASCRIPT = frozenset({"", "text/javascript", "application/javascript", "module"})


def element(walk: Walk, node: Node) -> Expr:
    """`<a>...</a>`, `<a/>`, `<>...</>`: noted (a fragment is none); opaque as a value."""
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    inside: list[Node] = []
    opening = node
    if walk.kind(node) == "jsx_element":
        first = node.child_by_field_name("open_tag")
        opening = first if first is not None else node
        inside = [
            child
            for child in walk.solid(node)
            if walk.kind(child) not in ("jsx_opening_element", "jsx_closing_element")
        ]
    name = opening.child_by_field_name("name")
    attributes: tuple[Attribute, ...] = ()
    tag = ""
    if name is not None:
        attributes = tuple(_attributes(walk, opening))
        at = Span(walk.path, opening.start_byte + walk.shift, opening.end_byte + walk.shift)
        text = _own_text(walk, inside)
        tag = walk.spelled(name)
        walk.facts.append(Element(tag, attributes, at, walk.way_at(at.start), end, text))
    mark = len(walk.facts) - 1
    written: list[Expr] = []
    for child in inside:
        if walk.kind(child) not in ("jsx_text", "html_character_reference"):
            written.append(walk.expression(child))
    if tag in _SCRIPTS:
        _inline(walk, attributes, written)
    elif tag == "title" and written:
        _name_page(walk, mark, written)
    return Opaque("markup", start, end)


def _name_page(walk: Walk, mark: int, written: list[Expr]) -> None:
    """Give a title the expressions in it beside its text: they are all that it is read for."""
    title = walk.facts[mark]
    if isinstance(title, Element):
        own = title.text.parts if isinstance(title.text, Join) else (title.text,)
        parts = [part for part in (*own, *written) if part is not None]
        parts.sort(key=lambda part: part.start)
        text = Join(tuple(parts), parts[0].start, parts[-1].end)
        walk.facts[mark] = replace(title, text=text)


def made(walk: Walk, invoke: Invoke, mark: int) -> None:
    """Note the element that a call makes, `h("input", {name: "x"}, ...)`, if it looks like one.

    Any function may be the maker, for bundles spell it as they like: what makes it one is the name
    of an element of HTML, and an object whose keys are attributes. Functions among these, which
    were put on the pile from `mark` on, listen to the element's events.
    """
    tag, given, *children = invoke.arguments
    match invoke.to:
        case Name(name) | Member(_, name) if name in _SENDERS:
            return
    record = given if isinstance(given, Record) else walk.record_of(given)
    entries: tuple[Entry, ...]
    if record is not None:
        entries = record.entries
    elif isinstance(given, Constant) and given.value is None and children:
        entries = ()
    elif isinstance(given, Name | Member | Invoke) and _is_form(tag):
        # Who hears of its submission is worth asking for where it stands elsewhere.
        entries = (Entry(SPREAD, given, given.start, given.end),)
    else:
        return
    attributes = tuple(_attribute_made(entry) for entry in entries if entry.key != "children")
    keys = [_NAMES.get(entry.key, entry.key) for entry in entries]
    if keys and not any(_is_attribute(key) for key in keys):
        return
    assert isinstance(tag, Text)
    span = Span(walk.path, invoke.start, tag.end)
    children.extend(entry.value for entry in entries if entry.key == "children")
    way = walk.way_at(invoke.start)
    text = _text_of(children)
    walk.facts.append(Element(tag.text, attributes, span, way, invoke.end, text))
    if record is given:
        _listens(walk, invoke, entries, mark)


def _is_form(tag: Expr) -> bool:
    return isinstance(tag, Text) and tag.text == "form"


def script_made(walk: Walk, invoke: Invoke) -> None:
    """Note the script that a component puts into the page, `jsx(S, {src, strategy})`: it is told
    by the moment at which it is to run, whatever a bundler calls the component."""
    made_of, given, *children = invoke.arguments
    if not isinstance(given, Record) or not isinstance(made_of, Name | Member):
        return
    entries = {entry.key: entry for entry in given.entries}
    match entries.get("strategy"):
        case Entry(_, Text(moment)) if moment in STRATEGIES:
            attributes = tuple(_attribute_made(e) for e in given.entries if e.key != "children")
            span = Span(walk.path, invoke.start, made_of.end)
            way = walk.way_at(invoke.start)
            walk.facts.append(Element("Script", attributes, span, way, invoke.end))
            children.extend(e.value for e in given.entries if e.key == "children")
            _inline(walk, attributes, children)


def _listens(walk: Walk, invoke: Invoke, entries: tuple[Entry, ...], mark: int) -> None:
    events = {
        entry.value.function: event.group(1).lower()
        for entry in entries
        if isinstance(entry.value, Function) and (event := _EVENT.match(entry.key))
    }
    for at in range(mark, len(walk.pile)) if events else ():
        task = walk.pile[at]
        heard = events.get(task.number)
        if heard is not None:
            end = task.node.end_byte + walk.shift
            of = Opaque("element", invoke.start, invoke.end)
            walk.pile[at] = replace(task, way=walk.heard(of, heard, task.number, end))


def _attribute_made(entry: Entry) -> Attribute:
    name = "..." if entry.key == SPREAD else _NAMES.get(entry.key, entry.key)
    value: Expr | None = entry.value
    if isinstance(value, Constant) and value.value is True:
        value = None
    return Attribute(name, value, entry.start, entry.end)


def _is_attribute(key: str) -> bool:
    return (
        key in _ATTRIBUTES
        or key == SPREAD
        or key.startswith(("data-", "aria-", "onUpdate:"))
        or _EVENT.match(key) is not None
    )


def _text_of(children: list[Expr]) -> Expr | None:
    """The text among what lies in an element."""
    pieces: list[Expr] = []
    for child in children:
        match child:
            case Items(items):
                pieces.extend(item for item in items if isinstance(item, Text | Join))
            case Text() | Join():
                pieces.append(child)
    if not pieces:
        return None
    if len(pieces) == 1:
        return pieces[0]
    return Join(tuple(pieces), pieces[0].start, pieces[-1].end)


def _inline(walk: Walk, attributes: tuple[Attribute, ...], written: list[Expr]) -> None:
    """A script written into a string: the children of `<Script>`, or `dangerouslySetInnerHTML`."""
    for attribute in attributes:
        if attribute.name == "dangerouslySetInnerHTML" and isinstance(attribute.value, Record):
            written.extend(e.value for e in attribute.value.entries if e.key == "__html")
    kinds = [a.value.text for a in attributes if a.name == "type" and isinstance(a.value, Text)]
    if any(kind not in _JAVASCRIPT for kind in kinds):
        return
    for value in written:
        spelled = _constant(walk, value)
        if spelled is not None:
            walk.fragments.append(_script(walk, spelled))


def _constant(walk: Walk, value: Expr) -> Text | Join | None:
    """The string that a script's text is: written there, or kept in a constant of the file."""
    if isinstance(value, Text | Join):
        return value
    if isinstance(value, Name):
        for fact in walk.facts:
            named = isinstance(fact, Define) and fact.name == value.name
            if named and isinstance(fact, Define) and isinstance(fact.value, Text | Join):
                return fact.value
    return None


def _script(walk: Walk, value: Text | Join) -> Fragment:
    """The text of a string as a script in its place, what is put into it masked."""
    start, end = value.start + 1, max(value.start + 1, value.end - 1)
    text = walk.text[start - walk.shift : end - walk.shift]
    holes: list[Hole] = []
    if isinstance(value, Text) and "\\" in text:
        text, inner = laid_out(spelled(text, start))
        holes.extend(inner)
    for part in value.parts if isinstance(value, Join) else ():
        if isinstance(part, Text):
            continue
        first = text.rfind("${", 0, max(0, part.start - start))
        last = text.find("}", max(0, part.end - start))
        if first >= 0 and last >= 0:
            text = text[:first] + "z" * (last + 1 - first) + text[last + 1 :]
            holes.append(Hole(start + first, start + last + 1, part))
    return Fragment(
        language="javascript",
        text=text,
        offset=start,
        way=walk.way_at(start),
        kind="script",
        holes=tuple(sorted(holes, key=lambda hole: hole.start)),
    )


def expression(walk: Walk, node: Node) -> Expr:
    """`{x}`: what stands between the braces, if anything."""
    parts = walk.solid(node)
    if not parts:
        return Opaque("nothing", node.start_byte + walk.shift, node.end_byte + walk.shift)
    return walk.expression(parts[0])


def _attributes(walk: Walk, opening: Node) -> list[Attribute]:
    attributes: list[Attribute] = []
    for child in opening.children_by_field_name("attribute"):
        start, end = child.start_byte + walk.shift, child.end_byte + walk.shift
        parts = walk.solid(child)
        if walk.kind(child) == "jsx_expression":
            for part in parts:
                inner = walk.solid(part)
                if inner:
                    attributes.append(Attribute("...", walk.expression(inner[0]), start, end))
        elif walk.kind(child) == "jsx_attribute" and parts:
            spelled = walk.spelled(parts[0])
            value = _value(walk, spelled, parts[1]) if len(parts) > 1 else None
            attributes.append(Attribute(_NAMES.get(spelled, spelled), value, start, end))
    return attributes


def _value(walk: Walk, name: str, node: Node) -> Expr:
    kind = walk.kind(node)
    if kind == "string":
        text = walk.with_holes(node.start_byte + 1, node.end_byte - 1, markup_text)
        start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
        return Text(text.text, start, end) if isinstance(text, Text) else text
    if kind == "jsx_expression":
        inner = walk.solid(node)
        event = _EVENT.match(name)
        if event and inner and walk.kind(inner[0]) in FUNCTIONS:
            start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
            of = Opaque("element", start, end)
            return walk.listener(of, event.group(1).lower(), inner[0])
    return walk.expression(node)


def _own_text(walk: Walk, inside: list[Node]) -> Expr | None:
    """The text that stands directly in an element, white space folded; None where there is none."""
    pieces: list[Expr] = []
    for child in inside:
        if walk.kind(child) in ("jsx_text", "html_character_reference"):
            piece = walk.with_holes(child.start_byte, child.end_byte, markup_text)
            pieces.extend(piece.parts if isinstance(piece, Join) else (piece,))
    if not pieces:
        return None
    start, end = pieces[0].start, pieces[-1].end
    if any(not isinstance(piece, Text) for piece in pieces):
        return Join(tuple(pieces), start, end)
    text = folded("".join(piece.text for piece in pieces if isinstance(piece, Text)))
    return Text(text[:_LONGEST_TEXT], start, end) if text else None
