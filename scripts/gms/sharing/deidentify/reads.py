"""De-identifies a CRAM: read names, read groups, header and tags; the alignments stay, which a digest shows.

samtools decodes, drops tags and encodes; this process only renames, text in and text out. samtools 1.16 writes the path
of the reference as UR into every @SQ of a CRAM that it makes, and the name of the file into its first bytes: hence the
second header and the standard output.
"""

import hashlib
import os
import subprocess
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import IO, Protocol

from gms.base.errors import GmsError

# Tags on the alignment alone, most of them of the SAM tags specification. Barcodes (BC RX OX CB …), comments (CO),
# programs (PG), libraries (LB PU), the names that markdup notes in `do` and every local tag do not leave.
TAGS = ("NM", "MD", "AS", "XS", "XA", "SA", "MC", "MQ", "RG")
HEADER_FIELDS = {"@HD": ("VN", "SO", "GO"), "@SQ": ("SN", "LN", "M5")}
# Values of PL in the SAM specification; any other text may say something else than a platform.
PLATFORMS = ("CAPILLARY", "DNBSEQ", "ELEMENT", "HELICOS", "ILLUMINA", "IONTORRENT", "LS454", "ONT", "PACBIO", "SOLID")
PLATFORMS += ("ULTIMA",)
_NO_DOWNLOAD = {"REF_PATH": os.devnull}  # htslib asks a server for a contig that the FASTA lacks
# A contig that the FASTA lacks is an error; htslib would guess its sequence from the reads and put that into the file.
_NO_GUESS = ["--output-fmt-option", "embed_ref=0"]
_ALIGNMENT = ["--input-fmt-option", "required_fields=0x7fe"]  # SAM columns 2-11
_BLOCK = 1 << 20
_CACHED_NAMES = 1 << 16  # mates are near each other: at 30x some 60 reads apart


class ReadNames(Protocol):
    """The part of gms.sharing.decision.pseudonyms.Pseudonyms that is used here."""

    def read_name(self, name: bytes) -> bytes:
        """The new name; the same for the same old one, so that mates stay mates."""


@dataclass(frozen=True, slots=True)
class ReadDigest:
    """How many records, and the SHA-256 of their SAM columns 2-11 (all but name and tags) before and after."""

    records: int
    before: str
    after: str


class ReadsNotConserved(GmsError):
    """A de-identified CRAM that does not hold the alignments of the original."""

    def __init__(self, out: Path, written: int, records: int):
        super().__init__(
            f"{out.name}: {written} of {records} reads were written, or an alignment changed. Nothing is shared, the "
            "original is untouched. This should not happen; please report it"
        )


class UnknownReadGroup(GmsError):
    """A read whose read group is not in the header of its CRAM."""

    def __init__(self) -> None:
        super().__init__("a read belongs to a read group that the CRAM's header lacks; align the sample again")


class ToolFailed(GmsError):
    """A tool that ended with an error."""

    def __init__(self, command: Sequence[str | Path], code: int):
        super().__init__(f"{' '.join(map(str, command[:2]))} ended with exit code {code}; the reason is in the log")


def deidentify_reads(cram: Path, out: Path, fasta: Path, sample_pseudonym: str, pseudonyms: ReadNames) -> ReadDigest:
    """Write the clean CRAM `out` and its index `out`.crai; the same input and key give the same bytes.

    `fasta` is the reference that `cram` was written with. Raises GmsError if a file cannot be read or written, or if
    what was written does not hold the same alignments; then nothing is left of `out`.
    """
    index = out.with_name(f"{out.name}.crai")
    try:
        _run(["samtools", "quickcheck", cram])
        header, groups = clean_header(_header(cram, fasta), sample_pseudonym)
        _rewrite(cram, out, fasta, header, Renamer(groups, pseudonyms.read_name))
        _run(["samtools", "index", out, index])
        return _proof(cram, out, fasta)
    except BaseException:
        out.unlink(missing_ok=True)
        index.unlink(missing_ok=True)
        raise


def _proof(cram: Path, out: Path, fasta: Path) -> ReadDigest:
    """Both files are read for it."""
    (records, before), (written, after) = alignment_digest(cram, fasta), alignment_digest(out, fasta)
    if (records, before) != (written, after):
        raise ReadsNotConserved(out, written, records)
    return ReadDigest(records, before, after)


