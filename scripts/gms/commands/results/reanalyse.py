"""gms reanalyse: finished cases with newer knowledge, policies or panels, next to their signed-out reports."""

import argparse
from collections.abc import Collection
from pathlib import Path
from typing import NamedTuple

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.base.problems import shown
from gms.base.results import named
from gms.inputs.load_run import read_run
from gms.inputs.run_model import Case, Plate, Run
from gms.operations.reanalysis.compare import compare
from gms.operations.reanalysis.folder import Reanalysis, place_of, prepare, record_of, rules_of
from gms.operations.reanalysis.knowledge import Difference, case_differences, differences, require_same_genome
from gms.operations.reanalysis.pages import CaseChanges, write_pages
from gms.operations.reanalysis.plate_changes import PlateChanges, compare_plates
from gms.operations.reanalysis.plates import asked_plates, finished_plates, require_same_reads, virus_differences
from gms.operations.run.conclusion import QC_FAILED
from gms.operations.run.launch import start
from gms.operations.run.run_lock_rules import take
from gms.operations.status.last_run import config_of, last_run
from gms.ranking.secondary import read_secondary_genes
from gms.report.overview import finished_cases

# Not by the names of inputs: a file that was moved is the same, and one that was replaced has other content (params).
_TRIGGERS = ("mtime", "params", "code")


class RunActive(GmsError):
    """A run still writes to the results."""

    def __init__(self, results: Path):
        super().__init__(f"a run over {results} is active or was killed; wait for it, or see ./gms status {results}")


def main(argv: list[str]) -> int:
    """Analyse finished cases again with what the config now says: new ClinVar, policy, gene list or panel. Reports that
    were signed out stay as they are; the new ones are in RESULTS/reanalysis/NAME, and changes/index.html there says
    which findings are new, changed and gone, and why. Only cases whose policy, panel, lists, knowledge or rows of the
    sample sheet changed, and plates of viral samples whose rules, gates or typing did, are made again, from their
    alignments: FASTQ files are not needed. Exit code 0: done; 1: a case failed, or an error."""
    parser = argparse.ArgumentParser(prog="gms reanalyse", description=main.__doc__, allow_abbrev=False)
    parser.add_argument("results", type=Path, metavar="RESULTS", help="the results folder of the first analysis")
    parser.add_argument("--as", dest="name", required=True, metavar="NAME", help="name of the reanalysis: 2026-12")
    parser.add_argument("--profile", "-p", required=True, help="where to run, as in gms run")
    parser.add_argument("--configfile", "-C", type=Path, help="the config; default: the one of the last run")
    parser.add_argument("--cores", "-c", help="number of cores to use here, or all; default: the profile's")
    parser.add_argument("--all", action="store_true", help="also cases for which only the workflow itself changed")
    options, rest = parser.parse_known_args(argv)
    folders = place_of(options.results.resolve(), options.name)
    last = last_run(folders.before)
    if last.is_locked or last.lock:
        raise RunActive(folders.before)
    options.configfile = config_of(folders.before, options.configfile, last.configfile)
    run = read_run(options.configfile)
    known = known_differences(run, folders, options.all)
    code = remake(folders, run, known, options, rest)
    page = all_pages(run, folders, known)
    print(f"Changes: {shown(page)}")
    return code


class Known(NamedTuple):
    """What differs for each finished case and plate of the config, by name."""

    cases: dict[str, list[Difference]]
    plates: dict[str, list[Difference]]


def known_differences(run: Run, folders: Reanalysis, count_workflow: bool) -> Known:
    """What differs. Raises OtherGenome, OtherReads where a new run is needed."""
    record = record_of(folders.before)
    require_same_genome(run, folders)
    require_same_reads(run, folders, record)
    of_assay = differences(run, record, count_workflow) | virus_differences(run, record, count_workflow)
    cases = {case.name: differences_of(case, run, folders, of_assay[case.assay]) for case in asked(run, folders)}
    return Known(cases, {plate.name: of_assay[plate.assay] for plate in asked_plates(run, folders.before)})


def all_pages(run: Run, folders: Reanalysis, known: Known) -> Path:
    """Write what changed of all cases and plates."""
    cases = [
        changes(run.cases[name], folders, found, secondary_genes(run, run.cases[name]))
        for name, found in known.cases.items()
    ]
    plates = [plate_changes(run.plates[name], folders, found) for name, found in known.plates.items()]
    return write_pages(folders, cases, plates)


