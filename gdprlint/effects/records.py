"""Which fields do the records have that a server answers with, and where does it answer so?

Records are told by what asks for them (`Patient.objects.values("email")`), by the class that writes
them out (a serializer, the model of a response), and by dictionaries that are written out.
"""

from __future__ import annotations

from collections.abc import Iterator

from gdprlint.effects import Given, Occurrence, Send
from gdprlint.facts import (
    DECORATOR,
    SPREAD,
    Constant,
    Define,
    Entry,
    Expr,
    FunctionFacts,
    Invoke,
    Items,
    Member,
    Name,
    Opaque,
    Record,
    Text,
)
from gdprlint.facts.expr import Keyword
from gdprlint.flow import Flow
from gdprlint.knowledge import Row
from gdprlint.source import Span

ANSWER = "answer"
"""The element of what a server sends to whoever asks."""
_ANSWERS = Row(does="send", element=ANSWER)
_DEEPEST = 6
_BY_NAME = frozenset({"values", "values_list", "only"})
_PASSING = frozenset({"list", "tuple", "sorted", "comprehension", "jsonable_encoder"})
_ROUTES = frozenset({"route", "get", "post", "put", "patch", "api_route"})
_VIEWS = ("ViewSet", "APIView")
_INSIDE = frozenset({"Meta", "Config"})


