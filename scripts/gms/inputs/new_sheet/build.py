"""From files of reads or calls to the rows of a sheet, with what was assumed and what a person must still fill in."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from gms.base.problems import Findings
from gms.inputs.importers import checked
from gms.inputs.importers.draft import Draft, Notes, Wishes, choose_assays, name_lanes
from gms.inputs.importers.names import rename
from gms.inputs.importers.paths import shown_from
from gms.inputs.new_sheet import ped, sample_sheet_csv
from gms.inputs.new_sheet.alignments import find_alignments
from gms.inputs.new_sheet.read_files import Found, Odd, Pair, find_reads
from gms.inputs.new_sheet.sample_sheet_csv import Listed
from gms.inputs.new_sheet.variant_files import find_variants
from gms.inputs.run_model import Assay
from gms.inputs.user_tables import read_text

STANDARD_OUTPUT = Path("samples.tsv")  # what a sheet is called that is printed


@dataclass(frozen=True)
class Sources:
    """What a sheet is made from: folders with FASTQ files, and perhaps a list of the run's samples and a PED file."""

    folders: tuple[Path, ...]
    listed: Path | None = None
    families: Path | None = None


@dataclass
class NewSheet:
    """A sheet to be written. `odd`: files that are not taken; `open`: sentences on what a person must fill in."""

    drafts: list[Draft]
    odd: list[Odd]
    notes: Notes = field(default_factory=Notes)
    renamed: list[tuple[str, str, str]] = field(default_factory=list)
    open: list[str] = field(default_factory=list)

    @property
    def text(self) -> str:
        """The sheet as it is written."""
        return checked.text(self.drafts)


def sort_sources(paths: Sequence[Path], findings: Findings) -> Sources:
    """Tell folders, sample sheets and PED files apart by their content. Without a folder, reads are looked for in and
    below the folders of the files."""
    folders, listed, families = [], [], []
    for path in paths:
        if path.is_dir():
            folders.append(path)
        elif (text := read_text(path, findings)) is not None:
            (listed if sample_sheet_csv.is_sample_sheet(text) else families).append(path)
    for files, what in ((listed, "sample sheet"), (families, "PED file")):
        for path in files[1:]:
            findings.add(path, None, f"is one {what} too many; give one, and the folders of all runs")
    folders = folders or list(dict.fromkeys(path.absolute().parent for path in paths if path.is_file()))
    return Sources(tuple(folders), next(iter(listed), None), next(iter(families), None))


def build(
    sources: Sources, assays: dict[str, Assay], wishes: Wishes, output: Path | None, findings: Findings
) -> NewSheet:
    """The rows of the new sheet at `output`, None for standard output. Notes what forbids to write it."""
    listed = sample_sheet_csv.read_listed(sources.listed, findings) if sources.listed else []
    persons = ped.read_ped(sources.families, findings) if sources.families else {}
    findings.raise_if_any()
    found = find_reads(sources.folders)
    others = _other_files(sources.folders, found)
    samples = sample_sheet_csv.keep_listed(found, listed, sources.listed, others) if sources.listed else {}
    pairs = [pair for pair in found.pairs if not sources.listed or pair in samples]
    drafts = _drafts(pairs, samples, found, wishes, output)
    sheet = NewSheet([*drafts, *_without_fastq(others, listed, wishes, output)], found.odd)
    notes = sheet.notes
    if sources.families:
        sheet.open += ped.describe(sheet.drafts, persons, sources.families, wishes, notes)
    _describe(sheet, assays, wishes, bool(sources.families), findings)
    _name_lanes(sheet.drafts, notes)
    if barcoded := [pair.name.sample for pair in pairs if pair.name.is_barcode and pair not in samples]:
        notes.add("names of MGI have no sample; samples are called FLOWCELL-BARCODE", *barcoded)
    sheet.renamed = rename(sheet.drafts, True, findings)
    findings.raise_if_any()
    _check(sheet, assays)
    return sheet


