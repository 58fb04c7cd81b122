"""Does a page hold what it promises? Runs the examples of rule pages, ours and those of users.

Every finding must be expected and every expectation found, with all rules of the strictest profile
on, notes and possible findings included.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from gdprlint import api
from gdprlint.errors import GdprlintError
from gdprlint.findings import Confidence, Finding, Report
from gdprlint.rules import read_page
from gdprlint.rules.page import Example, Expectation

_PROFILE = ("strict",)


@dataclass(frozen=True, slots=True)
class Result:
    """Whether one example holds; `message` says what was found and not expected, or missing."""

    name: str
    passed: bool
    message: str = ""


def run(directory: Path) -> Iterator[Result]:
    """Every example of every page below `directory`."""
    shipped = {path.resolve() for path in (api_shipped(),)}
    more = () if directory.resolve() in shipped else (directory,)
    for page in sorted(directory.rglob("*.md")):
        text = page.read_text(encoding="utf-8")
        for example in read_page(text).examples:
            name = f"{page.relative_to(directory).with_suffix('').as_posix()}: {example.name}"
            yield run_example(example, name, rulesets=more)


def api_shipped() -> Path:
    """The folder of the shipped ruleset."""
    from gdprlint.knowledge import shipped

    return shipped()


def run_example(
    example: Example,
    name: str,
    *,
    rulesets: tuple[Path, ...] = (),
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
) -> Result:
    """One example, in a folder of its own; `select` names the rules or themes that speak, `ignore`
    those of them that do not."""
    try:
        report = report_of(example, rulesets=rulesets, select=select, ignore=ignore)
    except GdprlintError as error:
        return Result(name, False, str(error))
    return _compared(name, example, report)


def report_of(
    example: Example,
    *,
    rulesets: tuple[Path, ...] = (),
    select: tuple[str, ...] = (),
    ignore: tuple[str, ...] = (),
) -> Report:
    """What the strictest profile says of the files of an example, in a folder of their own."""
    with TemporaryDirectory(prefix="gdprlint-") as folder:
        root = Path(folder)
        for path, text in example.files:
            file = root / path
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_text(text, encoding="utf-8")
        options = api.Options(
            profile=_PROFILE,
            min_confidence=Confidence.POSSIBLE,
            root=root,
            rulesets=tuple(r for r in rulesets if (r / "profiles").exists() or any(r.iterdir())),
            cache=False,
            select=select,
            ignore=ignore,
        )
        return api.check([root], options=options)


def _compared(name: str, example: Example, report: Report) -> Result:
    left = list(example.expected)
    # An error of gdprlint's own hides no other file, and no example may pass by it.
    wrong = [warning for warning in report.warnings if "please report it" in warning]
    for finding in report.findings:
        line = report.sources[finding.span.path].position(finding.span.start).line
        last = (
            report.sources[finding.span.path]
            .position(max(finding.span.start, finding.span.end - 1))
            .line
        )
        match = next((e for e in left if _fits(e, finding, line, last)), None)
        if match is None:
            kind = "possible " if finding.confidence is Confidence.POSSIBLE else ""
            wrong.append(
                f"{finding.span.path}:{line}: {kind}{finding.rule} was not expected "
                f"({finding.message})"
            )
        else:
            left.remove(match)
    wrong.extend(
        f"{e.path}:{e.line}: {e.rule} was expected{' as possible' if e.maybe else ''}" for e in left
    )
    return Result(name, not wrong, "; ".join(wrong))


def _fits(expected: Expectation, finding: Finding, line: int, last: int) -> bool:
    return (
        expected.rule == finding.rule
        and expected.path == finding.span.path
        and line <= expected.line <= last
        and expected.maybe == (finding.confidence is Confidence.POSSIBLE)
        and expected.part in finding.message
    )
