"""The small language of filter policies: comparisons over named variables, with a defined answer for missing values.

An expression is Python syntax restricted to comparisons, `and`/`or`/`not`, `in`, `+ - *`, literals, the variables of
gms.filtering.variables and min/max/abs/len. Logic is Kleene's three-valued logic: `False and missing` is false,
`True or missing` is true, everything else with a missing value is missing. It is compiled to plain Python in one of
two readings, so that no third value has to exist while filtering: *certain* (missing counts as false) and *possible*
(as true).
"""

import ast
import difflib
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

from gms.base.errors import GmsError
from gms.filtering.variables import variables_of
from gms.genome.record_variables import Variable

_FUNCTIONS = {"min": "number", "max": "number", "abs": "number", "len": "number"}
_ARITHMETIC = (ast.Add, ast.Sub, ast.Mult)
_ORDER = (ast.Lt, ast.LtE, ast.Gt, ast.GtE)
# Nobody could read larger ones; the largest of ours has 62 nodes and is 8 deep. Conditions count as often as they are
# named, so that a few of them which name each other twice cannot grow without bounds.
_CHARACTERS, _DEPTH, _NODES = 5_000, 50, 10_000
_KINDS = {bool: "yes/no", int: "number", float: "number", str: "text"}


class ExpressionError(GmsError):
    """An expression that cannot be used; `problems` lists every reason."""

    def __init__(self, problems: list[str]):
        self.problems = problems
        super().__init__("; ".join(problems))


@dataclass(frozen=True)
class Expression:
    """A checked expression: its text as written, its syntax tree with named conditions already put in, and the
    variables that it may use."""

    text: str
    tree: ast.expr
    known: Mapping[str, Variable] = field(repr=False, compare=False)

    @property
    def variables(self) -> tuple[str, ...]:
        """Names of the variables used, in order of first use."""
        names = (node.id for node in ast.walk(self.tree) if isinstance(node, ast.Name))
        return tuple(dict.fromkeys(name for name in names if name in self.known))

    @property
    def terms(self) -> tuple["Expression", ...]:
        """The parts that must all be true: those joined by `and` at the top."""
        joined = isinstance(self.tree, ast.BoolOp) and isinstance(self.tree.op, ast.And)
        return tuple(
            Expression(ast.unparse(node), node, self.known) for node in (self.tree.values if joined else [self.tree])
        )

    def python(self, possible: bool, absent: Collection[str] = ()) -> str:
        """Python source over locals `v_<variable>` (None = missing); `absent` variables are always missing."""
        return _logic(self.tree, possible, absent, self.known)


def parse_expression(
    text: str, conditions: Mapping[str, Expression] | None = None, variants: str = "small"
) -> Expression:
    """Parse and check an expression over the variables of a class of variants; names in `conditions` stand for their
    expression. Raises ExpressionError."""
    conditions, known = conditions or {}, variables_of(variants)
    tree = _Conditions(conditions).visit(_parsed(text))
    if _nodes(tree, {}) > _NODES or _depth(tree, {}) > _DEPTH:
        raise ExpressionError([f"'{_start(text)}' is too large, once the conditions that it names are put in"])
    checker = _Checker(conditions, known)
    if checker.kind(tree) not in ("yes/no", None):
        checker.problems.append(f"'{text}' is a value, not a condition; compare it, for example 'vaf < 0.05'")
    if checker.problems:
        raise ExpressionError(list(dict.fromkeys(checker.problems)))
    return Expression(text, tree, known)


def _parsed(text: str) -> ast.expr:
    """The syntax tree of an expression of bounded length and depth. Raises ExpressionError."""
    try:
        tree = ast.parse(text.strip(), mode="eval").body if len(text) <= _CHARACTERS else None
    except SyntaxError as error:
        raise ExpressionError([f"'{_start(text)}' is not an expression: {error.msg}"]) from None
    except (MemoryError, RecursionError):
        tree = None
    level = [tree] if tree else []
    for _ in range(_DEPTH):
        level = [part for node in level for part in ast.iter_child_nodes(node)]
    if tree is None or level:
        raise ExpressionError([f"'{_start(text)}' is too long or too deeply nested; use conditions with names"])
    return tree


def _start(text: str) -> str:
    return text if len(text) <= 100 else f"{text[:100]}..."


def _nodes(tree: ast.AST, known: dict[int, int]) -> int:
    """Nodes of a tree, in which the trees of conditions are shared."""
    if id(tree) not in known:
        known[id(tree)] = 1 + sum(_nodes(part, known) for part in ast.iter_child_nodes(tree))
    return known[id(tree)]


def _depth(tree: ast.AST, known: dict[int, int]) -> int:
    if id(tree) not in known:
        known[id(tree)] = 1 + max((_depth(part, known) for part in ast.iter_child_nodes(tree)), default=0)
    return known[id(tree)]


class _Conditions(ast.NodeTransformer):
    def __init__(self, conditions: Mapping[str, Expression]):
        self.conditions = conditions

    def visit_Name(self, node: ast.Name) -> ast.expr:
        return self.conditions[node.id].tree if node.id in self.conditions else node


