"""What an expression is worth, as far as its spelling tells, and the calls that are made in it."""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from gdprlint.facts import (
    REST,
    SPREAD,
    UNKNOWN_KEY,
    Assign,
    Body,
    Both,
    Call,
    Callback,
    Choice,
    Compare,
    Constant,
    Either,
    Entry,
    Expr,
    Function,
    FunctionFacts,
    Invoke,
    Items,
    Keyword,
    Member,
    Name,
    Negation,
    Opaque,
    Parameter,
    Record,
    Return,
    Span,
    Text,
)
from gdprlint.languages.python.markup import written as written_markup
from gdprlint.languages.python.routes import keywords, rendered
from gdprlint.languages.python.strings import formatted, joined, percent
from gdprlint.languages.python.walk import Walk

_DEEPEST = 150
_MOST_OPERANDS = 60
_LARGEST = 2.0**63


def value(walk: Walk, node: ast.expr) -> Expr:
    """The value of `node`; the calls in it become facts on the way."""
    reader = _READERS.get(type(node))
    if reader is None:
        return Opaque(type(node).__name__, *walk.place(node))
    if walk.depth > _DEEPEST and not isinstance(node, ast.Name | ast.Constant):
        start, end = walk.place(node)
        walk.unread(start, end, "nested too deeply")
        return Opaque("nested too deeply", start, end)
    walk.depth += 1
    made = reader(walk, node)
    walk.depth -= 1
    return made


def _constant(walk: Walk, node: ast.Constant) -> Expr:
    start, end = walk.place(node)
    match node.value:
        case str(text):
            return Text(text, start, end)
        case bytes(data):
            return Text(data.decode("latin-1"), start, end)
        case bool() | float() | None as known:
            return Constant(known, start, end)
        case int(number):
            return _number(number, start, end)
        case _:
            return Opaque("a literal of another kind", start, end)


def _number(number: float, start: int, end: int) -> Expr:
    if abs(number) > _LARGEST:
        return Opaque("a number too large", start, end)
    return Constant(number, start, end)


def _name(walk: Walk, node: ast.Name) -> Expr:
    return Name(node.id, walk.scope, *walk.place(node))


def _attribute(walk: Walk, node: ast.Attribute) -> Expr:
    return Member(value(walk, node.value), node.attr, *walk.place(node))


def _subscript(walk: Walk, node: ast.Subscript) -> Expr:
    of = value(walk, node.value)
    start, end = walk.place(node)
    if isinstance(node.slice, ast.Slice):
        for bound in (node.slice.lower, node.slice.upper, node.slice.step):
            if bound is not None:
                value(walk, bound)
        return Invoke(Name("slice"), (of,), False, start, end)
    index = value(walk, node.slice)
    key = key_of(index)
    by = index if key == UNKNOWN_KEY and isinstance(index, Name | Member) else None
    return Member(of, key, start, end, by)


def key_of(key: Expr) -> str:
    """The key as a `Member` or an `Entry` has it."""
    match key:
        case Text(text):
            return text
        case Constant(bool() | None):
            return UNKNOWN_KEY
        case Constant(int() as number) if number >= 0:
            return str(number)
        case _:
            return UNKNOWN_KEY


