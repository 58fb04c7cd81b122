"""What does a page say? Elements and attributes, scripts, styles, handlers, and comments."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from time import monotonic
from typing import Literal

from gdprlint.facts import (
    DATA_SCRIPT,
    IN_STRING,
    SPREAD,
    UNKNOWN_KEY,
    Attribute,
    Callback,
    Choice,
    Comment,
    Element,
    Expr,
    Fact,
    Fragment,
    Gate,
    Hole,
    Join,
    Link,
    Member,
    Name,
    Opaque,
    Reading,
    Span,
    Text,
    Unread,
    Way,
)
from gdprlint.facts.unread import unread
from gdprlint.languages.html.angular import bindings
from gdprlint.languages.html.scripts import script_kind
from gdprlint.languages.html.tokens import Broken, EndTag, Note, Part, Run, StartTag, Token, tokens
from gdprlint.languages.html.tree import VOID, Opened, Tree
from gdprlint.languages.html.values import ABSENT, Masks, either, under
from gdprlint.languages.html.words import words

TEXTUAL = frozenset(("title", "option", "label", "button", "a", "legend", "h1", "p", "textarea"))
_NAMING = "aria-labelledby"
MOST_TEXT = 200
_MOST_RUNS = 50
# Elements with text that lie in one another tell it again; after so many pieces none does.
_MOST_PIECES = 200_000
_MOST_GATES = 32
_CHECK_EVERY = 512
# HTML, 8.1.8.2.1: these handlers of body are the window's.
_WINDOW_EVENTS = words(
    "blur error focus load resize scroll afterprint beforeprint beforeunload hashchange"
    " languagechange message messageerror offline online pagehide pageshow popstate storage"
    " unload"
)
_FOR_LATER = re.compile(r"data-.*(src|href|srcset)(-|$)", re.I)
# Elements that load by `src` or `href`: with only a `data-` one they wait for a script.
_LOADING = words("script img iframe embed video audio source track frame link object input")
_LOADED_BY = frozenset(("src", "href", "data", "srcset"))
_HOLDING = frozenset(("style", "srcdoc", "href", "action", "formaction", "src"))
_ACTION_EVENTS = {"href": "click", "action": "submit", "formaction": "submit"}


@dataclass(slots=True)
class Page:
    """What has been found in a page so far."""

    path: str
    masks: Masks
    language: str = "javascript"
    scope: int = 0
    component: bool = False
    inserted: bool = False
    kept: bool = False
    scripted: bool = False
    tree: Tree = field(default_factory=Tree)
    made: list[Opened] = field(default_factory=list)
    facts: list[Fact] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)
    runs: list[tuple[int, int]] = field(default_factory=list)
    budget: int = _MOST_PIECES

    def span(self, start: int, end: int) -> Span:
        """A stretch of the fragment as one of the file."""
        return Span(self.path, self.masks.offset + start, self.masks.offset + end)


def read_page(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts and fragments of an HTML page or a part of one."""
    page = Page(path, Masks(fragment), inserted=fragment.kind in ("inserted", "kept"))
    page.kept = fragment.kind == "kept"
    page.scripted = "x-data" in fragment.text
    _walk(page, tokens(fragment.text), deadline)
    return reading(page)


def _walk(page: Page, pieces: Iterable[Token], deadline: float) -> None:
    close = page.tree.close
    for number, token in enumerate(pieces):
        if number % _CHECK_EVERY == 0 and monotonic() > deadline:
            add_unread(page, token.start, len(page.masks.text), "reading took too long")
            break
        if isinstance(token, StartTag):
            start_tag(page, token)
        elif isinstance(token, EndTag):
            close(token.name, token.start, token.end)
        else:
            aside(page, token)
    page.tree.finish(len(page.masks.text))


def aside(page: Page, token: Run | Note | Broken) -> None:
    """Text, a comment, or the end of what can be read."""
    if isinstance(token, Run):
        page.runs.append((token.start, token.end))
        return
    match token:
        case Note(start, end, text_start, text_end):
            text = page.masks.text[text_start:text_end]
            page.comments.append(Comment(text, page.span(start, end)))
        case Broken(start, why):
            add_unread(page, start, len(page.masks.text), why)


