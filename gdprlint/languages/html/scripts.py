"""What is the text of a script element: a script, a module, data, markup, or for later?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from gdprlint.facts import Attribute, Choice, Compare, Constant, Expr, If, Text, Way
from gdprlint.languages.html.words import words

# MIME Sniffing Standard, 4.6: JavaScript MIME types. Parameters after `;` make it another type.
_JAVASCRIPT = words(
    "application/ecmascript application/javascript application/x-ecmascript"
    " application/x-javascript text/ecmascript text/javascript text/javascript1.0"
    " text/javascript1.1 text/javascript1.2 text/javascript1.3 text/javascript1.4"
    " text/javascript1.5 text/jscript text/livescript text/x-ecmascript text/x-javascript"
)
_RULES = frozenset(("importmap", "speculationrules"))
_MARKUP = ("text/html", "template", "tmpl", "handlebars", "mustache")
# Languages of their own, which a browser never turns into a script by changing the type.
_OTHER = ("shader", "markdown", "+xml", "/xml", "text/css", "graphql", "yaml", "csv", "pdf")


@dataclass(frozen=True, slots=True)
class ScriptKind:
    """`held` where a browser does not run it as it stands, `way` where that has a condition."""

    content: Literal["script", "module", "data", "markup", "other"]
    held: bool = False
    way: Way = ()

    @property
    def runs(self) -> bool:
        """Whether a browser runs it, on some condition perhaps."""
        return self.content in ("script", "module") and not self.held


def script_kind(kind: Attribute | None, language: Attribute | None) -> ScriptKind:
    """What a script element holds, by its `type` and `language` (HTML, "prepare the script")."""
    if kind is None:
        spelled = language.value if language is not None else None
        if isinstance(spelled, Text) and spelled.text:
            return _plain("text/" + spelled.text)
        return ScriptKind("script")
    if kind.value is None:
        return ScriptKind("script")
    return _by_value(kind.value)


def _by_value(value: Expr) -> ScriptKind:
    match value:
        case Text(text):
            return _plain(text)
        case Constant(None):
            return ScriptKind("script")
        case Choice(test, yes, no):
            first, second = _by_value(yes), _by_value(no)
            if first.runs == second.runs:
                return first
            chosen = first if first.runs else second
            step = If(test, first.runs, value.start, value.end)
            return ScriptKind(chosen.content, way=(step, *chosen.way))
        case _:
            # Runs where the template makes it a script's type: its own name tells on what.
            wanted = Text("text/javascript")
            test = Compare("==", value, wanted, value.start, value.end)
            return ScriptKind("script", way=(If(test, True, value.start, value.end),))


def _plain(text: str) -> ScriptKind:
    kind = text.strip("\t\n\f\r ").lower()
    if not text or kind in _JAVASCRIPT:
        return ScriptKind("script")
    if kind == "module":
        return ScriptKind("module")
    if kind in _RULES or "json" in kind:
        return ScriptKind("data")
    if any(word in kind for word in _MARKUP):
        return ScriptKind("markup", held=True)
    if any(word in kind for word in _OTHER):
        return ScriptKind("other", held=True)
    return ScriptKind("script", held=True)
