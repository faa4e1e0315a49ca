"""Every folder of tests/cases/pairs: variants of several classes of a case, filtered with each other."""

import csv
from functools import cache
from pathlib import Path

import pytest

from gms.families.info_fields import Family
from gms.families.relatives import Member
from gms.families.repeat_modes import family_fields
from gms.filtering import other_class
from gms.filtering.apply import filter_vcf
from gms.filtering.other_class import Large, large_deletions, large_halves, partners_of_small
from gms.filtering.pairs import KEYS
from gms.filtering.policy import load_policy
from gms.genome.vcf import info, open_vcf

PROJECT = Path(__file__).parents[3]
CASES = sorted(path.parent for path in (PROJECT / "tests" / "cases" / "pairs").glob("*/alleles.tsv"))
POLICIES = {
    "small": PROJECT / "config" / "filters" / "wgs_rare.yaml",
    "structural": PROJECT / "config" / "filters" / "wgs_rare_structural.yaml",
    "copy_number": PROJECT / "config" / "filters" / "wgs_rare_copy_number.yaml",
    "repeats": PROJECT / "config" / "filters" / "wgs_rare_repeats.yaml",
}
SEXES = {"proband": ("female", "yes"), "mother": ("female", "no"), "father": ("male", "no")}
READS = {"0/0": "30,0:30:60:0.0", "0/1": "15,15:30:60:0.5", "1/1": "0,30:30:60:1.0"}
STATES = {"0/0": "normal/normal", "0/1": "normal/full_mutation", "1/1": "full_mutation/full_mutation"}
COPIES = {"0/0": "99:2:0:900", "0/1": "99:1:99:450", "1/1": "99:0:99:0"}
OF_CLASS = {
    "small": ("CALLERS=bcftools,freebayes;RPT=1", "MODERATE", "GT:AD:DP:GQ:AF:ADF:ADR:SR"),
    "structural": ("CALLERS=delly,tiddit;MAPQ=60;MAPQ0=0.00", "HIGH", "GT:AD:DP:GQ:AF:ADF:ADR:SR"),
    "copy_number": ("CALLERS=depth;UNIQUE=1.00;BINS=20", "HIGH", "GT:GQ:CN:CQ:DP"),
    "repeats": ("STR_STATUS=full_mutation;InheritanceMode=AR", "", "GT:STATUS"),
}


read_policy = cache(load_policy)  # half of the time of these tests


@pytest.fixture(autouse=True)
def policies_are_read_once(monkeypatch):
    monkeypatch.setattr(other_class, "load_policy", read_policy)


def rows_of(path: Path) -> list[dict[str, str]]:
    with open(path) as file:
        return list(csv.DictReader(file, delimiter="\t"))


def record(row: dict[str, str], roles: list[str]) -> list[str]:
    """The columns of a record, without the family's fields."""
    known, impact, keys = OF_CLASS[row["class"]]
    parts = [
        known,
        f"GENE={row['gene']};IMPACT={impact}" + ("" if "CONSEQUENCE=" in row["info"] else ";CONSEQUENCE=x"),
        row["info"],
        row["end"] and f"END={row['end']}",
    ]
    if row["class"] == "repeats":
        parts[1] = f"GENE={row['gene']}"
        samples = [f"{row[role]}:{STATES[row[role]]}" for role in roles]
    elif row["class"] == "copy_number":
        samples = [f"{row[role]}:{COPIES[row[role]]}" for role in roles]
    else:
        samples = [f"{row[role]}:{READS[row[role]]}:8,8:8,8:9" for role in roles]
    return ["chr1", row["pos"], ".", row["ref"], row["alt"], "60", ".", ";".join(filter(None, parts)), keys, *samples]


def annotated(rows, variants, roles, folder, deletions=()) -> Path:
    members = [Member(role, *SEXES[role]) for role in roles]
    family = Family(members, {}, frozenset(), deletions)
    header = ["##fileformat=VCFv4.2", "##gms_parts=genes,population,clinvar,family", "##contig=<ID=chr1,length=99999>"]
    header.append("\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *roles]))
    own = [row for row in rows if row["class"] == variants]
    records = [(record(row, roles), [row["gene"]]) for row in own]
    known = [with_states(one, members) if variants == "repeats" else family.annotated(one, of) for one, of in records]
    lines = ["\t".join(one) for one in known]
    path = folder / f"{variants}.vcf"
    path.write_text("\n".join([*header, *lines]) + "\n")
    return path


def with_states(fields: list[str], members: list[Member]) -> list[str]:
    """A repeat with the family's fields."""
    return [*fields[:7], ";".join([fields[7], *family_fields(fields, members, "autosome")]), *fields[8:]]


def filtered(case: Path, folder: Path) -> list[dict[str, str]]:
    rows = rows_of(case / "alleles.tsv")
    roles = [role for role in SEXES if role in rows[0]]
    named, found = {role: role for role in roles}, []
    present = [name for name in ("structural", "copy_number", "repeats") if name in {row["class"] for row in rows}]
    large = [Large(name, annotated(rows, name, roles, folder), POLICIES[name]) for name in present]
    deletions = large_deletions(large, named)
    small = annotated(rows, "small", roles, folder, deletions)
    for variants, path, *_ in (("small", small), *large):
        every, passing = (folder / f"{variants}.{name}.vcf.gz" for name in ("every", "passing"))
        if variants == "small":
            elsewhere = large_halves(large, named)
        else:
            elsewhere = large_halves(large, named, but=variants)
            elsewhere = elsewhere._replace(partners=partners_of_small(folder / "small.passing.vcf.gz").partners)
        filter_vcf(path, read_policy(POLICIES[variants], variants), every, passing, named, elsewhere=elsewhere)
        with open_vcf(every) as lines:
            found += [result(variants, line) for line in lines if not line.startswith("#")]
    return found


def result(variants: str, line: str) -> dict[str, str]:
    fields = line.rstrip("\n").split("\t")
    values = info(fields[7])
    shown = {"class": variants, "pos": fields[1], "filter": fields[6], "genotype": fields[9].split(":")[0]}
    return shown | {key.lower(): values.get(key, "") for key in ("MODES", *KEYS)}


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.name)
def test_case(case: Path, tmp_path: Path) -> None:
    assert filtered(case, tmp_path) == rows_of(case / "expected.tsv")
