"""The decisions on all finished cases of a run: shown only, or carried out."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_json, write_json
from gms.base.problems import unknown
from gms.base.results import named
from gms.inputs.load_run import read_run
from gms.inputs.sample_sheet import local_names
from gms.sharing.decision.decisions import decision_record
from gms.sharing.decision.law import legal_refusals
from gms.sharing.export.cases import Results, SheetCases, results_of, sheet_cases
from gms.sharing.export.deciding import Centre, case_lock, decide_case, load_centre
from gms.sharing.export.folder import export_case, refuse, still_stored
from gms.sharing.export.release import NO_CASE, no_longer_shared, release_by
from gms.sharing.export.settings import export_settings
from gms.sharing.package.manifest import NAME as MANIFEST
from gms.sharing.package.manifest import read_manifest


class UnknownCase(GmsError):
    """A case that is not in the sample sheet."""

    def __init__(self, case: str, known: Iterable[str]):
        super().__init__(unknown("case", case, known))


def planned(configfile: Path, on: datetime.date) -> Iterator[str]:
    """The lines to print: the study, then each case with its decision on a day. Raises GmsError."""
    settings, run = export_settings(configfile), read_run(configfile)
    centre = load_centre(settings.sharing, settings.packages)
    study = centre.sharing.study
    yield f"study {study.id} ({study.ethics_approval}), purpose {study.purpose}, on {on}"
    for name, facts in sheet_cases(run).by_name.items():
        results = results_of(facts, run.results)
        if _is_finished(results):
            yield from _decision_lines(
                name, decision_record(decide_case(facts, results, centre, on), centre.pseudonyms)
            )
        else:
            yield f"\n{name}: not decided, because the case is not finished"
    for package, reasons in _without_case(centre, sheet_cases(run), on):
        yield f"\n{package.name}: NOT shared, but its package is there"
        yield from (f"  because {reason}" for reason in (NO_CASE, *reasons))


def prepare(configfile: Path, names: Collection[str], on: datetime.date) -> Iterator[str]:
    """Decide on finished cases and make their packages as the workflow does (all cases, or those named).

    Of all cases, packages are removed whose case the sheet no longer has and whose persons may not be shared any more.
    Yields what to print. Raises GmsError.
    """
    settings, run = export_settings(configfile), read_run(configfile)
    if missing := sorted(set(names) - run.cases.keys()):
        raise UnknownCase(missing[0], run.cases)
    settings.packages.mkdir(parents=True, exist_ok=True)
    for name, facts in sheet_cases(run).by_name.items():
        results, out = results_of(facts, run.results), settings.results / named("decision").at(case=name)
        if names and name not in names:
            continue
        if _is_finished(results):
            export_case(facts, results, settings.sharing, out, local_names(run.sheet), on)
            record = read_json(out)
            yield f"{name}: {record['decision']}"
            yield from (f"  still stored: {one}" for one in record.get("still_stored", ()))
        else:
            yield f"{name}: not decided, because the case is not finished"
    if not names:
        yield from _remove_refused(load_centre(settings.sharing, settings.packages), sheet_cases(run), on)


def _without_case(centre: Centre, cases: SheetCases, on: datetime.date) -> Iterator[tuple[Path, list[str]]]:
    """Packages whose case the sample sheet no longer has, with what else is against sharing them: the workflow decides
    on cases of the sheet only."""
    release = release_by(centre, on, cases)
    for package in sorted(path.parent for path in centre.packages.glob(f"*/{MANIFEST}")):
        if package.name not in cases.by_name:
            reasons = no_longer_shared(package, read_manifest(package), release)
            yield package, [reason for reason in reasons if reason != NO_CASE]


def _remove_refused(centre: Centre, cases: SheetCases, on: datetime.date) -> Iterator[str]:
    """Remove packages without a case that may not be shared any more, and log that."""
    for package, reasons in _without_case(centre, cases, on):
        if not reasons:
            yield f"{package.name}: kept, but not released, because {NO_CASE}"
            continue
        with case_lock(package):
            manifest, rules = read_manifest(package), legal_refusals(centre.sharing, on)[0]
            record = {"package": manifest["package"], "decision": "refused", "date": on.isoformat(), "rule_set": rules}
            record |= {"reasons": reasons, "left_out": [], "recipients": [], "refused_recipients": []}
            record |= {"data_categories": manifest["data_categories"]}
            record |= {"members": [{"subject": subject["pseudonym"]} for subject in manifest["subjects"]]}
            refuse(package, record, centre)
            stored = still_stored(centre, manifest["package"])
            write_json(package.with_name(f"{package.name}.json"), record | {"still_stored": stored})
        yield f"{package.name}: removed, because {'; '.join(reasons)}"
        yield from (f"  still stored: {one}" for one in stored)


def _is_finished(results: Results) -> bool:
    files = (results.reported, results.case_quality, results.run, *results.quality.values())
    return all(path.is_file() for path in files)


def _decision_lines(case: str, record: dict[str, Any]) -> Iterator[str]:
    said = "would be shared" if record["decision"] == "shared" else "NOT shared"
    yield f"\n{case}: {said}, package {record['package']}"
    for reason in record["reasons"]:
        yield f"  because {reason}"
    if record["decision"] == "shared":
        yield f"  with    {', '.join(record['recipients'])}"
        yield f"  data    {', '.join(record['data_categories'])} of {len(record['members'])} sample(s)"
    for one in record["left_out"]:
        yield f"  without {one['sample']}: {one['reason']}"
    for one in record["refused_recipients"]:
        yield f"  not to  {one['party']}: {one['reason']}"
    for note in record["notes"]:
        yield f"  note    {note}"