def _call(walk: Walk, node: ast.Call) -> Expr:
    to = value(walk, node.func)
    start, end = walk.place(node)
    arguments: list[Expr] = []
    waiting: list[tuple[int, ast.Lambda]] = []
    written: list[ast.expr | ast.keyword] = [*node.args, *node.keywords]
    for given in written:
        shown: Expr
        inner: ast.expr = given.value if isinstance(given, ast.keyword) else given
        if isinstance(inner, ast.Lambda):
            waiting.append((len(arguments), inner))
            at = walk.place(inner)
            shown = Function(at[0], *at)
        elif isinstance(inner, ast.Starred):
            shown = Keyword(SPREAD, value(walk, inner.value), *walk.place(inner))
        else:
            shown = value(walk, inner)
        if isinstance(given, ast.keyword):
            shown = Keyword(given.arg or "**", shown, *walk.place(given))
        arguments.append(shown)
    invoke = Invoke(to, tuple(arguments), False, start, end)
    _read_callbacks(walk, invoke, waiting)
    walk.facts.append(Call(invoke, Span(walk.path, start, end), walk.way))
    walk.facts.extend(rendered(walk, invoke))
    if isinstance(to, Name | Member) and arguments:
        written_markup(walk, to.name, node, invoke.arguments)
    match to:
        case Member(Text() as text, "format"):
            return formatted(text, invoke.arguments, start, end) or invoke
        case Name("dict") if arguments and all(isinstance(each, Keyword) for each in arguments):
            return keywords(invoke)
        case Member(Invoke(Name("super")), "get_context_data"):
            # Django's own puts what it is given into what it gives back.
            return keywords(invoke)
    return invoke


def _read_callbacks(walk: Walk, invoke: Invoke, waiting: Sequence[tuple[int, ast.Lambda]]) -> None:
    """Lambdas among the arguments, whose way tells all arguments and so must wait for them."""
    way = walk.way
    for index, node in waiting:
        step = Callback(invoke.to, invoke.arguments, index, invoke.start, invoke.end)
        walk.way = (*way, step)
        _lambda(walk, node)
    walk.way = way


def _joined_string(walk: Walk, node: ast.JoinedStr) -> Expr:
    start, end = walk.place(node)
    outer = walk.window
    walk.window = (start, end)
    parts = [
        value(walk, part.value) if isinstance(part, ast.FormattedValue) else value(walk, part)
        for part in node.values
    ]
    walk.window = outer
    return joined(parts, start, end)


_OPERATORS: Mapping[type[ast.AST], str] = {
    ast.Add: "+",
    ast.Sub: "-",
    ast.Mult: "*",
    ast.MatMult: "@",
    ast.Div: "/",
    ast.FloorDiv: "//",
    ast.Mod: "%",
    ast.Pow: "**",
    ast.LShift: "<<",
    ast.RShift: ">>",
    ast.BitOr: "|",
    ast.BitAnd: "&",
    ast.BitXor: "^",
    ast.Invert: "~",
    ast.Eq: "==",
    ast.NotEq: "!=",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
    ast.Is: "is",
    ast.IsNot: "is not",
    ast.In: "in",
    ast.NotIn: "not in",
}


def _operation(walk: Walk, node: ast.BinOp) -> Expr:
    """The left side is taken apart in a loop: generated code adds up thousands of strings."""
    pending: list[ast.BinOp] = []
    left: ast.expr = node
    while isinstance(left, ast.BinOp):
        pending.append(left)
        left = left.left
    made = value(walk, left)
    start = made.start
    strings: list[Expr] = []
    nested = 0
    for step in reversed(pending):
        right = value(walk, step.right)
        end = max(walk.place(step)[1], start)
        operator = operator_of(step.op)
        if strings and operator == "+":
            strings.append(right)
            continue
        if strings:
            made, strings = joined(strings, start, right.start), []
        folded = _folded(operator, made, right, start, end)
        if folded is None and operator == "+":
            strings = [made, right]
            continue
        nested += folded is None
        made = folded or operated(operator, made, right, start, end)
        if nested > _MOST_OPERANDS:
            made = Opaque("a long calculation", start, end)
    start, end = walk.place(node)
    return joined(strings, start, end) if strings else made


def operator_of(sign: ast.operator) -> str:
    """How `sign` is written."""
    return _OPERATORS.get(type(sign), "?")


def operated(operator: str, left: Expr, right: Expr, start: int, end: int) -> Expr:
    """`left operator right` where it cannot be worked out: `+` joins, other signs are called."""
    if operator == "+":
        return joined((left, right), start, end)
    if operator == "%" and isinstance(left, Text):
        return percent(left, right, start, end)
    return Invoke(Name(f"operator {operator}"), (left, right), False, start, end)


