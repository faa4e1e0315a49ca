"""gms import-sheet: a sample sheet of another pipeline, turned into this workflow's own."""

import argparse
import sys
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_personal_number, mask_personal_numbers
from gms.base.problems import Findings, shown
from gms.base.project import PROJECT
from gms.base.schemas import Document, load_schema
from gms.inputs.assay_files import find_assay_files, kind_of
from gms.inputs.assays import known_assays, load_assay
from gms.inputs.importers import checked, hydra
from gms.inputs.importers.draft import Draft, Notes, Wishes, name_lanes
from gms.inputs.importers.formats import FORMATS, recognise
from gms.inputs.importers.names import rename
from gms.inputs.importers.paths import place_files
from gms.inputs.importers.source import Source, read_source
from gms.inputs.run_model import VIRAL, Assay


def main(argv: list[str]) -> int:
    """Turn hydra-genetics samples.tsv and units.tsv, or a sheet of nf-core/sarek or nf-core/raredisease, into a
    samples.tsv of this workflow. If there are problems, all are listed with their lines, and nothing is written. What
    was assumed, renamed or left out is listed on standard error: read it before you run."""
    options = parser().parse_args(argv)
    output = options.output
    check_output(output)
    drafts, notes, renamed = convert(options.sheets, getattr(options, "from"), wishes(options), output)
    output.write_text(checked.text(drafts))
    print(mask_personal_numbers("\n".join(tell_lines(notes, renamed))), file=sys.stderr)
    print(f"{shown(output)}: {counted(drafts)}")
    return 0


def counted(drafts: list[Draft]) -> str:
    """Numbers of cases, samples and lanes."""
    counts = {"case": {draft.case for draft in drafts}, "sample": {draft.sample for draft in drafts}, "lane": drafts}
    return ", ".join(f"{len(found)} {what}{'s' * (len(found) != 1)}" for what, found in counts.items())


class UnusableOutput(GmsError):
    """A place where a new sheet cannot be written."""


class UnusableOption(GmsError):
    """An option that says too little, or what is not known."""

    def __init__(self, option: str, word: str, usage: str):
        super().__init__(f"{option} {word}: write {usage}" if word else f"{option} is missing: {usage}")


def check_output(output: Path) -> None:
    """Raise UnusableOutput where a new sheet cannot be written, or would replace another."""
    if output.exists():
        raise UnusableOutput(f"{shown(output)} already exists; choose another name for --output, or remove the file")
    if not output.parent.is_dir():
        raise UnusableOutput(f"the folder {shown(output.parent)} of --output does not exist; create it first")


def parser() -> argparse.ArgumentParser:
    """The options; each says what a sheet of another pipeline cannot."""
    made = argparse.ArgumentParser(prog="gms import-sheet", description=main.__doc__, allow_abbrev=False)
    known = ", ".join(usable_assays())
    made.add_argument("sheets", nargs="+", type=Path, metavar="SHEET", help="one sheet; for hydra-genetics both")
    made.add_argument("--output", "-o", type=Path, required=True, help="the sheet to write; must not exist")
    made.add_argument("--from", choices=FORMATS, help="format of the sheet; default: recognised by its columns")
    made.add_argument("--assay", action="append", default=[], metavar="[WHAT=]NAME", help=_ASSAY + known)
    made.add_argument("--role", action="append", default=[], metavar="SAMPLE=ROLE", help="a role that the sheet lacks")
    text = "a sample, such as RNA; may be repeated"
    made.add_argument("--leave-out", action="append", default=[], metavar="SAMPLE", help=text)
    made.add_argument("--base", type=Path, metavar="FOLDER", help="where relative paths of FASTQ files start")
    made.add_argument("--umi", metavar="STRUCTURES", help="such as '7M1S+T 7M1S+T', or none; " + _UMI)
    made.add_argument(
        "--rename",
        action="store_true",
        help="replace characters that names may not contain by '-', and print a table",
    )
    return made


