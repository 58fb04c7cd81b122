"""Which element lies in which? Implied ends by the HTML Standard, without building a tree.

A simplified section 13.2.6 "Tree construction": every look-up is by the last place of a name on
the stack, so that depth costs nothing. Foster parenting and the adoption agency are not followed:
elements stay where they are written.
"""

from __future__ import annotations

from dataclasses import dataclass, field

from gdprlint.facts import Attribute, Expr, Way
from gdprlint.languages.html.words import words

VOID = words(
    "area base basefont bgsound br col command embed frame hr image img input keygen link meta"
    " param source track wbr"
)
"""Elements without content."""

_SCOPE = (
    "applet",
    "caption",
    "html",
    "table",
    "td",
    "th",
    "marquee",
    "object",
    "template",
    "foreignobject",
)
_BUTTON_SCOPE = (*_SCOPE, "button")
_LIST_SCOPE = (*_SCOPE, "ol", "ul")
_TABLE_SCOPE = ("html", "table", "template")
_SPECIAL = words(
    "address applet area article aside blockquote body button caption center col colgroup dd"
    " details dir div dl dt fieldset figcaption figure footer form frame frameset h1 h2 h3 h4 h5"
    " h6 head header hgroup hr html iframe li listing main marquee menu nav object ol p plaintext"
    " pre search section select summary table tbody td template tfoot th thead tr ul xmp"
    " foreignobject"
)
_LOOSE = frozenset(("address", "div", "p"))
_ENDS_P = words(
    "address article aside blockquote center details dialog dir div dl fieldset figcaption figure"
    " footer form h1 h2 h3 h4 h5 h6 header hgroup hr li dd dt listing main menu nav ol p plaintext"
    " pre search section summary table ul xmp"
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6")
_FORMATTING = words("a b big code em font i nobr s small strike strong tt u")
_IN_HEAD = words(
    "base basefont bgsound link meta title noscript noframes style script template head"
)
_CELLS = words("td th caption tr tbody thead tfoot col colgroup")
_IN_TABLE = words("table tbody thead tfoot tr td th caption")
_SAME_AS = {
    "li": ("li",),
    "dd": ("dd", "dt"),
    "dt": ("dd", "dt"),
    "td": ("td", "th"),
    "th": ("td", "th"),
    "tr": ("tr",),
    "tbody": ("tbody", "thead", "tfoot", "caption", "colgroup"),
    "thead": ("tbody", "thead", "tfoot", "caption", "colgroup"),
    "tfoot": ("tbody", "thead", "tfoot", "caption", "colgroup"),
}


@dataclass(slots=True)
class Opened:
    """An element whose end is still to come; `inner` is the way of what lies in it."""

    tag: str
    attributes: tuple[Attribute, ...]
    start: int
    tag_end: int
    way: Way
    inner: Way
    end: int = -1
    content_end: int = -1
    tests: tuple[Expr, ...] = ()


@dataclass(slots=True)
class Tree:
    """The elements that are open at one place of a page."""

    stack: list[Opened | None] = field(default_factory=list)
    places: dict[str, list[int]] = field(default_factory=dict)
    special: list[int] = field(default_factory=list)
    strict: list[int] = field(default_factory=list)

    def inner(self) -> Way:
        """The way of what is written next."""
        for opened in reversed(self.stack):
            if opened is not None:
                return opened.inner
        return ()

    def innermost(self) -> Opened | None:
        """The element in which the next one lies."""
        return next((opened for opened in reversed(self.stack) if opened is not None), None)

    def push(self, name: str, opened: Opened) -> None:
        """Open an element, which must not be a void one."""
        index = len(self.stack)
        self.stack.append(opened)
        self.places.setdefault(name, []).append(index)
        if name in _SPECIAL and (name not in _CELLS or self.places.get("table")):
            self.special.append(index)
            if name not in _LOOSE:
                self.strict.append(index)

    def repeats(self, name: str) -> bool:
        """Whether a start tag only adds to an element that is there: a second `body`."""
        if name not in ("html", "head", "body"):
            return False
        return bool(self.places.get(name)) or (name == "html" and bool(self.stack))

    def _last(self, names: tuple[str, ...]) -> int:
        places = self.places
        last = -1
        for name in names:
            found = places.get(name)
            # A cell without a table is none to a browser; in a part of a page it may have one.
            if found and found[-1] > last and (name not in _CELLS or places.get("table")):
                last = found[-1]
        return last

    def _last_of(self, names: tuple[str, ...]) -> int:
        return max((self.places[name][-1] for name in names if self.places.get(name)), default=-1)

    def _end(self, opened: Opened, at: int) -> None:
        if opened.end < 0:
            opened.end = opened.content_end = at

    def _drop(self, index: int, at: int) -> None:
        while len(self.stack) > index or (self.stack and self.stack[-1] is None):
            top = len(self.stack) - 1
            opened = self.stack.pop()
            if self.special and self.special[-1] == top:
                self.special.pop()
            if self.strict and self.strict[-1] == top:
                self.strict.pop()
            if opened is not None:
                self.places[opened.tag].pop()
                self._end(opened, at)

    def before(self, name: str, at: int) -> None:
        """Close what the start tag `name` at `at` closes by being there."""
        places = self.places
        if places.get("head") and name not in _IN_HEAD:
            top = self.innermost()
            if top is not None and top.tag == "head":
                self._drop(len(self.stack) - 1, at)
        same = _SAME_AS.get(name)
        if same is not None:
            last = self._last_of(same)
            if name in ("li", "dd", "dt"):
                # A list item ends the one before, unless another block stands between.
                self_ends = last >= 0 and last >= (self.strict[-1] if self.strict else -1)
            else:
                self_ends = last > self._last(_TABLE_SCOPE)
            if self_ends:
                self._drop(last, at)
        elif name in ("option", "optgroup"):
            self._close_options(name, at)
        elif name == "button" and self._last(("button",)) > self._last(_SCOPE):
            self._drop(places["button"][-1], at)
        elif name == "a" and self._last(("a",)) > self._last(_SCOPE):
            self.close("a", at, at)
        if name in _ENDS_P and places.get("p") and places["p"][-1] > self._last(_BUTTON_SCOPE):
            self._drop(places["p"][-1], at)
        if name in _HEADINGS:
            top = self.innermost()
            if top is not None and top.tag in _HEADINGS:
                self._drop(len(self.stack) - 1, at)

    def _close_options(self, name: str, at: int) -> None:
        for ended in ("option", "optgroup") if name == "optgroup" else ("option",):
            if self.stack and self.stack[-1] is not None and self.stack[-1].tag == ended:
                self._drop(len(self.stack) - 1, at)

    def close(self, name: str, at: int, end: int) -> None:
        """The end tag `name` from `at` to `end`, which may end nothing or several elements."""
        places = self.places.get(name)
        if not places:
            return
        index = places[-1]
        opened = self.stack[index]
        assert opened is not None
        if name in ("body", "html"):
            # What follows still lies in the body, but the author's end is where it is written.
            opened.end, opened.content_end = end, at
            return
        if index < len(self.stack) - 1:
            if index < self._barrier(name):
                return
            blocks = self.special and self.special[-1] > index
            if name == "form" or (name in _FORMATTING and blocks):
                self.stack[index] = None
                places.pop()
                opened.end, opened.content_end = end, at
                return
        opened.end, opened.content_end = end, at
        self._drop(index, at)

    def _barrier(self, name: str) -> int:
        """The place on the stack below which the end tag `name` cannot reach."""
        if name == "p":
            return self._last(_BUTTON_SCOPE)
        if name == "li":
            return self._last(_LIST_SCOPE)
        if name == "template":
            return -1
        if name in _IN_TABLE:
            return self._last(_TABLE_SCOPE)
        if name in _SPECIAL or name in _FORMATTING:
            return self._last(_SCOPE)
        return self.special[-1] if self.special else -1

    def close_freely(self, name: str, at: int, end: int) -> None:
        """An end tag where nothing is implied: it ends the nearest element of its name."""
        places = self.places.get(name)
        if places:
            opened = self.stack[places[-1]]
            if opened is not None:
                opened.end, opened.content_end = end, at
            self._drop(places[-1], at)

    def finish(self, at: int) -> None:
        """The end of the text ends everything."""
        self._drop(0, at)
