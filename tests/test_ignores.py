"""What a person has put aside, with a reason, and what was put aside in vain."""

from __future__ import annotations

import re
from datetime import date

import pytest

from gdprlint.findings import Confidence, Finding, Level, Properties
from gdprlint.findings.ignores import (
    Problem,
    Remark,
    Silenced,
    StandingIgnore,
    path_matches,
    silence,
    silence_by_settings,
)
from gdprlint.source import Source, Span

KNOWN = frozenset({"remote-font", "tracking-pixel"})
COMMENT = re.compile(r"<!--(.*?)-->|/\*(.*?)\*/|(?<!:)//([^\n]*)|\{#(.*?)#\}", re.DOTALL)


def _finding(text: str, part: str = "FOUND", rule: str = "remote-font") -> Finding:
    start = text.index(part)
    return Finding(
        rule=rule,
        level=Level.WARNING,
        confidence=Confidence.CERTAIN,
        message="it is there",
        span=Span("a.html", start, start + len(part)),
        properties=Properties(theme="transfer", effect="load"),
    )


def _remarks(text: str) -> tuple[Remark, ...]:
    return tuple(
        (found[found.lastindex or 0], Span("a.html", found.start(), found.end()))
        for found in COMMENT.finditer(text)
    )


def _silence(
    text: str, *findings: Finding, ran: frozenset[str] = KNOWN, known: frozenset[str] = KNOWN
) -> Silenced:
    return silence(
        findings or (_finding(text),),
        remarks={"a.html": _remarks(text)},
        sources={"a.html": Source("a.html", text)},
        ran=ran,
        known=known,
    )


SILENCED = {
    "at_the_line_s_end": "FOUND <!-- gdprlint: ignore[remote-font]: why -->\n",
    "on_the_line_before": "<!-- gdprlint: ignore[remote-font]: why -->\nFOUND\n",
    "on_the_line_before_with_indentation": "\t// gdprlint: ignore[remote-font]: why\r\n\tFOUND\r\n",
    "with_an_empty_line_between": "// gdprlint: ignore[remote-font]: why\n\n  FOUND\n",
    "with_another_comment_between": "// gdprlint: ignore[remote-font]: why\n// more\nFOUND\n",
    "in_jsx": "{/* gdprlint: ignore[remote-font]: why */}\nFOUND",
    "in_a_template": "{# gdprlint: ignore[remote-font]: why #}\nFOUND",
    "that_survives_minifying": "/*! gdprlint: ignore[remote-font]: why */\nFOUND",
    "among_others": "FOUND // gdprlint: ignore[tracking-pixel, remote-font]: why",
    "of_the_next_line": "x(); // gdprlint: ignore-next-line[remote-font]: why\nFOUND",
    "of_the_file": "FOUND\n\n\n<!-- gdprlint: ignore-file[remote-font]: why -->",
    "in_a_block_of_lines": "/*\n * gdprlint: ignore[remote-font]: why\n */\nFOUND",
    "after_a_mark_of_byte_order": "\ufeff// gdprlint: ignore[remote-font]: why\nFOUND",
}


@pytest.mark.parametrize("text", SILENCED.values(), ids=SILENCED)
def test_a_comment_puts_a_finding_aside(text: str) -> None:
    outcome = _silence(text)
    assert [reason for _, reason in outcome.ignored] == ["why"]
    assert outcome.kept == ()


NOT_SILENCED = {
    "two_lines_before": "// gdprlint: ignore[remote-font]: why\nx();\nFOUND",
    "at_the_end_of_the_line_before": "x(); // gdprlint: ignore[remote-font]: why\nFOUND",
    "on_the_line_after": "FOUND\n// gdprlint: ignore[remote-font]: why\n",
    "of_another_rule": "FOUND // gdprlint: ignore[tracking-pixel]: why",
    "without_a_reason": "FOUND // gdprlint: ignore[remote-font]",
    "with_an_empty_reason": "FOUND // gdprlint: ignore[remote-font]: --",
    "without_a_rule": "FOUND // gdprlint: ignore: why",
    "that_only_speaks_of_it": "FOUND // write gdprlint: ignore[remote-font]: why",
    "before_code_on_its_line": "/* gdprlint: ignore[remote-font]: why */ x();\nFOUND",
    "that_is_no_comment": "FOUND 'gdprlint: ignore[remote-font]: why'",
}


@pytest.mark.parametrize("text", NOT_SILENCED.values(), ids=NOT_SILENCED)
def test_a_comment_does_not_put_a_finding_aside(text: str) -> None:
    assert _silence(text).ignored == ()


