"""An independent parser sees the same calls, assignments and strings at the same places."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import esprima
import pytest
from javascript_reading import reading
from syntax_oracle import ASSIGNMENTS, CALLS, calls_of, nodes_of, places_of

from gdprlint.facts import Assign, Call, Expr, Items, Keyword, Record, Text

SCRIPTS = {
    "consent": r"""
const queue = (window.dataLayer = window.dataLayer || []), id = "G-\u0031\x32";
function tag() { queue.push(arguments); }
tag('js', new Date()); tag("config", id, { 'anonymize_ip': true, page: location.pathname + "?x" });
if (!document.cookie.includes('ok=1')) { show('banner', 'it\'s', "line\
end"); } else load(`https://x.test/${id}.js`);
document.cookie = 'seen=' + encodeURIComponent(id) + "; path=/";
""",
    "promises": """
fetch('/api', { method: "POST", body: JSON.stringify({ email: form.email.value }) })
  .then(r => r.ok ? r.json() : Promise.reject(new Error('no')))
  .then(({ user: { name = "nobody" } = {}, ...rest }) => { state.user = name; save(rest); })
  .catch(() => {}).finally(function () { busy = false; });
""",
    "modern": """
class Store extends Base {
  #items = new Map(); static shared = new Store('shared');
  get size() { return this.#items.size; }
  *each(step = next("first")) { for (const x of this.walk(step)) yield* x.parts(); }
  set(key, value) { (this.#items).set(key, value ?? fallback?.("none")); return this; }
  static { Store.ready = true; init(`now`); }
}
const { a, b: [c, d = make("d")] = [] } = source(), last = (x, y), big = 1_000n;
label: for (const [k, v] of Object.entries(a)) { if (k in b) continue label;
  c[k] ||= v; d[k] += 'z'; }
async function run() {
  const m = await (await open('db')).read?.(["x", "y"]); return m?.[0]?.go(); }
""",
    "minified": """
!function(e,t){"use strict";var n=e.q=e.q||[],r=0;t.src="//c.test/a.js",t.onload=function(){
n.push(["a",r++])},e.f?e.f("x"):(n.i=1,n.s("y")),
e.g&&e.g(t.h=+new Date,void 0,!0);for(var i=n.length;i--;)n[i]=o(n[i]);
function o(e){return e=e||{},function(t){return a(e,t)(t)("z")}}try{s()}catch(e){u("err",e)}
switch(t.k){case"one":f1();case"two":g1("q");break;
default:h1(t.l="m")}}(window,document.createElement("script"));
""",
    "tagged": r"""
const page = html`<p title="${t('x')}">${items.map(i => css`a${i}`)}</p>`,
  raw = String.raw`\n${f("g")}`;
const re = /a\/(b)/gi.exec("a/b"), neg = -(x ** 2),
  fn = async x => await y(x), obj = { m() { return super.m("s"); },
  [k("l")]: 1 };
new (find("Class"))("arg"); new Other; function Z() { new a.b.C(new.target && d("e")) }
delete o[p("q")]; typeof r("s") === 'string';
x = y = z("deep"); (u.v)["w"] = (h)("i");
do { i1() } while (j1("k")); with_(l1 = "m"); a1 ? b1("c") : d1 ? e1("f") : g2("h");
""",
}
MODULES = {
    "module": """
import first, { second as other } from "./one.js"; import * as all from 'two'; import "three";
export const value = other(first("a")), more = all.go?.("b");
export { value as v }; export * from "four";
export default class extends other(all) { run() {
  return import("./lazy.js").then(m => m.default("c")); } }
const meta = import.meta.url + "x"; await first(`top`); value.x = await second("d");
""",
}


def oracle(name: str) -> tuple[str, Any]:
    if name in MODULES:
        text = MODULES[name]
        return text, esprima.parseModule(text, {"range": True})
    text = SCRIPTS[name]
    return text, esprima.parseScript(text, {"range": True})


@pytest.mark.parametrize("name", [*SCRIPTS, *MODULES])
def test_the_oracle_sees_the_same_calls(name: str) -> None:
    text, tree = oracle(name)
    seen = places_of(tree, CALLS)
    kind = "module" if name in MODULES else "script"
    ours = calls_of(reading(text, kind=kind).facts)
    assert set(ours) == seen
    assert len(ours) == len(seen)


@pytest.mark.parametrize("name", [*SCRIPTS, *MODULES])
def test_the_oracle_sees_the_same_assignments(name: str) -> None:
    text, tree = oracle(name)
    seen = places_of(tree, ASSIGNMENTS)
    kind = "module" if name in MODULES else "script"
    ours = [f for f in reading(text, kind=kind).facts if isinstance(f, Assign)]
    assert {(f.span.start, f.span.end) for f in ours} == seen


def strings(value: Expr) -> Iterator[Text]:
    """The texts that are arguments or values themselves, or parts of a record or an array."""
    match value:
        case Text():
            yield value
        case Items(items):
            for item in items:
                yield from strings(item)
        case Keyword(_, inner):
            yield from strings(inner)
        case Record(entries):
            for entry in entries:
                yield from strings(entry.value)


@pytest.mark.parametrize("name", [*SCRIPTS, *MODULES])
def test_the_oracle_reads_the_same_strings(name: str) -> None:
    text, tree = oracle(name)
    seen = {
        tuple(node.range): node.value
        for node in nodes_of(tree, {"Literal"})
        if isinstance(node.value, str)
    }
    kind = "module" if name in MODULES else "script"
    ours: dict[tuple[int, int], str] = {}
    for fact in reading(text, kind=kind).facts:
        values: tuple[Expr, ...] = ()
        if isinstance(fact, Call):
            values = fact.invoke.arguments
        elif isinstance(fact, Assign):
            values = (fact.value,)
        for value in values:
            for literal in strings(value):
                if text[literal.start] in "'\"":
                    ours[literal.start, literal.end] = literal.text
    given = {
        tuple(argument.range)
        for node in nodes_of(tree, {"CallExpression", "NewExpression"})
        for argument in node.arguments
        if argument.type == "Literal" and isinstance(argument.value, str)
    }
    assert given <= set(ours)
    assert {place: seen.get(place) for place in ours} == ours
