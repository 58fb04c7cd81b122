"""For code scanning: SARIF 2.1.0 as GitHub reads it. The only user of sarif_om.

The log holds no time, no absolute path and nothing random, so that two runs are byte-equal.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, TypeAlias, TypeGuard
from urllib.parse import quote
from uuid import NAMESPACE_URL, uuid5

import attr
import sarif_om as om

from gdprlint.findings import (
    Confidence,
    Finding,
    Fix,
    Flow,
    FlowStep,
    LawInfo,
    Level,
    Report,
    RuleInfo,
    Taxonomy,
)
from gdprlint.findings.identity import fingerprints, line_hashes
from gdprlint.reporters import Manner, Tool
from gdprlint.reporters.places import (
    Place,
    counted,
    exact_place,
    in_utf16,
    place,
    sentence,
    utf16_place,
)
from gdprlint.reporters.properties import properties
from gdprlint.source import Span

__all__ = ["render"]

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"

# GitHub rejects a file with more results, texts or steps than these, and keeps ten tags of a rule.
_MOST_RESULTS = 25_000
_MOST_STEPS = 1_000
_MOST_RELATED = 100
_MOST_TAGS = 10
_LONGEST_DESCRIPTION = 1_024
_MOST_NOTIFICATIONS = 1_000
_MOST_LINKS = 3

_Spot: TypeAlias = tuple[str, str, str]
"""Rule, path and hash of the line."""

_IMPORTANCE = {"source": "essential", "sink": "essential", "guard": "unimportant"}
_SEVERITY = {Level.ERROR: "error", Level.WARNING: "warning", Level.NOTE: "recommendation"}


def render(report: Report, *, tool: Tool, manner: Manner) -> str:
    """The log of one run, with every enabled rule, fired or not, and `results` even if empty."""
    log = om.SarifLog(version="2.1.0", schema_uri=_SCHEMA, runs=[_run(report, tool, manner)])
    return json.dumps(_plain(log), indent=2, ensure_ascii=False) + "\n"


def _plain(value: object) -> Any:
    """An object of sarif_om as JSON has it.

    Only `None` is left out, and -1, by which the format says that a number is absent. What equals
    a default is written: a result without its level would take the level of its rule.
    """
    kind: type[Any] = type(value)
    if attr.has(kind):
        fields = attr.fields(kind)
        named = ((f.metadata["schema_property_name"], getattr(value, f.name)) for f in fields)
        return {name: _plain(v) for name, v in named if v is not None and v != -1}
    if isinstance(value, dict):
        return {name: _plain(v) for name, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value


def _run(report: Report, tool: Tool, manner: Manner) -> om.Run:
    together = _together(manner.shown(report), report)
    return om.Run(
        tool=om.Tool(driver=_driver(report, tool)),
        invocations=[
            om.Invocation(
                execution_successful=True,
                tool_execution_notifications=list(_notifications(report, len(together))),
            )
        ],
        original_uri_base_ids={
            "%SRCROOT%": om.ArtifactLocation(
                description=om.Message(text="The root of the project that was read.")
            )
        },
        taxonomies=[_taxonomy(act, report.laws) for act in _acts(report)],
        column_kind="utf16CodeUnits",
        newline_sequences=["\r\n", "\n", "\r"],
        results=_results(report, together, manner),
    )


def _acts(report: Report) -> list[Taxonomy]:
    """The acts of which an article is cited; the validator takes an empty taxonomy for a fault."""
    cited = {law.act for law in report.laws}
    return [act for act in report.acts if act.id in cited]


def _driver(report: Report, tool: Tool) -> om.ToolComponent:
    return om.ToolComponent(
        name=tool.name,
        version=tool.version,
        semantic_version=_semantic(tool.version),
        information_uri=tool.address,
        contents=None,
        language="en-US",
        rules=[_rule(rule, report, tool) for rule in report.rules],
        notifications=[_unread_descriptor(tool), _cut_descriptor(tool)],
        supported_taxonomies=[_component(act) for act in _acts(report)],
    )


def _semantic(version: str) -> str:
    """A version of PEP 440 as semantic versioning spells it: `0.2.0rc1` is `0.2.0-rc.1`."""
    found = re.fullmatch(r"(\d+(?:\.\d+)*)(?:\.?(a|b|rc|dev)(\d+))?(?:\+(.+))?.*", version)
    if found is None:
        return version
    numbers = [*found[1].split("."), "0", "0"][:3]
    stage = {"a": "alpha", "b": "beta"}.get(found[2], found[2])
    return ".".join(numbers) + (f"-{stage}.{found[3]}" if stage else "")


def _rule(rule: RuleInfo, report: Report, tool: Tool) -> om.ReportingDescriptor:
    security = ["security"] if rule.security else []
    tags = list(dict.fromkeys([*security, rule.theme, *rule.tags]))[:_MOST_TAGS]
    told = {
        "tags": tags,
        "precision": rule.precision,
        "problem.severity": _SEVERITY[rule.level],
    }
    if rule.security:
        told["security-severity"] = rule.security
    taxa = [target for id_ in rule.law for target in _taxon_references(id_, report)]
    return om.ReportingDescriptor(
        id=rule.id,
        name="".join(part.capitalize() for part in re.split(r"[^A-Za-z0-9]+", rule.id)),
        short_description=om.MultiformatMessageString(text=_short(sentence(rule.title))),
        full_description=om.MultiformatMessageString(
            text=_short(_unmarked(rule.summary) or sentence(rule.title))
        ),
        help=om.MultiformatMessageString(
            text=_unmarked(rule.page) or sentence(rule.help or rule.title),
            markdown=rule.page or None,
        ),
        help_uri=f"{tool.address}/blob/main/rulesets/{rule.theme}/{rule.id}.md",
        default_configuration=om.ReportingConfiguration(level=rule.level.value),
        relationships=[
            om.ReportingDescriptorRelationship(target=target, kinds=["relevant"]) for target in taxa
        ]
        or None,
        properties=told,
    )


def _short(text: str) -> str:
    """A description within GitHub's limit."""
    return text if len(text) <= _LONGEST_DESCRIPTION else text[: _LONGEST_DESCRIPTION - 1] + "…"


