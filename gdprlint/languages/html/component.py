"""What does a Vue or Svelte component say? Its markup, with expressions where values stand.

An expression becomes a fragment of its own that binds a name such as `@120`, and the attribute's
value is that name in the scope of the component's script.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from types import MappingProxyType

from gdprlint.facts import (
    MEMBERS,
    SPREAD,
    UNKNOWN_KEY,
    Assign,
    Attribute,
    Call,
    Callback,
    Define,
    Expr,
    Fragment,
    Hole,
    If,
    Invoke,
    Member,
    Name,
    Opaque,
    Reading,
    Region,
    Text,
    Way,
)
from gdprlint.languages.html.braces import Braces, interpolations, mustaches
from gdprlint.languages.html.read import (
    Page,
    add_unread,
    add_value,
    aside,
    attributes_of,
    callback_of,
    place,
    reading,
)
from gdprlint.languages.html.tokens import (
    EndTag,
    Part,
    Run,
    StartTag,
    Token,
    component_tokens,
)
from gdprlint.languages.html.tree import VOID, Opened
from gdprlint.languages.html.values import Masks

_IDENTIFIER = re.compile(r"[A-Za-z_$][\w$]*")
_REFERENCE = re.compile(r"\s*[A-Za-z_$][\w$]*(?:\??\.[A-Za-z_$][\w$]*)*\s*\Z")
_FUNCTION = re.compile(
    r"\s*(?:async\s+)?(?:function\b|(?:\([^()]*+(?:\([^()]*+\)[^()]*+)*+\)|[\w$]+)\s*=>)"
)
_LOOP = re.compile(r"\s*(.{1,300}?)\s(?:in|of)\s", re.DOTALL)
_EACH = re.compile(r"#each\s+(.*?)\s+as\s+(.{1,300})\Z", re.DOTALL)
_AWAIT = re.compile(r"(#await\s+|:then\s+|:catch\s+)(.*)\Z", re.DOTALL)
_CONTROLS = frozenset(("input", "select", "textarea"))
_BOUND = {"value": "value", "checked": "checked", "group": "value", "files": "files", "this": ""}
_TYPESCRIPT = frozenset(("ts", "typescript"))
_CHECK_EVERY = 512
_MOST_TESTS = 32


@dataclass(frozen=True, slots=True)
class Spot:
    """An expression in the markup; the name `@start` means its value."""

    place: int
    start: int
    end: int


@dataclass(slots=True)
class _Markup:
    """A component's text with its expressions hidden."""

    text: str
    offset: int
    scope: int
    spots: list[Spot] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    blocks: list[tuple[str, int, tuple[If, ...]]] = field(default_factory=list)
    defines: list[tuple[str, Expr, int, int]] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    broken: int = -1
    next: int = 0

    def name(self, start: int, end: int) -> Name:
        """The name that means the expression from `start` to `end`."""
        first = self.offset + start
        return Name(f"@{first}", self.scope, first, self.offset + end)


