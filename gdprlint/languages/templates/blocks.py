"""Tags of Django, Jinja and Liquid to links, conditions and holes; what is left is a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from types import MappingProxyType

from gdprlint.facts import (
    FORM_WRITTEN,
    TEMPLATE_SCOPE,
    UNKNOWN_KEY,
    Attribute,
    Call,
    Callback,
    Choice,
    Comment,
    Compare,
    Define,
    Either,
    Element,
    Entry,
    Expr,
    Fact,
    Field,
    Fragment,
    Hole,
    If,
    Invoke,
    Items,
    Join,
    Keyword,
    Link,
    Member,
    Name,
    Opaque,
    Reading,
    Record,
    Region,
    Span,
    Text,
    Unread,
    Way,
)
from gdprlint.facts.unread import unread
from gdprlint.languages.templates.expression import (
    WHOLE_FORM,
    expression,
    expressions,
    form_field,
    listed,
)
from gdprlint.languages.templates.inner import blanks, named, page_fragment
from gdprlint.languages.templates.scan import Piece, django_pieces, interpolations, jinja_pieces
from gdprlint.languages.templates.words import words

_WORD = re.compile(r"\s*([\w.@-]+)\s*")
_ENDS = re.compile(r"\{%[-+~]?\s*end_?(\w+)")
_AS = re.compile(r"\sas\s+(\w+)\s*(?:silent\s*)?\Z")
_WITH = re.compile(r"\s(?:with|only|ignore\s+missing|without\s+context|with\s+context)(?=\s|\Z)")
_IN = re.compile(r"\s+in\s+")
_ASSIGNED = re.compile(r"([\w.,\s]{1,200}?)\s*=(?!=)\s*")
_END_COMMENT = re.compile(r"\{%[-+~]?\s*endcomment\b[^%\n]*%\}")
_SCANNERS: Mapping[str, Callable[[str], Iterator[Piece]]] = MappingProxyType(
    {
        "django": django_pieces,
        "jinja": jinja_pieces,
        "liquid": jinja_pieces,
        "interpolated": interpolations,
    }
)
_CHECK_EVERY = 512
_DEEPEST = 64
_MOST_TESTS = 32
_CONDITIONS = frozenset(("if", "ifequal", "ifnotequal", "ifchanged", "unless"))
# Blocks whose inside is written out as it stands, under no condition.
_PLAIN_BLOCKS = words(
    "for block with autoescape spaceless filter macro call blocktrans blocktranslate cache"
    " localize localtime timezone language compress set capture embed apply sandbox trans"
    " paginate form tablerow case while snippet script addtoblock partialdef verbatim raw"
)
_ALWAYS_BLOCKS = _CONDITIONS | {"for", "block", "autoescape", "spaceless", "macro", "filter"}
_BARE_FILE = re.compile(r"\s*((?:[\w-]+/)*[\w-]+\.(?:html?|md|svg|liquid|njk|xml|js|css))(?=\s|$)")
_INCLUDES = frozenset(("include", "import", "from", "embed", "include_relative", "render", "use"))
_SILENT = words(
    "load csrf_token raw endraw verbatim endverbatim plural debug do cycle resetcycle break"
    " continue firstof lorem now templatetag widthratio regroup get_current_language"
    " get_available_languages pluralize increment decrement layout lib"
)


# Functions that write a value and no markup with fields.
_NO_MACROS = words(
    "url_for url static super caller _ gettext ngettext pgettext csrf_token range dict include join"
    " get items keys values format replace strip lower upper title isoformat strftime"
)
_LONGEST_TEXT = 2_000
# What Go's templates begin with; the words of the first group write nothing themselves.
_GO = re.compile(
    r"-?\s*(?:((?:if|else|end|range|with|define|block|/\*)\b)|[.$]\w*|(?:partial|template|printf|site)\b)"
)


@dataclass(slots=True)
class _Block:
    """A block whose end is still to come; `steps` hold in its present branch."""

    name: str
    start: int
    tag_end: int
    way: Way
    branch: int
    steps: Way = ()
    link: int = -1


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag by its name; its arguments run from `inner` to `close`."""

    name: str
    start: int
    end: int
    inner: int
    close: int


