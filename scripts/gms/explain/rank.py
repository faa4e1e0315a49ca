"""The rank of a reported variant, with the points behind it, as the report has it."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from gms.base.json_tables import read_json
from gms.ranking.findings import points_words


def explain_rank(report: Path, allele: str) -> Iterator[str]:
    """A line for a variant (CHROM:POS:REF:ALT) that report/{case}.json ranks; none before the report is there."""
    document: dict[str, Any] = read_json(report) if report.exists() else {}
    for section in (document, *document.get("classes", ())):
        ranking = section.get("ranking")
        for found in section.get("findings", ()) if ranking else ():
            if found["variants"][0] == allele and found["rank"]:
                model = f"{ranking['model']['name']} {ranking['model']['version']}"
                place = f"rank {found['rank']} of {ranking['ranked']}, score {found['score']} by {model}"
                yield f"  {place}: {points_words(found['score_terms'])}"
