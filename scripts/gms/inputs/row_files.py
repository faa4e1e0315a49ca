"""A row of the sample sheet and what it starts from: FASTQ files, a BAM or CRAM file, or a VCF of calls made elsewhere.

A case that starts from a VCF has no reads here: what needs reads is not assessed, in its verdict and in its report.
"""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import NamedTuple

from gms.base.problems import Findings
from gms.base.schemas import compiled, load_schema
from gms.inputs.run_model import MONITORING, Assay, Case, Sample

_READS = ("fastq_1", "fastq_2", "bam")
_FAMILY = {"proband", "mother", "father", "sibling", "half-sibling", "twin"}
_ENDINGS = {"bam": (".bam", ".cram"), "vcf": (".vcf", ".vcf.gz", ".vcf.bgz", ".bcf")}


class Row(NamedTuple):
    """One lane as the sheet has it, `line` 1-based; empty optional cells hold their default."""

    line: int
    case: str
    sample: str
    role: str
    assay: str
    fastq_1: str
    fastq_2: str
    bam: str
    vcf: str
    vcf_sample: str
    lane: str
    sex: str
    affected: str
    purity: str
    umi: str
    subject: str
    scheme: str
    plate: str
    well: str
    accession: str
    received: str
    genes: str
    phenotype: str
    germline_findings: str
    secondary_findings: str


def has_reads(sample: Sample) -> bool:
    """Whether a sample starts from reads, not from a VCF."""
    return sample.lanes[0].vcf is None


def starts_from_vcf(case: Case) -> bool:
    """Whether the samples of a case start from VCF files; all of them do, or none."""
    return not has_reads(case.index)


def germline_answer(case: Case) -> str:
    """The wish to be told of inherited variants: no if a row of the case says so, else yes or unknown."""
    said = {sample.germline_findings for sample in case.samples}
    return next((answer for answer in ("no", "yes") if answer in said), "unknown")


def tells_germline(case: Case) -> bool:
    """Whether the patient agreed to be told of inherited variants."""
    return germline_answer(case) == "yes"


def classes_of(assays: Mapping[str, Assay], case: Case) -> tuple[str, ...]:
    """Classes of variants besides small ones that are looked for in a case: those of its assay, which need reads."""
    return () if starts_from_vcf(case) else assays[case.assay].other_classes


def paired_classes(assays: Mapping[str, Assay], case: Case) -> tuple[str, ...]:
    """Classes of a case with whose variants small ones may form pairs, those with exact ends first."""
    looked_for = classes_of(assays, case) if case.index.role == "proband" else ()
    return tuple(name for name in ("structural", "copy_number", "repeats") if name in looked_for)


def deepvariant_files(assay: Assay, case: Case) -> dict[Path, list[str]]:
    """The files of DeepVariant that a case has, and whose calls they hold; none where its assay does not use them."""
    files: dict[Path, list[str]] = {}
    if assay.deepvariant is None or starts_from_vcf(case):
        return files
    written = str(assay.deepvariant).replace("{case}", case.name)
    for sample in case.samples:
        files.setdefault(Path(written.replace("{sample}", sample.name)), []).append(sample.name)
    return files


def measures_alleles(assays: Mapping[str, Assay], case: Case) -> bool:
    """Whether the copies of each allele are measured in a case: of tumours and controls whose depth is compared with
    normals."""
    assay = assays[case.assay]
    is_compared = "cnvkit" in assay.callers.get("copy_number", ()) and "copy_number" in classes_of(assays, case)
    return assay.kind == "somatic" and is_compared and case.index.role != "normal"


def facts_path(assay: Assay, variants: str, case: str) -> str:
    """What was seen of a class in a case. That of gene panels is next to their calls of copy number."""
    folder = "cnvkit/" if "cnvkit" in assay.callers[variants] else ""
    return f"variants/{variants}/{folder}{case}.json"


def shows_regions(assays: Mapping[str, Assay], case: Case) -> bool:
    """Whether homozygous regions and copies of SMN1 are looked for in a case."""
    return assays[case.assay].shows_regions and not starts_from_vcf(case)


def case_crams(case: Case) -> list[str]:
    """The aligned reads of a case's samples, as far as they have any."""
    return [f"alignment/{sample.name}.cram" for sample in case.samples if has_reads(sample)]


def pair_crams(case: Case) -> list[str]:
    """The aligned reads of the index, then those of its normal where it is another sample."""
    normal = case.member("normal")
    others = [] if normal is None or normal.name == case.index.name else [normal]
    return [f"alignment/{sample.name}.cram" for sample in (case.index, *others)]


def where_reads(pattern: str) -> Callable[[Sample], str | list[str]]:
    """A rule's input of a sample, by a pattern such as {sample.name}; nothing where the sample starts from a VCF."""
    return lambda sample: pattern.format(sample=sample) if has_reads(sample) else []


def external_calls(case: Case) -> list[tuple[str, str, str]]:
    """VCF of each sample of a case that starts from such files, its name, and its name in the file ('': open)."""
    return [(str(sample.lanes[0].vcf), sample.name, sample.lanes[0].vcf_sample) for sample in case.samples]


def external_files(case: Case) -> list[Path]:
    """The VCF files that a case starts from, each once."""
    return [Path(path) for path in dict.fromkeys(path for path, _, _ in external_calls(case))]


