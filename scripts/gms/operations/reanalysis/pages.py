"""What a reanalysis changed: a page for each case, one for all cases, and a table of everything."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.base.results import named
from gms.operations.reanalysis.compare import CLASSIFICATIONS, KINDS, Entry, class_rank
from gms.operations.reanalysis.folder import Reanalysis
from gms.operations.reanalysis.knowledge import Difference
from gms.operations.reanalysis.plate_changes import PlateChanges
from gms.report import labels
from gms.report.findings import card_gene
from gms.report.render import render

HERE = Path(__file__).parent
STYLE = HERE / "changes.css"
CHANGES = "changes"  # folder of the pages, in that of the reanalysis


@dataclass(frozen=True, slots=True)
class CaseChanges:
    """A case: what differs in what it rests on, its entries (none where it was not remade), both reports as data.
    `state`: remade, same (not remade, nothing differs), failed."""

    case: str
    assay: str
    state: str
    differences: tuple[Difference, ...] = ()
    entries: tuple[Entry, ...] = ()
    before: Mapping[str, Any] | None = None
    after: Mapping[str, Any] | None = None

    @property
    def counts(self) -> Counter:
        """Entries by kind."""
        return Counter(entry.kind for entry in self.entries)


def write_pages(folders: Reanalysis, cases: Iterable[CaseChanges], plates: Sequence[PlateChanges] = ()) -> Path:
    """Write all pages and changes.tsv; returns the page of all cases."""
    place = folders.after / CHANGES
    (place / "plates").mkdir(parents=True, exist_ok=True)
    cases = sorted(cases, key=_order)
    for plate in plates:
        if plate.state == "remade":
            text = render(plate_content(plate, folders), HERE / "plate_changes.html", STYLE)
            (place / "plates" / f"{plate.plate}.html").write_text(text)
    for case in cases:
        if case.state == "remade":
            (place / f"{case.case}.html").write_text(
                render(case_content(case, folders), HERE / "case_changes.html", STYLE)
            )
    write_table(place / "changes.tsv", cases, plates)
    page = place / "index.html"
    page.write_text(render(overview_content(cases, plates, folders), HERE / "overview.html", STYLE))
    return page


def _order(case: CaseChanges) -> tuple:
    """Cases with the most urgent entries first, then those that failed, then the others, by name."""
    urgency = case.entries[0].urgency if case.entries else 9
    return (urgency, case.state != "failed", case.state == "same", case.case)


def case_content(case: CaseChanges, folders: Reanalysis) -> dict[str, Any]:
    """What the page of a case shows."""
    return {
        "case": case.case,
        "name": folders.name,
        "differences_of_case": case.differences,
        "groups": [(kind, [entry_row(entry) for entry in case.entries if entry.kind == kind]) for kind in KINDS],
        "urgent": [entry_row(entry) for entry in case.entries if entry.urgency < 2],
        "before": case.before,
        "after": case.after,
        "reports": report_links(case.case),
    }


def plate_content(plate: PlateChanges, folders: Reanalysis) -> dict[str, Any]:
    """What the page of a plate shows."""
    report = named("plate_page").at(plate=plate.plate)
    return {
        "plate": plate.plate,
        "name": folders.name,
        "verdicts": plate.verdicts,
        "groups": [(kind, [change for change in plate.changes if change.kind == kind]) for kind in KINDS],
        "differences": plate.differences,
        "reports": {"before": f"../../../../{report}", "after": f"../../{report}"},
    }


def overview_content(cases: list[CaseChanges], plates: Sequence[PlateChanges], folders: Reanalysis) -> dict[str, Any]:
    """What the page of all cases and plates shows."""
    states = Counter(one.state for one in (*cases, *plates))
    rows = [
        {
            "case": case.case,
            "assay": case.assay,
            "state": case.state,
            "counts": case.counts,
            "urgent": [entry_row(entry) for entry in case.entries if entry.urgency < 2],
            "differences": case.differences,
            "verdict": (case.after or {}).get("verdict"),
            "reports": report_links(case.case),
        }
        for case in cases
    ]
    shown = [(plate, Counter(change.kind for change in plate.changes)) for plate in plates]
    return {"name": folders.name, "rows": rows, "plates": shown, "states": states, "kinds": KINDS}


def report_links(case: str) -> dict[str, str]:
    """Both reports, as seen from the folder of the pages."""
    report = named("report").at(case=case)
    return {"before": f"../../../{report}", "after": f"../{report}"}


def entry_row(entry: Entry) -> dict[str, Any]:
    """An entry in words."""
    finding = entry.finding
    return {
        "kind": entry.kind,
        "gene": card_gene(finding) if finding["genes"] else "no gene",
        "name": " ".join(filter(None, (finding["hgvs"]["c"], finding["hgvs"]["p"]))),
        "variant": labels.variant_words(finding["variants"][0]),
        "consequence": labels.consequence_words(finding["consequence"]),
        "reported": finding["reported"],
        "headline": _headline(entry),
        "differences": entry.differences,
        "reasons": entry.reasons,
        "clinvar": _clinvar(finding),
        "urgency": entry.urgency,
    }


def _headline(entry: Entry) -> str:
    """Why it stands at the top; empty for entries that do not."""
    if entry.is_upgrade:
        hidden = "" if entry.finding["reported"] else ", but not reported"
        return f"now {_upgraded_to(entry)} in ClinVar{hidden}"
    if entry.is_downgrade and entry.clinvar[1] >= 0:
        return "no longer pathogenic in ClinVar" + ("" if entry.kind != "gone" else ", and no longer reported")
    if entry.urgency == 0:
        return "pathogenic in ClinVar, and newly reported"
    return "pathogenic in ClinVar, but no longer reported" if entry.urgency == 1 else ""


def _upgraded_to(entry: Entry) -> str:
    """The classification by which an entry is an upgrade."""
    rows = [now for what, _, now in entry.differences if what in CLASSIFICATIONS]
    most = max(rows, key=lambda now: class_rank(now.replace(" ", "_")), default="")
    return most[:1].lower() + most[1:]


def _clinvar(finding: Mapping[str, Any]) -> str:
    known = finding.get("known", {}).get("clinvar")
    return labels.clinvar_words(known["class"]) if known else ""


def write_table(path: Path, cases: Iterable[CaseChanges], plates: Iterable[PlateChanges]) -> None:
    """changes.tsv: a row for each entry of all cases and of all samples of plates."""
    import pandas  # a second that no other command waits for

    columns = ("case", "assay", "kind", "gene", "name", "variant", "reported", "headline", "differences", "reasons")
    rows = [{"case": case.case, "assay": case.assay, **entry_row(entry)} for case in cases for entry in case.entries]
    for row in rows:
        row["differences"] = "; ".join(f"{what}: {then} -> {now}" for what, then, now in row["differences"])
        row["reasons"] = "; ".join(flag for flag, _ in row["reasons"])
    for plate in plates:
        for one in plate.changes:
            facts = {"case": one.sample, "assay": plate.assay, "kind": one.kind, "name": one.what}
            rows.append(facts | {"differences": f"{one.what}: {one.before} -> {one.after}"})
    pandas.DataFrame(rows, columns=columns).to_csv(path, sep="\t", index=False)
