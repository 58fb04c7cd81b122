"""Expressions but for calls: what each is worth, as far as its spelling says."""

from __future__ import annotations

from gdprlint.facts import (
    SPREAD,
    UNKNOWN_KEY,
    Both,
    Choice,
    Compare,
    Constant,
    Either,
    Entry,
    Expr,
    Invoke,
    Items,
    Join,
    Keyword,
    Member,
    Name,
    Negation,
    Opaque,
    Record,
    Text,
)
from gdprlint.languages.javascript import literals
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.patterns import assign_to
from gdprlint.languages.javascript.walk import EXTRA, FUNCTIONS, MOST_IN_CHAIN, Walk
from gdprlint.languages.javascript.written import property_fate

_COMPARISONS = frozenset({"==", "===", "!=", "!==", "<", ">", "<=", ">="})
_LOGICAL = frozenset({"&&", "||", "??"})
_MOST_PARTS = 5000
_MOST_FOLDS = 60
_SHORT = 8
_LONG = "a very long expression"


def name(walk: Walk, node: Node) -> Expr:
    """An identifier in the place of a value."""
    start, end = node.start_byte, node.end_byte
    if walk.hole_starts and (hole := walk.hole_at(start, end)) is not None:
        return hole
    spelled = walk.text[start:end]
    if "\\" in spelled:
        spelled = literals.identifier(spelled)
    return Name(spelled, walk.scope, start + walk.shift, end + walk.shift)


def this(walk: Walk, node: Node) -> Expr:
    """`this` and `super` belong to the nearest function that is no arrow."""
    start, end = node.start_byte, node.end_byte
    return Name(walk.text[start:end], walk.this_scope, start + walk.shift, end + walk.shift)


def string(walk: Walk, node: Node) -> Expr:
    """A string literal; its span includes the quotes."""
    start, end = node.start_byte, node.end_byte
    if walk.hole_starts:
        return walk.with_holes(start + 1, max(start + 1, end - 1), literals.unescaped)
    raw = walk.text[start + 1 : end - 1]
    markup = "<" in raw
    if "\\" in raw:
        raw = literals.unescaped(raw)
    value = Text(raw, start + walk.shift, end + walk.shift)
    if markup:
        walk.note_markup(value)
    return value


def _template_text(raw: str) -> str:
    return literals.unescaped(raw.replace("\r\n", "\n"))


def template(walk: Walk, node: Node) -> Expr:
    """A template literal: a `Text` where nothing is put into it."""
    value = _template(walk, node)
    if walk.text.find("<", node.start_byte, node.end_byte) >= 0:
        walk.note_markup(value)
    return value


def _template(walk: Walk, node: Node) -> Expr:
    start, end = node.start_byte, node.end_byte
    parts: list[Expr] = []
    place = start + 1
    if walk.text.find("${", start, end) >= 0:
        for child in node.named_children:
            if walk.kinds[child.kind_id] != "template_substitution":
                continue
            if child.start_byte > place:
                parts.append(walk.with_holes(place, child.start_byte, _template_text))
            inner = walk.solid(child)
            if inner:
                parts.append(walk.expression(inner[0]))
            place = child.end_byte
    if not parts:
        text = walk.with_holes(start + 1, max(start + 1, end - 1), _template_text)
        return _placed(text, start + walk.shift, end + walk.shift)
    if end - 1 > place:
        parts.append(walk.with_holes(place, end - 1, _template_text))
    return Join(tuple(_joined(parts)), start + walk.shift, end + walk.shift)


def _placed(text: Expr, start: int, end: int) -> Expr:
    match text:
        case Text(value):
            return Text(value, start, end)
        case Join(parts):
            return Join(parts, start, end)
    return text


def _joined(parts: list[Expr]) -> list[Expr]:
    """`parts` with the parts of joins among them put in their place."""
    flat: list[Expr] = []
    for part in parts:
        if isinstance(part, Join):
            flat.extend(part.parts)
        else:
            flat.append(part)
    return flat


def number(walk: Walk, node: Node) -> Expr:
    """A numeric literal."""
    start, end = node.start_byte, node.end_byte
    value = literals.number(walk.text[start:end])
    if value is None:
        return Opaque("a number out of range", start + walk.shift, end + walk.shift)
    return Constant(value, start + walk.shift, end + walk.shift)


