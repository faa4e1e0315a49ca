"""gms cohort: two-stage designs computed and searched, cohorts followed, exported and merged over countries."""

import argparse
import datetime
from collections.abc import Callable
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.problems import shown
from gms.base.tables import table
from gms.trials.cohort_progress import progress
from gms.trials.cohort_progress.page import cohorts_page, write_country_table
from gms.trials.cohort_progress.patients import Patient, read_patients
from gms.trials.definitions.model import NO_ENROLMENT, Trial
from gms.trials.definitions.read import SHIPPED, definition_files, known_genes, on_day, read_trials
from gms.trials.two_stage.design import Design, characteristics, design_problems
from gms.trials.two_stage.search import LARGEST, search

Options = argparse.Namespace
Commands = Any  # what argparse's add_subparsers returns, which has no public name
_SIZES = {
    "n1": "patients of the first stage",
    "r1": "the cohort stops with this many responses of the first stage or fewer",
    "n": "patients of both stages",
    "r": "the drug is not active with this many responses or fewer",
}
HEADER = ("design r1/n1 r/n", "type I error", "power", "PET (p0)", "EN (p0)")


class BadDesign(GmsError):
    """A design on the command line that cannot be."""

    def __init__(self, problems: list[str]):
        super().__init__("; ".join(problems))


def main(argv: list[str]) -> int:
    """Two-stage cohorts (Simon 1989): compute or search a design, say where cohorts stand and what follows, export
    their progress without rows of patients, merge it over countries. No software enrols a patient."""
    options = parser().parse_args(argv)
    options.run(options)
    return 0


def parser() -> argparse.ArgumentParser:
    """All sub-commands with their options."""
    made = argparse.ArgumentParser(prog="gms cohort", description=main.__doc__)
    commands = made.add_subparsers(metavar="COMMAND", required=True)
    _add_designs(commands)
    one = _with_cohorts(_command(commands, "status", show_status))
    one.add_argument("--table", type=Path, help="also write persons by cohort and country (small counts)")
    _add_export(commands)
    one = _with_definitions(_command(commands, "merge", merge))
    one.add_argument("files", nargs="+", type=Path, metavar="PROGRESS", help="files of gms cohort export")
    one.add_argument("--trusted", nargs="+", type=Path, required=True, metavar="KEY", help="public keys of the centres")
    one.add_argument("--page", type=Path, help="also write a page with drawings")
    one = _command(commands, "handed-over", handed_over)
    one.add_argument("files", nargs="+", type=Path, metavar="FILE", help="files that were handed over")
    one.add_argument("--configfile", "-C", type=Path, required=True, help="a run's config file with sharing:")
    one.add_argument("--to-party", required=True, metavar="PARTY", help="for example region-uppsala")
    one.add_argument("--decision", action="store_true", help="it is a decision on a cohort; default: its progress")
    return made


def _add_designs(commands: Commands) -> None:
    one = _command(commands, "design", show_design)
    for name, text in _SIZES.items():
        one.add_argument(f"--{name}", type=int, required=True, help=text)
    _with_rates(one)
    one = _command(commands, "search", show_search)
    _with_rates(one)
    one.add_argument("--alpha", type=float, default=0.05, help="type I error at p0, at most; default: 0.05")
    one.add_argument("--power", type=float, default=0.8, help="power at p1, at least; default: 0.8")
    one.add_argument("--largest", type=int, default=LARGEST, help=f"patients, at most; default: {LARGEST}")


def _add_export(commands: Commands) -> None:
    one = _with_cohorts(_command(commands, "export", export))
    one.add_argument("--centre", required=True, help="who exports; a centre counts once in a merge")
    one.add_argument("--output", "-o", type=Path, required=True, help="file to write; its signature goes next to it")
    one.add_argument("--key", type=Path, required=True, help="your secret signing key (./gms export keys)")
    one.add_argument("--codes", type=Path, help="table key, system, code: RxNorm, ICD-O-3, HGNC ... for OMOP")
    one.add_argument("--small-counts", action="store_true", help="counts below 5 too: partners with an agreement only")


def _command(commands: Commands, name: str, run: Callable[[Options], None]) -> argparse.ArgumentParser:
    one = commands.add_parser(name, help=run.__doc__.split(".")[0], description=run.__doc__)
    one.set_defaults(run=run)
    return one


def _with_rates(one: argparse.ArgumentParser) -> None:
    one.add_argument("--p0", type=float, required=True, help="response rate of no interest, 0-1")
    one.add_argument("--p1", type=float, required=True, help="response rate of interest, 0-1")


