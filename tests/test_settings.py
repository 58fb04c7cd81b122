"""What a project can ask for, and where it is looked for."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from gdprlint.errors import InputError, SettingsError
from gdprlint.settings import Commitment, IgnoreEntry, Settings, find, read
from gdprlint.yamldoc import schema

FULL = """\
profile: strict
context: [health]
first_party: [booking.example]
processors: [payments.example]
consent:
  signs:
    - condition: site.consent.{purpose}
    - gate: {type: text/plain}
  banner: templates/banner.html
cookies: {essential: [session, csrf*]}
sensitive_pages: [/booking/*]
search: {sensitive: true}
exclude: [legacy/]
ignore:
  - {rule: email-in-url, path: old/*.html, reason: goes away, expires: 2030-01-31}
rulesets: [rules]
commitments:
  - {id: C6, says: no-advertising-trackers}
  - {id: C9, quote: Only you, in: templates/privacy.html}
hosting: {hds: true}
"""


def write(file: Path, text: str) -> Path:
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(text, encoding="utf-8")
    return file


def test_every_key_is_read(tmp_path: Path) -> None:
    settings = read(write(tmp_path / "gdprlint.yml", FULL))
    assert settings.profile == ("strict",)
    assert settings.context == ("health",)
    assert settings.first_party == ("booking.example",)
    assert settings.processors == ("payments.example",)
    assert settings.consent.signs == (
        {"condition": "site.consent.{purpose}"},
        {"gate": {"type": "text/plain"}},
    )
    assert settings.consent.banner == "templates/banner.html"
    assert settings.cookies.essential == ("session", "csrf*")
    assert settings.sensitive_pages == ("/booking/*",)
    assert settings.search.sensitive is True
    assert settings.exclude == ("legacy/",)
    assert settings.ignore == (
        IgnoreEntry(
            rule="email-in-url",
            path=("old/*.html",),
            reason="goes away",
            expires=date(2030, 1, 31),
        ),
    )
    assert settings.rulesets == ("rules",)
    assert settings.commitments == (
        Commitment(id="C6", says="no-advertising-trackers"),
        Commitment(id="C9", quote="Only you", in_="templates/privacy.html"),
    )
    assert settings.hosting == {"hds": "true"}


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "context: [a]\nexclud: [b]\n",
            ":2: the settings cannot have 'exclud'; did you mean 'exclude'?",
        ),
        (
            "first_prty: a\n",
            ":1: the settings cannot have 'first_prty'; did you mean 'first_party'?",
        ),
        ("ignore:\n  - {rule: x}\n", ":2: an ignore entry must have 'reason'"),
        ("ignore:\n  - {rule: x, reason: ' '}\n", ":2: an ignored 'x' needs a reason"),
        (
            "ignore:\n  - {rule: x, reason: y, expires: soon}\n",
            ":2: 'expires' must be a day such as 2030-12-31, not 'soon'",
        ),
        ("search: {sensitive: yes}\n", ":1: 'sensitive' must be true or false, not 'yes'"),
        (
            "commitments: [{id: C1}]\n",
            ":1: the commitment 'C1' must have 'says', 'recipients' or 'quote'",
        ),
        (
            "commitments: [{id: C1, quote: a}]\n",
            ":1: the commitment 'C1' must have 'quote' and 'in' together",
        ),
        ("- a\n", ":1: this must be a mapping, not a list"),
        ("a: [\n", ":2: this is not YAML: did not find expected node content"),
    ],
)
def test_what_cannot_be_followed_is_told_with_its_line(
    tmp_path: Path, text: str, said: str
) -> None:
    with pytest.raises(SettingsError) as caught:
        read(write(tmp_path / "gdprlint.yml", text))
    assert str(caught.value) == f"{tmp_path / 'gdprlint.yml'}{said}"


def test_settings_in_the_present_folder_are_named_shortly(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(SettingsError, match=r"^gdprlint\.yml:1: "):
        read(write(tmp_path / "gdprlint.yml", "a: 1\n"))


def test_the_nearest_file_upward_counts_alone(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\nexclude: [a]\n")
    write(tmp_path / "site" / "gdprlint.yaml", "context: [finance]\n")
    (tmp_path / "site" / "pages").mkdir()
    settings = find(tmp_path / "site" / "pages")
    assert settings.context == ("finance",)
    assert settings.exclude == ()
    assert settings.root == tmp_path / "site"
    assert settings.file == tmp_path / "site" / "gdprlint.yaml"


def test_a_file_of_its_own_comes_before_pyproject(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    write(tmp_path / "pyproject.toml", '[tool.gdprlint]\ncontext = ["finance"]\n')
    assert find(tmp_path).context == ("health",)


def test_pyproject_is_read_by_its_table(tmp_path: Path) -> None:
    text = (
        "[project]\nname = 'x'\n[tool.gdprlint]\nfirst_party = ['a.example']\nprofile = 'strict'\n"
        "search.sensitive = true\n[[tool.gdprlint.ignore]]\nrule = 'r'\nreason = 'w'\n"
        "expires = 2030-01-31\n"
    )
    write(tmp_path / "pyproject.toml", text)
    settings = find(tmp_path)
    assert settings.first_party == ("a.example",)
    assert settings.profile == ("strict",)
    assert settings.search.sensitive is True
    assert settings.ignore == (IgnoreEntry(rule="r", reason="w", expires=date(2030, 1, 31)),)


def test_a_pyproject_without_the_table_is_passed_over(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    write(tmp_path / "web" / "pyproject.toml", "[project]\nname = 'gdprlint-user'\n")
    assert find(tmp_path / "web").context == ("health",)


def test_an_unknown_key_of_pyproject_has_its_line(tmp_path: Path) -> None:
    file = write(
        tmp_path / "pyproject.toml", "[project]\nname = 'x'\n[tool.gdprlint]\nexclud = []\n"
    )
    with pytest.raises(SettingsError) as caught:
        find(tmp_path)
    assert str(caught.value) == (
        f"{file}:4: the settings cannot have 'exclud'; did you mean 'exclude'?"
    )


def test_broken_toml_that_speaks_of_us_is_an_error(tmp_path: Path) -> None:
    write(tmp_path / "pyproject.toml", "[tool.gdprlint]\nexclude = [\n")
    with pytest.raises(SettingsError, match="this is not TOML"):
        find(tmp_path)


def test_the_search_ends_at_the_repository(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    (tmp_path / "project" / ".git").mkdir(parents=True)
    (tmp_path / "project" / "src").mkdir()
    assert find(tmp_path / "project" / "src") == Settings(root=tmp_path / "project")


def test_the_folder_of_the_repository_itself_is_searched(tmp_path: Path) -> None:
    (tmp_path / ".git").mkdir()
    (tmp_path / "src").mkdir()
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    assert find(tmp_path / "src").context == ("health",)


def test_work_on_a_file_begins_in_its_folder(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    assert find(write(tmp_path / "page.html", "")).root == tmp_path


def test_a_named_settings_file_wins_and_gives_the_root(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    named = write(tmp_path / "ci" / "other.yml", "context: [finance]\n")
    settings = find(tmp_path, config=named)
    assert (settings.context, settings.root) == (("finance",), tmp_path / "ci")


def test_a_named_root_stays_the_root(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "context: [health]\n")
    (tmp_path / "web").mkdir()
    settings = find(tmp_path, root=tmp_path / "web")
    assert (settings.context, settings.root) == (("health",), tmp_path / "web")


def test_a_named_settings_file_must_exist(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no such settings file"):
        find(tmp_path, config=tmp_path / "none.yml")


def test_a_named_root_must_be_a_folder(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be the root"):
        find(tmp_path, root=tmp_path / "none")


def test_settings_that_are_no_text_are_an_error(tmp_path: Path) -> None:
    (tmp_path / "gdprlint.yml").write_bytes(b"a: \xff\n")
    with pytest.raises(SettingsError, match="it is no UTF-8 text"):
        find(tmp_path)


def test_an_empty_file_asks_for_nothing_but_is_the_root(tmp_path: Path) -> None:
    write(tmp_path / "gdprlint.yml", "")
    settings = find(tmp_path)
    assert (settings.context, settings.root) == ((), tmp_path)


def test_other_settings_have_another_digest(tmp_path: Path) -> None:
    first = read(write(tmp_path / "a" / "gdprlint.yml", "context: [a]\n")).digest
    second = read(write(tmp_path / "b" / "gdprlint.yml", "context: [b]\n")).digest
    again = read(write(tmp_path / "c" / "gdprlint.yml", "context: [a]\n")).digest
    assert first == again != second


def test_the_root_is_no_key(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="cannot have 'root'"):
        read(write(tmp_path / "gdprlint.yml", "root: /\n"))


def test_there_is_a_schema_for_editors() -> None:
    properties = schema(Settings)["$defs"]["Settings"]["properties"]
    assert "first_party" in properties
    assert "file" not in properties