def true(walk: Walk, node: Node) -> Expr:
    """`true`."""
    return Constant(True, node.start_byte + walk.shift, node.end_byte + walk.shift)


def false(walk: Walk, node: Node) -> Expr:
    """`false`."""
    return Constant(False, node.start_byte + walk.shift, node.end_byte + walk.shift)


def nothing(walk: Walk, node: Node) -> Expr:
    """`null` and `undefined`."""
    return Constant(None, node.start_byte + walk.shift, node.end_byte + walk.shift)


def regex(walk: Walk, node: Node) -> Expr:
    """A regular expression literal, as the value of a call of `regex`."""
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    pattern = node.child_by_field_name("pattern")
    source = walk.spelled(pattern) if pattern is not None else ""
    return Invoke(Name("regex"), (Text(source, start, end),), False, start, end)


def meta_property(walk: Walk, node: Node) -> Expr:
    """`import.meta` and `new.target`."""
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    if walk.spelled(node).startswith("import"):
        return Member(Name("import", 0, start, start + 6), "meta", start, end)
    return Opaque("new.target", start, end)


def opaque(walk: Walk, node: Node) -> Expr:
    """Anything unforeseen: its parts are read for their facts."""
    for child in walk.solid(node):
        walk.expression(child)
    return Opaque(walk.kind(node), node.start_byte + walk.shift, node.end_byte + walk.shift)


def skipped(walk: Walk, node: Node) -> Expr:
    """Types, errors and the like: nothing that runs."""
    return Opaque(walk.kind(node), node.start_byte + walk.shift, node.end_byte + walk.shift)


def transparent(walk: Walk, node: Node) -> Expr:
    """`(x)`, `await x`, `x as T`, `x!`: the value is that of the first part."""
    while True:
        parts = node.named_children
        kinds = walk.kinds
        if len(parts) != 1 or kinds[parts[0].kind_id] in EXTRA:
            parts = [part for part in parts if kinds[part.kind_id] not in EXTRA]
        if not parts:
            return nothing(walk, node)
        node = parts[0]
        if kinds[node.kind_id] != "parenthesized_expression":
            return walk.expression(node)


def type_assertion(walk: Walk, node: Node) -> Expr:
    """`<T>x`: the type comes first."""
    parts = walk.solid(node)
    return walk.expression(parts[-1]) if parts else nothing(walk, node)


def sequence(walk: Walk, node: Node) -> Expr:
    """`a, b`: the value is that of the last part."""
    value: Expr | None = None
    for part in walk.solid(node):
        value = walk.expression(part)
    return value if value is not None else nothing(walk, node)


def array(walk: Walk, node: Node) -> Expr:
    """An array literal."""
    kinds = walk.kinds
    items = [
        walk.expression(child) for child in node.named_children if kinds[child.kind_id] not in EXTRA
    ]
    return Items(tuple(items), node.start_byte + walk.shift, node.end_byte + walk.shift)


def spread(walk: Walk, node: Node) -> Expr:
    """`...x` in an array or among arguments."""
    parts = walk.solid(node)
    value = walk.expression(parts[0]) if parts else nothing(walk, node)
    return Keyword(SPREAD, value, node.start_byte + walk.shift, node.end_byte + walk.shift)


def key(walk: Walk, node: Node) -> str:
    """The name of a property, as a key of an object; `UNKNOWN_KEY` where it is computed."""
    kind = walk.kinds[node.kind_id]
    if kind == "string":
        text = string(walk, node)
        return text.text if isinstance(text, Text) else UNKNOWN_KEY
    if kind == "computed_property_name":
        parts = walk.solid(node)
        return computed_key(walk, parts[0]) if parts else UNKNOWN_KEY
    if walk.hole_starts and walk.hole_at(node.start_byte, node.end_byte) is not None:
        return UNKNOWN_KEY
    return literals.identifier(walk.text[node.start_byte : node.end_byte])


def _computed(walk: Walk, node: Node) -> Expr | None:
    """The expression between the brackets of a key."""
    if walk.kinds[node.kind_id] != "computed_property_name":
        return None
    parts = walk.solid(node)
    return walk.expression(parts[0]) if parts else None