def _with_definitions(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    one.add_argument("--trials", nargs="+", type=Path, default=[SHIPPED], help="definitions: files or folders")
    return one


def _with_cohorts(one: argparse.ArgumentParser) -> argparse.ArgumentParser:
    _with_definitions(one)
    one.add_argument("--patients", nargs="+", type=Path, required=True, help="tables of patients (docs/trials.md)")
    one.add_argument("--page", type=Path, help="also write a page with drawings")
    return one


def show_design(options: Options) -> None:
    """Compute a design: type I error, power, probability of early termination, expected size."""
    design = Design(options.n1, options.r1, options.n, options.r, options.p0, options.p1)
    if problems := [text for _, text in design_problems(design, {})]:
        raise BadDesign(problems)
    print(table(HEADER, [_line(design)]))


def show_search(options: Options) -> None:
    """Search Simon's optimal and minimax designs."""
    found = search(options.p0, options.p1, options.alpha, options.power, options.largest)
    rows = [(name, *_line(design)) for name, design in found._asdict().items()]
    print(table(("", *HEADER), rows))


def _line(design: Design) -> tuple:
    found = characteristics(design)
    return str(design), found.alpha, found.power, found.pet, f"{found.en:.2f}"


def _trials(options: Options) -> list[Trial]:
    return on_day(read_trials(definition_files(options.trials), known_genes()), datetime.date.today().isoformat())


def _cohorts(options: Options) -> tuple[list[Patient], list[progress.Row]]:
    trials = _trials(options)
    known = {trial.id: {cohort.id for cohort in trial.cohorts if cohort.design} for trial in trials}
    patients = read_patients(options.patients, known)
    return patients, progress.rows_of_patients(trials, patients)


def _show(rows: list[progress.Row], page: Path | None) -> None:
    lines = []
    for row in rows:
        at = row.standing
        counts = (at.stage, at.evaluable, at.benefit, at.pending, at.over)
        lines.append((row.key, "+".join(row.countries) or "-", *counts, at.decision.replace("_", " "), at.because))
    header = ("cohort", "countries", "stage", "evaluable", "benefit", "pending", "over", "decision", "why")
    print(table(header, lines))
    for row in rows:
        if found := row.standing.estimate:
            interval = f"{found.rate:.3f}, 90 % interval {found.low:.3f}-{found.high:.3f}, p-value {found.p_value:.4f}"
            print(f"{row.key}: rate {interval}; {row.standing.method}")
    if page:
        page.write_text(cohorts_page(rows, datetime.date.today().isoformat()))
        print(f"page: {shown(page)}")
    print(NO_ENROLMENT)


def show_status(options: Options) -> None:
    """Say where cohorts stand and what follows: go on, stop, declare active, or wait."""
    patients, rows = _cohorts(options)
    _show(rows, options.page)
    if options.table:
        write_country_table(options.table, patients)


def export(options: Options) -> None:
    """Write the progress of cohorts without rows of patients, small counts suppressed, and sign it."""
    import json

    from gms.sharing.package.keys import load_private, write_signed

    _, rows = _cohorts(options)
    least = 0 if options.small_counts else progress.LEAST
    day = datetime.date.today().isoformat()
    content = progress.document(rows, options.centre, day, progress.read_codes(options.codes), least)
    text = json.dumps(content, indent=2, ensure_ascii=False) + "\n"
    write_signed(options.output, text.encode(), load_private(options.key))
    counts = f"counts below {least} suppressed" if least else "with small counts, for partners with an agreement only"
    print(f"{shown(options.output)}: {len(rows)} cohorts, signed, {counts}")
    if options.page:
        options.page.write_text(cohorts_page(rows, day))


def merge(options: Options) -> None:
    """Merge the progress of several countries by cohort; every file must be signed by a trusted key."""
    from gms.sharing.package.keys import load_public

    keys = list(map(load_public, options.trusted))
    documents = {path: progress.read_progress(path, keys) for path in options.files}
    _show(list(progress.merged(_trials(options), documents)), options.page)


def handed_over(options: Options) -> None:
    """Note in the audit log that a party is given progress or a decision."""
    from gms.commands.trials.handing_over import hand_over_documents

    kind = "cohort_decision" if options.decision else "cohort_progress"
    for line in hand_over_documents(options.configfile, options.files, kind, options.to_party):
        print(line)
