"""Scripts, styles and handlers, handed on."""

from __future__ import annotations

import pytest
from html_reading import links, read, shown

from gdprlint.facts import (
    UNKNOWN_KEY,
    Callback,
    Choice,
    Constant,
    Fragment,
    Gate,
    Hole,
    If,
    Join,
    Member,
    Name,
    Region,
    Text,
)


def only(text: str) -> Fragment:
    (fragment,) = read(text).fragments
    return fragment


def test_an_inline_script_is_handed_on_at_its_place() -> None:
    found = only("<p><script>go()</script>")
    assert (found.language, found.text, found.offset, found.kind) == (
        "javascript",
        "go()",
        11,
        "script",
    )


def test_a_script_ends_at_its_own_end_tag_alone() -> None:
    assert only('<script>a = "<b></b>"</script>').text == 'a = "<b></b>"'


def test_within_a_comment_a_script_may_hold_another() -> None:
    text = "<script><!--<script></script>--></script>"
    assert only(text).text == "<!--<script></script>-->"


def test_a_module_is_a_module() -> None:
    assert only('<script type="module">go()</script>').kind == "module"


@pytest.mark.parametrize(
    "kind", ["", "text/javascript", "TEXT/JavaScript", " application/javascript "]
)
def test_types_of_javascript_run(kind: str) -> None:
    assert only(f'<script type="{kind}">go()</script>').way == ()


@pytest.mark.parametrize("kind", ["text/plain", "text/javascript; charset=utf-8", "later/x"])
def test_scripts_of_other_types_are_behind_a_gate(kind: str) -> None:
    (gate,) = only(f'<script type="{kind}" data-c="m">go()</script>').way
    assert isinstance(gate, Gate)
    assert [attribute.name for attribute in gate.attributes] == ["type", "data-c"]


def test_the_link_of_a_script_of_another_type_is_behind_the_gate_too() -> None:
    (link,) = links(read('<script type="text/plain" src="a.js"></script>'))
    assert [type(step) for step in link.way] == [Gate]


@pytest.mark.parametrize("kind", ["application/json", "application/ld+json", "importmap"])
def test_data_is_no_script(kind: str) -> None:
    reading = read(f'<script type="{kind}">{{"a": 1}}</script>')
    assert (reading.fragments, reading.facts[0].way) == ((), ())  # type: ignore[union-attr]


def test_a_template_in_a_script_is_markup_for_later() -> None:
    found = only('<script type="text/x-template"><img src=a></script>')
    assert (found.language, found.text, len(found.way)) == ("html", "<img src=a>", 1)


def test_a_script_with_an_address_has_no_text_of_its_own() -> None:
    reading = read("<script src=a.js>go()</script>")
    assert reading.fragments == ()
    assert [(link.kind, shown(link.target)) for link in links(reading)] == [("script", "a.js")]


def test_a_style_sheet_is_linked() -> None:
    text = '<link rel="preload stylesheet" href=a.css><link rel=icon href=b>'
    assert [(link.kind, shown(link.target)) for link in links(read(text))] == [
        ("stylesheet", "a.css")
    ]


def test_styles_are_handed_on() -> None:
    reading = read("<style>a{}</style><p style='b:c'>")
    assert [(found.language, found.text, found.kind) for found in reading.fragments] == [
        ("css", "a{}", "document"),
        ("css", "b:c", "expression"),
    ]


def test_a_handler_runs_in_a_callback_of_its_event() -> None:
    (step,) = only('<button id="ok" onclick="go()">').way
    assert isinstance(step, Callback)
    assert step.arguments[0].text == "click"  # type: ignore[union-attr]
    assert isinstance(step.to, Member)
    assert (step.to.of.name, step.to.name) == ("ok", "addEventListener")  # type: ignore[union-attr]


def test_the_handlers_of_body_are_the_window_s() -> None:
    (step,) = only('<body onload="go()">').way
    assert step.to.of.name == "window"  # type: ignore[union-attr]


