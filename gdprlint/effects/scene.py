"""Everything that can be asked about the effects of one project, in one object."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from traceback import extract_tb
from typing import Literal, TypeVar

from gdprlint.effects import Declare, Effect, Load, Navigate, Send, kind_of
from gdprlint.effects.attribute import Parties, Trackers
from gdprlint.effects.captures import Captures
from gdprlint.effects.carried import Carried
from gdprlint.effects.classify import Classifier
from gdprlint.effects.consent import Consent, Verdict
from gdprlint.effects.forwarded import Forwarded
from gdprlint.effects.handlers import Handlers
from gdprlint.effects.notices import Notices
from gdprlint.effects.pages import PageData
from gdprlint.effects.parameters import Parameters
from gdprlint.effects.parts import Datum, Parts
from gdprlint.effects.recognise import Recogniser
from gdprlint.effects.scrub import Scrubbers
from gdprlint.effects.shared import whose
from gdprlint.effects.signs import Signs
from gdprlint.errors import GdprlintError
from gdprlint.facts import IN_STRING, Gate
from gdprlint.flow import Flow, Inlined, Passing, turns
from gdprlint.knowledge import ConsentPlatform, Knowledge, Vendor, WordList, split
from gdprlint.project import Page, Project
from gdprlint.source import Span

T = TypeVar("T")
_LONGER_THAN_OWN = 20_000
_STRICTEST_FIRST = ("advertising", "social", "session-replay", "analytics", "functional")


def _strictest(purposes: tuple[str, ...]) -> tuple[str, ...]:
    """Of several purposes of a vendor the one that needs the most: agreeing to it covers its
    tag."""
    for purpose in _STRICTEST_FIRST:
        if purpose in purposes:
            return (purpose,)
    return purposes


def passings(knowledge: Knowledge) -> Iterator[Passing]:
    """What libraries hand on, as flow understands it."""
    for row in knowledge.flows:
        of: Literal["call", "name", "export"] = "call"
        if row.named or row.exported:
            of = "name" if row.named else "export"
        name = row.called or row.named or row.exported
        unless = turns(row.unless)[0].index if row.unless else -1
        without = turns(row.without)[0].index if row.without else -1
        only = turns(row.only)[0].index if row.only else -1
        for package in row.package.split(" or "):
            for called in name.split(" or "):
                source, target = turns(row.from_), turns(row.to)
                yield Passing(called, package, source, target, of, row.file, unless, without, only)


def inlined(knowledge: Knowledge) -> Iterator[Inlined]:
    """How libraries are known in bundles, as flow understands it."""
    for row in knowledge.inlined:
        yield Inlined(row.package, row.name, row.holds, row.lacks, row.sort, row.known_as)


class Scene:
    """A project, what is known of the world, and what the settings say: ready to be asked."""

    def __init__(
        self,
        project: Project,
        knowledge: Knowledge,
        *,
        context: Iterable[str] = (),
        first_party: Iterable[str] = (),
        essential: Iterable[str] = (),
        sensitive_pages: Iterable[str] = (),
        own_signs: Iterable[ConsentPlatform] = (),
        asks_elsewhere: bool = False,
    ) -> None:
        self.project = project
        self.knowledge = knowledge
        redactors = WordList(knowledge.vocabulary.redactors)
        self.flow = Flow(
            project,
            lambda name: redactors.first(split(name)) is not None,
            passings(knowledge),
            inlined(knowledge),
        )
        self.recogniser = Recogniser(self.flow, knowledge)
        self.mishaps: dict[str, str] = {}
        found: dict[str, tuple[Effect, ...]] = {
            path: ()
            if self._is_not_run(path)
            else self.guarded(path, partial(self._of_file, path), ())
            for path in project.files
        }
        self.effects: Mapping[str, tuple[Effect, ...]] = whose(found, project)
        self.parts = Parts(self.flow, Classifier(knowledge))
        self.handlers = Handlers(self.flow, knowledge.vocabulary)
        self.parameters = Parameters(self.flow, knowledge.lexicon, self.handlers)
        hosts = tuple(first_party)
        self.pages = PageData(
            self.flow,
            self.parts,
            self.effects,
            self.parameters,
            context=frozenset(context),
            first_party=hosts,
            sensitive_pages=sensitive_pages,
        )
        self.carried = Carried(self.flow, self.parts, self.pages)
        platforms = [*knowledge.platforms.values(), *own_signs]
        self.consent = Consent(self.flow, knowledge, Signs(platforms, self.flow))
        self.forwarded = Forwarded(self.flow, knowledge.vocabulary.ways_back)
        self.parties = Parties(hosts, knowledge.vocabulary.message_schemes)
        self.trackers = Trackers(self.flow, knowledge, self.effects, self.pages.may_be_gone)
        self.scrubbers = Scrubbers(self.flow, self.effects)
        self.captures = Captures(self.trackers)
        self.essential = tuple(essential)
        self.asks_elsewhere = asks_elsewhere
        self.notices = Notices(self.flow, knowledge.vocabulary.privacy)
        self._verdicts: dict[int, tuple[Effect, Verdict]] = {}

    def guarded(self, path: str, ask: Callable[[], T], otherwise: T) -> T:
        """What `ask` gives; `otherwise`, and a mishap of that file, where an error of ours comes.

        One file that we stumble over must not hide what is found in all others.
        """
        try:
            return ask()
        except GdprlintError:
            raise
        except Exception as error:
            frame = extract_tb(error.__traceback__)[-1]
            place = f"{frame.filename.rpartition('gdprlint')[2].strip('/')}:{frame.lineno}"
            why = f"gdprlint made an error of its own here ({type(error).__name__}, {place})"
            self.mishaps.setdefault(path, why)
            return otherwise

    def _of_file(self, path: str) -> tuple[Effect, ...]:
        """The effects of a file, without those of scripts in strings that nobody is seen to run."""
        return tuple(
            effect
            for effect in self.recogniser.of_file(path)
            if all(
                self.flow.dom.nodes.is_run(path, step.start)
                for step in effect.at.way
                if isinstance(step, Gate) and step.tag == IN_STRING
            )
        )

    def _is_not_run(self, path: str) -> bool:
        """Whether what a file does is no doing of the site's: nobody gets it, or it is a copy of a
        vendor's own script. A site's own of that name is short."""
        if path in self.project.switched_off:
            return True
        facts = self.project.files[path]
        return facts.length > _LONGER_THAN_OWN and self.knowledge.own_code(path) is not None

    def all_effects(self) -> tuple[Effect, ...]:
        """Every effect, those of files first, then what vendors take by themselves."""
        found = [effect for effects in self.effects.values() for effect in effects]
        found.extend(self.parameters.taken())
        found.extend(self._without_policy(found))
        for page in self.project.pages:
            found.extend(self.guarded(page.path, partial(self.trackers.taken, page), ()))
            found.extend(self.guarded(page.path, partial(self.captures.on, page), ()))
        return tuple(found)

    def _without_policy(self, found: Iterable[Effect]) -> list[Declare]:
        """Where a project that says nowhere where its pages may send to would say so."""
        told = ("csp", "open-csp")
        if any(isinstance(effect, Declare) and effect.says in told for effect in found):
            return []
        return [
            replace(effect, says="no-csp")
            for effect in found
            if isinstance(effect, Declare) and effect.says == "serves"
        ][:1]

    def data(self, effect: Effect) -> tuple[Datum, ...]:
        """The personal data in an effect."""
        return self.carried.data(effect)

    def unsettled(self) -> Mapping[Span, str]:
        """Places at which nothing was found, and not everything could be followed to its end."""
        return {**self.recogniser.unsettled, **self.carried.unsettled}

    def verdict(self, effect: Effect) -> Verdict:
        """Whether the visitor has agreed to the effect's own purposes where it happens."""
        held = self._verdicts.get(id(effect))
        if held is None:
            held = (effect, self.consent.given(effect.at, _strictest(self.purposes(effect))))
            self._verdicts[id(effect)] = held
        return held[1]

    def purposes(self, effect: Effect) -> tuple[str, ...]:
        """What an effect is for: by its vendor, else by the cookie's own entry; else unknown."""
        vendor = getattr(effect, "vendor", None)
        purpose = getattr(effect, "purpose", "")
        if purpose:
            return (purpose,)
        if isinstance(effect, Declare) and vendor is None:
            vendor = self.knowledge.vendors.get(effect.subject)
        if vendor is not None:
            return tuple(vendor.purposes)
        return ("unknown",)

    def pages_of(self, effect: Effect) -> tuple[Page, ...]:
        """The pages on which an effect happens."""
        if isinstance(effect, Send) and effect.page is not None:
            return (effect.page,)
        return self.project.pages_with(effect.at.path, effect.at.span.start)

    def party(self, effect: Effect) -> str:
        """first, third, program or unknown: by the URL's host; a vendor's API is always a third
        party's."""
        urls = getattr(effect, "urls", ())
        if urls:
            found = self.parties.of_url(urls[0])
            return self._party_of_parts(effect) if found == "unknown" else found
        if isinstance(effect, Load | Send) and effect.vendor is not None:
            return "third"
        return "first"

    def _party_of_parts(self, effect: Effect) -> str:
        """By the URL taken apart, where it is an object and no string (`new URL(...)`)."""
        match effect:
            case Navigate(target=target, at=at):
                found = self.flow.addresses.of(target, at.path, at.context)
            case Send(payload=(first, *_)):
                found = self.flow.addresses.of(first.value, first.path, first.context)
            case Load(value=value, at=at) if value is not None:
                found = self.flow.addresses.of(value, at.path, at.context)
            case _:
                return "unknown"
        return self.parties.of_url(found[0].base) if found else "unknown"

    def denied_by_default(self, effect: Effect) -> bool:
        """Whether a consent API on the page denies the effect's purposes before any choice."""
        if any(isinstance(step, Gate) and step.tag == "noscript" for step in effect.at.way):
            # Where scripts do not run, no consent API of a script says anything.
            return False
        purposes = self.purposes(effect)
        vendor = getattr(effect, "vendor", None)
        # What a tag manager starts is not known, so all of its purposes have to be denied.
        manages = vendor is not None and vendor.category == "tag-manager"
        wanted = set(purposes if manages else _strictest(purposes)) - {"necessary", "unknown"}
        pages = self.pages_of(effect)
        if not wanted or not pages:
            return False
        return all(wanted <= self._denied_before(effect, page) for page in pages)

    def _denied_before(self, effect: Effect, page: Page) -> frozenset[str]:
        """What is denied on a page before an effect happens, in the order of its files."""
        found: set[str] = set()
        vendor: Vendor | None = getattr(effect, "vendor", None)
        for path in page.files:
            here = path == effect.at.span.path
            for other in self.effects.get(path, ()):
                if here and other.at.span.start >= effect.at.span.start:
                    break
                if isinstance(other, Declare) and other.says == "denied":
                    found |= other.denied
                    if vendor is not None and other.vendor is vendor:
                        found |= set(vendor.purposes)
            if here:
                break
        return frozenset(found)


__all__ = ["Scene", "kind_of"]
