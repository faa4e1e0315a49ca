"""hydra-genetics: samples.tsv (a row per sample) and units.tsv (a row per lane, with type T, N or R)."""

from gms.base.problems import Findings, unknown
from gms.base.schemas import compiled, load_schema
from gms.inputs.importers.draft import Draft, Notes, Wishes, choose_assays
from gms.inputs.importers.source import Entry, Source
from gms.inputs.importers.words import HYDRA_SEX, LONG_READS, left_behind, reads, role_in_pair, translate
from gms.inputs.run_model import Assay

REQUIRED = {"samples": ("sample",), "units": ("sample", "type", "fastq1", "fastq2")}
TYPES = {"T": "tumour", "N": "normal", "R": "RNA"}
MEMBERS = {"proband": "proband", "index": "proband", "child": "proband", "mother": "mother", "father": "father"}
CODE = ("analyskod", "analysis_code", "test")
TRIO = ("trio_id", "trioid")
TAKEN = {"sample", "tumor_content", "sex", "deduplication", "trio_member", *CODE, *TRIO}
TAKEN |= {"type", "platform", "flowcell", "lane", "fastq1", "fastq2", "bam", "cram"}


def convert(
    sources: list[Source], assays: dict[str, Assay], wishes: Wishes, findings: Findings, notes: Notes
) -> list[Draft]:
    """A draft for each row of units.tsv, with what samples.tsv says of its sample."""
    units = next(source for source in sources if "fastq1" in source.columns)
    about = next(source for source in sources if source is not units)
    samples = _samples(about, findings)
    known = {entry.get("sample") for entry in units.entries}
    for name, entry in samples.items():
        if name and name not in known and not wishes.leaves_out(name):
            findings.add(about.path, entry.line, f"sample '{name}' has no row in {units.path.name}")
    drafts = [draft for entry in units.entries if (draft := _draft(entry, samples, about, wishes, findings, notes))]
    choose_assays(drafts, assays, wishes, findings)
    for draft in drafts:
        row = samples[draft.source_sample.rpartition("_")[0]]
        draft.role = wishes.role(*draft.names) or _role(draft, row, assays, findings, notes)
    left_behind((*about.columns, *units.columns), TAKEN, notes)
    return drafts


def _samples(about: Source, findings: Findings) -> dict[str, Entry]:
    """Rows by sample, after noting those without a name or there twice."""
    samples: dict[str, Entry] = {}
    for entry in about.entries:
        name = entry.get("sample")
        first = samples.setdefault(name, entry)
        if not name:
            findings.add(about.path, entry.line, "sample is empty")
        elif first is not entry:
            findings.add(about.path, entry.line, f"sample '{name}' is already on line {first.line}; keep one")
    return samples


def _draft(
    entry: Entry, samples: dict[str, Entry], about: Source, wishes: Wishes, findings: Findings, notes: Notes
) -> Draft | None:
    """The draft of one unit; None if it is left out or nothing can be made of it."""
    name, kind = entry.get("sample"), entry.get("type").upper()
    if wishes.leaves_out(name, f"{name}_{kind}", f"{name}-{kind}"):
        notes.add("left out", f"{name}-{kind}")
        return None
    if not _is_usable(entry, name, kind, findings):
        return None
    if name not in samples:
        text = unknown("sample", name, filter(None, samples))
        findings.add(entry.path, entry.line, f"{text}; it needs a row in {about.path.name}")
        return None
    return _made(entry, samples[name], name, kind, wishes, findings, notes)


def _made(entry: Entry, row: Entry, name: str, kind: str, wishes: Wishes, findings: Findings, notes: Notes) -> Draft:
    fastq_1, fastq_2, bam = reads(entry, "fastq1", "fastq2", findings)
    notes.add("samples are called SAMPLE-TYPE, as hydra-genetics calls their files SAMPLE_TYPE", f"{name}-{kind}")
    return Draft(
        path=entry.path,
        line=entry.line,
        source_sample=f"{name}_{kind}",
        case=row.get(*TRIO) or name,
        sample=f"{name}-{kind}",
        fastq_1=fastq_1,
        fastq_2=fastq_2,
        bam=bam,
        lane=entry.get("lane"),
        flowcell=entry.get("flowcell"),
        sex=translate("sex", row, HYDRA_SEX, findings, notes),
        purity=_purity(row, findings) if kind == "T" else "",
        umi=_umi(entry, row, wishes, findings, notes),
        code=row.get(*CODE),
    )


def _is_usable(entry: Entry, name: str, kind: str, findings: Findings) -> bool:
    """Whether the unit is DNA in short reads, after noting why not."""
    texts = [] if name else ["sample is empty"]
    if kind not in TYPES:
        texts.append(f"type '{kind}' is not known; write T (tumour) or N (normal)" if kind else "type is empty")
    elif kind == "R":
        texts.append(f"type R is RNA, a case of its own with assay panel_rna; leave it out here: --leave-out {name}-R")
    if LONG_READS.search(entry.get("platform")):
        texts.append(f"platform '{entry.get('platform')}' gives long reads, which cannot be used")
    for text in texts:
        findings.add(entry.path, entry.line, text)
    return not texts


def _purity(row: Entry, findings: Findings) -> str:
    value = row.get("tumor_content")
    if value and not compiled(load_schema("samples")["properties"]["purity"]["pattern"]).search(value):
        text = f"tumor_content '{value}' must be a fraction from 0 to 1 with a decimal point, such as 0.35"
        findings.add(row.path, row.line, text)
        return ""
    return value


def _umi(entry: Entry, row: Entry, wishes: Wishes, findings: Findings, notes: Notes) -> str:
    """Read structures, where the sheets say that reads have barcodes: which ones they do not say."""
    if (entry.get("deduplication") or row.get("deduplication")).lower() != "umi":
        return ""
    if wishes.umi is None:
        where = row if row.get("deduplication") else entry
        text = "deduplication is umi, but not where the barcodes are; write  --umi '7M1S+T 7M1S+T'  with your read"
        findings.add(where.path, where.line, f"{text} structures, or --umi none to treat the reads as without barcodes")
    elif not wishes.umi:
        notes.add("barcodes (deduplication umi) are not used", entry.get("sample"))
    return wishes.umi or ""


def _role(draft: Draft, row: Entry, assays: dict[str, Assay], findings: Findings, notes: Notes) -> str:
    """The role by trio_member, else by type and assay."""
    if not draft.assay:
        return ""
    member, kind = row.get("trio_member"), draft.sample.rpartition("-")[2]
    if member and assays[draft.assay].kind == "germline":
        role = MEMBERS.get(member.lower(), "")
        if not role:
            findings.add(row.path, row.line, f"unknown trio_member '{member}' (known: {', '.join(MEMBERS)})")
        return role
    if row.get(*TRIO) and assays[draft.assay].kind == "germline":
        text = f"sample '{draft.sample}' is in trio '{draft.case}', but its role is not given; write"
        findings.add(row.path, row.line, f"{text}  --role {draft.sample}=ROLE  (proband, mother, father or sibling)")
        return ""
    return role_in_pair(draft, kind == "T", assays[draft.assay].kind, f"type {kind}", findings, notes)
