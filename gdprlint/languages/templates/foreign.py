"""Templates of languages that are not read: what they write is a hole, what is left a page."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from time import monotonic
from types import MappingProxyType
from typing import Literal, NamedTuple, TypeAlias

from gdprlint.facts import (
    Comment,
    Expr,
    Fact,
    Fragment,
    Hole,
    Link,
    Opaque,
    Reading,
    Span,
    Text,
    Unread,
)
from gdprlint.facts.unread import unread
from gdprlint.languages.templates.branches import Branches
from gdprlint.languages.templates.expression import expression
from gdprlint.languages.templates.inner import blanks, named, page_fragment
from gdprlint.languages.templates.words import words

Kind: TypeAlias = Literal["code", "output", "comment", "module", "extends", "include", "broken"]
"""`module`: a stretch of TypeScript. Links have their target between `inner` and `close`."""


class Stretch(NamedTuple):
    """What another language wrote; what is between its marks is `inner` to `close`."""

    kind: Kind
    start: int
    end: int
    inner: int
    close: int


Scanner: TypeAlias = Callable[[str], Iterator[Stretch]]
"""Finds the stretches of one language, in order and apart from one another."""

_PATH = re.compile(r"\s*[A-Za-z_]\w*(?:\.\w+)*\s*")
_STRING = r"\"(?:[^\"\\]++|\\[\s\S])*+\"?|'(?:[^'\\]++|\\[\s\S])*+'?"
_BRACKETS = re.compile(rf"{_STRING}|/\*|//[^\n]*+|[{{}}()\[\]`]")
_PARENTHESES = re.compile(rf"{_STRING}|[()]")
_CLOSES = {"}": "{", ")": "(", "]": "["}
_MOST_DEPTH = 10000


def balanced(text: str, start: int) -> int:
    """Where the bracket at `start` is closed (the place after it), or -1.

    Strings, comments and template literals are stepped over.
    """
    around: list[str] = []
    position = start
    while True:
        found = _BRACKETS.search(text, position)
        if found is None or len(around) > _MOST_DEPTH:
            return -1
        mark = found.group()
        position = found.end()
        if mark == "/*":
            position = text.find("*/", position) + 2
            if position < 2:
                return -1
        elif mark == "`":
            position = text.find("`", position) + 1
            if not position:
                return -1
        elif mark in ("{", "(", "["):
            around.append(mark)
        elif mark in _CLOSES:
            if around and around[-1] == _CLOSES[mark]:
                around.pop()
            if not around:
                return position


def _parenthesis(text: str, start: int) -> int:
    """Where the `(` at `start` is closed (the place after it), or -1."""
    depth = 0
    for found in _PARENTHESES.finditer(text, start):
        if found.group() == "(":
            depth += 1
        elif found.group() == ")":
            depth -= 1
            if depth == 0:
                return found.end()
    return -1


_PHP = re.compile(r"<\?(?:php(?=\s|\Z)|=|(?!xml))", re.IGNORECASE)
_PHP_INSIDE = re.compile(
    rf"\?>|(?://|#(?!\[))(?:[^\n\r?]++|\?(?!>))*+|/\*|<<<[ \t]*[\"']?(\w+)[\"']?[^\n]*\n|{_STRING}"
)
_PHP_OUTPUT = re.compile(
    r"\s*(?:echo\b|print\b|_e\(|the_\w+\(|esc_\w+_e\(|[\w\\:]+\([^;{}]*\)\s*;?\s*\Z)"
)
_PHP_CONTROL = re.compile(
    r"\s*(?:if|else|elseif|for|foreach|while|switch|end\w+|require|include)\b"
)


def php(text: str) -> Iterator[Stretch]:
    """`<?php ... ?>` and `<?= ... ?>`; the last one of a file needs no end."""
    position = 0
    while True:
        found = _PHP.search(text, position)
        if found is None:
            return
        start, inner = found.span()
        close = _php_end(text, inner)
        position = min(close + 2, len(text))
        kind: Kind = "code"
        if found.group() == "<?=" or (
            not _PHP_CONTROL.match(text, inner, close) and _PHP_OUTPUT.match(text, inner, close)
        ):
            kind = "output"
        yield Stretch(kind, start, position, inner, close)


def _php_end(text: str, position: int) -> int:
    while True:
        found = _PHP_INSIDE.search(text, position)
        if found is None:
            return len(text)
        mark = found.group()
        if mark == "?>":
            return found.start()
        position = found.end()
        if mark == "/*":
            position = text.find("*/", position) + 2
            if position < 2:
                return len(text)
        elif found.group(1):
            ending = re.compile(rf"^[ \t]*{found.group(1)}\b", re.MULTILINE)
            last = ending.search(text, position)
            position = len(text) if last is None else last.end()


class _Marks(NamedTuple):
    """An opening mark, the closing one, and what stands between."""

    opening: str
    closing: str
    kind: Kind


def _delimited(text: str, marks: tuple[_Marks, ...]) -> Iterator[Stretch]:
    """Stretches between fixed marks; longer marks come first. What does not end is broken."""
    opening = re.compile("|".join(re.escape(mark.opening) for mark in marks))
    known = {mark.opening: mark for mark in marks}
    missing: set[str] = set()
    position = 0
    while True:
        found = opening.search(text, position)
        if found is None:
            return
        mark = known[found.group()]
        start, inner = found.span()
        close = -1 if mark.closing in missing else text.find(mark.closing, inner)
        if close < 0:
            missing.add(mark.closing)
            yield Stretch("broken", start, inner, inner, inner)
            position = inner
            continue
        position = close + len(mark.closing)
        yield Stretch(mark.kind, start, position, inner, close)


_EJS = (
    _Marks("<%#", "%>", "comment"),
    _Marks("<%==", "%>", "output"),
    _Marks("<%=", "%>", "output"),
    _Marks("<%-", "%>", "output"),
    _Marks("<%", "%>", "code"),
)
_ERB = tuple(
    _Marks(mark.opening, mark.closing, "code") if mark.opening == "<%-" else mark for mark in _EJS
)
_HANDLEBARS = (
    _Marks("{{{{", "}}}}", "code"),
    _Marks("{{!--", "--}}", "comment"),
    _Marks("{{~!--", "--}}", "comment"),
    _Marks("{{{", "}}}", "output"),
    _Marks("{{!", "}}", "comment"),
    *(_Marks("{{" + sign, "}}", "code") for sign in ("#", "/", "^", "~#", "~/", "~^", ">", "else")),
    _Marks("{{~", "}}", "output"),
    _Marks("{{", "}}", "output"),
)


def erb(text: str) -> Iterator[Stretch]:
    """Ruby's `<% %>`; `<%%` is a literal one, which hides as code."""
    return _delimited(text, _ERB)


