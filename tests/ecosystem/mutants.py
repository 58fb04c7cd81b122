"""Says which case of `tests/flow` no change of the engine needs.

    python tests/ecosystem/mutants.py [--most N] [--minutes N] [--covering N]
        [--seed N] [--kept FILE]

Changes the engine (its rooms, and the rows and words that it reads) in one place at a time: a
condition that always or never holds, a part of an `and` or `or` left out, a comparison turned round
or off by one, a statement, a `case` or its guard left out, nothing given back; a row, a condition
of it or a word left out. Runs the cases that pass through the place, or whose text has the row's
words. A case that notices a change which no other notices has a reason of its own; one without is
left out in the end, unless leaving it out leaves a change unnoticed. Only changes that at most
`--covering` cases pass through are made: what very many pass through, many notice. `--kept` keeps
what was found, and a further run with another `--seed` adds to it. The status is 1 if a case is to
be left out.
"""

from __future__ import annotations

import argparse
import ast
import copy
import gc
import importlib
import json
import os
import random
import re
import signal
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from time import monotonic
from types import CodeType, FrameType, FunctionType
from typing import Any

PROJECT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(PROJECT))

from gdprlint import api  # noqa: E402
from gdprlint.errors import GdprlintError  # noqa: E402
from gdprlint.knowledge import Knowledge  # noqa: E402
from gdprlint.rules import read_page  # noqa: E402
from gdprlint.rules.page import Example  # noqa: E402
from gdprlint.testing import run_example  # noqa: E402

ROOMS = ("flow", "effects", "project", "languages/javascript", "languages/html")
THEMES = ("disclosure", "security")
OF_NAMES = ("sensitive-request-parameter",)
LONGEST = 20  # seconds for one case; a changed engine may never end

Place = tuple[str, int]
"""A line of a module: (path from the project's folder, line)."""


@dataclass(frozen=True, slots=True)
class Mutant:
    """One change: of which function, where, and its code afterwards."""

    name: str
    module: str
    qualname: str
    place: Place
    code: CodeType


@dataclass(frozen=True, slots=True)
class Row:
    """One change of what is known of the world: the entry of a list at `steps` is left out.

    `words` are such that a case may notice whose text has one of them.
    """

    name: str
    steps: tuple[str | int, ...]
    words: tuple[str, ...]


Change = Mutant | Row


def cases() -> dict[str, Example]:
    """The cases by page and name."""
    return {
        f"{page.stem}: {example.name}": example
        for page in sorted((PROJECT / "tests" / "flow").glob("*.md"))
        for example in read_page(page.read_text(encoding="utf-8")).examples
    }


def holds(case: Example) -> bool:
    """Whether a case is as it says, in bounded time."""
    signal.signal(signal.SIGALRM, _stop)
    signal.alarm(LONGEST)
    try:
        return run_example(case, case.name, select=THEMES, ignore=OF_NAMES).passed
    except Exception:
        return False
    finally:
        signal.alarm(0)


def _stop(number: int, frame: FrameType | None) -> None:
    raise TimeoutError


def coverage(found: dict[str, Example]) -> dict[Place, set[str]]:
    """The cases that pass through each line of the engine."""
    places: dict[Place, set[str]] = {}
    inside = tuple(f"{PROJECT}/gdprlint/{room}/" for room in ROOMS)
    start = len(f"{PROJECT}/")
    seen: set[Place] = set()

    def lines(frame: FrameType, event: str, argument: Any) -> Any:
        if event == "line":
            seen.add((frame.f_code.co_filename[start:], frame.f_lineno))
        return lines

    def calls(frame: FrameType, event: str, argument: Any) -> Any:
        if not frame.f_code.co_filename.startswith(inside):
            return None
        seen.add((frame.f_code.co_filename[start:], frame.f_lineno))
        return lines

    for name, case in found.items():
        seen.clear()
        sys.settrace(calls)
        try:
            run_example(case, case.name, select=THEMES, ignore=OF_NAMES)
        finally:
            sys.settrace(None)
        for place in seen:
            places.setdefault(place, set()).add(name)
    return places


# -------------------------------------------------------------------- changes


def changes(function: ast.FunctionDef) -> Iterator[tuple[int, str, ast.FunctionDef]]:
    """Every change of a function: its line, what it is, and the function afterwards."""
    nodes = list(ast.walk(function))
    for index, node in enumerate(nodes):
        for word, change in _ways(node):
            changed = copy.deepcopy(function)
            change(list(ast.walk(changed))[index])
            yield getattr(node, "lineno", function.lineno), word, changed


