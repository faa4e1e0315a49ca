"""Progress of cohorts without rows of patients: made, suppressed, signed, read and merged over countries."""

import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

from gms.base.errors import GmsError
from gms.base.json_tables import read_table
from gms.base.whole_files import read_file
from gms.sharing.package.keys import is_signature, signature_path
from gms.trials.cohort_progress.decisions import Counts, Standing, standing, standing_of_counts
from gms.trials.cohort_progress.patients import Patient
from gms.trials.definitions.model import NO_ENROLMENT, Cohort, Trial
from gms.trials.two_stage.design import Design

FORMAT = "1.0"
LEAST = 5  # persons: smaller counts are not shown, as is the rule for counts of persons elsewhere
COUNTS = ("evaluable", "benefit", "pending", "not_evaluable")


class UnusableProgress(GmsError):
    """A file of progress that cannot be merged."""

    def __init__(self, path: Path, why: str):
        super().__init__(f"{path} cannot be merged: {why}")


class Row(NamedTuple):
    """One cohort and where it stands."""

    trial: Trial
    cohort: Cohort
    countries: tuple[str, ...]
    standing: Standing

    @property
    def key(self) -> str:
        """By which countries merge."""
        return f"{self.trial.id}/{self.cohort.id}"


def designed(trials: Iterable[Trial]) -> dict[str, tuple[Trial, Cohort]]:
    """Cohorts with a two-stage design, by key."""
    return {f"{t.id}/{c.id}": (t, c) for t in trials for c in t.cohorts if c.design}


def rows_of_patients(trials: Iterable[Trial], patients: Iterable[Patient]) -> list[Row]:
    """Every cohort with a design, over all countries."""
    by_key: dict[str, list[Patient]] = {}
    for one in patients:
        by_key.setdefault(f"{one.trial}/{one.cohort}", []).append(one)
    found = []
    for key, (trial, cohort) in designed(trials).items():
        own = by_key.get(key, [])
        countries = tuple(sorted({one.country for one in own}))
        found.append(Row(trial, cohort, countries, standing(cohort.design, own)))
    return found


def document(rows: Iterable[Row], centre: str, day: str, codes: Mapping[str, Mapping[str, str]], least: int) -> dict:
    """The content of a file of progress; counts below `least` are suppressed, none with 0."""
    cohorts = [_cohort(row, codes.get(row.key, {}), least) for row in rows]
    return {
        **{"format": FORMAT, "note": NO_ENROLMENT, "centre": centre, "made_on": day, "suppressed_below": least},
        "cohorts": cohorts,
    }


def _cohort(row: Row, codes: Mapping[str, str], least: int) -> dict[str, Any]:
    found = row.standing
    return {
        **{"key": row.key, "trial": row.trial.id, "version": row.trial.version, "cohort": row.cohort.id},
        **{"drug": row.cohort.drug, "codes": dict(row.cohort.drug_codes) | dict(codes)},
        **{"design": row.cohort.design._asdict(), "countries": list(row.countries), "stage": found.stage},
        **suppressed({name: getattr(found, name) for name in COUNTS}, least),
        "decision": found.decision,
    }


def suppressed(counts: Mapping[str, int], least: int) -> dict[str, int | None]:
    """Counts with None for those of 1 to `least` - 1 persons, and for those that the others would give away.

    Persons without benefit are evaluable minus benefit: where these are few, benefit is hidden with them.
    """

    def is_small(number: int) -> bool:
        return 0 < number < least

    hidden = {name for name, number in counts.items() if is_small(number)}
    if "evaluable" in hidden or is_small(counts["evaluable"] - counts["benefit"]):
        hidden.add("benefit")
    return {name: None if name in hidden else number for name, number in counts.items()}


def read_codes(path: Path | None) -> dict[str, dict[str, str]]:
    """Codes that the office gives: columns key, system, code (RxNorm, ATC, ICD-O-3, HGNC, HGVS ... for OMOP)."""
    found: dict[str, dict[str, str]] = {}
    for row in read_table(path) if path else ():
        if not {"key", "system", "code"} <= row.keys():
            raise UnusableProgress(path, "a table of codes has the columns key, system and code")
        found.setdefault(row["key"], {})[row["system"]] = row["code"]
    return found


def read_progress(path: Path, trusted: Iterable[Ed25519PublicKey]) -> dict[str, Any]:
    """A file of progress whose signature (FILE.sig) is of one of the keys. Raises UnusableProgress."""
    try:
        content = read_file(path)
        signature = signature_path(path).read_bytes()
    except OSError as error:
        why = f"{error.filename}: {error.strerror}; each file has its signature next to it"
        raise UnusableProgress(path, why) from None
    if not any(is_signature(signature, content, key) for key in trusted):
        raise UnusableProgress(path, "its signature is of none of the keys under --trusted, or it was changed")
    try:
        document = json.loads(content)
        known = document["format"] == FORMAT and isinstance(document["cohorts"], list)
    except (ValueError, KeyError, TypeError):
        known = False
    if not known:
        raise UnusableProgress(path, f"it is not a file of progress of format {FORMAT}")
    return document


def merged(trials: Iterable[Trial], documents: Mapping[Path, Mapping[str, Any]]) -> Iterator[Row]:
    """Cohorts over all files by key. Raises UnusableProgress: another design, suppressed counts, a centre twice."""
    _check_centres(documents)
    for key, (trial, cohort) in designed(trials).items():
        parts = [(path, one) for path, content in documents.items() for one in content["cohorts"] if one["key"] == key]
        for path, one in parts:
            _check_part(path, one, cohort.design)
        totals = Counts(*(sum(one[name] for _, one in parts) for name in COUNTS))
        passed = any(one["stage"] == 2 for _, one in parts)
        countries = tuple(sorted({country for _, one in parts for country in one["countries"]}))
        yield Row(trial, cohort, countries, standing_of_counts(cohort.design, totals, passed))


def _check_centres(documents: Mapping[Path, Mapping[str, Any]]) -> None:
    first: dict[str, Path] = {}
    for path, content in documents.items():
        if (other := first.setdefault(content["centre"], path)) != path:
            why = f"centre {content['centre']} is in {other} already: its patients would count twice"
            raise UnusableProgress(path, why)


def _check_part(path: Path, one: Mapping[str, Any], design: Design) -> None:
    if one["design"] != design._asdict():
        text = f"{one['key']} has the design {one['design']}, the definition has {design._asdict()}"
        raise UnusableProgress(path, text)
    if any(one[name] is None for name in COUNTS):
        text = f"counts of {one['key']} are suppressed; partners with a data agreement export with --small-counts"
        raise UnusableProgress(path, text)
