"""Compiles the ruleset into one JSON file when a wheel is built, so that no start parses YAML."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface


class CompileRuleset(BuildHookInterface):  # type: ignore[type-arg]
    """Puts `gdprlint/rulesets.json` and the rule pages into the wheel."""

    PLUGIN_NAME = "custom"

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:
        """Compile; an editable install reads the checkout itself and gets nothing."""
        if self.target_name != "wheel" or version == "editable":
            return
        root = Path(self.root)
        sys.path.insert(0, str(root))
        from gdprlint.knowledge.shelf import COMPILED, compile_ruleset

        # Not beside the wheel: what a build leaves there is taken for a distribution.
        self._folder = TemporaryDirectory(prefix="gdprlint-")
        compiled = Path(self._folder.name) / COMPILED
        text = json.dumps(compile_ruleset(root / "rulesets"), separators=(",", ":"), sort_keys=True)
        compiled.write_text(text, encoding="utf-8")
        build_data["force_include"][str(compiled)] = f"gdprlint/{COMPILED}"
        build_data["force_include"][str(root / "rulesets")] = "gdprlint/rulesets"
