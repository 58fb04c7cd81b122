"""Statements: which conditions lead where, and which names come to mean what.

Each reader says whether the statement leaves, so that what follows `if (c) return;` has `c` false.
"""

from __future__ import annotations

from collections.abc import Sequence

from gdprlint.facts import (
    UNKNOWN_KEY,
    Compare,
    Constant,
    Either,
    Entry,
    Expr,
    If,
    Member,
    Opaque,
    Record,
    Return,
)
from gdprlint.languages.javascript import patterns
from gdprlint.languages.javascript.expressions import key, named_value
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.walk import EXTRA, FUNCTIONS, Walk

_SCOPED = frozenset(
    {
        "lexical_declaration",
        "class_declaration",
        "abstract_class_declaration",
        "function_declaration",
        "generator_function_declaration",
        "using_declaration",
        "enum_declaration",
    }
)
_MOST_CASES = 20


def block_of(walk: Walk, nodes: Sequence[Node]) -> bool:
    """Read statements one after another; true where the last is never left at its end."""
    leaves = False
    for node in nodes:
        leaves = walk.statement(node) or leaves
    return leaves


def block(walk: Walk, node: Node) -> bool:
    """`{ ... }`: a scope where names are declared in it; its way ends with it."""
    nodes = walk.solid_or_broken(node)
    outer = walk.scope
    if any(walk.kinds[child.kind_id] in _SCOPED for child in nodes):
        outer = walk.open_scope(node.start_byte)
    way, block_way = walk.way, walk.block_way
    walk.block_way = way
    leaves = block_of(walk, nodes)
    walk.way, walk.block_way, walk.scope = way, block_way, outer
    return leaves


def branch(walk: Walk, node: Node | None) -> bool:
    """One statement under a condition: what it adds to the way ends with it."""
    if node is None:
        return False
    way, mark = walk.way, walk.given
    leaves = walk.statement(node)
    walk.note_branch(mark, node.start_byte, node.end_byte)
    walk.way = way
    return leaves


def _choice(walk: Walk, node: Node | None, tests: int) -> bool:
    """One statement that runs where the tests from `tests` on come out as the way says."""
    if node is None:
        return False
    way, mark = walk.way, walk.given
    leaves = walk.statement(node)
    walk.note_choice(mark, node.start_byte, node.end_byte, tests)
    walk.way = way
    return leaves


def expression_statement(walk: Walk, node: Node) -> bool:
    """An expression for its effects."""
    for child in node.named_children:
        if walk.kinds[child.kind_id] not in EXTRA:
            walk.expression(child)
    return False


def nothing(walk: Walk, node: Node) -> bool:
    """What does not run: types, declarations without a body, `;`, comments."""
    return False


def bare_expression(walk: Walk, node: Node) -> bool:
    """An expression where a statement is due, as in broken code."""
    walk.expression(node)
    return False


def leave(walk: Walk, node: Node) -> bool:
    """`throw x`, `break`, `continue`."""
    for child in walk.solid(node):
        if walk.kind(child) != "statement_identifier":
            walk.expression(child)
    return True


def give_back(walk: Walk, node: Node) -> bool:
    """`return x`."""
    parts = walk.solid(node)
    if parts:
        value = walk.expression(parts[0])
        walk.returns.append(Return(value, walk.way_at(node.start_byte + walk.shift)))
    return True


def condition(walk: Walk, node: Node) -> Expr:
    """The test of a statement that has one."""
    spelled = node.child_by_field_name("condition")
    if spelled is None or walk.kind(spelled) == "empty_statement":
        return Opaque("no condition", node.start_byte + walk.shift, node.start_byte + walk.shift)
    return walk.expression(spelled)


def if_statement(walk: Walk, node: Node) -> bool:
    """`if`, with all of its `else if`; the way goes on by the branches that do not leave."""
    way = walk.way
    tests: list[tuple[Expr, bool]] = []
    last: Node | None = node
    leaves = False
    while last is not None and walk.kind(last) == "if_statement":
        walk.tick(last)
        test = condition(walk, last)
        before = walk.way
        walk.way = walk.under(test, True)
        yes = _choice(walk, last.child_by_field_name("consequence"), node.start_byte)
        walk.way = before
        walk.way = walk.under(test, False)
        tests.append((test, yes))
        alternative = last.child_by_field_name("alternative")
        inside = walk.solid(alternative) if alternative is not None else []
        last = inside[0] if inside else None
    if last is not None:
        leaves = _choice(walk, last, node.start_byte)
    steps: list[If] = []
    for test, yes in reversed(tests):
        if yes and not leaves:
            steps.append(If(test, False, test.start, test.end))
        elif leaves and not yes:
            steps = [If(test, True, test.start, test.end)]
            leaves = False
        elif not yes:
            steps = []
    walk.way = way
    for step in reversed(steps):
        walk.way = walk.under(step.test, step.taken)
    return leaves


