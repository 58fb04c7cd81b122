"""gdprlint: what pages send about a visitor, to whom, and with whose consent."""

__version__ = "0.1.0"
