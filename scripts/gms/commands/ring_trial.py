"""gms ring-trial: whether the results folders of several centres give one answer, as one page and a short text."""

import argparse
import os
from collections.abc import Iterator
from pathlib import Path

from gms.base.errors import GmsError
from gms.base.personal_numbers import mask_personal_numbers
from gms.base.problems import shown
from gms.base.project import PROJECT, workflow_version
from gms.validation.ring_trial.centres import open_centres
from gms.validation.ring_trial.compare import Trial, compare
from gms.validation.ring_trial.page import cause_table, count, count_cases, headline, page_content, render_page

_LINES = 10


def main(argv: list[str]) -> int:
    """Compare results folders of the same cases, run at different centres: variants, quality values and what the
    reports show. Writes one page with the verdict: identical, or for each file the first difference and its cause.
    Exit code 0: identical; 1: different, something is missing, or an error."""
    parser = argparse.ArgumentParser(prog="gms ring-trial", description=main.__doc__)
    parser.add_argument("results", type=Path, nargs="+", metavar="RESULTS", help="results folders, one per centre")
    parser.add_argument("--cases", nargs="+", default=[], metavar="CASE", help="compare only these; default: all")
    text = "the page to write; default: %(default)s"
    parser.add_argument("--page", type=Path, default=Path("ring-trial.html"), help=text)
    options = parser.parse_args(argv)
    trial = compare(open_centres(options.results, options.cases))
    write_page(options.page, render_page(page_content(trial, workflow_version(PROJECT))))
    print("\n".join(summary(trial)))
    print(f"Page: {mask_personal_numbers(shown(options.page))}")
    return 0 if trial.verdict == "identical" else 1


def write_page(path: Path, text: str) -> None:
    """Write the page as a whole or not at all, readable by its owner's group at most. Raises GmsError."""
    draft = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        draft.write_text(text)
        draft.chmod(0o640)
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise GmsError(
            f"the page '{shown(path)}' cannot be written: {(error.strerror or 'no reason given').lower()}"
        ) from None


def summary(trial: Trial) -> Iterator[str]:
    """The verdict for a terminal: names of files and causes, no values of variants."""
    width = max(len(centre.name) for centre in trial.centres)
    for centre in trial.centres:
        notes = "".join(f"; {note}" for note in centre.notes)
        yield f"  {centre.name:<{width}}  {centre.place}: {count_cases(centre.cases)}{notes}"
    yield headline(trial)
    for cause in cause_table(trial)[:_LINES]:
        yield f"  {cause['kind']}: {cause['text']} ({count(cause['files'], 'file')})"
    differ = [row for row in trial.rows if row.differs]
    for row in differ[:_LINES]:
        yield f"  {row.file}: {' | '.join(', '.join(centre.name for centre in group) for group in row.groups)}"
    if len(differ) > _LINES:
        yield f"  and {count(len(differ) - _LINES, 'file')} more: see the page"
    lacks = sum(row.lacks for row in trial.rows)
    absent = [*trial.alone, *(case.name for case in trial.cases if case.absent)]
    parts = [count_cases(absent)] if absent else []
    parts += [f"{count(lacks, 'file')} of the cases compared"] if lacks else []
    if parts:
        yield f"Not everywhere: {' and '.join(parts)}"