def while_statement(walk: Walk, node: Node) -> bool:
    """`while (c) ...`."""
    way, mark = walk.way, walk.given
    walk.way = walk.under(condition(walk, node), True)
    branch(walk, node.child_by_field_name("body"))
    walk.way = way
    walk.note_branch(mark, node.start_byte, node.end_byte, again=True)
    return False


def do_statement(walk: Walk, node: Node) -> bool:
    """`do ... while (c)`: the body runs whatever the condition."""
    mark = walk.given
    branch(walk, node.child_by_field_name("body"))
    condition(walk, node)
    walk.note_branch(mark, node.start_byte, node.end_byte, again=True)
    return False


def for_statement(walk: Walk, node: Node) -> bool:
    """`for (a; b; c) ...`."""
    outer, way, mark = walk.scope, walk.way, walk.given
    first = node.child_by_field_name("initializer")
    if first is not None:
        if walk.kind(first) in _SCOPED:
            walk.open_scope(node.start_byte)
        walk.statement(first)
    test = condition(walk, node)
    if not isinstance(test, Opaque):
        walk.way = walk.under(test, True)
    step = node.child_by_field_name("increment")
    if step is not None:
        walk.expression(step)
    branch(walk, node.child_by_field_name("body"))
    walk.scope, walk.way = outer, way
    walk.note_branch(mark, node.start_byte, node.end_byte, again=True)
    return False


def for_in_statement(walk: Walk, node: Node) -> bool:
    """`for (x of xs) ...` and `for (key in x) ...`."""
    outer = walk.scope
    left, right = node.child_by_field_name("left"), node.child_by_field_name("right")
    if left is None or right is None:
        return False
    start, end = left.start_byte + walk.shift, left.end_byte + walk.shift
    mark = walk.given
    over = walk.expression(right)
    operator = node.child_by_field_name("operator")
    value: Expr = Member(over, UNKNOWN_KEY, start, end)
    if operator is not None and walk.spelled(operator) == "in":
        value = Opaque("a key of an object", start, end)
    kind = node.child_by_field_name("kind")
    if kind is None:
        patterns.assign_to(walk, left, value)
    elif walk.spelled(kind) == "var":
        patterns.define(walk, left, value, scope=walk.function_scope)
    else:
        walk.open_scope(node.start_byte)
        patterns.define(walk, left, value, scope=walk.scope)
    branch(walk, node.child_by_field_name("body"))
    walk.scope = outer
    walk.note_branch(mark, node.start_byte, node.end_byte, again=True)
    return False


def switch_statement(walk: Walk, node: Node) -> bool:
    """`switch`: a case's statements are under its test, unless the case before falls into it."""
    subject = node.child_by_field_name("value")
    body = node.child_by_field_name("body")
    if subject is None or body is None:
        return False
    value = walk.expression(subject)
    outer = walk.open_scope(body.start_byte)
    way, block_way = walk.way, walk.block_way
    walk.block_way = way
    tests: list[Expr] = []
    sure = True
    for case in walk.solid(body):
        spelled = case.child_by_field_name("value")
        if spelled is None:
            sure = False
        else:
            against = walk.expression(spelled)
            start, end = spelled.start_byte + walk.shift, spelled.end_byte + walk.shift
            tests.append(Compare("===", value, against, start, end))
        nodes = case.children_by_field_name("body")
        if not nodes:
            continue
        if sure and tests and len(tests) <= _MOST_CASES:
            walk.way = walk.under(_any_of(tests), True)
        mark = walk.given
        sure = block_of(walk, nodes)
        walk.note_branch(mark, case.start_byte, case.end_byte)
        walk.way = way
        tests = []
    walk.way, walk.block_way, walk.scope = way, block_way, outer
    return False


def _any_of(tests: Sequence[Expr]) -> Expr:
    test = tests[0]
    for other in tests[1:]:
        test = Either(test, other, test.start, other.end)
    return test