class _Checker:
    """Finds the kind of every node (yes/no, number, text, list; None = unknown because of a problem)."""

    def __init__(self, conditions: Collection[str], variables: Mapping[str, Variable]):
        self.variables = variables
        self.known = [*variables, *conditions]
        self.problems: list[str] = []

    def kind(self, node: ast.expr) -> str | None:
        method = getattr(self, f"_{type(node).__name__.lower()}", None)
        return method(node) if method else self._refuse(node)

    def _refuse(self, node: ast.AST) -> None:
        self.problems.append(f"'{ast.unparse(node)}' is not allowed in an expression")

    def _expect(self, node: ast.expr, wanted: str) -> None:
        found = self.kind(node)
        if found not in (wanted, None):
            self.problems.append(f"'{ast.unparse(node)}' is {found} where {wanted} is needed")

    def _name(self, node: ast.Name) -> str | None:
        if node.id in self.variables:
            return self.variables[node.id].kind
        near = difflib.get_close_matches(node.id, self.known, n=1, cutoff=0.5)
        hint = f"; did you mean '{near[0]}'?" if near else f"; a text is written with quotes: '{node.id}'"
        self.problems.append(f"unknown variable '{node.id}'{hint}")
        return None

    def _constant(self, node: ast.Constant) -> str | None:
        return _KINDS[type(node.value)] if type(node.value) in _KINDS else self._refuse(node)

    def _boolop(self, node: ast.BoolOp) -> str:
        for value in node.values:
            self._expect(value, "yes/no")
        return "yes/no"

    def _unaryop(self, node: ast.UnaryOp) -> str | None:
        if isinstance(node.op, ast.Not):
            self._expect(node.operand, "yes/no")
            return "yes/no"
        self._expect(node.operand, "number")
        return "number" if isinstance(node.op, ast.USub) else self._refuse(node)

    def _binop(self, node: ast.BinOp) -> str | None:
        self._expect(node.left, "number")
        self._expect(node.right, "number")
        if isinstance(node.op, ast.Div):
            text = f"'{ast.unparse(node)}' may divide by zero; multiply instead: 'normal_vaf > 0.3 * vaf'"
            self.problems.append(text)
            return None
        return "number" if isinstance(node.op, _ARITHMETIC) else self._refuse(node)

    def _call(self, node: ast.Call) -> str | None:
        if not isinstance(node.func, ast.Name) or node.func.id not in _FUNCTIONS or node.keywords or not node.args:
            return self._refuse(node)
        if node.func.id == "len":
            return "number" if self.kind(node.args[0]) in ("text", "list", None) else self._refuse(node)
        for value in node.args:
            self._expect(value, "number")
        return "number"

    def _compare(self, node: ast.Compare) -> str:
        sides = [node.left, *node.comparators]
        for left, operator, right in zip(sides, node.ops, sides[1:], strict=False):
            if isinstance(operator, (ast.In, ast.NotIn)):
                self._membership(left, right)
            elif isinstance(operator, (*_ORDER, ast.Eq, ast.NotEq)):
                self._same(left, right, isinstance(operator, _ORDER))
            else:
                self._refuse(node)
        return "yes/no"

    def _same(self, left: ast.expr, right: ast.expr, ordered: bool) -> None:
        kinds = (self.kind(left), self.kind(right))
        if None not in kinds and (kinds[0] != kinds[1] or kinds[0] in (("list", "text") if ordered else ("list",))):
            self.problems.append(
                f"'{ast.unparse(left)}' ({kinds[0]}) cannot be compared with '{ast.unparse(right)}' ({kinds[1]})"
            )
        self._known_value(left, right)
        self._known_value(right, left)

    def _membership(self, left: ast.expr, right: ast.expr) -> None:
        if isinstance(right, (ast.Tuple, ast.List)):
            for item in right.elts:
                self._same(left, item, ordered=False)
            return
        self._expect(left, "text")
        kind = self.kind(right)
        if kind == "list":
            self._known_value(right, left)
        if kind not in ("text", "list", None):
            self.problems.append(f"'{ast.unparse(right)}' is not a list or text to look in")

    def _known_value(self, variable: ast.expr, value: ast.expr) -> None:
        if not (isinstance(variable, ast.Name) and isinstance(value, ast.Constant)):
            return
        values = self.variables[variable.id].values if variable.id in self.variables else ()
        if values and value.value not in values:
            self.problems.append(f"{variable.id} is never {value.value!r} (it is one of {', '.join(values)})")


def _logic(node: ast.expr, possible: bool, absent: Collection[str], known: Mapping[str, Variable]) -> str:
    if isinstance(node, ast.BoolOp):
        word = " and " if isinstance(node.op, ast.And) else " or "
        return f"({word.join(_logic(value, possible, absent, known) for value in node.values)})"
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return f"(not {_logic(node.operand, not possible, absent, known)})"
    return _atom(node, possible, absent, known)


def _atom(node: ast.expr, possible: bool, absent: Collection[str], known: Mapping[str, Variable]) -> str:
    names = dict.fromkeys(part.id for part in ast.walk(node) if isinstance(part, ast.Name) and part.id in known)
    if any(name in absent for name in names):
        return str(possible)
    source = ast.unparse(_Locals(known).visit(ast.parse(ast.unparse(node), mode="eval").body))
    guarded = [name for name in names if known[name].nullable]
    if possible:
        return f"({' or '.join([*(f'v_{name} is None' for name in guarded), source])})"
    return f"({' and '.join([*(f'v_{name} is not None' for name in guarded), source])})"


class _Locals(ast.NodeTransformer):
    def __init__(self, known: Collection[str]):
        self.known = known

    def visit_Name(self, node: ast.Name) -> ast.Name:
        return ast.Name(f"v_{node.id}", node.ctx) if node.id in self.known else node