@pytest.mark.parametrize("line", [1, 2, 3])
def test_a_finding_of_several_lines_is_covered_by_a_comment_on_any_of_them(line: int) -> None:
    lines = ["FOUND(", "a,", "b)END"]
    lines[line - 1] += " // gdprlint: ignore[remote-font]: why"
    text = "\n".join(lines)
    found = text[: text.index("END") + 3]
    assert len(_silence(text, _finding(text, found)).ignored) == 1


def _problems(text: str, **more: frozenset[str]) -> list[tuple[str, str]]:
    return [(problem.kind, problem.text) for problem in _silence(text, **more).problems]


def test_a_missing_reason_is_a_problem() -> None:
    assert _problems("FOUND // gdprlint: ignore[remote-font]") == [
        ("missing-reason", "remote-font")
    ]


def test_an_unknown_rule_is_a_problem() -> None:
    assert _problems("FOUND // gdprlint: ignore[remote-fond, remote-font]: why") == [
        ("unknown-rule", "remote-fond")
    ]


def test_an_ignore_of_no_rule_is_a_problem() -> None:
    assert ("unknown-rule", "") in _problems("FOUND // gdprlint: ignore: why")


def test_an_unused_ignore_is_a_problem() -> None:
    assert _problems("FOUND // gdprlint: ignore[remote-font, tracking-pixel]: why") == [
        ("unused", "tracking-pixel")
    ]


def test_an_ignore_of_a_rule_that_did_not_run_is_no_problem() -> None:
    text = "FOUND // gdprlint: ignore[remote-font, tracking-pixel]: why"
    assert _problems(text, ran=frozenset({"remote-font"})) == []


def test_a_problem_lies_at_its_comment() -> None:
    text = "FOUND // gdprlint: ignore[remote-font]"
    assert _silence(text).problems == (
        Problem("missing-reason", Span("a.html", 6, len(text)), "remote-font"),
    )


def test_two_ignores_in_one_comment_both_hold() -> None:
    text = (
        "/* gdprlint: ignore[remote-font]: one\n   gdprlint: ignore[tracking-pixel]: two */\nFOUND"
    )
    pixel = _finding(text, rule="tracking-pixel")
    outcome = _silence(text, _finding(text), pixel)
    assert [reason for _, reason in outcome.ignored] == ["one", "two"]
    assert outcome.problems == ()


def test_a_finding_in_a_file_without_comments_stays() -> None:
    finding = _finding("FOUND")
    outcome = silence([finding], remarks={}, sources={}, ran=KNOWN, known=KNOWN)
    assert outcome.kept == (finding,)


TODAY = date(2026, 11, 21)


def _standing(path: str = "a.html", rule: str = "remote-font", expires: date | None = None):
    return StandingIgnore(rule=rule, path=path, reason="agreed", expires=expires)


def test_the_settings_put_a_finding_aside() -> None:
    outcome = silence_by_settings([_finding("FOUND")], [_standing()], today=TODAY)
    assert [reason for _, reason in outcome.ignored] == ["agreed"]


def test_an_ignore_holds_on_its_last_day() -> None:
    standing = _standing(expires=TODAY)
    outcome = silence_by_settings([_finding("FOUND")], [standing], today=TODAY)
    assert (len(outcome.ignored), outcome.expired) == (1, ())


def test_an_expired_ignore_does_nothing_and_is_told() -> None:
    standing = _standing(expires=date(2026, 11, 20))
    outcome = silence_by_settings([_finding("FOUND")], [standing], today=TODAY)
    assert (len(outcome.kept), outcome.expired, outcome.unused) == (1, (standing,), ())


def test_an_ignore_of_no_finding_is_told() -> None:
    standing = _standing(rule="tracking-pixel")
    outcome = silence_by_settings([_finding("FOUND")], [standing], today=TODAY)
    assert outcome.unused == (standing,)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("dist/app.js", "dist/"),
        ("dist/app.js", "dist"),
        ("a/dist/app.js", "dist/"),
        ("a/b/c.js", "*.js"),
        ("a/b/c.js", "a/**/c.js"),
        ("a/c.js", "a/**/c.js"),
        ("a/b/c.js", "**/c.js"),
        ("a/b/c.js", "a/**"),
        ("c.js", "/c.js"),
        ("a/x[1].js", "a/x[1].js"),
        ("a/b.js", "a/?.js"),
    ],
)
def test_a_path_lies_under_a_pattern(path: str, pattern: str) -> None:
    assert path_matches(path, pattern)


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("a/c.js", "/c.js"),
        ("a/b/c.js", "a/*.js"),
        ("distant/app.js", "dist"),
        ("b/a/c.js", "a/c.js"),
        ("dist", "dist/"),
    ],
)
def test_a_path_does_not_lie_under_a_pattern(path: str, pattern: str) -> None:
    assert not path_matches(path, pattern)
