"""What does this Python say? Read by the standard library's `ast`."""

from __future__ import annotations

from dataclasses import replace

from gdprlint.facts import Fragment, Reading, Span
from gdprlint.facts.unread import unread

VERSION = 8
"""Goes up whenever the same text gives other facts."""

_SEARCHED = 1_000_000
"""How many characters of unread text are searched for names: no person writes more in a file."""

_TOO_DEEP = "nested too deeply"


def read(fragment: Fragment, path: str, *, deadline: float) -> Reading:
    """The facts of a whole Python file; text that is none is one `Unread`.

    Python is never embedded in templates, so holes are of no concern here.
    """
    from gdprlint.languages.python.parse import parse

    # A byte order mark is no character of the program, but it is one of the file.
    marked = fragment.text.startswith("\ufeff")
    text = fragment.text[1:] if marked else fragment.text
    offset = fragment.offset + marked
    tree = parse(text)
    if isinstance(tree, str):
        return _unread(fragment, path, fragment.offset, tree)
    from gdprlint.languages.python.comments import comments
    from gdprlint.languages.python.parse import Places
    from gdprlint.languages.python.statements import block
    from gdprlint.languages.python.walk import OutOfTime, Walk

    module = 2 * fragment.offset + 2
    walk = Walk(
        path=path,
        text=" " * fragment.offset + fragment.text,
        places=Places(text, offset),
        deadline=deadline,
        way=fragment.way,
        scope=module,
        home=module,
        module=module,
    )
    walk.scopes[module] = 0
    try:
        block(walk, tree.body)
    except RecursionError:
        return _unread(fragment, path, fragment.offset, _TOO_DEEP)
    except OutOfTime as late:
        rest = _unread(fragment, path, walk.places.at(late.line, 0), "it took too long to read")
        walk.facts.extend(rest.facts)
    return Reading(
        facts=tuple(walk.facts),
        functions=walk.functions,
        scopes=walk.scopes,
        comments=comments(path, text, offset),
        fragments=tuple(walk.fragments),
    )


def _unread(fragment: Fragment, path: str, start: int, why: str) -> Reading:
    padded = " " * fragment.offset + fragment.text
    searched = unread(path, padded, start, min(len(padded), start + _SEARCHED), why)
    return Reading(facts=(replace(searched, span=Span(path, start, len(padded))),))