def add_unread(page: Page, start: int, end: int, why: str) -> None:
    """Say that a stretch of the fragment was not understood; of a string it was read as one."""
    if page.inserted:
        return
    found = unread(page.path, page.masks.text, start, end, why)
    offset = page.masks.offset
    mentions = tuple(replace(mention, start=mention.start + offset) for mention in found.mentions)
    page.facts.append(Unread(page.span(start, end), why, mentions))


def start_tag(page: Page, token: StartTag) -> None:
    """An element of HTML, with what its attributes and its raw text hold."""
    tree = page.tree
    name = token.name
    if not token.foreign:
        tree.before(name, token.start)
    attributes = attributes_of(page, token)
    way = (*page.masks.way(token.start), *tree.inner())
    opened = Opened(name, attributes, token.start, token.end, way, tree.inner())
    if name in ("noscript", "template") and not token.foreign:
        opened.inner = gated(page, opened, opened.inner)
    alone = name in VOID or (token.foreign and token.closed) or tree.repeats(name)
    # A form in a form is none, unless a template writes one or the other.
    if name == "form" and page.masks.plain and tree.places.get("form"):
        alone = alone or not tree.places.get("template")
    place(page, token, opened, alone=alone)


def place(page: Page, token: StartTag, opened: Opened, *, alone: bool) -> None:
    """Put an element into the page, with what its attributes and its raw text hold."""
    page.made.append(opened)
    if not page.component:
        page.facts.extend(bindings(page.path, opened, page.tree, page.masks.offset))
    if token.raw_end >= 0:
        _raw_text(page, token, opened)
        opened.end, opened.content_end = token.raw_close, token.raw_end
    elif alone:
        opened.end = opened.content_end = token.end
    else:
        page.tree.push(token.name, opened)
    _waiting(page, opened)
    if token.name == "link":
        _stylesheet(page, opened)
    for part, attribute in zip(token.parts, opened.attributes, strict=False):
        name = attribute.name
        if part.value_start >= 0 and (name in _HOLDING or name.startswith("on")):
            _embedded(page, opened, part, attribute)
        elif page.scripted and part.value_start >= 0 and name.startswith(("@", "x-")):
            _scripted(page, opened, part, attribute)


def gated(page: Page, opened: Opened, way: Way) -> Way:
    """`way` and one gate more; beyond 32 a gate says nothing new."""
    if sum(isinstance(step, Gate) for step in way[-_MOST_GATES:]) >= _MOST_GATES:
        return way
    offset = page.masks.offset
    gate = Gate(opened.tag, opened.attributes, offset + opened.start, offset + opened.tag_end)
    return (*way, gate)


def attributes_of(page: Page, token: StartTag) -> tuple[Attribute, ...]:
    """The attributes of a tag, those that stand under template conditions made choices."""
    masks = page.masks
    offset = masks.offset
    if masks.plain or not masks.touched(token.start, token.end):
        lower = not page.component
        made = []
        for name, start, end, value_start, value_end in token.parts:
            value = None
            if value_start >= 0:
                value = masks.value(value_start, value_end)
            shown = name.lower() if lower else name
            made.append(Attribute(shown, value, offset + start, offset + end))
        return tuple(made)
    around = len(masks.active(token.start))
    return tuple(_masked_attribute(page, part, around) for part in token.parts)


def _masked_attribute(page: Page, part: Part, around: int) -> Attribute:
    masks = page.masks
    offset = masks.offset
    name_end = part.start + len(part.name)
    name = part.name if page.component else part.name.lower()
    value = masks.value(part.value_start, part.value_end) if part.value_start >= 0 else None
    if masks.touched(part.start, name_end):
        holes = masks.holes_in(part.start, name_end)
        name = UNKNOWN_KEY
        whole = holes and holes[0].start == offset + part.start
        if value is None and whole and holes[0].end == offset + name_end:
            name, value = SPREAD, holes[0].value
    steps = masks.steps(part.start, around)
    if steps:
        # An attribute without a value is there all the same: its value is the empty string (HTML).
        given = value if value is not None else Text("", offset + part.start, offset + part.end)
        value = under(steps, given, ABSENT)
    return Attribute(name, value, offset + part.start, offset + part.end)


