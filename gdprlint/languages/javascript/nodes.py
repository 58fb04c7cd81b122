"""Which reader reads which kind of node: our view of the three grammars."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from gdprlint.languages.javascript import (
    calls,
    expressions,
    functions,
    markup,
    modules,
    statements,
)
from gdprlint.languages.javascript.parser import Grammar, grammar
from gdprlint.languages.javascript.walk import ExpressionReader, StatementReader

_EXPRESSIONS: Mapping[str, ExpressionReader] = {
    "identifier": expressions.name,
    "shorthand_property_identifier": expressions.name,
    "this": expressions.this,
    "super": expressions.this,
    "import": expressions.name,
    "undefined": expressions.nothing,
    "null": expressions.nothing,
    "true": expressions.true,
    "false": expressions.false,
    "number": expressions.number,
    "string": expressions.string,
    "template_string": expressions.template,
    "regex": expressions.regex,
    "meta_property": expressions.meta_property,
    "parenthesized_expression": expressions.transparent,
    "await_expression": expressions.transparent,
    "yield_expression": expressions.transparent,
    "as_expression": expressions.transparent,
    "satisfies_expression": expressions.transparent,
    "instantiation_expression": expressions.transparent,
    "type_assertion": expressions.type_assertion,
    "sequence_expression": expressions.sequence,
    "array": expressions.array,
    "object": expressions.record,
    "spread_element": expressions.spread,
    "ternary_expression": expressions.ternary,
    "unary_expression": expressions.unary,
    "update_expression": expressions.update,
    "binary_expression": expressions.binary,
    "assignment_expression": expressions.assignment,
    "augmented_assignment_expression": expressions.augmented_assignment,
    "function_expression": expressions.function,
    "generator_function": expressions.function,
    "arrow_function": expressions.function,
    "class": functions.class_expression,
    "decorator": functions.decorator,
    "member_expression": calls.chain,
    "subscript_expression": calls.chain,
    "call_expression": calls.chain,
    "non_null_expression": calls.chain,
    "new_expression": calls.new,
    "jsx_element": markup.element,
    "jsx_self_closing_element": markup.element,
    "jsx_expression": markup.expression,
    "property_identifier": expressions.skipped,
    "private_property_identifier": expressions.skipped,
    "ERROR": expressions.skipped,
    "type_arguments": expressions.skipped,
    "type_annotation": expressions.skipped,
}

_STATEMENTS: Mapping[str, StatementReader] = {
    "expression_statement": statements.expression_statement,
    "variable_declaration": statements.variables,
    "lexical_declaration": statements.variables,
    "using_declaration": statements.variables,
    "function_declaration": functions.function_declaration,
    "generator_function_declaration": functions.function_declaration,
    "class_declaration": functions.class_declaration,
    "abstract_class_declaration": functions.class_declaration,
    "statement_block": statements.block,
    "if_statement": statements.if_statement,
    "while_statement": statements.while_statement,
    "do_statement": statements.do_statement,
    "for_statement": statements.for_statement,
    "for_in_statement": statements.for_in_statement,
    "switch_statement": statements.switch_statement,
    "try_statement": statements.try_statement,
    "labeled_statement": statements.labelled_statement,
    "with_statement": statements.with_statement,
    "return_statement": statements.give_back,
    "throw_statement": statements.leave,
    "break_statement": statements.leave,
    "continue_statement": statements.leave,
    "import_statement": modules.import_statement,
    "export_statement": modules.export_statement,
    "enum_declaration": statements.enum,
    "internal_module": statements.namespace,
    "module": statements.namespace,
    "ERROR": statements.broken,
    "empty_statement": statements.nothing,
    "debugger_statement": statements.nothing,
    "ambient_declaration": statements.nothing,
    "interface_declaration": statements.nothing,
    "type_alias_declaration": statements.nothing,
    "function_signature": statements.nothing,
    "import_alias": statements.nothing,
    "comment": statements.nothing,
    "html_comment": statements.nothing,
    "hash_bang_line": statements.nothing,
}


@dataclass(frozen=True, slots=True)
class Readers:
    """The readers by the numbers that one grammar gives to kinds of nodes."""

    grammar: Grammar
    expressions: Mapping[int, ExpressionReader]
    statements: Mapping[int, StatementReader]


@cache
def readers(language: str) -> Readers:
    """The readers for a grammar; what is in no table is opaque, and read for what is in it."""
    of = grammar(language)
    return Readers(
        of,
        {i: _EXPRESSIONS.get(kind, expressions.opaque) for i, kind in of.kinds.items()},
        {i: _STATEMENTS.get(kind, statements.bare_expression) for i, kind in of.kinds.items()},
    )
