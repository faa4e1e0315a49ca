"""Words of other sheets for what this workflow calls otherwise; what is in no table is a problem, not a guess."""

import re

from gms.base.problems import Findings
from gms.inputs.importers.draft import Draft, Notes, Wishes
from gms.inputs.importers.source import Entry

LONG_READS = re.compile(r"nanopore|\bont\b|minion|gridion|promethion|pacbio|pacific|sequel|revio|smrt", re.IGNORECASE)
HYDRA_SEX = {"female": "female", "f": "female", "k": "female", "male": "male", "m": "male", "unknown": "unknown"}
SAREK_SEX = {"XX": "female", "XY": "male", "NA": "unknown"}
PED_SEX = {"1": "male", "2": "female", "0": "unknown", "other": "unknown"}
PED_PHENOTYPE = {"1": "no", "2": "yes", "0": "unknown"}
OTHER_INPUTS = ("spring_1", "spring_2", "bam", "bai", "cram", "crai", "table", "vcf", "gvcf", "cnv_vcf", "file")


def ids_of(
    entry: Entry, columns: tuple[str, str], wishes: Wishes, findings: Findings, notes: Notes
) -> tuple[str, str] | None:
    """The two names of a row, in these columns; None for a sample that is left out, or lacks either, which is noted."""
    first, second = map(entry.get, columns)
    if wishes.leaves_out(entry.get("sample")):
        notes.add("left out", entry.get("sample"))
        return None
    for column in columns:
        if not entry.get(column):
            findings.add(entry.path, entry.line, f"{column} is empty")
    return (first, second) if first and second else None


def translate(column: str, entry: Entry, words: dict[str, str], findings: Findings, notes: Notes) -> str:
    """Our word for a cell, 'unknown' for an empty one. Every translation is noted."""
    value = entry.get(column)
    if not value:
        return "unknown"
    ours = {word.lower(): ours for word, ours in words.items()}.get(value.lower())
    if ours is None:
        findings.add(entry.path, entry.line, f"unknown {column} '{value}' (known: {', '.join(words)})")
        return "unknown"
    if ours != value:
        notes.add(f"{column} {value} is written {ours}")
    return ours


def reads(entry: Entry, first: str, second: str, findings: Findings) -> tuple[str, str, str]:
    """The two FASTQ paths of a row, or the BAM or CRAM file, after noting what it has instead of them."""
    one, two, aligned = entry.get(first), entry.get(second), entry.get("bam", "cram")
    if one and two:
        return one, two, ""
    if aligned and not (one or two):
        return "", "", aligned
    other = next((column for column in OTHER_INPUTS if entry.get(column)), "")
    if one or two:
        text = f"has {first if one else second} only; single-end reads cannot be used, both files of a pair are needed"
    elif other:
        text = f"has {other} instead of reads that can be used: write {first} and {second}, or bam"
    else:
        text = f"has no FASTQ files; write {first} and {second}"
    findings.add(entry.path, entry.line, f"{text}, or leave the sample out: --leave-out {entry.get('sample')}")
    return "", "", ""


def left_behind(columns: tuple[str, ...], used: set[str], notes: Notes) -> None:
    """Note the columns that nothing here is made of."""
    if rest := [column for column in columns if column not in used]:
        notes.add("columns that are not taken over", *rest)


def role_in_pair(draft: Draft, is_tumor: bool, kind: str, word: str, findings: Findings, notes: Notes) -> str:
    """The role of a sample that the source calls tumour or normal (by `word`), in an assay of this kind."""
    if kind == "germline" and is_tumor:
        text = f"sample '{draft.sample}' is a tumour ({word}), but assay {draft.assay} is for inherited variants"
        findings.add(draft.path, draft.line, f"{text}; choose another one with --assay {draft.case}=NAME")
        return ""
    if kind == "germline":
        notes.add(f"normal samples ({word}) have the role proband in an assay for inherited variants", draft.sample)
        return "proband"
    role = "tumor" if is_tumor else "normal"
    notes.add(f"samples with {word} have the role {role}")
    return role