def computed_key(walk: Walk, node: Node) -> str:
    """The name that the expression between brackets stands for, where it is a literal."""
    return key_name(walk.expression(node))


def key_name(key: Expr) -> str:
    """The name of a member that is asked for by this key; `UNKNOWN_KEY` where it is no literal."""
    match key:
        case Text(text):
            return text
        case Constant(bool() | None):
            return UNKNOWN_KEY
        case Constant(int() as value):
            return str(value)
    return UNKNOWN_KEY


def record(walk: Walk, node: Node) -> Expr:
    """An object literal."""
    entries: list[Entry] = []
    kinds = walk.kinds
    shift = walk.shift
    for child in node.named_children:
        kind = kinds[child.kind_id]
        start, end = child.start_byte + shift, child.end_byte + shift
        if kind == "pair":
            pair = child.named_children
            if len(pair) != 2:
                pair = walk.solid(child)
            if len(pair) == 2:
                computed = _computed(walk, pair[0])
                word = key(walk, pair[0]) if computed is None else key_name(computed)
                value = named_value(walk, pair[1], word)
                by = computed if isinstance(computed, Name | Member) else None
                entries.append(Entry(word, value, start, end, by))
                if walk.written:
                    walk.meets(value, property_fate(word))
        elif kind == "shorthand_property_identifier":
            value = name(walk, child)
            word = value.name if isinstance(value, Name) else UNKNOWN_KEY
            entries.append(Entry(word, value, start, end))
        elif kind == "method_definition":
            entries.append(method(walk, child))
        elif kind == "spread_element":
            value = spread(walk, child)
            entries.append(
                Entry(SPREAD, value.value if isinstance(value, Keyword) else value, start, end)
            )
    return Record(tuple(entries), node.start_byte + shift, node.end_byte + shift)


def method(walk: Walk, node: Node) -> Entry:
    """A method, getter or setter of an object or a class, as an entry of its record."""
    spelled = node.child_by_field_name("name")
    word = key(walk, spelled) if spelled is not None else UNKNOWN_KEY
    value = walk.defer(node, walk.way, name=word)
    accessor = next((c.type for c in node.children if c.type in ("get", "set")), "")
    if accessor == "get" and word != UNKNOWN_KEY:
        # To read the member is to call the function.
        return Entry(word, Invoke(value, (), False, value.start, value.end), value.start, value.end)
    word = f"set {word}" if accessor == "set" else word
    return Entry(word, value, value.start, value.end)


def named_value(walk: Walk, node: Node, word: str) -> Expr:
    """The value of `node`; a function without a name of its own is named `word`."""
    if walk.kinds[node.kind_id] in FUNCTIONS:
        return walk.defer(node, walk.way, name=word)
    return walk.expression(node)


def function(walk: Walk, node: Node) -> Expr:
    """A function as a value: it is read later, in its place."""
    return walk.defer(node, walk.way)


def ternary(walk: Walk, node: Node) -> Expr:
    """`test ? yes : no`."""
    parts = node.named_children
    if len(parts) != 3:
        parts = walk.solid(node)
    if len(parts) != 3:
        return opaque(walk, node)
    test = walk.expression(parts[0])
    outer, mark = walk.way, walk.given
    walk.way = walk.under(test, True)
    yes = walk.expression(parts[1])
    walk.note_choice(mark, parts[1].start_byte, parts[1].end_byte, node.start_byte)
    walk.way, mark = outer, walk.given
    walk.way = walk.under(test, False)
    no = walk.expression(parts[2])
    walk.note_choice(mark, parts[2].start_byte, parts[2].end_byte, node.start_byte)
    walk.way = outer
    return Choice(test, yes, no, node.start_byte + walk.shift, node.end_byte + walk.shift)


def unary(walk: Walk, node: Node) -> Expr:
    """`!x`, `-x`, `typeof x`, `void 0`, `delete x.y`."""
    parts = walk.solid(node)
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    if not parts:
        return Opaque("an operator without a value", start, end)
    operator = walk.text[node.start_byte : parts[-1].start_byte]
    of = walk.expression(parts[-1])
    if operator[0] == "!":
        if isinstance(of, Constant):
            return Constant(not of.value, start, end)
        return Negation(of, start, end)
    if operator.startswith("void"):
        return Constant(None, start, end)
    if operator.startswith("typeof"):
        return Invoke(Name("typeof"), (of,), False, start, end)
    if isinstance(of, Constant) and not isinstance(of.value, bool) and of.value is not None:
        if operator[0] == "-":
            return Constant(-of.value, start, end)
        if operator[0] == "+":
            return Constant(of.value, start, end)
    if operator.startswith("delete"):
        removal = Invoke(Name("operator delete"), (of,), False, start, end)
        walk.note_call(removal)
        return removal
    return Invoke(Name("operator " + operator[0]), (of,), False, start, end)


