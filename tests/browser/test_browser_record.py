"""The committed records are what a browser sees today."""

from pathlib import Path

import pytest
from recording import NAMES, committed_file, record


@pytest.fixture(scope="session")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One folder for both sites, so that the tools are installed once."""
    return tmp_path_factory.mktemp("browser")


@pytest.mark.external
@pytest.mark.parametrize("name", NAMES)
def test_the_record_is_what_the_browser_sees(name: str, scratch: Path) -> None:
    assert record(name, scratch) == committed_file(name).read_text(encoding="utf-8")
