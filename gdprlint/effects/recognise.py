"""From facts to effects: which element, call, assignment or setting does what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property
from typing import Literal

from gdprlint.effects import (
    Answer,
    Ask,
    Declare,
    Effect,
    Given,
    Load,
    Navigate,
    Occurrence,
    Read,
    Send,
    Setting,
    Store,
    Submit,
)
from gdprlint.effects.banners import Banners
from gdprlint.effects.columns import Columns
from gdprlint.effects.cookies import parse_cookie
from gdprlint.effects.forms import Forms
from gdprlint.effects.lifetimes import days_of, deleted
from gdprlint.effects.marks import bears
from gdprlint.effects.parts import GRAVE_GROUPS
from gdprlint.effects.places import Code
from gdprlint.effects.policies import Policies
from gdprlint.effects.records import Records
from gdprlint.effects.referrers import is_open
from gdprlint.effects.rows import Rowed, Rows, place_of
from gdprlint.effects.withdrawals import Withdrawals
from gdprlint.facts import (
    TEMPLATE_SCOPE,
    UNKNOWN_KEY,
    Assign,
    Attribute,
    Both,
    Call,
    Choice,
    Compare,
    Constant,
    Define,
    Either,
    Element,
    Entry,
    Expr,
    Function,
    Invoke,
    Items,
    Join,
    Link,
    Member,
    Name,
    Opaque,
    Parameter,
    Record,
    Text,
    Unread,
    Way,
)
from gdprlint.facts.expr import SPREAD, Keyword
from gdprlint.flow import GAP, Context, Flow, Frame, Site, is_route, spelled_path
from gdprlint.knowledge import (
    ConsentPlatform,
    Knowledge,
    Match,
    Row,
    Vendor,
    WordList,
    parse,
    split,
)
from gdprlint.project.controls import attribute
from gdprlint.source import Span

_LOADING = {
    "script": "src",
    "img": "src",
    "iframe": "src",
    "frame": "src",
    "embed": "src",
    "object": "data",
    "video": "src",
    "audio": "src",
    "source": "src",
    "track": "src",
    "amp-img": "src",
    "amp-pixel": "src",
    "image": "src",
    "Script": "src",
    "Image": "src",
}
_LINKS = frozenset({"a", "area"})
_FETCHING_RELS = frozenset(
    {"stylesheet", "preload", "prefetch", "modulepreload", "icon", "manifest"}
)
_FONT_AT = frozenset({"src", "@font-face", "@import"})
_NOT_PRODUCTION = frozenset(
    {"dev", "develop", "development", "local", "test", "tests", "testing", "ci"}
)
_OTHER_SCHEME = re.compile(r"(?!https?:)([a-z][a-z0-9+.-]*):", re.IGNORECASE)
_FREE = frozenset({"necessary", "functional"})
_MOST_CONTEXTS = 60
_DEEPEST_ADDRESS = 5
_SHORTEST_NOTICE = 30
_MORE_CALLS = f"of a function that sends something on, only {_MOST_CONTEXTS} calls were looked at"


class Recogniser:
    """The effects of files, from facts and rows."""

    def __init__(self, flow: Flow, knowledge: Knowledge) -> None:
        self.flow = flow
        self.knowledge = knowledge
        self.project = flow.project
        rows = [Rowed(row, None) for row in knowledge.rows]
        rows.extend(Rowed(row, vendor) for vendor, row in knowledge.vendor_rows)
        for vendor in knowledge.vendors.values():
            rows.extend(Rowed(row, vendor) for row in vendor.cleaned_by)
        for platform in knowledge.platforms.values():
            for row in platform.defaults:
                mine = replace(row, name=platform.id)
                rows.append(Rowed(mine, None))
                bare = row.called.partition(".")[2]
                if bare:
                    rows.extend(
                        Rowed(replace(mine, package=package, called=bare), None)
                        for package in platform.packages
                    )
        self.rows = Rows(rows, flow)
        self.policies = Policies(flow, knowledge)
        self.records = Records(flow)
        self.columns = Columns(flow, knowledge.vocabulary)
        self._accounts = WordList(knowledge.vocabulary.accounts)
        self.forms = Forms(flow, knowledge, self._sends, self._is_known)
        self.unsettled: dict[Span, str] = {}
        self.withdrawals = Withdrawals(flow, knowledge)
        self.banners = Banners(flow.project, knowledge)
        self._hashes = WordList(knowledge.vocabulary.hashes)
        self._continuing = WordList(knowledge.vocabulary.continuing)
        self._consent_words = WordList(knowledge.vocabulary.consent)

    def of_file(self, path: str) -> tuple[Effect, ...]:
        """Every effect of one file, in the order of places."""
        found: list[Effect] = []
        for fact in self.project.facts(path):
            match fact:
                case Element():
                    found.extend(self._element(fact, path))
                case Call():
                    found.extend(self._call(fact, path))
                case Assign():
                    found.extend(self._assign(fact, path))
                case Define():
                    found.extend(self._setting(fact, path))
                    found.extend(self._given_to_global(fact, path))
                case Link():
                    found.extend(self._link(fact, path))
                case Unread():
                    found.extend(self._unread(fact, path))
        found.extend(self._missing_settings(path))
        found.extend(self.withdrawals.of_file(path))
        found.extend(self.records.answers(path))
        found.extend(self.columns.plain(path))
        return tuple(found)

    def _sends(self, invoke: Invoke, path: str) -> bool:
        """Whether a call of the site's own sends something, or leads somewhere."""
        return any(
            rowed.vendor is None and rowed.row.does in ("send", "submit", "navigate")
            for rowed, _ in self.rows.of_call(invoke, path)
        )

    def _is_known(self, invoke: Invoke, path: str) -> bool:
        """Whether a row says what a call does."""
        return any(True for _ in self.rows.of_call(invoke, path))

    # ---------------------------------------------------------------- markup

    def _element(self, element: Element, path: str) -> Iterator[Effect]:
        name = _LOADING.get(element.tag)
        if element.tag == "link":
            rels = set(attribute(element, "rel").lower().split())
            name = "href" if rels & _FETCHING_RELS else None
        if name is not None:
            yield from self._loading(element, name, path)
        if element.tag == "form":
            yield self.forms.submit(element, path)
        else:
            yield from self.forms.fetched(element, path)
        if element.tag in ("input", "Checkbox", "Switch"):
            yield from self.forms.ask(element, path)
        elif element.tag == "meta" and attribute(element, "http-equiv").lower() == "refresh":
            yield from self._refresh(element, path)
        elif element.tag in _LINKS:
            yield from self._leading(element, path)
        yield from self._going_on(element, path)
        yield from self.banners.of(element, path)
        yield from self._unmasking(element, path)
        yield from self._referring(element, path)
        yield from self._keeping_in(element, path)
        for rowed in self.rows.components.get(element.tag.rpartition(".")[2], ()):
            yield from self._component(rowed, element, path)

    def _going_on(self, element: Element, path: str) -> Iterator[Declare]:
        """A notice that says that whoever goes on agrees; of elements in each other the inner."""
        text = element.text.text if isinstance(element.text, Text) else ""
        if len(text) < _SHORTEST_NOTICE or not self._continuing.within(text):
            return
        if not self._consent_words.within(text) and "cookie" not in text.lower():
            return
        inside = self.project.within(path, element.span.end, element.end)
        if any(
            isinstance(inner, Element)
            and isinstance(inner.text, Text)
            and self._continuing.within(inner.text.text)
            for inner in inside
        ):
            return
        at = Occurrence(path=path, span=element.span, way=element.way, what=f"<{element.tag}>")
        yield Declare(at=at, says="continuing", subject="notice", markup=element)

    def _loading(self, element: Element, name: str, path: str) -> Iterator[Load]:
        found = element.attribute(name)
        if found is None or found.value is None:
            return
        if element.tag == "iframe" and element.attribute("srcdoc") is not None:
            # A browser shows `srcdoc` and does not fetch `src` (HTML, section 4.8.5).
            return
        urls = self.flow.values.spellings(found.value, path)
        span = _attribute_span(found, path)
        kind = {"Script": "script", "Image": "img", "frame": "iframe"}.get(element.tag, element.tag)
        if kind == "link" and "stylesheet" in attribute(element, "rel").lower().split():
            kind = "stylesheet"
        for url in urls:
            hit = self.knowledge.whose(url)
            at = Occurrence(path=path, span=span, way=element.way, what=f"<{element.tag}>")
            yield Load(
                at=at,
                element=kind,
                urls=(url,),
                vendor=hit.vendor if hit else None,
                role=hit.role if hit else "",
                value=found.value,
                markup=element,
            )

    def _refresh(self, element: Element, path: str) -> Iterator[Navigate]:
        found = element.attribute("content")
        if found is not None and found.value is not None:
            at = Occurrence(path=path, span=element.span, way=element.way, what="<meta refresh>")
            yield Navigate(at=at, by="markup", target=found.value)

    def _leading(self, element: Element, path: str) -> Iterator[Navigate]:
        """A link that code puts together; one that is written out tells of nobody."""
        found = element.attribute("href")
        if found is None or found.value is None or not _may_tell(found.value):
            return
        urls = self.flow.values.spellings(found.value, path)
        if not self._leaves_the_web(urls):
            span = _attribute_span(found, path)
            at = Occurrence(path=path, span=span, way=element.way, what=f"<{element.tag}>")
            vendor = self._receiver(urls)
            yield Navigate(at=at, by="link", target=found.value, urls=urls, vendor=vendor)

    def _referring(self, element: Element, path: str) -> Iterator[Declare]:
        """Markup that lets whole addresses go along with requests to other hosts."""
        named = attribute(element, "name").lower() == "referrer"
        found = element.attribute("referrerpolicy") or element.attribute("referrerPolicy")
        if element.tag == "meta":
            found = element.attribute("content") if named else None
        if found is None or found.value is None:
            return
        for policy in self.flow.values.spellings(found.value, path):
            if is_open(policy):
                span = _attribute_span(found, path)
                at = Occurrence(path=path, span=span, way=element.way, what=policy.strip())
                yield Declare(at=at, says="open-referrer", subject="", markup=element)
                return

    def _keeping_in(self, element: Element, path: str) -> Iterator[Declare]:
        """A policy in markup on where the page may send to."""
        named = attribute(element, "http-equiv").lower() == "content-security-policy"
        found = element.attribute("content")
        if element.tag != "meta" or not named or found is None or found.value is None:
            return
        span = _attribute_span(found, path)
        at = Occurrence(path=path, span=span, way=element.way, what="Content-Security-Policy")
        yield Declare(at=at, says=self._policy(found.value, path), subject="")

    def _policy(self, value: Expr, path: str, directive: str = "") -> str:
        """`open-csp` where a policy lets a page send to everybody or to trackers, else `csp`."""
        directives = self.policies.of(value, path, (), directive)
        return "open-csp" if self.policies.is_open(directives) else "csp"

    def _unmasking(self, element: Element, path: str) -> Iterator[Declare]:
        """A mark by which a vendor's recorder shows what it would hide."""
        names = {given.name for given in element.attributes}
        if "class" in names:
            names.update(attribute(element, "class").split())
        for vendor in {v.id: v for name in names for v in self._unmasked.get(name, ())}.values():
            mark = bears(element, vendor.unmasked_by)
            if mark:
                at = Occurrence(path=path, span=element.span, way=element.way, what=mark)
                yield Declare(
                    at=at, says="unmasks", subject=vendor.id, vendor=vendor, markup=element
                )

    @cached_property
    def _unmasked(self) -> dict[str, list[Vendor]]:
        """By the name of an attribute or class, the vendors that it speaks to."""
        found: dict[str, list[Vendor]] = {}
        for vendor in self.knowledge.vendors.values():
            marks = vendor.unmasked_by
            for name in (*(a.partition("=")[0] for a in marks.attributes), *marks.classes):
                found.setdefault(name, []).append(vendor)
        return found

    def _receiver(self, urls: Sequence[str]) -> Vendor | None:
        """Whose host the first URL has; a path of unknown parts makes nobody the receiver."""
        hit = self.knowledge.whose(urls[0]) if urls and "//" in urls[0] else None
        return hit.vendor if hit is not None and hit.match is Match.YES else None

    def _component(
        self, rowed: Rowed, element: Element, path: str
    ) -> Iterator[Load | Navigate | Declare | Submit]:
        row = rowed.row
        if row.package and not _imports(self.project.facts(path), row.package, row.called):
            return
        answer = self.rows.holds(row.when, element, path)
        if answer is Answer.NO:
            return
        sure = answer is Answer.YES
        at = Occurrence(
            path=path, span=element.span, way=element.way, what=f"<{element.tag}>", certain=sure
        )
        if row.does == "declare":
            yield self._declare(rowed, element, at)
            return
        if row.does == "navigate":
            yield from self._navigate(row, self._url(row, element, path), element, at)
            return
        if row.does == "submit":
            yield self.forms.submit(element, path)
            return
        yield Load(
            at=at,
            element="script",
            urls=(),
            vendor=rowed.vendor,
            role="component",
            use=row.use,
            markup=element,
        )

    # ---------------------------------------------------------------- style

    def _link(self, link: Link, path: str) -> Iterator[Load]:
        if link.kind != "import" or self.project.files[path].language != "css":
            if link.kind != "import" or not isinstance(link.target, Text):
                return
            if "//" not in link.target.text:
                return
        for url in self.flow.values.spellings(link.target, path):
            hit = self.knowledge.whose(url)
            if hit is not None or "//" in url:
                at = Occurrence(path=path, span=link.span, way=link.way, what="@import")
                yield Load(
                    at=at,
                    element="stylesheet",
                    urls=(url,),
                    vendor=hit.vendor if hit else None,
                    role=hit.role if hit else "",
                    value=link.target,
                )

    # ---------------------------------------------------------------- calls

    def _call(self, call: Call, path: str) -> Iterator[Effect]:
        invoke = call.invoke
        if isinstance(invoke.to, Name) and invoke.to.name == "css url":
            yield from self._css_url(call, path)
            return
        matched = self.rows.of_call(invoke, path)
        chosen = _settled(matched)
        for rowed, answer in chosen:
            yield from self._rowed(rowed, invoke, call.span, call.way, path, answer)
        if not any(rowed.vendor is not None for rowed, _ in chosen):
            vendor = self._by_global(invoke.to, path)
            if vendor is not None:
                at = Occurrence(path=path, span=call.span, way=call.way, what=_call_name(invoke))
                given = tuple(Given(argument, path) for argument in invoke.arguments)
                yield Send(at=at, vendor=vendor, payload=given)
        if not chosen:
            yield from self._hashed(call, path)

    def _hashed(self, call: Call, path: str) -> Iterator[Declare]:
        """That a function of a page, by its name one that hashes, is given something."""
        invoke = call.invoke
        given = [a for a in invoke.arguments if not isinstance(a, Text | Constant | Function)]
        if not given or self.project.files[path].language == "python":
            return
        if self._hashes.within(spelled_path(invoke.to)):
            at = Occurrence(path=path, span=call.span, way=call.way, what=_call_name(invoke))
            together = Items(tuple(given), call.span.start, call.span.end)
            yield Declare(at=at, says="hashed", subject="", value=together)

    def _leaves_the_web(self, urls: Sequence[str]) -> bool:
        """Whether a URL opens another program (`tel:`) and writes no message there (`mailto:`)."""
        schemes = {match[1].lower() for match in map(_OTHER_SCHEME.match, urls) if match}
        return bool(schemes - set(self.knowledge.vocabulary.message_schemes))

    def _css_url(self, call: Call, path: str) -> Iterator[Load]:
        for url in self.flow.values.spellings(call.invoke.arguments[0], path):
            hit = self.knowledge.whose(url)
            if hit is None and "//" not in url:
                continue
            at = Occurrence(path=path, span=call.span, way=call.way, what="url()")
            yield Load(
                at=at,
                element="style",
                urls=(url,),
                vendor=hit.vendor if hit else None,
                role=hit.role if hit else "",
                value=call.invoke.arguments[0],
            )

    def _kept_as_member(self, fact: Assign, path: str) -> Iterator[Store]:
        """`localStorage.name = value`, the other spelling of `setItem` (HTML, section 12.2)."""
        match fact.to:
            case Member(of, key) if key not in ("length", UNKNOWN_KEY):
                callee = self.flow.names.callee(of, path)
            case _:
                return
        if callee is None or callee.local or callee.package:
            return
        medium = {"localStorage": "local", "sessionStorage": "session"}.get(callee.dotted)
        if medium is None:
            return
        owner = self.knowledge.stored_by(key)
        at = Occurrence(path=path, span=fact.span, way=fact.way, what=f"{callee.dotted}.{key} = …")
        yield Store(
            at=at,
            medium="local" if medium == "local" else "session",
            key=key,
            value=fact.value,
            days=None,
            vendor=owner[1] if owner else None,
            purpose=owner[0].purpose if owner else "",
        )

    def _assign(self, fact: Assign, path: str) -> Iterator[Effect]:
        yield from self._kept_as_member(fact, path)
        matched = _settled(self.rows.of_assign(fact, path))
        for rowed, answer in matched:
            yield from self._rowed(rowed, fact, fact.span, fact.way, path, answer)
        if any(rowed.vendor is not None for rowed, _ in matched):
            return
        vendor = self._by_global(fact.to, path)
        if vendor is not None and not _is_stub(fact):
            at = Occurrence(
                path=path, span=fact.span, way=fact.way, what=f"{spelled_path(fact.to)} = …"
            )
            yield Send(at=at, vendor=vendor)

    def _given_to_global(self, fact: Define, path: str) -> Iterator[Effect]:
        """What a script declares by the global variable that a library reads its settings from."""
        if fact.scope != 0 or self.project.files[path].language == "python":
            return
        to = Name(fact.name, 0, fact.span.start, fact.span.end)
        as_assign = Assign(to, fact.value, fact.span, fact.way)
        for rowed, answer in _settled(self.rows.of_assign(as_assign, path)):
            if rowed.row.does == "declare":
                yield from self._rowed(rowed, as_assign, fact.span, fact.way, path, answer)

    def _by_global(self, to: Expr, path: str) -> Vendor | None:
        if not self._may_be_global(to):
            return None
        callee = self.flow.names.callee(to, path)
        if callee is None or callee.local or callee.package or not callee.names:
            return None
        return self.knowledge.globals.get(callee.names[0])

    def _may_be_global(self, to: Expr) -> bool:
        """Whether a name on the path of `to` is some vendor's global; cheap, and asked of all
        calls.

        An alias of a global is not seen; vendors' documentation shows none.
        """
        while True:
            match to:
                case Member(of, name):
                    if name in self.knowledge.globals:
                        return True
                    to = of
                case Name(name):
                    return name in self.knowledge.globals
                case Either(left) | Invoke(left):
                    to = left
                case _:
                    return False

    def _rowed(
        self, rowed: Rowed, code: Code, span: Span, way: Way, path: str, answer: Answer
    ) -> Iterator[Effect]:
        row = rowed.row
        what = _what(row, code)
        url = self._url(row, code, path)
        if row.does in ("load", "send") and url is not None and rowed.vendor is None:
            yield from self._reaching(row, (url, path), code, span, way, path, what)
            return
        at = Occurrence(path=path, span=span, way=way, what=what, certain=answer is Answer.YES)
        match row.does:
            case "store" | "delete":
                yield from self._store(rowed, code, at)
            case "read":
                key = self._key(row.key, code, at)
                yield Read(at=at, medium=row.as_ or "cookie", key=key)
            case "navigate":
                yield from self._navigate(row, url, code, at)
            case "send" | "load" | "submit":
                payload = self._given(row.payload, code, at)
                if row.does == "load":
                    yield Load(
                        at=at,
                        element=row.element or "script",
                        urls=(),
                        vendor=rowed.vendor,
                        role="call",
                        use=row.use,
                    )
                else:
                    yield Send(at=at, vendor=rowed.vendor, use=row.use, payload=payload, row=row)
            case "declare":
                yield self._declare(rowed, code, at)
            case "ask":
                yield from self._asked(code.arguments if isinstance(code, Invoke) else (), at)
            case "make":
                return

    def _navigate(
        self, row: Row, url: Expr | None, code: Code, at: Occurrence
    ) -> Iterator[Navigate]:
        query = self._payload(row.query, code, at.path)
        if row.says == "initial":
            query = tuple(map(_set_later, query))
        if key := self._parameter(row, code, at):
            query = tuple(_under(key, value) for value in query)
        if row.by == "server" and isinstance(code, Invoke) and url is not None:
            url = _of_named_route(code, url)
        urls = self.flow.values.spellings(url, at.path) if url is not None else ()
        if self._leaves_the_web(urls):
            return
        target = _query_only(row, url) if url is not None else None
        if query:
            target = _with_query(target, query)
        if target is not None:
            yield Navigate(
                at=at,
                by=row.by,
                target=target,
                stays=row.says == "stays",
                urls=urls,
                vendor=self._receiver(urls),
            )

    def _parameter(self, row: Row, code: Code, at: Occurrence) -> str:
        """The name of the one parameter that is given a value; empty where all are an object."""
        if row.assigned.endswith(".*") and isinstance(code, Assign) and isinstance(code.to, Member):
            return code.to.name
        return self._key(row.key, code, at) if row.key else ""

    def _url(self, row: Row, code: Code, path: str) -> Expr | None:
        """The URL at a row's place, below the base that it is relative to."""
        found = self._here(row.url, code, path)
        base = self._place(row.base, code, path)
        if found is None or base is None:
            return found
        given = self.flow.values.spellings(found, path)
        if all("//" in text for text in given):
            return found
        text = self.flow.values.spellings(base[0], base[1])[0]
        if not text.endswith("/") and not any(url.startswith("/") for url in given):
            text += "/"
        return Join((*_spelled(text, found.start), found), found.start, found.end)

    def _reaching(
        self,
        row: Row,
        url: tuple[Expr, str],
        code: Code,
        span: Span,
        way: Way,
        path: str,
        what: str,
    ) -> Iterator[Effect]:
        """A request by the site's own code, once for each call that decides its URL."""
        for context in self.contexts(url[0], url[1]):
            urls = self.flow.values.spellings(url[0], url[1], context)
            sites = _outermost_first(context)
            named = next((s for s in sites if not isinstance(s.invoke.to, Function)), None)
            place = _site_span(named) if named is not None else span
            if named is None:
                # The address itself, where it stands in the statement or is given to it.
                place = self._address_span(url, context, span, sites) or span
            shown = _call_name(named.invoke) if named is not None else what
            for spelled_url in urls:
                hit = self.knowledge.whose(spelled_url)
                if named is None and hit is not None:
                    shown = f"{row.element or 'request'} from {parse(spelled_url).host}"
                at = Occurrence(
                    path=path, span=place, way=way, what=shown, sites=sites, context=context
                )
                if row.does == "load":
                    yield Load(
                        at=at,
                        element=row.element or "script",
                        urls=(spelled_url,),
                        vendor=hit.vendor if hit else None,
                        role=hit.role if hit else "",
                        value=url[0],
                    )
                else:
                    yield Send(
                        at=at,
                        urls=(spelled_url,),
                        vendor=hit.vendor if hit else None,
                        payload=(Given(*url, context), *self._given(row.payload, code, at)),
                        query=self._given(row.query, code, at),
                        row=row,
                        use="other",
                    )

    def _address_span(
        self, url: tuple[Expr, str], context: Context, span: Span, sites: tuple[Site, ...]
    ) -> Span | None:
        """Where the host of a URL is written out, within the statement or the call around it."""
        around = [(span.path, span.start, span.end)]
        around.extend((s.path, s.invoke.start, s.invoke.end) for s in sites)
        for pieces in self.flow.values.pieces(url[0], url[1], context):
            for piece in pieces:
                if piece.value is None and "//" in piece.text:
                    for path, start, end in around:
                        if piece.path == path and start <= piece.start and piece.end <= end:
                            return Span(path, piece.start, piece.end)
        return None

    def contexts(self, value: Expr, path: str, depth: int = 0) -> list[Context]:
        """The calls that decide what `value` is, where it depends on a function's parameters."""
        function = self._depends_on(value, path, 0)
        if function is None or depth > 3:
            return [()]
        where, number, index = function
        found: list[Context] = []
        for site in self.flow.values.sites(where, number):
            argument = self.flow.values.argument(where, number, index, site)
            outer = self.contexts(argument, site.path, depth + 1) if argument is not None else [()]
            found.extend((*before, Frame(where, number, site, before)) for before in outer)
        if len(found) > _MOST_CONTEXTS:
            start = self.project.files[where].functions[number].span.start
            self.unsettled[Span(where, start, start + 1)] = _MORE_CALLS
        return found[:_MOST_CONTEXTS] or [()]

    def _depends_on(self, value: Expr, path: str, depth: int) -> tuple[str, int, int] | None:
        if depth > 6:
            return None
        if isinstance(value, Parameter):
            return path, value.function, value.index
        inner: list[tuple[Expr, str]] = []
        if isinstance(value, Name):
            inner = [
                (d.value, d.path)
                for d in self.flow.names.definitions(value, path)
                if d.value != value and d.path == path
            ]
        else:
            inner = [(part, path) for part in _parts(value)]
        for part, where in inner:
            found = self._depends_on(part, where, depth + 1)
            if found is not None:
                return found
        return None

    def _store(self, rowed: Rowed, code: Code, at: Occurrence) -> Iterator[Store]:
        row = rowed.row
        medium = row.as_ or "cookie"
        if row.text:
            found = self._place(row.text, code, at.path)
            if found is not None:
                yield from self._cookie_text(found, at)
            return
        by: Literal["script", "server", "setting"] = "server" if row.by == "server" else "script"
        if row.setting:
            by = "setting"
        key = row.name or self._key(row.key, code, at)
        written = self._here(row.value, code, at.path)
        if written is not None and row.says == "initial":
            written = _set_later(written)
        elif written is not None and row.says == "names":
            written = _held_under(written)
        days = self._days(row, code, at.path)
        emptied = isinstance(written, Text) and not written.text
        if row.does == "delete" or (emptied and medium == "cookie"):
            days = -1.0
        owner = self.knowledge.stored_by(key)
        yield Store(
            at=at,
            medium=medium,
            key=key,
            value=written,
            days=days,
            flags=self._flags(row, code, at.path),
            vendor=owner[1] if owner else None,
            purpose=owner[0].purpose if owner else "",
            by=by,
            settings=self.rows.said(row, code, at.path) if row.setting else (),
            options=tuple(
                Setting(value, at.path)
                for value in self._payload(row.options, code, at.path)
                if isinstance(value, Record)
            ),
            lasts=self._lasts(row, code, at.path),
            unit=row.unit,
        )

    def _cookie_text(self, text: tuple[Expr, str], at: Occurrence) -> Iterator[Store]:
        for context in self.contexts(text[0], text[1]):
            sites = _outermost_first(context)
            for pieces in self.flow.values.pieces(text[0], text[1], context)[:4]:
                cookie = parse_cookie(pieces, self.flow)
                if cookie is None:
                    continue
                owner = self.knowledge.stored_by(cookie.name)
                yield Store(
                    at=replace(
                        at,
                        span=_site_span(sites[0]) if sites else at.span,
                        sites=sites,
                        context=context,
                        what=f"cookie {cookie.name}",
                    ),
                    text=Setting(*text) if not sites else None,
                    medium="cookie",
                    key=cookie.name,
                    value=cookie.value,
                    days=cookie.days,
                    flags=cookie.flags,
                    vendor=owner[1] if owner else None,
                    purpose=owner[0].purpose if owner else "",
                )

    def _flags(self, row: Row, code: Code, path: str) -> frozenset[str]:
        arguments = code.arguments if isinstance(code, Invoke) else ()
        given = {a.name: a.value for a in arguments if isinstance(a, Keyword)}
        if row.options:
            given = {}
            for options in self._payload(row.options, code, path):
                entries = self.flow.values.entries(options, path)
                if not entries and not isinstance(options, Record):
                    given[SPREAD] = options
                given.update({entry.key: entry.value for entry, _, _ in reversed(entries)})
        found: set[str] = set()
        if "**" in given or SPREAD in given:
            return frozenset(flag for flag in row.flags if flag.startswith("not-"))
        named = {key.lower(): value for key, value in given.items()}
        for flag in row.flags:
            if flag.startswith("not-"):
                found.add(flag)
                continue
            value = named.get(flag)
            if value is None or (isinstance(value, Constant) and value.value is False):
                found.add(f"not-{flag}")
            elif isinstance(value, Text):
                found.add(f"{flag}-{value.text.lower()}")
            else:
                found.add(flag)
        return frozenset(found)

    def _days(self, row: Row, code: Code, path: str) -> float | None:
        if not row.lifetime:
            return None
        found = self._place(row.lifetime, code, path)
        if found is None:
            return 0.0 if row.as_ == "cookie" else None
        return deleted(days_of(found[0], found[1], row.unit, self.flow))

    def _lasts(self, row: Row, code: Code, path: str) -> Setting | None:
        """What the lifetime is written as, in this file."""
        found = self._place(row.lifetime, code, path)
        return Setting(*found) if found is not None and found[1] == path else None

    def _declare(self, rowed: Rowed, code: Code, at: Occurrence) -> Declare:
        row = rowed.row
        subject = rowed.vendor.id if rowed.vendor is not None else row.name
        says, granted, denied = row.says, frozenset[str](), frozenset[str]()
        platform = self.knowledge.platforms.get(row.name)
        if platform is not None:
            granted, denied, is_object = self._defaults(platform, row, code, at)
            if not is_object and not self._written(row, code, at):
                # What the default is comes from elsewhere: nothing is declared here.
                says = "nothing"
            elif is_object:
                yes = {"granted": granted, "agreed": granted, "denied": denied}
                told = yes.get(row.says, frozenset())
                says = row.says if told else "nothing"
        said = self._place(row.value, code, at.path)
        if row.says == "policy":
            says = self._policy(said[0], said[1], row.name) if said is not None else "nothing"
            subject = ""
        elif row.says == "keeps-answers" and not (said and self._keeps_account(*said)):
            says = "nothing"
        settings = self.rows.said(row, code, at.path)
        if granted and platform is not None:
            settings = tuple(self._granting(platform, row, code, at))
        return Declare(
            at=at,
            says=says,
            subject=subject,
            vendor=rowed.vendor,
            value=said[0] if said is not None else None,
            granted=granted,
            denied=denied,
            part=row.name if rowed.vendor is not None else "",
            days=self._days(row, code, at.path),
            settings=settings,
            instead=row.instead,
        )

    def _keeps_account(self, addresses: Expr, path: str) -> bool:
        """Whether an address of which answers are kept is that of an account, or tells of grave
        data by its words."""
        return any(
            self._accounts.within(text)
            or any(t.category.group in GRAVE_GROUPS for t in self.knowledge.lexicon.tells(text))
            for text in self._addresses(addresses, path, 0)
        )

    def _addresses(self, value: Expr, path: str, depth: int) -> Iterator[str]:
        """The paths in a list, a pattern, or a function that compares the address."""
        inner: Sequence[Expr] = ()
        match value:
            case Items(items):
                inner = items[:200]
            case Function(number):
                function = self.project.files[path].functions.get(number)
                inner = [given.value for given in function.returns] if function is not None else ()
            case Record(entries):
                inner = [entry.value for entry in entries if isinstance(entry.value, Text)]
            case Invoke(Name("regex"), (Text(text), *_)):
                yield text.replace("\\", "")
            case Invoke(_, arguments):
                inner = arguments
            case Both(left, right) | Either(left, right) | Compare(_, left, right):
                inner = (left, right)
            case _:
                texts = self.flow.values.spellings(value, path)[:4]
                yield from (text for text in texts if text != GAP)
        for one in inner if depth < _DEEPEST_ADDRESS else ():
            yield from self._addresses(one, path, depth + 1)

    def _asked(self, arguments: Sequence[Expr], at: Occurrence) -> Iterator[Ask]:
        """A field of a form class, by the name it is given there and by its label."""
        name = self._named_in_class(at)
        labels = [
            inner
            for argument in arguments
            for inner in [argument.value if isinstance(argument, Keyword) else argument]
        ]
        words = " ".join([name, *(a.text for a in labels if isinstance(a, Text))])
        if self.forms.asks(words):
            yield Ask(at=at, words=name, ticked=True, disabled=self.forms.is_necessary(words))

    def _named_in_class(self, at: Occurrence) -> str:
        for fact in self.project.facts(at.path):
            if isinstance(fact, Define) and isinstance(fact.value, Record):
                for entry in fact.value.entries:
                    if entry.value.start == at.span.start and entry.value.end == at.span.end:
                        return entry.key
        return ""

    def _written(self, row: Row, code: Code, at: Occurrence) -> bool:
        found = self._place(row.value, code, at.path) if row.value else None
        return not row.value or (
            found is not None and self.flow.values.literal(found[0], found[1]) is not None
        )

    def _defaults(
        self, platform: ConsentPlatform, row: Row, code: Code, at: Occurrence
    ) -> tuple[frozenset[str], frozenset[str], bool]:
        """The purposes that an object of defaults grants and denies, and whether it is an object.

        What needs no agreement is left out. A default for regions outside Europe grants nothing.
        """
        granted, denied = set[str](), set[str]()
        is_object, elsewhere = False, False
        place = place_of(row.value) if row.value else None
        found = self.rows.places.at(place, code, at.path) if place is not None else []
        for inner, where, its in found:
            for entry, path, context in self.flow.values.entries(inner, where, its):
                is_object = True
                if entry.key == "region":
                    elsewhere = self._outside_europe(entry.value, path, context)
                purposes = platform.purposes.get(entry.key, ())
                text = self.flow.values.literal(entry.value, path, context) if purposes else None
                if text == "granted":
                    granted.update(purposes)
                elif text == "denied":
                    denied.update(purposes)
        if elsewhere:
            granted, denied = set(), set()
        return frozenset(granted - _FREE), frozenset(denied), is_object

    def _granting(
        self, platform: ConsentPlatform, row: Row, code: Code, at: Occurrence
    ) -> Iterator[Setting]:
        """The values of an object of defaults that grant what needs agreement."""
        place = place_of(row.value)
        for inner, where, its in self.rows.places.at(place, code, at.path):
            for entry, path, context in self.flow.values.entries(inner, where, its):
                needed = set(platform.purposes.get(entry.key, ())) - _FREE
                if needed and self.flow.values.literal(entry.value, path, context) == "granted":
                    yield Setting(entry.value, path)

    def _outside_europe(self, value: Expr, path: str, context: Context) -> bool:
        if not isinstance(value, Items):
            return False
        codes = [self.flow.values.literal(item, path, context) for item in value.items]
        europe = self.knowledge.vocabulary.europe
        return all(code is not None and code.partition("-")[0] not in europe for code in codes)

    def _setting(self, fact: Define, path: str) -> Iterator[Effect]:
        if fact.name not in self.rows.settings or self.project.files[path].language != "python":
            return
        if _NOT_PRODUCTION & set(split(path)) or self._debugs(path):
            return
        for rowed in self.rows.settings[fact.name]:
            answer = self.rows.holds(rowed.row.when, fact, path)
            if answer is Answer.YES:
                at = Occurrence(path=path, span=fact.span, way=fact.way, what=fact.name)
                if rowed.row.does == "declare":
                    yield self._declare(rowed, fact, at)
                else:
                    yield from self._store(rowed, fact, at)

    def _missing_settings(self, path: str) -> Iterator[Store]:
        """A session cookie without `Secure` because a production settings file says nothing of it.

        Django's default is to send it over plain http too. Counts only where the file is a
        production one (`DEBUG = False` written out, applications listed) and no file of the project
        sets it.
        """
        if self.project.files[path].language != "python" or self._says_secure:
            return
        named = {fact.name: fact for fact in self.project.facts(path) if isinstance(fact, Define)}
        debug = named.get("DEBUG")
        if debug is None or not {"INSTALLED_APPS", "MIDDLEWARE"} <= named.keys():
            return
        if not isinstance(debug.value, Constant) or debug.value.value is not False:
            return
        at = Occurrence(path=path, span=debug.span, way=debug.way, what="SESSION_COOKIE_SECURE")
        yield Store(
            at=at,
            medium="cookie",
            key="session",
            value=None,
            days=None,
            flags=frozenset({"not-secure"}),
            by="setting",
        )

    def _debugs(self, path: str) -> bool:
        return any(
            isinstance(fact, Define)
            and fact.name == "DEBUG"
            and isinstance(fact.value, Constant)
            and fact.value.value is True
            for fact in self.project.facts(path)
        )

    @cached_property
    def _says_secure(self) -> bool:
        return any(
            isinstance(fact, Define) and fact.name == "SESSION_COOKIE_SECURE"
            for facts in self.project.files.values()
            if facts.language == "python"
            for fact in facts.facts
        )

    def _unread(self, fact: Unread, path: str) -> Iterator[Effect]:
        """What the bare text of a stretch that was not understood speaks of: *maybe* effects."""
        seen: set[str] = set()
        for mention in fact.mentions:
            vendor = None
            if mention.of == "host":
                hit = self.knowledge.whose("https://" + mention.text + "/")
                vendor = hit.vendor if hit is not None else None
            else:
                vendor = self.knowledge.globals.get(mention.text)
            if vendor is None or vendor.id in seen:
                continue
            seen.add(vendor.id)
            span = Span(path, mention.start, mention.start + len(mention.text))
            at = Occurrence(path=path, span=span, way=(), what=mention.text, certain=False)
            yield Load(at=at, element="unread", urls=(), vendor=vendor, role="mention")

    # ---------------------------------------------------------------- places

    def _place(self, spelled_place: str, code: Code, path: str) -> tuple[Expr, str] | None:
        if not spelled_place:
            return None
        found = self.rows.places.at(place_of(spelled_place), code, path)
        return (found[0][0], found[0][1]) if found else None

    def _here(self, spelled_place: str, code: Code, path: str) -> Expr | None:
        """What stands at a place, as this file writes it; of what another file writes, the text."""
        found = self._payload(spelled_place, code, path)
        if found:
            return found[0]
        elsewhere = self._place(spelled_place, code, path)
        if elsewhere is None:
            return None
        start = code.span.start if isinstance(code, Assign | Define | Element) else code.start
        text = self.flow.values.spellings(elsewhere[0], elsewhere[1])[0]
        return Join(tuple(_spelled(text, start)), start, start)

    def _payload(self, places: str, code: Code, path: str) -> tuple[Expr, ...]:
        """What stands at the places of a payload, each as far in as this file shows it."""
        found: list[Expr] = []
        for spelled_place in places.split(" and ") if places else ():
            place = place_of(spelled_place.strip())
            at = self.rows.places.at(place, code, path)
            if any(where != path for _, where, _ in at):
                at = self.rows.places.at(replace(place, path=()), code, path)
            found.extend(e for e, where, _ in at if where == path)
        return tuple(dict.fromkeys(found))

    def _given(self, places: str, code: Code, at: Occurrence) -> tuple[Given, ...]:
        """What stands at the places of a payload, wherever it is written."""
        found: list[Given] = []
        for spelled_place in places.split(" and ") if places else ():
            place = place_of(spelled_place.strip())
            key = next((name for name in reversed(place.path) if name.isidentifier()), "")
            for value, where, its in self.rows.places.at(place, code, at.path, at.context):
                found.append(Given(value, where, its, key))
        return tuple(dict.fromkeys(found))

    def _key(self, spelled_place: str, code: Code, at: Occurrence) -> str:
        found = self._place(spelled_place, code, at.path)
        if found is None:
            return GAP
        return self.flow.values.spellings(found[0], found[1])[0]


