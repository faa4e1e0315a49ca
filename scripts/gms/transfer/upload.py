"""Upload of a package: verified and approved, file by file, the manifest last."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.transfer.settings import S3Settings


@dataclass(frozen=True)
class Receipt:
    """What is stored where; `record()` is the same for every upload of the same package."""

    endpoint: str
    tenant: str
    bucket: str
    prefix: str
    manifest_sha256: str
    objects: tuple  # of Sent(key, bytes, sha256, etag)
    grants: Any  # party -> canonical user id; None: the joint bucket
    sent_bytes: int  # of this run
    sent_parts: int
    aborted: tuple[str, ...]  # keys of unfinished uploads that were given up

    def record(self) -> dict[str, Any]:
        raise NotImplementedError


def upload_package(package: Path, settings: S3Settings, sender_key, approver_keys: Sequence, store=None) -> Receipt:
    """Send a package to {study}/{package}/v{version}/ of the bucket (from its manifest). Raises GmsError."""
    raise NotImplementedError
