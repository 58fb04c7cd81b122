"""The readers' versions, which key the cache."""

from __future__ import annotations

from gdprlint import languages
from gdprlint.languages import css, html, javascript, python, templates


def test_the_version_in_the_cache_key_is_that_of_the_rooms() -> None:
    rooms = (css, html, javascript, python, templates)
    assert ".".join(str(room.VERSION) for room in rooms) == languages.READER_VERSION
