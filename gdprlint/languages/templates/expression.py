"""What is the value of an expression of Django's, Jinja's, Twig's or Liquid's template language?"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import NamedTuple

from gdprlint.facts import (
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
from gdprlint.languages.templates.words import words

_TOKEN = re.compile(
    r"[\s]*+(?:(?P<string>\"(?:[^\"\\]++|\\.)*+\"|'(?:[^'\\]++|\\.)*+')"
    r"|(?P<number>\d++(?:\.\d++)?)"
    r"|(?P<name>[A-Za-z_$@][\w$]*+)"
    r"|(?P<operator>//|\*\*|===?|!==?|<=|>=|<>|\?\?|\?:|\?\.|\.\.|&&|\|\||=>"
    r"|[-+*/%~|.,:()\[\]{}<>=?!&]))",
    re.DOTALL,
)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_ESCAPED = {"n": "\n", "t": "\t", "r": "\r"}
_CONSTANTS: dict[str, bool | None] = {
    "true": True,
    "True": True,
    "false": False,
    "False": False,
    "none": None,
    "None": None,
    "null": None,
    "nil": None,
}
_COMPARISONS = frozenset(("==", "===", "!=", "!==", "<>", "<", ">", "<=", ">=", "in", "contains"))
_TRANSLATIONS = frozenset(("_", "gettext", "trans", "translate", "ugettext", "gettext_lazy"))
_DEEPEST = 40
_MOST_TOKENS = 2000
# What a form has beside its fields.
_OF_FORMS = words(
    "as_div as_p as_table as_ul auto_id changed_data cleaned_data data errors fields"
    " hidden_fields hidden_tag initial instance is_bound is_multipart is_valid"
    " management_form media non_field_errors prefix renderer visible_fields"
)
WHOLE_FORM = frozenset(("as_div", "as_p", "as_table", "as_ul"))
"""What writes all fields of a form out."""


class _Token(NamedTuple):
    kind: str
    text: str
    start: int
    end: int


class _Misread(Exception):
    """The expression is not one that is understood."""


def expression(text: str, start: int, end: int, *, offset: int) -> Expr:
    """The value of all of `text[start:end]`, or an `Opaque` of it."""
    try:
        parser = _Parser(_tokens(text, start, end), offset)
        value = parser.conditional()
        parser.expect_end()
    except _Misread:
        return Opaque("template expression", offset + start, offset + end)
    return value


def expressions(text: str, start: int, end: int, *, offset: int) -> tuple[Expr, ...]:
    """The arguments of a tag, separated by blanks or commas; `a=b` is a `Keyword`."""
    found: list[Expr] = []
    try:
        parser = _Parser(_tokens(text, start, end), offset)
        while not parser.at_end():
            if not parser.accept(","):
                found.append(parser.argument(simple=True))
    except _Misread:
        found.append(Opaque("template arguments", offset + start, offset + end))
    return tuple(found)


def listed(text: str, start: int, end: int, *, offset: int) -> tuple[Expr, ...]:
    """Full expressions separated by commas: `a = b, c = d`."""
    try:
        parser = _Parser(_tokens(text, start, end), offset)
        found = parser.arguments("")
    except _Misread:
        return ()
    return found


def form_field(value: Expr) -> Expr:
    """`value`, with `form.email` in it made the field of that name."""
    match value:
        case Member(Name(owner), name) | Invoke(Member(Name(owner), name)):
            is_form = owner == "form" or owner.endswith(("_form", "Form"))
            if is_form and name not in _OF_FORMS and name != UNKNOWN_KEY:
                return Field(name, value.start, value.end)
        case Invoke(Name(called), (first, *others)) if called.startswith("filter "):
            return replace(value, arguments=(form_field(first), *others))
    return value


def _tokens(text: str, start: int, end: int) -> list[_Token]:
    found: list[_Token] = []
    position = start
    while position < end:
        match = _TOKEN.match(text, position, end)
        if match is None:
            if text[position:end].strip():
                raise _Misread
            break
        kind = match.lastgroup
        assert kind is not None
        found.append(_Token(kind, match.group(kind), match.start(kind), match.end()))
        position = match.end()
        if len(found) > _MOST_TOKENS:
            raise _Misread
    return found


def unquoted(written: str) -> str:
    """The text of a string literal."""
    if "\\" not in written:
        return written[1:-1]
    return _ESCAPE.sub(lambda found: _ESCAPED.get(found.group(1), found.group(1)), written[1:-1])


_NOTHING = _Token("end", "", 0, 0)


@dataclass(slots=True)
class _Parser:
    """A recursive descent over the tokens of one expression, at most 40 deep."""

    tokens: list[_Token]
    offset: int
    index: int = 0
    depth: int = 0

    def peek(self, ahead: int = 0) -> _Token:
        place = self.index + ahead
        return self.tokens[place] if place < len(self.tokens) else _NOTHING

    def at_end(self) -> bool:
        return self.index >= len(self.tokens)

    def expect_end(self) -> None:
        if not self.at_end():
            raise _Misread

    def take(self) -> _Token:
        token = self.peek()
        if token is _NOTHING:
            raise _Misread
        self.index += 1
        return token

    def accept(self, *texts: str) -> _Token | None:
        token = self.peek()
        if token.kind != "string" and token.text in texts and token is not _NOTHING:
            self.index += 1
            return token
        return None

    def expect(self, text: str) -> _Token:
        token = self.accept(text)
        if token is None:
            raise _Misread
        return token

    def conditional(self) -> Expr:
        """The lowest rank: `a if b else c`, `b ? a : c`."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Misread
        value = self.either()
        if self.accept("if"):
            test = self.either()
            end = test.end
            other: Expr = Text("", end, end)
            if self.accept("else"):
                other = self.conditional()
            value = Choice(test, value, other, value.start, max(end, other.end))
        elif self.accept("?"):
            yes = self.conditional()
            no: Expr = Text("", yes.end, yes.end)
            if self.accept(":"):
                no = self.conditional()
            value = Choice(value, yes, no, value.start, no.end)
        self.depth -= 1
        return value

    def either(self) -> Expr:
        value = self.both()
        while self.accept("or", "||", "??", "?:"):
            other = self.both()
            value = Either(value, other, value.start, other.end)
        return value

    def both(self) -> Expr:
        value = self.negation()
        while self.accept("and", "&&"):
            other = self.negation()
            value = Both(value, other, value.start, other.end)
        return value

    def negation(self) -> Expr:
        negations: list[_Token] = []
        while True:
            token = self.accept("not", "!")
            if token is None:
                break
            negations.append(token)
        if len(negations) > _DEEPEST:
            raise _Misread
        value = self.comparison()
        for token in reversed(negations):
            value = Negation(value, self.offset + token.start, value.end)
        return value

    def comparison(self) -> Expr:
        value = self.sum()
        while True:
            token = self.peek()
            if token.kind == "string":
                return value
            if token.text == "is":
                value = self.test(value)
                continue
            operator = token.text
            if operator == "not" and self.peek(1).text == "in":
                self.index += 1
                operator = "not in"
            elif operator not in _COMPARISONS:
                return value
            self.index += 1
            other = self.sum()
            operator = "!=" if operator == "<>" else operator
            value = Compare(operator, value, other, value.start, other.end)

    def test(self, value: Expr) -> Expr:
        """`is defined`, `is not none`, `is divisibleby 3`."""
        self.expect("is")
        negated = self.accept("not")
        token = self.take()
        end = self.offset + token.end
        result: Expr
        if token.text in _CONSTANTS and token.kind == "name":
            constant = Constant(_CONSTANTS[token.text], self.offset + token.start, end)
            result = Compare("is", value, constant, value.start, end)
        else:
            arguments: tuple[Expr, ...] = ()
            if self.accept("("):
                arguments = self.arguments(")")
                end = self.offset + self.tokens[self.index - 1].end
            elif self.peek().kind in ("string", "number"):
                arguments = (self.postfix(),)
                end = arguments[0].end
            called = self.named("test", token)
            result = Invoke(called, (value, *arguments), start=value.start, end=end)
        return Negation(result, result.start, result.end) if negated else result

    def named(self, role: str, token: _Token) -> Name:
        start, end = self.offset + token.start, self.offset + token.end
        return Name(f"{role} {token.text}", TEMPLATE_SCOPE, start, end)

    def sum(self) -> Expr:
        value = self.product()
        parts: list[Expr] = [value]
        while True:
            token = self.accept("+", "~", "-", "..")
            if token is None:
                break
            other = self.product()
            if token.text in "+~":
                parts.append(other)
            else:
                value = parts[0] if len(parts) == 1 else self.joined(parts)
                parts = [self.operation(token, value, other)]
        return parts[0] if len(parts) == 1 else self.joined(parts)

    def joined(self, parts: list[Expr]) -> Join:
        return Join(tuple(parts), parts[0].start, parts[-1].end)

    def operation(self, token: _Token, value: Expr, other: Expr) -> Invoke:
        called = self.named("operator", token)
        return Invoke(called, (value, other), start=value.start, end=other.end)

    def product(self) -> Expr:
        value = self.postfix()
        steps = 0
        while True:
            token = self.accept("*", "/", "//", "%", "**")
            if token is None:
                return value
            steps += 1
            if steps > _DEEPEST:
                raise _Misread
            value = self.operation(token, value, self.postfix())

    def postfix(self) -> Expr:
        """A value with its members, calls and filters."""
        self.depth += 1
        if self.depth > _DEEPEST:
            raise _Misread
        value = self.primary()
        steps = 0
        while True:
            steps += 1
            if steps > 4 * _DEEPEST:
                raise _Misread
            if self.accept(".", "?."):
                value = self.member(value)
            elif self.peek().text == "[" and self.peek().kind == "operator" and self.adjacent():
                value = self.subscript(value)
            elif self.peek().text == "(" and self.peek().kind == "operator":
                self.index += 1
                arguments = self.arguments(")")
                end = self.offset + self.tokens[self.index - 1].end
                value = self.called(Invoke(value, arguments, start=value.start, end=end))
            elif self.accept("|"):
                value = self.filtered(value)
            else:
                break
        self.depth -= 1
        return value

    def adjacent(self) -> bool:
        """Whether nothing stands between the last token and the next: `a[0]`, not `a [0]`."""
        return self.index > 0 and self.peek().start == self.tokens[self.index - 1].end

    def called(self, invoke: Invoke) -> Expr:
        """A call; of a translation, the text that it translates."""
        match invoke:
            case Invoke(Name(name), (Text(text), *_)) if name in _TRANSLATIONS:
                return Text(text, invoke.start, invoke.end)
        return invoke

    def member(self, of: Expr) -> Expr:
        token = self.take()
        end = self.offset + token.end
        if token.kind == "number":
            for part in token.text.split("."):
                of = Member(of, part, of.start, end)
            return of
        if token.kind != "name":
            raise _Misread
        return Member(of, token.text, of.start, end)

    def subscript(self, of: Expr) -> Expr:
        self.expect("[")
        name = UNKNOWN_KEY
        token = self.peek()
        if token.kind in ("string", "number") and self.peek(1).text == "]":
            self.index += 1
            name = unquoted(token.text) if token.kind == "string" else token.text
        else:
            while self.accept(":") or self.peek().text != "]":
                if self.peek().text != "]":
                    self.conditional()
        close = self.expect("]")
        return Member(of, name, of.start, self.offset + close.end)

    def filtered(self, value: Expr) -> Expr:
        token = self.take()
        if token.kind != "name":
            raise _Misread
        end = token.end
        while self.peek().text == "." and self.peek(1).kind == "name":
            self.index += 1
            part = self.take()
            token = token._replace(text=f"{token.text}.{part.text}", end=part.end)
            end = part.end
        arguments: list[Expr] = []
        if self.peek().text == "(" and self.adjacent():
            self.index += 1
            arguments += self.arguments(")")
            end = self.tokens[self.index - 1].end
        elif self.peek().text == ":" and self.adjacent():
            self.index += 1
            arguments.append(self.argument(simple=True, filters=False))
            # Liquid gives further arguments after commas.
            while self.peek().text == "," and self.peek(1).kind != "end" and self.depth <= 2:
                self.index += 1
                arguments.append(self.argument(simple=True, filters=False))
            end = self.tokens[self.index - 1].end
        if token.text in _TRANSLATIONS and isinstance(value, Text):
            return replace(value, end=self.offset + end)
        called = self.named("filter", token)
        return Invoke(called, (value, *arguments), start=value.start, end=self.offset + end)

    def argument(self, *, simple: bool = False, filters: bool = True) -> Expr:
        """One argument, `name=value` or `name: value`; a simple one has no operators."""
        token = self.peek()
        following = self.peek(1).text
        if token.kind == "name" and (
            following == "=" or (following == ":" and self.peek(1).start == token.end)
        ):
            self.index += 2
            value = self.value(simple, filters)
            return Keyword(token.text, value, self.offset + token.start, value.end)
        return self.value(simple, filters)

    def value(self, simple: bool, filters: bool) -> Expr:
        if not simple:
            return self.conditional()
        if filters:
            negative = self.accept("-")
            value = self.postfix()
            return self.negative(value) if negative else value
        self.accept("-")
        value = self.primary()
        while self.accept("."):
            value = self.member(value)
        return value

    def negative(self, value: Expr) -> Expr:
        if isinstance(value, Constant) and isinstance(value.value, float):
            return replace(value, value=-value.value)
        return value

    def arguments(self, closing: str) -> tuple[Expr, ...]:
        """What stands between commas up to `closing`, which is taken."""
        found: list[Expr] = []
        while True:
            if (closing and self.accept(closing)) or (not closing and self.at_end()):
                return tuple(found)
            if found and not self.accept(","):
                raise _Misread
            if (closing and self.accept(closing)) or (not closing and self.at_end()):
                return tuple(found)
            self.accept("*", "**")
            found.append(self.argument())

    def primary(self) -> Expr:
        token = self.take()
        start, end = self.offset + token.start, self.offset + token.end
        match token.kind:
            case "string":
                return self.strings(token)
            case "number":
                return Constant(float(token.text), start, end)
            case "name":
                if token.text in _CONSTANTS:
                    return Constant(_CONSTANTS[token.text], start, end)
                if token.text in ("and", "or", "if", "else", "in", "is"):
                    raise _Misread
                return Name(token.text, TEMPLATE_SCOPE, start, end)
        match token.text:
            case "(":
                return self.group(start)
            case "[":
                items = self.arguments("]")
                return Items(items, start, self.offset + self.tokens[self.index - 1].end)
            case "{":
                return self.record(start)
            case "-" | "+":
                return self.negative(self.postfix())
        raise _Misread

    def strings(self, token: _Token) -> Expr:
        return Text(unquoted(token.text), self.offset + token.start, self.offset + token.end)

    def group(self, start: int) -> Expr:
        items = self.arguments(")")
        end = self.offset + self.tokens[self.index - 1].end
        if len(items) == 1 and self.tokens[self.index - 2].text != ",":
            return items[0]
        return Items(items, start, end)

    def record(self, start: int) -> Expr:
        entries: list[Entry] = []
        while not self.accept("}"):
            if entries:
                self.expect(",")
                if self.accept("}"):
                    break
            key = self.either()
            name = key.text if isinstance(key, Text) else UNKNOWN_KEY
            if isinstance(key, Name):
                # Twig's keys need no quotes; in Jinja the name is a variable.
                name = key.name
            value = key
            if self.accept(":"):
                value = self.conditional()
            entries.append(Entry(name, value, key.start, value.end))
        return Record(tuple(entries), start, self.offset + self.tokens[self.index - 1].end)
