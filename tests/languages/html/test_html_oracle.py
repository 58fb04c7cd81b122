"""Our tags and attributes against those of a whole HTML parser."""

from __future__ import annotations

import turbohtml
from html_reading import elements, read
from hypothesis import given, settings
from hypothesis import strategies as st

PARTS = [
    *(f"<{name}>" for name in ("div", "p", "b", "a", "table", "tr", "td", "select", "option")),
    *(f"</{name}>" for name in ("div", "p", "b", "a", "table", "tr", "td", "select", "option")),
    "<li ", "<img\n", "<input/", "<title>", "</title>", "<script>", "</script >", "<style>",
    "</style>", "<textarea>", "</textarea>", "<noscript>", "</noscript>", "<svg>", "</svg>",
    'href="x&amp;y"', "id='q'", "x=1", "X=2", "/", ">", " ", "\n", '"', "=z", 'd = "e"', "v=&lt",
    "<!--", "-->", "<!-->", "--!>", "<!x>", "<?pi?>", "</>", "</3>", "<3", "text", "é", "<![CDATA[",
]  # fmt: skip


def theirs(text: str) -> dict[tuple[int, int], tuple[str, dict[str, int], int | None]]:
    found = {}
    for node in turbohtml.parse(text, source_locations=True).descendants:
        if not isinstance(node, turbohtml.Element) or node.source_location is None:
            continue
        place = node.source_location
        attributes = {name: span.start_offset for name, span in place.attrs.items()}
        end = None if place.end_tag is None else place.end_tag.end_offset
        key = (place.start_tag.start_offset, place.start_tag.end_offset)
        found[key] = (node.tag.lower(), attributes, end)
    return found


def ours(text: str) -> dict[tuple[int, int], tuple[str, dict[str, int], int | None]]:
    found = {}
    for element in elements(read(text)):
        attributes: dict[str, int] = {}
        for attribute in element.attributes:
            attributes.setdefault(attribute.name, attribute.start)
        found[(element.span.start, element.span.end)] = (element.tag, attributes, element.end)
    return found


@settings(max_examples=400, deadline=None)
@given(st.lists(st.sampled_from(PARTS), max_size=24).map("".join))
def test_every_tag_and_attribute_is_found_where_it_is(text: str) -> None:
    mine = ours(text)
    for place, (tag, attributes, _) in theirs(text).items():
        # In SVG, scripts and styles are read up to their end tags; a browser reads markup there.
        if "<svg>" in text and ("<script>" in text or "<style>" in text):
            continue
        assert mine[place][:2] == (tag, attributes)


BLOCKS = st.recursive(
    st.sampled_from(["text", "<img src=a>", "<br>", "<!-- c -->", "<title>a<b</title>"]),
    lambda inner: st.one_of(
        st.builds("<div class=x>{}</div>".format, inner),
        st.builds("<section>{}{}</section>".format, inner, inner),
        st.builds("<ul><li>{}<li>{}</ul>".format, inner, inner),
        st.builds("<ul><li>{}</li><li>{}</li></ul>".format, inner, inner),
        st.builds("<dl><dt>a<dd>{}<dt>b</dl>".format, inner),
        st.builds("<table><tr><td>{}<td>{}<tr><th>a</th></table>".format, inner, inner),
        st.builds("<table><tbody><tr><td>{}</td></tr></tbody></table>".format, inner),
        st.builds("<select><option>a<option value=b>{}</option></select>".format, st.just("b")),
        st.builds("<label>{}</label>".format, st.just("a <input name=b>")),
        st.builds("<noscript>{}</noscript>".format, inner),
        st.builds("<svg><title><b>x</b></title><path/><g>{}</g></svg>".format, st.just("<a>t</a>")),
    ),
    max_leaves=12,
)


@settings(max_examples=250, deadline=None)
@given(BLOCKS)
def test_elements_end_where_their_end_tags_are(inner: str) -> None:
    text = f"<!doctype html><html><head><title>t</title></head><body>{inner}</body></html>"
    mine = ours(text)
    for place, (_, _, end) in theirs(text).items():
        if end is not None:
            assert mine[place][2] == end
