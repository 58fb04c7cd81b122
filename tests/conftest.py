"""What tests of every folder share: the option that remakes golden files, a cache of their own."""

from __future__ import annotations

import os
from tempfile import TemporaryDirectory

import pytest

_CACHE = "GDPRLINT_CACHE_DIR"
_HELD = pytest.StashKey[tuple[TemporaryDirectory[str], str | None]]()


def pytest_addoption(parser: pytest.Parser) -> None:
    """`pytest --update` writes golden files anew; the difference is for a person to read."""
    parser.addoption("--update", action="store_true", default=False, help="write golden files anew")


def pytest_configure(config: pytest.Config) -> None:
    """No test reads or fills the cache of whoever runs it, not even while tests are collected."""
    folder = TemporaryDirectory(prefix="gdprlint-tests-")
    config.stash[_HELD] = (folder, os.environ.get(_CACHE))
    os.environ[_CACHE] = folder.name


def pytest_unconfigure(config: pytest.Config) -> None:
    """Put back what was there."""
    folder, before = config.stash[_HELD]
    if before is None:
        os.environ.pop(_CACHE, None)
    else:
        os.environ[_CACHE] = before
    folder.cleanup()