def ejs(text: str) -> Iterator[Stretch]:
    """EJS, where `<%-` writes out without escaping."""
    return _delimited(text, _EJS)


def handlebars(text: str) -> Iterator[Stretch]:
    """Handlebars and Mustache."""
    return _delimited(text, _HANDLEBARS)


_BLADE = re.compile(
    r"\{\{--|\{!!|\{\{|<\?(?:php(?=\s|\Z)|=)|@php\b(?!\s*\()|(?<![\w@])@(\w+)([ \t]*\()?",
    re.IGNORECASE,
)
_BLADE_WORDS = words(
    "append auth aware basset break can cannot canany case checked class component continue"
    " csrf csp dd default disabled dump each else elseauth elsecan elseguest elseif empty"
    " endauth endcan endcannot endcanany endcomponent endempty endenv enderror endforeach"
    " endfor endforelse endfragment endguest endif endisset endonce endpersist endphp"
    " endprepend endprependonce endproduction endpush endpushonce endpushif endsection"
    " endsession endslot endswitch endteleport endunless endverbatim endwhile env error"
    " extends extendsfirst for foreach forelse fragment guest hassection if include includeif"
    " includefirst includeunless includewhen inject isset js json lang livewire"
    " livewirescripts livewirestyles method once overwrite parent persist prepend"
    " prependonce production props push pushif pushonce readonly required routes section"
    " sectionmissing selected session show slot stack stop style switch teleport unless use"
    " verbatim vite vitereactrefresh while yield"
)
_BLADE_OUTPUTS = frozenset(("json", "js", "lang", "yield", "vite", "method"))
_BLADE_ENDS = {"{{--": "--}}", "{!!": "!!}", "{{": "}}"}


