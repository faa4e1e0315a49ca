"""What of a file must be the same everywhere, as a digest: VCF records, QC values, sequences, what a report shows."""

import gzip
import hashlib
import json
import re
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, Any

from gms.base.digests import sha256
from gms.base.errors import GmsError

CHUNK = 1 << 20  # bytes
_BGZF_END = bytes.fromhex("1f8b08040000000000ff0600424302001b0003000000000000000000")  # SAM specification, 4.1.2
# What a report says about its run, which is in run.json as well, and the date of analysis.
_OF_THE_RUN = {
    "report": (("run",), ("assay",), ("case", "analysed"), ("filtered", "policy")),
    "handover": (("date",),),
}
_DATED = re.compile(r"_\d{4}-\d{2}-\d{2}_")  # in names of files that are handed over


class Unreadable(GmsError):
    """A file that is there and cannot be compared; the text says why, without the file's name."""


def raw_digest(path: Path) -> str:
    """SHA-256 of the file as it lies on the disk; of a folder that of its content. Raises Unreadable,
    FileNotFoundError."""
    if is_folder(path):
        return _folder_digest(path)
    with told():
        return sha256(path)


def body_digest(path: Path) -> str:
    """Digest of the compared content of a file, by the kind in its name. Raises Unreadable."""
    if is_folder(path):
        return _folder_digest(path)
    return next(digest for suffix, digest in _DIGESTS.items() if path.name.endswith(suffix))(path)


@contextmanager
def told() -> Iterator[None]:
    """What may go wrong with reading, as Unreadable; that there is no file stays FileNotFoundError."""
    try:
        yield
    except FileNotFoundError:
        raise
    except EOFError:
        raise Unreadable("is truncated") from None
    except (gzip.BadGzipFile, zlib.error, UnicodeDecodeError):
        raise Unreadable("is damaged, or not of the type that its name says") from None
    except OSError as error:
        raise Unreadable(f"cannot be read: {(error.strerror or 'unknown reason').lower()}") from None
    except (ValueError, RecursionError):
        raise Unreadable("is not JSON") from None


def vcf_samples(path: Path) -> list[str]:
    """Samples of a compressed VCF in the order of their columns. Raises Unreadable, also where there is no file."""
    try:
        with told(), gzip.open(path, "rb") as file:
            return header(file)
    except FileNotFoundError:
        raise Unreadable("is missing") from None


def header(file: IO[bytes]) -> list[str]:
    """Read a VCF's header; its samples. The next line is the first record."""
    for line in file:
        if line.startswith(b"#CHROM"):
            return line.decode().rstrip("\r\n").split("\t")[9:]
        if not line.startswith(b"#"):
            break
    raise Unreadable("has no line of column names (#CHROM), so it is not a complete VCF")


def check_end(path: Path) -> None:
    """Raise Unreadable unless the file ends as bgzip ends it: one cut off between two blocks is sound gzip else."""
    with told(), open(path, "rb") as file:
        size = file.seek(0, 2)
        file.seek(max(0, size - len(_BGZF_END)))
        if not size:
            raise Unreadable("is empty")
        if file.read() != _BGZF_END:
            raise Unreadable("is truncated, or not compressed by bgzip")


def canonical(value: Any) -> str:
    """JSON in one spelling, so that 1, 1.0 and true are three values."""
    return json.dumps(value, sort_keys=True)


def json_content(path: Path) -> Any:
    """Content of a JSON file: of a report without what it says about its run, of a hand-over without its date."""
    with told():
        content = json.loads(path.read_bytes())
    if path.parent.name == "handover" and isinstance(content, dict):
        content["files"] = [undated(str(name)) for name in content.get("files") or ()]
    for *above, key in _OF_THE_RUN.get(path.parent.name, ()):
        place = content
        for name in above:
            place = place.get(name) if isinstance(place, dict) else None
        if isinstance(place, dict):
            place.pop(key, None)
    return content


def table_rows(path: Path) -> list[list[str]]:
    """Rows of a tab-separated table, the header first."""
    with told():
        rows = [line.split("\t") for line in path.read_text(encoding="utf-8").splitlines()]
    if not rows or any(len(row) != len(rows[0]) for row in rows):
        raise Unreadable("is not a complete table" if rows else "is empty")
    return rows


def sequences(path: Path) -> dict[str, str]:
    """Sequences of a FASTA file by the names in its headers, whatever its line lengths. Raises Unreadable."""
    with told():
        parts = path.read_text(encoding="utf-8").split(">")
    if parts[0].strip() or len(parts) < 2:
        raise Unreadable("is not FASTA" if "".join(parts).strip() else "is empty")
    return {head.strip(): "".join(body.split()) for head, _, body in (part.partition("\n") for part in parts[1:])}


def undated(name: str) -> str:
    """The name of a file without the date on which it was handed over."""
    return _DATED.sub("_DATE_", name)


def is_folder(path: Path) -> bool:
    """Whether a path of the results is that of a folder: only files have an ending."""
    return not path.suffix


def folder_files(folder: Path) -> dict[str, Path]:
    """Files of a folder by their place in it, without dates. Raises Unreadable, FileNotFoundError."""
    if not folder.is_dir():
        raise Unreadable("is not a folder") if folder.exists() else FileNotFoundError(folder)
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    return {undated(path.relative_to(folder).as_posix()): path for path in files}


def unpacked_digest(path: Path) -> str:
    """SHA-256 of a file, of a compressed one of what is in it. Raises Unreadable."""
    with told(), gzip.open(path) if path.suffix == ".gz" else open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _folder_digest(folder: Path) -> str:
    return _text_digest(canonical({name: unpacked_digest(path) for name, path in folder_files(folder).items()}))


def _fasta_digest(path: Path) -> str:
    return _text_digest(canonical(sequences(path)))


def _vcf_digest(path: Path) -> str:
    """Of the sample names and all records, byte for byte."""
    check_end(path)
    with told(), gzip.open(path, "rb") as file:
        digest = hashlib.sha256("\t".join(header(file)).encode() + b"\n")
        while block := file.read(CHUNK):
            digest.update(block)
    return digest.hexdigest()


def _json_digest(path: Path) -> str:
    return _text_digest(canonical(json_content(path)))


def _table_digest(path: Path) -> str:
    """Of the rows, whatever their order, which is that of the sample sheet's lanes."""
    first, *rows = table_rows(path)
    return _text_digest(canonical([first, *sorted(rows)]))


def _text_digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()


_DIGESTS: dict[str, Callable[[Path], str]] = {
    ".vcf.gz": _vcf_digest,
    ".json": _json_digest,
    ".tsv": _table_digest,
    ".fasta": _fasta_digest,
}
