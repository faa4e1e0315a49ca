"""What a module calls of the package gms: that it is there, and takes the arguments, without a call.

Looked at are names and calls like `function(…)` and `module.function(…)`, also in programs that a module holds as text.
Not looked at are calls with `*` or `**`, methods of objects, and names that a function gives another meaning.
"""

import ast
import importlib
import inspect
from collections.abc import Iterator
from types import ModuleType
from typing import Any


def misfits(module: ModuleType) -> list[str]:
    """Line and call, or name, of what does not fit."""
    tree = ast.parse(inspect.getsource(module))
    found = list(misfits_of(tree, dict(vars(module))))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and "\nfrom gms" in node.value:
            found += [f"text at {node.lineno}, {misfit}" for misfit in misfits_of(ast.parse(node.value), {})]
    return found


def misfits_of(tree: ast.Module, names: dict[str, Any]) -> Iterator[str]:
    """The same of parsed code, whose global names mean what `names` says."""
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("gms"):
            yield from imported(node, names)
    for name in names.keys() & bound_in_functions(tree):
        del names[name]
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(module := value_of(node.value, names), ModuleType):
            if module.__name__.startswith("gms") and not hasattr(module, node.attr):
                yield f"line {node.lineno}: {ast.unparse(node)} does not exist"
        elif isinstance(node, ast.Call) and (reason := refused(node, value_of(node.func, names))):
            yield f"line {node.lineno}: {ast.unparse(node.func)}(): {reason}"


def imported(node: ast.ImportFrom, names: dict[str, Any]) -> Iterator[str]:
    """Add what an import binds to `names`; what it cannot bind."""
    module = importlib.import_module(node.module)
    for alias in node.names:
        if hasattr(module, alias.name):
            names[alias.asname or alias.name] = getattr(module, alias.name)
        else:
            yield f"line {node.lineno}: {node.module}.{alias.name} does not exist"


def bound_in_functions(tree: ast.Module) -> set[str]:
    """Names of arguments and variables of functions: there they do not mean what they do in the module."""
    functions = [one for one in ast.walk(tree) if isinstance(one, ast.FunctionDef | ast.Lambda)]
    nodes = [node for one in functions for node in ast.walk(one)]
    variables = {node.id for node in nodes if isinstance(node, ast.Name) and isinstance(node.ctx, ast.Store)}
    return variables | {node.arg for node in nodes if isinstance(node, ast.arg)}


def value_of(node: ast.expr, names: dict[str, Any]) -> Any:
    """What a name, or a name of a module, means; None where that is not known."""
    if isinstance(node, ast.Name):
        return names.get(node.id)
    if isinstance(node, ast.Attribute) and isinstance(module := value_of(node.value, names), ModuleType):
        return getattr(module, node.attr, None)
    return None


def refused(call: ast.Call, function: Any) -> str:
    """Why a function or class of gms does not take the arguments of a call; empty where it does."""
    ours = (getattr(function, "__module__", None) or "").startswith(("gms", "benchmarks"))
    spread = any(isinstance(one, ast.Starred) for one in call.args) or any(one.arg is None for one in call.keywords)
    if not ours or spread or not callable(function):
        return ""
    try:
        inspect.signature(function).bind(*call.args, **{one.arg: one.value for one in call.keywords})
    except TypeError as error:
        return str(error)
    except ValueError:  # an exception without arguments of its own
        return ""
    return ""