def clean_header(lines: Iterable[str], sample_pseudonym: str) -> tuple[str, dict[bytes, bytes]]:
    """The header that leaves, and the new id of each read group.

    @HD, @SQ and @RG stay, with known fields; read groups are numbered, since their ids name lanes and flow cells.
    """
    kept: list[str] = []
    groups: dict[bytes, bytes] = {}
    for line in lines:
        kind, *fields = line.rstrip("\n").split("\t")
        values = dict(field.split(":", 1) for field in fields if ":" in field)
        if kind == "@RG":
            groups[values["ID"].encode()] = b"%d" % (len(groups) + 1)
            platform = values.get("PL", "").upper()
            known = [f"PL:{platform}"] if platform in PLATFORMS else []
            kept.append("\t".join([kind, f"ID:{len(groups)}", f"SM:{sample_pseudonym}", *known]))
        elif kind in HEADER_FIELDS:
            known = [f"{key}:{values[key]}" for key in HEADER_FIELDS[kind] if key in values]
            kept.append("\t".join([kind, *known]))
    return "".join(f"{line}\n" for line in kept), groups


class Renamer:
    """Gives records (lines of SAM) new names and the new ids of their read groups."""

    def __init__(self, groups: Mapping[bytes, bytes], read_name: Callable[[bytes], bytes]):
        self._groups = groups
        self._read_name = lru_cache(_CACHED_NAMES)(read_name)

    def renamed(self, lines: Iterable[bytes]) -> Iterator[bytes]:
        """Raises UnknownReadGroup."""
        read_name, groups = self._read_name, self._groups
        for line in lines:
            name = line.index(b"\t")
            start = line.find(b"\tRG:Z:", name) + 6
            if start >= 6:
                end = line.find(b"\t", start)
                end = end if end >= 0 else len(line) - 1
                if line[start:end] not in groups:
                    raise UnknownReadGroup
                yield b"%b%b%b%b" % (read_name(line[:name]), line[name:start], groups[line[start:end]], line[end:])
            else:
                yield read_name(line[:name]) + line[name:]


def alignment_digest(cram: Path, fasta: Path) -> tuple[int, str]:
    """Number of records, and the SHA-256 of their SAM columns 2-11 in the order of the file: flag, contig, position,
    mapping quality, CIGAR, the mate's contig and position, template length, sequence and base qualities."""
    digest, records = hashlib.sha256(), 0
    with (
        _running([*_view(fasta), *_ALIGNMENT, cram]) as view,
        _running(["cut", "-f", "2-11"], stdin=view.stdout) as columns,
    ):
        while block := columns.stdout.read(_BLOCK):
            digest.update(block)
            records += block.count(b"\n")
    return records, digest.hexdigest()


def _header(cram: Path, fasta: Path) -> list[str]:
    with _running([*_view(fasta), "-H", cram]) as view:
        return view.stdout.read().decode().splitlines()


def _rewrite(cram: Path, out: Path, fasta: Path, header: str, renamer: Renamer) -> None:
    """One thread encodes: with more of them samtools chooses its compression by which is ready first."""
    with NamedTemporaryFile(dir=out.parent, suffix=".sam") as lines:
        lines.write(header.encode())
        lines.flush()
        with (
            open(out, "wb") as target,
            _running([*_view(fasta), "--keep-tag", ",".join(TAGS), cram]) as view,
            _running([*_view(fasta), "-C", *_NO_GUESS, "-o", "-", "-"], stdin=subprocess.PIPE) as encode,
            _running(["samtools", "reheader", "-P", lines.name, "-"], stdin=encode.stdout, stdout=target),
            encode.stdin,
        ):
            encode.stdin.write(header.encode())
            encode.stdin.writelines(renamer.renamed(view.stdout))


def _view(fasta: Path) -> list[str | Path]:
    return ["samtools", "view", "--no-PG", "--reference", fasta]


def _run(command: Sequence[str | Path]) -> None:
    with _running(command):
        pass


@contextmanager
def _running(
    command: Sequence[str | Path], stdin: int | IO = subprocess.DEVNULL, stdout: int | IO = subprocess.PIPE
) -> Iterator[subprocess.Popen]:
    """A tool of a pipe; ended if the pipe breaks elsewhere. Raises GmsError if it fails."""
    with subprocess.Popen(command, stdin=stdin, stdout=stdout, env=os.environ | _NO_DOWNLOAD) as process:
        if not isinstance(stdin, int):
            stdin.close()  # the tool has it; so the one that writes learns when the tool ends
        try:
            yield process
        except BrokenPipeError:
            pass  # the tool that ended first has the exit code
        except BaseException:
            process.kill()
            raise
    if process.returncode:
        raise ToolFailed(command, process.returncode)