def _folded(operator: str, left: Expr, right: Expr, start: int, end: int) -> Expr | None:
    """The result where both are numbers; None where one is not, or there is no result."""
    if not isinstance(left, Constant) or not isinstance(right, Constant):
        return None
    first, second = left.value, right.value
    if first is None or second is None:
        return None
    try:
        result = _ARITHMETIC[operator](first, second)
    except (KeyError, ArithmeticError):
        return None
    return _number(result, start, end)


def _power(first: float, second: float) -> float:
    if abs(first) > 1000 or not 0 <= second <= 20:
        raise ArithmeticError
    return float(first**second) if isinstance(first, float) else int(first) ** int(second)


_ARITHMETIC: Mapping[str, Callable[[float, float], float]] = {
    "+": lambda first, second: first + second,
    "-": lambda first, second: first - second,
    "*": lambda first, second: first * second,
    "/": lambda first, second: first / second,
    "//": lambda first, second: first // second,
    "%": lambda first, second: first % second,
    "**": _power,
}


def _unary(walk: Walk, node: ast.UnaryOp) -> Expr:
    of = value(walk, node.operand)
    start, end = walk.place(node)
    match node.op, of:
        case ast.Not(), _:
            return Negation(of, start, end)
        case ast.USub(), Constant(bool() | None):
            return Opaque("a sign before no number", start, end)
        case ast.USub(), Constant(int() | float() as number):
            return Constant(-number, start, end)
        case ast.UAdd(), _:
            return of
        case ast.USub(), _:
            return Invoke(Name("operator -"), (of,), False, start, end)
        case _:
            return Invoke(Name("operator ~"), (of,), False, start, end)


def _either_or_both(walk: Walk, node: ast.BoolOp) -> Expr:
    both = isinstance(node.op, ast.And)
    start = walk.place(node)[0]
    way = walk.way
    made = operand = value(walk, node.values[0])
    for count, each in enumerate(node.values[1:]):
        walk.way = walk.beyond(walk.way, operand, both)
        operand = value(walk, each)
        if count < _MOST_OPERANDS:
            end = max(start, operand.end)
            made = Both(made, operand, start, end) if both else Either(made, operand, start, end)
    walk.way = way
    return made


def _compare(walk: Walk, node: ast.Compare) -> Expr:
    start, end = walk.place(node)
    left = value(walk, node.left)
    made: Expr | None = None
    for sign, operand in zip(node.ops, node.comparators, strict=True):
        right = value(walk, operand)
        upto = max(left.start, right.end)
        one = Compare(_OPERATORS.get(type(sign), "?"), left, right, left.start, upto)
        made = one if made is None else Both(made, one, start, end)
        left = right
    return made or left


def _choice(walk: Walk, node: ast.IfExp) -> Expr:
    test = value(walk, node.test)
    way = walk.way
    walk.way = walk.beyond(way, test, True)
    yes = value(walk, node.body)
    walk.way = walk.beyond(way, test, False)
    no = value(walk, node.orelse)
    walk.way = way
    return Choice(test, yes, no, *walk.place(node))


def _record(walk: Walk, node: ast.Dict) -> Expr:
    entries: list[Entry] = []
    for key, each in zip(node.keys, node.values, strict=True):
        if key is None:
            given = value(walk, each)
            entries.append(Entry(SPREAD, given, given.start, given.end))
        else:
            named = value(walk, key)
            given = value(walk, each)
            end = max(named.start, given.end)
            entries.append(Entry(key_of(named), given, named.start, end))
    return Record(tuple(entries), *walk.place(node))


def _items(walk: Walk, node: ast.List | ast.Tuple | ast.Set) -> Expr:
    return Items(tuple([value(walk, item) for item in node.elts]), *walk.place(node))


def _starred(walk: Walk, node: ast.Starred) -> Expr:
    return Keyword(SPREAD, value(walk, node.value), *walk.place(node))