def settled(attributes: tuple[Attribute, ...], name: str) -> Attribute | None:
    """The attribute of that name; where templates choose between several, their choice."""
    found: Attribute | None = None
    for attribute in attributes:
        if attribute.name != name:
            continue
        if found is None:
            found = attribute
            if not isinstance(attribute.value, Choice):
                return found
        elif found.value is not None and attribute.value is not None:
            found = replace(found, value=either(found.value, attribute.value), end=attribute.end)
    return found


def _merged(attributes: tuple[Attribute, ...]) -> tuple[Attribute, ...]:
    """Attributes that a template chooses between, each pair made one."""
    chosen: dict[str, int] = {}
    for attribute in attributes:
        if isinstance(attribute.value, Choice):
            chosen[attribute.name] = chosen.get(attribute.name, 0) + 1
    repeated = {name for name, times in chosen.items() if times > 1}
    if not repeated:
        return attributes
    kept: list[Attribute] = []
    for attribute in attributes:
        if attribute.name not in repeated:
            kept.append(attribute)
        elif all(other.name != attribute.name for other in kept):
            whole = settled(attributes, attribute.name)
            assert whole is not None
            kept.append(whole)
    return tuple(kept)


def _waiting(page: Page, opened: Opened) -> None:
    """Gate an element that carries its address for later: `data-src` without `src`, or
    whatever name of that kind a consent platform gives it (`data-src-choice`)."""
    if opened.tag not in _LOADING:
        return
    later = False
    for attribute in opened.attributes:
        if attribute.name in _LOADED_BY:
            return
        later = later or _FOR_LATER.match(attribute.name) is not None
    if later:
        opened.way = gated(page, opened, opened.way)


def _stylesheet(page: Page, opened: Opened) -> None:
    rel = settled(opened.attributes, "rel")
    href = settled(opened.attributes, "href")
    if href is None or href.value is None or rel is None or not isinstance(rel.value, Text):
        return
    if "stylesheet" in rel.value.text.lower().split():
        span = page.span(opened.start, opened.tag_end)
        page.facts.append(Link("stylesheet", href.value, span, opened.way))


def _raw_text(page: Page, token: StartTag, opened: Opened) -> None:
    start, end = token.end, token.raw_end
    if token.raw_close == token.raw_end and token.name != "plaintext":
        add_unread(page, start, end, f"the {token.name} element is not closed")
        return
    if token.name == "script":
        _script(page, token, opened)
    elif token.name == "style":
        add_fragment(page, "css", start, end, "document", way=opened.inner)
    elif token.name in TEXTUAL and start < end:
        page.runs.append((start, end))


def _script(page: Page, token: StartTag, opened: Opened) -> None:
    kind = script_kind(settled(opened.attributes, "type"), settled(opened.attributes, "language"))
    if kind.held or page.inserted:
        inner = gated(page, opened, opened.inner)
        opened.way = gated(page, opened, opened.way)
    else:
        inner = (*opened.inner, *kind.way)
        opened.way = (*opened.way, *kind.way)
    source = settled(opened.attributes, "src")
    if source is None and token.foreign:
        source = settled(opened.attributes, "href") or settled(opened.attributes, "xlink:href")
    if source is not None:
        runs = kind.content in ("script", "module") and not page.inserted
        if runs and source.value is not None:
            span = page.span(opened.start, opened.tag_end)
            page.facts.append(Link("script", source.value, span, opened.way))
        return
    start, end = token.end, token.raw_end
    if not page.masks.text[start:end].strip():
        return
    if page.inserted:
        if page.kept and kind.content in ("script", "module") and not kind.held:
            _kept_script(page, start, end)
        return
    # A component's own script stands outermost; in its markup it is a page's script.
    own = page.component and page.tree.innermost() is None
    language = page.language if own else "javascript"
    match kind.content:
        case "markup":
            add_fragment(page, "html", start, end, "document", way=inner)
        case "script" | "module":
            whole: Literal["script", "module"] = "module" if own else kind.content
            if token.foreign:
                start, end = _without_cdata(page.masks.text, start, end)
            add_fragment(page, language, start, end, whole, way=inner)
        case "data" if settled(opened.attributes, "id") and page.masks.holes_in(start, end):
            # Read by scripts under its id; without a hole it says nothing of anybody.
            add_fragment(page, language, start, end, "expression", way=inner, binds=DATA_SCRIPT)
        case "data" | "other":
            pass