def _unmarked(markdown: str) -> str:
    """Markdown as plain text: no marks of headings, code and emphasis; links by their words."""
    text = re.sub(r"^(?:#+ +|(?:```|~~~).*\n?)", "", markdown, flags=re.MULTILINE)
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", text)
    text = re.sub(r"\*\*([^*\n]+)\*\*", r"\1", text)
    return re.sub(r"`([^`\n]+)`", r"\1", text).strip()


def _guid(address: str) -> str:
    return str(uuid5(NAMESPACE_URL, address))


def _taxonomy(act: Taxonomy, laws: Sequence[LawInfo]) -> om.ToolComponent:
    return om.ToolComponent(
        name=act.name,
        guid=_guid(act.address),
        full_name=act.full_name,
        organization=act.organization,
        release_date_utc=act.released,
        information_uri=act.address,
        is_comprehensive=False,
        contents=None,
        language="en-US",
        short_description=om.MultiformatMessageString(text=sentence(act.full_name)),
        taxa=[_taxon(law, act) for law in laws if law.act == act.id],
    )


def _taxon(law: LawInfo, act: Taxonomy) -> om.ReportingDescriptor:
    return om.ReportingDescriptor(
        id=law.taxon,
        guid=_taxon_guid(law, act),
        name=law.title,
        short_description=om.MultiformatMessageString(text=sentence(law.title)),
        full_description=om.MultiformatMessageString(text=sentence(law.summary or law.title)),
        help_uri=law.address,
    )


def _taxon_guid(law: LawInfo, act: Taxonomy) -> str:
    return _guid(f"{act.address}#{law.taxon}")


def _component(act: Taxonomy) -> om.ToolComponentReference:
    # By guid and not by index, which is for the tool's extensions only (3.54.4).
    return om.ToolComponentReference(name=act.name, guid=_guid(act.address))


def _taxon_references(id_: str, report: Report) -> Iterator[om.ReportingDescriptorReference]:
    """The reference to an article; none where the report does not know the article or its act."""
    for law in report.laws:
        for act in report.acts:
            if law.id == id_ and law.act == act.id:
                yield om.ReportingDescriptorReference(
                    id=law.taxon, guid=_taxon_guid(law, act), tool_component=_component(act)
                )


def _together(shown: Sequence[Finding], report: Report) -> dict[_Spot, list[Finding]]:
    """The findings that make one result each, in the report's order.

    GitHub knows an alert by rule, file and line hash, so what shares these is one result.
    """
    hashes = _hashes(report, shown)
    together: dict[_Spot, list[Finding]] = {}
    for finding in shown:
        line = place(finding.span, report.sources).line
        spot = (finding.rule, finding.span.path, hashes.get((finding.span.path, line), ""))
        together.setdefault(spot, []).append(finding)
    return together