def _ways(node: ast.AST) -> Iterator[tuple[str, Any]]:
    match node:
        case ast.If() | ast.IfExp() | ast.While():
            yield "never", lambda n: setattr(n, "test", ast.Constant(False))
            if not isinstance(node, ast.While):
                yield "always", lambda n: setattr(n, "test", ast.Constant(True))
        case ast.BoolOp(values=values):
            for i in range(len(values)):
                yield f"without part {i}", lambda n, i=i: n.values.pop(i) and _alone(n)
        case ast.Compare(ops=[ast.In() | ast.NotIn() | ast.Eq() | ast.NotEq() | ast.Is() as op]):
            turned = {ast.In: ast.NotIn, ast.NotIn: ast.In, ast.Eq: ast.NotEq, ast.NotEq: ast.Eq}
            other = turned.get(type(op), ast.IsNot)
            yield "turned round", lambda n: setattr(n, "ops", [other()])
        case ast.match_case(guard=guard, pattern=pattern):
            if guard is not None:
                yield "without guard", lambda n: setattr(n, "guard", None)
            yield "no such case", lambda n: setattr(n, "guard", ast.Constant(False))
            if isinstance(pattern, ast.MatchOr):
                for i in range(len(pattern.patterns)):
                    yield f"without pattern {i}", lambda n, i=i: n.pattern.patterns.pop(i)
        case ast.Return(value=ast.expr() as value) if not isinstance(value, ast.Constant):
            yield "nothing", lambda n: setattr(n, "value", _nothing(n.value))
        case ast.Expr(value=ast.Yield() | ast.YieldFrom() | ast.Call()):
            yield "left out", lambda n: setattr(n, "value", ast.Constant(None))
        case ast.Continue() | ast.Break():
            yield "gone on", lambda n: setattr(n, "__class__", ast.Pass)
        case ast.UnaryOp(op=ast.Not()):
            yield "without not", lambda n: setattr(n, "operand", ast.UnaryOp(ast.Not(), n.operand))
        case ast.Compare(ops=[ast.Lt() | ast.LtE() | ast.Gt() | ast.GtE() as op]):
            bound = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}[type(op)]
            yield "one further", lambda n: setattr(n, "ops", [bound()])
        case ast.Call(func=ast.Name(id="any" | "all" | "max" | "min" as called)):
            other_name = {"any": "all", "all": "any", "max": "min", "min": "max"}[called]
            yield "as " + other_name, lambda n: setattr(n.func, "id", other_name)
        case ast.GeneratorExp() | ast.ListComp() | ast.SetComp() | ast.DictComp():
            for i, generator in enumerate(node.generators):
                for j in range(len(generator.ifs)):
                    yield f"without if {j}", lambda n, i=i, j=j: n.generators[i].ifs.pop(j)


def _alone(node: ast.AST) -> None:
    assert isinstance(node, ast.BoolOp)
    if len(node.values) == 1:
        node.values.append(node.values[0])


def _nothing(value: ast.expr) -> ast.expr:
    match value:
        case ast.List() | ast.ListComp():
            return ast.List([], ast.Load())
        case ast.Compare() | ast.BoolOp() | ast.UnaryOp():
            return ast.Constant(False)
        case ast.Tuple() | ast.Call():
            return ast.Tuple([], ast.Load())
    return ast.Constant(None)


def mutants(covered: dict[Place, set[str]], most: int) -> list[Mutant]:
    """Every change of a line that some cases pass through, but not more than `most`."""
    found: list[Mutant] = []
    for room in ROOMS:
        for file in sorted((PROJECT / "gdprlint" / room).glob("*.py")):
            path = file.relative_to(PROJECT).as_posix()
            parts = ("gdprlint", *room.split("/"), file.stem)
            module = ".".join(parts).removesuffix(".__init__")
            tree = ast.parse(file.read_text(encoding="utf-8"))
            for owner, function in _functions(tree):
                for line, word, changed in changes(function):
                    if not 0 < len(covered.get((path, line), ())) <= most:
                        continue
                    code = _compiled(tree, owner, function, changed, str(file))
                    if code is not None:
                        name = f"{path}:{line} {owner}{function.name} {word}"
                        found.append(
                            Mutant(name, module, owner + function.name, (path, line), code)
                        )
    return found


