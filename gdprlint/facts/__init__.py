"""The words for what code says: six kinds of facts, none of which knows what privacy is."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from gdprlint.facts.element import DATA_SCRIPT, FORM_WRITTEN, Attribute
from gdprlint.facts.expr import (
    DECORATOR,
    MEMBERS,
    REST,
    SPREAD,
    TEMPLATE_SCOPE,
    UNKNOWN_KEY,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Entry,
    Expr,
    Field,
    Function,
    Invoke,
    Items,
    Join,
    Keyword,
    Member,
    Name,
    Negation,
    Opaque,
    Parameter,
    Record,
    Text,
)
from gdprlint.facts.fragment import Fragment, Hole, Region
from gdprlint.facts.way import IN_STRING, Body, Callback, Gate, If, Step, Way
from gdprlint.source import Span

__all__ = [
    "DATA_SCRIPT",
    "DECORATOR",
    "FORM_WRITTEN",
    "IN_STRING",
    "MEMBERS",
    "REST",
    "SPREAD",
    "TEMPLATE_SCOPE",
    "UNKNOWN_KEY",
    "Assign",
    "Attribute",
    "Body",
    "Both",
    "Branch",
    "Call",
    "Callback",
    "Choice",
    "Comment",
    "Compare",
    "Constant",
    "Define",
    "Either",
    "Element",
    "Entry",
    "Expr",
    "Fact",
    "Field",
    "FileFacts",
    "Fragment",
    "Function",
    "FunctionFacts",
    "Gate",
    "Hole",
    "If",
    "Invoke",
    "Items",
    "Join",
    "Keyword",
    "Link",
    "Member",
    "Mention",
    "Name",
    "Negation",
    "Opaque",
    "Parameter",
    "Reading",
    "Record",
    "Region",
    "Return",
    "Span",
    "Step",
    "Text",
    "Unread",
    "Way",
]


@dataclass(frozen=True, slots=True)
class Element:
    """Markup: an element of HTML, JSX or a template.

    `span` is the start tag; `end` is where the element ends (its end tag included), so that one
    element lies in another when its span does. `text` is the element's own text, white space
    folded, where it is short enough to be a label, a title or a button.
    """

    tag: str
    attributes: tuple[Attribute, ...]
    span: Span
    way: Way
    end: int = 0
    text: Expr | None = None

    def attribute(self, name: str) -> Attribute | None:
        """The first attribute of that name, as browsers take the first of two."""
        for attribute in self.attributes:
            if attribute.name == name:
                return attribute
        return None


@dataclass(frozen=True, slots=True)
class Call:
    """A call that is made: `fetch(u)`, `response.set_cookie(...)`, `new Image()`."""

    invoke: Invoke
    span: Span
    way: Way


@dataclass(frozen=True, slots=True)
class Assign:
    """A value given to a member or an undeclared name: `document.cookie = ...`, `img.src = ...`.

    `augmented` where the old value stays a part of the new one: `+=`.
    """

    to: Expr
    value: Expr
    span: Span
    way: Way
    augmented: bool = False


@dataclass(frozen=True, slots=True)
class Define:
    """A name comes to mean a value in a scope: declarations, imports, parameters, `{% set %}`.

    An imported name has `value` = Invoke(Name("import"), (Text(module), Text(exported name))), with
    exported name `default` and `*` as in ECMAScript. What a module exports under a name is a Define
    of `export NAME` (`export default`) in the module's scope.
    """

    name: str
    scope: int
    value: Expr
    span: Span
    way: Way


@dataclass(frozen=True, slots=True)
class Link:
    """Another file that this one brings in, or a place that it leads to.

    `kind`: script, stylesheet (markup); import (modules; css `@import`); extends, include, block
    (templates: of a block, `target` is its name and `end` its end); macro (likewise, and `given`
    its parameters with their defaults); route (a URL pattern to a view: `target` the pattern,
    `name` the route's name, `view` the view as written); render (a view renders the template
    `target`, which is `given` these names and values).
    """

    kind: Literal[
        "script",
        "stylesheet",
        "import",
        "extends",
        "include",
        "block",
        "macro",
        "route",
        "render",
    ]
    target: Expr
    span: Span
    way: Way
    end: int = 0
    name: str = ""
    view: Expr | None = None
    given: Expr | None = None


@dataclass(frozen=True, slots=True)
class Mention:
    """A host (`of` = host) or a called name (`of` = name) spelled somewhere in an unread
    stretch."""

    of: Literal["host", "name"]
    text: str
    start: int


@dataclass(frozen=True, slots=True)
class Unread:
    """A stretch that was not understood and so was not checked, with the reason.

    `mentions` is what a search of the bare text finds in it; see `gdprlint.facts.unread`.
    """

    span: Span
    why: str
    mentions: tuple[Mention, ...] = ()


Fact: TypeAlias = Element | Call | Assign | Define | Link | Unread
"""One thing that a file says."""


@dataclass(frozen=True, slots=True)
class Return:
    """A value that a function gives back, and the way to that place within the file."""

    value: Expr
    way: Way


@dataclass(frozen=True, slots=True)
class FunctionFacts:
    """A function: its name where it has one, its parameters' names, what it returns.

    `way` leads to the function (without its own `Body`). A destructured parameter has an empty
    name; the names in the pattern are `Define`s in the function's scope, of members of `Parameter`.
    `scope` is the scope of its body. `decorators` are Python's.
    """

    name: str
    parameters: tuple[str, ...]
    defaults: tuple[Expr | None, ...]
    returns: tuple[Return, ...]
    scope: int
    span: Span
    way: Way
    decorators: tuple[Expr, ...] = ()


@dataclass(frozen=True, slots=True)
class Branch:
    """A stretch of a script that may run not at all, or more than once where it is a loop
    (`again`), and in which a name is given a value.

    `tests` is where the first of the tests begins that alone decide whether it runs; -1 where
    something else does.
    """

    start: int
    end: int
    again: bool
    tests: int = -1


@dataclass(frozen=True, slots=True)
class Comment:
    """The text between a comment's marks, for `gdprlint: ignore`, never for anything else."""

    text: str
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What a reader makes of one fragment: facts, and the fragments of other languages in it."""

    facts: tuple[Fact, ...] = ()
    functions: Mapping[int, FunctionFacts] = field(default_factory=dict)
    scopes: Mapping[int, int] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    fragments: tuple[Fragment, ...] = ()
    branches: tuple[Branch, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class FileFacts:
    """All that one file says, a function of its text and language alone.

    `scopes` maps each scope to the scope around it; 0, the page's global scope, is in no map.
    `functions` by number, which is unique in the file. `length` counts
    the characters of the file.
    """

    path: str
    language: str
    facts: tuple[Fact, ...] = ()
    functions: Mapping[int, FunctionFacts] = field(default_factory=dict)
    scopes: Mapping[int, int] = field(default_factory=dict)
    comments: tuple[Comment, ...] = ()
    branches: tuple[Branch, ...] = ()
    length: int = 0

    def unread(self) -> Iterator[Unread]:
        """The stretches that were not understood."""
        return (fact for fact in self.facts if isinstance(fact, Unread))
