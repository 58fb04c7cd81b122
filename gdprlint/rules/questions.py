"""The vocabulary: every question that a rule can ask of an effect, in one table.

A question is a typed function from an effect and the values asked for to yes, maybe or no. Cheap
ones are asked before dear ones: the order is a number on the question.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import cached_property

from gdprlint.effects import (
    Answer,
    Ask,
    Declare,
    Effect,
    Given,
    Load,
    Navigate,
    Read,
    Send,
    Store,
    Submit,
    kind_of,
)
from gdprlint.effects.forms import signs_in
from gdprlint.effects.lifetimes import MONTHS_13
from gdprlint.effects.parts import GRAVE_GROUPS, Datum
from gdprlint.effects.records import ANSWER
from gdprlint.effects.scene import Scene
from gdprlint.facts import (
    Both,
    Callback,
    Choice,
    Compare,
    Constant,
    Either,
    Expr,
    Function,
    If,
    Invoke,
    Items,
    Member,
    Name,
    Negation,
    Record,
    Text,
)
from gdprlint.flow import GAP, Placed, Road, is_route
from gdprlint.knowledge import Match, UrlPattern, WordList, is_local, parse, split
from gdprlint.project import Page
from gdprlint.project.controls import attribute
from gdprlint.rules.fingerprints import Fingerprints
from gdprlint.rules.identifiers import Identifiers
from gdprlint.rules.reached import Triggers
from gdprlint.rules.site import Site

Asked = tuple[str, ...]
_SIGNS_NOBODY_IN = frozenset({"csrf", "xsrf", "analytics", "tracking", "telemetry"})
_PLAIN = frozenset({"http", "ws", "ftp"})
_BUNDLE = 3
_OF_RECORDS = frozenset({"name", "key"})
_MOST_PAGES = 20
_MOST_PAGES_OF_A_SETTING = 200
_DELEGATED = frozenset({"camera", "microphone", "geolocation"})
_OF_ALL_PAGES = frozenset({"open-referrer", "open-csp", "open-cors", "no-csp"})
_NUMBERS = {"two": 2}
_YES = frozenset({"true", "1", "yes", "all", "granted", "accepted", "allowed", "agreed", "given"})
_CLICKS = frozenset(
    {"click", "dblclick", "submit", "pointerdown", "mousedown", "touchstart", "keydown"}
)

_MOST_HANDED_ON = 3
"""Components through which a state is handed on."""


@dataclass(frozen=True, slots=True)
class Question:
    """One word of the vocabulary.

    `values` are what it accepts (empty: ids that the ruleset knows, named by `of`), `phrase` how a
    rule is read aloud with it, `says` what it means, `cost` when it is asked.
    """

    name: str
    values: tuple[str, ...]
    phrase: str
    says: str
    cost: int
    answer: Callable[[Asker, Effect, Asked], Answer]
    of: str = ""


class Asker:
    """A scene, with what questions need beside it."""

    def __init__(self, scene: Scene, processors: frozenset[str] = frozenset()) -> None:
        self.scene = scene
        self._processors = processors
        self._mailings = WordList(scene.knowledge.vocabulary.mailings)
        self._authentication = WordList(scene.knowledge.vocabulary.authentication)
        self._hashes = WordList(scene.knowledge.vocabulary.hashes)
        self.identifiers = Identifiers(scene)
        self.triggers = Triggers(scene)
        self.site = Site(scene)
        self.fingerprints = Fingerprints(scene)
        self._consent = WordList(scene.knowledge.vocabulary.consent)
        self._accept = WordList(scene.knowledge.vocabulary.accept)
        self._notice = WordList(scene.knowledge.vocabulary.notice)

    def data(
        self, effect: Effect, groups: Iterable[str], places: Iterable[str]
    ) -> tuple[Datum, ...]:
        """The data of an effect in these categories or groups, at these places (any, if none)."""
        wanted = self.scene.knowledge.named_groups(groups)
        where = set(places)
        return tuple(
            datum
            for datum in self.scene.data(effect)
            if (not wanted or datum.category in wanted) and (not where or datum.place in where)
        )

    def forwarded(self, effect: Effect, parts: Iterable[str]) -> tuple[Datum, ...]:
        """These parts of the page that an effect sends on, as data of no category of its own."""
        wanted = set(parts)
        return tuple(
            Datum(category="", group="", name=f.name, place="", road=f.road, evidence="page")
            for f in self.scene.forwarded.of(effect)
            if f.part in wanted
        )

    def is_authentication(self, key: str) -> bool:
        """Whether a cookie of that name keeps a visitor signed in or holds a session.

        A token against forged requests does neither, and scripts have to read it; nor does what
        counts sessions.
        """
        if _SIGNS_NOBODY_IN & set(split(key)) or "csrf" in key.lower():
            return False
        return self._authentication.within(key)

    def keeps_a_yes(self, effect: Store) -> bool:
        """Whether what is stored is that the visitor agreed: by its name, and by its value."""
        key = effect.key
        named = self._consent.within(key) or "consent" in key.lower()
        if not named or self._notice.within(key) or effect.value is None:
            return False
        at = effect.at
        value = self.scene.flow.values.literal(effect.value, at.path, at.context)
        if isinstance(effect.value, Constant):
            return effect.value.value is True or effect.value.value == 1
        return value is not None and (value.lower() in _YES or self._accept.within(value))

    def is_processor(self, effect: Effect) -> bool:
        """Whether the settings declare the vendor of an effect as the site's processor."""
        vendor = getattr(effect, "vendor", None)
        if vendor is None:
            return False
        names = {vendor.id, vendor.name, *vendor.aliases}
        return bool({name.lower() for name in names} & self._processors)

    def is_mailing(self, path: str) -> bool:
        """Whether a file is a template of e-mails, by its folders or its name."""
        return path.endswith(".mjml") or self._mailings.within(path.replace("/", " "))

    @cached_property
    def exposes(self) -> bool:
        """Whether some handler of the project answers anybody with records of people."""
        return any(
            self._is_exposed(effect)
            for effects in self.scene.effects.values()
            for effect in effects
            if isinstance(effect, Send) and effect.row is not None and effect.row.element == ANSWER
        )

    def _is_exposed(self, effect: Send) -> bool:
        told = {
            datum.name
            for datum in self.scene.data(effect)
            if datum.evidence in _OF_RECORDS
            and datum.strength == "strong"
            and datum.group in (*GRAVE_GROUPS, "contact", "identity", "location")
        }
        at = effect.at.span
        return len(told) > 1 and self.scene.handlers.is_open(at.path, at.start)

    def is_hashed(self, effect: Effect) -> bool:
        """Whether some of the data went through a function that hashes, by its name."""
        passed = {name for datum in self.scene.data(effect) for name in datum.road.passed}
        return any(self._hashes.within(name) for name in passed)

    def bundles(self, effect: Effect, group: str) -> bool:
        """Whether one thing that is sent holds three kinds of data of a group.

        Kinds that tell of the same count once: a postcode and a town. Of what several callers give
        to one call each counts by itself.
        """
        if not isinstance(effect, Send | Load) or effect.at.certain is False:
            return False
        weak = "health" in self.scene.carried.context(effect.at)
        known = self.scene.knowledge.categories
        kinds = {c.counts_as or c.id for c in known.values() if c.group == group}
        for data in self._single_payloads(effect):
            told = {
                known[datum.category].counts_as or datum.category
                for datum in data
                if not datum.literal and (weak or datum.strength == "strong")
            }
            if len(told & kinds) >= _BUNDLE:
                return True
        return False

    def _single_payloads(self, effect: Send | Load) -> Iterator[Iterable[Datum]]:
        carried = self.scene.carried
        if isinstance(effect, Load) or effect.page is not None:
            yield [datum for datum in self.scene.data(effect) if datum.place == "url"]
            return
        given = effect.payload
        if effect.urls and given:
            added = [datum for one in effect.query for datum in carried.added(effect, one)]
            yield [*carried.address(effect, given[0]), *added]
            given = given[1:]
        for one in given:
            for value in _alternatives(one.value):
                for context in self.scene.recogniser.contexts(value, one.path):
                    yield carried.given(
                        effect, replace(one, value=value, context=context or one.context)
                    )

    def is_unseen(self, effect: Send) -> bool:
        """Whether something is given of which the analysis sees neither entries nor text."""
        return not self.scene.data(effect) and any(self._is_dark(one) for one in effect.payload)

    def _is_dark(self, one: Given) -> bool:
        values = self.scene.flow.values
        if isinstance(one.value, Record | Text | Constant | Function):
            return False
        if isinstance(one.value, Name) and one.value.name == "undefined":
            return False
        if values.entries(one.value, one.path, one.context):
            return False
        if values.literal(one.value, one.path, one.context) is not None:
            return False
        behind = values.behind(one.value, one.path, one.context)
        return not any(isinstance(inner, Record | Text | Constant) for inner, _, _ in behind)

    def scrubbed(self, effect: Effect) -> Answer:
        """Whether a function of the site's own takes the data out before the vendor sends it."""
        vendor = getattr(effect, "vendor", None)
        if vendor is None:
            return Answer.NO
        names = {datum.name for datum in self.scene.data(effect)}
        if not names and not isinstance(effect, Declare):
            return Answer.NO
        scrubbers = self.scene.scrubbers
        answers = [scrubbers.takes_out(hook, names) for hook in scrubbers.of(vendor.id, effect)]
        return max(answers, default=Answer.NO)

    def follows_elsewhere(self, effect: Declare) -> Answer:
        """Whether visitors are followed to a domain of another registration: where the domains are
        listed, by what is listed."""
        if effect.value is None:
            return Answer.YES
        values, at = self.scene.flow.values, effect.at
        listed = [effect.value, *(v for v, _, _ in values.behind(effect.value, at.path))]
        items = next((v.items for v in listed if isinstance(v, Items)), None)
        if items is None:
            return Answer.NO if values.literal(effect.value, at.path) else Answer.MAYBE
        hosts = [values.literal(item, at.path) for item in items]
        known = {
            self.scene.parties.registrable(host.removeprefix("*.").partition("/")[0])
            for host in hosts
            if host
        }
        if len(known) > 1:
            return Answer.YES
        return Answer.MAYBE if None in hosts else Answer.NO

    def is_clicked(self, effect: Effect) -> bool:
        """Whether every road to an effect passes a listener for a click, a key or a submission."""
        at = effect.at
        roads = self.scene.flow.ways.through(at.sites, at.path, at.way)
        return bool(roads) and all(self._passes_click(road) for road in roads)

    def _passes_click(self, road: Road) -> bool:
        return any(self._needs_click(placed) for placed in road.steps)

    def _needs_click(self, placed: Placed) -> bool:
        """Whether a step is one that only a click leads over."""
        match placed.step:
            case Callback() as step:
                return _is_click(step) or self._is_run_by_click(step, placed.path)
            case If(test, True) | If(Negation(test), False):
                return self._is_set_by_click(test, placed.path, 0)
        return False

    def _is_run_by_click(self, step: Callback, path: str) -> bool:
        """Whether a component runs the function that an attribute gives it on clicks alone."""
        uses = list(self.scene.flow.props.called(step, path))
        return bool(uses) and all(
            event in _CLICKS or any(_is_click(inner) for inner in way) for event, way, _ in uses
        )

    def _is_set_by_click(self, test: Expr, path: str, depth: int) -> bool:
        """Whether a condition asks for a component's state that only a click makes true, by its
        own name or by that of a property that it is given for."""
        match test:
            case Both(left, right) | Compare("===" | "==", left, right):
                return any(self._is_set_by_click(one, path, depth) for one in (left, right))
            case Name() if depth < _MOST_HANDED_ON:
                pass
            case _:
                return False
        states, props = self.scene.flow.states, self.scene.flow.props
        state = states.of(test, path)
        if state is not None:
            roads = [road for _, road in states.set_true(state, path)]
            return bool(roads) and all(
                any(isinstance(p.step, Callback) and self._needs_click(p) for p in road.steps)
                for road in roads
            )
        given = [g for g in props.given(test, path) if not _is_false(g[0])]
        return bool(given) and all(
            self._is_set_by_click(value, where, depth + 1) for value, where in given
        )


