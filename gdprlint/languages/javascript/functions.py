"""Functions and classes: parameters, bodies, and what they give back."""

from __future__ import annotations

from gdprlint.facts import (
    REST,
    SPREAD,
    Body,
    Either,
    Entry,
    Expr,
    FunctionFacts,
    Invoke,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Return,
    Span,
)
from gdprlint.languages.javascript import literals, patterns
from gdprlint.languages.javascript.expressions import key, method, named_value
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.statements import block_of
from gdprlint.languages.javascript.walk import Task, Walk

_METHODS = frozenset({"method_definition"})


def read_task(walk: Walk, task: Task) -> None:
    """Read the inside of a function, and note what is to be known of the whole."""
    node, number = task.node, task.number
    end = node.end_byte + walk.shift
    scope = 2 * number + 1
    walk.scopes[scope] = task.scope
    walk.scope = walk.function_scope = scope
    walk.this_scope = task.this_scope if walk.kind(node) == "arrow_function" else scope
    walk.way = walk.block_way = (*task.way, Body(number, number, end))
    walk.returns = []
    walk.values = walk.cuts = walk.blocks = 0
    walk.depth = task.depth
    names: list[str] = []
    defaults: list[Expr | None] = []
    try:
        own = _own_name(walk, node, scope)
        _parameters(walk, node, number, names=names, defaults=defaults)
        _body(walk, node)
    finally:
        walk.functions[number] = FunctionFacts(
            own or task.name,
            tuple(names),
            tuple(defaults),
            tuple(walk.returns),
            scope,
            Span(walk.path, number, end),
            walk.whole_way(task.way, number),
        )


def _own_name(walk: Walk, node: Node, scope: int) -> str:
    """The name of a function; that of an expression means the function inside itself only."""
    spelled = node.child_by_field_name("name")
    kind = walk.kind(node)
    if spelled is None or kind in _METHODS:
        return ""
    name = literals.identifier(walk.spelled(spelled))
    if kind in ("function_expression", "generator_function"):
        walk.note_define(name, scope, walk.function_value(node), spelled)
    return name


def _body(walk: Walk, node: Node) -> None:
    body = node.child_by_field_name("body")
    if body is None:
        return
    if walk.kind(body) == "statement_block":
        block_of(walk, walk.solid_or_broken(body))
        return
    value = walk.expression(body)
    walk.returns.append(Return(value, walk.way_at(body.start_byte + walk.shift)))


def _parameters(
    walk: Walk, node: Node, number: int, *, names: list[str], defaults: list[Expr | None]
) -> None:
    """Define the names of all parameters; `names` and `defaults` get one item for each."""
    single = node.child_by_field_name("parameter")
    listed = node.child_by_field_name("parameters")
    nodes = walk.solid(listed) if listed is not None else []
    if single is not None:
        nodes = [single]
    for given in nodes:
        pattern, default, property = _parameter(walk, given)
        if pattern is None or walk.kind(pattern) == "this":
            continue
        start, end = given.start_byte + walk.shift, given.end_byte + walk.shift
        value: Expr = Parameter(number, len(names), start, end)
        kind = walk.kind(pattern)
        if kind == "rest_pattern":
            rest = walk.solid(pattern)
            if not rest:
                continue
            pattern = rest[0]
            kind = walk.kind(pattern)
            value = Invoke(Name(REST), (value,), False, start, end)
        fallback = walk.expression(default) if default is not None else None
        # A parameter that makes a property is told below.
        injected = _injected(walk, node, given) if fallback is None and not property else None
        if fallback is not None or injected is not None:
            value = Either(value, fallback or injected or value, start, end)
        name = literals.identifier(walk.spelled(pattern)) if kind == "identifier" else ""
        names.append(name)
        defaults.append(fallback)
        patterns.define(walk, pattern, value, scope=walk.scope)
        if property and name:
            this = Name("this", walk.this_scope, start, end)
            to = Member(this, name, start, end)
            walk.note_assign(to, Name(name, walk.scope, start, end), given)
            kind_of = _declared_class(walk, given)
            if kind_of:
                # Whoever gives it, it is one of these: what an injector hands over.
                made = Name(kind_of, walk.scope, start, end)
                walk.note_assign(to, Invoke(made, (), True, start, end), given)


def _declared_class(walk: Walk, given: Node) -> str:
    """The name of the class or interface that a parameter's type is, or nothing."""
    annotation = given.child_by_field_name("type")
    for child in walk.solid(annotation) if annotation is not None else ():
        if walk.kind(child) == "generic_type":
            child = child.child_by_field_name("name") or child
        if walk.kind(child) == "type_identifier":
            return walk.spelled(child)
    return ""


def _injected(walk: Walk, node: Node, given: Node) -> Expr | None:
    """What an injector gives a constructor for a parameter of that type (Angular, NestJS): an
    object of the class. Injectors make decorated classes only."""
    named = node.child_by_field_name("name")
    if named is None or walk.spelled(named) != "constructor":
        return None
    kind_of = _declared_class(walk, given)
    if not kind_of or not _is_decorated(walk, node):
        return None
    start, end = given.start_byte + walk.shift, given.end_byte + walk.shift
    return Invoke(Name(kind_of, walk.scope, start, end), (), True, start, end)


