"""Changes of a script that change nothing of what it does.

Each takes the files of a case and a way to choose among things, and gives the files that it makes
of them, or None where there is nothing to change. Places come from esprima; what it cannot read,
such as TypeScript, is left as it is.
"""

from __future__ import annotations

import posixpath
import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from typing import Any, TypeVar

import esprima

T = TypeVar("T")
Files = Mapping[str, str]
Choose = Callable[[Sequence[T]], T]
Transformation = Callable[[Files, "Choose[Any]"], Files | None]

_INLINE = re.compile(r"<script(?P<attributes>[^>]*)>(?P<text>.*?)</script>", re.DOTALL)
_HANDLER = re.compile(r"\son\w+=")
_FUNCTIONS = frozenset(
    {"FunctionDeclaration", "FunctionExpression", "ArrowFunctionExpression", "MethodDefinition"}
)
_CLASSES = frozenset({"ClassDeclaration", "ClassExpression"})
_LOOPS = frozenset({"ForStatement", "ForInStatement", "ForOfStatement"})
# What belongs to the function that it stands in.
_STUCK = frozenset(
    {"AwaitExpression", "YieldExpression", "ThisExpression", "Super", "JSXElement", "MetaProperty"}
)
# Nobody writes a function for these; callbacks stay where they are called back from.
_BARE = frozenset({"Literal", "Identifier", "SpreadElement", "TemplateLiteral"})
# What runs under a condition is not to be written where it would hold no longer.
_CONDITIONAL = frozenset(
    {"IfStatement", "WhileStatement", "ConditionalExpression", "LogicalExpression", "SwitchCase"}
)
# Configuration is read as it is written.
_CONFIGURATION = re.compile(r"\bconf(?:ig)?\b")
_HOOK = re.compile(r"use[A-Z]")


@dataclass(frozen=True, slots=True)
class Spot:
    """A node of esprima's tree, the name of its field in its parent, and its parents outwards."""

    node: Any
    field: str
    above: tuple[Any, ...]

    @property
    def parent(self) -> Any:
        return self.above[0] if self.above else None


@dataclass(frozen=True, slots=True)
class Script:
    """A script of a case: where it begins in its file, and all nodes of its tree."""

    path: str
    offset: int
    text: str
    spots: tuple[Spot, ...]

    @property
    def tree(self) -> Any:
        return self.spots[0].node

    def spelled(self, node: Any) -> str:
        return self.text[node.range[0] : node.range[1]]


def scripts_of(files: Files) -> list[Script]:
    """All scripts that the oracle can read, those between the tags of pages among them."""
    found: list[Script | None] = []
    for path, text in files.items():
        if path.endswith((".js", ".jsx", ".mjs")):
            found.append(_script(path, 0, text))
        elif path.endswith(".html"):
            for match in _INLINE.finditer(text):
                if "src=" not in match["attributes"] and "text/" not in match["attributes"]:
                    found.append(_script(path, match.start("text"), match["text"]))
    return [script for script in found if script is not None]


def _script(path: str, offset: int, text: str) -> Script | None:
    for parse in (esprima.parseScript, esprima.parseModule):
        try:
            tree = parse(text, {"range": True, "jsx": True})
        except esprima.Error:
            continue
        return Script(path, offset, text, tuple(_spots(tree)))
    return None


def _spots(tree: Any) -> Iterator[Spot]:
    waiting = [Spot(tree, "", ())]
    while waiting:
        spot = waiting.pop()
        yield spot
        above = (spot.node, *spot.above)
        for field, value in vars(spot.node).items():
            for child in value if isinstance(value, list) else [value]:
                if isinstance(getattr(child, "type", None), str) and hasattr(child, "range"):
                    waiting.append(Spot(child, field, above))


def edited(files: Files, edits: Iterable[tuple[str, int, int, str]]) -> Files:
    """The files with stretches (path, start, end) replaced; of two at one place, the first."""
    made = dict(files)
    for path, start, end, text in sorted(set(edits), key=lambda e: (e[1], e[2]), reverse=True):
        made[path] = made[path][:start] + text + made[path][end:]
    return made


def fresh(files: Files, stem: str) -> str:
    """A name that the case does not have."""
    whole = "\n".join(files.values())
    return next(name for i in range(1, 1000) if (name := f"{stem}{i}") not in whole)


# ---------------------------------------------------------------- names