def try_statement(walk: Walk, node: Node) -> bool:
    """`try`: leaves where its body and its handler do, or where its `finally` does."""
    leaves = branch(walk, node.child_by_field_name("body"))
    handler = node.child_by_field_name("handler")
    if handler is not None:
        outer = walk.open_scope(handler.start_byte)
        parameter = handler.child_by_field_name("parameter")
        if parameter is not None:
            start, end = parameter.start_byte + walk.shift, parameter.end_byte + walk.shift
            patterns.define(walk, parameter, Opaque("an error", start, end), scope=walk.scope)
        leaves = branch(walk, handler.child_by_field_name("body")) and leaves
        walk.scope = outer
    finalizer = node.child_by_field_name("finalizer")
    if finalizer is not None:
        body = finalizer.child_by_field_name("body")
        leaves = branch(walk, body) or leaves
    return leaves


def labelled_statement(walk: Walk, node: Node) -> bool:
    """`label: ...`: a `break` may come out of it, so it never leaves."""
    branch(walk, node.child_by_field_name("body"))
    return False


def with_statement(walk: Walk, node: Node) -> bool:
    """`with (o) ...`: names in it may be members of the object, which is not followed."""
    of = node.child_by_field_name("object")
    if of is not None:
        walk.expression(of)
    branch(walk, node.child_by_field_name("body"))
    return False


def variables(walk: Walk, node: Node) -> bool:
    """`var`, `let`, `const`, `using`."""
    var = walk.kind(node) == "variable_declaration"
    scope = walk.function_scope if var else walk.scope
    kinds = walk.kinds
    for declarator in node.named_children:
        if kinds[declarator.kind_id] != "variable_declarator":
            continue
        parts = declarator.named_children
        if not parts:
            continue
        target = parts[0]
        given = parts[-1] if len(parts) > 1 else None
        if given is not None and kinds[given.kind_id] in _NO_VALUE:
            given = declarator.child_by_field_name("value")
        start, end = declarator.start_byte + walk.shift, declarator.end_byte + walk.shift
        simple = kinds[target.kind_id] == "identifier"
        if given is None:
            value: Expr = Constant(None, start, end)
        elif simple and kinds[given.kind_id] in FUNCTIONS:
            value = named_value(walk, given, walk.spelled(target))
        else:
            value = walk.expression(given)
        if simple:
            walk.note_define(walk.spelled(target), scope, value, declarator)
        else:
            patterns.define(walk, target, value, scope=scope)
    return False


_NO_VALUE = EXTRA | {"type_annotation"}


def enum(walk: Walk, node: Node) -> bool:
    """`enum E { A = 1 }`: a record of its constants; what is counted up is opaque."""
    named, body = node.child_by_field_name("name"), node.child_by_field_name("body")
    if named is None or body is None:
        return False
    entries: list[Entry] = []
    for child in walk.solid(body):
        start, end = child.start_byte + walk.shift, child.end_byte + walk.shift
        value: Expr = Opaque("counted up", start, end)
        word = child
        if walk.kind(child) == "enum_assignment":
            parts = walk.solid(child)
            if len(parts) != 2:
                continue
            word = parts[0]
            value = walk.expression(parts[1])
        entries.append(Entry(key(walk, word), value, start, end))
    record = Record(tuple(entries), node.start_byte + walk.shift, node.end_byte + walk.shift)
    walk.note_define(walk.spelled(named), walk.scope, record, node)
    return False


def namespace(walk: Walk, node: Node) -> bool:
    """`namespace N { ... }` (TypeScript): its statements run where it stands."""
    body = node.child_by_field_name("body")
    if body is not None:
        branch(walk, body)
    return False


def broken(walk: Walk, node: Node) -> bool:
    """A stretch that does not parse: what stands whole in it is read, on a way nobody knows."""
    walk.broken.add(node.id)
    place = node.start_byte
    way = walk.way
    why = Opaque("code that could not be read", place + walk.shift, node.end_byte + walk.shift)
    for child in node.children:
        if not child.is_named or walk.kind(child) not in _WHOLE:
            continue
        walk.unread.append((place, child.start_byte, _BROKEN))
        place = child.end_byte
        walk.way = walk.under(why, True)
        walk.statement(child)
        walk.way = way
    if place < node.end_byte or place == node.start_byte:
        walk.unread.append((place, node.end_byte, _BROKEN))
    return False


_BROKEN = "not understood as JavaScript or TypeScript"
_WHOLE = _SCOPED | {
    "expression_statement",
    "variable_declaration",
    "if_statement",
    "for_statement",
    "for_in_statement",
    "while_statement",
    "do_statement",
    "try_statement",
    "switch_statement",
    "return_statement",
    "statement_block",
    "export_statement",
    "import_statement",
}