def differences_of(case: Case, run: Run, folders: Reanalysis, of_assay: list[Difference]) -> list[Difference]:
    """What differs for a case: for its assay, in the sample sheet, and its gene list."""
    before = read_json(folders.before / named("findings").at(case=case.name))
    return [*of_assay, *case_differences(run, case, before)]


def asked(run: Run, folders: Reanalysis) -> list[Case]:
    """Cases of the config that are finished in the results."""
    return [run.cases[name] for name in finished_cases(folders.before) if name in run.cases]


def left_out(run: Run, folders: Reanalysis) -> list[str]:
    """A line for the cases and plates that only the config or only the results have."""
    finished, plates = finished_cases(folders.before), finished_plates(folders.before)
    ready = [plate.name for plate in asked_plates(run, folders.before)]
    sides = {
        "not finished in the results": [name for name in run.cases if name not in finished]
        + [f"plate {name}" for name in run.plates if name not in ready],
        "no longer in the sheet": [name for name in finished if name not in run.cases]
        + [f"plate {name}" for name in plates if name not in run.plates],
    }
    return [f"Left out, {why}: {', '.join(names)}" for why, names in sides.items() if names]


def remake(folders: Reanalysis, run: Run, known: Known, options: argparse.Namespace, rest: list[str]) -> int:
    """Make the reports of the cases and plates whose knowledge changed; the exit code of the run, 0 where it is not
    needed."""
    print("".join(f"{line}\n" for line in left_out(run, folders)), end="", flush=True)
    targets = remade_files(known)
    if not targets:
        print("Nothing to be made again: policies, panels, knowledge and sample sheet of all cases are the same.")
    prepare(folders)
    if not targets:
        return 0
    callers = {caller for assay in run.assays.values() for names in assay.callers.values() for caller in names}
    # Targets first: what a profile needs is added to the end.
    words = [*targets, *rest, "--rerun-triggers", *_TRIGGERS, "--allowed-rules", *rules_of(callers)]
    words += ["--config", f"results={folders.after}"]
    with take(folders.after) as lock:
        code = start(options, words, folders.after, lock)
    return 0 if code == QC_FAILED else code


def remade_files(known: Known) -> list[str]:
    """What is asked of the run: reports of cases, pages of plates, and the record of what they rest on."""
    files = [named("report").at(case=name) for name, found in known.cases.items() if found]
    files += [named("plate_page").at(plate=name) for name, found in known.plates.items() if found]
    return [*files, named("run.json").path] if files else []


def secondary_genes(run: Run, case: Case) -> Collection[str]:
    """Genes of a case's assay whose findings need the patient's agreement where nobody asked for them."""
    path = run.assays[case.assay].secondary_genes
    return read_secondary_genes(path).rules if path else ()


def changes(case: Case, folders: Reanalysis, known: list[Difference], secondary: Collection[str]) -> CaseChanges:
    """A case, its two reports compared; `secondary` as of secondary_genes."""
    if not known:
        return CaseChanges(case.name, case.assay, "same")
    report, vcf = named("findings").at(case=case.name), named("filtered").at(case=case.name)
    if not (folders.after / report).is_file():
        return CaseChanges(case.name, case.assay, "failed", tuple(known))
    before, after = (read_json(folder / report) for folder in folders)
    entries = compare(before, after, (folders.before / vcf, folders.after / vcf), secondary)
    return CaseChanges(case.name, case.assay, "remade", tuple(known), tuple(entries), before, after)


def plate_changes(plate: Plate, folders: Reanalysis, known: list[Difference]) -> PlateChanges:
    """A plate, its two records compared."""
    if not known:
        return PlateChanges(plate.name, plate.assay, "same")
    if not (folders.after / named("plate_page").at(plate=plate.name)).is_file():
        return PlateChanges(plate.name, plate.assay, "failed", tuple(known))
    before, after = (read_json(folder / named("plate").at(plate=plate.name)) for folder in folders)
    verdicts = (before["why"], after["why"])
    changed = tuple(compare_plates(before, after))
    return PlateChanges(plate.name, plate.assay, "remade", tuple(known), changed, verdicts)
