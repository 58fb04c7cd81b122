"""What does a script say? One fragment of JavaScript or TypeScript to facts, in one walk."""

from __future__ import annotations

import gc
import re
import sys
from bisect import bisect_left
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from time import monotonic

from gdprlint.facts import (
    Assign,
    Comment,
    Define,
    Expr,
    Fact,
    Fragment,
    FunctionFacts,
    Member,
    Name,
    Opaque,
    Reading,
    Span,
    Unread,
    Way,
)
from gdprlint.facts.unread import unread
from gdprlint.languages.javascript.compiled import may_hold_views, with_views
from gdprlint.languages.javascript.flight import may_name_scripts, scripts_named
from gdprlint.languages.javascript.functions import read_task
from gdprlint.languages.javascript.nodes import Readers, readers
from gdprlint.languages.javascript.parser import Node, Tree, ascii_likeness, parse
from gdprlint.languages.javascript.statements import block_of
from gdprlint.languages.javascript.walk import EXTRA, OutOfTimeError, Walk
from gdprlint.languages.javascript.written import fragment as of_markup

_LONGEST = 8_000_000
_LONG = 100_000
_FRAMES = 12_000
_MOST_UNREAD = 100
_COMMENT_MARK = re.compile(r"//|/\*|<!--|-->|#!")
_DEFAULT_FROM = re.compile(
    r"^([ \t]*export)[ ]((?!type\b)[A-Za-z_$][\w$]*)[ ](from\b)", re.MULTILINE
)
"""`export v from "./v"`, a proposal that Babel knows and the grammar does not; braces fit in."""
_COMMON_JS = ("module.exports", "exports.", "require(")
# `require([...])` is the Asynchronous Module Definition's, in classic scripts.
_REQUIRED = re.compile(r"require\(\s*[\"'`]")
_COMMENTS = frozenset({"comment", "html_comment", "hash_bang_line"})
_MOST_LOOKED_AT = 20_000
_FUNCTION_KINDS = frozenset(
    {
        "function_expression",
        "arrow_function",
        "generator_function",
        "function_declaration",
        "generator_function_declaration",
        "method_definition",
        "class_body",
    }
)


