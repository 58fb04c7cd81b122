"""On input that nobody wrote for us, independent parsers see what our readers see."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest
import turbohtml
from real_packages import mkdocs_site, npm_package
from syntax_oracle import CALLS, calls_of, places_of, tree_of

from gdprlint.facts import Element
from gdprlint.languages import read_file

pytestmark = pytest.mark.external

AGREEMENT = 0.99
# Packages whose files esprima can read at all; it knows neither types nor the newest syntax, and
# takes a second for each 100,000 characters.
SCRIPTS = ("tarteaucitronjs", "bootstrap", "vue", "react-dom")
LARGEST = 120_000
MOST = 1_500_000

Places = set[tuple[int, int]]


def sample(folder: Path) -> Iterator[tuple[str, str]]:
    """Scripts of a package, the smallest first, up to a size that the oracle can bear."""
    files = [path for path in folder.rglob("*") if path.suffix in {".js", ".mjs", ".cjs"}]
    total = 0
    for path in sorted(files, key=lambda path: (path.stat().st_size, path.name)):
        text = path.read_text(encoding="utf-8", errors="replace")
        total += len(text)
        if len(text) > LARGEST or total > MOST / len(SCRIPTS):
            return
        yield path.relative_to(folder).as_posix(), text


def elements_of(text: str) -> Places:
    """The places of the start tags that the oracle sees."""
    return {
        (node.source_location.start_tag.start_offset, node.source_location.start_tag.end_offset)
        for node in turbohtml.parse(text, source_locations=True).descendants
        if isinstance(node, turbohtml.Element) and node.source_location is not None
    }


def agreement(pairs: Mapping[str, tuple[Places, Places]]) -> float:
    """What both see, as a share of what either sees, over all files."""
    both = sum(len(ours & theirs) for ours, theirs in pairs.values())
    either = sum(len(ours | theirs) for ours, theirs in pairs.values())
    return both / either


def worst(pairs: Mapping[str, tuple[Places, Places]]) -> str:
    """The files with the most differences, for whoever reads a failure."""
    ranked = sorted(pairs.items(), key=lambda pair: -len(pair[1][0] ^ pair[1][1]))
    return "; ".join(f"{path}: {len(ours ^ theirs)}" for path, (ours, theirs) in ranked[:5])


def test_the_calls_in_published_packages_are_those_of_another_parser(tmp_path: Path) -> None:
    pairs: dict[str, tuple[Places, Places]] = {}
    for name in SCRIPTS:
        (tmp_path / name).mkdir()
        for path, text in sample(npm_package(name, tmp_path / name)):
            tree = tree_of(text)
            if tree is not None:
                facts = read_file(path, text).facts
                ours = set(calls_of(facts))
                pairs[f"{name}/{path}"] = (ours, places_of(tree, CALLS))
    assert len(pairs) >= 60
    assert sum(len(theirs) for _, theirs in pairs.values()) >= 5_000
    assert agreement(pairs) >= AGREEMENT, worst(pairs)


def test_the_elements_of_a_built_site_are_those_of_another_parser(tmp_path: Path) -> None:
    pairs: dict[str, tuple[Places, Places]] = {}
    for file in sorted(mkdocs_site(tmp_path).rglob("*.html")):
        text = file.read_text(encoding="utf-8")
        facts = read_file(file.name, text).facts
        ours = {(f.span.start, f.span.end) for f in facts if isinstance(f, Element)}
        pairs[str(file)] = (ours, elements_of(text))
    assert len(pairs) >= 3
    assert sum(len(theirs) for _, theirs in pairs.values()) >= 1_000
    assert agreement(pairs) >= AGREEMENT, worst(pairs)
