"""One file to one object: in a single request if it is small, in parts that can be sent again one by one if not."""

import base64
import hashlib
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from gms.sharing.transfer.client import PARALLEL, Store, StoredObject
from gms.sharing.transfer.errors import ExistingObject, TransferError
from gms.sharing.transfer.part_stream import Part
from gms.sharing.transfer.progress import Progress
from gms.sharing.transfer.resume import Notes

MIB = 1 << 20
PART = 16 * MIB
MOST_PARTS = 10_000  # limit of S3


@dataclass(frozen=True, slots=True)
class Item:
    """A file to be stored: SHA-256 and size are those of the manifest."""

    path: Path
    key: str
    bytes: int
    sha256: str


@dataclass
class Sender:
    """Sends files of one package, and counts what went over the line: parts (and whole small files), bytes."""

    store: Store
    notes: Notes
    progress: Progress
    parts: int = 0
    bytes: int = 0

    def send(self, item: Item) -> str:
        """Store a file under a key that is free; the ETag it must have. Raises ExistingObject, TransferError."""
        return self._whole(item) if item.bytes <= PART else self._in_parts(item)

    def _whole(self, item: Item) -> str:
        with Part(item.path, 0, item.bytes, self.progress) as body:
            digest = body.md5()
            self.store.put_new(item.key, body, digest.digest())
        self._count(item.bytes)
        return digest.hexdigest()

    def _in_parts(self, item: Item) -> str:
        upload, there = self._begin(item)
        size = part_bytes(item.bytes)
        jobs = list(enumerate(range(0, item.bytes, size), 1))

        def send_part(job: tuple[int, int]) -> str:
            number, start = job
            return self._part(item, upload, number, start, min(size, item.bytes - start), there)

        with ThreadPoolExecutor(PARALLEL) as pool:
            try:
                etags = list(pool.map(send_part, jobs))
            except BaseException:
                self.progress.stopped = True  # the other parts end at their next block
                pool.shutdown(cancel_futures=True)
                raise
        self._complete(item, upload, etags)
        return multipart_etag(etags)

    def _begin(self, item: Item) -> tuple[str, dict[int, tuple[str, int]]]:
        """The multipart upload to go on with, and ETag and size of the parts that it has."""
        url = self.store.url(item.key)
        note = self.notes.about(url)
        if note.get("sha256") == item.sha256 and (upload := note.get("upload")):
            there = self._parts_there(item.key, upload)
            if there is not None:
                return upload, there
        begun = self.store.request("create_multipart_upload", f"begin the upload of {item.key}", Key=item.key)
        self.notes.put(url, sha256=item.sha256, upload=begun["UploadId"])
        return begun["UploadId"], {}

    def _parts_there(self, key: str, upload: str) -> dict[int, tuple[str, int]] | None:
        pages = self.store.pages("list_parts", f"list the parts of {key}", Key=key, UploadId=upload)
        try:
            found = [entry for page in pages for entry in page.get("Parts", [])]
        except TransferError as error:
            if error.code == "NoSuchUpload":
                return None
            raise
        return {entry["PartNumber"]: (entry["ETag"].strip('"'), entry["Size"]) for entry in found}

    def _part(self, item: Item, upload: str, number: int, start: int, size: int, there: dict[int, Any]) -> str:
        with Part(item.path, start, size, self.progress) as body:
            digest = body.md5()
            if there.get(number) == (digest.hexdigest(), size):
                self.progress.skipped(size)
                return digest.hexdigest()
            answer = self.store.request(
                "upload_part",
                f"send part {number} of {item.key}",
                Key=item.key,
                UploadId=upload,
                PartNumber=number,
                Body=body,
                ContentMD5=base64.b64encode(digest.digest()).decode(),
            )
        self._count(size)
        if answer["ETag"].strip('"') != digest.hexdigest():
            raise TransferError(f"part {number} of {item.key} arrived damaged; the same command sends it again")
        return digest.hexdigest()

    def _count(self, size: int) -> None:
        with self.progress.lock:
            self.parts, self.bytes = self.parts + 1, self.bytes + size

    def _complete(self, item: Item, upload: str, etags: list[str]) -> None:
        parts = [{"PartNumber": number, "ETag": f'"{etag}"'} for number, etag in enumerate(etags, 1)]
        arguments = {"Key": item.key, "UploadId": upload, "MultipartUpload": {"Parts": parts}, "IfNoneMatch": "*"}
        try:
            self.store.request("complete_multipart_upload", f"complete {item.key}", **arguments)
        except TransferError as error:
            # From an attempt whose answer was lost, or from another sender; looking at the object shows which.
            if error.code not in ("NoSuchUpload", "PreconditionFailed"):
                raise


def part_bytes(size: int) -> int:
    """Size of a part: 16 MiB, more in whole MiB where 10,000 parts would not do."""
    return max(PART, -(-size // MOST_PARTS // MIB) * MIB)


def multipart_etag(etags: list[str]) -> str:
    """The ETag of an object made of parts: MD5 of their MD5s, and their number."""
    digest = hashlib.md5(b"".join(map(bytes.fromhex, etags)), usedforsecurity=False)
    return f"{digest.hexdigest()}-{len(etags)}"


def check_stored(item: Item, etag: str, found: StoredObject | None) -> StoredObject:
    """What the store says it has is what was sent. Raises ExistingObject, TransferError."""
    if found is None:
        raise TransferError(f"{item.key} was sent but is not in the store; the same command sends it again")
    if (found.bytes, found.etag) != (item.bytes, etag):
        raise ExistingObject(item.key, "size or ETag differ from what was sent")
    return found