class Records:
    """The fields of records, by the classes and queries of the project."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.project = flow.project

    def answers(self, path: str) -> Iterator[Send]:
        """What the handlers of a file give back as it is, and what classes of views answer."""
        facts = self.project.files[path]
        if facts.language != "python":
            return
        for function in facts.functions.values():
            if any(_is_route(each) for each in function.decorators):
                yield from self._given_back(function, path)
        for fact in facts.facts:
            if isinstance(fact, Define) and isinstance(fact.value, Record):
                yield from self._of_view(fact, fact.value, path)

    def _given_back(self, function: FunctionFacts, path: str) -> Iterator[Send]:
        for decorator in function.decorators:
            model = _model_of_response(decorator)
            if model is not None:
                record = self.of_class(model, path)
                if record is not None:
                    yield _answer(path, decorator, "response_model", record)
                return
        for returned in function.returns:
            value = returned.value
            if isinstance(value, Record | Items) or any(True for _ in self.within(value, path)):
                yield _answer(path, value, f"{function.name}()", value)

    def _of_view(self, fact: Define, view: Record, path: str) -> Iterator[Send]:
        """A view of Django REST framework answers with what its serializer writes out."""
        members = {entry.key: entry.value for entry in view.entries}
        parents = [_last(entry.value) for entry in view.entries if entry.key == SPREAD]
        serializer = members.get("serializer_class")
        if serializer is None or not any(parent.endswith(_VIEWS) for parent in parents):
            return
        record = self.of_class(serializer, path)
        if record is not None:
            start = fact.span.start
            at = Occurrence(
                path=path, span=Span(path, start, start + 1), way=fact.way, what=fact.name
            )
            yield Send(at=at, payload=(Given(record, path),), row=_ANSWERS)

    # ---------------------------------------------------------------- fields

    def within(self, value: Expr, path: str, depth: int = 0) -> Iterator[Record]:
        """The records that a value holds, as objects of their fields."""
        if depth > _DEEPEST:
            return
        match value:
            case Invoke(Name(name), arguments) if name in _PASSING:
                for argument in arguments:
                    yield from self.within(argument, path, depth + 1)
            case Invoke(Member(_, "serialize"), (_, queried, *_)):
                record = self._queried(queried, path)
                if record is not None:
                    yield record
            case Invoke(Member(of, name), arguments) if name in _BY_NAME:
                texts = [a for a in arguments if isinstance(a, Text)]
                model = _model_of_query(of)
                if texts and model is not None:
                    yield _fields_of(model, texts)
                elif model is not None:
                    yield from _some(self.of_class(model, path))
            case Invoke(Member(_, "all"), ()):
                # A list of records of SQLAlchemy, which frameworks write out field by field.
                yield from _some(self._queried(value, path))
            case Member(Invoke(Name() as serializer), "data"):
                yield from _some(self.of_class(serializer, path))
            case Items(items):
                for item in items:
                    yield from self.within(item, path, depth + 1)
            case Name():
                for inner, where, _ in self.flow.values.behind(value, path):
                    if inner != value and where == path and not isinstance(inner, Record):
                        yield from self.within(inner, where, depth + 1)
            case Record(entries):
                for entry in entries:
                    yield from self.within(entry.value, path, depth + 1)

    def _queried(self, query: Expr, path: str) -> Record | None:
        model = _model_of_query(query)
        return self.of_class(model, path) if model is not None else None

    def of_class(self, to: Expr, path: str, depth: int = 0) -> Record | None:
        """The fields of a model, a serializer or a schema of the project; None of any other."""
        if isinstance(to, Member) and to.key is not None:
            return self.of_class(to.key, path, depth)
        if not isinstance(to, Name) or depth > _DEEPEST:
            return None
        for found in self.flow.names.resolve(to, path):
            if isinstance(found.value, Record):
                names = dict.fromkeys(self._fields(found.value, found.path, depth))
                model = self._model_behind(found.value) or to
                owner = Name(model.name, 0)
                entries = tuple(
                    Entry(n, Member(owner, n, to.start, to.end), to.start, to.end) for n in names
                )
                return Record(entries, to.start, to.end)
        return None

    def _fields(self, view: Record, path: str, depth: int) -> Iterator[str]:
        named, model = _meta(view)
        if named is not None:
            yield from named
        elif model is not None:
            yield from self._names_of(model, path, depth)
        for entry in view.entries:
            if entry.key == SPREAD:
                yield from self._names_of(entry.value, path, depth)
            elif _is_field(entry):
                yield entry.key

    def _names_of(self, to: Expr, path: str, depth: int) -> Iterator[str]:
        record = self.of_class(to, path, depth + 1)
        yield from (entry.key for entry in record.entries) if record is not None else ()

    def _model_behind(self, view: Record) -> Name | None:
        model = _meta(view)[1]
        return model if isinstance(model, Name) else None


def _some(record: Record | None) -> Iterator[Record]:
    if record is not None:
        yield record


def _answer(path: str, place: Expr, what: str, value: Expr) -> Send:
    span = Span(path, place.start, max(place.start + 1, place.end))
    at = Occurrence(path=path, span=span, way=(), what=what)
    return Send(at=at, payload=(Given(value, path),), row=_ANSWERS)


def _meta(view: Record) -> tuple[list[str] | None, Expr | None]:
    """The fields that a class lists for its serializer or form, and the model that they are of."""
    for entry in view.entries:
        if entry.key in _INSIDE and isinstance(entry.value, Record):
            inside = {each.key: each.value for each in entry.value.entries}
            listed = inside.get("fields")
            named = None
            if isinstance(listed, Items):
                named = [item.text for item in listed.items if isinstance(item, Text)]
            return named, inside.get("model")
    return None, None


def _is_field(entry: Entry) -> bool:
    """Whether a member of a class is a field: made by a call, or declared."""
    if entry.key in (SPREAD, DECORATOR, *_INSIDE) or entry.key.startswith("_"):
        return False
    return isinstance(entry.value, Invoke | Opaque | Constant)


def _fields_of(model: Name, texts: list[Text]) -> Record:
    entries = [
        Entry(t.text, Member(Name(model.name, 0), t.text, t.start, t.end), t.start, t.end)
        for t in texts
    ]
    return Record(tuple(entries), texts[0].start, texts[-1].end)


def _model_of_query(query: Expr) -> Name | None:
    """The model that a query is of: `M.objects.filter(...)`, `db.query(M)`, `M.query.all()`,
    `select(M)`."""
    match query:
        case Member(Name() as model, "objects" | "query"):
            return model
        case Invoke(Name("select") | Member(_, "query" | "select"), (Name() as model, *_)):
            return model
        case Invoke(Member(of, _), arguments):
            found = _model_of_query(of)
            if found is not None or not arguments:
                return found
            return _model_of_query(arguments[0])
        case Member(of, _) | Keyword(_, of):
            return _model_of_query(of)
    return None


def _model_of_response(decorator: Expr) -> Expr | None:
    if isinstance(decorator, Invoke):
        for argument in decorator.arguments:
            if isinstance(argument, Keyword) and argument.name == "response_model":
                return argument.value
    return None


def _is_route(decorator: Expr) -> bool:
    match decorator:
        case Invoke(Member(_, name)):
            return name in _ROUTES
    return False


def _last(value: Expr) -> str:
    match value:
        case Name(name) | Member(_, name):
            return name
    return ""