def blade(text: str) -> Iterator[Stretch]:
    """Laravel's Blade: outputs, comments, directives, and PHP."""
    position = 0
    while True:
        found = _BLADE.search(text, position)
        if found is None:
            return
        start, inner = found.span()
        mark = found.group()
        if mark in _BLADE_ENDS:
            ending = _BLADE_ENDS[mark]
            close = text.find(ending, inner)
            end = close + len(ending)
            kind: Kind = "comment" if mark == "{{--" else "output"
        elif mark.startswith("<?"):
            close = _php_end(text, inner)
            end = min(close + 2, len(text))
            kind = "output" if mark == "<?=" else "code"
        elif mark.lower() == "@php":
            close = text.find("@endphp", inner)
            end, kind = close + len("@endphp"), "code"
        else:
            position, stretch = _directive(text, found)
            if stretch is not None:
                yield stretch
                if stretch.kind == "broken":
                    return
            continue
        if close < 0:
            yield _endless(text, start, inner)
            return
        position = end
        yield Stretch(kind, start, end, inner, close)


def _directive(text: str, found: re.Match[str]) -> tuple[int, Stretch | None]:
    """One `@word(...)`; `@click` and `@media` are the page's."""
    word = found.group(1).lower()
    if word not in _BLADE_WORDS or text[found.end() : found.end() + 1] in ("=", "."):
        return found.end(), None
    if found.group(2) is None:
        return found.end(), Stretch("code", found.start(), found.end(), found.end(), found.end())
    inner = found.end()
    end = _parenthesis(text, inner - 1)
    if end < 0:
        return inner, _endless(text, found.start(), inner)
    kind: Kind = "output" if word in _BLADE_OUTPUTS else "code"
    if word in ("extends", "include", "includeif", "each"):
        kind = "extends" if word == "extends" else "include"
    return end, Stretch(kind, found.start(), end, inner, end - 1)


_RAZOR = re.compile(
    r"@\*|@@|(?<![\w.])@(?:(?P<brace>(?:code|functions|section\s+\w+)?\s*\{)|(?P<group>\()"
    r"|(?P<line>(?:model|using|page|inject|inherits|namespace|layout|attribute|implements|rendermode"
    r"|addTagHelper|removeTagHelper|tagHelperPrefix|typeparam|preservewhitespace)\b[^\r\n]*+)"
    r"|(?P<control>(?:if|for|foreach|while|switch|using|lock)\s*\()"
    r"|(?P<await>await\s+)?(?P<value>[A-Za-z_]\w*+))"
)
_RAZOR_TAIL = re.compile(r"\??\.[A-Za-z_]\w*+|[(\[]")
_CSS_RULES = words(
    "media import keyframes supports charset layer container property counter namespace"
)


def razor(text: str) -> Iterator[Stretch]:
    """ASP.NET's Razor. The inside of its blocks is markup as often as code, so only code that is
    surely code is hidden."""
    position = 0
    while True:
        found = _RAZOR.search(text, position)
        if found is None:
            return
        inner = found.end()
        mark = found.group()
        if mark == "@@":
            position = inner
            continue
        stretch = _razor_stretch(text, found)
        if stretch is None:
            position = inner
            continue
        yield stretch
        if stretch.kind == "broken":
            return
        position = stretch.end


