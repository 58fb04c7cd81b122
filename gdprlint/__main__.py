"""`python -m gdprlint`."""

from __future__ import annotations

from gdprlint.cli import main

if __name__ == "__main__":
    main()