def _settled(matched: list[tuple[Rowed, Answer]]) -> list[tuple[Rowed, Answer]]:
    """The rows that speak: those that surely fit; of those that only may, one for each use.

    `gtag("config", id)` with an unknown id starts one of Google's products for certain, only which
    one is open: then the one that follows visitors least is named. A setting whose value is open
    is declared, perhaps, beside what the call does for certain.
    """
    sure = [m for m in matched if m[1] is Answer.YES]
    if sure:
        vendors = {rowed.vendor.id for rowed, _ in sure if rowed.vendor is not None}
        open_ = [m for m in matched if m not in sure and m[0].row.does == "declare"]
        return [*sure, *(m for m in open_ if m[0].vendor and m[0].vendor.id in vendors)]
    maybe: dict[str, tuple[Rowed, Answer]] = {}
    for rowed, _ in matched:
        key = f"{rowed.row.does} {rowed.row.use} {rowed.row.says}"
        held = maybe.get(key)
        if held is None or (_is_mild(rowed) and not _is_mild(held[0])):
            tests = " ".join(rowed.row.when)
            starts = rowed.vendor is not None and " starts " in tests and " is " in tests
            maybe[key] = (rowed, Answer.YES if starts else Answer.MAYBE)
    return list(maybe.values())


def _is_mild(rowed: Rowed) -> bool:
    return rowed.vendor is not None and rowed.vendor.category.startswith("analytics")


