"""Fill a message from an effect: names, places and plain words, never values."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence

from gdprlint.effects import Declare, Load, Send, Store, Submit
from gdprlint.effects.parts import Datum
from gdprlint.effects.scene import Scene
from gdprlint.flow import GAP
from gdprlint.knowledge import parse
from gdprlint.project import Page
from gdprlint.rules.match import Matched

HOLES = frozenset(
    {
        "what",
        "flags",
        "vendor",
        "recipient",
        "purposes",
        "data",
        "names",
        "parameters",
        "page",
        "key",
        "days",
        "host",
        "place",
        "field",
    }
)
"""What a message can hold."""

_HOLE = re.compile(r"\{(\w+)\}")
_LONGEST_NAME = 60


def holes_of(message: str) -> frozenset[str]:
    """The holes that a message names."""
    return frozenset(_HOLE.findall(message))


def fill(message: str, matched: Matched, scene: Scene, pages: Sequence[Page]) -> str:
    """The message for one finding, which happens on these pages."""
    effect = matched.effect
    told = (*matched.data, *matched.folded)
    values = {
        "what": effect.at.what,
        "vendor": vendor_name(matched),
        "recipient": recipient(matched),
        "purposes": listed(scene.knowledge.purposes.get(p, p) for p in scene.purposes(effect)),
        "data": listed(plain_words(matched.data or told, scene)),
        "names": listed(names_of(told)),
        "parameters": listed(dict.fromkeys(d.parameter for d in told if d.parameter))
        or "its request",
        "page": page_words(pages),
        "key": _key(matched),
        "flags": _flags(matched),
        "days": _days(matched),
        "host": host_of(matched) or "another host",
        "place": told[0].place if told else "",
        "field": next(iter(names_of(told)), ""),
    }
    text = _HOLE.sub(lambda hole: values.get(hole.group(1), ""), message)
    return " ".join(text.split())


def vendor_name(matched: Matched) -> str:
    """The vendor's name, or the host where no vendor is known."""
    vendor = getattr(matched.effect, "vendor", None)
    if vendor is None and isinstance(matched.effect, Declare) and matched.effect.subject:
        return matched.effect.subject
    return vendor.name if vendor is not None else host_of(matched) or "a third party"


def recipient(matched: Matched) -> str:
    """The vendor's name with the host that receives."""
    host = host_of(matched)
    name = vendor_name(matched)
    return f"{name} ({host})" if host and host != name else name


def host_of(matched: Matched) -> str:
    """The host that an effect reaches, or the vendor's endpoint; none for another program."""
    urls: Sequence[str] = getattr(matched.effect, "urls", ())
    host = parse(urls[0]).host if urls else ""
    if host and GAP not in host:
        return _plain_host(host)
    vendor = getattr(matched.effect, "vendor", None)
    if vendor is not None and vendor.endpoint and isinstance(matched.effect, Send | Load):
        return _plain_host(vendor.endpoint.partition("/")[0])
    return ""


def _plain_host(host: str) -> str:
    """`*.example.com` and `track*.example.com` as the part that is always the same."""
    labels = host.split(".")
    while labels and "*" in labels[0]:
        labels = labels[1:]
    return ".".join(labels)


def plain_words(data: Iterable[Datum], scene: Scene) -> list[str]:
    """The categories of the data in plain words, each once."""
    known = scene.knowledge.categories
    return list(dict.fromkeys(known[d.category].plain for d in data if d.category))


def names_of(data: Iterable[Datum]) -> list[str]:
    """The names that data go by, each once, the most telling first."""
    return [name[:_LONGEST_NAME] for name in dict.fromkeys(d.name for d in data if d.name)]


def listed(words: Iterable[str]) -> str:
    """`a, b and c`."""
    found = [word for word in words if word]
    if len(found) <= 1:
        return "".join(found)
    if len(found) > 6:
        found = [*found[:5], f"{len(found) - 5} more"]
    return ", ".join(found[:-1]) + " and " + found[-1]


def page_words(pages: Sequence[Page]) -> str:
    """How a message names the pages: by file where they are few."""
    if not pages:
        return "this page"
    if len(pages) == 1:
        return f"`{pages[0].path}`" if "." in pages[0].id else "the application's pages"
    return f"{len(pages)} pages"


def _key(matched: Matched) -> str:
    effect = matched.effect
    if isinstance(effect, Store):
        return effect.key.replace(GAP, "…")
    if isinstance(effect, Submit):
        return "form"
    return getattr(effect, "words", "")


def _flags(matched: Matched) -> str:
    """The attributes that a cookie lacks."""
    flags: frozenset[str] = getattr(matched.effect, "flags", frozenset())
    names = {"not-secure": "`Secure`", "not-httponly": "`HttpOnly`", "not-samesite": "`SameSite`"}
    asked = {value for asks in matched.rule.when for value in asks.get("flags", ())}
    return listed(name for flag, name in names.items() if flag in flags and flag in asked)


def _days(matched: Matched) -> str:
    days = getattr(matched.effect, "days", None)
    if days is None or days < 0:
        return ""
    return str(int(days)) if days == int(days) else f"{days:.1f}"
