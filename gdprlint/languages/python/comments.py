"""Comments, which are read for one purpose only: what the project asks to be ignored."""

from __future__ import annotations

import re

from gdprlint.facts import Comment, Span

_LINE_END = re.compile(r"\r\n|\r|\n")


def comments(path: str, text: str, offset: int) -> tuple[Comment, ...]:
    """The comments of `text`, if one of them could speak to us; none where tokens are broken.

    The tokenizer is ten times slower than all the rest, so text without our name is spared it.
    """
    if "#" not in text or "gdprlint" not in text:
        return ()
    import io
    import tokenize

    starts = [0, 0, *(end.end() for end in _LINE_END.finditer(text))]
    found: list[Comment] = []
    try:
        for token in tokenize.generate_tokens(io.StringIO(text, newline="").readline):
            if token.type == tokenize.COMMENT:
                start = offset + starts[token.start[0]] + token.start[1]
                span = Span(path, start, start + len(token.string))
                found.append(Comment(token.string[1:], span))
    except (tokenize.TokenError, SyntaxError, IndexError):
        return ()
    return tuple(found)