def _alternatives(value: Expr) -> Iterator[Expr]:
    match value:
        case Either(left, right) | Choice(_, left, right):
            yield from _alternatives(left)
            yield from _alternatives(right)
        case _:
            yield value


def _is_false(value: Expr) -> bool:
    return isinstance(value, Constant) and value.value in (False, None)


def _is_click(step: object) -> bool:
    if not isinstance(step, Callback):
        return False
    words = {a.text.lower() for a in step.arguments if isinstance(a, Text)}
    named = step.to.name if isinstance(step.to, Member) else ""
    return bool(words & _CLICKS) or named in _CLICKS


def _yes(condition: bool) -> Answer:
    return Answer.YES if condition else Answer.NO


def _effect(_: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(kind_of(effect) in asked)


def _element(_: Asker, effect: Effect, asked: Asked) -> Answer:
    match effect:
        case Load(element=element):
            return _yes(element in asked)
        case Send(row=row) if row is not None:
            return _yes((row.element or "call") in asked)
    return Answer.NO


def _role(_: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(isinstance(effect, Load) and effect.role in asked)


def _transport(_: Asker, effect: Effect, asked: Asked) -> Answer:
    """By what is written out: an address with a gap in its host is in nobody's hands here."""
    if not isinstance(effect, Load | Send | Submit):
        return Answer.NO
    addresses = [parse(url) for url in effect.urls]
    plain = any(
        a.scheme in _PLAIN and a.host and GAP not in a.host and not is_local(a.host)
        for a in addresses
    )
    return _yes("plain" in asked and plain)


def _party(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if "processor" in asked and asker.is_processor(effect):
        return Answer.YES
    return _yes(asker.scene.party(effect) in asked)


def _vendor(_: Asker, effect: Effect, asked: Asked) -> Answer:
    vendor = getattr(effect, "vendor", None)
    return _sure(effect, vendor is not None and vendor.id in asked)


def _category(_: Asker, effect: Effect, asked: Asked) -> Answer:
    vendor = getattr(effect, "vendor", None)
    return _sure(effect, vendor is not None and vendor.category in asked)


def _sure(effect: Effect, condition: bool) -> Answer:
    if not condition:
        return Answer.NO
    return Answer.YES if effect.at.certain else Answer.MAYBE


def _purpose(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    purposes = asker.scene.purposes(effect)
    if purposes == ("unknown",):
        return Answer.YES if "unknown" in asked else Answer.MAYBE
    return _yes(bool(set(purposes) & set(asked)))


def _consent(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    best = Answer.NO
    if "given" in asked:
        best = asker.scene.verdict(effect).answer
    if "denied-by-default" in asked and asker.scene.denied_by_default(effect):
        best = Answer.YES
    return best


def _data(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(bool(asker.data(effect, asked, ())))


def _place(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(bool(asker.data(effect, (), asked)))


def _at_least(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(len({datum.name for datum in asker.scene.data(effect)}) >= fewest(asked))


def fewest(asked: Iterable[str]) -> int:
    """How many different names of data the word `at-least` asks for."""
    return max((_NUMBERS[word] for word in asked), default=1)


def _evidence(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(any(datum.evidence in asked for datum in asker.scene.data(effect)))


def _strength(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(any(datum.strength in asked for datum in asker.scene.data(effect)))


def _key(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Store):
        return Answer.NO
    key = effect.key
    if key == GAP:
        return Answer.NO
    known = asker.scene.knowledge
    own = {name.lower() for name in asker.scene.essential}
    essential = known.is_essential(key) or key.lower() in own
    if "essential" in asked and essential:
        return Answer.YES
    if "tracking" in asked and not essential:
        follows = effect.vendor is not None and effect.purpose not in (
            "necessary",
            "functional",
            "",
        )
        if known.is_tracking(key) or follows:
            return Answer.YES
    if "authentication" in asked and asker.is_authentication(key):
        return Answer.YES
    if "identifier" in asked and not essential and asker.identifiers.made(effect):
        return Answer.YES
    if "agreement" in asked and asker.keeps_a_yes(effect):
        return Answer.YES
    return Answer.NO


def _lifetime(_: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Store | Declare):
        return Answer.NO
    days = effect.days
    if "deleted" in asked and days is not None and days < 0:
        return Answer.YES
    if "persistent" in asked and isinstance(effect, Store):
        if days is None:
            return Answer.YES if effect.medium in ("local", "indexed") else Answer.MAYBE
        if days > 0:
            return Answer.YES
    return _yes("over-13-months" in asked and days is not None and days > MONTHS_13)


def _flags(_: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(isinstance(effect, Store) and bool(effect.flags & set(asked)))


def _medium(_: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(isinstance(effect, Store | Read) and effect.medium in asked)


def _notice(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Submit) or "none" not in asked:
        return Answer.NO
    return asker.scene.notices.lacks(effect, asker.scene.pages_of(effect)[:_MOST_PAGES])


def _access(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    handlers, at = asker.scene.handlers, effect.at.span
    return _yes(
        ("open" in asked and handlers.is_open(at.path, at.start))
        or ("needs-visitor" in asked and handlers.needs_visitor(at.path, at.start))
        or ("kept-apart" in asked and handlers.is_kept_apart(at.path, at.start))
    )


def _by(_: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(isinstance(effect, Navigate | Store) and effect.by in asked)


def _method(_: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Submit):
        return Answer.NO
    if effect.prevented is Answer.YES:
        return _yes("prevented" in asked)
    by_browser = _yes(effect.method in asked)
    if effect.method == "unknown" and "get" in asked:
        by_browser = max(by_browser, Answer.MAYBE)
    if effect.prevented is Answer.MAYBE:
        return max(
            min(Answer.MAYBE, by_browser), Answer(min(Answer.MAYBE, _yes("prevented" in asked)))
        )
    return by_browser


def _use(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if isinstance(effect, Submit):
        # Whose the name is that somebody looks up, nobody can tell.
        grave = asker.data(effect, GRAVE_GROUPS, ())
        looks_up = "search" in asked and effect.looks_up and not grave
        if "login" in asked and signs_in(effect):
            return Answer.YES
        return Answer.MAYBE if looks_up else Answer.NO
    if isinstance(effect, Send) and effect.use == "collects":
        # That it is what the tag takes is sure, even where the site may have changed what that is.
        return _yes("collects" in asked)
    return _sure(effect, isinstance(effect, Send | Load) and effect.use in asked)


def _ticked(_: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Ask):
        return Answer.NO
    state = "conditional" if effect.conditional else "disabled" if effect.disabled else "free"
    return _yes((effect.ticked and "yes" in asked) or state in asked)


def _says(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Declare) or effect.says not in asked:
        return Answer.NO
    if effect.says == "cross-domain":
        return min(_sure(effect, True), asker.follows_elsewhere(effect))
    return _sure(effect, True)


def _context(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    found = set(asker.scene.carried.context(effect.at))
    if "admin" in asked and "admin" in split(effect.at.path):
        found.add("admin")
    if "mailing" in asked and asker.is_mailing(effect.at.path):
        found.add("mailing")
    if "exposed" in asked and asker.exposes:
        found.add("exposed")
    for page in _asked_pages(asker, effect):
        found |= asker.scene.pages.context_of(page)
        if "transactional" in asked and asker.scene.pages.is_transactional(page):
            found.add("transactional")
        if "reading" in asked and asker.scene.pages.is_reading(page):
            found.add("reading")
        found |= _sensitive(asker, page, asked)
    return _yes(bool(found & set(asked)))


def _asked_pages(asker: Asker, effect: Effect) -> tuple[Page, ...]:
    """The pages that an effect concerns, of very many the first ones."""
    pages = asker.scene.pages_of(effect)
    if not pages and isinstance(effect, Declare) and effect.says in _OF_ALL_PAGES:
        # A setting or a header of the server is one of every page.
        return asker.scene.project.pages[:_MOST_PAGES_OF_A_SETTING]
    return pages[:_MOST_PAGES]


def _sensitive(asker: Asker, page: Page, asked: Asked) -> set[str]:
    pages, found = asker.scene.pages, set[str]()
    if "sensitive-path" in asked and pages.has_sensitive_path(page):
        found.add("sensitive-path")
    if {"sensitive", "sensitive-transaction"} & set(asked) and pages.is_sensitive(page):
        found.add("sensitive")
        if pages.is_transactional(page):
            found.add("sensitive-transaction")
    return found


def _region(_: Asker, effect: Effect, asked: Asked) -> Answer:
    vendor = getattr(effect, "vendor", None)
    return _yes(vendor is not None and vendor.region in asked)


def _shape(_: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Load):
        return Answer.NO
    found: set[str] = set()
    if effect.markup is not None and effect.element == "img":
        size = {attribute(effect.markup, name).removesuffix("px") for name in ("width", "height")}
        style = attribute(effect.markup, "style").replace(" ", "").lower()
        if size & {"0", "1"} or "display:none" in style or "visibility:hidden" in style:
            found.add("hidden")
            if _is_filled(effect):
                found.add("hidden-filled")
    if effect.markup is not None and effect.element == "iframe":
        given = set(split(attribute(effect.markup, "allow")))
        if given & _DELEGATED:
            found.add("delegates")
    address = parse(effect.urls[0]) if effect.urls else None
    if address is not None and address.query:
        found.add("query")
        if "hidden" in found:
            found.add("hidden-query")
    if address is not None and effect.vendor is not None:
        for note in effect.vendor.notes:
            if note.startswith("reduced:"):
                pattern = note.removeprefix("reduced:").strip()
                if pattern == "*" or UrlPattern.of(pattern).match(address) is Match.YES:
                    found.add("reduced")
    return _yes(bool(found & set(asked)))


def _is_filled(effect: Load) -> bool:
    """Whether a template fills in something of an address behind its host: a number of whoever
    gets it. A host that is filled in is the same for all."""
    match effect.value:
        case Invoke(_, arguments) as route if is_route(route):
            return len(arguments) > 1
    address = effect.urls[0] if effect.urls else ""
    host, slash, path = address.removeprefix("https://").removeprefix("http://").partition("/")
    return GAP in path if slash else GAP in host.partition("?")[2]


def _switch(_: Asker, effect: Effect, asked: Asked) -> Answer:
    """A parameter of a literal URL that is a vendor's own switch, and no guard."""
    if not isinstance(effect, Load) or not effect.urls:
        return Answer.NO
    names = {name for name, value in parse(effect.urls[0]).query if value in ("true", "1")}
    return _yes(bool(names & set(asked)))


def _guard(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    seen = bool(asker.scene.verdict(effect).seen)
    return _yes(("seen" if seen else "none") in asked)


def _made_of(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes("device-features" in asked and asker.fingerprints.composed(effect))


def _site(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if "tracks" in asked and asker.site.tracks:
        return Answer.YES
    if "offers-no-return" in asked:
        return Answer(Answer.YES - asker.site.reopens(effect))
    return _yes("asks-nobody" in asked and asker.site.asks_nobody)


def _history(_: Asker, effect: Effect, asked: Asked) -> Answer:
    vendor = getattr(effect, "vendor", None)
    if vendor is None:
        return Answer.NO
    return _yes(("followed" if vendor.history else "not-followed") in asked)


def _arrival(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Send) or effect.page is None:
        return Answer.NO
    told = [datum for datum in asker.scene.data(effect) if datum.place == "url"]
    return _yes("later" in asked and bool(told) and all(datum.later for datum in told))


def _reached(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes("click" in asked and asker.is_clicked(effect))


def _begun(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    found = asker.triggers.of(effect)
    return max((answer for how, answer in found.items() if how in asked), default=Answer.NO)


def _through(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes("hash" in asked and asker.is_hashed(effect))


def _bundle(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return _yes(any(asker.bundles(effect, group) for group in asked))


def _payload(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    unseen = isinstance(effect, Send) and "unseen" in asked and asker.is_unseen(effect)
    return Answer.MAYBE if unseen else Answer.NO


def _scrubbed(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    return asker.scrubbed(effect) if "before-sending" in asked else Answer.NO


def _forwards(asker: Asker, effect: Effect, asked: Asked) -> Answer:
    if not isinstance(effect, Load | Send):
        return Answer.NO
    return _sure(effect, bool(asker.forwarded(effect, asked)))


QUESTIONS: dict[str, Question] = {
    question.name: question
    for question in (
        Question(
            "effect",
            ("load", "store", "read", "send", "submit", "navigate", "ask", "declare"),
            "it {values}s something",
            "What kind of thing happens.",
            0,
            _effect,
        ),
        Question(
            "element",
            (
                "script",
                "img",
                "iframe",
                "embed",
                "object",
                "stylesheet",
                "style",
                "link",
                "video",
                "audio",
                "source",
                "track",
                "amp-img",
                "amp-pixel",
                "image",
                "beacon",
                "call",
                "server",
                "log",
                "answer",
                "unread",
            ),
            "by an element or call of the kind {values}",
            "By which element or call something is loaded or sent; by the `server`, into its "
            "`log`, or as its `answer` to whoever asks.",
            1,
            _element,
        ),
        Question(
            "role",
            ("script", "pixel", "frame", "style", "host", "call", "component", "mention"),
            "from a vendor's {values}",
            "In which role a loaded URL is the vendor's.",
            1,
            _role,
        ),
        Question(
            "by",
            ("script", "server", "markup", "link", "setting"),
            "done by the {values}",
            "Who navigates or stores: a script, an answer of the server, markup, a link that code "
            "puts together, a setting.",
            1,
            _by,
        ),
        Question(
            "medium",
            ("cookie", "local", "session", "indexed", "url", "path"),
            "kept in {values} storage",
            "Where something is stored: a cookie, localStorage, sessionStorage, IndexedDB; where a "
            "parameter is read from, the query of a `url` or its `path`.",
            1,
            _medium,
        ),
        Question(
            "method",
            ("get", "post", "dialog", "prevented", "unknown"),
            "by a form with the method {values}",
            "How a form is sent; `prevented` where a script sends it in the browser's place.",
            1,
            _method,
        ),
        Question(
            "use",
            (
                "start",
                "event",
                "identity",
                "matching",
                "search",
                "consent",
                "collects",
                "captures",
                "login",
                "other",
            ),
            "by a vendor's call for {values}",
            "What a vendor's call is for; `collects` is what its tag takes of the page by itself, "
            "`captures` what it reports of clicks and forms. Of a form, "
            "`search` where it looks something up and asks for no grave data; whose data that is, "
            "cannot be settled; `login` where it signs somebody in.",
            1,
            _use,
        ),
        Question(
            "ticked",
            ("yes", "disabled", "conditional", "free"),
            "with the box ticked: {values}",
            "Whether a consent control is on beforehand; others are told apart.",
            1,
            _ticked,
        ),
        Question(
            "says",
            (
                "granted",
                "denied",
                "agreed",
                "implied",
                "continuing",
                "no-refusal",
                "accept-only",
                "asks",
                "keeps-cookies",
                "unheeded",
                "hashed",
                "page-url",
                "title",
                "referrer",
                "personal-data",
                "session-replay",
                "cross-domain",
                "cookie-lifetime",
                "order",
                "matching",
                "scrubs",
                "captures",
                "captures-nothing",
                "unmasked",
                "unmasks",
                "open-referrer",
                "open-tracking",
                "cached",
                "keeps-answers",
                "open-cors",
                "csp",
                "open-csp",
                "no-csp",
                "serves",
                "plain-column",
                "nothing",
            ),
            "by a setting that says {values}",
            "What a setting declares; a mark in markup that shows what a recorder would hide "
            "`unmasks` it.",
            1,
            _says,
        ),
        Question(
            "flags",
            ("not-secure", "not-httponly", "not-samesite", "samesite-none", "secure", "httponly"),
            "with the cookie's flags {values}",
            "Attributes of a cookie.",
            1,
            _flags,
        ),
        Question(
            "category",
            (),
            "for a vendor of {values}",
            "The kind of vendor.",
            2,
            _category,
            "vendor categories",
        ),
        Question("vendor", (), "for {values}", "Which vendor.", 2, _vendor, "vendors"),
        Question(
            "purpose",
            (
                "necessary",
                "functional",
                "analytics",
                "advertising",
                "social",
                "session-replay",
                "unknown",
            ),
            "for {values}",
            "What it is for; a purpose in no table answers maybe to each.",
            2,
            _purpose,
        ),
        Question(
            "region",
            ("eea", "adequate", "other"),
            "by a vendor established in: {values}",
            "Where the vendor's parent is established.",
            2,
            _region,
        ),
        Question(
            "history",
            ("followed", "not-followed"),
            "whose tag follows history changes: {values}",
            "Whether the vendor's tag sends on history changes by itself.",
            2,
            _history,
        ),
        Question(
            "lifetime",
            ("persistent", "over-13-months", "deleted"),
            "lasting: {values}",
            "How long something is kept.",
            3,
            _lifetime,
        ),
        Question(
            "shape",
            ("hidden", "query", "hidden-query", "hidden-filled", "reduced", "delegates"),
            "shaped: {values}",
            "A hidden or one-pixel image, one whose address a template fills in, a URL with a "
            "query, a vendor's reduced embed, a frame that is given the camera, the microphone or "
            "the place.",
            3,
            _shape,
        ),
        Question(
            "switch",
            ("optOut", "opt_out", "npa", "noscript"),
            "with the vendor's switch {values}",
            "A vendor's own switch in a literal URL, which is no guard.",
            3,
            _switch,
        ),
        Question(
            "party",
            ("first", "third", "program", "unknown", "processor"),
            "to the {values} party",
            "Whose host it is; `program` where a message is written in another program, "
            "`processor` where the settings declare the vendor as one.",
            4,
            _party,
        ),
        Question(
            "transport",
            ("plain",),
            "over {values} http",
            "Whether what is sent can be read on the way: by `http:` or `ws:` to another machine.",
            4,
            _transport,
        ),
        Question(
            "key",
            ("essential", "tracking", "authentication", "identifier", "agreement"),
            "under a name or value that is {values}",
            "What a cookie's or storage key's name, or its value's making, tells; `agreement` "
            "where both say that the visitor agreed.",
            5,
            _key,
        ),
        Question(
            "through",
            ("hash",),
            "through a {values}",
            "What the data went through.",
            5,
            _through,
        ),
        Question(
            "bundle",
            (),
            "with at least three kinds of {values} data in one payload",
            "Whether one payload or query holds three kinds of a group of data; kinds that tell "
            "of the same, as a postcode and a town, count once.",
            9,
            _bundle,
            "data groups",
        ),
        Question(
            "payload",
            ("unseen",),
            "given an object that is {values}",
            "Maybe, where a call is given something of which the analysis sees no entry.",
            9,
            _payload,
        ),
        Question(
            "scrubbed",
            ("before-sending",),
            "with the data taken out {values}",
            "Whether a function of the site's own, which the vendor calls first, takes it out.",
            9,
            _scrubbed,
        ),
        Question(
            "forwards",
            ("url", "path", "query", "fragment", "title", "referrer"),
            "sending on the page's {values}",
            "What of the page's own address, title and referrer the site's code sends on; not what "
            "says where to send the visitor back to, and not what a vendor's tag takes by itself.",
            7,
            _forwards,
        ),
        Question(
            "access",
            ("open", "needs-visitor", "kept-apart"),
            "by a handler whose access is {values}",
            "Whom the handler around it answers: `open` where nothing is in sight that asks who "
            "wants to know, `needs-visitor` where it surely answers somebody who is signed in, "
            "`kept-apart` where its answers are kept for each visitor alone, or not at all.",
            6,
            _access,
        ),
        Question(
            "notice",
            ("none",),
            "on a page with {values} of the site's privacy notice",
            "Whether a page with the form leads to no privacy notice: by the words of addresses, "
            "of routes and of links on the page; of an application, anywhere in the project.",
            9,
            _notice,
        ),
        Question(
            "context",
            (
                "health",
                "children",
                "finance",
                "religion",
                "union",
                "transactional",
                "search",
                "reading",
                "admin",
                "mailing",
                "exposed",
                "sensitive",
                "sensitive-path",
                "sensitive-transaction",
            ),
            "on pages of {values}",
            "What the pages are about; `mailing` for the templates of e-mails, `exposed` where "
            "some handler of the project answers anybody with records. A page is sensitive where a "
            "field of it, its URL or its title tells of health, another special "
            "category, an identity number, an account or a password, or where the settings say so.",
            6,
            _context,
        ),
        Question(
            "data",
            (),
            "with {values}",
            "Categories or groups of personal data.",
            8,
            _data,
            "data categories and groups",
        ),
        Question(
            "place",
            ("url", "path", "title", "body", "cookie", "storage", "matching", "field", "column"),
            "in its {values}",
            "Where in the effect the data is; of the same datum as `data` beside it. `matching` is "
            "a parameter by which a vendor's pixel knows people.",
            8,
            _place,
        ),
        Question(
            "evidence",
            ("field", "value", "literal", "request", "stored", "url", "name", "key", "segment"),
            "as told by {values}",
            "What tells of the data; of the same datum as `data` beside it.",
            8,
            _evidence,
        ),
        Question(
            "strength",
            ("strong", "weak"),
            "by {values} words",
            "Whether the words that tell of the data do so by themselves, or only beside others; "
            "of the same datum as `data` beside it.",
            8,
            _strength,
        ),
        Question(
            "arrival",
            ("later",),
            "which comes into the page's URL {values}",
            "Whether all that a tag takes from the page's URL comes there by scripts alone, while "
            "the document stays.",
            9,
            _arrival,
        ),
        Question(
            "at-least",
            ("two",),
            "of at least {values} fields",
            "How many names the data beside it goes by.",
            8,
            _at_least,
        ),
        Question(
            "made-of",
            ("device-features",),
            "made of at least three families of {values}",
            "Whether what is hashed, kept or sent to somebody else is put together of at least "
            "three families of what tells devices apart: drawing, graphics, sound, fonts, "
            "plug-ins, hardware, screen, language and time zone, media devices.",
            9,
            _made_of,
        ),
        Question(
            "site",
            ("tracks", "asks-nobody", "offers-no-return"),
            "on a site that {values}",
            "What is true of the project as a whole: it `tracks` where it holds a tracker that "
            "needs agreement, `asks-nobody` where it does so and nothing in it speaks of consent, "
            "and `offers-no-return` where no page lets the visitor open the choice again that "
            "the setting begins.",
            9,
            _site,
        ),
        Question(
            "reached",
            ("click",),
            "reached only by a {values}",
            "Whether it happens only once the visitor clicks, presses a key or sends a form.",
            9,
            _reached,
        ),
        Question(
            "begun",
            ("scroll", "movement", "time", "leaving", "closing", "load"),
            "begun without a choice, by {values}",
            "Whether one way to it has no choice of the visitor's on it, and begins with "
            "scrolling, the mouse that moves, time that passes, a page that is left, a notice "
            "that is closed, or the page itself.",
            9,
            _begun,
        ),
        Question(
            "guard",
            ("seen", "none"),
            "with a consent guard {values}",
            "Whether a consent check lies on the way.",
            9,
            _guard,
        ),
        Question(
            "consent",
            ("given", "denied-by-default"),
            "the visitor has agreed ({values})",
            "Whether the visitor has agreed to the effect's own purposes wherever it happens.",
            10,
            _consent,
        ),
    )
}
"""Every question, by its word."""
