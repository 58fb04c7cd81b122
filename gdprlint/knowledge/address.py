"""Does this URL match that pattern? URLs may have gaps, patterns may have stars.

A gap (`GAP`) stands for a stretch of the URL that the analysis does not know. A match that needs a
gap to be something certain is only *maybe* one.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from functools import lru_cache
from ipaddress import ip_address
from urllib.parse import unquote_plus

GAP = "\ufffc"
"""One character that stands for an unknown stretch of a string (OBJECT REPLACEMENT CHARACTER)."""


class Match(IntEnum):
    """Whether a URL matches a pattern; `PERHAPS` where a gap would have to be the right text."""

    NO = 0
    PERHAPS = 1
    YES = 2


@dataclass(frozen=True, slots=True)
class WebAddress:
    """A URL taken apart, without its fragment's meaning: `query` still percent-encoded.

    `host` is empty for URLs relative to the page (then first party); lower-cased otherwise.
    """

    scheme: str
    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    fragment: str = ""

    def value(self, name: str) -> str | None:
        """The first value of a query parameter, decoded once, or None."""
        for key, value in self.query:
            if key == name:
                return unquote_plus(value)
        return None


def parse(url: str) -> WebAddress:
    """`url` taken apart; never fails, as browsers take anything for a URL."""
    text = url.strip()
    rest, _, fragment = text.partition("#")
    rest, _, query = rest.partition("?")
    scheme, host = "", ""
    if rest.startswith("//"):
        host, slash, path = rest[2:].partition("/")
        rest = slash + path
    elif "://" in rest:
        scheme, _, tail = rest.partition("://")
        host, slash, path = tail.partition("/")
        rest = slash + path
    elif rest[:11].lower() in ("javascript:",) or rest[:5].lower() in ("data:", "blob:"):
        return WebAddress(rest.partition(":")[0].lower(), "", "", ())
    host = host.rpartition("@")[2].lower().rstrip(".")
    host = host.partition("]")[0] + "]" if host.startswith("[") else host.partition(":")[0]
    pairs = tuple(
        (unquote_plus(key), value)
        for key, _, value in (part.partition("=") for part in query.split("&") if part)
    )
    return WebAddress(scheme.lower(), host, rest, pairs, fragment)


_LOCAL_ENDS = (".localhost", ".local", ".test", ".internal", ".lan", ".home.arpa", ".invalid")


def is_local(host: str) -> bool:
    """Whether a host is this machine, a machine of a private network, or reserved for such.

    Names without a dot, the reserved domains (RFC 2606, RFC 6761, RFC 6762, RFC 8375), and the
    addresses that are not routed (RFC 1918, RFC 4193, loopback and link-local).
    """
    bare = host.strip("[]").lower()
    if bare.endswith(_LOCAL_ENDS):
        return True
    try:
        number = ip_address(bare)
    except ValueError:
        return "." not in bare
    return number.is_private or number.is_loopback or number.is_link_local


@dataclass(frozen=True, slots=True)
class UrlPattern:
    """A vendor's URL pattern, taken apart once."""

    host: str
    path: str
    query: tuple[tuple[str, str], ...]
    weight: int

    @staticmethod
    def of(text: str) -> UrlPattern:
        """The pattern that an entry spells as `host/path?name=value`."""
        rest, _, query = text.partition("?")
        host, slash, path = rest.partition("/")
        pairs = tuple(
            (key, value) for key, _, value in (p.partition("=") for p in query.split("&") if p)
        )
        return UrlPattern(host.lower(), slash + path, pairs, len(text.replace("*", "")))

    def match(self, url: WebAddress) -> Match:
        """How well `url` matches. A host that has a gap in its last two labels never does."""
        verdict = self._host(url.host)
        if verdict is Match.NO:
            return verdict
        if self.path:
            verdict = min(verdict, glob(self.path, url.path or "/"))
            if self.host == "*" and verdict is Match.PERHAPS and not self._names_file(url.path):
                return Match.NO
        for name, wanted in self.query:
            value = url.value(name)
            if value is None:
                unknown = any(GAP in key for key, _ in url.query) or GAP in url.path
                return Match.NO if not unknown else min(verdict, Match.PERHAPS)
            verdict = min(verdict, glob(wanted or "*", value))
        return verdict

    def _names_file(self, path: str) -> bool:
        """Whether what is known of a path holds the file's name: on any host nothing else tells
        whose it is, and a gap is as likely every other file."""
        file = self.path.rpartition("/")[2]
        # A pattern that leaves the file open has to be named by its folders.
        told = file if file.strip("*") else self.path
        return all(part in path for part in told.split("*"))

    def _host(self, host: str) -> Match:
        if self.host == "*":
            return Match.YES
        if self.host.startswith("*."):
            base = self.host[2:]
            return Match.YES if host == base or host.endswith("." + base) else Match.NO
        if "*" in self.host:
            verdict = glob(self.host, host)
            # A gap is as likely every other company's name.
            spelled = all(part in host for part in self.host.split("*"))
            return verdict if spelled or verdict is Match.YES else Match.NO
        return Match.YES if host == self.host else Match.NO


@lru_cache(maxsize=8192)
def glob(pattern: str, text: str) -> Match:
    """Whether `text` (with gaps) matches `pattern` (with stars), both read as whole strings.

    A star takes any run of characters, gaps included. Where only a gap could stand for a required
    character, the answer is *perhaps*.
    """
    if "*" not in pattern and GAP not in text:
        return Match.YES if pattern == text else Match.NO
    best = _table(pattern, text[:2000])
    return Match(best)


def _table(pattern: str, text: str) -> int:
    """Dynamic programming over both strings: the best verdict for their beginnings."""
    row = [2] + [0] * len(pattern)
    for j, want in enumerate(pattern):
        row[j + 1] = row[j] if want == "*" else 0
    for char in text:
        after = [0] * (len(pattern) + 1)
        after[0] = min(row[0], 1) if char == GAP else 0
        for j, want in enumerate(pattern):
            if want == "*":
                best = max(row[j + 1], after[j], row[j])
            elif char == GAP:
                # A gap may end here, or swallow this character of the pattern, or stand before it.
                best = min(1, max(row[j], row[j + 1], after[j]))
            else:
                best = row[j] if want == char else 0
            after[j + 1] = best
        row = after
    return row[-1]