@dataclass(slots=True)
class _Template:
    """What has been found in a template so far."""

    fragment: Fragment
    path: str
    ends: frozenset[str]
    facts: list[Fact] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)
    regions: list[Region] = field(default_factory=list)
    blocks: list[_Block] = field(default_factory=list)
    opened: dict[str, int] = field(default_factory=dict)
    masked: list[str] = field(default_factory=list)
    fields: set[str] = field(default_factory=set)
    position: int = 0
    unread: int = 0

    @property
    def text(self) -> str:
        return self.fragment.text

    @property
    def offset(self) -> int:
        return self.fragment.offset

    @property
    def way(self) -> Way:
        """The way of what is written next."""
        if not self.blocks:
            return self.fragment.way
        return (*self.blocks[-1].way, *self.blocks[-1].steps)

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, self.offset + start, self.offset + end)

    def arguments(self, tag: Tag) -> tuple[Expr, ...]:
        return expressions(self.text, tag.inner, tag.close, offset=self.offset)

    def value(self, start: int, end: int) -> Expr:
        return expression(self.text, start, end, offset=self.offset)

    def hide(self, start: int, end: int, value: Expr | None) -> None:
        """Mask a stretch that writes `value` out, or nothing."""
        first, last = self.offset + start, self.offset + end
        if value is None:
            value = Text("", first, last)
        nothing = isinstance(value, Text) and not value.text
        self.holes.append(Hole(first, last, value))
        self.masked.append(self.text[self.position : start])
        written = self.text[start:end]
        self.masked.append(blanks(written) if nothing else named(written))
        self.position = end