def declared(script: Script) -> dict[str, bool]:
    """The names that a script declares, and whether all of it is in functions."""
    found: dict[str, bool] = {}
    for spot in script.spots:
        node, inside = spot.node, any(one.type in _FUNCTIONS for one in spot.above)
        names: list[str] = []
        if node.type == "VariableDeclarator":
            names += _bound(node.id)
        elif node.type == "CatchClause" and node.param is not None:
            names += _bound(node.param)
        elif node.type in _FUNCTIONS | _CLASSES and getattr(node, "id", None) is not None:
            names.append(node.id.name)
        for name in names:
            found[name] = found.get(name, True) and inside
        for parameter in getattr(node, "params", None) or ():
            for name in _bound(parameter):
                found[name] = found.get(name, True)
    return found


def _bound(pattern: Any) -> list[str]:
    match pattern.type:
        case "Identifier":
            return [pattern.name]
        case "ObjectPattern":
            return [n for p in pattern.properties for n in _bound(getattr(p, "value", None) or p)]
        case "ArrayPattern":
            return [n for p in pattern.elements if p is not None for n in _bound(p)]
        case "AssignmentPattern":
            return _bound(pattern.left)
        case "RestElement":
            return _bound(pattern.argument)
    return []


def _is_key(spot: Spot) -> bool:
    """Whether an identifier names a member, not a value."""
    parent = spot.parent
    if parent is None or getattr(parent, "computed", False):
        return False
    return (parent.type, spot.field) in {
        ("MemberExpression", "property"),
        ("Property", "key"),
        ("MethodDefinition", "key"),
        ("PropertyDefinition", "key"),
        ("FieldDefinition", "key"),
        ("ImportSpecifier", "imported"),
        ("LabeledStatement", "label"),
        ("BreakStatement", "label"),
        ("ContinueStatement", "label"),
    }


def renaming(tells: Callable[[str], bool]) -> Transformation:
    """Another name for a local, wherever its script says it; names that tell of data are kept."""

    def rename(files: Files, choose: Choose[Any]) -> Files | None:
        options = [
            (script, name)
            for script in scripts_of(files)
            for name in sorted(renamable(files, script))
            if not tells(name)
        ]
        if not options:
            return None
        script, name = choose(options)
        stem = "V" if name[:1].isupper() else "useV" if re.match(r"use[A-Z]", name) else "v"
        return edited(files, _renamed(script, name, fresh(files, stem)))

    return rename


def renamable(files: Files, script: Script) -> Set[str]:
    """The names whose every occurrence is in this script, as far as they are one name."""
    others = edited(files, [(script.path, script.offset, script.offset + len(script.text), "")])
    elsewhere = set(re.findall(r"[\w$]+", "\n".join(others.values())))
    kept = {
        name.name
        for spot in script.spots
        if spot.node.type in ("ExportSpecifier", "ImportSpecifier", "JSXOpeningElement")
        or spot.node.type in ("ImportDefaultSpecifier", "ImportNamespaceSpecifier")
        for key in ("local", "exported", "imported", "name")
        if (name := getattr(spot.node, key, None)) is not None and hasattr(name, "name")
    }
    for spot in script.spots:
        if spot.field == "declaration":
            kept |= {name for part in _spots(spot.node) for name in _names_in(part.node)}
    for spot in script.spots:
        if spot.node.type == "Literal" and isinstance(spot.node.value, str):
            # A handler in markup that the script writes says a name of the script's.
            kept.update(re.findall(r"[\w$]+", spot.node.value))
    return {
        name
        for name, inside in declared(script).items()
        if name not in kept and (inside or name not in elsewhere)
    }


def _names_in(node: Any) -> Iterator[str]:
    if node.type == "Identifier":
        yield node.name


def _renamed(script: Script, name: str, other: str) -> Iterator[tuple[str, int, int, str]]:
    at = script.offset
    short = {
        tuple(spot.node.key.range)
        for spot in script.spots
        if spot.node.type == "Property" and spot.node.shorthand
    }
    for spot in script.spots:
        node = spot.node
        if node.type == "Identifier" and node.name == name:
            start, end = node.range
            if (start, end) in short:
                yield script.path, at + start, at + end, f"{name}: {other}"
            elif not _is_key(spot):
                yield script.path, at + start, at + end, other


# ---------------------------------------------------------------- literals


def splitting(files: Files, choose: Choose[Any]) -> Files | None:
    """`"ab"` becomes `("a" + "b")`; modules' names and keys have to stay literals."""
    options = [
        (script, spot.node)
        for script in scripts_of(files)
        for spot in script.spots
        if spot.node.type == "Literal" and _may_split(script, spot)
    ]
    if not options:
        return None
    script, node = choose(options)
    raw = script.spelled(node)
    at = choose(range(2, len(raw) - 1))
    text = f"({raw[:at]}{raw[0]} + {raw[0]}{raw[at:]})"
    start, end = node.range
    return edited(files, [(script.path, script.offset + start, script.offset + end, text)])


