"""One bucket of an S3 store: the few requests that packages need, each bounded in time and tries.

Made for Hitachi Content Platform (NGP) and plain S3 stores alike: path-style addresses, signed payloads, Content-MD5
and no newer checksums (boto3 #4392), one deletion per request (HCP wants Content-MD5 for several), TLS verified.
"""

import base64
import hashlib
import os
import re
import time
from collections.abc import Iterator
from typing import Any, NamedTuple

import botocore.session
from botocore.config import Config
from botocore.exceptions import HTTPClientError, IncompleteReadError, ResponseStreamingError

from gms.sharing.transfer import part_stream
from gms.sharing.transfer.errors import ExistingObject, NotForUpload, RefusedByStorage, TransferError, plain_errors
from gms.sharing.transfer.part_stream import count_what_is_sent
from gms.sharing.transfer.settings import Credentials, S3Settings, load_credentials

# Seconds to connect (and, by urllib3, until a slow line takes a full buffer) and tries of a request: with SILENCE, a
# dead store is given up after some 5 minutes.
CONNECT, TRIES = 30, 4
PARALLEL = 4
PROGRESS = 16 << 20  # bytes read since a connection broke that make its next break a first one
SMALL = re.compile(r"[^/]+/(audit/\d+|[^/]+/tombstone)\.(json|sig)")
SMALL_BYTES = 1 << 20
# No profile or account that this user has for other stores: name -> (key in a file, variable, value, type).
NOTHING_ELSE = {"profile": (None, None, None, None)}
NOTHING_ELSE |= dict.fromkeys(("config_file", "credentials_file"), (None, None, os.devnull, None))
BROKEN = (HTTPClientError, IncompleteReadError, ResponseStreamingError)


class StoredObject(NamedTuple):
    """An object as the store lists it: size in bytes, ETag without quotes."""

    key: str
    bytes: int
    etag: str


