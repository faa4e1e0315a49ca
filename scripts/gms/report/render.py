"""The report's HTML: template and style sheet in one file, nothing fetched."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).parent


def render(content: Mapping[str, Any]) -> str:
    """HTML of a case report; all values are escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(HERE),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = (HERE / "case.css").read_text()
    return environment.get_template("case.html").render(style=style, **content)
