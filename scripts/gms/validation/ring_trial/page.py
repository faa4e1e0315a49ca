"""The verdict page of a ring trial: what it says, and its HTML in one file."""

import datetime
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from gms.base.results import named
from gms.report.render import render
from gms.validation.ring_trial.causes import NO_CAUSE, Cause, factors
from gms.validation.ring_trial.centres import PLATE, Centre
from gms.validation.ring_trial.compare import CaseTrial, Row, Split, Trial

HERE = Path(__file__).parent


def count(number: int, word: str) -> str:
    """'1 file', '1,200 files'."""
    return f"{number:,} {word}{'' if number == 1 else 's'}"


def count_cases(names: Iterable[str]) -> str:
    """'1 case', '6 cases and 1 plate'."""
    names = list(names)
    plates = sum(name.startswith(PLATE) for name in names)
    parts = [(len(names) - plates, "case"), (plates, "plate")]
    return " and ".join(count(number, word) for number, word in parts if number) or count(0, "case")


def headline(trial: Trial) -> str:
    """The verdict in one sentence."""
    rows, centres = trial.rows, len(trial.centres)
    differ = [row for row in rows if row.differs]
    if differ:
        cases = len({row.case for row in differ})
        where = f"in {cases:,} of {count_cases(case.name for case in trial.cases)}"
        return f"Different: {len(differ):,} of {count(len(rows), 'file')}, {where}."
    if trial.verdict == "incomplete":
        return "Not complete: what is there is identical, but not everything is there."
    every = "both" if centres == 2 else f"all {centres}"
    return f"Identical: {every} centres give the same answer to {count_cases(case.name for case in trial.cases)}."


def cause_table(trial: Trial) -> list[dict[str, Any]]:
    """Each cause with the files and cases it may explain, the most frequent first."""
    files: Counter[Cause] = Counter()
    cases: dict[Cause, set[str]] = {}
    for row in trial.rows:
        for cause in dict.fromkeys(cause for split in row.splits for cause in split.causes):
            files[cause] += 1
            cases.setdefault(cause, set()).add(row.case)
    return [
        {"kind": cause.kind, "text": cause.text, "files": number, "cases": len(cases[cause])}
        for cause, number in files.most_common()
    ]


def run_table(trial: Trial) -> tuple[list[dict[str, Any]], int]:
    """Entries of run.json that differ, a value per centre; and the number of entries that are the same everywhere."""
    assays = sorted({at.assay for centre in trial.centres for at in centre.cases.values() if at.assay})
    rows, same = {}, 0
    for assay in assays or [None]:
        sides = [factors(centre.run, assay) if centre.run else {} for centre in trial.centres]
        for key in dict.fromkeys(key for side in sides for key in side):
            found = [side.get(key) for side in sides]
            known = [factor for factor in found if factor]
            name = (known[0].kind, known[0].what)
            if name in rows:
                continue
            versions = {factor.version for factor in known}
            twins = len(versions) < len({factor.identity for factor in known})
            rows[name] = [
                factor and factor.version + (f" ({factor.identity[:8]})" if twins else "") for factor in found
            ]
            if len({factor.identity for factor in known}) == 1:
                rows[name] = None
                same += 1
    return [{"kind": kind, "what": what, "values": v} for (kind, what), v in rows.items() if v], same


def page_content(trial: Trial, version: str) -> dict[str, Any]:
    """Everything the template needs; `version` is that of the workflow that compared."""
    run, same = run_table(trial)
    return {
        "centres": [_centre(centre, number) for number, centre in enumerate(trial.centres, 1)],
        "verdict": {"identical": "pass", "incomplete": "warn", "different": "fail"}[trial.verdict],
        "headline": headline(trial),
        "matrix": _matrix(trial),
        "causes": cause_table(trial),
        "no_cause": NO_CAUSE,
        "cases": [_case(case) for case in trial.cases if case.notes or any(row.differs for row in case.rows)],
        "lacking": list(_lacking(trial)),
        "run": run,
        "same": same,
        "files": count(len(trial.rows), "file"),
        "compared": count_cases(case.name for case in trial.cases),
        "version": version,
        "date": f"{datetime.date.today():%-d %B %Y}",
    }


def render_page(content: dict[str, Any]) -> str:
    """HTML of the page; all values are escaped."""
    return render(content, HERE / "page.html", HERE / "page.css")


def _centre(centre: Centre, number: int) -> dict[str, Any]:
    version = (
        (centre.run.get("workflow") or {}).get("version") if isinstance(centre.run.get("workflow"), dict) else None
    )
    return {
        "number": number,
        "name": centre.name,
        "folder": centre.place,
        "cases": count_cases(centre.cases),
        "workflow": version or "not known",
        "notes": centre.notes,
    }


def _matrix(trial: Trial) -> list[dict[str, Any]]:
    """Cases by centres; the cases with differences first, each group in the order of names."""
    rows = [
        {"case": case.name, "cells": [_cell(case, centre) for centre in trial.centres], "linked": _differs(case)}
        for case in sorted(trial.cases, key=lambda case: not _differs(case))
    ]
    for name, centre in trial.alone.items():
        cells = [{"state": "alone" if other is centre else "absent", "number": 0} for other in trial.centres]
        rows.append({"case": name, "cells": cells, "linked": False})
    return rows


def _differs(case: CaseTrial) -> bool:
    return any(row.differs for row in case.rows)


def _cell(case: CaseTrial, centre: Centre) -> dict[str, Any]:
    """absent, differs (files), lacks (files) or same."""
    if centre in case.absent:
        return {"state": "absent", "number": 0}
    outside = sum(row.outside(centre) for row in case.rows)
    if outside:
        return {"state": "differs", "number": outside}
    lacks = sum(_lacks(row, centre) for row in case.rows)
    return {"state": "lacks" if lacks else "same", "number": lacks}


def _lacks(row: Row, centre: Centre) -> bool:
    return centre in row.missing or any(centre is other for other, _ in row.unreadable)


def _case(case: CaseTrial) -> dict[str, Any]:
    differ = [row for row in case.rows if row.differs]
    return {
        "name": case.name,
        "notes": case.notes,
        "differ": len(differ),
        "files": len(case.rows),
        "rows": [_row(row) for row in differ],
    }


def _row(row: Row) -> dict[str, Any]:
    return {"file": row.file, "kind": named(row.kind).title, "splits": [_split(split) for split in row.splits]}


def _split(split: Split) -> dict[str, Any]:
    found = split.difference
    return {
        "where": found.where,
        "field": found.field,
        "values": [
            (found.values[0], [centre.name for centre in split.one]),
            (found.values[1], [centre.name for centre in split.other]),
        ],
        "causes": split.causes,
        "follows": split.follows,
    }


def _lacking(trial: Trial) -> Iterable[dict[str, str]]:
    """What is not there or cannot be read: a line per case, centre and reason."""
    for name, centre in trial.alone.items():
        yield {"case": name, "centre": centre.name, "what": "is only here, so it was not compared", "files": ""}
    for case in trial.cases:
        for centre in case.absent:
            yield {"case": case.name, "centre": centre.name, "what": "the case is not there", "files": ""}
        found: dict[tuple[str, str], list[str]] = {}
        for row in case.rows:
            for centre, what in [*((centre, "missing") for centre in row.missing), *row.unreadable]:
                found.setdefault((centre.name, what), []).append(row.file)
        for (name, what), files in found.items():
            yield {"case": case.name, "centre": name, "what": what, "files": ", ".join(files)}
