"""Which files are read, and in which of them findings are wanted."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import pytest

from gdprlint.discovery import Discovery, alone, discover
from gdprlint.errors import InputError
from gdprlint.settings import Settings


def is_page(path: str) -> bool:
    return path.endswith((".html", ".js", ".ts", ".py"))


def make(root: Path, *files: str, **texts: str) -> Path:
    for file in files:
        (root / file).parent.mkdir(parents=True, exist_ok=True)
        (root / file).write_text("", encoding="utf-8")
    for file, text in texts.items():
        (root / file.replace("__", ".")).write_text(text, encoding="utf-8")
    return root


def look(
    root: Path,
    named: Sequence[str] = (),
    *,
    exclude: tuple[str, ...] = (),
    force_exclude: bool = False,
) -> Discovery:
    return discover(
        root,
        Settings(exclude=exclude),
        named=[root / each for each in named],
        readable=is_page,
        force_exclude=force_exclude,
    )


def test_all_files_that_a_language_reads_are_read_in_order(tmp_path: Path) -> None:
    make(tmp_path, "b.html", "a/z.js", "a/b.py", "logo.png", "README.md")
    found = look(tmp_path)
    assert found.files == ("a/b.py", "a/z.js", "b.html")
    assert found.reported == found.files
    assert found.skipped == ()


@pytest.mark.parametrize(
    "file",
    [
        ".git/hook.py",
        "node_modules/lib/index.js",
        "web/bower_components/lib/index.js",
        "lib/site-packages/lib.py",
        "app/__pycache__/x.py",
        "vendor/lib.js",
        "vendored/lib.py",
        "third_party/lib.js",
        "tests/page.html",
        "test/page.html",
        "src/__tests__/a.js",
        "spec/a.js",
        "e2e/a.js",
        "cypress/a.js",
        "fixtures/a.html",
        "src/__fixtures__/a.html",
        "stories/a.js",
        "src/button.stories.js",
        "src/button.test.js",
        "src/button.spec.ts",
        "types/index.d.ts",
        "conftest.py",
        "test_views.py",
        "coverage/index.html",
        ".tox/a.py",
        ".next/cache/a.js",
    ],
)
def test_what_no_visitor_gets_is_left_out(tmp_path: Path, file: str) -> None:
    make(tmp_path, "page.html", file)
    assert look(tmp_path).files == ("page.html",)


@pytest.mark.parametrize(
    "file", ["app.min.js", "dist/bundle.js", ".next/static/a.js", "contest.py", "latest/a.js"]
)
def test_built_and_minified_code_is_code(tmp_path: Path, file: str) -> None:
    assert look(make(tmp_path, file)).files == (file,)


def test_a_virtual_environment_is_left_out_under_any_name(tmp_path: Path) -> None:
    make(tmp_path, "page.html", "mine/pyvenv.cfg", "mine/lib/a.py")
    found = look(tmp_path)
    assert found.files == ("page.html",)
    assert found.skipped == (("mine", "a virtual environment"),)


def test_what_is_left_out_is_told_with_the_reason(tmp_path: Path) -> None:
    make(tmp_path, "node_modules/a.js", "tests/a.js", "old/a.js", "out/a.js", __gitignore="out/\n")
    assert look(tmp_path, exclude=("old/",)).skipped == (
        ("node_modules", "never read unless named"),
        ("old", "excluded by the settings"),
        ("out", "ignored by .gitignore"),
        ("tests", "left out unless named"),
    )


def test_gitignore_files_count_at_every_level(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "b.html", "web/a.html", "web/b.html", __gitignore="/a.html\n")
    make(tmp_path / "web", __gitignore="b.html\n")
    assert look(tmp_path).files == ("b.html", "web/a.html")


def test_a_deeper_gitignore_can_take_back(tmp_path: Path) -> None:
    make(tmp_path, "a.gen.js", "web/a.gen.js", __gitignore="*.gen.js\n")
    make(tmp_path / "web", __gitignore="!a.gen.js\n")
    assert look(tmp_path).files == ("web/a.gen.js",)


def test_the_last_pattern_that_matches_decides(tmp_path: Path) -> None:
    make(tmp_path, "a.js", "b.js", __gitignore="*.js\n!b.js\n")
    assert look(tmp_path).files == ("b.js",)


def test_nothing_in_an_ignored_folder_can_be_taken_back(tmp_path: Path) -> None:
    make(tmp_path, "out/a.js", "page.html", __gitignore="out/\n!out/a.js\n")
    assert look(tmp_path).files == ("page.html",)


def test_a_gitignore_above_the_root_counts_up_to_the_repository(tmp_path: Path) -> None:
    make(tmp_path, ".git/x", "site/web/out/a.js", "site/web/b.js", __gitignore="/site/web/out\n")
    make(tmp_path / "site", __gitignore="b.js\n")
    assert look(tmp_path / "site" / "web").files == ()


def test_a_gitignore_that_git_could_not_read_does_no_harm(tmp_path: Path) -> None:
    make(tmp_path, "a.js", "b.js", __gitignore="!\n\\\n[\na.js\n")
    assert look(tmp_path).files == ("b.js",)


def test_named_files_are_reported_and_all_are_read(tmp_path: Path) -> None:
    make(tmp_path, "a.html", "b.html", "js/c.js", "js/d.js")
    found = look(tmp_path, ["a.html", "js"])
    assert found.files == ("a.html", "b.html", "js/c.js", "js/d.js")
    assert found.reported == ("a.html", "js/c.js", "js/d.js")


def test_an_ignored_build_folder_is_read_when_it_is_named(tmp_path: Path) -> None:
    make(tmp_path, "dist/a.js", "dist/tests/b.js", "dist/node_modules/c.js", __gitignore="dist/\n")
    make(tmp_path / "dist", __gitignore="*\n")
    found = look(tmp_path, ["dist"])
    assert found.reported == ("dist/a.js", "dist/tests/b.js")
    assert found.skipped == (("dist/node_modules", "never read unless named"),)


def test_a_folder_in_an_ignored_one_is_read_when_it_is_named(tmp_path: Path) -> None:
    make(tmp_path, "dist/web/a.js", "dist/b.js", __gitignore="dist/\n")
    assert look(tmp_path, ["dist/web"]).files == ("dist/web/a.js",)


def test_tests_are_read_when_they_are_named(tmp_path: Path) -> None:
    make(tmp_path, "tests/a.js", "src/b.test.js", "src/c.js")
    assert look(tmp_path, ["tests", "src/b.test.js"]).reported == ("src/b.test.js", "tests/a.js")


def test_naming_a_folder_that_is_read_anyway_does_not_read_its_tests(tmp_path: Path) -> None:
    make(tmp_path, "src/a.js", "src/tests/b.js")
    assert look(tmp_path, ["src"]).files == ("src/a.js",)


def test_naming_a_package_of_node_modules_reads_it(tmp_path: Path) -> None:
    make(tmp_path, "node_modules/x/a.js", "node_modules/x/node_modules/y/b.js")
    assert look(tmp_path, ["node_modules/x"]).files == ("node_modules/x/a.js",)


def test_forced_exclusion_holds_for_named_paths_too(tmp_path: Path) -> None:
    make(tmp_path, "old/a.js", "b.js", "out/c.js", __gitignore="out/\n")
    named = ["old/a.js", "b.js", "out/c.js"]
    found = look(tmp_path, named, exclude=("old",), force_exclude=True)
    assert found.files == ("b.js",)
    assert look(tmp_path, named, exclude=("old",)).files == ("b.js", "old/a.js", "out/c.js")


def test_a_named_path_outside_the_root_is_added(tmp_path: Path) -> None:
    make(tmp_path, "site/a.html", "other/b.html", "other/tests/c.html")
    found = look(tmp_path / "site", ["../other"])
    assert found.files == ("../other/b.html", "a.html")
    assert found.reported == ("../other/b.html",)


def test_a_named_file_of_no_language_is_told(tmp_path: Path) -> None:
    make(tmp_path, "logo.png")
    assert look(tmp_path, ["logo.png"]).skipped == (("logo.png", "not of a language that is read"),)


def test_a_named_path_must_exist_and_the_nearest_is_suggested(tmp_path: Path) -> None:
    make(tmp_path, "templates/base.html")
    with pytest.raises(InputError) as caught:
        look(tmp_path, ["template/base.html"])
    assert str(caught.value) == (
        f"{tmp_path}/template/base.html: there is no such file or folder; "
        f"did you mean '{tmp_path}/templates'?"
    )


def test_a_path_below_a_file_cannot_be_read(tmp_path: Path) -> None:
    make(tmp_path, "a.html")
    with pytest.raises(InputError, match="cannot be read: Not a directory"):
        look(tmp_path, ["a.html/b.html"])


def test_a_loop_of_links_is_harmless(tmp_path: Path) -> None:
    make(tmp_path, "web/a.html")
    (tmp_path / "web" / "up").symlink_to(tmp_path)
    (tmp_path / "web" / "self").symlink_to(tmp_path / "web" / "self")
    (tmp_path / "again").symlink_to(tmp_path / "web")
    assert look(tmp_path).files == ("web/a.html",)


def test_a_file_reached_twice_is_read_once_by_its_own_path(tmp_path: Path) -> None:
    make(tmp_path, "z/real.html")
    (tmp_path / "a.html").symlink_to(tmp_path / "z" / "real.html")
    assert look(tmp_path).files == ("z/real.html",)
    assert look(tmp_path, ["a.html"]).reported == ("z/real.html",)


def test_links_never_leave_the_root(tmp_path: Path) -> None:
    make(tmp_path, "secret/a.html", "site/b.html")
    (tmp_path / "site" / "out").symlink_to(tmp_path / "secret")
    (tmp_path / "site" / "c.html").symlink_to(tmp_path / "secret" / "a.html")
    found = look(tmp_path / "site", ["c.html", "b.html"])
    assert found.files == ("b.html",)
    assert found.skipped == (
        ("c.html", "a link that leaves the root"),
        ("out", "a link that leaves the root"),
    )


def test_a_link_to_a_part_that_is_left_out_is_read_under_its_own_name(tmp_path: Path) -> None:
    make(tmp_path, "node_modules/x/a.js")
    (tmp_path / "static").symlink_to(tmp_path / "node_modules" / "x")
    assert look(tmp_path).files == ("static/a.js",)


def test_pipes_are_not_opened(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.html")
    assert look(tmp_path, ["pipe.html"]).skipped == (("pipe.html", "no regular file"),)


def test_a_root_inside_a_folder_of_tests_is_read(tmp_path: Path) -> None:
    make(tmp_path, "tests/site/a.html")
    assert look(tmp_path / "tests" / "site").files == ("a.html",)


def test_hundreds_of_folders_in_each_other_are_walked(tmp_path: Path) -> None:
    deep = "/".join(["d"] * 600)
    make(tmp_path, f"{deep}/a.js")
    assert look(tmp_path).files == (f"{deep}/a.js",)


def test_files_of_no_project_are_read_alone(tmp_path: Path) -> None:
    make(tmp_path, "a/b/c.html", "z.html", "a/x.html")
    found = alone(tmp_path, named=[tmp_path / "a" / "b" / "c.html"], readable=is_page)
    assert found.files == found.reported == ("a/b/c.html",)
    assert found.alone
