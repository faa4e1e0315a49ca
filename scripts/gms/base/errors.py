"""Errors a user may see. Each says what is wrong and what would be right; none is shown as a traceback."""

from collections.abc import Iterable
from typing import Any, NamedTuple


class GmsError(Exception):
    """Base of every error whose text is meant for the user."""

    def __reduce__(self) -> tuple[Any, ...]:
        """How a worker process hands it over: made again from its text, as classes take facts and build the text."""
        return _made_again, (type(self), self.args), self.__dict__


def _made_again(kind: type[GmsError], args: tuple[Any, ...]) -> GmsError:
    return kind.__new__(kind, *args)


class Refusal(GmsError):
    """Something that is not done, with every reason on a line of its own."""

    def __init__(self, head: str, reasons: Iterable[str]):
        super().__init__("\n".join([head, *(f"  {reason}" for reason in reasons)]))


class Problem(NamedTuple):
    """One finding in one source; `line` is 1-based, or None where the source has no lines."""

    source: str
    line: int | None
    text: str


class Problems(GmsError):
    """Everything that is wrong with the inputs, at once, grouped by source in the order found."""

    def __init__(self, problems: Iterable[Problem]):
        self.problems = list(problems)
        super().__init__("\n".join(self._lines()))

    def _lines(self) -> Iterable[str]:
        for source in dict.fromkeys(problem.source for problem in self.problems):
            found = [problem for problem in self.problems if problem.source == source]
            yield f"{source} has {len(found)} problem{'s' if len(found) > 1 else ''}:"
            for problem in found:
                yield f"  line {problem.line}: {problem.text}" if problem.line else f"  {problem.text}"
