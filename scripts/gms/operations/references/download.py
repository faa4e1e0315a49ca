"""Downloads that continue where they stopped, by HTTP ranges (RFC 9110, section 14), and never mix two versions."""

import time
from collections.abc import Callable
from pathlib import Path

import requests
from urllib3.exceptions import HTTPError

from gms.base.errors import GmsError

ATTEMPTS = 6  # in a row without a single new byte
TIMEOUT = (30, 120)  # seconds: to connect; between two pieces
CHUNK = 1 << 20  # bytes
TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}


class CannotDownload(GmsError):
    """A file cannot be had from its address."""

    def __init__(self, url: str, reason: object, have: int):
        kept = f"; {have:,} bytes are kept, and the same command continues from there" if have else ""
        super().__init__(f"{url} could not be downloaded: {reason}{kept}")


class Interrupted(Exception):
    """A download ended early; it is tried again."""


class Refused(Exception):
    """The server does not give the file; trying again is of no use."""


def download(url: str, target: Path, wait: Callable[[float], None] = time.sleep) -> None:
    """Fetch a file; `target` appears when it is whole, until then `target`.part grows. Raises CannotDownload."""
    target.parent.mkdir(parents=True, exist_ok=True)
    part, mark = Path(f"{target}.part"), Path(f"{target}.part.mark")
    failures = 0
    while True:
        before = _size(part)
        try:
            _fetch(url, part, mark)
            break
        except Refused as error:
            raise CannotDownload(url, error, 0) from None
        except (requests.RequestException, HTTPError, Interrupted) as error:
            failures = 0 if _size(part) > before else failures + 1
            if failures >= ATTEMPTS:
                raise CannotDownload(url, error, _size(part)) from None
            wait(2**failures)
        except OSError as error:
            raise CannotDownload(url, error.strerror or error, _size(part)) from None
    part.replace(target)
    mark.unlink(missing_ok=True)


def _fetch(url: str, part: Path, mark: Path) -> None:
    """One request, for the rest of what is there; `mark` holds the server's mark of the version that `part` is of."""
    have, version = _size(part), mark.read_text() if mark.exists() else ""
    headers = {"Accept-Encoding": "identity"}
    if have and version:
        headers |= {"Range": f"bytes={have}-", "If-Range": version}
    with requests.get(url, headers=headers, stream=True, timeout=TIMEOUT) as answer:
        if answer.status_code == 416:
            if answer.headers.get("Content-Range", "").endswith(f"/{have}"):
                return  # all of it was there
            part.unlink()
            raise Interrupted("the server has less than was downloaded")
        _check_status(answer)
        is_rest = answer.status_code == 206
        if is_rest and not answer.headers.get("Content-Range", "").startswith(f"bytes {have}-"):
            part.unlink()
            raise Interrupted("the server sent another range than it was asked for")
        _write(answer, part, mark, have if is_rest else 0)


def _check_status(answer: requests.Response) -> None:
    """Raise Interrupted or Refused unless there is content."""
    if answer.status_code in TRY_AGAIN:
        raise Interrupted(f"the server answers {answer.status_code} {answer.reason}")
    if not answer.ok:
        raise Refused(f"the server answers {answer.status_code} {answer.reason}")


def _write(answer: requests.Response, part: Path, mark: Path, begin: int) -> None:
    """Append to what is there up to `begin`, or begin anew. Raises Interrupted where the content ends early."""
    tag = answer.headers.get("ETag", "")
    version = tag if tag and not tag.startswith("W/") else answer.headers.get("Last-Modified", "")
    length = answer.headers.get("Content-Length")
    with part.open("ab" if begin else "wb") as file:
        mark.write_text(version)
        for chunk in answer.raw.stream(CHUNK, decode_content=False):
            file.write(chunk)
    if length is not None and _size(part) != begin + int(length):
        raise Interrupted(f"it ended after {_size(part):,} of {begin + int(length):,} bytes")


def _size(path: Path) -> int:
    return path.stat().st_size if path.exists() else 0
