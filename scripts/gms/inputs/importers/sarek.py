"""nf-core/sarek: a row per lane; patients have samples with status 0 (normal) or 1 (tumour)."""

from gms.base.problems import Findings
from gms.inputs.importers.draft import Draft, Notes, Wishes, choose_assays
from gms.inputs.importers.source import Entry, Source
from gms.inputs.importers.words import SAREK_SEX, ids_of, left_behind, reads, role_in_pair, translate
from gms.inputs.run_model import Assay

REQUIRED = ("patient", "sample")
TAKEN = {"patient", "sample", "lane", "fastq_1", "fastq_2", "bam", "cram", "sex", "gender", "status"}
STATUS = {"0": False, "1": True}


def convert(
    sources: list[Source], assays: dict[str, Assay], wishes: Wishes, findings: Findings, notes: Notes
) -> list[Draft]:
    """A draft for each row; a patient is a case."""
    source = sources[0]
    drafts, tumors = [], {}
    for entry in source.entries:
        draft, status = _draft(entry, wishes, findings, notes), _status(entry, findings, notes)
        if draft:
            drafts.append(draft)
            tumors[entry.line] = status
    choose_assays(drafts, assays, wishes, findings)
    for draft in drafts:
        status = tumors[draft.line]
        draft.role = wishes.role(*draft.names)
        if not draft.role and draft.assay and status is not None:
            word = f"status {int(status)}"
            draft.role = role_in_pair(draft, status, assays[draft.assay].kind, word, findings, notes)
    _check_tumors(drafts, findings)
    left_behind(source.columns, TAKEN, notes)
    return drafts


def _draft(entry: Entry, wishes: Wishes, findings: Findings, notes: Notes) -> Draft | None:
    ids = ids_of(entry, REQUIRED, wishes, findings, notes)
    if ids is None:
        return None
    patient, sample = ids
    column = "sex" if "sex" in entry.cells else "gender"
    fastq_1, fastq_2, bam = reads(entry, "fastq_1", "fastq_2", findings)
    return Draft(
        path=entry.path,
        line=entry.line,
        source_sample=sample,
        case=patient,
        sample=sample,
        fastq_1=fastq_1,
        fastq_2=fastq_2,
        bam=bam,
        lane=entry.get("lane"),
        sex=translate(column, entry, SAREK_SEX, findings, notes),
        umi=wishes.umi or "",
    )


def _status(entry: Entry, findings: Findings, notes: Notes) -> bool | None:
    """Whether the sample is a tumour; None after noting that it is not said in words that are known."""
    value = entry.get("status")
    if not value:
        notes.add("status is empty, which sarek takes for 0, normal", entry.get("sample"))
        return False
    if value not in STATUS:
        findings.add(entry.path, entry.line, f"unknown status '{value}' (known: 0 for normal, 1 for tumour)")
    return STATUS.get(value)


def _check_tumors(drafts: list[Draft], findings: Findings) -> None:
    """Note patients with several tumours: one report is about one of them."""
    first: dict[str, Draft] = {}
    told = set()
    for draft in drafts:
        other = first.setdefault(draft.case, draft) if draft.role == "tumor" else draft
        if other.sample != draft.sample and draft.sample not in told:
            told.add(draft.sample)
            text = f"patient '{draft.case}' has tumour '{other.sample}' on line {other.line} already; a case has one"
            text += f": import them one at a time, such as now with --leave-out {draft.sample}"
            findings.add(draft.path, draft.line, text)
