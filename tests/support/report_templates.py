"""Parts of the report's templates, read and compiled once for all tests of a process: that takes longer than a page."""

from functools import cache

import jinja2

from gms.report.render import HERE


def template(source: str, is_strict: bool = True) -> jinja2.Template:
    """A template that may import and include those of the report. What is undefined is an error, or empty."""
    return _environment(is_strict).from_string(source)


@cache
def _environment(is_strict: bool) -> jinja2.Environment:
    undefined = jinja2.StrictUndefined if is_strict else jinja2.Undefined
    return jinja2.Environment(loader=jinja2.FileSystemLoader(HERE), undefined=undefined, autoescape=True)
