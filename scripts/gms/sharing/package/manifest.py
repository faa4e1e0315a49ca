"""The manifest of a package, version 2: what it holds, what it rests on, for whom it is; canonical JSON, signed.

workflow/schemas/manifest.schema.json describes every field. What a schema cannot say is checked here.
"""

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from gms.base.errors import GmsError, Refusal
from gms.base.problems import Findings
from gms.base.schemas import check, load_schema
from gms.sharing.package.encryption import block_segments
from gms.sharing.package.files import SUFFIX, format_of, is_safe, printable
from gms.sharing.package.header import OVERHEAD, header_bytes, segments_of
from gms.sharing.package.keys import signing_fingerprint, write_signed

NAME, SIGNATURE = "manifest.json", "manifest.sig"
SCHEMA = 2
_LARGEST = 64 << 20  # bytes of a manifest: hundreds of times a real one
_EXACT = 2**53  # RFC 8785 writes numbers as IEEE 754 doubles, which hold whole numbers up to here


class ManifestUnusable(Refusal):
    """A manifest that is missing or not valid."""


def canonical(content: Any) -> bytes:
    """Canonical JSON of values without fractions (RFC 8785): one spelling, so that one content has one signature.

    Raises TypeError for a float or a whole number that JSON readers may round.
    """
    _check_exact(content)
    return json.dumps(content, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def _check_exact(value: Any) -> None:
    if isinstance(value, float) or (isinstance(value, int) and abs(value) >= _EXACT):
        raise TypeError(f"canonical JSON holds no {type(value).__name__} {value}")
    if isinstance(value, Mapping | list | tuple):
        for item in value.values() if isinstance(value, Mapping) else value:
            _check_exact(item)


def plain_digest(files: Iterable[Mapping[str, Any]]) -> str:
    """SHA-256 over the sorted lines 'sha256  path' of the plain files; the same inputs and keys give the same digest.

    In the decrypted package: `find * -type f -exec sha256sum {} + | LC_ALL=C sort | sha256sum`.
    """
    lines = sorted(f"{file['plain']['sha256']}  {file['path'].removesuffix(SUFFIX)}\n" for file in files)
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def write_manifest(package: Path, content: Mapping[str, Any], signing_key: Ed25519PrivateKey) -> str:
    """Write manifest.json and manifest.sig; adds schema, signer and plain_digest. Returns the manifest's SHA-256.

    Raises ManifestUnusable, and writes nothing, if the content is not valid.
    """
    files = sorted(content["files"], key=lambda file: file["path"])
    signer = signing_fingerprint(signing_key.public_key())
    own = {"schema": SCHEMA, "signer": signer, "plain_digest": plain_digest(files), "files": files}
    text = canonical(dict(content) | own)
    _, problems = parse(text)
    if problems:
        raise ManifestUnusable("the manifest cannot be written:", problems)
    write_signed(package / NAME, text, signing_key)
    return hashlib.sha256(text).hexdigest()


def read_bytes(package: Path) -> bytes:
    """The bytes of the manifest. Raises ManifestUnusable if there is none, or a link in its place."""
    path = package / NAME
    if path.is_symlink() or not path.is_file():
        raise ManifestUnusable(f"{package} has no {NAME}: it is not a package, or is incomplete", ())
    if path.stat().st_size > _LARGEST:
        raise ManifestUnusable(f"{path} is too large for a manifest", ())
    return path.read_bytes()


def read_manifest(package: Path) -> dict[str, Any]:
    """The manifest's content, valid by its schema; the signature is not checked. Raises ManifestUnusable."""
    content, problems = parse(read_bytes(package))
    if content is None or problems:
        raise ManifestUnusable(f"{package / NAME} is not valid:", problems)
    return content


def manifest_sha256(package: Path) -> str:
    """SHA-256 of the manifest's bytes. Raises ManifestUnusable."""
    return hashlib.sha256(read_bytes(package)).hexdigest()


def parse(text: bytes) -> tuple[dict[str, Any] | None, list[str]]:
    """A manifest's content, None where it has not the form of one, and what is wrong with it."""
    try:
        content = json.loads(text)
        same = canonical(content) == text
    except (ValueError, TypeError, RecursionError):
        return None, ["is not canonical JSON"]
    findings = Findings()
    check(content, load_schema("manifest"), SimpleNamespace(path=NAME, line=lambda keys: None), findings)
    if findings.problems:
        return None, [printable(problem.text) for problem in findings.problems]
    written = [] if same else ["is not canonical JSON: it was written or edited by something else"]
    return content, [*written, *_contradictions(content)]


def _contradictions(content: Mapping[str, Any]) -> Iterator[str]:
    """What contradicts itself in a manifest that is valid by its schema."""
    if not all(map(str.isprintable, _texts(content))):
        yield "holds a text with control characters"
    if (content["version"] == 1) != (content["supersedes"] is None):
        yield "supersedes must name the previous manifest, and only from version 2 on"
    readers = [reader["key"] for reader in content["readers"]]
    if len(set(readers)) < len(readers):
        yield "readers names a key twice"
    if content["writer"] not in readers:
        yield "readers does not include the centre that wrote the files"
    paths = [file["path"] for file in content["files"]]
    if paths != sorted(set(paths)):
        yield "files must name each path once, sorted"
    if content["plain_digest"] != plain_digest(content["files"]):
        yield "plain_digest is not that of the files"
    for file in content["files"]:
        yield from (f"{printable(file['path'])}: {problem}" for problem in _file_contradictions(file, len(readers)))


def _texts(value: Any) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping | list):
        for item in [*value, *value.values()] if isinstance(value, Mapping) else value:
            yield from _texts(item)


def _file_contradictions(file: Mapping[str, Any], readers: int) -> Iterator[str]:
    segments, blocks = segments_of(file["plain"]["bytes"]), file["blocks"]
    if not is_safe(file["path"]):
        yield "the path is not inside the package"
    elif _format(file["path"]) != file["format"]:
        yield f"the file name does not belong to the format {file['format']}"
    if file["packets"] != readers:
        yield f"{file['packets']} header packets for {readers} readers"
    whole = header_bytes(file["packets"]) + file["plain"]["bytes"] + OVERHEAD * segments
    if (file["segments"], file["cipher"]["bytes"]) != (segments, whole):
        yield "segments and sizes contradict each other"
    runs = -(-segments // blocks["segments"])
    if blocks["segments"] != block_segments(segments) or len(blocks["sha256"]) != runs:
        yield "the blocks do not cover the segments"


def _format(path: str) -> str | None:
    try:
        return format_of(path)
    except GmsError:
        return None