def _functions(tree: ast.Module) -> Iterator[tuple[str, ast.FunctionDef]]:
    for node in tree.body:
        if isinstance(node, ast.FunctionDef):
            yield "", node
        elif isinstance(node, ast.ClassDef):
            for inner in node.body:
                if isinstance(inner, ast.FunctionDef):
                    yield f"{node.name}.", inner


def _compiled(
    tree: ast.Module, owner: str, old: ast.FunctionDef, new: ast.FunctionDef, file: str
) -> CodeType | None:
    """The code of a changed function, as it is in its module."""
    future = [n for n in tree.body if isinstance(n, ast.ImportFrom) and n.module == "__future__"]
    new.decorator_list = []
    body: list[ast.stmt] = [new]
    if owner:
        body = [ast.ClassDef(owner.rstrip("."), [], [], [new], [])]
    made = ast.fix_missing_locations(ast.Module([*future, *body], []))
    try:
        code = compile(made, file, "exec")
    except (SyntaxError, ValueError):
        return None
    for name in (*([owner.rstrip(".")] if owner else []), old.name):
        code = next(c for c in code.co_consts if isinstance(c, CodeType) and c.co_name == name)
    return code


LISTS = ("calls", "cleaned-by", "flows", "inlined", "rows")
_TESTS = ("when", "lacks", "holds")


def rows(shelf: Any) -> Iterator[Row]:
    """Every row of `rulesets/knowledge` left out, every condition of one, every word."""
    for file, value in sorted(shelf.items()):
        if file.startswith(("knowledge/api/", "knowledge/vendors/")):
            for key in LISTS:
                for i, row in enumerate(value.get(key, ())):
                    yield from _of_row(file, key, i, row)
        elif file == "knowledge/words.yaml":
            for key, words in value.items():
                for i, word in enumerate(words if isinstance(words, list) else ()):
                    if isinstance(word, str):
                        yield Row(f"{file} {key} {word} left out", (file, key, i), (word,))
        elif file.startswith("knowledge/data/"):
            for i, category in enumerate(value["categories"]):
                for j, word in enumerate(category.get("not", ())):
                    steps = (file, "categories", i, "not", j)
                    yield Row(f"{file} {category['id']} not {word}", steps, (word.split()[0],))
                for j, group in enumerate(category.get("words", ())):
                    for k, word in enumerate(group["words"]):
                        inner = (file, "categories", i, "words", j, "words", k)
                        yield Row(f"{file} {category['id']} {word}", inner, (word.split()[0],))


def _of_row(file: str, key: str, index: int, row: Any) -> Iterator[Row]:
    spelled = " ".join(str(row[k]) for k in ("called", "assigned", "named") if k in row)
    words = _last_words(spelled or str(row.get("exported", row.get("name", ""))))
    told = f"{file} {key} {row.get('package', '')} {spelled} {row.get('from', '')}"
    yield Row(f"{told} {index} left out", (file, key, index), words)
    for test in _TESTS:
        for i, condition in enumerate(row.get(test, ())):
            name = f"{told} {index} without {test} {condition}"
            yield Row(name, (file, key, index, test, i), words)


def _last_words(spelled: str) -> tuple[str, ...]:
    alternatives = [one for one in spelled.split() if one not in ("or", "new")]
    found = (re.findall(r"[\w$]+", one) for one in alternatives)
    return tuple(words[-1] for words in found if words)


def without(shelf: Any, steps: tuple[str | int, ...]) -> Any:
    """The tables without what is at `steps`."""
    first, *rest = steps
    changed: Any = list(shelf) if isinstance(shelf, list) else dict(shelf)
    if rest:
        changed[first] = without(shelf[first], tuple(rest))
    else:
        del changed[first]
    return changed


class Tables:
    """The tables of this process: read once, and not for each case."""

    def __init__(self) -> None:
        self.shelf = api.read_shelf()
        self.ruleset = api.Ruleset([(api.shipped(), self.shelf)])
        self._knows(self.shelf)
        vars(api).update(
            read_shelf=lambda directory=None: self.shelf,
            check_references=lambda ruleset, knowledge: None,
            Ruleset=lambda shelves: self.ruleset,
        )

    def _knows(self, shelf: Any) -> None:
        knowledge = Knowledge([(api.shipped(), api.without_examples(shelf))])
        vars(api).update(Knowledge=lambda shelves: knowledge)

    def change(self, row: Row) -> bool:
        """Leave a row out, in this process; false where the tables do not hold together then."""
        try:
            self._knows(without(self.shelf, row.steps))
        except GdprlintError:
            return False
        return True


