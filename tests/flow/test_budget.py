"""What is cut is told: as a possible finding by the name it goes by, else as a place that is not
settled."""

from __future__ import annotations

import re

from gdprlint.facts import Name
from gdprlint.findings import Confidence, Report
from gdprlint.flow.budget import Budget, Memo
from gdprlint.rules.page import Example
from gdprlint.testing import report_of

_SINK = 'gtag("event", "sent", { kind: %s });\n'


def _report(script: str) -> Report:
    case = Example("", "", (("script.js", script),), ())
    return report_of(case, select=("disclosure",))


def _chain(first: str, length: int) -> str:
    lines = [f"const step0 = keep({first});"]
    lines.extend(f"const step{i} = keep(step{i - 1});" for i in range(1, length))
    return "\n".join([*lines, _SINK % f"step{length - 1}"])


def _not_settled(report: Report) -> list[int]:
    places = [s.span for s in report.unread if not s.settled and s.span is not None]
    return [report.sources[span.path].position(span.start).line for span in places]


def test_a_short_chain_is_followed_to_its_end() -> None:
    report = _report(_chain("form.visit_reason.value", 5))
    assert [f.confidence for f in report.findings] == [Confidence.CERTAIN]
    assert _not_settled(report) == []


def test_a_chain_that_is_too_long_is_said_not_to_be_settled() -> None:
    report = _report(_chain("form.visit_reason.value", 60))
    assert report.findings == ()
    assert _not_settled(report) == [61]


def test_a_telling_name_where_the_chain_is_cut_makes_the_finding_possible() -> None:
    chain = _chain("page.shown", 40)
    told = [
        f.confidence
        for i in range(20, 30)
        for f in _report(re.sub(rf"\bstep{i}\b", "diagnosis", chain)).findings
    ]
    assert Confidence.POSSIBLE in told


def test_a_page_of_constants_is_settled() -> None:
    assert _not_settled(_report(_chain('"visit"', 5))) == []


def _wrapper(calls: int) -> str:
    lines = ["function sent(kind) {", f"  {_SINK % 'kind'}}}"]
    lines.extend(f'sent("visit {i}");' for i in range(calls - 1))
    return "\n".join([*lines, "sent(form.visit_reason.value);"])


def test_the_thirtieth_call_of_a_wrapper_is_looked_at() -> None:
    assert len(_report(_wrapper(30)).findings) == 1


def test_a_wrapper_that_is_called_too_often_is_said_not_to_be_settled() -> None:
    report = _report(_wrapper(120))
    assert _not_settled(report) == [2]


def test_an_answer_for_which_few_steps_were_left_is_asked_again() -> None:
    budget = Budget()
    memo: Memo[str, str] = {}
    value = (Name("a"), "script.js")

    def ask(key: str, inner: str) -> str:
        def work() -> str:
            return ask(inner, "") if inner else "found"

        return budget.asked(memo, key, work, "nothing", of=value, most=1)

    assert ask("outer", "inner") == "nothing"
    assert budget.cuts > 0
    assert ask("inner", "") == "found"


def test_an_answer_that_rests_on_a_cut_one_is_cut() -> None:
    budget = Budget()
    memo: Memo[str, str] = {}
    value = (Name("a"), "script.js")

    def cut() -> str:
        budget.cut()
        return "some"

    assert budget.asked(memo, "inner", cut, "", of=value) == "some"
    before = budget.cuts
    assert budget.asked(memo, "inner", cut, "", of=value) == "some"
    assert budget.cuts > before