def _razor_stretch(text: str, found: re.Match[str]) -> Stretch | None:
    start, inner = found.span()
    kind: Kind = "code"
    if found.group() == "@*":
        close = text.find("*@", inner)
        end, kind = close + 2, "comment"
    elif found.group("line"):
        close = end = inner
    elif found.group("brace"):
        end = balanced(text, inner - 1)
        close = end - 1
        if end > 0 and re.search(r"<[A-Za-z/]", text[inner:close]):
            # Markup in a block of code: hide the brace alone.
            close = end = inner
    elif found.group("group") or found.group("control"):
        end = balanced(text, inner - 1)
        close = end - 1
        kind = "output" if found.group("group") else "code"
    else:
        word = found.group("value")
        if word in _CSS_RULES or text[inner : inner + 1] == "=" or text[inner : inner + 1] == "-":
            return None
        close = end = _razor_value(text, inner)
        kind = "output"
    if close < 0 or end <= start:
        return _endless(text, start, inner)
    return Stretch(kind, start, end, inner if kind == "comment" else start + 1, close)


def _razor_value(text: str, position: int) -> int:
    """The end of `Model.Name`, `Html.Raw(x)`, `items[0]`."""
    while True:
        found = _RAZOR_TAIL.match(text, position)
        if found is None:
            return position
        if found.group() in "([":
            end = balanced(text, found.start())
            if end < 0:
                return position
            position = end
        else:
            position = found.end()


_MAKO = re.compile(
    r"<%doc>|<%text[^>]*>|<%!?(?=[\s])|<%(?P<tag>[\w:.]+)(?P<attributes>[^>]*)>|</%[\w:.]+\s*>"
    r"|\$\{|^[ \t]*%(?!%)[^\r\n]*|^[ \t]*##[^\r\n]*",
    re.MULTILINE,
)
_MAKO_FILE = re.compile(r"""\bfile\s*=\s*["']([^"']*)["']""")
_MAKO_ENDS = {"<%doc>": "</%doc>", "<%": "%>", "<%!": "%>"}


def mako(text: str) -> Iterator[Stretch]:
    """Mako: `${}`, `<% %>`, `% lines`, `## comments` and `<%tags>`."""
    position = 0
    while True:
        found = _MAKO.search(text, position)
        if found is None:
            return
        stretch = _mako_stretch(text, found)
        yield stretch
        if stretch.kind == "broken":
            return
        position = max(stretch.end, found.end())


def _mako_stretch(text: str, found: re.Match[str]) -> Stretch:
    start, inner = found.span()
    mark = found.group()
    if mark in _MAKO_ENDS:
        ending = _MAKO_ENDS[mark]
        close = text.find(ending, inner)
        kind: Kind = "comment" if mark == "<%doc>" else "code"
        end = close + len(ending)
    elif mark == "${":
        end = balanced(text, inner - 1)
        close, kind = end - 1, "output"
    elif mark.startswith("<%text"):
        close = end = text.find("</%text>", inner)
        if end < 0:
            return _endless(text, start, inner)
        return Stretch("code", start, inner, inner, inner)
    elif mark.lstrip().startswith("##"):
        return Stretch("comment", start, inner, start + mark.index("##") + 2, inner)
    elif found.group("tag") in ("inherit", "include", "namespace"):
        file = _MAKO_FILE.search(mark)
        if file is None:
            return Stretch("code", start, inner, inner, inner)
        kind = "extends" if found.group("tag") == "inherit" else "include"
        return Stretch(kind, start, inner, start + file.start(1) - 1, start + file.end(1) + 1)
    else:
        return Stretch("code", start, inner, start, inner)
    if close < 0:
        return _endless(text, start, inner)
    return Stretch(kind, start, end, inner, close)


def _endless(text: str, start: int, inner: int) -> Stretch:
    """Something that never ends; what follows it cannot be told apart and is read as a page."""
    return Stretch("broken", start, inner, inner, len(text))


_FRONT = re.compile(r"\ufeff?\s*---[ \t]*\r?\n")
_FRONT_END = re.compile(r"^---[ \t]*\r?$", re.MULTILINE)
_BRACE = re.compile(r"<!--|<(script|style)(?=[\s/>])|\{", re.IGNORECASE)
_MARKUP = re.compile(r"<[A-Za-z/>]")


