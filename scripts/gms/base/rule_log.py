"""What every rule's script shares: inputs are verified, output goes to the rule's log, and errors are sentences."""

import contextlib
import gc
import sys
import traceback
from collections.abc import Iterable, Iterator
from pathlib import Path
from subprocess import CalledProcessError
from typing import Any

from gms.base.digests import record_checksums, verify_checksums
from gms.base.errors import GmsError
from gms.base.whole_files import require_whole

# Objects made before the newest are searched for garbage. A script keeps nearly all that it makes until it ends: with
# Python's 700 the report of 16,000 findings spent a fifth of its time in searching.
_NEWEST = 100_000


class ToolReportedError(GmsError):
    """A tool that printed an error and went on."""

    def __init__(self, errors: list[str]):
        super().__init__(f"a tool reported an error, but ended with 0: {errors[0]}. Run again; if it stays, see above")


def reported_errors(messages: Iterable[str]) -> list[str]:
    """The errors of htslib among the messages of a tool. bcftools 1.16 reads what it can of damaged reads and ends with
    0; that a file has no index is no error, for whoever reads all of it."""
    return [
        line.strip() for line in messages if line.startswith("[E::") and not line.startswith("[E::idx_find_and_load")
    ]


@contextlib.contextmanager
def logged(path: str) -> Iterator[None]:
    """Send standard output and error of a script to its log; a GmsError ends the job with its text and exit code 1."""
    open(path, "w").close()  # then append: the tools that a script starts write to the same file
    with open(path, "a") as log, contextlib.redirect_stdout(log), contextlib.redirect_stderr(log):
        try:
            yield
        except GmsError as error:
            print(f"error: {error}", file=log)
            raise SystemExit(1) from None
        except Exception as error:
            traceback.print_exc(file=log)  # a fault of ours: the log tells where
            if isinstance(error, CalledProcessError) and error.stderr:
                print(error.stderr, file=log)  # what the tool said, where its messages were read
            raise SystemExit(1) from None


@contextlib.contextmanager
def rule_job(snakemake: Any, is_final: bool = False) -> Iterator[None]:
    """Run a rule's script: verify its inputs, log what it prints, check that no tool reported an error and that its
    outputs are whole, record their checksums.

    `is_final`: no job reads the outputs; what does may change them, so they get no checksum.
    """
    gc.set_threshold(_NEWEST, 50, 50)
    with logged(snakemake.log[0]):
        verify_checksums(list(map(str, snakemake.input)))
        yield
        sys.stdout.flush()
        with open(snakemake.log[0], errors="replace") as messages:
            if errors := reported_errors(messages):
                raise ToolReportedError(errors)
        outputs = list(map(str, snakemake.output))
        for path in outputs:
            require_whole(Path(path))
        if not is_final:
            record_checksums(outputs)