def _comprehension(
    walk: Walk, node: ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp
) -> Expr:
    start, end = walk.place(node)
    # One past the bracket: a comprehension may begin where the module does.
    scope, outer, way = 2 * (start + 1) + 2, walk.scope, walk.way
    walk.scopes[scope] = outer
    iterables: list[Expr] = []
    for clause in node.generators:
        iterated = value(walk, clause.iter)
        iterables.append(iterated)
        walk.scope = scope
        _bind_each(walk, clause.target, iterated, scope)
        for condition in clause.ifs:
            walk.way = walk.beyond(walk.way, value(walk, condition), True)
    element: Expr
    if isinstance(node, ast.DictComp):
        key, given = value(walk, node.key), value(walk, node.value)
        upto = max(key.start, given.end)
        element = Record((Entry(key_of(key), given, key.start, upto),), key.start, upto)
    else:
        element = value(walk, node.elt)
    walk.scope, walk.way = outer, way
    return Invoke(Name("comprehension"), (element, *iterables), False, start, end)


def _bind_each(walk: Walk, target: ast.expr, iterated: Expr, scope: int) -> None:
    home, members, declared = walk.home, walk.members, walk.declared
    walk.home, walk.members, walk.declared = scope, None, {}
    bind(walk, target, Member(iterated, UNKNOWN_KEY, iterated.start, iterated.end))
    walk.home, walk.members, walk.declared = home, members, declared


def bind(walk: Walk, target: ast.expr, given: Expr) -> None:
    """`target` comes to mean `given`: a name, a pattern of names, a member or an item."""
    match target:
        case ast.Name(id=name):
            walk.define(name, given, *walk.place(target))
        case ast.Tuple(elts=targets) | ast.List(elts=targets):
            for index, each in enumerate(targets):
                bind(walk, each, _item(given, index, len(targets)))
        case ast.Starred(value=inner):
            bind(walk, inner, Invoke(Name(REST), (given,), False, given.start, given.end))
        case _:
            assign(walk, target, given, augmented=False)


def _item(given: Expr, index: int, count: int) -> Expr:
    if isinstance(given, Items) and len(given.items) == count:
        return given.items[index]
    return Member(given, str(index), given.start, given.end)


def assign(walk: Walk, target: ast.expr, given: Expr, *, augmented: bool) -> None:
    """`given` is put into the member or item `target`."""
    start, end = walk.place(target)
    span = Span(walk.path, start, max(end, given.end))
    walk.facts.append(Assign(value(walk, target), given, span, walk.way, augmented))


def _named_expression(walk: Walk, node: ast.NamedExpr) -> Expr:
    given = value(walk, node.value)
    walk.define(node.target.id, given, *walk.place(node))
    return given


def _inner(walk: Walk, node: ast.Await) -> Expr:
    return value(walk, node.value)


def _yield(walk: Walk, node: ast.Yield) -> Expr:
    """Who walks over a generator gets what it yields, so it gives back a list of that."""
    start, end = walk.place(node)
    if node.value is not None:
        given = value(walk, node.value)
        walk.returns.append(Return(Items((given,), given.start, given.end), walk.way))
    return Opaque("what a generator is sent", start, end)


def _yield_from(walk: Walk, node: ast.YieldFrom) -> Expr:
    walk.returns.append(Return(value(walk, node.value), walk.way))
    return Opaque("what a generator gives back", *walk.place(node))


def _lambda(walk: Walk, node: ast.Lambda) -> Expr:
    start, end = walk.place(node)

    def read_body() -> None:
        walk.returns.append(Return(value(walk, node.body), walk.way))

    return read_function(walk, "", node.args, (start, end), read_body)


