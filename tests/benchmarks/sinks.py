"""Does the work of a scan grow with its sinks or with its size?

    python tests/benchmarks/sinks.py [--modules N] [--repeat N]

The same sinks, once among N modules of other code and once among twice as many. What rules ask of
values is asked backwards from sinks, so it should cost the same both times; reading, and
recognising what each call is, may cost twice as much. Processor seconds of one process, each figure
the least of several runs.
"""

from __future__ import annotations

import argparse
import gc
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Callable
from dataclasses import dataclass
from functools import wraps
from pathlib import Path
from time import process_time
from typing import Any

ROOT = Path(__file__).resolve().parents[2]
LEAK = ROOT / "examples" / "booking-leak"
SITES = 12
TOTAL_AT_MOST = 2.2
FLOW_AT_MOST = 1.2
_WORDS = ("list", "order", "panel", "value", "item", "menu", "index", "state", "chart", "row")

MODULE = """\
import {{ format, {word}From }} from "./other{other}.js";

const {word}Cache = new Map();

export class {title} {{
  constructor(options) {{
    this.options = {{ ...defaults, ...options }};
    this.items = [];
  }}
  add(item) {{
    this.items.push(format(item.label, item.value));
    {word}Cache.set(item.key, item);
    return this;
  }}
  render(target) {{
    const element = document.createElement("div");
    element.className = this.options.name + "-{number}";
    element.textContent = this.items.map((item) => item.title).join(", ");
    target.appendChild(element);
    return element.offsetHeight;
  }}
}}

export function {word}From(source, keys) {{
  const found = {{}};
  for (const key of keys) {{
    if (!source[key]) continue;
    found[key] = source[key].value ?? source[key];
  }}
  return found;
}}

const defaults = {{ name: "{word}", page: {number} }};
document.querySelector("#{word}{number}").addEventListener("change", (event) => {{
  new {title}({{ name: event.target.dataset.name }}).render(document.body);
}});
"""


def modules(folder: Path, first: int, last: int) -> None:
    """Code as sites have it, in which nothing leaves for anybody else."""
    chance = random.Random(7)
    for number in range(first, last):
        word = chance.choice(_WORDS)
        text = MODULE.format(
            word=word, title=word.title(), number=number, other=chance.randrange(last)
        )
        (folder / f"other{number}.js").write_text(text, encoding="utf-8")


def project(folder: Path, count: int) -> Path:
    """The leaking example, some times, among so many modules."""
    for number in range(SITES):
        shutil.copytree(LEAK, folder / f"site{number}")
    scripts = folder / "other"
    scripts.mkdir()
    modules(scripts, 0, count)
    return folder


@dataclass
class Clock:
    """Seconds spent on questions about values: while effects are recognised, for which every call
    is looked at, and by the rules, which ask from sinks."""

    recognising: float = 0.0
    asked_by_rules: float = 0.0
    running: bool = False
    rules: bool = False

    def timed(self, function: Callable[..., Any]) -> Any:
        """The function, timed unless a timed one is running already."""

        @wraps(function)
        def run(*given: Any, **named: Any) -> Any:
            if self.running:
                return function(*given, **named)
            self.running = True
            started = process_time()
            try:
                return function(*given, **named)
            finally:
                spent = process_time() - started
                self.running = False
                if self.rules:
                    self.asked_by_rules += spent
                else:
                    self.recognising += spent

        return run

    def ruled(self, function: Callable[..., Any]) -> Any:
        """The function, during which it is the rules that ask."""

        @wraps(function)
        def run(*given: Any, **named: Any) -> Any:
            self.rules = True
            try:
                return function(*given, **named)
            finally:
                self.rules = False

        return run


def measure(site: Path) -> tuple[float, float, float]:
    """The seconds of one scan, and those of a `Clock`; in this process."""
    from gdprlint import api
    from gdprlint.flow.addresses import Addresses
    from gdprlint.flow.calls import Calls
    from gdprlint.flow.dom import Dom
    from gdprlint.flow.origins import Origins
    from gdprlint.flow.steps import Steps
    from gdprlint.flow.values import Values
    from gdprlint.flow.ways import Ways
    from gdprlint.rules import Ruleset

    clock = Clock()
    for owner, names in (
        (Addresses, ("of", "parameters")),
        (Calls, ("sites", "handed", "named")),
        (Dom, ("elements",)),
        (Origins, ("of",)),
        (Steps, ("behind", "entries", "select", "returned")),
        (Values, ("pieces",)),
        (Ways, ("roads",)),
    ):
        for name in names:
            setattr(owner, name, clock.timed(getattr(owner, name)))
    Ruleset.run = clock.ruled(Ruleset.run)
    gc.disable()  # as the command line does
    started = process_time()
    report = api.check([site], options=api.Options(cache=False, root=site))
    total = process_time() - started
    if not report.findings:
        raise RuntimeError("the sinks were not found")
    return total, clock.asked_by_rules, clock.recognising


def least(site: Path, repeat: int) -> tuple[float, ...]:
    """The least seconds of several runs, each in a process of its own."""
    command = [sys.executable, __file__, "--measure", str(site)]
    runs = []
    for _ in range(repeat):
        done = subprocess.run(command, cwd=ROOT, capture_output=True, encoding="utf-8", check=True)
        runs.append([float(word) for word in done.stdout.split()])
    return tuple(map(min, zip(*runs, strict=True)))


def main() -> None:
    """Print the ratios."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--modules", type=int, default=400)
    parser.add_argument("--repeat", type=int, default=3)
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure is not None:
        print(*measure(given.measure))
        return
    with tempfile.TemporaryDirectory() as scratch:
        one = least(project(Path(scratch, "one"), given.modules), given.repeat)
        two = least(project(Path(scratch, "two"), 2 * given.modules), given.repeat)
    for count, found in ((given.modules, one), (2 * given.modules, two)):
        asked = f"flow asked by rules {found[1]:.3f} s, while recognising {found[2]:.3f} s"
        print(f"{count} modules: {found[0]:.2f} s, {asked}")
    print(f"total {two[0] / one[0]:.2f} x (at most {TOTAL_AT_MOST})")
    print(f"flow asked by rules {two[1] / one[1]:.2f} x (at most {FLOW_AT_MOST})")
    print(f"flow while recognising {two[2] / one[2]:.2f} x")


if __name__ == "__main__":
    main()