def row_problem(row: Row) -> str:
    """What is wrong with the files that a row names, or with its tumour cells; '' if nothing."""
    if row.role == "tumor" and row.purity and not row.purity.strip("0."):
        return "a tumor has no purity of 0; leave purity empty where it is not known"
    given = [column for column in (*_READS, "vcf") if getattr(row, column)]
    if row.vcf_sample and not row.vcf:
        return "vcf_sample names a sample of a VCF, but vcf is empty"
    if not {"bam", "vcf"}.intersection(given):
        same = "fastq_1 and fastq_2 are the same file; fastq_2 holds the second reads"
        if len(given) < len(("fastq_1", "fastq_2")):
            return "fastq_1 and fastq_2 must both be given"
        return same if row.fastq_1 == row.fastq_2 else ""
    if len(given) > 1:
        what = "as well as FASTQ files" if "bam" in given and "vcf" not in given else "as well as reads"
        return f"{given[-1]} is given {what}; write one of them"
    column, name = given[0], getattr(row, given[0])
    if name.endswith(_ENDINGS[column]):
        return ""
    *others, last = _ENDINGS[column]
    return f"{column} '{name}' is not a file whose name ends with {', '.join(others)} or {last}"


def check_files(rows: Iterable[Row], sheet: Path, findings: Findings) -> None:
    """Note files of reads, and samples of a VCF, that stand in more than one row."""
    seen: dict[str, Row] = {}
    for row in rows:
        for column in _READS:
            name = getattr(row, column)
            other = seen.setdefault(name, row) if name else row
            if other is not row:
                findings.add(sheet, row.line, _reused(f"{column} '{name}'", row, other))
        if row.vcf:
            name = row.vcf_sample or row.sample
            other = seen.setdefault(f"{row.vcf}\n{name}", row)
            if other is not row:
                findings.add(sheet, row.line, _reused(f"sample '{name}' of vcf '{row.vcf}'", row, other))


def _reused(what: str, row: Row, other: Row) -> str:
    text = f"{what} is already on line {other.line}"
    if row.sample == other.sample:
        return f"{text}; a sample has one row with a VCF" if row.vcf else f"{text}; every lane has files of its own"
    text = f"{text}, as {other.role} '{other.sample}'"
    kin = row.case == other.case and {row.role, other.role} <= _FAMILY
    again = "every sample of a VCF" if row.vcf else "every file"
    return f"{text}; {'nobody is their own relative' if kin else f'{again} is given once'}"


def check_starts(rows: Iterable[Row], assays: dict[str, Assay], sheet: Path, findings: Findings) -> None:
    """Note cases of which some samples start from a VCF and others from reads, samples with several VCF files, and
    assays that need reads. `rows`: every lane of every sample."""
    first: dict[str, Row] = {}
    of_sample: dict[str, Row] = {}
    for row in rows:
        other = first.setdefault(row.case, row)
        if bool(row.vcf) != bool(other.vcf):
            text = f"case '{row.case}' starts from {_start(row)} here, but from {_start(other)} on line {other.line}"
            findings.add(sheet, row.line, f"{text}; all samples of a case start from the same")
        one = of_sample.setdefault(row.sample, row)
        if row.vcf and one is not row and (row.vcf, row.vcf_sample) != (one.vcf, one.vcf_sample):
            text = f"sample '{row.sample}' has vcf '{one.vcf}' on line {one.line} already"
            findings.add(sheet, row.line, f"{text}; join its files first: bcftools concat")
        assay = assays.get(row.assay)
        if row.vcf and getattr(assay, "kind", "") == MONITORING:
            findings.add(sheet, row.line, f"vcf: assay {row.assay} follows variants in reads; give FASTQ files or bam")


def _start(row: Row) -> str:
    return "a VCF" if row.vcf else "reads"


def check_umis(rows: list[Row], assays: dict[str, Assay], sheet: Path, findings: Findings) -> Findings:
    """Note UMIs that an assay cannot use, and samples without them of an assay that joins reads by them. It takes two,
    one of each read, to tell the strands of a molecule."""
    known = compiled(load_schema("samples")["properties"]["umi"]["pattern"])
    for row in rows:
        joins = getattr(assays.get(row.assay), "min_reads", None)
        if known.search(row.umi) and not joins:  # another spelling is a problem of its own
            can = getattr(assays.get(row.assay), "callers", None)  # neither viral assays nor monitoring
            text = f"assay {row.assay} does not join reads by UMIs; leave it empty"
            text += ", or set min_reads of the assay" if can else ""
            findings.add(sheet, row.line, f"umi '{row.umi}': {text}")
        elif joins and not (row.umi or row.vcf):
            text = f"umi is empty, but assay {row.assay} joins the reads of each molecule by their UMIs; write read"
            findings.add(sheet, row.line, f"{text} structures such as '3M2S+T,3M2S+T', or 'name'")
        elif joins and joins[2] and known.search(row.umi) and row.umi.count("M") == 1:
            text = f"assay {row.assay} asks for both strands of a molecule, which the UMI of one read does not tell"
            findings.add(sheet, row.line, f"umi '{row.umi}': {text}; set its min_reads to [{joins[0]}, 0, 0]")
    return findings