def update(walk: Walk, node: Node) -> Expr:
    """`x++`: the value is opaque, and counting gives nobody a new meaning."""
    for part in walk.solid(node):
        walk.expression(part)
    return Opaque("counting", node.start_byte + walk.shift, node.end_byte + walk.shift)


def _operator(walk: Walk, node: Node, left: Node, right: Node) -> str:
    word = walk.text[left.end_byte : right.start_byte].strip()
    if len(word) > 3 and word not in ("instanceof",):
        spelled = node.child_by_field_name("operator")
        return walk.spelled(spelled) if spelled is not None else ""
    return word


def binary(walk: Walk, node: Node) -> Expr:
    """A chain of binary operators, from left to right; long ones are no deeper than short ones."""
    chain: list[tuple[Node, str, Node]] = []
    first = node
    while walk.kinds[first.kind_id] == "binary_expression":
        parts = first.named_children
        if len(parts) != 2:
            parts = walk.solid(first)
        if len(parts) != 2:
            break
        chain.append((first, _operator(walk, first, *parts), parts[1]))
        first = parts[0]
        if len(chain) >= MOST_IN_CHAIN or (walk.grafts and first.id in walk.grafts):
            break
    if not chain:
        return opaque(walk, node)
    chain.reverse()
    outer = walk.way
    start = first.start_byte + walk.shift
    too_long = len(chain) >= MOST_IN_CHAIN
    values = walk.values
    walk.values = values + min(sum(link[1] != "+" for link in chain), _MOST_FOLDS)
    value = walk.too_long(first) if too_long else walk.expression(first)
    walk.values = values
    at = runs = 0
    while at < len(chain):
        operator = chain[at][1]
        run = at + 1
        while run < len(chain) and chain[run][1] == operator:
            run += 1
        links = chain[at:run]
        if operator == "+":
            value = _sum(walk, value, links)
        elif operator in _LOGICAL:
            value = _logical(walk, value, links)
            walk.way = outer
        else:
            value = _operation(walk, value, links)
        at = run
        runs += 1
        if runs % _MOST_FOLDS == 0:
            value = Opaque(_LONG, start, value.end)
    walk.way = outer
    return value


def _sum(walk: Walk, value: Expr, links: list[tuple[Node, str, Node]]) -> Expr:
    """`value + a + b`: one `Join` of all parts, after the numbers at its start are added up."""
    start = links[0][0].start_byte + walk.shift
    parts: list[Expr] = list(value.parts) if isinstance(value, Join) else [value]
    for node, _, right in links:
        more = walk.expression(right)
        total = _folded("+", parts[0], more) if len(parts) == 1 else None
        if total is not None:
            parts = [Constant(total, start, node.end_byte + walk.shift)]
        elif isinstance(more, Join):
            parts.extend(more.parts)
        elif isinstance(more, Text) and isinstance(parts[-1], Text) and not _is_markup(parts[0]):
            parts[-1] = Text(parts[-1].text + more.text, parts[-1].start, more.end)
        elif len(parts) < _MOST_PARTS:
            parts.append(more)
    end = links[-1][0].end_byte + walk.shift
    if len(parts) >= _MOST_PARTS:
        return Opaque(_LONG, start, end)
    if len(parts) == 1:
        return parts[0]
    whole = Join(tuple(parts), start, end)
    if walk.written:
        walk.note_markup(whole)
    return whole


def _is_markup(first: Expr) -> bool:
    """Whether a string begins with markup, which is read literal by literal, each in its place."""
    return isinstance(first, Text) and "<" in first.text


def _folded(operator: str, left: Expr, right: Expr) -> float | None:
    match left, right:
        case Constant(bool() | None), _:
            return None
        case _, Constant(bool() | None):
            return None
        case Constant(first), Constant(second) if first is not None and second is not None:
            return literals.arithmetic(operator, first, second)
    return None