def astro(text: str) -> Iterator[Stretch]:
    """Astro: a module between `---` lines, then markup with `{...}`."""
    position = 0
    front = _FRONT.match(text)
    if front is not None:
        end = _FRONT_END.search(text, front.end())
        if end is None:
            yield _endless(text, 0, front.end())
            return
        yield Stretch("module", 0, end.end(), front.end(), end.start())
        position = end.end()
    yield from _braced(text, position)


def _braced(text: str, position: int) -> Iterator[Stretch]:
    """`{...}` outside of scripts, styles and comments. Of braces around markup, only the code
    before and between is hidden: the markup is the page's."""
    while True:
        found = _BRACE.search(text, position)
        if found is None:
            return
        start, inner = found.span()
        if found.group() == "<!--":
            position = text.find("-->", inner)
        elif found.group(1):
            position = text.lower().find(f"</{found.group(1).lower()}", inner)
        else:
            end = balanced(text, start)
            if end < 0:
                yield _endless(text, start, inner)
                return
            markup = _MARKUP.search(text, inner, end)
            attribute = start > 0 and text[start - 1] == "="
            if markup is None or attribute:
                yield Stretch("output", start, end, inner, end - 1)
                position = end
            else:
                yield Stretch("code", start, markup.start(), inner, markup.start())
                position = markup.start()
        if position < 0:
            return


_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n]*$", re.MULTILINE)
_MDX_LINE = re.compile(r"^(?:import|export)\b[^\n]*(?:\n(?![ \t]*\n)[^\n]+)*", re.MULTILINE)
_INLINE_CODE = re.compile(r"(`+)(?!`)[^\n]*?(?<!`)\1(?!`)")


def mdx(text: str) -> Iterator[Stretch]:
    """MDX: Markdown whose code fences are documentation, with imports and `{...}`."""
    hidden = list(_mdx_code(text))
    position = 0
    for stretch in _braced_around(text, hidden):
        if stretch.start >= position:
            yield stretch
            position = stretch.end


def _mdx_code(text: str) -> Iterator[Stretch]:
    position = 0
    front = _FRONT.match(text)
    if front is not None:
        end = _FRONT_END.search(text, front.end())
        if end is not None:
            yield Stretch("code", 0, end.end(), front.end(), end.start())
            position = end.end()
    while True:
        fence = _FENCE.search(text, position)
        limit = len(text) if fence is None else fence.start()
        plain = re.compile(rf"{_MDX_LINE.pattern}|{_INLINE_CODE.pattern}", re.MULTILINE)
        for found in plain.finditer(text, position, limit):
            yield Stretch("code", found.start(), found.end(), found.start(), found.end())
        if fence is None:
            return
        closing = re.compile(rf"^[ \t]*{re.escape(fence.group(1))}[`~]*[ \t]*\r?$", re.MULTILINE)
        end = closing.search(text, fence.end())
        position = len(text) if end is None else end.end()
        yield Stretch("code", fence.start(), position, fence.end(), position)


def _braced_around(text: str, hidden: list[Stretch]) -> Iterator[Stretch]:
    """The stretches of code, and the braces between them, in order."""
    index = 0
    blanked = _blanked(text, hidden)
    for stretch in _braced(blanked, 0):
        while index < len(hidden) and hidden[index].start < stretch.start:
            yield hidden[index]
            index += 1
        yield stretch
    yield from hidden[index:]


def _blanked(text: str, hidden: list[Stretch]) -> str:
    parts: list[str] = []
    position = 0
    for stretch in hidden:
        parts.append(text[position : stretch.start])
        parts.append(blanks(text[stretch.start : stretch.end]))
        position = stretch.end
    parts.append(text[position:])
    return "".join(parts)


SCANNERS: Mapping[str, Scanner] = MappingProxyType(
    {
        "php": php,
        "blade": blade,
        "erb": erb,
        "ejs": ejs,
        "handlebars": handlebars,
        "razor": razor,
        "mako": mako,
        "astro": astro,
        "mdx": mdx,
    }
)
_CHECK_EVERY = 512


