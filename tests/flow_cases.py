"""The cases of `flow/` and the forms in `rulesets/flows.md` whose scripts another parser can read,
and what is found in their files."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from transformations import Files, scripts_of

from gdprlint.knowledge import Knowledge, shipped, split
from gdprlint.rules import read_page
from gdprlint.rules.page import Example
from gdprlint.testing import report_of

_THEMES = ("disclosure", "security")
_FLOW = Path(__file__).parent / "flow"
CASES = tuple(
    example
    for path in (*sorted(_FLOW.glob("*.md")), shipped() / "flows.md")
    for example in read_page(path.read_text(encoding="utf-8")).examples
    if scripts_of(dict(example.files))
)

Fingerprint = tuple[tuple[str, ...], ...]


@cache
def lexicon() -> tuple[Knowledge, frozenset[str]]:
    """The tables, and all words by which names are understood that are no data's."""
    knowledge = Knowledge.shipped()
    vocabulary = knowledge.vocabulary
    lists = (
        *(vocabulary.owners, vocabulary.others, vocabulary.stops, vocabulary.consent),
        *(vocabulary.accept, vocabulary.refuse, vocabulary.identifiers, vocabulary.redactors),
        *(vocabulary.hashes, vocabulary.transactional, vocabulary.reading),
    )
    return knowledge, frozenset(word for words in lists for one in words for word in split(one))


@cache
def tags() -> frozenset[str]:
    """The names by which vendors' tags and what a framework hands on (`res`) are called."""
    known = lexicon()[0]
    vendors = known.vendors.values()
    rows = (*known.rows, *(row for vendor in vendors for row in vendor.calls))
    told = (*(row.called for row in rows), *(row.assigned for row in rows))
    told = (*told, *(flow.named for flow in known.flows))
    spelled = [one.split(".") for spelling in told for one in spelling.split(" or ")]
    called = {name for names in spelled for name in (names[0], *names[:-1])}
    return frozenset(called.union(*(vendor.globals for vendor in vendors)))


def tells(name: str) -> bool:
    """Whether a name is evidence by itself: a word of it is in the tables of words, or a vendor's
    tag is known by it."""
    knowledge, words = lexicon()
    return (
        bool(knowledge.lexicon.tells(name)) or not words.isdisjoint(split(name)) or name in tags()
    )


def findings(files: Files) -> Fingerprint:
    """What is found in the files, places aside."""
    case = Example("", "", tuple(files.items()), ())
    told = [
        (
            finding.rule,
            finding.properties.recipient,
            *finding.properties.vendors,
            *finding.properties.parameters,
            *finding.properties.names,
            finding.properties.place,
            *finding.properties.data,
        )
        for finding in report_of(case, select=_THEMES).findings
    ]
    return tuple(sorted(told))


@cache
def before(case: Example) -> Fingerprint:
    return findings(dict(case.files))
