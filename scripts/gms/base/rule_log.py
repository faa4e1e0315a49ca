"""What every rule's script shares: its output goes to the rule's log, and its errors are sentences."""

import contextlib
import traceback
from collections.abc import Iterator

from gms.base.errors import GmsError


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
        except Exception:
            traceback.print_exc(file=log)  # a fault of ours: the log tells where
            raise SystemExit(1) from None