@dataclass(slots=True)
class _Masking:
    """What has been masked so far."""

    fragment: Fragment
    path: str
    facts: list[Fact] = field(default_factory=list)
    comments: list[Comment] = field(default_factory=list)
    holes: list[Hole] = field(default_factory=list)
    fragments: list[Fragment] = field(default_factory=list)
    masked: list[str] = field(default_factory=list)
    unread: int = 0

    def span(self, start: int, end: int) -> Span:
        return Span(self.path, self.fragment.offset + start, self.fragment.offset + end)


def read_foreign(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The page that a template of another language makes, as far as it is written down."""
    text = fragment.text
    masking = _Masking(fragment, path)
    branches = Branches(fragment.language, fragment.offset)
    position = 0
    for number, stretch in enumerate(SCANNERS[fragment.language](text)):
        if number % _CHECK_EVERY == 0 and monotonic() > deadline:
            _add_unread(masking, stretch.start, len(text), "reading took too long")
            break
        masking.masked.append(text[position : stretch.start])
        masking.masked.append(_masked(masking, stretch))
        if stretch.kind == "code":
            branches.code(text[stretch.start : stretch.end], stretch.start, stretch.end)
        position = stretch.end
    masking.masked.append(text[position:])
    page = page_fragment(fragment, path, "".join(masking.masked), masking.holes, branches.regions)
    pages = () if page is None else (page,)
    return Reading(
        facts=tuple(masking.facts),
        comments=tuple(masking.comments),
        fragments=(*pages, *masking.fragments),
    )


def _masked(masking: _Masking, stretch: Stretch) -> str:
    """Take a stretch in; what to write in its place."""
    text = masking.fragment.text
    offset = masking.fragment.offset
    start, end = offset + stretch.start, offset + stretch.end
    written = text[stretch.start : stretch.end]
    if stretch.kind == "broken":
        if stretch.start >= masking.unread:
            # Without its close, the rest of the text is its reach.
            line_end = text.find("\n", stretch.start)
            whole = stretch.close == len(text) or line_end < 0
            masking.unread = len(text) if whole else line_end
            _add_unread(masking, stretch.start, masking.unread, "the template code is not closed")
        return written
    if stretch.kind == "output":
        masking.holes.append(Hole(start, end, _value(masking, stretch)))
        return named(written)
    masking.holes.append(Hole(start, end, Text("", start, end)))
    inner = text[stretch.inner : stretch.close]
    if stretch.kind == "comment":
        masking.comments.append(Comment(inner, masking.span(stretch.start, stretch.end)))
    elif stretch.kind == "module":
        masking.fragments.append(
            Fragment(
                language="typescript",
                text=inner,
                offset=offset + stretch.inner,
                way=masking.fragment.way,
                kind="module",
            )
        )
    elif stretch.kind in ("extends", "include"):
        _link(masking, stretch)
    return blanks(written)


def _value(masking: _Masking, stretch: Stretch) -> Expr:
    """Names are understood in every language, anything else in none."""
    fragment = masking.fragment
    start, end = fragment.offset + stretch.start, fragment.offset + stretch.end
    if _PATH.fullmatch(fragment.text, stretch.inner, stretch.close):
        return expression(fragment.text, stretch.inner, stretch.close, offset=fragment.offset)
    return Opaque(f"{fragment.language} expression", start, end)


def _link(masking: _Masking, stretch: Stretch) -> None:
    fragment = masking.fragment
    first = re.compile(rf"\s*(?:{_STRING})").match(fragment.text, stretch.inner, stretch.close)
    if first is None:
        return
    target = expression(fragment.text, first.start(), first.end(), offset=fragment.offset)
    span = masking.span(stretch.start, stretch.end)
    if stretch.kind == "extends":
        masking.facts.append(Link("extends", target, span, fragment.way))
    else:
        masking.facts.append(Link("include", target, span, fragment.way))


def _add_unread(masking: _Masking, start: int, end: int, why: str) -> None:
    fragment = masking.fragment
    found = unread(masking.path, fragment.text, start, end, why)
    mentions = tuple(
        replace(mention, start=mention.start + fragment.offset) for mention in found.mentions
    )
    masking.facts.append(Unread(masking.span(start, end), why, mentions))
