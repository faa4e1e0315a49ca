"""HTML of a page: template and style sheets in one file, nothing fetched. Other pages share the report's look."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import jinja2

HERE = Path(__file__).parent
CASE = HERE / "case.html"
STYLE = HERE / "case.css"


def render(content: Mapping[str, Any], template: Path = CASE, more_style: Path | None = None) -> str:
    """HTML of a page, a case report if no other template is given; all values are escaped."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader([template.parent, HERE]),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    style = "".join(path.read_text() for path in (STYLE, more_style) if path)
    return environment.get_template(template.name).render(style=style, **content)
