"""Text to syntax tree: the one door through which tree-sitter enters.

Trees are of a same-length ASCII likeness of the text, so that their byte offsets are character
offsets; names and values are to be taken from the text itself.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from time import monotonic

from tree_sitter import Language, Node, Parser, Tree

__all__ = ["Grammar", "Node", "Tree", "ascii_likeness", "grammar", "parse"]

_CHUNK = 1 << 16
_ERROR = 65535
_STRANGE = re.compile(r"[^\x00-\x7f]+")
_LONE_RETURN = re.compile(r"\r(?!\n)")


@dataclass(frozen=True, slots=True)
class Grammar:
    """One of the three grammars; `kinds` names each number that `Node.kind_id` can be."""

    language: Language
    kinds: Mapping[int, str]


@cache
def grammar(name: str) -> Grammar:
    """The grammar of `javascript` (JSX included), `typescript` or `tsx`, loaded when asked."""
    if name == "javascript":
        import tree_sitter_javascript

        language = Language(tree_sitter_javascript.language())
    else:
        import tree_sitter_typescript

        typescript = name == "typescript"
        language = Language(
            tree_sitter_typescript.language_typescript()
            if typescript
            else tree_sitter_typescript.language_tsx()
        )
    kinds = {i: language.node_kind_for_id(i) or "" for i in range(language.node_kind_count)}
    return Grammar(language, {**kinds, _ERROR: "ERROR"})


def parse(text: str, of: Grammar, *, deadline: float) -> Tree | None:
    """The tree of `text`, which is ASCII; None where the deadline (monotonic) came first.

    The TSX grammar can loop for ever (tree-sitter-typescript#323), so no parse goes unwatched.
    """
    octets = text.encode("ascii")

    def stretch(offset: int, _point: object) -> bytes:
        return octets[offset : offset + _CHUNK]

    def late(_offset: int, _error: bool) -> bool:
        return monotonic() > deadline

    try:
        return Parser(of.language).parse(stretch, progress_callback=late)
    except ValueError:
        return None


def ascii_likeness(text: str) -> str:
    """`text` with one ASCII character for each other one: a blank for white space, else `z`.

    A lone carriage return becomes a line feed: it ends a line in ECMAScript, not in the grammars.
    """
    if "\r" in text:
        text = _LONE_RETURN.sub("\n", text)
    if text.isascii():
        return text
    return _STRANGE.sub(_likeness, text)


def _likeness(match: re.Match[str]) -> str:
    run = match.group()
    return run.translate({ord(c): " " if c.isspace() or c == "\ufeff" else "z" for c in set(run)})