def read(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts of one fragment, in the order of their places.

    What is not understood, nested too deep, too long or not reached before `deadline` (monotonic)
    is `Unread`. Texts of more than eight million characters are not parsed: a tree takes some fifty
    times the memory of its text.
    """
    if len(fragment.text) > _LONGEST:
        return _unread_whole(fragment, path, "too long to be parsed")
    with _room(len(fragment.text)):
        return _reading(fragment, path, deadline)


def _reading(fragment: Fragment, path: str, deadline: float) -> Reading:
    parsed = _parsed_as(fragment, deadline)
    if parsed is None:
        return _unread_whole(fragment, path, "not parsed within the time allowed")
    root = parsed.tree.root_node
    walk = _walk(fragment, path, parsed=parsed, deadline=deadline)
    _read_all(walk, parsed)
    _broken_stretches(walk, root)
    markup = (of_markup(one, walk.text, walk.shift) for one in walk.written.values())
    facts: Sequence[Fact] = walk.facts
    functions: Mapping[int, FunctionFacts] = walk.functions
    if may_hold_views(fragment.text):
        compiled = with_views(facts, functions, walk.scopes)
        facts, functions = compiled.facts, compiled.functions
    reading = Reading(
        facts=tuple(sorted([*facts, *_unread_stretches(walk)], key=_place)),
        functions=functions,
        scopes=walk.scopes,
        comments=tuple(_comments(walk, parsed.tree)),
        fragments=(*walk.fragments, *(one for one in markup if one is not None)),
        branches=tuple(walk.branches),
    )
    if may_name_scripts(fragment.text):
        named = scripts_named(reading, walk.text, walk.shift)
        reading = replace(
            reading,
            facts=tuple(sorted((*reading.facts, *named.facts), key=_place)),
            fragments=(*reading.fragments, *named.fragments),
        )
    return reading


# JSX text may hold a bare ampersand or an unfinished character reference; the grammar stumbles
# over it alone, and nothing else is lost.
_AMPERSAND = re.compile(r"[^{}<>;=`\"&]*(?:&[^{}<>;=`\"&]*)+;?\s*")


def _place(fact: Fact) -> int:
    return fact.span.start


@dataclass(frozen=True, slots=True, kw_only=True)
class _Parsed:
    """A tree, what reads it, and the text that it is of, `shift` before its place in the file.

    `value` is the expression that an expression fragment is.
    """

    tree: Tree
    readers: Readers
    text: str
    shift: int
    value: Node | None = None


def _parsed_as(fragment: Fragment, deadline: float) -> _Parsed | None:
    """The tree of a fragment; an expression is put in parentheses, lest `{}` be a block."""
    if fragment.kind == "expression":
        text = f"({fragment.text}\n)"
        parsed = _parsed(text, fragment.language, shift=fragment.offset - 1, deadline=deadline)
        value = _inside_parentheses(parsed, len(text)) if parsed is not None else None
        if parsed is not None and value is not None:
            return replace(parsed, value=value)
    text = _DEFAULT_FROM.sub(r"\1{\2}\3", fragment.text)
    return _parsed(text, fragment.language, shift=fragment.offset, deadline=deadline)


def _inside_parentheses(parsed: _Parsed, length: int) -> Node | None:
    """The one expression between the first and the last character; None for `a) (b`."""
    kinds = parsed.readers.grammar.kinds
    node = parsed.tree.root_node
    for kind in ("expression_statement", "parenthesized_expression", ""):
        parts = [child for child in node.named_children if kinds[child.kind_id] not in EXTRA]
        if len(parts) != 1 or (kind and kinds[parts[0].kind_id] != kind):
            return None
        if kind and (parts[0].start_byte, parts[0].end_byte) != (0, length):
            return None
        node = parts[0]
    return node


def _parsed(text: str, language: str, *, shift: int, deadline: float) -> _Parsed | None:
    """The tree of `text`; TSX that does not end is tried once more as JavaScript."""
    likeness = ascii_likeness(text)
    of = readers(language)
    until = (monotonic() + deadline) / 2 if language == "tsx" else deadline
    tree = parse(likeness, of.grammar, deadline=until)
    if tree is None and language == "tsx":
        of = readers("javascript")
        tree = parse(likeness, of.grammar, deadline=deadline)
    if tree is None:
        return None
    return _Parsed(tree=tree, readers=of, text=text, shift=shift)


@contextmanager
def _room(length: int) -> Iterator[None]:
    """Room for the recursion that `Walk` allows, which it bounds itself, and no collector.

    What a walk makes holds no circles, and looking for some takes a third of the time. What a long
    text makes is not looked through afterwards either: frozen and thawed, it counts as old.
    """
    limit = sys.getrecursionlimit()
    collects = gc.isenabled()
    sys.setrecursionlimit(max(limit, _FRAMES))
    gc.disable()
    try:
        yield
    finally:
        sys.setrecursionlimit(limit)
        if collects:
            if length > _LONG and not gc.get_freeze_count():
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _walk(fragment: Fragment, path: str, *, parsed: _Parsed, deadline: float) -> Walk:
    """A walk that stands at the start of the fragment."""
    of = parsed.readers
    scopes: dict[int, int] = {}
    scope = fragment.scope
    if _has_own_scope(fragment, path, parsed.tree.root_node, of):
        scope = 2 * fragment.offset + 2
        scopes[scope] = 0
    starts, ways = _ways_before(fragment)
    return Walk(
        path=path,
        fragment=fragment,
        text=parsed.text,
        shift=parsed.shift,
        kinds=of.grammar.kinds,
        expressions=of.expressions,
        statements=of.statements,
        deadline=deadline,
        scope=scope,
        function_scope=scope,
        this_scope=scope,
        module_scope=scope,
        hole_starts=[hole.start for hole in fragment.holes],
        before_from=starts,
        before=ways,
        scopes=scopes,
    )


def _has_own_scope(fragment: Fragment, path: str, root: Node, of: Readers) -> bool:
    """Whether the top level is a module's; Node.js goes by some suffixes alone."""
    if fragment.kind == "module":
        return True
    if fragment.kind != "document":
        return False
    if path.endswith((".mjs", ".cjs", ".mts", ".cts")):
        return True
    kinds = of.grammar.kinds
    if any(
        kinds[child.kind_id] in ("import_statement", "export_statement") for child in root.children
    ):
        return True
    return _is_common_js(fragment.text, root, of)


def _is_common_js(text: str, root: Node, of: Readers) -> bool:
    """Whether the top level, functions aside, speaks of `module.exports`, `exports.` or `require(`.

    A universal wrapper does so inside a function, and is a classic script to a browser.
    """
    if not any(word in text for word in _COMMON_JS):
        return False
    kinds = of.grammar.kinds
    nodes = [root]
    for _ in range(_MOST_LOOKED_AT):
        if not nodes:
            return False
        node = nodes.pop()
        kind = kinds[node.kind_id]
        if kind == "member_expression":
            spelled = text[node.start_byte : min(node.end_byte, node.start_byte + 20)]
            if spelled.startswith(("module.exports", "exports.")):
                return True
        elif kind == "call_expression" and _REQUIRED.match(text, node.start_byte):
            return True
        if kind not in _FUNCTION_KINDS:
            nodes.extend(reversed(node.named_children))
    return False


def _ways_before(fragment: Fragment) -> tuple[list[int], list[Way]]:
    """From which offset on which way leads to the code, by the fragment and its regions."""
    starts, ways = [-1], [fragment.way]
    open_regions: list[tuple[int, Way]] = []
    for region in sorted(fragment.regions, key=lambda region: (region.start, -region.end)):
        while open_regions and open_regions[-1][0] <= region.start:
            end, _ = open_regions.pop()
            starts.append(end)
            ways.append(open_regions[-1][1] if open_regions else fragment.way)
        end, outer = open_regions[-1] if open_regions else (region.end, fragment.way)
        open_regions.append((min(region.end, end), (*outer, *region.way)))
        starts.append(region.start)
        ways.append(open_regions[-1][1])
    while open_regions:
        end, _ = open_regions.pop()
        starts.append(end)
        ways.append(open_regions[-1][1] if open_regions else fragment.way)
    return starts, ways


def _read_all(walk: Walk, parsed: _Parsed) -> None:
    """Read the top level, then function after function; at the deadline, say what is left."""
    unit = parsed.tree.root_node
    try:
        _read_top(walk, parsed)
        while walk.pile:
            task = walk.pile.pop()
            unit = task.node
            read_task(walk, task)
    except OutOfTimeError:
        why = "not read within the time allowed"
        walk.unread.append((walk.place, unit.end_byte, why))
        left = sorted((task.node.start_byte, task.node.end_byte) for task in walk.pile)
        walk.unread.extend((start, end, why) for start, end in left)


def _read_top(walk: Walk, parsed: _Parsed) -> None:
    root, fragment = parsed.tree.root_node, walk.fragment
    value: Expr | None = None
    if parsed.value is not None:
        value = walk.expression(parsed.value)
    else:
        block_of(walk, [root] if root.is_error else walk.solid_or_broken(root))
    if fragment.binds:
        start, end = fragment.offset, fragment.offset + len(fragment.text)
        if value is None:
            value = Opaque("not understood as an expression", start, end)
        way = walk.way_at(start)
        span = Span(walk.path, start, end)
        walk.facts.append(Define(fragment.binds, fragment.scope, value, span, way))
        if fragment.given is not None and isinstance(value, Name | Member):
            walk.facts.append(Assign(value, fragment.given, span, way))


def _broken_stretches(walk: Walk, root: Node) -> None:
    """Note what the parser did not understand, where no reader of statements has."""
    if not root.has_error:
        return
    nodes = [root]
    while nodes:
        node = nodes.pop()
        if node.is_missing and node.type == "!":
            # How the grammar mends a template after type arguments: nothing is lost.
            continue
        if node.is_missing:
            walk.unread.append((node.start_byte, node.end_byte, f"{node.type!r} is missing here"))
        elif node.is_error and node.id not in walk.broken:
            walk.unread.append(
                (node.start_byte, node.end_byte, "not understood as JavaScript or TypeScript")
            )
        elif node.has_error:
            nodes.extend(node.children)


def _unread_stretches(walk: Walk) -> Iterator[Unread]:
    """The stretches that were not understood, in order; of too many, the last ones are one."""
    fragment = walk.fragment
    low, high = fragment.offset, fragment.offset + len(fragment.text)
    found = sorted(
        (min(max(start + walk.shift, low), high), min(max(end + walk.shift, low), high), why)
        for start, end, why in walk.unread
        if (start < end or why.endswith("missing here"))
        and _AMPERSAND.fullmatch(walk.text, start, end) is None
    )
    merged: list[tuple[int, int, str]] = []
    for start, end, why in found:
        if merged and start <= merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end), merged[-1][2])
        elif len(merged) < _MOST_UNREAD:
            merged.append((start, end, why))
        else:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end), merged[-1][2])
    for start, end, why in merged:
        yield _unread(fragment, walk.path, start=start, end=end, why=why)