def _results(
    report: Report, together: Mapping[_Spot, Sequence[Finding]], manner: Manner
) -> list[om.Result]:
    """The results in the report's order; of more than GitHub takes, the gravest."""
    own = dict(zip(map(id, report.findings), fingerprints(report.findings), strict=True))
    indices = {rule.id: number for number, rule in enumerate(report.rules)}
    gravest = sorted(together, key=lambda spot: -_gravest(together[spot]).level.rank)
    kept = set(gravest[:_MOST_RESULTS])
    results = []
    for spot, findings in together.items():
        if spot in kept:
            rule, _, digest = spot
            prints = {"primaryLocationLineHash": digest} if digest else {}
            prints["gdprlint/v1"] = own[id(findings[0])]
            index = indices.get(rule, -1)
            results.append(_result(findings, report, manner, index=index, prints=prints))
    return results


def _gravest(findings: Sequence[Finding]) -> Finding:
    return max(findings, key=lambda finding: finding.level.rank)


def _hashes(report: Report, shown: Iterable[Finding]) -> dict[tuple[str, int], str]:
    """GitHub's hash of each line on which a finding starts, by path and line."""
    lines: dict[str, set[int]] = {}
    for finding in shown:
        if finding.span.path in report.sources:
            line = place(finding.span, report.sources).line
            lines.setdefault(finding.span.path, set()).add(line)
    return {
        (path, line): digest
        for path, wanted in lines.items()
        for line, digest in line_hashes(report.sources[path].text, wanted).items()
    }


def _result(
    findings: Sequence[Finding],
    report: Report,
    manner: Manner,
    *,
    index: int,
    prints: dict[str, str],
) -> om.Result:
    """One result for the findings of one rule on one line.

    The first gives message and place; the others' places, roads and properties are added.
    """
    first, *others = findings
    related = list(islice(_related(findings, report), _MOST_RELATED))
    told = properties(first)
    if others:
        told["alsoHere"] = [properties(finding) for finding in others]
    law = dict.fromkeys(id_ for finding in findings for id_ in finding.law)
    taxa = [target for id_ in law for target in _taxon_references(id_, report)]
    flows = list(_code_flows([flow for each in findings for flow in each.flows], report))
    fixes = [_fix(each.fix, report) for each in findings if _is_offered(each.fix, manner)]
    return om.Result(
        rule_id=first.rule,
        rule_index=index,
        kind=None,
        level=_gravest(findings).level.value,
        message=om.Message(text=_message(findings, related)),
        locations=[_location(first.span, report)],
        related_locations=related or None,
        code_flows=flows or None,
        partial_fingerprints=prints,
        taxa=taxa or None,
        fixes=fixes or None,
        properties=told,
    )


def _is_offered(fix: Fix | None, manner: Manner) -> TypeGuard[Fix]:
    """Whether a program may make a fix by itself."""
    return fix is not None and bool(fix.edits) and (fix.safe or manner.unsafe)


def _fix(fix: Fix, report: Report) -> om.Fix:
    """The edits, file by file."""
    changes: dict[str, list[om.Replacement]] = {}
    for edit in sorted(fix.edits, key=lambda edit: (edit.span.path, edit.span.start)):
        text = om.ArtifactContent(text=edit.text)
        found = exact_place(edit.span, report.sources)
        region = _region(in_utf16(found, report.sources.get(edit.span.path)))
        replacement = om.Replacement(deleted_region=region, inserted_content=text)
        changes.setdefault(edit.span.path, []).append(replacement)
    said = fix.says[:1].upper() + fix.says[1:]
    return om.Fix(
        description=om.Message(text=sentence(said)),
        artifact_changes=[
            om.ArtifactChange(artifact_location=_artifact(path), replacements=replacements)
            for path, replacements in changes.items()
        ],
    )


def _message(findings: Sequence[Finding], related: Sequence[om.Location]) -> str:
    """The first finding's sentences, and links to related places, which GitHub then shows."""
    first, *others = findings
    parts = [_escaped(sentence(" ".join(first.message.split())))]
    if first.confidence is Confidence.POSSIBLE:
        parts.append("This is possible and not certain.")
    if others:
        more = counted(len(others), "more finding")
        parts.append(f"There {'is' if len(others) == 1 else 'are'} {more} of this rule here.")
    links = ", ".join(f"[{_linkable(x.message.text)}]({x.id})" for x in related[:_MOST_LINKS])
    if links:
        parts.append(f"See {links}.")
    return " ".join(parts)


def _escaped(text: str) -> str:
    """Text in which brackets make no link (3.11.6)."""
    return re.sub(r"([\\\[\]])", r"\\\1", text) if "](" in text else text


