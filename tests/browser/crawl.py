"""Turns an example site into a folder of answers that a browser can be given without Django.

    python crawl.py SITE TOUR OUT

The site really starts: its tables are made, its invented rows are written, and its own views
answer. Each answer is kept with the name of the template behind it and the parts of its address
that the route names, so that the record can speak of `speciality` instead of repeating what stood
there.

Both sites have modules of the same names (`settings`, `views`), so each is crawled by a process of
its own.
"""

from __future__ import annotations

import json
import os
import re
import sys
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urldefrag, urljoin, urlsplit

if TYPE_CHECKING:
    from django.http import HttpResponseBase
    from django.test import Client

KEPT_HEADERS = ("Content-Type", "Location", "Referrer-Policy", "Access-Control-Allow-Origin")
OWN_FILE = re.compile(r'(?:src|href)="(/[^"]*)"')


def main(site: str, tour: str, out: str) -> None:
    """Crawl one site along its tour, and write the answers to a folder."""
    plan = json.loads(Path(tour).read_text(encoding="utf-8"))
    with tempfile.TemporaryDirectory() as scratch:
        start_site(Path(site).resolve(), Path(scratch) / "site.sqlite3")
        answers = Crawl(plan["host"]).follow(plan["crawl"])
    write(answers, Path(out))


def start_site(site: Path, database: Path) -> None:
    """Set Django up for this site, with a database that nobody used before."""
    os.environ["DJANGO_SETTINGS_MODULE"] = "settings"
    os.environ["BOOKING_DATABASE"] = str(database)
    sys.dont_write_bytecode = True
    sys.path.insert(0, str(site))
    import django
    from django.core.management import call_command
    from django.test.utils import setup_test_environment

    django.setup()
    setup_test_environment()  # only then does an answer tell which template made it
    call_command("migrate", run_syncdb=True, verbosity=0)


class Crawl:
    """The answers a site gave so far, by method and path."""

    def __init__(self, host: str) -> None:
        from django.test import Client

        self.host = host
        self.client: Client = Client(headers={"host": host})
        self.answers: dict[str, dict[str, Any]] = {}

    def follow(self, steps: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Take the steps in their order, then fetch the files that the pages name."""
        for step in steps:
            if "member" in step:
                self.log_in(step["member"])
            elif "post" in step:
                self.ask("POST", step["post"], step.get("data", {}))
            else:
                self.ask("GET", step["get"])
        for path in sorted(self.named_files()):
            self.ask("GET", path)
        return [self.answers[key] for key in sorted(self.answers)]

    def log_in(self, name: str) -> None:
        """Make an invented member, and be that member from here on."""
        from django.contrib.auth import get_user_model

        member, _ = get_user_model().objects.get_or_create(username=name)
        self.client.force_login(member)

    def ask(self, method: str, address: str, data: dict[str, str] | None = None) -> None:
        """Ask for one address and keep the answer; go where a redirect points."""
        send = self.client.post if method == "POST" else self.client.get
        response = send(address, data or {}, secure=True) if data else send(address, secure=True)
        if response.status_code >= 400:
            raise SystemExit(f"{method} {address} answered {response.status_code}")
        path = urlsplit(address).path
        self.answers[f"{method} {path}"] = self.note(method, path, response)
        if "Location" in response.headers:
            self.ask("GET", urljoin(address, response.headers["Location"]))

    def note(self, method: str, path: str, response: HttpResponseBase) -> dict[str, Any]:
        """What is kept of an answer."""
        templates = getattr(response, "templates", [])
        return {
            "method": method,
            "path": path,
            "status": response.status_code,
            "page": f"templates/{templates[0].name}" if templates else None,
            "segments": named_segments(path),
            "headers": {k: response.headers[k] for k in KEPT_HEADERS if k in response.headers},
            "cookies": [morsel.OutputString() for morsel in response.cookies.values()],
            "body": body_of(response),
        }

    def named_files(self) -> set[str]:
        """The site's own addresses that its pages name and that were not asked for yet."""
        texts = [a["body"].decode() for a in self.answers.values() if a["page"]]
        found = {urldefrag(name).url for text in texts for name in OWN_FILE.findall(text)}
        return {path for path in found if f"GET {path}" not in self.answers}


def named_segments(path: str) -> dict[str, str]:
    """The parts of a path that the site's routes give a name to, as text."""
    from django.urls import Resolver404, resolve

    try:
        found = resolve(path).kwargs
    except Resolver404:
        return {}
    return {name: str(value) for name, value in found.items() if name != "document_root"}


def body_of(response: HttpResponseBase) -> bytes:
    """The whole body, whether Django streams it or not."""
    return bytes(response.getvalue())


def write(answers: list[dict[str, Any]], out: Path) -> None:
    """Write one file for each body, and `answers.json` that says what belongs to which address."""
    out.mkdir(parents=True, exist_ok=True)
    for number, answer in enumerate(answers):
        answer["file"] = f"{number:03d}.body"
        (out / answer["file"]).write_bytes(answer.pop("body"))
    (out / "answers.json").write_text(json.dumps(answers, indent=1), encoding="utf-8")


if __name__ == "__main__":
    main(*sys.argv[1:])
