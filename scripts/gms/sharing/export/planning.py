"""The decisions on all finished cases of a run: shown only, or carried out."""

import datetime
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from typing import Any

from gms.base.errors import GmsError
from gms.base.json_tables import read_json
from gms.base.problems import unknown
from gms.base.results import named
from gms.inputs.load_run import read_run
from gms.inputs.sample_sheet import local_names
from gms.sharing.decision.decisions import decision_record
from gms.sharing.export.cases import Results, results_of, sheet_cases
from gms.sharing.export.deciding import decide_case, load_centre
from gms.sharing.export.folder import export_case
from gms.sharing.export.settings import export_settings


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


def prepare(configfile: Path, names: Collection[str], on: datetime.date) -> Iterator[str]:
    """Decide on finished cases and make their packages as the workflow does (all cases, or those named).

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
