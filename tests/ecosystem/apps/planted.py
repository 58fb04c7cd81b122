"""What was planted in the apps, and what of it a check finds.

Comments in the apps' files say it, each on the line of which it speaks:

    planted 1: RULE NAME      flow 1 ends here: RULE has to speak, and to name NAME
    also 1: RULE              what is true here because of flow 1, too; it is not counted
    clean 1: NAME             the twin of flow 1, with a value that is nobody's business

In a build, places differ and comments are gone; there a rule and the name are what counts.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from gdprlint import api
from gdprlint.findings import Confidence, Finding, Report
from gdprlint.yamldoc import load, typed

HERE = Path(__file__).parent
_MARKER = re.compile(
    r"(?P<kind>planted|also|clean) (?P<flow>\d): (?P<rest>\w[\w-]*(?: (?!\*|--)[\w-]+)?)"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class App:
    """An app of the manifest. `starter` makes a folder `app`; `alone` are files by path."""

    name: str
    starter: tuple[str, ...]
    add: tuple[str, ...] = ()
    built: str
    alone: Mapping[str, str]

    @property
    def folder(self) -> Path:
        """Where our own files of the app lie."""
        return HERE / self.name


@dataclass(frozen=True, slots=True)
class Marker:
    """What a comment in an app's file says."""

    kind: Literal["planted", "also", "clean"]
    flow: str
    rule: str
    name: str
    path: str
    line: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What of the planted was found, which twins were flagged, and what else was said."""

    found: tuple[Marker, ...]
    missed: tuple[Marker, ...]
    flagged: tuple[tuple[Marker, str], ...]
    more: tuple[str, ...]


def apps() -> tuple[App, ...]:
    """The apps of the manifest, in its order."""
    place = HERE / "apps.yaml"
    document = load(place.read_text(encoding="utf-8"), str(place))
    listed = typed(document.value, Mapping[str, tuple[App, ...]], place=str(place))
    return listed["apps"]


def markers(folder: Path) -> tuple[Marker, ...]:
    """What the comments below a folder say."""
    return tuple(
        marker
        for file in sorted(path for path in folder.rglob("*") if path.is_file())
        for marker in _markers_of(file, file.relative_to(folder).as_posix())
    )


def _markers_of(file: Path, path: str) -> Iterator[Marker]:
    for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), 1):
        for match in _MARKER.finditer(line):
            words = match["rest"].split()
            match match["kind"]:
                case "clean":
                    yield Marker("clean", match["flow"], "", words[-1], path, number)
                case "also":
                    yield Marker("also", match["flow"], words[0], "", path, number)
                case _:
                    yield Marker("planted", match["flow"], words[0], words[-1], path, number)


def checked(folder: Path) -> Report:
    """All that the rules of disclosure and security say of a folder, notes and doubts included."""
    options = api.Options(
        profile=("strict",),
        select=("disclosure", "security"),
        min_confidence=Confidence.POSSIBLE,
        root=folder,
        cache=False,
    )
    return api.check([folder], options=options)


def of_source(said: tuple[Marker, ...], report: Report) -> Verdict:
    """The verdict on our files as they are written: a finding is known by its line and rule."""
    places = {id(finding): _places(finding, report) for finding in report.findings}
    found: list[Marker] = []
    expected: set[int] = set()
    for marker in said:
        for finding in report.findings:
            own = _place(finding, report)
            if finding.rule == marker.rule and own == (marker.path, marker.line):
                expected.add(id(finding))
                if marker.kind == "planted" and _settled(finding) and _names(finding, marker.name):
                    found.append(marker)
    flagged = [
        (marker, told(finding, report))
        for marker in said
        for finding in report.findings
        if marker.kind == "clean"
        and ((marker.path, marker.line) in places[id(finding)] or _carries(finding, marker.name))
    ]
    return _verdict(said, found, flagged, expected, report)


def of_build(said: tuple[Marker, ...], report: Report) -> Verdict:
    """The verdict on a build: a finding is known by its rule and the name that it gives."""
    found: list[Marker] = []
    expected: set[int] = set()
    for marker in said:
        for finding in report.findings:
            if marker.kind == "also" and finding.rule == marker.rule:
                expected.add(id(finding))
            if marker.kind == "planted" and finding.rule == marker.rule:
                if not _names(finding, marker.name):
                    continue
                expected.add(id(finding))
                if _settled(finding):
                    found.append(marker)
    flagged = [
        (marker, told(finding, report))
        for marker in said
        for finding in report.findings
        if marker.kind == "clean" and _carries(finding, marker.name)
    ]
    return _verdict(said, found, flagged, expected, report)


def _verdict(
    said: tuple[Marker, ...],
    found: list[Marker],
    flagged: list[tuple[Marker, str]],
    expected: set[int],
    report: Report,
) -> Verdict:
    planted = [marker for marker in said if marker.kind == "planted"]
    lines = {line for _, line in flagged}
    others = [told(f, report) for f in report.findings if id(f) not in expected]
    return Verdict(
        tuple(marker for marker in planted if marker in found),
        tuple(marker for marker in planted if marker not in found),
        tuple(flagged),
        tuple(line for line in others if line not in lines),
    )


def told(finding: Finding, report: Report) -> str:
    """A finding in one line."""
    path, line = _place(finding, report)
    doubt = "" if _settled(finding) else "?"
    return f"{path}:{line} {finding.rule}{doubt}: {', '.join(finding.properties.names)}"


def _settled(finding: Finding) -> bool:
    return finding.confidence is Confidence.CERTAIN


def _carries(finding: Finding, name: str) -> bool:
    return name in finding.properties.names or name == finding.properties.key


def _names(finding: Finding, name: str) -> bool:
    steps = (step.text for flow in finding.flows for step in flow.steps)
    word = re.compile(rf"\b{re.escape(name)}\b")
    return any(map(word.search, (*finding.properties.names, finding.message, *steps)))


def _place(finding: Finding, report: Report) -> tuple[str, int]:
    span = finding.span
    return span.path, report.sources[span.path].position(span.start).line


def _places(finding: Finding, report: Report) -> set[tuple[str, int]]:
    spans = [step.span for flow in finding.flows for step in flow.steps]
    there = [(s.path, report.sources[s.path].position(s.start).line) for s in spans]
    return {_place(finding, report), *there}