def put(mutant: Mutant) -> bool:
    """Change the engine of this process; false where the function cannot be had."""
    holder: Any = importlib.import_module(mutant.module)
    *outer, name = mutant.qualname.split(".")
    for part in outer:
        holder = getattr(holder, part)
    found = holder.__dict__.get(name)
    found = getattr(found, "fget", None) or getattr(found, "func", None) or found
    found = getattr(found, "__func__", None) or getattr(found, "__wrapped__", None) or found
    if not isinstance(found, FunctionType) or found.__code__.co_freevars != mutant.code.co_freevars:
        return False
    found.__code__ = mutant.code
    return True


def noticed_by(
    change: Change, names: list[str], found: dict[str, Example], tables: Tables
) -> set[str] | None:
    """The cases that notice a change, worked out in a process of its own."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reading)
        sys.stderr = open(os.devnull, "w")  # noqa: SIM115
        told: list[str] | None = None
        if tables.change(change) if isinstance(change, Row) else put(change):
            told = [name for name in names if not holds(found[name])]
        os.write(writing, json.dumps(told).encode())
        os._exit(0)
    os.close(writing)
    with os.fdopen(reading, encoding="utf-8") as pipe:
        text = pipe.read()
    os.waitpid(child, 0)
    told = json.loads(text) if text else None
    return set(told) if told is not None else None


# -------------------------------------------------------------------- answer


def left_out(noticed: dict[str, set[str]], found: dict[str, Example]) -> list[str]:
    """The cases to leave out, one after another, until each that stays notices alone."""
    staying = set(found)
    gone: list[str] = []
    while True:
        alone = {next(iter(s)) for s in (n & staying for n in noticed.values()) if len(s) == 1}
        spare = sorted(staying - alone, key=lambda n: (found[n].section != "Finds", n))
        if not spare:
            return gone
        staying.discard(spare[0])
        gone.append(spare[0])


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--most", type=int, default=1000, help="so many changes at most")
    parser.add_argument("--covering", type=int, default=25)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--minutes", type=float, default=600.0, help="so long at most")
    parser.add_argument("--kept", type=Path, help="what earlier runs found, as JSON")
    asked = parser.parse_args()
    gc.disable()
    tables = Tables()
    found = {name: case for name, case in cases().items() if holds(case)}
    print(f"{len(found)} cases hold", flush=True)
    covered = coverage(found)
    noticed: dict[str, set[str]] = {}
    if asked.kept is not None and asked.kept.exists():
        kept = json.loads(asked.kept.read_text(encoding="utf-8"))
        noticed = {name: set(by) & set(found) for name, by in kept.items()}
    every: list[tuple[Change, list[str]]] = [
        (mutant, sorted(covered[mutant.place])) for mutant in mutants(covered, asked.covering)
    ]
    texts = {name: " ".join(text for _, text in case.files) for name, case in found.items()}
    for row in rows(tables.shelf):
        told = [n for n, text in texts.items() if any(word in text for word in row.words)]
        if 0 < len(told) <= asked.covering:
            every.append((row, told))
    every = [(change, names) for change, names in every if change.name not in noticed]
    random.Random(asked.seed).shuffle(every)
    # What few cases pass through is tried soonest, and most likely one's alone.
    every.sort(key=lambda one: len(one[1]))
    print(f"{len(every)} changes to make, {min(len(every), asked.most)} now", flush=True)
    until = monotonic() + asked.minutes * 60
    for number, (change, names) in enumerate(every[: asked.most]):
        if monotonic() > until:
            break
        by = noticed_by(change, names, found, tables)
        if by is not None:
            noticed[change.name] = by
        if asked.kept is not None and number % 50 == 49:
            text = json.dumps({name: sorted(by) for name, by in noticed.items()})
            asked.kept.write_text(text, encoding="utf-8")
    gone = left_out(noticed, found)
    killed = sum(bool(by) for by in noticed.values())
    staying = [case for name, case in found.items() if name not in gone]
    silent = sum(case.section != "Finds" for case in staying)
    print(f"{killed} of {len(noticed)} changes are noticed")
    print(f"{len(staying)} cases notice one alone, {silent} of them stay silent")
    for name in gone:
        print(f"    leave out  {found[name].section}  {name}")
    return 1 if gone else 0


if __name__ == "__main__":
    sys.exit(main())
