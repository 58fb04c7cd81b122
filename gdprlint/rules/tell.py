"""From an effect that is a rule's to a finding: its place, its flows, its properties, its words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from gdprlint.effects import Answer, Load, Send, Store, kind_of
from gdprlint.effects.parts import Datum
from gdprlint.effects.scene import Scene
from gdprlint.findings import Confidence, Finding, Flow, FlowStep, Level, Properties, Related
from gdprlint.flow import GAP
from gdprlint.project import Page
from gdprlint.rules.match import Matched, Matcher
from gdprlint.rules.message import fill, host_of, names_of, recipient
from gdprlint.rules.remedies import Remedies
from gdprlint.source import Span

_MOST_FLOWS = 12
_MOST_RELATED = 20


class Teller:
    """Makes findings."""

    def __init__(self, scene: Scene, matcher: Matcher) -> None:
        self.scene = scene
        self.matcher = matcher
        self.remedies = Remedies(scene, matcher)

    def finding(self, group: list[Matched], theme: str, level: str) -> Finding:
        """One finding for effects that a rule tells as one; the first of them is shown."""
        matched = group[0]
        effect = matched.effect
        by_id = {page.id: page for one in group for page in self.scene.pages_of(one.effect)}
        pages = tuple(by_id.values())
        message = fill(matched.rule.message, matched, self.scene, pages)
        for extra in matched.rule.add:
            if self.matcher.holds(extra.when, effect) is Answer.YES:
                message = f"{message}. {fill(extra.say, matched, self.scene, pages)}"
        sure = max(m.answer for m in group) is Answer.YES
        properties = self.properties(matched, theme, pages)
        return Finding(
            rule=matched.rule.id,
            level=Level(level),
            confidence=Confidence.CERTAIN if sure else Confidence.POSSIBLE,
            message=message,
            span=effect.at.span,
            properties=properties,
            flows=tuple(self.flows(matched)),
            related=tuple(self.related(group)),
            law=matched.rule.law,
            help=matched.rule.help,
            identity=_identity(properties),
            fix=self.remedies.fix(group, sure=sure),
        )

    def properties(self, matched: Matched, theme: str, pages: Sequence[Page]) -> Properties:
        """What a program needs to join the finding; names and places, never values."""
        effect = matched.effect
        vendor = getattr(effect, "vendor", None)
        told = (*matched.data, *matched.folded)
        verdict = self.scene.verdict(effect)
        seen = verdict.word
        if seen == "none" and self.scene.denied_by_default(effect):
            seen = "partial"
        purposes = self.scene.purposes(effect)
        places = tuple(dict.fromkeys(d.place for d in told))
        return Properties(
            theme=theme,
            effect=kind_of(effect),
            vendors=(vendor.id,) if vendor is not None else (),
            recipient=recipient(matched) if vendor is not None or host_of(matched) else "",
            host=host_of(matched),
            pages=tuple(page.id for page in pages),
            parameters=tuple(dict.fromkeys(d.parameter for d in told if d.parameter)),
            names=tuple(names_of(told)),
            place=places[0] if places else _place(matched),
            data=tuple(sorted({d.category for d in told if d.category})),
            purposes=tuple(p for p in purposes if p != "unknown"),
            consent_asked=tuple(p for p in purposes if p not in ("unknown", "necessary")),
            consent_seen=seen,
            key=_key(matched),
        )

    def flows(self, matched: Matched) -> Iterator[Flow]:
        """The roads of the data, one for each name and source, the most telling first.

        An effect without data has one road where a guard or a call lies on its way.
        """
        ending = tuple(self._ending(matched))
        seen: set[tuple[str, Span | None]] = set()
        count = 0
        for datum in (*matched.data, *matched.folded):
            first = datum.road.steps[0][1] if datum.road.steps else None
            if (datum.name, first) in seen or count >= _MOST_FLOWS:
                continue
            seen.add((datum.name, first))
            count += 1
            yield Flow((*self._steps(datum), *ending))
        if not count and (len(ending) > 1 or matched.effect.at.sites):
            yield Flow(ending)

    def _steps(self, datum: Datum) -> Iterator[FlowStep]:
        for kind, span, text in datum.road.steps:
            said = text
            if kind == "source" and datum.category:
                plain = self.scene.knowledge.categories[datum.category].plain
                said = f"{text}: {plain}"
            yield _step(kind, span, said)

    def _ending(self, matched: Matched) -> Iterator[FlowStep]:
        effect = matched.effect
        if isinstance(effect, Send) and effect.page is not None:
            yield from self._brought_in(effect.page, effect.at.path)
        for span, text in self.scene.verdict(effect).seen[:1]:
            yield FlowStep("guard", span, f"consent check: {text}; it does not change what is sent")
        text = f"`{effect.at.what}`"
        if isinstance(effect, Send) and effect.page is not None and effect.vendor is not None:
            parameters = dict.fromkeys(d.parameter for d in matched.data if d.parameter)
            filled = " and ".join(f"`{p}`" for p in parameters) or "its request"
            takes = "title" if matched.data and matched.data[0].place == "title" else "URL"
            text += f": the tag fills {filled} with the page's {takes} → {recipient(matched)}"
        elif getattr(effect, "vendor", None) is not None:
            text += f" → {recipient(matched)}"
        if not (isinstance(effect, Send) and effect.page is not None):
            for site in effect.at.sites[1:]:
                span = Span(site.path, site.invoke.start, max(site.invoke.start, site.invoke.end))
                yield FlowStep("propagate", span, "passes on the address")
        yield FlowStep("sink", effect.at.span, text)

    def _brought_in(self, page: Page, path: str) -> Iterator[FlowStep]:
        """Where the page brings in the file of the tracker."""
        project = self.scene.project
        if path in page.chain and path == page.path:
            return
        for file in page.files:
            for link in project.links(file, "script", "include", "import"):
                if project.target(link) != path or not page.shows(file, link.span.start):
                    continue
                via = f"{page.path} extends {file}, which" if file in page.chain[1:] else file
                yield FlowStep("page-edge", link.span, f"{via} brings in {path} on this page")
                return
        for link in project.links(page.path, "extends"):
            yield FlowStep("page-edge", link.span, f"{page.path} extends {page.chain[-1]}")
            return

    def related(self, group: list[Matched]) -> Iterator[Related]:
        """Other places of the same finding."""
        for other in group[1 : _MOST_RELATED + 1]:
            if other.effect.at.span != group[0].effect.at.span:
                yield Related(other.effect.at.span, f"also here: `{other.effect.at.what}`")


def _step(kind: str, span: Span, text: str) -> FlowStep:
    match kind:
        case "source":
            return FlowStep("source", span, text)
        case "page-edge":
            return FlowStep("page-edge", span, text)
        case _:
            return FlowStep("propagate", span, text)


def _place(matched: Matched) -> str:
    effect = matched.effect
    if isinstance(effect, Store):
        return "cookie" if effect.medium == "cookie" else "storage"
    return "url" if isinstance(effect, Load) else ""


def _key(matched: Matched) -> str:
    effect = matched.effect
    if isinstance(effect, Store):
        return effect.key.replace(GAP, "*")
    return getattr(effect, "words", "") or ""


def _identity(properties: Properties) -> str:
    parts = (
        *properties.vendors,
        properties.host,
        *properties.data,
        *properties.names,
        properties.key,
        *(properties.pages if len(properties.pages) == 1 else ()),
    )
    return "|".join(parts)
