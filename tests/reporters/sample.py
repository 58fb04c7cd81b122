"""One report with everything in it that a reporter can stumble over, made by hand."""

from __future__ import annotations

from gdprlint.findings import (
    Confidence,
    Finding,
    Flow,
    FlowStep,
    LawInfo,
    Level,
    Properties,
    Related,
    Report,
    RuleInfo,
    Taxonomy,
    UnreadStretch,
)
from gdprlint.reporters import Tool
from gdprlint.source import Source, Span

TOOL = Tool("gdprlint", "0.2.0rc1", "https://example.org/gdprlint")

BOOKING = (
    "<!doctype html>\r\n"
    "<form id=booking method=get>\r\n"
    "\t<!-- CANARY3 --><p>CANARY1 😀 <select name='motiveKey' data-note='CANARY2'></select></p>\r\n"
    "</form>\r\n"
    '😀 CANARY4 <script src="https://tags.example.com/CANARY5/px.js?id=CANARY6"></script>\r\n'
)
PIXELS = (
    "\ufeffvar url = location.href; // CANARY7\n"
    "px('track', 'CANARY8', {dl: url, mail: `CANARY9`, phone: 4912345678});\n"
    "document.cookie = 'visitor_id=CANARY10; path=/';\n"
)
MINIFIED = (
    f"!function(){{{'a();' * 60}fetch('https://collect.example.net/?q=CANARY11'){';b()' * 60}}}()"
)
VIEWS = (
    "def done(request):\n"
    "    # CANARY12 jane.canary13@example.org\n"
    "    return redirect(f'/done?motiveKey={appt.motive_key}&ref=CANARY14')\n"
)

SOURCES = {
    source.path: source
    for source in (
        Source("templates/Büro #1 100%.html", BOOKING),
        Source("static/pixels.js", PIXELS),
        Source("dist/app.min.js", MINIFIED),
        Source("shop/views.py", VIEWS),
    )
}


def span(path: str, text: str) -> Span:
    """Where `text` is in the file; the tests say what they point at, not where that is."""
    start = SOURCES[path].text.index(text)
    return Span(path, start, start + len(text))


FIELD = span("templates/Büro #1 100%.html", "<select name='motiveKey' data-note='CANARY2'>")
TAG = span("templates/Büro #1 100%.html", 'src="https://tags.example.com/CANARY5/px.js?id=CANARY6"')
CALL = span(
    "static/pixels.js", "px('track', 'CANARY8', {dl: url, mail: `CANARY9`, phone: 4912345678})"
)
COOKIE = span("static/pixels.js", "document.cookie = 'visitor_id=CANARY10; path=/'")
FETCH = span("dist/app.min.js", "fetch('https://collect.example.net/?q=CANARY11')")
REDIRECT = span("shop/views.py", "redirect(f'/done?motiveKey={appt.motive_key}&ref=CANARY14')")

