"""What the tests of this folder share: the wish to remake golden files."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update` writes what is printed today into the golden files; read the difference."""
    parser.addoption("--update", action="store_true", help="remake the golden files")
