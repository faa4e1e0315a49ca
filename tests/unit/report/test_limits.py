import pytest

from gms.report.limits import case_limits


def case(kind: str, **members: str) -> dict:
    return {"kind": kind, "samples": [{"role": role, "affected": status} for role, status in members.items()]}


@pytest.mark.parametrize(
    "facts, sentences",
    [
        (case("germline", proband="yes", mother="no", father="yes"), []),
        (
            case("germline", proband="yes", mother="unknown", father="no", sibling="no"),
            [
                "Not in the sheet whether affected: mother; taken as healthy.",
                "Genotypes of siblings are shown; they filter nothing.",
            ],
        ),
        (
            case("germline", proband="yes", mother="unknown"),
            ["Without both parents, ways of inheritance are not judged."],
        ),
        (case("somatic", tumor="unknown", normal="unknown"), []),
        (
            case("somatic", tumor="unknown"),
            ["Without a normal sample, acquired and inherited variants look alike."],
        ),
    ],
)
def test_limits_of_a_case(facts, sentences):
    assert case_limits(facts) == sentences