def read_function(
    walk: Walk,
    name: str,
    parameters: ast.arguments,
    place: tuple[int, int],
    read_body: Callable[[], object],
    *,
    decorators: tuple[Expr, ...] = (),
    around: int | None = None,
) -> Function:
    """A function of that `place`, whose statements are read by `read_body` in its own scope.

    `around` is the scope that its names are looked up in after its own, where that is not the
    present one: methods do not see the names of their class.
    """
    start, end = place
    defaults = _defaults(walk, parameters)
    number = start
    # Only an f-string that the parser misplaced can put two functions at one character.
    while number in walk.functions:
        number += 1
    scope = 2 * number + 1
    walk.scopes[scope] = walk.scope if around is None else around
    outer = (walk.scope, walk.home, walk.way, walk.declared, walk.returns, walk.members)
    way = walk.way
    walk.scope = walk.home = scope
    walk.declared, walk.returns, walk.members = {}, [], None
    walk.way = (*way, Body(number, start, end))
    names = _define_parameters(walk, parameters, number, defaults)
    span = Span(walk.path, start, end)
    # The number is taken before the body is read, so that nothing inside takes it too.
    walk.functions[number] = FunctionFacts(name, names, defaults, (), scope, span, way, decorators)
    read_body()
    walk.functions[number] = FunctionFacts(
        name, names, defaults, tuple(walk.returns), scope, span, way, decorators
    )
    walk.scope, walk.home, walk.way, walk.declared, walk.returns, walk.members = outer
    return Function(number, start, end)


def _parameters(parameters: ast.arguments) -> list[tuple[str, ast.arg]]:
    """Each parameter with its name; `*` and `**` stay on the names of those that collect."""
    found = [(each.arg, each) for each in (*parameters.posonlyargs, *parameters.args)]
    if parameters.vararg is not None:
        found.append(("*" + parameters.vararg.arg, parameters.vararg))
    found.extend((each.arg, each) for each in parameters.kwonlyargs)
    if parameters.kwarg is not None:
        found.append(("**" + parameters.kwarg.arg, parameters.kwarg))
    return found


def _define_parameters(
    walk: Walk, parameters: ast.arguments, number: int, defaults: Sequence[Expr | None]
) -> tuple[str, ...]:
    """A parameter means what is given, or its default; one that collects, the rest of all."""
    found = _parameters(parameters)
    for index, ((name, node), default) in enumerate(zip(found, defaults, strict=True)):
        start, end = walk.place(node)
        given: Expr = Parameter(number, index, start, end)
        if name.startswith("*"):
            given = Invoke(Name(REST), (given,), False, start, end)
        elif default is not None:
            given = Either(given, default, start, end)
        walk.define(node.arg, given, start, end)
    return tuple([name for name, _ in found])


def _defaults(walk: Walk, parameters: ast.arguments) -> tuple[Expr | None, ...]:
    positional = len(parameters.posonlyargs) + len(parameters.args)
    given: list[Expr | None] = [None] * (positional - len(parameters.defaults))
    given.extend(value(walk, default) for default in parameters.defaults)
    if parameters.vararg is not None:
        given.append(None)
    for default in parameters.kw_defaults:
        given.append(None if default is None else value(walk, default))
    if parameters.kwarg is not None:
        given.append(None)
    return tuple(given)


_READERS: Mapping[type[ast.AST], Callable[[Walk, Any], Expr]] = {
    ast.Constant: _constant,
    ast.Name: _name,
    ast.Attribute: _attribute,
    ast.Subscript: _subscript,
    ast.Call: _call,
    ast.JoinedStr: _joined_string,
    ast.BinOp: _operation,
    ast.UnaryOp: _unary,
    ast.BoolOp: _either_or_both,
    ast.Compare: _compare,
    ast.IfExp: _choice,
    ast.Dict: _record,
    ast.List: _items,
    ast.Tuple: _items,
    ast.Set: _items,
    ast.Starred: _starred,
    ast.ListComp: _comprehension,
    ast.SetComp: _comprehension,
    ast.GeneratorExp: _comprehension,
    ast.DictComp: _comprehension,
    ast.NamedExpr: _named_expression,
    ast.Await: _inner,
    ast.Yield: _yield,
    ast.YieldFrom: _yield_from,
    ast.Lambda: _lambda,
}
