"""What do style sheets bring in from elsewhere? Imports, and the addresses in `url(...)`."""

from __future__ import annotations

from gdprlint.languages.css.read import read

__all__ = ["VERSION", "read"]

VERSION = 2