def _may_split(script: Script, spot: Spot) -> bool:
    raw, parent = script.spelled(spot.node), spot.parent
    if raw[:1] not in "'\"" or len(raw) < 4 or "\\" in raw or _is_key(spot):
        return False
    if parent.type.startswith(("Import", "Export", "JSX")) or parent.type == "ExpressionStatement":
        return False
    return not _loads(parent)


def _loads(node: Any) -> bool:
    """Whether a call brings a module in."""
    callee = getattr(node, "callee", None)
    return node.type == "ImportExpression" or (
        callee is not None
        and (callee.type == "Import" or getattr(callee, "name", "") in ("require", "import"))
    )


# ---------------------------------------------------------------- functions and modules


@dataclass(frozen=True, slots=True)
class Part:
    """An expression that may stand in a function of its own, and the statement that it is in."""

    script: Script
    node: Any
    statement: Any

    @property
    def spelled(self) -> str:
        return self.script.spelled(self.node)


def parts_of(script: Script, changing: Set[str]) -> Iterator[Part]:
    """The expressions of a script that a function may work out in their place.

    What holds functions stays where it is called back from, modules are loaded where they are, and
    React's hooks are called by components and hooks alone. Names that are given several values, or
    whose object is changed, perhaps by who imports it, are told apart by where they are read and
    made. Elements are read where they are written, as markup or as their attributes.
    """
    for spot in script.spots:
        if not _is_value(spot) or spot.node.type in _FUNCTIONS | _CLASSES | _BARE:
            continue
        inner = [part.node for part in _spots(spot.node)]
        names = {one.name for one in inner if one.type == "Identifier"}
        target = getattr(spot.parent, "id", None) or getattr(spot.parent, "left", None)
        held = {*_bound(target)} if target is not None else set()
        if any(one.type in _STUCK | _FUNCTIONS or _loads(one) for one in inner):
            continue
        if held and any(one.type.startswith("Export") for one in spot.above):
            continue
        if (
            "bind" in names
            or (names | held) & changing
            or "arguments" in names
            or any(map(_HOOK.match, names))
        ):
            continue
        if _is_element(spot.node) or any("<" in str(getattr(one, "value", "")) for one in inner):
            continue
        if all(one.type in ("MemberExpression", "Identifier", "Literal") for one in inner):
            continue
        statement = _statement_around(spot)
        if statement is not None:
            yield Part(script, spot.node, statement)


def _is_element(node: Any) -> bool:
    """Whether an object may be the attributes of an element."""
    keys = {
        getattr(one.key, "name", "")
        for one in getattr(node, "properties", None) or ()
        if one.type == "Property"
    }
    return not keys.isdisjoint({"class", "className", "id", "name", "type"})


def changing_in(scripts: Iterable[Script]) -> Set[str]:
    """The names that the scripts give several values, in one scope or several, and those of
    objects that they change: whose members they give a value, or call for nothing but that."""
    given: list[str] = []
    for spot in (spot for script in scripts for spot in script.spots):
        node = spot.node
        if node.type == "VariableDeclarator":
            given += _bound(node.id)
        elif node.type == "AssignmentExpression":
            given += _bound(node.left) or 2 * _changed(node.left)
        elif node.type == "ExpressionStatement" and node.expression.type == "CallExpression":
            given += 2 * _changed(node.expression.callee)
        given += [name for one in getattr(node, "params", None) or () for name in _bound(one)]
    return {name for name in given if given.count(name) > 1}


def _changed(member: Any) -> list[str]:
    """The name of the object that a member is of."""
    while member.type == "MemberExpression":
        member = member.object
        if member.type == "Identifier":
            return [member.name]
    return []


def _is_value(spot: Spot) -> bool:
    parent = spot.parent
    if parent is None:
        return False
    match parent.type, spot.field:
        case ("CallExpression" | "NewExpression", "arguments"):
            return not _loads(parent)
        case ("AssignmentExpression", "right"):
            return bool(parent.operator == "=")
        case ("VariableDeclarator", "init") | ("ReturnStatement", "argument"):
            return True
        case ("Property", "value"):
            return bool(spot.above[1].type == "ObjectExpression") and not parent.shorthand
    return False


