"""Statements: what they define and assign, and the conditions under which the next ones run."""

from __future__ import annotations

import ast
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from gdprlint.facts import (
    DECORATOR,
    SPREAD,
    UNKNOWN_KEY,
    Call,
    Compare,
    Either,
    Entry,
    Expr,
    FunctionFacts,
    Invoke,
    Link,
    Member,
    Name,
    Opaque,
    Record,
    Return,
    Span,
    Text,
    Way,
)
from gdprlint.languages.python.markup import add_markup
from gdprlint.languages.python.routes import (
    answers_requests,
    decorated_routes,
    routes,
    shown_by_tag,
)
from gdprlint.languages.python.values import (
    assign,
    bind,
    operated,
    operator_of,
    read_function,
    value,
)
from gdprlint.languages.python.walk import Walk


def block(walk: Walk, statements: Sequence[ast.stmt]) -> Way | None:
    """Read `statements`; the way to what follows them, or None where nothing after them is reached.

    What stands behind a `return` is read all the same, on the way that it was written under.
    """
    left = False
    for statement in statements:
        walk.look_at_the_clock(statement.lineno)
        reader = _READERS.get(type(statement))
        if reader is None:
            continue
        beyond = reader(walk, statement)
        if beyond is None:
            left = True
        else:
            walk.way = beyond
    return None if left else walk.way


def _under(walk: Walk, way: Way, statements: Sequence[ast.stmt]) -> Way | None:
    """`block` on another way, after which the walk is where it was."""
    outer = walk.way
    walk.way = way
    beyond = block(walk, statements)
    walk.way = outer
    return beyond


def _expression(walk: Walk, node: ast.Expr) -> Way | None:
    if not isinstance(node.value, ast.Constant):
        value(walk, node.value)
    return walk.way


def _assign(walk: Walk, node: ast.Assign) -> Way | None:
    given = value(walk, node.value)
    start, end = walk.place(node)
    for target in node.targets:
        if isinstance(target, ast.Name):
            _name_given(walk, target.id, given, (start, end))
        elif isinstance(target, ast.Attribute | ast.Subscript):
            assign(walk, target, given, augmented=False)
        else:
            bind(walk, target, given)
    return walk.way


def _name_given(walk: Walk, name: str, given: Expr, place: tuple[int, int]) -> None:
    walk.define(name, given, *place)
    if name == "urlpatterns":
        routes(walk, given)
    elif name == "template_name" and walk.members is not None:
        context = _context_of_class(walk, *place)
        span = Span(walk.path, *place)
        walk.facts.append(Link("render", given, span, walk.way, view=walk.view, given=context))


_SUFFIXES = {
    "ListView": "list",
    "DetailView": "detail",
    "CreateView": "form",
    "UpdateView": "form",
    "DeleteView": "confirm_delete",
}


def _by_convention(walk: Walk, name: str, entries: Sequence[Entry]) -> Iterator[Link]:
    """The template of a generic view that names none: its model's name with what the view does
    (Django, "Generic display views", "Generic editing views")."""
    members = {entry.key: entry.value for entry in entries}
    match members.get("model"):
        case Name(model) | Member(_, model) if "template_name" not in members:
            pass
        case _:
            return
    for entry in entries:
        match entry.value:
            case Name(parent) | Member(_, parent) if entry.key == SPREAD:
                suffix = next((s for end, s in _SUFFIXES.items() if parent.endswith(end)), "")
            case _:
                suffix = ""
        if suffix:
            start, end = entry.start, entry.end
            target = Text(f"{model.lower()}_{suffix}.html", start, end)
            context = _context_of_class(walk, start, end)
            span = Span(walk.path, start, end)
            yield Link("render", target, span, walk.way, view=walk.view, given=context)
            return


def _context_of_class(walk: Walk, start: int, end: int) -> Expr | None:
    """What a view that is a class gives to its template (Django, "ContextMixin"): what its method
    gives back, its own or a parent's, beside what it always gives."""
    if walk.view is None:
        return None
    method = Member(walk.view, "get_context_data", start, end)
    always = Member(walk.view, "extra_context", start, end)
    given = [Entry(SPREAD, Invoke(method, (), False, start, end), start, end)]
    given.append(Entry(SPREAD, always, start, end))
    form = Invoke(Member(walk.view, "form_class", start, end), (), False, start, end)
    given.append(Entry("form", form, start, end))
    return Record(tuple(given), start, end)


