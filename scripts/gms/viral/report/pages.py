"""The folder report/viral/{plate}/: the page of a plate, one for each sample, and the same as JSON."""

import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from gms.base.json_tables import write_json
from gms.report.render import render
from gms.viral.report.content import plate_content, sample_content

_HERE = Path(__file__).parent


def write_pages(
    folder: Path,
    plate: Mapping[str, Any],
    length: int,
    earlier: Sequence[Mapping[str, Any]],
    made: Mapping[str, str],
) -> None:
    """Write the folder anew, so that no page of an earlier sheet is left; `made`: date and version."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    _write(folder / "index.html", "plate.html", plate_content(plate, length, earlier) | made)
    write_json(folder / "plate.json", plate)
    for one in plate["samples"]:
        content = sample_content(plate, one, length) | {"verdict": one["verdict"]}
        _write(folder / f"{one['sample']}.html", "sample.html", content | made)
        write_json(folder / f"{one['sample']}.json", one)


def _write(path: Path, template: str, content: Mapping[str, Any]) -> None:
    path.write_text(render(content, _HERE / template, _HERE / "viral.css"))