def _without_cdata(text: str, start: int, end: int) -> tuple[int, int]:
    """The text of a script in SVG, which may be wrapped in a CDATA section."""
    body = text[start:end]
    lead = len(body) - len(body.lstrip())
    if not body.startswith("<![CDATA[", lead):
        return start, end
    close = body.rfind("]]>")
    return start + lead + 9, start + close if close >= 0 else end


def _kept_script(page: Page, start: int, end: int) -> None:
    """The code of a script in a string of markup: behind a gate until somebody is seen to run
    it."""
    add_fragment(page, "javascript", start, end, "script", way=())
    fragment = page.fragments.pop()
    way = tuple(
        replace(step, tag=IN_STRING)
        if isinstance(step, Gate) and step.start == page.masks.offset
        else step
        for step in fragment.way
    )
    page.fragments.append(replace(fragment, way=way))


def add_fragment(
    page: Page,
    language: str,
    start: int,
    end: int,
    kind: Literal["document", "script", "module", "expression", "handler"],
    *,
    way: Way,
    binds: str = "",
) -> None:
    """Hand a stretch of the page on; `way` is the markup's own, after that of its regions."""
    masks = page.masks
    page.fragments.append(
        Fragment(
            language=language,
            text=masks.text[start:end],
            offset=masks.offset + start,
            way=(*masks.way_of(start, end), *way),
            kind=kind,
            holes=tuple(masks.holes_in(start, end)),
            regions=masks.regions_in(start, end),
            binds=binds,
            scope=page.scope,
        )
    )


def add_value(
    page: Page,
    language: str,
    part: Part,
    kind: Literal["document", "expression", "handler"],
    *,
    way: Way,
    skip: int = 0,
    binds: str = "",
    given: Expr | None = None,
) -> None:
    """Hand the value of an attribute on, without its first `skip` characters."""
    masks = page.masks
    start, end = part.value_start + skip, part.value_end
    inner = masks.inner(start, end)
    if not inner.text.strip():
        return
    page.fragments.append(
        Fragment(
            language=language,
            text=inner.text,
            offset=masks.offset + start,
            way=(*masks.way_of(start, end), *way),
            kind=kind,
            holes=inner.holes,
            regions=masks.regions_in(start, end),
            binds=binds,
            given=given,
            scope=page.scope,
        )
    )


def _embedded(page: Page, opened: Opened, part: Part, attribute: Attribute) -> None:
    """Script, style or markup in an attribute."""
    name = attribute.name
    value = attribute.value
    if name == "style":
        add_value(page, "css", part, "expression", way=opened.inner)
    elif name.startswith("on") and len(name) > 3 and name.isalpha():
        if hole_at(page, part.value_start, part.value_end) is None:
            callback = callback_of(page, opened, name[2:], attribute)
            add_value(page, "javascript", part, "handler", way=(*opened.inner, callback))
    elif name == "srcdoc" and opened.tag == "iframe":
        add_value(page, "html", part, "document", way=opened.inner)
    elif name in _ACTION_EVENTS or (name == "src" and opened.tag == "iframe"):
        lead = _script_lead(value)
        if lead is None:
            return
        way = opened.inner
        if name in _ACTION_EVENTS:
            way = (*way, callback_of(page, opened, _ACTION_EVENTS[name], attribute))
        add_value(page, "javascript", part, "handler", way=way, skip=lead)


