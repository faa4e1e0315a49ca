import pytest

from gms.filtering.expressions import ExpressionError, parse_expression


def reading(text: str, possible: bool, **values) -> bool:
    return bool(eval(parse_expression(text).python(possible), {}, {f"v_{name}": v for name, v in values.items()}))


@pytest.mark.parametrize(
    ("text", "values", "certain", "possible"),
    [
        ("vaf < 0.01", {"vaf": 0.005}, True, True),
        ("vaf < 0.01", {"vaf": 0.01}, False, False),
        ("vaf < 0.01", {"vaf": None}, False, True),
        ("not vaf < 0.01", {"vaf": None}, False, True),
        ("vaf < 0.01 and depth < 10", {"vaf": None, "depth": 20}, False, False),
        ("vaf < 0.01 and depth < 10", {"vaf": None, "depth": 5}, False, True),
        ("vaf < 0.01 or depth < 10", {"vaf": None, "depth": 5}, True, True),
        ("vaf < 0.01 or depth < 10", {"vaf": None, "depth": 20}, False, True),
        ("not (vaf < 0.01 or depth < 10)", {"vaf": None, "depth": 5}, False, False),
        ("hotspot and 'V600' in hotspot_name", {"hotspot": True, "hotspot_name": "BRAF_V600"}, True, True),
        ("0.47 < vaf < 0.53", {"vaf": 0.5}, True, True),
        ("normal_vaf > 0.3 * vaf", {"vaf": 0.5, "normal_vaf": 0.15}, False, False),
        ("min(alt_forward, alt_reverse) < -1 + 3", {"alt_forward": 1, "alt_reverse": None}, False, True),
        ("'bcftools' in callers and len(callers) == 1", {"callers": ["bcftools"]}, True, True),
        ("gene not in ('MET', 'TERT')", {"gene": "EGFR"}, True, True),
        ("abs(pos - 100) <= 5", {"pos": 105}, True, True),
    ],
)
def test_kleene_logic(text, values, certain, possible):
    assert reading(text, False, **values) is certain
    assert reading(text, True, **values) is possible


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("vaff < 0.1", "unknown variable 'vaff'; did you mean 'vaf'?"),
        ("gene == TERT_", "unknown variable 'TERT_'"),
        ("vaf <", "is not an expression"),
        ("vaf", "compare it"),
        ("gene < 3", "cannot be compared"),
        ("gene < 'B'", "cannot be compared"),
        ("hotspot == 1", "cannot be compared"),
        ("normal_vaf / vaf > 0.3", "may divide by zero"),
        ("vaf ** 9 > 1", "is not allowed"),
        ("__import__('os').system('x') == 0", "is not allowed"),
        ("gene.lower() == 'tert'", "is not allowed"),
        ("[x for x in callers] == 1", "is not allowed"),
        ("type == 'SNV'", "one of snv, insertion, deletion, mnv"),
        ("type in ('snv', 'indel')", "type is never 'indel'"),
        ("3 in vaf", "is not a list or text"),
        ("vaf and depth", "is number where yes/no is needed"),
        ("vaf is None", "is not allowed"),
    ],
)
def test_refused(text, problem):
    with pytest.raises(ExpressionError) as error:
        parse_expression(text)
    assert problem in str(error.value)


def test_conditions_stand_for_their_expression():
    tert = parse_expression("gene == 'TERT'")
    combined = parse_expression("alt_reads < 20 and not tert", {"tert": tert})
    assert combined.variables == ("alt_reads", "gene")
    assert [term.text for term in combined.terms] == ["alt_reads < 20", "not gene == 'TERT'"]


def test_absent_variables_are_missing():
    expression = parse_expression("hotspot or vaf > 0.5")
    assert eval(expression.python(False, {"hotspot"}), {}, {"v_vaf": 0.6})
    assert not eval(expression.python(False, {"hotspot"}), {}, {"v_vaf": 0.4})


@pytest.mark.parametrize(
    "text", ["(" * 300 + "vaf < 1" + ")" * 300, "not " * 60 + "hotspot", " or ".join(["vaf < 1"] * 700)]
)
def test_expressions_without_bounds_are_refused(text):
    with pytest.raises(ExpressionError, match="too long or too deeply nested|is not an expression"):
        parse_expression(text)


def test_conditions_that_name_each_other_do_not_grow_without_bounds():
    conditions = {"c0": parse_expression("vaf < 0.1")}
    with pytest.raises(ExpressionError, match="is too large, once the conditions that it names are put in"):
        for n in range(60):
            conditions[f"c{n + 1}"] = parse_expression(f"c{n} and c{n} or c{n}", conditions)
    assert 3 < len(conditions) < 10


def test_a_membership_is_checked_once_for_each_level():
    nested = "'a' in (" * 24 + "gene" + ")" * 24
    with pytest.raises(ExpressionError):
        parse_expression(nested)