def _statement_around(spot: Spot) -> Any | None:
    """The statement in a block before which a function can be written that sees the same names."""
    inner = spot.node
    for outer in spot.above:
        if outer.type in ("BlockStatement", "Program"):
            return inner
        if outer.type in _FUNCTIONS | _CLASSES | _LOOPS | _CONDITIONAL:
            return None
        inner = outer
    return None


def extracting(files: Files, choose: Choose[Any]) -> Files | None:
    """An expression becomes the result of a function that is written before its statement."""
    scripts = [script for script in scripts_of(files) if not _CONFIGURATION.search(script.path)]
    changing = changing_in(scripts)
    options = [part for script in scripts for part in parts_of(script, changing)]
    if not options:
        return None
    part = choose(options)
    name = fresh(files, "made")
    at, (start, end) = part.script.offset, part.node.range
    first = at + part.statement.range[0]
    made = choose(
        [
            f"const {name} = () => ({part.spelled});\n",
            f"const {name} = function () {{ return {part.spelled}; }};\n",
        ]
    )
    path = part.script.path
    return edited(files, [(path, first, first, made), (path, at + start, at + end, f"{name}()")])


def moving(files: Files, choose: Choose[Any]) -> Files | None:
    """An expression that needs nothing of its script becomes a function of another module."""
    scripts = scripts_of(files)
    own = {name for script in scripts for name in declared(script)}
    own |= {spot.node.local.name for s in scripts for spot in s.spots if _imports(spot)}
    options = [
        (part, joined)
        for script in scripts
        if not _CONFIGURATION.search(script.path)
        if (joined := _joined(files, script)) is not None
        for part in parts_of(script, changing_in(scripts))
        if own.isdisjoint(re.findall(r"[\w$]+", part.spelled))
    ]
    if not options:
        return None
    part, (brought, given) = choose(options)
    name, stem = fresh(files, "made"), fresh(files, "moved")
    script = part.script
    folder = posixpath.dirname(script.path)
    at, (start, end) = script.offset, part.node.range
    first = script.text[: len(script.text) - len(script.text.lstrip())]
    place = at + len(first)
    made = edited(
        files,
        [
            (script.path, place, place, brought.format(name=name, module=f"./{stem}.js") + "\n"),
            (script.path, at + start, at + end, f"{name}()"),
        ],
    )
    if script.offset:
        tag = files[script.path].rindex("<script", 0, at)
        if "module" not in files[script.path][tag:at]:
            made = edited(made, [(script.path, tag + 7, tag + 7, ' type="module"')])
    path = posixpath.join(folder, f"{stem}.js")
    return {**made, path: given.format(name=name, value=part.spelled) + "\n"}


def _imports(spot: Spot) -> bool:
    return spot.node.type in (
        *("ImportSpecifier", "ImportDefaultSpecifier", "ImportNamespaceSpecifier"),
    )


def _joined(files: Files, script: Script) -> tuple[str, str] | None:
    """How a module is brought in by this script, and how it gives something out; None where a
    script of a page cannot be made a module."""
    module = ("import {{ {name} }} from '{module}';", "export const {name} = () => ({value});")
    if script.tree.sourceType == "module":
        return module
    if re.search(r"\brequire\(|\bmodule\.exports\b|\bexports\.\w", script.text):
        return (
            "const {{ {name} }} = require('{module}');",
            "exports.{name} = () => ({value});",
        )
    page = files[script.path]
    if script.path.endswith(".html") and page.count("<script") == 1:
        return module if not any(map(_HANDLER.search, files.values())) else None
    return None


# ---------------------------------------------------------------- statements

_UNRELATED = (
    "const {name} = [1, 2].map((n) => n * 2);",
    "let {name} = 0; for (let i = 0; i < 2; i++) {{ {name} += i; }}",
    "function {name}(a, b) {{ let value = a; value = b; return value; }}",
    "if (Math.random() > 2) {{ var {name} = 'never'; }}",
    "try {{ JSON.parse('1'); }} catch (a) {{ void a; }}",
    "class {name} {{ get value() {{ return 1; }} }}",
)


def adding(files: Files, choose: Choose[Any]) -> Files | None:
    """A statement that has to do with nothing, between two others."""
    options = [
        (script, spot.node)
        for script in scripts_of(files)
        for spot in script.spots
        if spot.field == "body"
        and spot.parent.type in ("Program", "BlockStatement")
        and not getattr(spot.node, "directive", None)
    ]
    if not options:
        return None
    script, node = choose(options)
    start = script.offset + node.range[0]
    text = choose(_UNRELATED).format(name=fresh(files, "other"))
    return edited(files, [(script.path, start, start, text + "\n")])
