"""Cases: the sheet's rows put together into samples and cases, and what contradicts itself or the assay."""

import re
from collections import defaultdict
from operator import attrgetter
from pathlib import Path

from gms.base.problems import Findings
from gms.inputs.row_files import Row, check_files, check_starts
from gms.inputs.run_model import INDEX_ROLES, Assay, Case, Lane, Sample

# Names that a case may not have, in any letter case: the workflow has a file or folder of that name among the cases'.
RESERVED = {
    "audit": "export/folder/audit holds the heads of the audit log",
    "index": "report/index.html is about all cases",
    "multiqc": "report/multiqc.html is about all cases",
    "screening": "trials/screening.json is about all cases",
}
_SHARED = (
    *("case", "role", "assay", "sex", "affected", "purity", "umi", "subject"),
    *("scheme", "plate", "well", "accession", "received", "phenotype"),
    *("germline_findings", "secondary_findings"),
)
_shared = attrgetter(*_SHARED)
_SEX = {"mother": "female", "father": "male"}
_SIBLINGS = {"sibling", "half-sibling", "twin"}
_KIN = {"proband", "mother", "father", *_SIBLINGS}
_SEVERAL = {*_SIBLINGS, "plasma"}  # roles that several samples of a case may have


def make_cases(rows: list[Row], sheet: Path) -> dict[str, Case]:
    """Cases in the order of the sheet from rows that `check_cases` found no problem with."""
    by_sample: dict[str, list[Row]] = defaultdict(list)
    for row in rows:
        by_sample[row.sample].append(row)
    by_case: dict[str, list[Sample]] = defaultdict(list)
    folder = sheet.parent
    for lanes in by_sample.values():
        by_case[lanes[0].case].append(_sample(lanes, folder))
    lists = {row.case: folder / row.genes for row in rows if row.genes}
    return {name: _case(name, samples, lists.get(name)) for name, samples in by_case.items()}


def _sample(rows: list[Row], folder: Path) -> Sample:
    first = rows[0]
    lanes = tuple(_lane(row, folder) for row in rows)
    purity = float(first.purity) if first.purity else None
    return Sample(
        name=first.sample,
        case=first.case,
        role=first.role,
        assay=first.assay,
        sex=_SEX.get(first.role, first.sex),
        affected=first.affected,
        purity=purity,
        umi=first.umi,
        subject=first.subject or None,
        lanes=lanes,
        scheme=first.scheme,
        plate=first.plate,
        well=first.well,
        accession=first.accession,
        received=first.received,
        germline_findings=first.germline_findings,
        secondary_findings=first.secondary_findings,
        phenotype=tuple(re.findall(r"HP:[0-9]{7}", first.phenotype)),
    )


def _lane(row: Row, folder: Path) -> Lane:
    if row.vcf:
        return Lane(row.lane, None, None, row.line, vcf=folder / row.vcf, vcf_sample=row.vcf_sample)
    if row.bam:
        return Lane(row.lane, None, None, row.line, folder / row.bam)
    return Lane(row.lane, folder / row.fastq_1, folder / row.fastq_2, row.line)


def _case(name: str, samples: list[Sample], gene_list: Path | None) -> Case:
    index = min(samples, key=lambda s: INDEX_ROLES.index(s.role) if s.role in INDEX_ROLES else len(INDEX_ROLES))
    return Case(name, index.assay, (index, *(sample for sample in samples if sample is not index)), gene_list)


def check_cases(rows: list[Row], sound: list[Row], assays: dict[str, Assay], sheet: Path, findings: Findings) -> None:
    """Note what rows say against each other or against their assay.

    Only rows in `sound` are compared; a case with any other row is not asked for the roles it may lack.
    """
    _check_lanes(sound, sheet, findings)
    check_files(rows, sheet, findings)
    check_starts(rows, assays, sheet, findings)
    unsure = {row.case for row in set(rows) - set(sound)}
    by_case: dict[str, list[Row]] = defaultdict(list)
    for row in {row.sample: row for row in reversed(sound)}.values():
        by_case[row.case].append(row)
    _check_letter_case(sound, sheet, findings)
    _check_subjects(sound, sheet, findings)
    _check_gene_lists(sound, sheet, findings)
    for case, members in by_case.items():
        _check_case(case, sorted(members), assays, case not in unsure, sheet, findings)