RULES = (
    RuleInfo(
        id="excessive-cookie-lifetime",
        theme="retention",
        title="A cookie lives longer than authorities accept",
        summary="A cookie that lives for years recognises a visitor for years.",
        sentence="When a page stores a cookie for more than 397 days.",
        page="# A cookie lives longer than authorities accept\n\nA cookie that lives for years.\n",
        help="set at most 33696000 seconds",
        level=Level.WARNING,
        law=("gdpr-5-1-e",),
        tags=("cookies",),
        precision="very-high",
    ),
    RuleInfo(
        id="insecure-personal-cookie",
        theme="security",
        title="A cookie with personal data travels without protection",
        summary="A cookie without `Secure` travels in the clear.",
        sentence="When a page stores personal data in a cookie without the secure flag.",
        page="# A cookie with personal data\n\nSee [the flags](https://example.org/flags).\n",
        help="set `Secure`",
        level=Level.WARNING,
        law=("gdpr-32",),
        tags=("cookies", "http"),
        precision="high",
        security="5.3",
    ),
    RuleInfo(
        id="redirect-with-personal-data",
        theme="disclosure",
        title="A redirect writes personal data into the address",
        summary="Addresses are logged, shared and sent on.",
        sentence="When a server redirects to an address with personal data.",
        page="# A redirect writes personal data into the address\n\n**Addresses** are logged.\n",
        help="keep the data in the session",
        level=Level.ERROR,
        law=("gdpr-5-1-f",),
        tags=("url",),
        precision="high",
    ),
    RuleInfo(
        id="sensitive-param-to-tracker",
        theme="disclosure",
        title="A tracker receives sensitive data from the page's address",
        summary="A pixel sends the page's address to its vendor.",
        sentence="When a page sends its address with special categories of data to a vendor.",
        page="# A tracker receives sensitive data\n\n```js\npx('track');\n```\n\n- one\n- two\n",
        help="keep these fields out of the address or remove the pixel here",
        level=Level.ERROR,
        law=("gdpr-9", "gdpr-5-1-f"),
        tags=("trackers", "health", "url"),
        precision="high",
    ),
    RuleInfo(
        id="unconsented-tracker",
        theme="consent",
        title="A tracker runs before the visitor has agreed to it",
        summary="A page that loads a tracker does so on every visit.",
        sentence="When a page loads something for advertising, unless the visitor has agreed.",
        page="# A tracker runs before the visitor has agreed to it\n\nA page that loads it.\n",
        help="",
        level=Level.WARNING,
        law=("eprivacy-5-3", "gdpr-7"),
        tags=("consent", "trackers"),
        precision="medium",
    ),
)

ACTS = (
    Taxonomy(
        id="gdpr",
        name="GDPR",
        full_name="General Data Protection Regulation (EU) 2016/679",
        organization="European Union",
        released="2016-05-04",
        address="https://eur-lex.europa.eu/eli/reg/2016/679/oj",
    ),
    Taxonomy(
        id="eprivacy",
        name="ePrivacy",
        full_name="Directive 2002/58/EC on privacy and electronic communications",
        organization="European Union",
        released="2002-07-31",
        address="https://eur-lex.europa.eu/eli/dir/2002/58/oj",
    ),
    Taxonomy(
        id="uncited",
        name="Uncited",
        full_name="An act of which no article is cited",
        organization="Nobody",
        released="2020-01-01",
        address="https://example.org/act",
    ),
)


def _law(id_: str, taxon: str, title: str) -> LawInfo:
    act = id_.split("-")[0]
    address = next(a.address for a in ACTS if a.id == act)
    return LawInfo(id=id_, act=act, taxon=taxon, title=title, summary=title, address=address)


LAWS = (
    _law("eprivacy-5-3", "Art. 5(3)", "storing and reading on a visitor's device"),
    _law("gdpr-5-1-e", "Art. 5(1)(e)", "storage limitation"),
    _law("gdpr-5-1-f", "Art. 5(1)(f)", "integrity and confidentiality"),
    _law("gdpr-7", "Art. 7", "conditions for consent"),
    _law("gdpr-9", "Art. 9", "special categories of personal data"),
    _law("gdpr-32", "Art. 32", "security of processing"),
)


def _leak(page: str, names: tuple[str, ...], flows: tuple[Flow, ...]) -> Finding:
    return Finding(
        rule="sensitive-param-to-tracker",
        level=Level.ERROR,
        confidence=Confidence.CERTAIN,
        message=(
            f"Pixelwork (tags.example.com) receives the consultation reason of visitors of {page}: "
            "[motiveKey](1) is written to the page URL, which the pixel sends in parameter dl. "
            "Booking data is usually treated as health data (GDPR 9). "
            "Keep these fields out of the URL or remove the pixel here"
        ),
        span=CALL,
        properties=Properties(
            theme="disclosure",
            effect="send",
            vendors=("pixelwork",),
            recipient="Pixelwork",
            host="tags.example.com",
            pages=(page,),
            parameters=("dl",),
            names=names,
            place="url",
            data=("health",),
            purposes=("advertising",),
            consent_asked=("advertising",),
            consent_seen="given",
        ),
        flows=flows,
        related=(Related(FIELD, "the form field [motiveKey]"),),
        law=("gdpr-9", "gdpr-5-1-f"),
        help="keep these fields out of the address or remove the pixel here",
        identity=f"pixelwork dl {page}",
    )