def read_component(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts and fragments of a `.vue` or `.svelte` file."""
    text = fragment.text
    script = _own_script(text)
    scope, language = 0, "javascript"
    if script is not None:
        scope = 2 * (fragment.offset + script.end) + 2
        language = _language(text, script)
    vue = fragment.language == "vue"
    if vue and script is not None and not any(part.name == "setup" for part in script.parts):
        # Names in the markup are members of the object that the script's options make.
        scope = MEMBERS
    markup = _Markup(text, fragment.offset, scope)
    _mask(markup, interpolations(text) if vue else mustaches(text), vue)
    hidden = "".join(markup.masked)
    masks = Masks(
        replace(
            fragment,
            text=hidden,
            holes=(*fragment.holes, *markup.holes),
            regions=(*fragment.regions, *markup.regions),
        )
    )
    page = Page(path, masks, language=language, scope=scope, component=True)
    if markup.broken >= 0:
        add_unread(page, markup.broken, len(text), "the braces are not closed")
    _walk(page, markup, vue=vue, deadline=deadline)
    for name, value, start, end in markup.defines:
        span = page.span(start, end)
        page.facts.append(Define(name, scope, value, span, masks.way(start)))
    return reading(page)


def _own_script(text: str) -> StartTag | None:
    """The script whose names the markup sees: `setup`, else the one that is not the module's."""
    found: StartTag | None = None
    for token in component_tokens(text):
        if isinstance(token, StartTag) and token.name == "script" and token.raw_end >= 0:
            words = {part.name for part in token.parts}
            if "setup" in words:
                return token
            if found is None and "module" not in words and "context" not in words:
                found = token
    return found


def _language(text: str, script: StartTag) -> str:
    for part in script.parts:
        if part.name == "lang" and part.value_start >= 0:
            language = text[part.value_start : part.value_end].lower()
            if language in _TYPESCRIPT:
                return "typescript"
            if language == "tsx":
                return "tsx"
    return "javascript"


def _filled(text: str, filler: str) -> str:
    """As many characters as `text` has, line ends kept."""
    return "".join(c if c in "\r\n" else filler for c in text)


def _mask(markup: _Markup, found: Iterable[Braces], vue: bool) -> None:
    text = markup.text
    position = 0
    for braces in found:
        if braces.close < 0:
            markup.broken = braces.start
            break
        markup.masked.append(text[position : braces.start])
        position = braces.end
        written = text[braces.inner : braces.close]
        lead = len(written) - len(written.lstrip())
        if not vue and written[lead : lead + 1] in ("#", ":", "/", "@"):
            output = _block(markup, braces, lead)
        else:
            output = _output(markup, braces, braces.inner)
        filler = "z" if output else " "
        markup.masked.append(_filled(text[braces.start : braces.end], filler))
    markup.masked.append(text[position:])
    for _, start, steps in markup.blocks:
        _close_region(markup, start, len(text), steps)


def _output(markup: _Markup, braces: Braces, start: int) -> bool:
    """An expression whose value is written out."""
    written = markup.text[start : braces.close]
    offset = markup.offset
    value: Expr
    if not written.strip() or written.lstrip().startswith("/*"):
        value = Text("", offset + braces.start, offset + braces.end)
    else:
        if written.lstrip().startswith("..."):
            start += written.index("...") + 3
        markup.spots.append(Spot(braces.start, start, braces.close))
        value = markup.name(start, braces.close)
    markup.holes.append(Hole(offset + braces.start, offset + braces.end, value))
    return True


def _block(markup: _Markup, braces: Braces, lead: int) -> bool:
    """One of Svelte's `{#...}`, `{:...}`, `{/...}`, `{@...}`; whether it writes something out."""
    start = braces.inner + lead
    written = markup.text[start : braces.close].rstrip()
    word = written.split(None, 1)[0]
    after = start + len(word)
    if word in ("@html", "@render"):
        return _output(markup, braces, after)
    if word == "@const":
        name, equals, _ = written[len(word) :].partition("=")
        if equals and name.strip().isidentifier():
            _define(markup, braces, name.strip(), after + len(name) + 1)
    elif word == "#if":
        test = _test(markup, braces, after)
        markup.blocks.append(("if", braces.end, (If(test, True, test.start, test.end),)))
    elif word == ":else":
        _otherwise(markup, braces, start, written)
    elif word in ("#key", "#snippet"):
        markup.blocks.append((word[1:], braces.end, ()))
    elif word == "#each":
        _each(markup, braces, start, written)
    elif word in ("#await", ":then", ":catch"):
        _await(markup, braces, start, written)
    elif word.startswith("/") and markup.blocks:
        _, region_start, steps = markup.blocks.pop()
        _close_region(markup, region_start, braces.start, steps)
    return False


def _test(markup: _Markup, braces: Braces, start: int) -> Name:
    markup.spots.append(Spot(braces.start, start, braces.close))
    return markup.name(start, braces.close)


def _close_region(markup: _Markup, start: int, end: int, steps: tuple[If, ...]) -> None:
    if steps and start < end and len(markup.blocks) <= _MOST_TESTS:
        offset = markup.offset
        markup.regions.append(Region(offset + start, offset + end, steps))


def _otherwise(markup: _Markup, braces: Braces, start: int, written: str) -> None:
    if not markup.blocks or markup.blocks[-1][0] != "if":
        return
    _, region_start, steps = markup.blocks.pop()
    _close_region(markup, region_start, braces.start, steps)
    last = steps[-1]
    steps = (*steps[:-1], replace(last, taken=False))[-_MOST_TESTS:]
    match = re.match(r":else\s+if\b", written)
    if match is not None:
        test = _test(markup, braces, start + match.end())
        steps = (*steps, If(test, True, test.start, test.end))
    markup.blocks.append(("if", braces.end, steps))


def _define(markup: _Markup, braces: Braces, name: str, start: int) -> None:
    markup.spots.append(Spot(braces.start, start, braces.close))
    value = markup.name(start, braces.close)
    markup.defines.append((name, value, braces.start, braces.end))


def _each(markup: _Markup, braces: Braces, start: int, written: str) -> None:
    markup.blocks.append(("each", braces.end, ()))
    match = _EACH.match(written)
    if match is None:
        return
    first, last = start + match.start(1), start + match.end(1)
    markup.spots.append(Spot(braces.start, first, last))
    _loop_names(markup, match.group(2), markup.name(first, last), braces.start, braces.end)


def _loop_names(markup: _Markup, pattern: str, listed: Expr, start: int, end: int) -> None:
    """The names that a loop gives to each of the things in `listed`."""
    item = Member(listed, UNKNOWN_KEY, listed.start, listed.end)
    names = _IDENTIFIER.findall(pattern)
    if pattern.lstrip("( ").startswith("{"):
        for name in _IDENTIFIER.findall(pattern.partition("}")[0]):
            value = Member(item, name, listed.start, listed.end)
            markup.defines.append((name, value, start, end))
    elif names:
        markup.defines.append((names[0], item, start, end))


def _await(markup: _Markup, braces: Braces, start: int, written: str) -> None:
    match = _AWAIT.match(written)
    if written.startswith("#"):
        markup.blocks.append(("await", braces.end, ()))
        if match is not None:
            promise, then, name = match.group(2).partition(" then ")
            first = start + match.start(2)
            markup.spots.append(Spot(braces.start, first, first + len(promise)))
            if then and name.strip().isidentifier():
                value = markup.name(first, first + len(promise))
                markup.defines.append((name.strip(), value, braces.start, braces.end))


def _walk(page: Page, markup: _Markup, *, vue: bool, deadline: float) -> None:
    passed = 0
    length = len(page.masks.text)
    for number, token in enumerate(component_tokens(page.masks.text)):
        if number % _CHECK_EVERY == 0 and monotonic() > deadline:
            add_unread(page, token.start, length, "reading took too long")
            break
        if token.start < passed:
            continue
        match token:
            case StartTag():
                if vue and page.tree.innermost() is None:
                    passed = _outermost(page, token)
                if not passed or passed <= token.start:
                    _start_tag(page, markup, token, vue=vue)
            case EndTag(name, start, end):
                page.tree.close_freely(name, start, end)
            case _:
                _text(page, markup, token)
    page.tree.finish(length)


def _outermost(page: Page, token: StartTag) -> int:
    """Where to go on after an outermost block of a Vue file that is not to be read, or 0."""
    if token.name in ("script", "style") or token.closed:
        return 0
    text = page.masks.text
    if token.name == "template":
        for part in token.parts:
            if part.name == "lang" and text[part.value_start : part.value_end] != "html":
                end = max(text.rfind("</template"), token.end)
                add_unread(page, token.end, end, "the template is not written in HTML")
                return end
        return 0
    end = text.find(f"</{token.name}", token.end)
    return len(text) if end < 0 else end


def _text(page: Page, markup: _Markup, token: Token) -> None:
    if isinstance(token, Run):
        _expressions(page, markup, token.end, way=page.tree.inner())
    assert not isinstance(token, StartTag | EndTag)
    aside(page, token)


def _expressions(
    page: Page,
    markup: _Markup,
    end: int,
    *,
    way: Way,
    events: Mapping[int, Callback] = MappingProxyType({}),
    bound: Mapping[int, Expr] = MappingProxyType({}),
) -> None:
    """Hand on the expressions that stand before `end` and have not been handed on."""
    while markup.next < len(markup.spots) and markup.spots[markup.next].place < end:
        spot = markup.spots[markup.next]
        markup.next += 1
        steps = way
        if spot.place in events:
            steps = (*way, events[spot.place])
        given = bound.get(spot.place)
        _expression(page, markup.text, spot.start, spot.end, way=steps, given=given)


def _expression(
    page: Page, text: str, start: int, end: int, *, way: Way, given: Expr | None
) -> None:
    offset = page.masks.offset
    page.fragments.append(
        Fragment(
            language=page.language,
            text=text[start:end],
            offset=offset + start,
            way=(*page.masks.way(start), *way),
            kind="expression",
            binds=f"@{offset + start}",
            given=given,
            scope=page.scope,
        )
    )


def _start_tag(page: Page, markup: _Markup, token: StartTag, *, vue: bool) -> None:
    tree = page.tree
    outer = tree.inner()
    parent = tree.innermost()
    opened = Opened(token.name, (), token.start, token.end, outer, outer)
    if vue:
        _vue_condition(page, opened, token, parent)
        opened.attributes = _identity(page, token)
        opened.attributes = tuple(_vue_attribute(page, opened, part) for part in token.parts)
    else:
        opened.attributes = attributes_of(page, token)
        events = _svelte_events(page, markup, opened, token)
        bound = _svelte_bindings(page, opened, token)
        _expressions(page, markup, token.end, way=opened.inner, events=events, bound=bound)
    opened.way = (*page.masks.way(token.start), *opened.inner)
    place(page, token, opened, alone=token.closed or token.name in VOID)


def _identity(page: Page, token: StartTag) -> tuple[Attribute, ...]:
    """The `id` alone, by which handlers among the other attributes are told apart."""
    named = (part for part in token.parts if part.name == "id" and part.value_start >= 0)
    return tuple(
        Attribute("id", page.masks.value(part.value_start, part.value_end)) for part in named
    )


def _vue_condition(page: Page, opened: Opened, token: StartTag, parent: Opened | None) -> None:
    """`v-if`, `v-else-if` and `v-else`. With `v-show` an element is in the page either way."""
    tests = () if parent is None else parent.tests
    kind, test = "", None
    for part in token.parts:
        if part.name in ("v-if", "v-else-if", "v-else"):
            kind = part.name
            if part.value_start >= 0:
                test = _name_of(page, part.value_start, part.value_end)
    steps: tuple[If, ...] = ()
    if kind in ("v-else", "v-else-if"):
        steps = tuple(If(earlier, False, earlier.start, earlier.end) for earlier in tests)
    else:
        tests = ()
    if kind and test is not None:
        steps = (*steps, If(test, True, test.start, test.end))
        tests = (*tests, test)[-_MOST_TESTS:]
    if parent is not None:
        parent.tests = tests if kind in ("v-if", "v-else-if") else ()
    if sum(isinstance(step, If) for step in opened.inner) <= _MOST_TESTS:
        opened.inner = (*opened.inner, *steps)


def _name_of(page: Page, start: int, end: int) -> Name:
    first = page.masks.offset + start
    return Name(f"@{first}", page.scope, first, page.masks.offset + end)


def _vue_attribute(page: Page, opened: Opened, part: Part) -> Attribute:
    masks = page.masks
    start, end = masks.offset + part.start, masks.offset + part.end
    written = masks.text[part.value_start : part.value_end] if part.value_start >= 0 else ""
    name = part.name
    if name.startswith(("@", "v-on:")) and written.strip():
        return _vue_event(page, opened, part, written)
    if name.startswith((":", "v-bind:", ".")) or name == "v-bind":
        name = name.partition(":")[2] if ":" in name else name.removeprefix(".")
        name = SPREAD if part.name == "v-bind" else name.partition(".")[0]
        name = UNKNOWN_KEY if name.startswith("[") else name
        if not written.strip():
            # `:id` alone is short for `:id="id"`.
            return Attribute(name, Name(_camel(name), page.scope, start, end), start, end)
        _directive(page, part, opened.inner)
        return Attribute(name, _name_of(page, part.value_start, part.value_end), start, end)
    if name == "v-for":
        return _vue_loop(page, opened, part, written)
    if name.startswith("v-") and not name.startswith("v-slot") and written.strip():
        way = page.tree.inner() if name in ("v-if", "v-else-if") else opened.inner
        given: Expr | None = None
        if name.partition(".")[0].partition(":")[0] == "v-model" and _takes(opened.tag):
            given = _bound(page, opened, "value")
            if page.scope != MEMBERS and _IDENTIFIER.fullmatch(written.strip()):
                _unwrapped(page, part, given)
                given = None
        _directive(page, part, way, given)
        return Attribute(name, _name_of(page, part.value_start, part.value_end), start, end)
    value = masks.value(part.value_start, part.value_end) if part.value_start >= 0 else None
    return Attribute(name, value, start, end)


def _takes(tag: str) -> bool:
    """Whether what an element is bound to gets what a visitor enters: controls, and components,
    which hand on what is entered into theirs."""
    return tag in _CONTROLS or "-" in tag or tag[:1].isupper()


def _camel(name: str) -> str:
    first, *others = name.split("-")
    return first + "".join(word.capitalize() for word in others)


def _directive(page: Page, part: Part, way: Way, given: Expr | None = None) -> None:
    binds = f"@{page.masks.offset + part.value_start}"
    add_value(page, page.language, part, "expression", way=way, binds=binds, given=given)


def _unwrapped(page: Page, part: Part, given: Expr) -> None:
    """In templates a name means the value of the ref of that name (Vue, "Ref Unwrapping")."""
    bound = _name_of(page, part.value_start, part.value_end)
    span = page.span(part.value_start, part.value_end)
    to = Member(bound, "value", bound.start, bound.end)
    page.facts.append(Assign(to, given, span, page.masks.way(part.value_start)))


def _bound(page: Page, opened: Opened, member: str) -> Expr:
    """What a two-way binding puts into the variable: a member of the element, or the element."""
    start, end = page.masks.offset + opened.start, page.masks.offset + opened.tag_end
    element = Opaque("element", start, end)
    return Member(element, member, start, end) if member else element


def _vue_event(page: Page, opened: Opened, part: Part, written: str) -> Attribute:
    """`@click="..."`: a function to be called, or the statements of one."""
    masks = page.masks
    event = part.name.removeprefix("@").removeprefix("v-on:").partition(".")[0]
    value = _name_of(page, part.value_start, part.value_end)
    attribute = Attribute(part.name, value, masks.offset + part.start, masks.offset + part.end)
    callback = callback_of(page, opened, event, attribute)
    if _REFERENCE.match(written):
        _directive(page, part, opened.inner)
        _listen(page, opened, callback, value)
        return attribute
    way = (*opened.inner, callback)
    if _FUNCTION.match(written):
        _directive(page, part, way)
        return attribute
    add_value(page, page.language, part, "handler", way=way)
    return replace(attribute, value=Opaque("handler", value.start, value.end))


def _listen(page: Page, opened: Opened, callback: Callback, listener: Expr) -> None:
    """A named function given as a handler, as the call of `addEventListener` that it amounts to."""
    event = callback.arguments[0]
    start, end = callback.start, callback.end
    invoke = Invoke(callback.to, (event, listener), start=start, end=end)
    offset = page.masks.offset
    span = page.span(start - offset, end - offset)
    way = (*page.masks.way(start - offset), *opened.inner)
    page.facts.append(Call(invoke, span, way))


def _vue_loop(page: Page, opened: Opened, part: Part, written: str) -> Attribute:
    masks = page.masks
    start, end = masks.offset + part.start, masks.offset + part.end
    match = _LOOP.match(written)
    if match is None:
        return Attribute(part.name, Text(written, start, end), start, end)
    first = part.value_start + match.end()
    listed = _name_of(page, first, part.value_end)
    binds = f"@{masks.offset + first}"
    add_value(
        page, page.language, part, "expression", way=opened.inner, skip=match.end(), binds=binds
    )
    loop = _Markup(masks.text, masks.offset, page.scope)
    _loop_names(loop, match.group(1), listed, part.start, part.end)
    for name, value, first, last in loop.defines:
        way = (*masks.way(first), *opened.inner)
        page.facts.append(Define(name, page.scope, value, page.span(first, last), way))
    return Attribute(part.name, listed, start, end)


def _svelte_bindings(page: Page, opened: Opened, token: StartTag) -> dict[int, Expr]:
    """What `bind:value={...}` and the like put into their variables, by place."""
    bound: dict[int, Expr] = {}
    for part in token.parts:
        member = _BOUND.get(part.name.removeprefix("bind:"))
        if not part.name.startswith("bind:") or member is None:
            continue
        if part.name == "bind:this" or _takes(opened.tag):
            bound[part.value_start] = _bound(page, opened, member)
    return bound


def _svelte_events(
    page: Page, markup: _Markup, opened: Opened, token: StartTag
) -> dict[int, Callback]:
    """The callbacks of functions written into `on:click={...}` or `onclick={...}`, by place."""
    events: dict[int, Callback] = {}
    written: dict[int, Spot] = {}
    index = markup.next
    while index < len(markup.spots) and markup.spots[index].place < token.end:
        written[markup.spots[index].place] = markup.spots[index]
        index += 1
    for part, attribute in zip(token.parts, opened.attributes, strict=True):
        name = attribute.name
        spot = written.get(part.value_start)
        if spot is None or not name.startswith("on") or attribute.value is None:
            continue
        event = name[2:].removeprefix(":").partition("|")[0]
        callback = callback_of(page, opened, event, attribute)
        source = markup.text[spot.start : spot.end]
        if _FUNCTION.match(source):
            events[spot.place] = callback
        elif _REFERENCE.match(source):
            _listen(page, opened, callback, attribute.value)
    return events
