"""Finds absolute paths, of Unix and Windows, and e-mail addresses in bytes."""

import re
from collections.abc import Iterator

_UNIX = re.compile(rb"/(?:[A-Za-z_\x80-\xff]|\.[A-Za-z])[\w.+~@\x80-\xff-]*/")
_NOT_BEFORE = re.compile(rb"[\w.\-/)\]}*~<@%#?&\x80-\xff]\Z")
_NETWORK_BEFORE = re.compile(rb"(?:^|[^:\w/.])/\Z")
_FILE_URL = re.compile(rb"file:/+\w", re.IGNORECASE)
_HOME = re.compile(rb"(?<![\w./~-])~[\w.-]*/[\w.]")
_DRIVE = re.compile(rb"(?<![A-Za-z0-9:])[A-Za-z]:(?:\\{1,2}|/)\w")
_WINDOWS_SHARE = re.compile(rb"\\{2,4}[\w.-]{2,}\\{1,2}[\w$.-]+")
_EMAIL = re.compile(rb"(?:@|\(at\)|\[at\])[A-Za-z0-9\x80-\xff-]+(?:\.[A-Za-z0-9\x80-\xff-]+)*\.[A-Za-z]{2,}")
_EMAIL_BEFORE = re.compile(rb"[\w.+\x80-\xff\"-]\Z")


def local_paths(data: bytes, folders: tuple[bytes, ...], roots: frozenset[bytes] = frozenset()) -> Iterator[int]:
    """Offset of each path; `folders` are found as written, `roots` are first folders of paths within an archive."""
    for match in _UNIX.finditer(data) if b"/" in data else ():
        before = data[max(0, match.start() - 2) : match.start()]
        if (not _NOT_BEFORE.search(before) or _NETWORK_BEFORE.search(before)) and match[0][1:-1] not in roots:
            yield match.start()
    for folder in folders:
        if folder in data:
            yield from (match.start() for match in re.finditer(re.escape(folder), data))
    for sign, pattern in (
        (b":/", _FILE_URL),
        (b"~", _HOME),
        (b":/", _DRIVE),
        (b":\\", _DRIVE),
        (b"\\\\", _WINDOWS_SHARE),
    ):
        if sign in data:
            yield from (match.start() for match in pattern.finditer(data))


def email_addresses(data: bytes) -> Iterator[int]:
    """Offset of the @ of each; git@ of repository addresses is nobody's."""
    for match in _EMAIL.finditer(data) if b"@" in data or b"at" in data else ():
        before = data[max(0, match.start() - 4) : match.start()]
        if _EMAIL_BEFORE.search(before) and not before.endswith(b"git"):
            yield match.start()