def _attribute_span(found: Attribute, path: str) -> Span:
    return Span(path, found.start, max(found.start, found.end))


def _site_span(site: Site) -> Span:
    return Span(site.path, site.invoke.start, max(site.invoke.start, site.invoke.end))


def _outermost_first(context: Context) -> tuple[Site, ...]:
    return tuple(frame.site for frame in context)


def _is_function(value: Expr) -> bool:
    return isinstance(value, Function | Name)


def _is_stub(fact: Assign) -> bool:
    """`window.fbq = window.fbq || function ...`: a queue for later, which does nothing yet."""
    return isinstance(fact.value, Either | Function | Name | Choice | Both)


def _call_name(invoke: Invoke, words: frozenset[str] = frozenset()) -> str:
    """The call as a message quotes it: its name, and first arguments that are words of the API.

    Other literals may be anybody's data and are never quoted.
    """
    quoted = []
    for argument in invoke.arguments[:2]:
        if not isinstance(argument, Text) or argument.text not in words:
            break
        quoted.append(f"'{argument.text}'")
    rest = ", …" if quoted and len(invoke.arguments) > len(quoted) else ""
    name = spelled_path(invoke.to) or "call"
    return f"{name}({', '.join(quoted)}{rest})"


def _what(row: Row, code: Code) -> str:
    if row.by == "link":
        return "<a>"
    if row.called and isinstance(code, Invoke):
        name = row.called.removeprefix("*.").removeprefix("default.")
        if name[-1:].isdigit() or name.endswith("()"):
            # What a hook gives has no name but the one that the code gives it.
            name = spelled_path(code.to)
        words = {
            word.strip()
            for condition in row.when
            for word in condition.partition(" is ")[2].split(" or ")
        }
        return _call_name(Invoke(Name(name), code.arguments), frozenset(words))
    if isinstance(code, Element):
        return f"<{code.tag}>"
    return row.assigned.removeprefix("*.") or row.setting


