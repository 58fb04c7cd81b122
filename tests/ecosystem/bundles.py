"""Scripts as published for browsers: what bundlers and minifiers make of other people's code."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from real_packages import run

PACKAGES = (
    *("@hotwired/stimulus", "@popperjs/core", "@reduxjs/toolkit", "alpinejs", "axios"),
    *("backbone", "bootstrap", "clipboard", "dayjs", "dompurify", "flatpickr", "hammerjs"),
    *(
        "htmx.org",
        "i18next",
        "jquery",
        "js-cookie",
        "knockout",
        "luxon",
        "marked",
        "mithril",
        "moment",
    ),
    *("mustache", "pinia", "preact", "react-hook-form", "redux", "select2", "tarteaucitronjs"),
    *("underscore", "vanilla-cookieconsent", "vue-router", "vuex", "sweetalert2"),
)
_ENTRIES = ("unpkg", "jsdelivr", "browser", "main")


def bundles(folder: Path) -> Iterator[tuple[str, Path]]:
    """Each package with the script that it offers to a browser, installed into `folder`."""
    (folder / "package.json").write_text('{"private": true}', encoding="utf-8")
    install(folder, *PACKAGES)
    for package in PACKAGES:
        top = folder / "node_modules" / package
        manifest = json.loads((top / "package.json").read_text(encoding="utf-8"))
        named = (manifest.get(entry) for entry in _ENTRIES)
        yield package, top / next(name for name in named if isinstance(name, str))


def install(folder: Path, *packages: str) -> None:
    """Install packages of npm, without running what they bring."""
    quietly = ("--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--legacy-peer-deps")
    run("npm", "install", *quietly, *packages, cwd=folder)