def _linkable(text: str) -> str:
    return re.sub(r"([\\\[\]])", r"\\\1", text.rstrip("."))


def _related(findings: Sequence[Finding], report: Report) -> Iterator[om.Location]:
    """Places that explain the findings, and those of all but the first, with ids from 1."""
    first, *others = findings
    wanted = [(related.span, related.text) for each in findings for related in each.related]
    wanted += [(each.span, each.message) for each in others if each.span != first.span]
    for number, (span, text) in enumerate(dict.fromkeys(wanted), start=1):
        location = _location(span, report)
        location.id = number
        location.message = om.Message(text=" ".join(text.split()))
        yield location


def _code_flows(flows: Sequence[Flow], report: Report) -> Iterator[om.CodeFlow]:
    """The roads, as many of them as have no more steps together than GitHub shows."""
    steps = 0
    for flow in dict.fromkeys(flows):
        steps += len(flow.steps)
        if flow.steps and steps <= _MOST_STEPS:
            locations = [_thread_flow_location(step, report) for step in flow.steps]
            yield om.CodeFlow(thread_flows=[om.ThreadFlow(locations=locations)])


def _thread_flow_location(step: FlowStep, report: Report) -> om.ThreadFlowLocation:
    location = _location(step.span, report)
    location.message = om.Message(text=sentence(" ".join(step.text.split())))
    return om.ThreadFlowLocation(
        location=location,
        kinds=[step.kind],
        importance=_IMPORTANCE.get(step.kind, "important"),
    )


def _location(span: Span, report: Report) -> om.Location:
    region = _region(utf16_place(span, report.sources))
    return om.Location(
        physical_location=om.PhysicalLocation(artifact_location=_artifact(span.path), region=region)
    )


def _region(found: Place) -> om.Region:
    return om.Region(
        start_line=found.line,
        start_column=found.column,
        end_line=found.end_line,
        end_column=found.end_column,
    )


def _artifact(path: str) -> om.ArtifactLocation:
    return om.ArtifactLocation(
        uri=quote(path.encode("utf-8", "surrogateescape"), safe="/"), uri_base_id="%SRCROOT%"
    )


def _notifications(report: Report, results: int) -> Iterator[om.Notification]:
    """What was not read, and whether results were left out."""
    for stretch in report.unread[:_MOST_NOTIFICATIONS]:
        location = om.Location(
            physical_location=om.PhysicalLocation(artifact_location=_artifact(stretch.path))
        )
        if stretch.span is not None and stretch.span.path in report.sources:
            location = _location(stretch.span, report)
        what = "This file" if stretch.span is None else "A part of this file"
        said = f"{what} was not read: {stretch.why}" if stretch.settled else stretch.why
        yield om.Notification(
            message=om.Message(text=sentence(said)),
            level="note",
            descriptor=om.ReportingDescriptorReference(id="not-read", index=0),
            locations=[location],
        )
    left = len(report.unread) - _MOST_NOTIFICATIONS
    if left > 0:
        yield om.Notification(
            message=om.Message(text=f"{left} more files or parts of files were not read."),
            level="note",
            descriptor=om.ReportingDescriptorReference(id="not-read", index=0),
        )
    if results > _MOST_RESULTS:
        yield om.Notification(
            message=om.Message(
                text=f"Of {results} results only the gravest {_MOST_RESULTS} are here."
            ),
            level="warning",
            descriptor=om.ReportingDescriptorReference(id="results-left-out", index=1),
        )


def _unread_descriptor(tool: Tool) -> om.ReportingDescriptor:
    return om.ReportingDescriptor(
        id="not-read",
        name="NotRead",
        short_description=om.MultiformatMessageString(text="A file was not read in full."),
        full_description=om.MultiformatMessageString(
            text="A file, or a part of one, could not be understood and so was not checked."
        ),
        help=om.MultiformatMessageString(
            text="Look whether the file is broken, too large or in a language that is not read."
        ),
        help_uri=tool.address,
    )


def _cut_descriptor(tool: Tool) -> om.ReportingDescriptor:
    return om.ReportingDescriptor(
        id="results-left-out",
        name="ResultsLeftOut",
        short_description=om.MultiformatMessageString(text="There are too many results."),
        full_description=om.MultiformatMessageString(
            text=f"Code scanning takes {_MOST_RESULTS} results; the gravest are in this log."
        ),
        help=om.MultiformatMessageString(
            text="Check parts of the project one by one, or start with a baseline."
        ),
        help_uri=tool.address,
    )