def _drafts(
    pairs: list[Pair], samples: dict[Pair, str], found: Found, wishes: Wishes, output: Path | None
) -> list[Draft]:
    """A draft for each pair of the samples of which no file is odd."""
    doubtful = {odd.sample for odd in found.odd} - {""}
    chunks = Counter((pair.name.sample, pair.name.lane, pair.fastq_1.parent) for pair in pairs)
    drafts = []
    for pair in pairs:
        sample = samples.get(pair, pair.name.sample)
        if {sample, pair.name.sample} & doubtful or wishes.leaves_out(sample):
            continue
        is_part = chunks[pair.name.sample, pair.name.lane, pair.fastq_1.parent] > 1 and pair.name.chunk
        lane = "-".join(filter(None, (pair.name.lane, pair.name.chunk if is_part else "")))
        files = (shown_from(path, output) for path in (pair.fastq_1, pair.fastq_2))
        drafts.append(
            Draft(output or STANDARD_OUTPUT, 0, sample, sample, sample, *files, lane=lane, flowcell=pair.flowcell)
        )
    return drafts


def _other_files(folders: Sequence[Path], found: Found) -> dict[str, tuple[str, Path]]:
    """Column and file of each sample without FASTQ files: a BAM or CRAM file, else a VCF."""
    reads = {sample: ("bam", path) for sample, path in find_alignments(folders, found).items()}
    with_reads = {pair.name.sample for pair in found.pairs} | {odd.sample for odd in found.odd} | reads.keys()
    calls = find_variants(folders, with_reads, found)
    return reads | {sample: ("vcf", path) for sample, path in calls.items()}


def _without_fastq(
    files: dict[str, tuple[str, Path]], listed: list[Listed], wishes: Wishes, output: Path | None
) -> Iterator[Draft]:
    """A draft for each BAM, CRAM or VCF file; where samples are listed, of those only."""
    asked = {sample.id for sample in listed} or files.keys()
    for sample, (column, path) in files.items():
        if sample in asked and not wishes.leaves_out(sample):
            named = {"vcf_sample": sample} if column == "vcf" else {}
            cells = {column: shown_from(path, output), **named}
            yield Draft(output or STANDARD_OUTPUT, 0, *(sample,) * 3, "", "", **cells)


def _describe(sheet: NewSheet, assays: dict[str, Assay], wishes: Wishes, has_ped: bool, findings: Findings) -> None:
    """Give every draft its assay, and its case and role where they are asked for or can only be one."""
    choose_assays(sheet.drafts, assays, wishes, findings)
    for draft in sheet.drafts:
        draft.case = wishes.case(*draft.names) or draft.case
        draft.role = wishes.role(*draft.names) or draft.role
        assay = assays.get(draft.assay)
        if assay is None or draft.role or has_ped:
            continue
        if len(assay.roles["required"]) == 1 and draft.case == draft.sample:
            draft.role = assay.roles["required"][0]
            sheet.notes.add(f"each sample is a case of its own, with the role {draft.role}", draft.sample)
    wishes.check_used(sorted({name for draft in sheet.drafts for name in (*draft.names, draft.case)}), findings)


def _name_lanes(drafts: list[Draft], notes: Notes) -> None:
    """Name lanes; those that still have the same name are numbered."""
    name_lanes(drafts, notes)
    seen: Counter = Counter()
    for draft in drafts:
        seen[draft.sample, draft.lane] += 1
        if (number := seen[draft.sample, draft.lane]) > 1:
            notes.add("files of one sample and lane from several folders are taken as lanes of their own", draft.sample)
            draft.lane = f"{draft.lane}-{number}"


def _check(sheet: NewSheet, assays: dict[str, Assay]) -> None:
    """Number the lines; note what keeps the sheet from being loaded, and which optional cells are worth filling in."""
    for number, draft in enumerate(sheet.drafts, start=2):
        draft.line = number
    by_role: dict[str, None] = dict.fromkeys(draft.sample for draft in sheet.drafts if not draft.role)
    if by_role:
        roles = dict.fromkeys(
            role for d in sheet.drafts for key in ("required", "optional") for role in assays[d.assay].roles[key]
        )
        text = f"role ({', '.join(roles)}) of {', '.join(by_role)}; samples of one case have the same case name"
        sheet.open.append(f"{text}. Options: --role SAMPLE=ROLE, --case CASE=SAMPLE,SAMPLE")
    own = Findings()
    checked.check(sheet.drafts, assays, own)
    sheet.open += [f"line {problem.line}: {problem.text}" for problem in own.problems]
    germline = [draft for draft in sheet.drafts if assays[draft.assay].kind == "germline"]
    for what, drafts, words in (
        ("sex", sheet.drafts, "female or male"),
        ("affected", germline, "yes or no; a proband without it counts as affected"),
    ):
        if unknown := dict.fromkeys(d.sample for d in drafts if getattr(d, what) in ("", "unknown")):
            sheet.notes.add(f"{what} is unknown; fill it in if it is known ({words})", *unknown)