_ASSAY = "assay of all samples, or of an analyskod or a case (may be repeated): "
_UMI = "for hydra-genetics of samples with deduplication umi, else of all"


def wishes(options: argparse.Namespace) -> Wishes:
    """What the options say, checked. Raises GmsError."""
    umi = "" if options.umi == "none" else options.umi
    leave_out = frozenset(options.leave_out)
    return Wishes(assays_of(options.assay), roles_of(options.role), leave_out, umi, options.base, options.rename)


def assays_of(words: list[str]) -> dict[str, str]:
    """Assay by what it is for, '' for all others, of NAME and WHAT=NAME."""
    return {name: assay for name, _, assay in (word.rpartition("=") for word in words)}


def roles_of(words: list[str]) -> dict[str, str]:
    """Role by sample, of SAMPLE=ROLE. Raises UnusableOption."""
    known, roles = load_schema("samples")["properties"]["role"]["enum"], {}
    for word in words:
        sample, _, role = word.rpartition("=")
        if not sample or role not in known:
            raise UnusableOption("--role", word, f"SAMPLE=ROLE with one of {', '.join(known)}")
        roles[sample] = role
    return roles


def convert(
    paths: list[Path], asked: str | None, wishes: Wishes, output: Path
) -> tuple[list[Draft], Notes, list[tuple[str, str, str]]]:
    """Rows of the new sheet, what was assumed, and (kind, old, new) of names that were changed. Raises Problems."""
    findings, notes = Findings(), Notes()
    sources = [source for path in paths if (source := read_source(path, findings))]
    if len(sources) < len(paths) or find_personal_number(str(output.absolute())) is not None:
        if find_personal_number(str(output.absolute())) is not None:
            findings.add("the command", None, "the path of --output contains a personal number; choose another path")
        findings.raise_if_any()
    form = recognise(sources, asked, findings)
    if form is None:
        findings.raise_if_any()
    assays = load_assays(findings)
    drafts = form.convert(sources, assays, wishes, findings, notes)
    wishes.check_used(sorted(known_names(sources, drafts)), findings)
    name_lanes(drafts, notes)
    renamed = rename(drafts, wishes.rename, findings)
    place_files(drafts, output, wishes, findings, notes)
    checked.check(drafts, assays, findings)
    if not drafts and not findings.problems:
        findings.add(sources[0].path, None, "nothing is left to import")
    findings.raise_if_any()
    notes.add("subject is left empty: exports need it, and the imported sheet does not have it")
    return drafts, notes, renamed


def known_names(sources: list[Source], drafts: list[Draft]) -> set[str]:
    """Names that options may use: of samples, cases and analyses."""
    names = {name for draft in drafts for name in (*draft.names, draft.case, draft.code) if name}
    columns = ("sample", *hydra.CODE)
    return names | {entry.get(column) for source in sources for entry in source.entries for column in columns} - {""}


def load_assays(findings: Findings) -> dict[str, Assay]:
    """All assays of the project as they are without a run's changes, but those of viruses, which have plates."""
    own, files = Document(PROJECT / "config" / "config.yaml"), find_assay_files(PROJECT)
    loaded = {name: load_assay(name, {}, own, PROJECT, findings, files) for name in usable_assays()}
    return {name: assay for name, assay in loaded.items() if assay}


def usable_assays() -> list[str]:
    """Names of the project's assays that these commands write rows for: all but those of viruses."""
    files = find_assay_files(PROJECT)
    return [name for name in known_assays(PROJECT) if kind_of(files.assays[name]) != VIRAL]


def tell_lines(notes: Notes, renamed: list[tuple[str, str, str]]) -> list[str]:
    """What was renamed and assumed."""
    lines = []
    if renamed:
        width = max(len(old) for _, old, _ in renamed)
        lines += ["Renamed:", *(f"  {kind:<6}  {old:<{width}}  ->  {new}" for kind, old, new in renamed)]
    assumed = notes.lines()
    return lines + (["Assumed:", *(f"  {line}" for line in assumed)] if assumed else [])