def read_tags(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts of a Django, Jinja or Liquid template, and the page that it makes."""
    text = fragment.text
    pieces = _SCANNERS[fragment.language](text)
    template = _Template(fragment, path, frozenset(_ENDS.findall(text)))
    for number, piece in enumerate(pieces):
        if piece.start < template.position:
            continue
        if number % _CHECK_EVERY == 0 and monotonic() > deadline:
            _add_unread(template, piece.start, len(text), "reading took too long")
            template.hide(piece.start, len(text), None)
            break
        _piece(template, piece)
    _finish(template)
    template.masked.append(text[template.position :])
    page = page_fragment(fragment, path, "".join(template.masked), template.holes, template.regions)
    return Reading(
        facts=tuple(template.facts),
        comments=tuple(template.comments),
        fragments=() if page is None else (page,),
    )


def _piece(template: _Template, piece: Piece) -> None:
    match piece.kind:
        case "comment":
            _comment(template, piece.start, piece.end, piece.inner, piece.close)
        case "output":
            _output(template, piece)
        case "tag":
            _tag(template, piece)
        case "broken":
            if piece.start >= template.unread:
                line_end = template.text.find("\n", piece.start)
                template.unread = len(template.text) if line_end < 0 else line_end
                _add_unread(template, piece.start, template.unread, "the tag is not closed")


def _comment(template: _Template, start: int, end: int, inner: int, close: int) -> None:
    text = template.text[inner:close]
    template.comments.append(Comment(text, template.span(start, end)))
    template.hide(start, end, None)


def _add_unread(template: _Template, start: int, end: int, why: str) -> None:
    found = unread(template.path, template.text, start, end, why)
    offset = template.offset
    mentions = tuple(replace(mention, start=mention.start + offset) for mention in found.mentions)
    template.facts.append(Unread(template.span(start, end), why, mentions))


def _output(template: _Template, piece: Piece) -> None:
    if not template.text[piece.inner : piece.close].strip():
        template.hide(piece.start, piece.end, None)
        return
    value = form_field(template.value(piece.inner, piece.close))
    if isinstance(value, Opaque) and template.fragment.language == "interpolated":
        words = _GO.match(template.text, piece.inner, piece.close)
        if words is not None:
            template.hide(piece.start, piece.end, None if words.group(1) else value)
        # Else braces of a script, as far as anyone can tell.
        return
    _form_elements(template, piece, value)
    _calls_macro(template, value, piece)
    match value:
        case Invoke(_, arguments) if arguments and not _is_filter(value):
            # What a macro is given of a form it writes out.
            for field_ in map(form_field, _unnamed(arguments)):
                if isinstance(field_, Field):
                    _form_elements(template, piece, field_)
    match value:
        case Invoke(Name("super")) | Member(Name("block"), "super"):
            # What the parent's block holds is shown here as well.
            called = Invoke(Name("super", TEMPLATE_SCOPE), (), False, value.start, value.end)
            span = template.span(piece.start, piece.end)
            template.facts.append(Call(called, span, template.way))
        case Invoke(Name("filter json_script"), (shown, identity, *_)):
            start, end = template.offset + piece.start, template.offset + piece.end
            attributes = (
                Attribute("type", Text("application/json", start, end), start, end),
                Attribute("id", identity, start, end),
            )
            span = template.span(piece.start, piece.end)
            template.facts.append(Element("script", attributes, span, template.way, end, shown))
        case Invoke(Name("include"), (target, *_)):
            _links(template, "include", target, piece)
    template.hide(piece.start, piece.end, value)


def _form_elements(template: _Template, piece: Piece | Tag, value: Expr) -> None:
    """A form field written out is an input of that name, a whole form inputs of unknown names."""
    shown = value
    while isinstance(shown, Invoke) and shown.arguments and _is_filter(shown):
        shown = shown.arguments[0]
    if isinstance(shown, Invoke) and isinstance(shown.to, Member):
        shown = shown.to
    whole: Expr | None = None
    match shown:
        case Field():
            pass
        case Name("field" | "bound_field" | "form"):
            # A name that loops over a form's fields is by custom this one.
            whole = shown
        case Name(owner) if owner in template.fields or _is_form(owner):
            whole = shown
        case Member(Name(owner) as whole, part) if part in WHOLE_FORM and _is_form(owner):
            pass
        case _:
            return
    start, end = template.offset + piece.start, template.offset + piece.end
    attributes = [Attribute("name", shown, start, end)]
    if whole is not None:
        every = Field(UNKNOWN_KEY, shown.start, shown.end)
        attributes = [Attribute("name", every, start, end)]
        attributes.append(Attribute(FORM_WRITTEN, whole, start, end))
    span = template.span(piece.start, piece.end)
    template.facts.append(Element("input", tuple(attributes), span, template.way, end))


def _is_form(name: str) -> bool:
    return name == "form" or name.endswith(("_form", "Form"))


def _unnamed(arguments: Iterable[Expr]) -> Iterator[Expr]:
    """Arguments, the values of those that are given by name among them."""
    return (each.value if isinstance(each, Keyword) else each for each in arguments)


def _is_filter(invoke: Invoke) -> bool:
    return isinstance(invoke.to, Name) and invoke.to.name.startswith("filter ")


def _tag(template: _Template, piece: Piece) -> None:
    text = template.text
    found = _WORD.match(text, piece.inner, piece.close)
    if found is None:
        template.hide(piece.start, piece.end, None)
        return
    tag = Tag(found.group(1), piece.start, piece.end, found.end(), piece.close)
    if tag.name == "comment":
        end = _END_COMMENT.search(text, tag.end)
        if end is None:
            _add_unread(template, tag.start, len(text), "the comment is not closed")
            template.hide(tag.start, len(text), None)
        else:
            _comment(template, tag.start, end.end(), tag.end, end.start())
        return
    template.hide(tag.start, tag.end, _meaning(template, tag))


def _meaning(template: _Template, tag: Tag) -> Expr | None:
    """Take a tag in; the value that it writes out, if any."""
    name = tag.name
    if name in _CONDITIONS:
        _condition(template, tag)
    elif name in ("elif", "elseif", "elsif"):
        _branch(template, tag, template.value(tag.inner, tag.close))
    elif name == "else":
        _otherwise(template, tag)
    elif name.startswith("end"):
        _end(template, name[3:].lstrip("_"), tag)
    elif name == "extends":
        _links(template, "extends", template.value(*_target(template, tag)), tag)
    elif name in _INCLUDES:
        _include(template, tag)
    elif name == "block":
        _named_block(template, tag)
    elif name == "macro":
        _macro(template, tag)
    elif name == "call":
        _calls_macro(template, template.value(tag.inner, tag.close), tag)
        _open(template, tag)
    elif name == "for":
        _loop(template, tag)
    elif name in ("with", "set", "assign", "capture", "blocktrans", "blocktranslate"):
        _assignments(template, tag)
    elif name in ("trans", "translate", "url", "static"):
        return _value_tag(template, tag)
    elif name in ("csrf_token", "load") or name in _SILENT:
        return None
    else:
        return _unknown(template, tag)
    return None


def _open(template: _Template, tag: Tag, steps: Way = (), *, link: int = -1) -> None:
    kept = steps if len(template.blocks) < _DEEPEST else ()
    template.blocks.append(_Block(tag.name, tag.start, tag.end, template.way, tag.end, kept, link))
    template.opened[tag.name] = template.opened.get(tag.name, 0) + 1


def _condition(template: _Template, tag: Tag) -> None:
    start, end = template.offset + tag.inner, template.offset + tag.close
    test: Expr
    if tag.name in ("if", "unless"):
        test = template.value(tag.inner, tag.close)
    else:
        arguments = template.arguments(tag)
        if tag.name != "ifchanged" and len(arguments) == 2:
            operator = "==" if tag.name == "ifequal" else "!="
            test = Compare(operator, *arguments, start, end)
        else:
            test = Opaque("whether it changed", start, end)
    _open(template, tag, (If(test, tag.name != "unless", start, end),))


def _close_branch(template: _Template, block: _Block, end: int) -> None:
    if block.steps and block.branch < end:
        offset = template.offset
        template.regions.append(Region(offset + block.branch, offset + end, block.steps))


def _turned(steps: Way) -> Way:
    """The steps of a branch, turned into what holds in the branches after it."""
    if not steps or not isinstance(steps[-1], If):
        return steps
    return (*steps[:-1], replace(steps[-1], taken=not steps[-1].taken))[-_MOST_TESTS:]


def _branch(template: _Template, tag: Tag, test: Expr | None) -> None:
    """The next branch of the innermost condition."""
    if not template.blocks or template.blocks[-1].name not in _CONDITIONS:
        if test is not None:
            _add_unread(template, tag.start, tag.end, f"{tag.name} has no if")
        return
    block = template.blocks[-1]
    _close_branch(template, block, tag.start)
    block.branch = tag.end
    block.steps = _turned(block.steps)
    if test is not None and block.steps:
        block.steps = (*block.steps, If(test, True, test.start, test.end))


def _otherwise(template: _Template, tag: Tag) -> None:
    found = re.compile(r"if\b").match(template.text, tag.inner, tag.close)
    if found is not None:
        _branch(template, tag, template.value(found.end(), tag.close))
    else:
        _branch(template, tag, None)


def _end(template: _Template, name: str, tag: Tag) -> None:
    if not name and template.blocks:
        name = template.blocks[-1].name
    if not template.opened.get(name):
        if name in _ALWAYS_BLOCKS:
            _add_unread(template, tag.start, tag.end, f"{tag.name} ends nothing")
        return
    while True:
        block = template.blocks.pop()
        template.opened[block.name] -= 1
        if block.name == name:
            break
        _unclosed(template, block)
    _close_branch(template, block, tag.start)
    if block.link >= 0:
        link = template.facts[block.link]
        assert isinstance(link, Link)
        template.facts[block.link] = replace(link, end=template.offset + tag.end)
        if link.kind == "block":
            _block_text(template, link, block.tag_end, tag.start)


def _block_text(template: _Template, link: Link, start: int, end: int) -> None:
    """A block of text alone, as blocks of titles are, is a value by its name: `block title`."""
    text = template.text[start:end]
    if len(text) > _LONGEST_TEXT or not isinstance(link.target, Text):
        return
    first, last = template.offset + start, template.offset + end
    parts: list[Expr] = []
    at = start
    for hole in template.holes:
        if hole.end <= first or hole.start >= last:
            continue
        parts.extend(_plain(template, at, hole.start - template.offset))
        parts.append(hole.value)
        at = hole.end - template.offset
    parts.extend(_plain(template, at, end))
    if any(isinstance(part, Text) and "<" in part.text for part in parts):
        return
    value = parts[0] if len(parts) == 1 else Join(tuple(parts), first, last)
    span = Span(template.path, first, last)
    template.facts.append(
        Define(f"block {link.target.text}", TEMPLATE_SCOPE, value, span, template.way)
    )


def _plain(template: _Template, start: int, end: int) -> Iterator[Text]:
    if start < end:
        yield Text(template.text[start:end], template.offset + start, template.offset + end)


def _unclosed(template: _Template, block: _Block) -> None:
    """A block without an end: what is in it is read, but under which conditions is not known."""
    if block.name in _ALWAYS_BLOCKS or f"end{block.name}" in template.ends:
        _add_unread(template, block.start, block.tag_end, f"{block.name} is not closed")


def _finish(template: _Template) -> None:
    while template.blocks:
        block = template.blocks.pop()
        _unclosed(template, block)
        if block.link >= 0:
            link = template.facts[block.link]
            assert isinstance(link, Link)
            end = template.offset + len(template.text)
            template.facts[block.link] = replace(link, end=end)


def _target(template: _Template, tag: Tag) -> tuple[int, int]:
    """The arguments without `with ...`, `only` and the like."""
    found = _WITH.search(template.text, tag.inner, tag.close)
    return tag.inner, tag.close if found is None else found.start()


def _links(template: _Template, kind: str, target: Expr, tag: Tag | Piece) -> None:
    span = template.span(tag.start, tag.end)
    assert kind in ("extends", "include")
    for candidate in _parents(target) if kind == "extends" else _candidates(target):
        if kind == "extends":
            template.facts.append(Link("extends", candidate, span, template.way))
        else:
            template.facts.append(Link("include", candidate, span, template.way))


def _parents(target: Expr) -> Iterator[Expr]:
    """All that a template may extend, by a condition or where nothing else is given."""
    match target:
        case Choice(_, yes, no) | Either(yes, no):
            yield from _parents(yes)
            yield from _parents(no)
        case Invoke(Name("filter default" | "filter default_if_none"), (first, second, *_)):
            yield from _parents(first)
            yield from _parents(second)
        case _:
            yield from _candidates(target)


def _candidates(target: Expr) -> Iterator[Expr]:
    match target:
        case Items(items):
            yield from items
        case Choice(_, yes, no) if isinstance(yes, Items) or isinstance(no, Items):
            yield from _candidates(yes)
            yield from _candidates(no)
        case _:
            yield target


def _include(template: _Template, tag: Tag) -> None:
    start, end = _target(template, tag)
    if tag.name in ("import", "from"):
        found = re.compile(r"\s(?:as|import)\s").search(template.text, start, end)
        end = end if found is None else found.start()
    bare = _BARE_FILE.match(template.text, start, end)
    if bare is not None:
        # Liquid's includes name files without quotes; to Django it would be a variable.
        first, last = template.offset + bare.start(1), template.offset + bare.end(1)
        _links(template, "include", Text(bare.group(1), first, last), tag)
        return
    arguments = expressions(template.text, start, end, offset=template.offset)
    target = template.value(start, end)
    if isinstance(target, Opaque) and arguments:
        target = arguments[0]
    _links(template, "include", target, tag)
    found = re.compile(r"\swith\s+").search(template.text, tag.inner, tag.close)
    if found is not None:
        given = expressions(template.text, found.end(), tag.close, offset=template.offset)
        _define_keywords(template, given, tag)
        for argument in _unnamed(given):
            shown = form_field(argument)
            if isinstance(shown, Field):
                # The template that is included writes the field out.
                _form_elements(template, tag, shown)
    if tag.name == "embed":
        _open(template, tag)


def _define(template: _Template, name: str, value: Expr, tag: Tag) -> None:
    span = template.span(tag.start, tag.end)
    template.facts.append(Define(name, TEMPLATE_SCOPE, value, span, template.way))


def _define_keywords(template: _Template, given: Iterable[Expr], tag: Tag) -> None:
    for argument in given:
        if isinstance(argument, Keyword):
            _define(template, argument.name, argument.value, tag)


def _named_block(template: _Template, tag: Tag) -> None:
    arguments = template.arguments(tag)
    name = ""
    if arguments and isinstance(arguments[0], Name | Text):
        first = arguments[0]
        name = first.name if isinstance(first, Name) else first.text
    start, end = template.offset + tag.inner, template.offset + tag.close
    span = template.span(tag.start, tag.end)
    link = Link("block", Text(name, start, end), span, template.way, span.end)
    template.facts.append(link)
    # Twig's short form gives the block's text with it.
    if len(arguments) < 2 or not isinstance(arguments[1], Text):
        _open(template, tag, link=len(template.facts) - 1)


def _macro(template: _Template, tag: Tag) -> None:
    """A macro with its parameters, whose names mean what its calls give."""
    made = template.value(tag.inner, tag.close)
    if not isinstance(made, Invoke) or not isinstance(made.to, Name):
        _open(template, tag)
        return
    entries: list[Entry] = []
    for parameter in made.arguments:
        match parameter:
            case Name(name, _, start, end):
                entries.append(Entry(name, Opaque("not given", start, end), start, end))
            case Keyword(name, default, start, end):
                entries.append(Entry(name, default, start, end))
    span = template.span(tag.start, tag.end)
    named = Text(made.to.name, made.to.start, made.to.end)
    taken = Record(tuple(entries), made.start, made.end)
    template.facts.append(Link("macro", named, span, template.way, span.end, given=taken))
    _open(template, tag, link=len(template.facts) - 1)


def _calls_macro(template: _Template, value: Expr, piece: Piece | Tag) -> None:
    """A call of what may be a macro, under a name that no script can spell."""
    match value:
        case Invoke(Name(name) | Member(_, name), arguments) if name not in _NO_MACROS:
            if _is_filter(value):
                return
            called = Name(f"macro {name}", TEMPLATE_SCOPE, value.start, value.end)
            invoke = replace(value, to=called, arguments=arguments)
            span = template.span(piece.start, piece.end)
            template.facts.append(Call(invoke, span, template.way))


def _loop(template: _Template, tag: Tag) -> None:
    text = template.text
    found = _IN.search(text, tag.inner, tag.close)
    if found is not None:
        names = re.findall(r"\w+", text[tag.inner : found.start()])
        iterable = template.value(found.end(), tag.close)
        match iterable:
            case Opaque():
                arguments = expressions(text, found.end(), tag.close, offset=template.offset)
                iterable = arguments[0] if arguments else iterable
            case Choice(_, yes, _):
                # `for x in xs if test`: without an `else`, the `if` filters.
                iterable = yes
        item = Member(iterable, UNKNOWN_KEY, iterable.start, iterable.end)
        match iterable:
            case Name(owner) | Member(Name(owner), "visible_fields" | "hidden_fields"):
                template.fields.update(names[:1] if _is_form(owner) else ())
        for name in names[:8]:
            _define(template, name, item, tag)
    _open(template, tag)


def _assignments(template: _Template, tag: Tag) -> None:
    text = template.text
    opens = tag.name in ("with", "blocktrans", "blocktranslate", "capture")
    if tag.name in ("set", "assign"):
        opens = not _set(template, tag)
    elif tag.name == "capture":
        name = text[tag.inner : tag.close].strip()
        _define(template, name, Opaque("captured text", *_places(template, tag)), tag)
    else:
        old = re.compile(r"(\S+)\s+as\s+(\w+)").match(text, tag.inner, tag.close)
        if old is not None:
            value = template.value(old.start(1), old.end(1))
            _define(template, old.group(2), value, tag)
        given = listed(text, tag.inner, tag.close, offset=template.offset)
        _define_keywords(template, given or template.arguments(tag), tag)
    if opens:
        _open(template, tag)


def _places(template: _Template, tag: Tag) -> tuple[int, int]:
    return template.offset + tag.start, template.offset + tag.end


def _set(template: _Template, tag: Tag) -> bool:
    """`{% set a = b %}`; whether it gives a value, or opens a block that does."""
    text = template.text
    found = _ASSIGNED.match(text, tag.inner, tag.close)
    if found is None:
        name = text[tag.inner : tag.close].partition("|")[0].strip()
        _define(template, name, Opaque("the text of a block", *_places(template, tag)), tag)
        return False
    names = [name.strip() for name in found.group(1).split(",")]
    value = template.value(found.end(), tag.close)
    if isinstance(value, Opaque):
        several = listed(text, found.end(), tag.close, offset=template.offset)
        value = Items(several, value.start, value.end) if several else value
    if len(names) == 1:
        _define(template, names[0].rpartition(".")[2], value, tag)
        return True
    for place, name in enumerate(names):
        part: Expr = Member(value, str(place), value.start, value.end)
        if isinstance(value, Items) and place < len(value.items):
            part = value.items[place]
        _define(template, name, part, tag)
    return True


def _value_tag(template: _Template, tag: Tag) -> Expr | None:
    """`url`, `static` and `trans`: the values that they write out or give a name to."""
    text = template.text
    named = _AS.search(text, tag.inner - 1, tag.close)
    close = tag.close if named is None else named.start()
    arguments = expressions(text, tag.inner, close, offset=template.offset)
    value: Expr
    start, end = _places(template, tag)
    if tag.name in ("trans", "translate"):
        if not arguments or isinstance(arguments[0], Keyword):
            _define_keywords(template, arguments, tag)
            if f"{tag.name}" in template.ends:
                _open(template, tag)
            return None
        value = arguments[0]
    else:
        value = Invoke(Name(tag.name, TEMPLATE_SCOPE, start, end), arguments, start=start, end=end)
    if named is None:
        return value
    _define(template, named.group(1), value, tag)
    return None


def _unknown(template: _Template, tag: Tag) -> Expr | None:
    """A tag of a library: a call by its name; a block of a library, a callback given to it."""
    start, end = _places(template, tag)
    named = _AS.search(template.text, tag.inner - 1, tag.close)
    close = tag.close if named is None else named.start()
    arguments = expressions(template.text, tag.inner, close, offset=template.offset)
    arguments = tuple(form_field(argument) for argument in arguments)
    for argument in arguments:
        _form_elements(template, tag, argument)
    called = Name(f"tag {tag.name}", TEMPLATE_SCOPE, start, end)
    if tag.name in template.ends:
        steps: Way = ()
        if tag.name not in _PLAIN_BLOCKS:
            steps = (Callback(called, arguments, len(arguments), start, end),)
        _open(template, tag, steps)
        return None
    if tag.name in ("when", "empty", "default"):
        return None
    invoke = Invoke(called, arguments, start=start, end=end)
    template.facts.append(Call(invoke, template.span(tag.start, tag.end), template.way))
    if named is not None:
        _define(template, named.group(1), invoke, tag)
        return None
    return invoke
