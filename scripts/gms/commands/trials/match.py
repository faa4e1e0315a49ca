"""gms match: which trials finished cases may enter, what is new, and trial definitions from and to CTML."""

import argparse
import datetime
import json
import os
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from gms.base.errors import GmsError
from gms.base.problems import Findings, shown
from gms.base.schemas import Document
from gms.inputs.load_run import read_run
from gms.inputs.run_model import Run
from gms.report.overview import finished_cases
from gms.trials.definitions.ctml_trials import from_ctml, to_ctml
from gms.trials.definitions.model import NO_ENROLMENT
from gms.trials.matching.case_facts import read_facts
from gms.trials.matching.screen import (
    News,
    changed_cases,
    exon_tables,
    last_screening,
    news,
    screen,
    withdrawn,
    write_match,
    write_screening,
)
from gms.trials.matching.settings import Screening, load_screening

SHOWN = 40  # news that are listed


class NothingToMatch(GmsError):
    """A call that names neither cases nor --all, or a configuration without trials."""

    def __init__(self, text: str):
        super().__init__(text)


def main(argv: list[str]) -> int:
    """Match finished cases with clinical trials: those named, or with --all every one, after a trial opened, a
    definition changed or the clinical table grew. Says for each criterion whether it is met, not met or unknown, and
    what would settle it. Support for a tumour board: no software enrols a patient."""
    options = parser().parse_args(argv)
    if options.from_ctml:
        return import_ctml(options.from_ctml, options.output)
    if options.to_ctml:
        return export_ctml(options.to_ctml, options.output)
    run = run_with_trials(options.configfile)
    if options.handed_over and not options.cases:
        raise NothingToMatch("name the cases whose results were handed over")
    if options.handed_over:
        return hand_over([run.results / "trials" / f"{case}.json" for case in options.cases], options)
    screening = load_screening(run.trials, options.date)
    if options.all:
        return screen_all(screening, run.results, options.workers)
    if not options.cases:
        raise NothingToMatch("name cases, or use --all for every finished case")
    return match_cases(screening, run.results, options.cases)


def parser() -> argparse.ArgumentParser:
    """The options."""
    made = argparse.ArgumentParser(prog="gms match", description=main.__doc__, allow_abbrev=False)
    made.add_argument(
        "cases", nargs="*", metavar="CASE", help="finished cases: makes trials/CASE.json and its page anew"
    )
    made.add_argument("--configfile", "-C", type=Path, help="the run's config file, with trials:")
    made.add_argument("--all", action="store_true", help="every finished case; lists what is new since the last time")
    made.add_argument("--date", default=datetime.date.today().isoformat(), help="day of the decision; default: today")
    made.add_argument(
        "--workers", type=int, default=min(2, os.cpu_count() or 1), help="processes for --all; default: 2"
    )
    text = "note in the audit log that PARTY was given trials/CASE.json of the cases"
    made.add_argument("--handed-over", metavar="PARTY", help=text)
    made.add_argument("--from-ctml", type=Path, metavar="FILE", help="turn a CTML trial (JSON, YAML) into a definition")
    made.add_argument("--to-ctml", type=Path, metavar="FILE", help="turn a definition into CTML (JSON)")
    made.add_argument("--output", "-o", type=Path, help="file to write for --from-ctml and --to-ctml; must not exist")
    return made


def run_with_trials(configfile: Path | None) -> Run:
    """The run of a configuration that names trials. Raises NothingToMatch."""
    if not configfile:
        raise NothingToMatch("--configfile is missing: the config of a run, whose trials: names the definitions")
    run = read_run(configfile)
    if not run.trials:
        raise NothingToMatch(f"{shown(configfile)} names no trials; add  trials: {{definitions: [folder]}}")
    return run


def hand_over(paths: list[Path], options: argparse.Namespace) -> int:
    """Note in the audit log that a party is given documents."""
    from gms.commands.trials.handing_over import hand_over_documents

    for line in hand_over_documents(options.configfile, paths, "trial_match", options.handed_over):
        print(line)
    return 0


