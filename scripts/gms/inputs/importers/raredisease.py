"""nf-core/raredisease: a row per lane; families as in a PED file (sex 1/2, phenotype 1/2, ids of the parents)."""

from gms.base.problems import Findings
from gms.inputs.importers.draft import Draft, Notes, Wishes, choose_assays
from gms.inputs.importers.pedigree import Member, give_roles
from gms.inputs.importers.source import Entry, Source
from gms.inputs.importers.words import PED_PHENOTYPE, PED_SEX, ids_of, left_behind, reads, translate
from gms.inputs.run_model import Assay

REQUIRED = ("sample", "sex", "phenotype", "case_id")
PARENTS = ("paternal_id", "maternal_id")
TAKEN = {*REQUIRED, *PARENTS, "lane", "fastq_1", "fastq_2", "bam", "cram"}


def convert(
    sources: list[Source], assays: dict[str, Assay], wishes: Wishes, findings: Findings, notes: Notes
) -> list[Draft]:
    """A draft for each row, with roles from the ids of the parents."""
    source = sources[0]
    drafts, members = [], {}
    for entry in source.entries:
        if draft := _draft(entry, wishes, findings, notes):
            drafts.append(draft)
            _add_member(draft, entry, members, wishes, findings)
    choose_assays(drafts, assays, wishes, findings)
    _check_kinds(drafts, assays, findings)
    roles = give_roles(list(members.values()), wishes, findings, notes)
    for draft in drafts:
        draft.role = roles.get(draft.sample, "")
    left_behind(source.columns, TAKEN, notes)
    return drafts


def _draft(entry: Entry, wishes: Wishes, findings: Findings, notes: Notes) -> Draft | None:
    ids = ids_of(entry, ("sample", "case_id"), wishes, findings, notes)
    if ids is None:
        return None
    sample, case = ids
    fastq_1, fastq_2, bam = reads(entry, "fastq_1", "fastq_2", findings)
    return Draft(
        path=entry.path,
        line=entry.line,
        source_sample=sample,
        case=case,
        sample=sample,
        fastq_1=fastq_1,
        fastq_2=fastq_2,
        bam=bam,
        lane=entry.get("lane"),
        sex=translate("sex", entry, PED_SEX, findings, notes),
        affected=translate("phenotype", entry, PED_PHENOTYPE, findings, notes),
        umi=wishes.umi or "",
    )


def _add_member(draft: Draft, entry: Entry, members: dict[str, Member], wishes: Wishes, findings: Findings) -> None:
    """Keep the person of a row, after noting parents that another row of the sample names otherwise."""
    values = [entry.get(column) for column in PARENTS]
    father, mother = ("" if value == "0" or wishes.leaves_out(value) else value for value in values)
    person = Member(draft.sample, draft.case, draft.path, draft.line, draft.affected, father, mother)
    first = members.setdefault(draft.sample, person)
    for column, mine, other in zip(PARENTS, (father, mother), (first.father, first.mother), strict=True):
        if mine != other:
            text = f"sample '{draft.sample}' has {column} '{mine or 0}' here but '{other or 0}' on line {first.line}"
            findings.add(draft.path, draft.line, f"{text}; all lanes of a sample have the same {column}")


def _check_kinds(drafts: list[Draft], assays: dict[str, Assay], findings: Findings) -> None:
    """Note assays that are not for families, once each, and take them away: no role would be right for them."""
    families = [assay.name for assay in assays.values() if assay.kind == "germline"]
    for name in dict.fromkeys(draft.assay for draft in drafts):
        if name and name not in families:
            text = f"--assay {name} is for acquired variants, and a raredisease sheet has families"
            findings.add("the command", None, f"{text}; choose {' or '.join(families)}")
    for draft in drafts:
        draft.assay = draft.assay if draft.assay in families else ""