def _is_decorated(walk: Walk, method: Node) -> bool:
    """Whether the class of a method has a decorator, before it or before its `export`."""
    body = method.parent
    owner = body.parent if body is not None else None
    outer = owner.parent if owner is not None else None
    return any(
        walk.kind(child) == "decorator"
        for node in (owner, outer)
        if node is not None and (node is owner or walk.kind(node) == "export_statement")
        for child in node.named_children
    )


def _parameter(walk: Walk, given: Node) -> tuple[Node | None, Node | None, bool]:
    """The pattern and the default of a parameter, and whether it makes a property (TypeScript)."""
    kind = walk.kind(given)
    if kind == "assignment_pattern":
        parts = walk.solid(given)
        return (parts[0], parts[1], False) if len(parts) == 2 else (None, None, False)
    if kind in ("required_parameter", "optional_parameter"):
        pattern = given.child_by_field_name("pattern")
        default = given.child_by_field_name("value")
        first = given.named_children[0]
        property = walk.kind(first) in ("accessibility_modifier", "override_modifier")
        readonly = (
            pattern is not None and "readonly" in walk.text[given.start_byte : pattern.start_byte]
        )
        return pattern, default, property or readonly
    return given, None, False


def class_value(walk: Walk, node: Node) -> Record:
    """A class as a record of its methods and fields, after those of the class it extends."""
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    entries: list[Entry] = []
    body: Node | None = None
    for child in walk.solid(node):
        kind = walk.kind(child)
        if kind == "decorator":
            walk.expression(child)
        elif kind == "class_heritage":
            entries.extend(_heritage(walk, child))
        elif kind == "class_body":
            body = child
    if body is not None:
        outer = walk.this_scope
        # What fields begin as is worked out in the object (ECMAScript, 15.7.10), arrows among it.
        walk.this_scope = 2 * start + 1
        for member in walk.solid(body):
            entries.extend(_member(walk, member))
        walk.this_scope = outer
    return Record(tuple(entries), start, end)


def _heritage(walk: Walk, node: Node) -> list[Entry]:
    for child in walk.solid(node):
        kind = walk.kind(child)
        if kind == "implements_clause":
            continue
        source = child
        if kind == "extends_clause":
            value = child.child_by_field_name("value")
            if value is None:
                continue
            source = value
        extended = walk.expression(source)
        return [Entry(SPREAD, extended, extended.start, extended.end)]
    return []


def _member(walk: Walk, node: Node) -> list[Entry]:
    kind = walk.kind(node)
    if kind == "method_definition":
        for child in walk.solid(node):
            if walk.kind(child) == "decorator":
                walk.expression(child)
        return [method(walk, node)]
    if kind == "class_static_block":
        body = node.child_by_field_name("body")
        if body is not None:
            walk.statement(body)
        return []
    if kind == "decorator":
        walk.expression(node)
        return []
    if kind not in ("field_definition", "public_field_definition"):
        return []
    named = node.child_by_field_name("property") or node.child_by_field_name("name")
    value = node.child_by_field_name("value")
    for child in walk.solid(node):
        if walk.kind(child) == "decorator":
            walk.expression(child)
    if named is None:
        return []
    word = key(walk, named)
    if value is None:
        return []
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    return [Entry(word, named_value(walk, value, word), start, end)]


def class_expression(walk: Walk, node: Node) -> Expr:
    """A class as a value; its own name means it inside itself only."""
    named = node.child_by_field_name("name")
    if named is None:
        return class_value(walk, node)
    outer = walk.open_scope(node.start_byte)
    scope = walk.scope
    value = class_value(walk, node)
    if scope != outer:
        walk.note_define(walk.spelled(named), scope, value, named)
    walk.scope = outer
    return value


def class_declaration(walk: Walk, node: Node) -> bool:
    """`class A {}`: its name means a record, in the block's scope."""
    named = node.child_by_field_name("name")
    value = class_value(walk, node)
    if named is not None:
        walk.note_define(walk.spelled(named), walk.scope, value, node)
    return False


def function_declaration(walk: Walk, node: Node) -> bool:
    """`function f() {}`: hoisted to the start of its block, so by the way that leads there."""
    named = node.child_by_field_name("name")
    value = walk.defer(node, walk.block_way)
    if named is not None:
        way, walk.way = walk.way, walk.block_way
        walk.note_define(literals.identifier(walk.spelled(named)), walk.scope, value, node)
        walk.way = way
    return False


def decorator(walk: Walk, node: Node) -> Expr:
    """`@f(x)`: a call like others, as far as it is one."""
    for child in walk.solid(node):
        walk.expression(child)
    return Opaque("a decorator", node.start_byte + walk.shift, node.end_byte + walk.shift)
