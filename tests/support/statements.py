"""The statements of a program, without walking its expressions, which are most of it."""

import ast
from collections.abc import Iterator


def statements(text: str) -> Iterator[ast.stmt]:
    """Every statement, those in functions and classes included."""
    return _inside(ast.parse(text))


def _inside(node: ast.AST) -> Iterator[ast.stmt]:
    for child in ast.iter_child_nodes(node):
        if isinstance(child, ast.stmt):
            yield child
        if isinstance(child, ast.stmt | ast.excepthandler | ast.match_case):
            yield from _inside(child)
