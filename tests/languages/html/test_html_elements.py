"""Elements, attributes, ends and texts."""

from __future__ import annotations

import pytest
from html_reading import element, elements, read, shown, unread, value

from gdprlint.facts import Gate, Text


def test_an_attribute_value_spans_what_is_between_its_quotes() -> None:
    assert value('<a href="/x">', "a", "href") == Text("/x", 9, 11)


def test_an_attribute_spans_its_name_and_its_value() -> None:
    href = element('<a  href = "/x" >', "a").attributes[0]
    assert (href.start, href.end) == (4, 15)


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('"a"', "a"),
        ("'a'", "a"),
        ("a", "a"),
        ("a/b", "a/b"),
        ('""', ""),
        ("", ""),
        ('"?a=1&amp;b=2"', "?a=1&b=2"),
        ('"?a=1&copy=2&reg"', "?a=1&copy=2®"),
        ('"&#65;&#x42;&quot;"', 'AB"'),
    ],
)
def test_values_are_decoded_as_browsers_decode_them(written: str, expected: str) -> None:
    assert shown(value(f"<a href={written}>", "a", "href")) == expected


def test_an_attribute_without_a_value_has_none() -> None:
    assert value("<script async src=a></script>", "script", "async") is None


def test_names_are_lower_cased() -> None:
    assert shown(value('<IMG SRC="A">', "img", "src")) == "A"


def test_of_two_attributes_of_one_name_the_first_counts() -> None:
    assert shown(value("<img src=a src=b>", "img", "src")) == "a"


def test_a_greater_than_sign_in_quotes_ends_no_tag() -> None:
    assert element('<a title="a > b" href=x>t</a>', "a").span.end == 24


def test_an_element_ends_with_its_end_tag() -> None:
    assert element("<div><p>a</p></div>b", "div").end == 19


def test_a_void_element_ends_with_its_tag() -> None:
    assert element("<img><p>", "img").end == 5


@pytest.mark.parametrize(
    ("text", "tag", "end"),
    [
        ("<ul><li>a<li>b</ul>", "li", 9),
        ("<p>a<div>b</div>", "p", 4),
        ("<p>a<p>b", "p", 4),
        ("<select><option>a<option>b</select>", "option", 17),
        ("<table><tr><td>a<td>b</table>", "td", 16),
        ("<table><tr><td>a<tr><td>b</table>", "tr", 16),
        ("<dl><dt>a<dd>b</dl>", "dt", 9),
        ("<div><span>a</div>b", "span", 12),
        ("<div>a", "div", 6),
        ("<ul><li><ul><li>a</ul>b</ul>", "li", 23),
    ],
)
def test_ends_are_implied_as_html_says(text: str, tag: str, end: int) -> None:
    assert element(text, tag).end == end


def test_a_button_says_its_text_with_white_space_folded() -> None:
    text = "<button> Allow \n <b>all</b>\tcookies </button>"
    assert shown(element(text, "button").text) == "Allow all cookies"


def test_a_title_is_text_and_holds_no_elements() -> None:
    reading = read("<title>a <b> &amp; c</title>")
    assert [(found.tag, shown(found.text)) for found in elements(reading)] == [
        ("title", "a <b> & c")
    ]


def test_a_long_text_is_cut_after_200_characters() -> None:
    found = element("<label>" + "x" * 300 + "</label>", "label")
    assert shown(found.text) == "x" * 200


def test_other_elements_keep_no_text() -> None:
    assert element("<div>text</div>", "div").text is None


def test_a_comment_holds_no_elements() -> None:
    reading = read("<!-- <img src=a> --><!--> <p>")
    assert [found.tag for found in elements(reading)] == ["p"]


def test_a_comment_keeps_its_text_for_ignores() -> None:
    reading = read("<!-- gdprlint: ignore -->")
    assert [comment.text for comment in reading.comments] == [" gdprlint: ignore "]


def test_conditional_comments_of_old_browsers_are_comments() -> None:
    assert elements(read("<!--[if IE]><script src=a></script><![endif]-->")) == []


def test_the_inside_of_noscript_is_behind_a_gate() -> None:
    way = element("<noscript><img src=a></noscript>", "img").way
    assert [step.tag for step in way if isinstance(step, Gate)] == ["noscript"]


def test_after_noscript_there_is_no_gate() -> None:
    assert element("<noscript></noscript><img src=a>", "img").way == ()


def test_an_element_that_keeps_its_address_for_later_is_behind_a_gate() -> None:
    way = element('<iframe data-src="https://e.example/"></iframe>', "iframe").way
    assert [step.tag for step in way if isinstance(step, Gate)] == ["iframe"]


def test_an_element_with_an_address_is_not_waiting() -> None:
    assert element('<img src=a data-src="b">', "img").way == ()


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("<p><!-- a", "the comment is not closed"),
        ('<p><a href="x', "the tag is not closed"),
        ("<p></a", "the end tag is not closed"),
        ("<script>a()", "the script element is not closed"),
    ],
)
def test_what_is_not_closed_is_unread(text: str, why: str) -> None:
    assert unread(read(text)) == [why]


def test_an_unread_stretch_names_the_hosts_in_it_at_their_places() -> None:
    reading = read("<p><!-- //t.example/x")
    (fact,) = (fact for fact in reading.facts if fact not in elements(reading))
    assert [(mention.text, mention.start) for mention in fact.mentions] == [("t.example", 10)]