def _annotated_assign(walk: Walk, node: ast.AnnAssign) -> Way | None:
    start, end = walk.place(node)
    if node.value is not None:
        given = value(walk, node.value)
        if isinstance(node.target, ast.Name):
            _name_given(walk, node.target.id, given, (start, end))
        else:
            assign(walk, node.target, given, augmented=False)
    elif isinstance(node.target, ast.Name) and walk.members is not None:
        kept = Opaque("declared without a value", start, end)
        walk.members.append(Entry(node.target.id, kept, start, end))
    return walk.way


def _augmented_assign(walk: Walk, node: ast.AugAssign) -> Way | None:
    given = value(walk, node.value)
    operator = operator_of(node.op)
    start, end = walk.place(node)
    if isinstance(node.target, ast.Name):
        name = node.target.id
        old = Name(name, walk.scope, *walk.place(node.target))
        walk.define(name, operated(operator, old, given, start, end), start, end)
        if name == "urlpatterns" and operator == "+":
            routes(walk, given)
    else:
        assign(walk, node.target, given, augmented=operator == "+")
    return walk.way


def _return(walk: Walk, node: ast.Return) -> Way | None:
    if node.value is not None:
        given = value(walk, node.value)
        walk.returns.append(Return(given, walk.way))
        if walk.answers:
            add_markup(walk, node.value, given, "html")
    return None


def _delete(walk: Walk, node: ast.Delete) -> Way | None:
    """`del event["user"]["email"]`: a call, as what it is deleted from is changed by it."""
    start, end = walk.place(node)
    for target in node.targets:
        if isinstance(target, ast.Attribute | ast.Subscript):
            removal = Invoke(Name("operator delete"), (value(walk, target),), False, start, end)
            walk.facts.append(Call(removal, Span(walk.path, start, end), walk.way))
    return walk.way


def _raise(walk: Walk, node: ast.Raise) -> Way | None:
    for part in (node.exc, node.cause):
        if part is None:
            continue
        raised = value(walk, part)
        if isinstance(raised, Name | Member):
            # A class that is raised is called.
            call = Invoke(raised, (), False, raised.start, raised.end)
            walk.facts.append(Call(call, Span(walk.path, raised.start, raised.end), walk.way))
    return None


def _leave_loop(walk: Walk, node: ast.stmt) -> Way | None:
    return None


def _if(walk: Walk, node: ast.If) -> Way | None:
    """All branches of an `if`, in a loop, since an `elif` is an `if` within an `else`.

    What follows is on the way of the only branch that comes through, where there is only one.
    """
    outer = walk.way
    through: list[Way] = []
    rest: Sequence[ast.stmt] = [node]
    while len(rest) == 1 and isinstance(rest[0], ast.If):
        node = rest[0]
        test = value(walk, node.test)
        beyond = _under(walk, walk.beyond(walk.way, test, True), node.body)
        if beyond is not None:
            through.append(beyond)
        walk.way = walk.beyond(walk.way, test, False)
        rest = node.orelse
    beyond = block(walk, rest)
    if beyond is not None:
        through.append(beyond)
    walk.way = outer
    if not through:
        return None
    return through[0] if len(through) == 1 else outer


def _while(walk: Walk, node: ast.While) -> Way | None:
    test = value(walk, node.test)
    _under(walk, walk.beyond(walk.way, test, True), node.body)
    _under(walk, walk.way, node.orelse)
    return walk.way


def _for(walk: Walk, node: ast.For | ast.AsyncFor) -> Way | None:
    iterated = value(walk, node.iter)
    bind(walk, node.target, Member(iterated, UNKNOWN_KEY, iterated.start, iterated.end))
    _under(walk, walk.way, node.body)
    _under(walk, walk.way, node.orelse)
    return walk.way


def _with(walk: Walk, node: ast.With | ast.AsyncWith) -> Way | None:
    for item in node.items:
        given = value(walk, item.context_expr)
        if item.optional_vars is not None:
            bind(walk, item.optional_vars, given)
    return _under(walk, walk.way, node.body)