def _scripted(page: Page, opened: Opened, part: Part, attribute: Attribute) -> None:
    """Code in an attribute of a page whose elements hold their own state (`x-data`)."""
    name = attribute.name
    if hole_at(page, part.value_start, part.value_end) is not None:
        return
    event = name.removeprefix("@") if name.startswith("@") else name.removeprefix("x-on:")
    if event != name:
        callback = callback_of(page, opened, event.partition(".")[0], attribute)
        way = (*opened.inner, callback)
        add_value(page, "javascript", part, "handler", way=way)
    elif name == "x-data":
        add_value(page, "javascript", part, "expression", way=opened.inner)
    elif name in ("x-init", "x-effect"):
        add_value(page, "javascript", part, "handler", way=opened.inner)


def _script_lead(value: Expr | None) -> int | None:
    """How many characters `javascript:` takes at the start of a URL that is a script."""
    first = value.parts[0] if isinstance(value, Join) else value
    if not isinstance(first, Text) or ":" not in first.text[:40]:
        return None
    scheme, _, _ = first.text.partition(":")
    return len(scheme) + 1 if scheme.strip().lower() == "javascript" else None


def callback_of(page: Page, opened: Opened, event: str, attribute: Attribute) -> Callback:
    """An `on...` attribute as the call of `addEventListener` that it amounts to."""
    target = "element"
    identity = next((a for a in opened.attributes if a.name == "id"), None)
    if identity is not None and isinstance(identity.value, Text) and identity.value.text:
        target = identity.value.text
    if opened.tag in ("body", "frameset") and event in _WINDOW_EVENTS:
        target = "window"
    start, end = attribute.start, attribute.end
    offset = page.masks.offset
    listened = Member(
        Name(target, 0, offset + opened.start, offset + opened.tag_end),
        "addEventListener",
        start,
        end,
    )
    arguments = (Text(event, start, end), Opaque("handler", start, end))
    return Callback(listened, arguments, 1, start, end)


def _shown_text(page: Page, opened: Opened) -> Expr | None:
    """What the element says to a person, white space folded."""
    start, end = opened.tag_end, opened.content_end
    if page.budget <= 0:
        return None
    first = bisect_left(page.runs, (start, start))
    runs = [run for run in page.runs[first : first + _MOST_RUNS] if run[0] < end]
    page.budget -= len(runs)
    return page.masks.words(runs, MOST_TEXT) if runs else None


def _element(page: Page, opened: Opened, telling: frozenset[str]) -> Element:
    """What was found, with its text where that is short or says what another element is for
    (`telling`: the ids of those)."""
    masks = page.masks
    tag = opened.tag
    attributes = opened.attributes
    if not masks.plain:
        attributes = _merged(attributes)
        if masks.touched(opened.start + 1, opened.start + 1 + len(tag)):
            tag = UNKNOWN_KEY
    named = bool(telling) and _literal(attributes, "id") in telling
    text = _shown_text(page, opened) if tag in TEXTUAL or named else None
    span = page.span(opened.start, opened.tag_end)
    return Element(tag, attributes, span, opened.way, masks.offset + opened.end, text)


def _literal(attributes: tuple[Attribute, ...], name: str) -> str:
    """The value of an attribute, where it is written out."""
    for attribute in attributes:
        if attribute.name == name:
            return attribute.value.text if isinstance(attribute.value, Text) else ""
    return ""


def reading(page: Page) -> Reading:
    """All that was found, elements first."""
    telling = frozenset(
        one for opened in page.made for one in _literal(opened.attributes, _NAMING).split()
    )
    elements = [_element(page, opened, telling) for opened in page.made]
    return Reading(
        facts=(*elements, *page.facts),
        comments=tuple(page.comments),
        fragments=tuple(page.fragments),
    )


def hole_at(page: Page, start: int, end: int) -> Hole | None:
    """The hole that is exactly that stretch."""
    holes = page.masks.holes_in(start, end)
    offset = page.masks.offset
    if holes and holes[0].start == offset + start and holes[0].end == offset + end:
        return holes[0]
    return None
