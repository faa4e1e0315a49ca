"""Writes residual_disease/{patient}.json and its page."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from gms.base.json_tables import write_json
from gms.report.render import render
from gms.trials.residual_disease.drawing import drawing

HERE = Path(__file__).parent


def page(document: Mapping[str, Any]) -> str:
    """The page of a patient."""
    return render({**document, "drawing": drawing(document)}, HERE / "patient.html")


def write_followed(document: Mapping[str, Any], data: Path) -> None:
    """The document, and the page next to it."""
    data.parent.mkdir(parents=True, exist_ok=True)
    write_json(data, document)
    data.with_suffix(".html").write_text(page(document))