def test_references_in_a_handler_are_decoded_and_its_length_is_kept() -> None:
    found = only('<a onclick="go(&quot;x&quot;)">')
    assert (found.text, found.offset) == ('go("x")          ', 12)


def test_a_javascript_address_is_a_handler() -> None:
    found = only('<a href="javascript:go()">')
    assert (found.text, found.offset, found.kind) == ("go()", 20, "handler")


def test_the_document_of_a_frame_is_markup() -> None:
    found = only('<iframe srcdoc="<img src=a>"></iframe>')
    assert (found.language, found.text) == ("html", "<img src=a>")


def masked(
    text: str, *, holes: tuple[Hole, ...] = (), regions: tuple[Region, ...] = ()
) -> Fragment:
    return Fragment(language="html", text=text, offset=100, holes=holes, regions=regions)


def reading_of(fragment: Fragment) -> object:
    from time import monotonic

    from gdprlint.languages import html

    return html.read(fragment, "x.html", deadline=monotonic() + 20)


NAME = Name("user", -1, 112, 116)
TEST = Name("ok", -1, 50, 52)


def first_value(fragment: Fragment) -> object:
    return reading_of(fragment).facts[0].attributes[0].value  # type: ignore[attr-defined]


def test_a_hole_that_is_the_whole_value_is_the_value() -> None:
    assert first_value(masked('<a href="zzzz">', holes=(Hole(109, 113, NAME),))) == NAME


def test_a_hole_in_a_value_makes_a_join() -> None:
    fragment = masked('<a href="/u/zzzz">', holes=(Hole(112, 116, NAME),))
    assert first_value(fragment) == Join((Text("/u/", 109, 112), NAME), 109, 116)


def test_conditions_in_a_value_make_a_choice() -> None:
    regions = (
        Region(110, 111, (If(TEST, True),)),
        Region(111, 112, (If(TEST, False),)),
    )
    value = first_value(masked('<a href="/xyz">', regions=regions))
    chosen = Choice(TEST, Text("x", 110, 111), Text("y", 111, 112), 110, 112)
    assert value == Join((Text("/", 109, 110), chosen, Text("z", 112, 113)), 109, 113)


def test_an_attribute_under_a_condition_may_be_absent() -> None:
    region = Region(103, 111, (If(TEST, True),))
    assert first_value(masked('<a href="x">', regions=(region,))) == Choice(
        TEST, Text("x", 109, 110), Constant(None), 109, 110
    )


def test_attributes_that_a_template_writes_have_no_name() -> None:
    fragment = masked('<a zzzz="x">', holes=(Hole(103, 107, NAME),))
    facts = reading_of(fragment).facts  # type: ignore[attr-defined]
    assert facts[0].attributes[0].name == UNKNOWN_KEY


def test_an_element_in_a_region_is_on_its_way() -> None:
    region = Region(103, 108, (If(TEST, True),))
    facts = reading_of(masked("<p><img><br>", regions=(region,))).facts  # type: ignore[attr-defined]
    assert [fact.way for fact in facts] == [(), (If(TEST, True),), ()]


def test_a_type_under_a_condition_puts_the_script_under_the_other() -> None:
    region = Region(108, 125, (If(TEST, True),))
    fragment = masked('<script type="text/plain">go()</script>', regions=(region,))
    (inner,) = reading_of(fragment).fragments  # type: ignore[attr-defined]
    (step,) = inner.way
    assert isinstance(step, If)
    assert (step.test, step.taken) == (TEST, False)


def test_holes_and_regions_go_on_to_the_script_cut_to_it() -> None:
    hole, inside = Hole(108, 112, NAME), Region(110, 140, (If(TEST, True),))
    around = Region(100, 140, (If(NAME, True),))
    fragment = masked("<script>zzzzgo()</script>", holes=(hole,), regions=(inside, around))
    (inner,) = reading_of(fragment).fragments  # type: ignore[attr-defined]
    assert inner.holes == (hole,)
    assert inner.way == (If(NAME, True),)
    assert inner.regions == (Region(110, 116, (If(TEST, True),)),)