ROAD = Flow(
    (
        FlowStep("source", FIELD, 'form field motiveKey ("Besuchsgrund"), class: health'),
        FlowStep("page-edge", TAG, "the page loads pixels.js"),
        FlowStep(
            "guard",
            span("static/pixels.js", "var url"),
            "a consent guard was found; it does not remove the parameter",
        ),
        FlowStep("sink", CALL, "the pixel fills parameter dl with the page URL"),
    )
)
SECOND_ROAD = Flow(
    (
        FlowStep("source", REDIRECT, "the address of the redirect"),
        FlowStep("sink", CALL, "the pixel fills parameter dl with the page URL"),
    )
)

FINDINGS = (
    Finding(
        rule="unconsented-tracker",
        level=Level.NOTE,
        confidence=Confidence.CERTAIN,
        message="the bundle calls collect.example.net before anybody has agreed",
        span=FETCH,
        properties=Properties(theme="consent", effect="send", host="collect.example.net"),
        law=("eprivacy-5-3",),
        identity="collect.example.net",
    ),
    Finding(
        rule="redirect-with-personal-data",
        level=Level.ERROR,
        confidence=Confidence.POSSIBLE,
        message="the redirect may carry motiveKey: 100% of it,\nas a query",
        span=REDIRECT,
        properties=Properties(
            theme="disclosure", effect="navigate", names=("motiveKey",), place="url"
        ),
        law=("gdpr-5-1-f",),
        identity="done motiveKey",
    ),
    _leak("/booking", ("motiveKey",), (ROAD, SECOND_ROAD)),
    _leak("/done", ("motiveKey", "email"), (SECOND_ROAD,)),
    Finding(
        rule="excessive-cookie-lifetime",
        level=Level.WARNING,
        confidence=Confidence.CERTAIN,
        message="Cookie visitor_id lives 730 days",
        span=COOKIE,
        properties=Properties(theme="retention", effect="store", place="cookie", key="visitor_id"),
        law=("gdpr-5-1-e",),
        help="set at most 33696000 seconds",
        identity="visitor_id",
    ),
    Finding(
        rule="unconsented-tracker",
        level=Level.WARNING,
        confidence=Confidence.CERTAIN,
        message="Pixelwork starts with the page and no consent guard was recognised around it",
        span=TAG,
        properties=Properties(
            theme="consent",
            effect="load",
            vendors=("pixelwork",),
            recipient="Pixelwork",
            host="tags.example.com",
            purposes=("advertising",),
        ),
        law=("eprivacy-5-3", "gdpr-7"),
        identity="pixelwork load",
    ),
)

REPORT = Report(
    findings=FINDINGS,
    rules=RULES,
    laws=LAWS,
    acts=ACTS,
    files_read=4,
    files_not_read=2,
    unread=(
        UnreadStretch("static/pixels.js", "an error node", span("static/pixels.js", "var url")),
        UnreadStretch("static/logo.bin", "it is binary"),
        UnreadStretch("vendor/a b.js", "it is larger than 20 MB"),
    ),
    ignored=((FINDINGS[4], "agreed with the controller"),),
    known=(FINDINGS[5],),
    possible_hidden=3,
    sources=SOURCES,
)

CLEAN = Report(findings=(), rules=RULES, laws=LAWS, acts=ACTS, files_read=7, files_not_read=1)
