"""In the apps' own files, all that was planted is found, no twin is flagged, nothing else is said.

The starters' files and the builds are left to `run.py`, which needs npm.
"""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest
from planted import App, apps, checked, markers, of_source


@pytest.mark.parametrize("app", apps(), ids=lambda a: a.name)
def test_what_was_planted_is_found_and_nothing_else(app: App, tmp_path: Path) -> None:
    shutil.copytree(app.folder, tmp_path, dirs_exist_ok=True)
    for path, text in app.alone.items():
        (tmp_path / path).write_text(text, encoding="utf-8")
    verdict = of_source(markers(app.folder), checked(tmp_path))
    assert (verdict.missed, verdict.flagged, verdict.more) == ((), (), ())


@pytest.mark.parametrize("app", apps(), ids=lambda a: a.name)
def test_each_of_three_flows_has_a_twin(app: App) -> None:
    said = markers(app.folder)
    for kind in ("planted", "clean"):
        assert {marker.flow for marker in said if marker.kind == kind} == {"1", "2", "3"}
