"""Which part of the page's own URL, title or referrer is this expression?"""

from __future__ import annotations

from gdprlint.facts import Expr, Member, Name


def page_part(value: Expr) -> str:
    """`url`, `path`, `query`, `fragment`, `title` or `referrer` where `value` is that of the
    page."""
    match value:
        case Member(Name("window" | "self" | "globalThis" | "document"), "location"):
            return "url"
        case Member(of, part) if page_part(of) == "url" or of_location(of):
            return {
                "href": "url",
                "pathname": "path",
                "search": "query",
                "hash": "fragment",
                "searchParams": "query",
            }.get(part, "")
        case Member(Name("document"), "URL" | "documentURI"):
            return "url"
        case Member(Name("document"), "title"):
            return "title"
        case Member(Name("document"), "referrer"):
            return "referrer"
    return ""


def of_location(value: Expr) -> bool:
    """Whether `value` is the global `location`."""
    match value:
        case Name("location"):
            return True
        case Member(Name("window" | "self" | "globalThis" | "document" | "top"), "location"):
            return True
    return False
