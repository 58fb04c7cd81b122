"""What does the call of a template's macro give for one of its parameters?"""

from __future__ import annotations

from gdprlint.facts import Expr, Invoke, Opaque, Record
from gdprlint.facts.expr import Keyword


def argument_of_macro(parameters: Record, call: Invoke, name: str) -> Expr | None:
    """The argument for the parameter `name`, by keyword or by place, or its default."""
    positional = [each for each in call.arguments if not isinstance(each, Keyword)]
    for argument in call.arguments:
        if isinstance(argument, Keyword) and argument.name == name:
            return argument.value
    for place, entry in enumerate(parameters.entries):
        if entry.key == name:
            if place < len(positional):
                return positional[place]
            return None if isinstance(entry.value, Opaque) else entry.value
    return None