def match_cases(screening: Screening, results: Path, cases: list[str]) -> int:
    """Make the documents of named cases, and say where they are."""
    exons = exon_tables(results)
    for case in cases:
        facts = read_facts(case, results, exons, screening.clinical, screening.oncotree, screening.day)
        document = write_match(facts, screening, results)
        counts = Counter(arm["state"] if arm["open"] else "closed" for arm in document["arms"])
        print(f"{case}: {_counts(counts)}; {shown(results)}/trials/{case}.html")
        for arm in document["arms"]:
            if arm["open"] and arm["state"] != "not_eligible":
                needs = f"; missing: {'; '.join(arm['needs'])}" if arm["needs"] else ""
                print(f"  {arm['state']:<9} {arm['trial']} {arm['cohort']} ({arm['drug']}){needs}")
    print(NO_ENROLMENT)
    return 0


def _counts(counts: Counter) -> str:
    order = ("eligible", "unknown", "not_eligible", "closed")
    return ", ".join(f"{counts[state]} {state.replace('_', ' ')}" for state in order if counts[state]) or "no arms"


def screen_all(screening: Screening, results: Path, workers: int) -> int:
    """Screen all finished cases, renew the pages of those with news, and list the news."""
    cases = finished_cases(results)
    if not cases:
        raise NothingToMatch(f"{shown(results)} has no finished case (report/CASE.json)")
    states, failed = screen(screening, results, cases, max(1, workers))
    before = last_screening(results)
    found, lost = list(news(screening, before, states)), list(withdrawn(before, states))
    exons = exon_tables(results)
    for case in changed_cases(before, states, results):
        write_match(
            read_facts(case, results, exons, screening.clinical, screening.oncotree, screening.day), screening, results
        )
    write_screening(screening, results, states, found)
    counts = Counter(state for arms in states.values() for state in arms.values())
    print(f"{len(states)} cases, {len(screening.trials)} trials on {screening.day}: {_counts(counts)}")
    print("\n".join(news_lines(found, lost, results)))
    for text in failed:
        print(f"warning: {text}", file=sys.stderr)
    print(NO_ENROLMENT)
    return 1 if failed else 0


def news_lines(found: list[News], lost: list[tuple[str, str, str]], results: Path) -> Iterator[str]:
    """What is new: each eligible arm, the number of cases for each that is not ruled out any more, and each arm that
    is not open to a case any more."""
    eligible = [one for one in found if one.now == "eligible"]
    for one in eligible[:SHOWN]:
        yield f"  new: {one.case} {one.arm} (version {one.version}): {one.before or 'not screened before'} -> {one.now}"
    if len(eligible) > SHOWN:
        yield f"  new: {len(eligible) - SHOWN} more, see {shown(results)}/trials/screening.json"
    for arm, number in sorted(Counter(one.arm for one in found if one.now == "unknown").items()):
        yield f"  new: {number} cases that {arm} does not rule out any more; what is missing is on their pages"
    for case, arm, now in lost[:SHOWN]:
        yield f"  gone: {case} {arm}: eligible -> {now}"
    if len(lost) > SHOWN:
        yield f"  gone: {len(lost) - SHOWN} more; their pages are made anew"
    if not found and not lost:
        yield "  nothing is new"


def _read(path: Path) -> dict:
    findings = Findings()
    content = Document(path).load(findings)  # JSON is YAML as well
    findings.raise_if_any()
    return content


def _write(text: str, output: Path | None, notes: list[str]) -> int:
    if output and output.exists():
        raise GmsError(f"{shown(output)} already exists; choose another name for --output")
    for note in dict.fromkeys(notes):
        print(f"not expressed: {note}", file=sys.stderr)
    if output:
        output.write_text(text)
    else:
        print(text, end="")
    return 0


def import_ctml(path: Path, output: Path | None) -> int:
    """A definition of a CTML trial; what it cannot express goes to standard error."""
    content, notes = from_ctml(_read(path), datetime.date.today())
    return _write(yaml.safe_dump(content, sort_keys=False, allow_unicode=True), output, notes)


def export_ctml(path: Path, output: Path | None) -> int:
    """CTML of a definition, after checking it; what CTML cannot express goes to standard error."""
    from gms.trials.definitions.read import known_genes, read_trials

    read_trials([path], known_genes())
    content, notes = to_ctml(_read(path))
    return _write(json.dumps(content, indent=2, ensure_ascii=False) + "\n", output, notes)