def _try(walk: Walk, node: Any) -> Way | None:
    """`try`, also with `except*`: what follows is on the body's way if every handler leaves."""
    beyond = _under(walk, walk.way, node.body)
    if beyond is not None:
        beyond = _under(walk, beyond, node.orelse)
    through = [] if beyond is None else [beyond]
    for handler in node.handlers:
        if handler.type is not None:
            value(walk, handler.type)
        if handler.name:
            start, end = walk.place(handler)
            walk.define(handler.name, Opaque("an exception", start, end), start, end)
        way = _under(walk, walk.way, handler.body)
        if way is not None:
            through.append(way)
    if _under(walk, walk.way, node.finalbody) is None or not through:
        return None
    return through[0] if len(through) == 1 else walk.way


def _assert(walk: Walk, node: ast.Assert) -> Way | None:
    test = value(walk, node.test)
    if node.msg is not None:
        value(walk, node.msg)
    return walk.beyond(walk.way, test, True)


def _match(walk: Walk, node: ast.Match) -> Way | None:
    subject = value(walk, node.subject)
    for case in node.cases:
        outer = walk.way
        test = _pattern(walk, case.pattern, subject)
        if test is not None:
            walk.way = walk.beyond(walk.way, test, True)
        if case.guard is not None:
            walk.way = walk.beyond(walk.way, value(walk, case.guard), True)
        block(walk, case.body)
        walk.way = outer
    return walk.way


def _pattern(walk: Walk, pattern: ast.pattern, subject: Expr) -> Expr | None:
    """What a pattern asks of `subject`, if it only compares; its names are defined on the way."""
    start, end = walk.place(pattern)
    match pattern:
        case ast.MatchValue(value=literal):
            return Compare("==", subject, value(walk, literal), start, end)
        case ast.MatchSingleton(value=singleton):
            literal = ast.copy_location(ast.Constant(singleton), pattern)
            return Compare("is", subject, value(walk, literal), start, end)
        case ast.MatchOr(patterns=patterns):
            tests = [_pattern(walk, each, subject) for each in patterns[:20]]
            made = tests[0]
            for test in tests[1:]:
                made = Either(made, test, start, end) if made and test else None
            return made if len(patterns) <= 20 else None
        case ast.MatchAs(pattern=inner, name=name):
            if name is not None:
                walk.define(name, subject, start, end)
            return None if inner is None else _pattern(walk, inner, subject)
        case _:
            _capture(walk, pattern, subject)
            return None


def _capture(walk: Walk, pattern: ast.pattern, subject: Expr) -> None:
    """The names in a pattern that takes `subject` apart, each some part of it."""
    part = Member(subject, UNKNOWN_KEY, subject.start, subject.end)
    keyed = _keyed(pattern) if isinstance(pattern, ast.MatchMapping) else {}
    for node in ast.walk(pattern):
        if isinstance(node, ast.MatchAs | ast.MatchStar) and node.name is not None:
            key = keyed.get(id(node), UNKNOWN_KEY)
            known = Member(subject, key, subject.start, subject.end)
            walk.define(node.name, known, *walk.place(node))
        elif isinstance(node, ast.MatchMapping) and node.rest is not None:
            walk.define(node.rest, part, *walk.place(node))


def _keyed(pattern: ast.MatchMapping) -> dict[int, str]:
    """The key that each part of the pattern is held against, by the part's identity."""
    return {
        id(inner): key.value
        for key, inner in zip(pattern.keys, pattern.patterns, strict=True)
        if isinstance(key, ast.Constant) and isinstance(key.value, str)
    }


def _import(walk: Walk, node: ast.Import) -> Way | None:
    for alias in node.names:
        start, end = walk.place(alias)
        module = Text(alias.name, start, end)
        walk.facts.append(Link("import", module, Span(walk.path, start, end), walk.way))
        # `import a.b` binds a; the rest is reached as its member.
        bound = module if alias.asname else Text(alias.name.split(".")[0], start, end)
        imported = _imported(bound, "*", start, end)
        walk.define(alias.asname or bound.text, imported, start, end)
    return walk.way


def _import_from(walk: Walk, node: ast.ImportFrom) -> Way | None:
    start, end = walk.place(node)
    module = Text("." * node.level + (node.module or ""), start, end)
    walk.facts.append(Link("import", module, Span(walk.path, start, end), walk.way))
    for alias in node.names:
        at = walk.place(alias)
        walk.define(alias.asname or alias.name, _imported(module, alias.name, *at), *at)
    return walk.way


def _imported(module: Text, name: str, start: int, end: int) -> Invoke:
    return Invoke(Name("import"), (module, Text(name, start, end)), False, start, end)


