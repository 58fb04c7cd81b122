"""Elements of JSX."""

from __future__ import annotations

from javascript_reading import bare, calls, elements

from gdprlint.facts import Attribute, Invoke, Join, Member, Name, Text


def attributes(text: str, **fragment: object) -> tuple[Attribute, ...]:
    (element,) = elements(text, **fragment)
    return bare(element.attributes)  # type: ignore[no-any-return]


def test_an_element_has_its_attributes() -> None:
    text = '<Script src="https://x.test/a.js" async id={a.b} data-x="1"/>'
    assert attributes(text) == (
        Attribute("src", Text("https://x.test/a.js")),
        Attribute("async", None),
        Attribute("id", Member(Name("a"), "b")),
        Attribute("data-x", Text("1")),
    )


def test_attributes_that_react_renames_have_their_html_names() -> None:
    assert [a.name for a in attributes('<a className="b" htmlFor="c" defaultChecked/>')] == [
        "class",
        "for",
        "defaultChecked",
    ]


def test_attributes_that_are_spread_stand_for_all() -> None:
    assert attributes("<a {...b}/>") == (Attribute("...", Name("b")),)


def test_a_string_in_markup_has_references_and_no_escapes() -> None:
    assert attributes(r'<a href="/x?a=1&amp;b=\n"/>') == (Attribute("href", Text(r"/x?a=1&b=\n")),)


def test_an_element_knows_its_start_tag_its_end_and_its_text() -> None:
    outer, inner = elements("<p>\n  Hello,\n  <b>you</b> &amp; all\n</p>")
    assert (outer.tag, outer.span.start, outer.span.end, outer.end) == ("p", 0, 3, 40)
    assert bare(outer.text) == Text("Hello, & all")
    assert (inner.tag, bare(inner.text)) == ("b", Text("you"))
    assert (inner.span.start, inner.end) == (15, 25)


def test_an_element_without_text_has_none() -> None:
    (element,) = elements("<p> {a} </p>")
    assert element.text is None


def test_a_fragment_is_no_element() -> None:
    assert [element.tag for element in elements("<><a.B/><c:d/></>")] == ["a.B", "c:d"]


def test_calls_in_markup_are_calls() -> None:
    assert calls("<a b={f(1)}>{g()}</a>", language="tsx")[1] == Invoke(Name("g"), ())


def test_a_template_literal_is_joined() -> None:
    assert attributes("<a href={`/u/${b}`}/>") == (
        Attribute("href", Join((Text("/u/"), Name("b")))),
    )