def _spelled(text: str, start: int) -> Iterator[Expr]:
    """A string with gaps as an expression, for one that stands in another file."""
    for i, part in enumerate(text.split(GAP)):
        if i:
            yield Opaque("a part of the base", start, start)
        if part:
            yield Text(part, start, start)


_OF_REDIRECTS = frozenset({"permanent", "preserve_request", "code", "status_code", "Response"})


def _of_named_route(redirect: Invoke, url: Expr) -> Expr:
    """Where a redirect leads that is given a route's name with what fills its path (Django,
    `redirect`); any other is given its URL."""
    if not isinstance(url, Text) or "/" in url.text or redirect.arguments[:1] != (url,):
        return url
    filling = tuple(
        argument
        for argument in redirect.arguments
        if not (isinstance(argument, Keyword) and argument.name in _OF_REDIRECTS)
    )
    if len(filling) < 2:
        return url
    return Invoke(Name("reverse"), filling, False, redirect.start, redirect.end)


def _may_tell(url: Expr) -> bool:
    """Whether a link's address may carry more than the path of a page: a query, another host.

    Most links of most sites do not, and a look at what is written of them is enough.
    """
    match url:
        case Text() | Constant() | Opaque():
            return False
        case Join((first, *_) as parts):
            written = "".join(part.text for part in parts if isinstance(part, Text))
            return "?" in written or ":" in written or "//" in written or _may_tell(first)
        case Name(_, scope):
            return scope != TEMPLATE_SCOPE
        case Member(of, _):
            return _may_tell(of)
        case Invoke():
            return not is_route(url)
    return True


