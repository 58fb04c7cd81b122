"""What does JavaScript, JSX, TypeScript or TSX say?"""

from __future__ import annotations

from gdprlint.languages.javascript.read import read

__all__ = ["VERSION", "read"]

VERSION = 21