class Store:
    """The bucket of the settings. Every method raises TransferError, with a sentence for the user."""

    def __init__(self, settings: S3Settings, credentials: Credentials | None = None):
        self.settings = settings
        self.s3 = _client(settings, credentials or load_credentials(settings))
        count_what_is_sent(self.s3)

    def request(self, operation: str, doing: str, **arguments: Any) -> dict[str, Any]:
        """One request to the bucket, by the name of the method of the boto3 client."""
        with plain_errors(self.settings, doing):
            return getattr(self.s3, operation)(Bucket=self.settings.bucket, **arguments)

    def pages(self, operation: str, doing: str, **arguments: Any) -> Iterator[dict[str, Any]]:
        """The pages of a listing."""
        with plain_errors(self.settings, doing):
            yield from self.s3.get_paginator(operation).paginate(Bucket=self.settings.bucket, **arguments)

    def url(self, key: str) -> str:
        """The address of an object."""
        return f"{self.settings.endpoint}/{self.settings.bucket}/{key}"

    def list_objects(self, prefix: str) -> list[StoredObject]:
        """All objects whose keys begin so, by key."""
        pages = self.pages("list_objects_v2", f"list {prefix}", Prefix=prefix)
        found = [entry for page in pages for entry in page.get("Contents", [])]
        return sorted(StoredObject(entry["Key"], entry["Size"], entry["ETag"].strip('"')) for entry in found)

    def head(self, key: str) -> StoredObject | None:
        """The object of that key, None if there is none."""
        try:
            answer = self.request("head_object", f"look for {key}", Key=key)
        except TransferError as error:
            if error.code in ("404", "NoSuchKey", "NotFound"):
                return None
            raise
        return StoredObject(key, answer["ContentLength"], answer["ETag"].strip('"'))

    def get_small(self, key: str) -> bytes | None:
        """The content of an object of at most 1 MiB, such as an audit head; None if there is none."""
        found = self.head(key)
        if found is None:
            return None
        if found.bytes > SMALL_BYTES:
            raise TransferError(f"{key} has {found.bytes} bytes, too many for an audit head or a tombstone")
        return b"".join(self.blocks(found))

    def put_small(self, key: str, content: bytes) -> bool:
        """Store a note (audit head, tombstone, their signatures); False if it is there already. Never overwrites."""
        if not SMALL.fullmatch(key) or len(content) > SMALL_BYTES:
            raise NotForUpload(f"{key} is neither an audit head nor a tombstone nor part of a package")
        digest = hashlib.md5(content, usedforsecurity=False).digest()
        if self.get_small(key) is None and self.put_new(key, content, digest):
            return True
        if self.get_small(key) != content:
            raise ExistingObject(key, "its content differs")
        return False

    def put_new(self, key: str, body: Any, md5: bytes) -> bool:
        """Send an object that may not exist yet; False if one is there. `body` may be a stream, `md5` is its digest."""
        arguments = {"Key": key, "Body": body, "ContentMD5": base64.b64encode(md5).decode(), "IfNoneMatch": "*"}
        try:
            self.request("put_object", f"send {key}", **arguments)
        except TransferError as error:
            if error.code != "PreconditionFailed":
                raise
            return False
        return True

    def blocks(self, found: StoredObject) -> Iterator[bytes]:
        """The content of an object; a connection that breaks off is taken up where it stopped, a few times."""
        done = broken_at = tries = 0
        with plain_errors(self.settings, f"read back {found.key}"):
            while done < found.bytes:
                arguments = {"Range": f"bytes={done}-"} if done else {}
                answer = self.s3.get_object(Bucket=self.settings.bucket, Key=found.key, **arguments)
                if answer["ETag"].strip('"') != found.etag:
                    raise TransferError(f"{found.key} was replaced in the store while it was read")
                try:
                    for block in _in_time(answer["Body"]):
                        done += len(block)
                        yield block
                except BROKEN:
                    tries = 1 if done - broken_at > PROGRESS else tries + 1
                    broken_at = done
                    if tries == TRIES:
                        raise

    def sha256(self, found: StoredObject, moved=lambda number: None) -> str:
        """SHA-256 of what the store gives back; `moved` is called with the number of bytes as they arrive."""
        digest = hashlib.sha256()
        for block in self.blocks(found):
            digest.update(block)
            moved(len(block))
        return digest.hexdigest()

    def delete_object(self, key: str) -> int:
        """Delete every version of an object; how many there were, 0 if none. Raises RefusedByStorage."""
        pages = self.pages("list_object_versions", f"list the versions of {key}", Prefix=key)
        entries = [entry for page in pages for kind in ("Versions", "DeleteMarkers") for entry in page.get(kind, [])]
        versions = [entry["VersionId"] for entry in entries if entry["Key"] == key]
        for version in versions:
            try:
                self.request("delete_object", f"delete {key}", Key=key, VersionId=version)
            except TransferError as error:
                raise RefusedByStorage(key, error.code) if error.code else error from None
        if self.head(key):
            raise RefusedByStorage(key, "it is still there")
        return len(versions)


def _in_time(body: Any) -> Iterator[bytes]:
    begin, done = time.monotonic(), 0
    while block := body.read(part_stream.BLOCK):
        done += len(block)
        part_stream.check_rate(begin, done)
        yield block


def _client(settings: S3Settings, credentials: Credentials) -> Any:
    session = botocore.session.Session(session_vars=NOTHING_ELSE)
    config = Config(
        signature_version="s3v4",
        s3={"addressing_style": "path", "payload_signing_enabled": True},
        request_checksum_calculation="when_required",
        response_checksum_validation="when_required",
        retries={"mode": "standard", "total_max_attempts": TRIES},
        connect_timeout=CONNECT,
        read_timeout=part_stream.SILENCE,
        max_pool_connections=PARALLEL + 1,
    )
    return session.create_client(
        "s3",
        region_name="us-east-1",  # HCP has none; signatures need one
        endpoint_url=settings.endpoint,
        aws_access_key_id=credentials.access_key,
        aws_secret_access_key=credentials.secret_key,
        verify=str(settings.ca) if settings.ca else True,
        config=config,
    )
