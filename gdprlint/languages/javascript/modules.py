"""Modules: what is brought in under which name, and what is given out under which."""

from __future__ import annotations

from gdprlint.facts import Expr, Invoke, Member, Name, Text
from gdprlint.languages.javascript.expressions import string
from gdprlint.languages.javascript.parser import Node
from gdprlint.languages.javascript.walk import FUNCTIONS, Walk


def _from_module(target: Expr, exported: str) -> Expr:
    """The value that the module `target` exports under a name; `*` for all of it."""
    start, end = target.start, target.end
    return Invoke(Name("import"), (target, Text(exported, start, end)), False, start, end)


def import_statement(walk: Walk, node: Node) -> bool:
    """`import ... from "m"`; an import of types alone is nothing at run time."""
    if _is_type_only(walk, node, "import"):
        return False
    clauses = walk.solid(node)
    source = node.child_by_field_name("source")
    for clause in clauses:
        if walk.kind(clause) == "import_require_clause":
            _import_require(walk, clause)
            return False
    if source is None:
        return False
    target = string(walk, source)
    walk.note_import(target, node.start_byte + walk.shift, node.end_byte + walk.shift)
    for clause in clauses:
        if walk.kind(clause) == "import_clause":
            for part in walk.solid(clause):
                _import_names(walk, part, target)
    return False


def _is_type_only(walk: Walk, node: Node, keyword: str) -> bool:
    rest = walk.text[node.start_byte + len(keyword) : node.start_byte + len(keyword) + 60].lstrip()
    if not rest.startswith("type"):
        return False
    return any(child.type == "type" for child in node.children[:3])


def _import_names(walk: Walk, part: Node, target: Expr) -> None:
    kind = walk.kind(part)
    if kind == "identifier":
        walk.note_define(walk.spelled(part), walk.scope, _from_module(target, "default"), part)
    elif kind == "namespace_import":
        for name in walk.solid(part):
            walk.note_define(walk.spelled(name), walk.scope, _from_module(target, "*"), part)
    elif kind == "named_imports":
        for specifier in walk.solid(part):
            if walk.kind(specifier) != "import_specifier" or specifier.children[0].type == "type":
                continue
            exported, local = _specified(walk, specifier)
            walk.note_define(local, walk.scope, _from_module(target, exported), specifier)


def _is_written_bare(walk: Walk, specifier: Node) -> bool:
    """Whether the file has no brace before a name: `export v from "./v"` gives out the default."""
    before = specifier.start_byte - 1
    place = before + walk.shift - walk.fragment.offset
    return walk.text[before] == "{" and walk.fragment.text[place : place + 1] == " "


def _specified(walk: Walk, specifier: Node) -> tuple[str, str]:
    """The two names of `a as b`, which are one and the same in `a`."""
    name = specifier.child_by_field_name("name")
    alias = specifier.child_by_field_name("alias")
    names = [_export_name(walk, part) for part in (name, alias) if part is not None]
    if not names:
        words = walk.spelled(specifier).split()
        return words[0], words[-1]
    spelled = walk.spelled(specifier).split()
    if len(names) == 1 and "as" in spelled[1:-1]:
        return names[0], spelled[-1]
    return names[0], names[-1]


def _export_name(walk: Walk, node: Node) -> str:
    if walk.kind(node) == "string":
        text = string(walk, node)
        return text.text if isinstance(text, Text) else ""
    return walk.spelled(node)


def _import_require(walk: Walk, clause: Node) -> None:
    """`import x = require("m")` (TypeScript)."""
    source = clause.child_by_field_name("source")
    names = [part for part in walk.solid(clause) if walk.kind(part) == "identifier"]
    if source is None or not names:
        return
    target = string(walk, source)
    start, end = clause.start_byte + walk.shift, clause.end_byte + walk.shift
    walk.note_import(target, start, end)
    value = Invoke(Name("require"), (target,), False, start, end)
    walk.note_define(walk.spelled(names[0]), walk.scope, value, clause)


def export_statement(walk: Walk, node: Node) -> bool:
    """`export ...`, in all its forms."""
    if _is_type_only(walk, node, "export"):
        return False
    source = node.child_by_field_name("source")
    target = string(walk, source) if source is not None else None
    if target is not None:
        walk.note_import(target, node.start_byte + walk.shift, node.end_byte + walk.shift)
    declaration = node.child_by_field_name("declaration")
    value = node.child_by_field_name("value")
    for child in walk.solid(node):
        if walk.kind(child) == "decorator":
            walk.expression(child)
    if declaration is not None:
        _export_declaration(walk, node, declaration)
    elif value is not None:
        _export_default(walk, node, value)
    else:
        _export_names(walk, node, target)
    return False


def _is_default(walk: Walk, node: Node) -> bool:
    return any(child.type == "default" for child in node.children)


def _export_declaration(walk: Walk, node: Node, declaration: Node) -> None:
    """The names that a declaration defines are exported, or the one, as the default."""
    mark = len(walk.facts)
    scope = walk.scope
    if walk.kind(declaration) in FUNCTIONS or walk.kind(declaration) == "class":
        _export_default(walk, node, declaration)
        return
    walk.statement(declaration)
    names = walk.defined_since(mark, scope)
    if not names:
        return
    default = _is_default(walk, node)
    for name in names:
        start, end = declaration.start_byte + walk.shift, declaration.end_byte + walk.shift
        exported = "default" if default else name
        value = Name(name, scope, start, end)
        walk.note_define(f"export {exported}", walk.module_scope, value, declaration)


def _export_default(walk: Walk, node: Node, value: Node) -> None:
    given = walk.expression(value)
    walk.note_define("export default", walk.module_scope, given, node)


def _export_names(walk: Walk, node: Node, target: Expr | None) -> None:
    parts = walk.solid(node)
    for part in parts:
        kind = walk.kind(part)
        if kind == "namespace_export" and target is not None:
            for name in walk.solid(part):
                exported = _export_name(walk, name)
                walk.note_define(
                    f"export {exported}", walk.module_scope, _from_module(target, "*"), part
                )
            return
        if kind == "export_clause":
            for specifier in walk.solid(part):
                _export_one(walk, specifier, target)
            return
    if target is not None:
        walk.note_define("export *", walk.module_scope, _from_module(target, "*"), node)
        return
    for part in parts:
        # `export = x` (TypeScript) is what its compiler makes of it for CommonJS.
        given = walk.expression(part)
        start = node.start_byte + walk.shift
        module = Name("module", walk.scope, start, start)
        walk.note_assign(Member(module, "exports", start, start), given, node)


def _export_one(walk: Walk, specifier: Node, target: Expr | None) -> None:
    if walk.kind(specifier) != "export_specifier" or specifier.children[0].type == "type":
        return
    local, exported = _specified(walk, specifier)
    start, end = specifier.start_byte + walk.shift, specifier.end_byte + walk.shift
    value: Expr = Name(local, walk.scope, start, end)
    if target is not None:
        value = _from_module(target, "default" if _is_written_bare(walk, specifier) else local)
    walk.note_define(f"export {exported}", walk.module_scope, value, specifier)