def _unread(fragment: Fragment, path: str, *, start: int, end: int, why: str) -> Unread:
    """An `Unread` between two offsets of the file."""
    offset = fragment.offset
    local = unread(path, fragment.text, start - offset, end - offset, why)
    mentions = tuple(replace(mention, start=mention.start + offset) for mention in local.mentions)
    return Unread(Span(path, start, end), why, mentions)


def _unread_whole(fragment: Fragment, path: str, why: str) -> Reading:
    end = fragment.offset + len(fragment.text)
    return Reading(facts=(_unread(fragment, path, start=fragment.offset, end=end, why=why),))


def _comments(walk: Walk, tree: Tree) -> Iterator[Comment]:
    """The comments of the fragment: what looks like one and is one to the parser.

    Only nodes that hold something that looks like a comment are entered, each once.
    """
    marks = [found.start() for found in _COMMENT_MARK.finditer(walk.text)]
    at = 0
    cursor = tree.walk()
    while at < len(marks):
        node = cursor.node
        if node is None or monotonic() > walk.deadline:
            return
        start, end = node.start_byte, node.end_byte
        if marks[at] < start:
            at = bisect_left(marks, start, at)
            continue
        if marks[at] < end:
            if walk.kinds[node.kind_id] in _COMMENTS:
                span = Span(walk.path, start + walk.shift, end + walk.shift)
                yield Comment(_inside(walk.text[start:end]), span)
            elif cursor.goto_first_child():
                continue
            at = bisect_left(marks, end, at)
        while not cursor.goto_next_sibling():
            if not cursor.goto_parent():
                return


def _inside(comment: str) -> str:
    """The text between a comment's marks."""
    if comment.startswith("/*"):
        return comment[2:].removesuffix("*/")
    if comment.startswith("<!--"):
        return comment[4:].removesuffix("-->")
    return comment[3:] if comment.startswith("-->") else comment[2:]