def _logical(walk: Walk, value: Expr, links: list[tuple[Node, str, Node]]) -> Expr:
    """`value && a && b`: each part is reached by way of those before it.

    `&&`, `||` and `??` are associative, so a long chain is built as a bush and not as a pole.
    """
    operator = links[0][1]
    operands = [value]
    for _, _, right in links:
        if operator != "??":
            walk.way = walk.under(operands[-1], operator == "&&")
        mark = walk.given
        operands.append(walk.expression(right))
        walk.note_branch(mark, right.start_byte, right.end_byte)
    kind = Both if operator == "&&" else Either
    while len(operands) > 2:
        if len(operands) <= _SHORT:
            pairs = [kind(operands[0], operands[1], operands[0].start, operands[1].end)]
            operands = [*pairs, *operands[2:]]
            continue
        halves = [
            kind(left, right, left.start, right.end)
            for left, right in zip(operands[::2], operands[1::2], strict=False)
        ]
        operands = [*halves, *operands[2 * len(halves) :]]
    start, end = links[0][0].start_byte + walk.shift, links[-1][0].end_byte + walk.shift
    return kind(operands[0], operands[1], start, end)


def _operation(walk: Walk, value: Expr, links: list[tuple[Node, str, Node]]) -> Expr:
    """`value op a op b`, from left to right."""
    for count, (node, operator, right) in enumerate(links):
        start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
        if count % _MOST_FOLDS == _MOST_FOLDS - 1:
            value = Opaque(_LONG, start, value.end)
        more = walk.expression(right)
        total = _folded(operator, value, more)
        if total is not None:
            value = Constant(total, start, end)
        elif operator in _COMPARISONS:
            value = Compare(operator, value, more, start, end)
        else:
            value = Invoke(Name("operator " + operator), (value, more), False, start, end)
    return value


def assignment(walk: Walk, node: Node) -> Expr:
    """`to = value`; a target that is a pattern gives one `Assign` for each name in it."""
    parts = node.named_children
    if len(parts) != 2:
        parts = walk.solid(node)
    if len(parts) != 2:
        return opaque(walk, node)
    left, right = parts
    kind = walk.kinds[left.kind_id]
    if kind == "identifier":
        to = name(walk, left)
        value = named_value(walk, right, walk.spelled(left))
        walk.note_assign(to, value, node)
        return value
    if kind in ("object_pattern", "array_pattern"):
        value = walk.expression(right)
        assign_to(walk, left, value)
        return value
    to = walk.expression(left)
    value = _given(walk, to, right)
    walk.note_assign(to, value, node)
    return value


def _given(walk: Walk, to: Expr, node: Node) -> Expr:
    """The value given to `to`: a function given to `x.onclick` listens to clicks on `x`."""
    if walk.kinds[node.kind_id] not in FUNCTIONS:
        return walk.expression(node)
    if not isinstance(to, Member):
        return walk.defer(node, walk.way)
    event = to.name[2:] if to.name.startswith("on") else ""
    if not (event.isascii() and event.isalpha() and event.islower()):
        return walk.defer(node, walk.way, name=to.name)
    return walk.listener(to.of, event, node)


def augmented_assignment(walk: Walk, node: Node) -> Expr:
    """`to += value`, `to ||= value` and the like."""
    parts = walk.solid(node)
    if len(parts) != 2:
        return opaque(walk, node)
    operator = _operator(walk, node, *parts)[:-1]
    to = walk.expression(parts[0])
    start, end = node.start_byte + walk.shift, node.end_byte + walk.shift
    outer = walk.way
    if operator in ("&&", "||"):
        walk.way = walk.under(to, operator == "&&")
    value = _given(walk, to, parts[1])
    walk.way = outer
    if operator == "+":
        walk.note_assign(to, value, node, augmented=True)
        return Join(tuple(_joined([to, value])), start, end)
    if operator == "&&":
        value = Both(to, value, start, end)
    elif operator in ("||", "??"):
        value = Either(to, value, start, end)
    else:
        value = Invoke(Name("operator " + operator), (to, value), False, start, end)
    walk.note_assign(to, value, node)
    return value