def _function(walk: Walk, node: ast.FunctionDef | ast.AsyncFunctionDef) -> Way | None:
    decorators = tuple([value(walk, each) for each in node.decorator_list])
    start, end = walk.place(node)
    is_method = walk.members is not None
    name = f"{walk.class_name}.{node.name}" if is_method else node.name
    defined = Name(node.name, walk.declared.get(node.name, walk.home), start, end)
    decorated_routes(walk, decorators, defined)
    shown_by_tag(walk, decorators, defined)
    outer = (walk.view, walk.class_name, walk.answers)
    walk.answers = answers_requests(decorators)
    if not is_method:
        walk.view = defined
    walk.class_name = ""
    made = read_function(
        walk,
        name,
        node.args,
        (start, end),
        lambda: block(walk, node.body),
        decorators=decorators,
        around=walk.scopes[walk.home] if is_method else None,
    )
    walk.view, walk.class_name, walk.answers = outer
    if is_method and node.name == SUCCESS_URL:
        walk.facts.extend(_leads_on(walk, walk.functions[made.function]))
    walk.define(node.name, made, start, end)
    return walk.way


SUCCESS_URL = "get_success_url"


def _leads_on(walk: Walk, method: FunctionFacts) -> Iterator[Call]:
    """Where a view that is a class sends the browser once its form was taken (Django,
    "FormMixin"): as a call of that name, which is given what the method gives back."""
    for given in method.returns:
        start, end = given.value.start, given.value.end
        invoke = Invoke(Name(SUCCESS_URL, 0, start, end), (given.value,), False, start, end)
        yield Call(invoke, Span(walk.path, start, end), given.way)


def _class(walk: Walk, node: ast.ClassDef) -> Way | None:
    """A class as the record of its members, whose names live in a scope that methods do not see."""
    entries: list[Entry] = []
    for decorator in node.decorator_list:
        made = value(walk, decorator)
        entries.append(Entry(DECORATOR, made, made.start, made.end))
    for parent in node.bases:
        made = value(walk, parent.value if isinstance(parent, ast.Starred) else parent)
        entries.append(Entry(SPREAD, made, made.start, made.end))
    for keyword in node.keywords:
        value(walk, keyword.value)
    start, end = walk.place(node)
    outer = (walk.scope, walk.home, walk.members, walk.class_name, walk.view, walk.declared)
    # One past the first character: the class may begin where the module does.
    scope = 2 * (start + 1) + 2
    walk.scopes[scope] = walk.scope
    walk.view = Name(node.name, walk.home, start, end)
    walk.scope = walk.home = scope
    walk.class_name = f"{walk.class_name}.{node.name}" if walk.class_name else node.name
    walk.members, walk.declared = entries, {}
    way = walk.way
    block(walk, node.body)
    walk.way = way
    walk.facts.extend(_by_convention(walk, node.name, entries))
    walk.scope, walk.home, walk.members, walk.class_name, walk.view, walk.declared = outer
    walk.define(node.name, Record(tuple(entries), start, end), start, end)
    return walk.way


def _global(walk: Walk, node: ast.Global) -> Way | None:
    walk.declared.update(dict.fromkeys(node.names, walk.module))
    return walk.way


def _nonlocal(walk: Walk, node: ast.Nonlocal) -> Way | None:
    around = walk.scopes.get(walk.home, walk.module)
    walk.declared.update(dict.fromkeys(node.names, around))
    return walk.way


_READERS: Mapping[type[ast.AST], Callable[[Walk, Any], Way | None]] = {
    ast.Expr: _expression,
    ast.Assign: _assign,
    ast.AnnAssign: _annotated_assign,
    ast.AugAssign: _augmented_assign,
    ast.Return: _return,
    ast.Delete: _delete,
    ast.Raise: _raise,
    ast.Break: _leave_loop,
    ast.Continue: _leave_loop,
    ast.If: _if,
    ast.While: _while,
    ast.For: _for,
    ast.AsyncFor: _for,
    ast.With: _with,
    ast.AsyncWith: _with,
    ast.Try: _try,
    ast.TryStar: _try,
    ast.Assert: _assert,
    ast.Match: _match,
    ast.Import: _import,
    ast.ImportFrom: _import_from,
    ast.FunctionDef: _function,
    ast.AsyncFunctionDef: _function,
    ast.ClassDef: _class,
    ast.Global: _global,
    ast.Nonlocal: _nonlocal,
}
