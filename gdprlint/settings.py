"""What did the project ask for? `gdprlint.yml`, or the table `[tool.gdprlint]` of pyproject.toml.

The nearest file upward counts, alone: settings of several folders are never merged.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from hashlib import sha256
from pathlib import Path
from typing import Any

from gdprlint.errors import InputError, SettingsError
from gdprlint.yamldoc import Path as Keys
from gdprlint.yamldoc import load, typed

_NAMES = ("gdprlint.yml", "gdprlint.yaml")
_PYPROJECT = "pyproject.toml"
_NOT_WRITTEN = {"written": False}


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent:
    """How this site asks for consent: `signs` in the form that entries of consent platforms have.

    `banner` names the file that shows the site's own banner; `external` says by whom consent is
    asked where no code of the project does it.
    """

    signs: tuple[Mapping[str, object], ...] = ()
    banner: str = ""
    external: str = ""


@dataclass(frozen=True, slots=True)
class Cookies:
    """What the site says of its cookies; `essential`: globs of those it cannot do without."""

    essential: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Search:
    """Whether what visitors search for here tells of their health or other special things."""

    sensitive: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class IgnoreEntry:
    """Findings that the project has looked at and accepts: of a rule, in paths, until a day.

    No `path` means every path. After `expires` the entry ignores nothing.
    """

    rule: str
    reason: str
    path: tuple[str, ...] = ()
    expires: date | None = None

    def __post_init__(self) -> None:
        if not self.reason.strip():
            raise ValueError(f"an ignored {self.rule!r} needs a reason")


@dataclass(frozen=True, slots=True, kw_only=True)
class Commitment:
    """A public promise: what it `says` in our words, or a `quote` that must stay `in` a file."""

    id: str
    says: str = ""
    recipients: tuple[str, ...] = ()
    quote: str = ""
    in_: str = ""

    def __post_init__(self) -> None:
        if not self.says and not self.quote and not self.recipients:
            raise ValueError(
                f"the commitment {self.id!r} must have 'says', 'recipients' or 'quote'"
            )
        if bool(self.quote) != bool(self.in_):
            raise ValueError(f"the commitment {self.id!r} must have 'quote' and 'in' together")


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the project asked for; everything has a default, so that no file is needed.

    `root` is the folder that paths in the settings and in reports are relative to; `file` the file
    that the settings come from, and `digest` that of its text.
    """

    profile: tuple[str, ...] = ()
    context: tuple[str, ...] = ()
    first_party: tuple[str, ...] = ()
    processors: tuple[str, ...] = ()
    consent: Consent = Consent()
    cookies: Cookies = Cookies()
    sensitive_pages: tuple[str, ...] = ()
    search: Search = Search()
    exclude: tuple[str, ...] = ()
    ignore: tuple[IgnoreEntry, ...] = ()
    rulesets: tuple[str, ...] = ()
    commitments: tuple[Commitment, ...] = ()
    hosting: Mapping[str, object] = field(default_factory=dict)
    root: Path = field(default=Path(), metadata=_NOT_WRITTEN)
    file: Path | None = field(default=None, metadata=_NOT_WRITTEN)
    digest: str = field(default="", metadata=_NOT_WRITTEN)


def find(start: Path, *, config: Path | None = None, root: Path | None = None) -> Settings:
    """The settings for work that begins at `start`: of `config`, else of the nearest file upward.

    The root is `root`, else the folder of the settings file, else that of `.git`, else `start`.
    """
    if root is not None and not root.is_dir():
        raise InputError(f"{root}: this is no folder, so it cannot be the root")
    begin = (root or start).resolve()
    if begin.is_file():
        begin = begin.parent
    if config is not None:
        if not config.is_file():
            raise InputError(f"{config}: there is no such settings file")
        settings = read(config.resolve())
    else:
        settings = _nearest(begin)
    return settings if root is None else replace(settings, root=begin)


def _nearest(begin: Path) -> Settings:
    for folder in (begin, *begin.parents):
        for file in _candidates(folder):
            return read(file)
        if (folder / ".git").exists():
            return Settings(root=folder)
    return Settings(root=begin)


def _candidates(folder: Path) -> Iterator[Path]:
    yield from (folder / name for name in _NAMES if (folder / name).is_file())
    pyproject = folder / _PYPROJECT
    if pyproject.is_file() and _table(pyproject, _text(pyproject)) is not None:
        yield pyproject


def read(file: Path) -> Settings:
    """The settings that `file` holds, with its folder as root."""
    text, place = _text(file), _shown(file)
    if file.suffix == ".toml":
        table = _table(file, text)
        asked = typed(
            {} if table is None else table,
            Settings,
            place=place,
            document=_Toml(text),
            error=SettingsError,
        )
    else:
        document = load(text, place, error=SettingsError)
        asked = typed(document.value, Settings, place=place, document=document, error=SettingsError)
    digest = sha256(text.encode()).hexdigest()
    return replace(asked, root=file.parent, file=file, digest=digest)


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as broken:
        why = getattr(broken, "strerror", None) or "it is no UTF-8 text"
        raise SettingsError(f"{_shown(file)}: the settings cannot be read: {why}") from None


def _shown(file: Path) -> str:
    """The path as a person at this place would write it."""
    here = Path.cwd()
    return file.relative_to(here).as_posix() if file.is_relative_to(here) else str(file)


def _table(file: Path, text: str) -> object:
    """The table `[tool.gdprlint]` as a tree of strings, or None where there is none."""
    if "gdprlint" not in text:
        return None
    import tomllib

    try:
        tool = tomllib.loads(text).get("tool", {})
    except tomllib.TOMLDecodeError as broken:
        raise SettingsError(f"{_shown(file)}: this is not TOML: {broken}") from None
    table = tool.get("gdprlint") if isinstance(tool, dict) else None
    return None if table is None else _as_written(table)


def _as_written(value: Any) -> object:
    """TOML's values as the strings that YAML would have: both are typed by one means."""
    match value:
        case dict():
            return {key: _as_written(each) for key, each in value.items()}
        case list():
            return [_as_written(each) for each in value]
        case bool():
            return "true" if value else "false"
        case date():
            return value.isoformat()
        case _:
            return str(value)


@dataclass(frozen=True, slots=True)
class _Toml:
    """Finds keys of `[tool.gdprlint]` by their spelling, since tomllib tells no lines."""

    text: str

    def line(self, path: Keys = ()) -> int:
        """The first line at which the last key of `path` is written, else that of the table."""
        lines = self.text.splitlines()
        table = next((i for i, each in enumerate(lines) if "tool.gdprlint" in each), 0)
        keys = [step for step in path if isinstance(step, str)]
        for key in reversed(keys):
            written = re.compile(rf"(?:^|[\s.\[{{,\"'])({re.escape(key)})[\"']?\s*[=\]]")
            for index in range(table, len(lines)):
                if written.search(lines[index]):
                    return index + 1
        return table + 1
