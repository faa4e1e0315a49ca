"""The folder of a reanalysis: the results up to the variants, as links, so that only what changed is made again.

Links share the file with the first analysis, whose outputs Snakemake removes, never rewrites, before a job makes them
again. What our jobs do rewrite (checksums, tables of quality control) is copied.
"""

import os
import re
import shutil
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import read_json, write_json
from gms.base.personal_numbers import find_identity_number, mask_identity_numbers
from gms.base.results import FILES, named
from gms.report.overview import finished_cases

PLACE = "reanalysis"  # in the results folder
RECORD = named("reanalysis").path  # in the new folder, whose alignments are taken over
_LINKED = ("reference", "alignment", "variants", "consensus", "annotated", "filtered", "reported")
_COPIED = ("qc", "regions", "checksums", ".snakemake/metadata")
# Rules that knowledge, policies and panels do not touch, and those that hand results over.
_LEFT_OUT = {"reference_fasta", "bwa_index", "bwa_mem2_index", "contig_bases", "align_reads", "external_variants"}
_LEFT_OUT |= {"overview_tables", "multiqc", "export", "upload"}
_LEFT_OUT |= {"viral_alignment", "viral_human_reads", "viral_handover"}


class UnusableName(GmsError):
    """A name that is no name of a folder."""

    def __init__(self, name: str):
        known = mask_identity_numbers(name)
        super().__init__(
            f"--as '{known}' must be a name of at most 64 letters, digits, '-' and '.' that reveals no person, such as "
            "2026-12"
        )


class NotFinished(GmsError):
    """A folder without the record of a run or without reports."""

    def __init__(self, results: Path):
        super().__init__(
            f"{results} has no finished cases or plates (run.json with report/*.json or qc/plates/*.json); give the "
            "results folder of a run"
        )


class NameTaken(GmsError):
    """A folder of this name that is not a reanalysis."""

    def __init__(self, folder: Path):
        super().__init__(f"{folder} exists and is not a reanalysis; use another name with --as")


class Reanalysis(NamedTuple):
    """Both folders: of the reports that were signed out, and the new one in it."""

    before: Path
    after: Path

    @property
    def name(self) -> str:
        return self.after.name


def place_of(results: Path, name: str) -> Reanalysis:
    """The folders of a reanalysis. Raises NotFinished, UnusableName, NameTaken."""
    plates = any(results.glob(named("plate_page").everywhere()))
    if not (results / named("run.json").path).is_file() or not (plates or finished_cases(results)):
        raise NotFinished(results)
    if not re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9.-]{0,63}", name) or find_identity_number(name) is not None:
        raise UnusableName(name)
    after = results / PLACE / name
    if after.exists() and not (after / RECORD).is_file() and any(after.iterdir()):
        raise NameTaken(after)
    return Reanalysis(results, after)


def prepare(folders: Reanalysis) -> None:
    """Make the new folder, as a whole or not at all; one that is there goes on where it stopped."""
    if (folders.after / RECORD).is_file():
        return
    draft = folders.after.with_name(f".{folders.name}.partial")
    shutil.rmtree(draft, ignore_errors=True)
    draft.mkdir(parents=True)
    for name in _LINKED:
        _take_over(folders.before / name, draft / name, _link)
    for name in _COPIED:
        _take_over(folders.before / name, draft / name, shutil.copy2)
    write_json(draft / RECORD, {"of": "../..", "name": folders.name})
    draft.replace(folders.after)


def _take_over(source: Path, target: Path, put) -> None:
    if source.is_dir():
        shutil.copytree(source, target, copy_function=put, symlinks=False, ignore=shutil.ignore_patterns(".snakemake*"))


def _link(source: str, target: str) -> None:
    """A hard link, also of a symbolic link, whose date counts for Snakemake; a copy where none can be made."""
    try:
        os.link(source, target, follow_symlinks=False)
    except OSError:
        shutil.copy2(source, target, follow_symlinks=False)


def rules_of(callers: set[str]) -> list[str]:
    """Rules that a reanalysis may run; `callers` of all classes."""
    rules = dict.fromkeys(file.rule for file in FILES if file.rule and file.rule not in _LEFT_OUT)
    return [rule for name in rules for rule in (_of_callers(name, callers) if "{caller}" in name else [name])]


def _of_callers(rule: str, callers: set[str]) -> list[str]:
    return [rule.format(caller=caller) for caller in sorted(callers)]


def record_of(results: Path) -> dict:
    """run.json."""
    return read_json(results / named("run.json").path)
