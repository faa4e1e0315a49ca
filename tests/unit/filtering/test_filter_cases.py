"""Every folder of tests/cases/filter_variants: input.vcf through its policy gives expected.vcf."""

import gzip
from pathlib import Path

import pytest

from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy

PROJECT = Path(__file__).parents[3]
CASES = sorted(path.parent for path in (PROJECT / "tests" / "cases" / "filter_variants").glob("*/input.vcf"))


def policy_of(case: Path) -> Path:
    own = case / "policy.yaml"
    return own if own.exists() else PROJECT / "config" / "filters" / f"{case.name.split('-')[0]}.yaml"


def compared(text: str) -> list[str]:
    lines = text.splitlines()
    left_out = [line.split("NotApplied=")[1] for line in lines if line.startswith("##gms_policy=")]
    return left_out + [line for line in lines if not line.startswith("#")]


def filtered(case: Path, folder: Path) -> tuple[str, str]:
    roles = (case / "input.vcf").read_text().split("#CHROM")[1].splitlines()[0].split("\t")[9:]
    genes = case / "genes.txt"
    every, passing = folder / "every.vcf.gz", folder / "passing.vcf.gz"
    filter_vcf(
        annotated=case / "input.vcf",
        policy=load_policy(policy_of(case)),
        filtered=every,
        reported=passing,
        roles={role: role for role in roles},
        genes=genes if genes.exists() else None,
        consented=(case / "consented.txt").exists(),
    )
    return gzip.decompress(every.read_bytes()).decode(), gzip.decompress(passing.read_bytes()).decode()


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    every, passing = filtered(case, tmp_path)
    assert compared(every) == compared((case / "expected.vcf").read_text())
    assert compared(passing)[1:] == [line for line in compared(every)[1:] if line.split("\t")[6] == "PASS"]
    assert (tmp_path / "every.vcf.gz.tbi").exists()
    assert (tmp_path / "passing.vcf.gz.tbi").exists()


TUMOURS = ("panel_myeloid", "panel_solid", "panel_ctdna", "wgs_cancer")
EXAMPLES = ("panel_myeloid_uppsala", "panel_lund", "panel_balsamic")


@pytest.mark.parametrize("name", [*TUMOURS, *EXAMPLES])
def test_cases_of_the_policies_of_tumours_have_every_rule(name):
    policy = load_policy(PROJECT / "config" / "filters" / f"{name}.yaml")
    records = [line.split("\t") for case in CASES if case.name.split("-")[0] == name for line in lines_of(case)]
    flags = {flag for fields in records for flag in fields[6].split(";")}
    info = ";".join(fields[7] for fields in records)
    assert flags >= {entry.flag for entry in policy.filters[2:] if not entry.flag.startswith("Warn")}
    assert all(entry.flag in info for entry in policy.filters if entry.flag.startswith("Warn"))
    assert all(f"RESCUED={rescue.name};" in info for rescue in policy.rescues)
    assert all(f"SECTION={section.key}" in info for section in policy.sections)


def lines_of(case: Path) -> list[str]:
    return [line for line in (case / "expected.vcf").read_text().splitlines() if not line.startswith("#")]