def _check_letter_case(rows: list[Row], sheet: Path, findings: Findings) -> None:
    """Note names that differ in letter case alone: some disks and object stores take them for one."""
    for column in ("case", "sample"):
        first: dict[str, Row] = {}
        for row in rows:
            name = getattr(row, column)
            other = first.setdefault(name.casefold(), row)
            if name != getattr(other, column):
                text = f"{column} '{name}' differs in letter case only from '{getattr(other, column)}'"
                findings.add(sheet, row.line, f"{text} on line {other.line}; give it another name")


def _check_subjects(rows: list[Row], sheet: Path, findings: Findings) -> None:
    """Note a subject who would be two persons: one consent would release the data of both."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.subject, row) if row.subject else row
        if row.sample == other.sample:
            continue
        text = ""
        if row.case == other.case and {row.role, other.role} <= _KIN:
            text = f"{row.role} and {other.role} of case '{row.case}'"
        elif "unknown" not in (row.sex, other.sex) and row.sex != other.sex:
            text = f"{row.sex} here and {other.sex}"
        if text:
            findings.add(sheet, row.line, f"the subject is {text} (line {other.line}); a subject is one person")


def _check_gene_lists(rows: list[Row], sheet: Path, findings: Findings) -> None:
    """Note rows of one case that ask for different lists of genes; a row may leave it out."""
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.case, row) if row.genes else row
        if other.genes != row.genes:
            text = f"case '{row.case}' has genes '{row.genes}' here but '{other.genes}' on line {other.line}"
            findings.add(sheet, row.line, f"{text}; a case has one")


def _check_lanes(rows: list[Row], sheet: Path, findings: Findings) -> None:
    """Note rows of one sample that differ in what its lanes share, and lanes that are there twice."""
    first: dict[str, Row] = {}
    lanes: dict[tuple[str, str], int] = {}
    for row in rows:
        other = first.setdefault(row.sample, row)
        if other is not row and _shared(other) != _shared(row):
            for column in _SHARED:
                if getattr(row, column) != getattr(other, column):
                    findings.add(sheet, row.line, _contradiction(column, row, other))
                    break
            continue
        line = lanes.setdefault((row.sample, row.lane), row.line)
        if line != row.line:
            text = f"sample '{row.sample}' has lane '{row.lane}' on line {line} already"
            findings.add(sheet, row.line, f"{text}; give each of its lanes a name of its own")


def _contradiction(column: str, row: Row, other: Row) -> str:
    mine, theirs = getattr(row, column) or "nothing", getattr(other, column) or "nothing"
    text = f"sample '{row.sample}' has {column} '{mine}' here but '{theirs}' on line {other.line}"
    if column == "role" and {row.role, other.role} <= _KIN:
        return f"{text}; nobody is their own relative, so name each person's sample differently"
    if column in ("case", "role"):
        return f"{text}; different samples need different names"
    return f"{text}; all lanes of a sample have the same {column}"


def _check_case(
    case: str, rows: list[Row], assays: dict[str, Assay], whole: bool, sheet: Path, findings: Findings
) -> None:
    """Note what is wrong with a case; `rows` has the first of each sample, and all of them if `whole`."""
    first = rows[0]
    if what := RESERVED.get(case.casefold()):
        findings.add(sheet, first.line, f"case '{case}' needs another name: {what}")
    for row in rows:
        if row.assay != first.assay and row.case == case:
            text = f"case '{case}' has assay '{row.assay}' here but '{first.assay}' on line {first.line}"
            findings.add(sheet, row.line, f"{text}; a case has one assay")
        if row.role in _SEX and row.sex not in (_SEX[row.role], "unknown"):
            findings.add(
                sheet, row.line, f"{row.role} '{row.sample}' has sex '{row.sex}'; a {row.role} is {_SEX[row.role]}"
            )
    _check_twice(case, rows, sheet, findings)
    if first.assay in assays and all(row.assay == first.assay for row in rows):
        _check_roles(case, rows, assays[first.assay], whole, sheet, findings)
        if whole:
            _check_germline_findings(rows, assays[first.assay], sheet, findings)
            _check_secondary_findings(rows, assays[first.assay], sheet, findings)


def _check_germline_findings(rows: list[Row], assay: Assay, sheet: Path, findings: Findings) -> None:
    """Note an answer that has no effect, where inherited variants are not told from acquired ones."""
    for row in rows:
        if row.germline_findings not in ("yes", "no"):
            continue
        if assay.kind != "somatic":
            text = f"assay {assay.name} is not of tumours, so germline_findings has no effect"
            findings.add(sheet, row.line, f"{text}; leave it empty")
        elif row.germline_findings == "yes" and "normal" not in {other.role for other in rows}:
            text = f"case '{row.case}' has no normal, without which inherited variants are not told from acquired ones"
            findings.add(sheet, row.line, f"germline_findings is yes, but {text}; add its normal or leave it empty")


def _check_secondary_findings(rows: list[Row], assay: Assay, sheet: Path, findings: Findings) -> None:
    """Note an answer that has no effect: of relatives, and where the assay has no list of genes."""
    for row in rows:
        if row.secondary_findings not in ("yes", "no"):
            continue
        if not getattr(assay, "secondary_genes", None):
            text = f"assay {assay.name} has no secondary_genes, so secondary_findings has no effect"
            findings.add(sheet, row.line, f"{text}; leave it empty")
        elif row.role != "proband":
            text = f"secondary_findings is about the proband, not the {row.role}, of whom nothing is reported"
            findings.add(sheet, row.line, f"{text}; leave it empty")


def _check_twice(case: str, rows: list[Row], sheet: Path, findings: Findings) -> None:
    first: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.role, row)
        if other is not row and row.role not in _SEVERAL:
            text = f"case '{case}' has {other.role} '{other.sample}' on line {other.line} already"
            findings.add(sheet, row.line, f"{text}; a case has one {row.role}, the lanes of one sample share its name")


def _check_roles(case: str, rows: list[Row], assay: Assay, whole: bool, sheet: Path, findings: Findings) -> None:
    roles = {row.role for row in rows}
    if len(rows) == 1 and rows[0].role in assay.roles["alone"]:
        return
    allowed = assay.roles["required"] + assay.roles["optional"]
    for row in rows:
        if row.role in assay.roles["alone"] and row.role not in allowed:
            findings.add(
                sheet, row.line, f"{row.role} '{row.sample}' shares case '{case}'; a {row.role} is a case of its own"
            )
        elif row.role not in allowed:
            findings.add(sheet, row.line, f"role '{row.role}' is not part of assay {assay.name} ({_roles(assay)})")
    for role in assay.roles["required"]:
        if whole and role not in roles and roles <= {*allowed}:
            has = f"case '{case}' ({' and '.join(sorted(roles))}) has no {role}"
            findings.add(
                sheet, rows[0].line, f"{has}; assay {assay.name} needs one: add its row with the same case name"
            )


def _roles(assay: Assay) -> str:
    parts = [f"needs {' and '.join(assay.roles['required'])}"]
    parts += [f"may have {', '.join(assay.roles['optional'])}"] if assay.roles["optional"] else []
    parts += [f"or is one {' or '.join(assay.roles['alone'])}"] if assay.roles["alone"] else []
    return ", ".join(parts)
