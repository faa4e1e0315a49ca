"""What would be shared today: the decisions on all cases of a run, in words, with nothing written or sent."""

import datetime
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gms.exports import export_facts, results_of
from gms.exports.deciding import decide_case, load_centre
from gms.exports.settings import export_settings
from gms.findings import Findings
from gms.run import load_run
from gms.schemas import Document
from gms.sharing import case_facts
from gms.sharing.decisions import decision_record
from gms.software import PROJECT


def planned(configfile: Path, on: datetime.date) -> Iterator[str]:
    """The lines to print: the study, then each case with its decision on a day. Raises GmsError."""
    settings, findings = export_settings(configfile), Findings()
    config = Document(configfile).load(findings) or {}
    run = load_run({"gmc": "local"} | config, configfile, PROJECT)  # which centre it is changes no decision
    centre = load_centre(settings.sharing, settings.packages)
    sharing = centre.sharing
    yield f"study {sharing.study.id} ({sharing.study.ethics_approval}), purpose {sharing.study.purpose}, on {on}"
    for case in run.cases.values():
        facts = case_facts(export_facts(case, run.assays[case.assay].kind))
        results = results_of(facts, run.results)
        if not all(path.is_file() for path in (results.case_quality, *results.quality.values())):
            yield f"\n{case.name}: not decided, the case is not finished"
            continue
        record = decision_record(decide_case(facts, results, centre, on), centre.pseudonyms)
        yield from _told(case.name, record)


def _told(case: str, record: dict[str, Any]) -> Iterator[str]:
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