def _held_under(names: Expr) -> Expr:
    """An object of which only the names of its members are written: `["user", "cart"]`."""
    if not isinstance(names, Items):
        return names
    entries = tuple(
        Entry(name.text, Opaque("kept under its name", name.start, name.end), name.start, name.end)
        for name in names.items
        if isinstance(name, Text)
    )
    return Record(entries, names.start, names.end)


def _set_later(value: Expr) -> Expr:
    """A state that will hold something else than what it begins with, under the same keys."""
    if not isinstance(value, Record):
        return value
    entries = tuple(
        replace(entry, value=Opaque("set later", entry.value.start, entry.value.end))
        if isinstance(entry.value, Text | Constant)
        else entry
        for entry in value.entries
        if not isinstance(entry.value, Function)
    )
    return replace(value, entries=entries)


def _with_query(target: Expr | None, query: tuple[Expr, ...]) -> Record:
    """A URL and what is added to its query, as the object that a router is given."""
    first = target if target is not None else query[0]
    entries = [Entry("query", value, value.start, value.end) for value in query]
    if target is not None:
        entries.insert(0, Entry("path", target, target.start, target.end))
    return Record(tuple(entries), first.start, first.end)


def _under(key: str, value: Expr) -> Record:
    """A value as the one member of an object."""
    return Record((Entry(key, value, value.start, value.end),), value.start, value.end)


def _parts(value: Expr) -> tuple[Expr, ...]:
    match value:
        case Join(parts):
            return parts
        case Choice(_, yes, no) | Either(yes, no) | Both(yes, no):
            return (yes, no)
        case Invoke(Member(of, _), arguments):
            return (of, *arguments)
        case Invoke(_, arguments):
            return arguments
        case Member(of, _):
            return (of,)
    return ()


def _query_only(row: Row, url: Expr) -> Expr:
    """`location.search = x` changes the query alone: the same as a URL that begins with `?`."""
    if row.says == "query":
        return Join((Text("?", url.start, url.start), url), url.start, url.end)
    if row.says == "fragment":
        return Join((Text("#", url.start, url.start), url), url.start, url.end)
    return url


def _imports(facts: Sequence[object], package: str, name: str) -> bool:
    """Whether a file imports `name` (or the default) of a package."""
    for fact in facts:
        if isinstance(fact, Define):
            match fact.value:
                case Invoke(Name("import"), (Text(module), Text(exported))):
                    if module == package and exported in (name, "default", "*"):
                        return True
    return False
