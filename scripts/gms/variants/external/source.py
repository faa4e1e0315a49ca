"""A VCF or BCF of another workflow: its samples, and its records as text.

Plain or bgzipped, sorted or not, with or without an index: it is read once, from its beginning to its end.
"""

import codecs
import gzip
import subprocess
import zlib
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, NamedTuple

import pysam

from gms.base.errors import GmsError
from gms.base.personal_numbers import find_identity_number, mask_identity_numbers
from gms.base.problems import shown

# Names in headers may be of persons: messages leave them out.
_LIST = "Its samples:  bcftools query --list-samples FILE"


class UnusableCalls(GmsError):
    """A VCF that a case cannot start from."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{shown(path.name)} {reason}")


class Source(NamedTuple):
    """A file, the name of a sample in it, the name that the sample has here, and whether the sheet gives the former."""

    path: Path
    name: str
    sample: str
    is_stated: bool = False


def source_of(path: Path, sample: str, named: str) -> Source:
    """The column of a sample: the one that the sheet names, that of the same name, or the only one. Raises
    UnusableCalls."""
    try:
        with quiet(), pysam.VariantFile(str(path)) as file:
            names = list(file.header.samples)
    except NotImplementedError as error:  # pysam cannot go back in such a file
        text = f"zcat {shown(path.name)} | bgzip > other.vcf.gz"
        raise UnusableCalls(path, f"is compressed with gzip. Compress it with bgzip:  {text}") from error
    except (OSError, ValueError) as error:
        raise UnusableCalls(path, _why_unreadable(path)) from error
    return Source(path, chosen(path, names, sample, named), sample, bool(named))


def _why_unreadable(path: Path) -> str:
    """What keeps htslib from reading a header. Names of samples, which may be of persons, are not repeated."""
    try:
        with open(path, "rb") as file:
            is_packed = file.read(2) == b"\x1f\x8b"
        with (gzip.open if is_packed else open)(path, "rb") as lines:
            first = lines.readline()
            columns = next((line for line in lines if line.startswith(b"#CHROM\t")), b"").split()
    except (OSError, EOFError, zlib.error):
        first, columns = b"", []
    if first.startswith(codecs.BOM_UTF8):
        return "begins with a byte order mark. Remove it:  sed -i '1s/^\\xEF\\xBB\\xBF//' FILE"
    if len(set(columns)) < len(columns):
        return "names two of its samples alike. Rename one:  bcftools reheader --samples"
    return "is neither a VCF nor a BCF file, or its header is damaged"


def chosen(path: Path, names: Sequence[str], sample: str, named: str) -> str:
    """The name of a sample among the `names` of a file. Raises UnusableCalls."""
    if not names:
        raise UnusableCalls(path, "has no samples, only sites; a case starts from genotypes")
    if named:
        if named not in names:
            raise UnusableCalls(path, f"has no sample {_plain(named)}; correct vcf_sample. {_LIST}")
        return named
    if sample in names:
        return sample
    if len(names) > 1:
        raise UnusableCalls(path, f"has {len(names)} samples; write in vcf_sample which is {sample}. {_LIST}")
    if find_identity_number(names[0]) is not None:
        raise UnusableCalls(path, "names its sample by a personal number; rename it:  bcftools reheader --samples")
    return names[0]


def _plain(name: str) -> str:
    return mask_identity_numbers(shown(name))


@contextmanager
def quiet() -> Iterator[None]:
    """Without htslib's own messages; what is wrong becomes an error of ours."""
    before = pysam.set_verbosity(0)
    try:
        yield
    finally:
        pysam.set_verbosity(before)


def records(source: Source, log: IO[str]) -> Iterator[list[str]]:
    """The ten columns of each record, that of the sample last; what bcftools says goes to `log`. Raises
    UnusableCalls where the file cannot be read to its end.

    bcftools itself takes no column out of a file whose header leaves out a contig or field, or by a name with a comma.
    """
    command, column = ["bcftools", "view", "--no-version", str(source.path)], 0
    pipes = {"stdout": subprocess.PIPE, "stderr": log, "text": True, "errors": "replace", "bufsize": 1 << 20}
    with subprocess.Popen(command, **pipes) as process:
        for line in process.stdout:
            fields = line.rstrip("\n").split("\t") if not line.startswith("##") else []
            if line[0] != "#":
                yield [*fields[:9], fields[column]]
            elif fields:
                column = fields.index(source.name, 9)
    if process.returncode:
        raise UnusableCalls(source.path, "is damaged or no VCF: bcftools could not read it to its end (messages above)")
