"""VCF as text: headers, INFO and sample columns to mappings, and bgzipped, indexed files.

The one place that knows flags, missing values ('.') and keys that occur twice (VCF 4.3, sections 1.4 and 1.6). Text and
not pysam's records, because results must be the same bytes at every centre and because it is faster per record.
"""

import re
import subprocess
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

import pysam

from gms.base.errors import GmsError

MISSING = "."
COLUMNS = ("#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO")
MATE = re.compile(r"[\[\]](.+):(\d+)[\[\]]")  # contig and position in the ALT of a breakend
_LEVEL = "4"  # half the processor time of the default 6 for 4 % more bytes
_BLOCK = 1 << 20


class UnreadableVcf(GmsError):
    """A VCF that is missing, damaged or without its line of column names."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{path} {reason}")


class RecordsLost(GmsError):
    """A step gave back another number of records than it was given."""

    def __init__(self, before: Path, after: Path, counts: Sequence[int]):
        text = f"{after} has {counts[1]} records, but {before}, which it is made from, has {counts[0]}"
        super().__init__(f"{text}. A tool ended early without an error: run again, and see its messages above")


class UnwritableVcf(GmsError):
    """A VCF or its index that could not be written."""

    def __init__(self, path: Path, reason: str):
        super().__init__(f"{path} could not be written: {reason}")


def info(text: str) -> dict[str, str]:
    """INFO column to values by key, in its order. A flag has the value ''; a column of '.' is empty; of a key that
    occurs twice the first value counts, as in htslib. '.' stays as the value of a key: use `known` to leave it out."""
    found: dict[str, str] = {}
    if text != MISSING:
        for part in text.split(";"):
            key, _, value = part.partition("=")
            if key:
                found.setdefault(key, value)
    return found


def known(values: Mapping[str, str]) -> dict[str, str]:
    """Values without those that are missing ('.')."""
    return {key: value for key, value in values.items() if value != MISSING}


def info_value(text: str, key: str) -> str | None:
    """Value of one key of an INFO column; None where it is absent, missing or a flag. For loops over many records that
    need few keys: searching takes a fifth of the time of `info`."""
    at = text.find(f"{key}=")
    while at > 0 and text[at - 1] != ";":
        at = text.find(f"{key}=", at + 1)
    if at < 0:
        return None
    start = at + len(key) + 1
    end = text.find(";", start)
    value = text[start:] if end < 0 else text[start:end]
    return None if value == MISSING else value


def info_text(values: Mapping[str, str]) -> str:
    """INFO column of values by key; '' writes a flag. '.' without any."""
    return ";".join(f"{key}={value}" if value else key for key, value in values.items()) or MISSING


def sample_values(keys: str, column: str) -> dict[str, str]:
    """A sample's column by the keys of FORMAT; trailing values may be left out (VCF 4.3, section 1.6.2)."""
    return dict(zip(keys.split(":"), column.split(":"), strict=False))


def kept_sides(alt: str) -> tuple[str, str]:
    """What is kept at the place of a breakend and at its mate's, by its ALT (VCF 4.3, section 5.4): '3' for what ends
    there, '5' for what begins there."""
    return "5" if alt[0] in "[]" else "3", "5" if "[" in alt else "3"


def samples_of(header: Sequence[str]) -> list[str]:
    """Samples in the order of their columns, by the last line of a header; none without that line."""
    return header[-1].rstrip("\n").split("\t")[9:] if header and header[-1].startswith(COLUMNS[0]) else []


def header_value(header: Iterable[str], key: str) -> str | None:
    """Text after '##key=' of the first such header line; None without one."""
    start = f"##{key}="
    return next((line.removeprefix(start).rstrip("\n") for line in header if line.startswith(start)), None)


def annotated_parts(header: Iterable[str]) -> frozenset[str] | None:
    """Parts of the knowledge that a file was annotated with (##gms_parts=genes,population); None where it was not."""
    parts = header_value(header, "gms_parts")
    return None if parts is None else frozenset(parts.split(","))


def contig_length(line: str) -> dict[str, int]:
    """{name: bases} of a ##contig line of a header; empty for any other line and without a length."""
    found = re.match(r"##contig=<ID=([^,>]+),(?:.*,)?length=(\d+)", line)
    return {found[1]: int(found[2])} if found else {}


def header_lines(contigs: Mapping[str, int], definitions: str, samples: Sequence[str]) -> Iterator[str]:
    """Lines, each with its end, of a new header; `definitions` are whole ##INFO and ##FORMAT lines."""
    yield "##fileformat=VCFv4.3\n"
    yield from (f"##contig=<ID={name},length={length}>\n" for name, length in contigs.items())
    yield definitions
    yield "\t".join([*COLUMNS, *(["FORMAT", *samples] if samples else [])]) + "\n"


def read_header(lines: Iterator[str]) -> list[str]:
    """Consume the header lines of a VCF, without their line ends; the next line is the first record."""
    header = []
    for line in lines:
        header.append(line.rstrip("\n"))
        if line.startswith(COLUMNS[0]):
            break
    return header


@contextmanager
def open_vcf(path: Path) -> Iterator[TextIO]:
    """Lines of a plain or bgzipped VCF. Raises UnreadableVcf if it cannot be decompressed to its end."""
    if Path(path).suffix != ".gz":
        with open(path, encoding="utf-8") as lines:
            yield lines
        return
    command = ["bgzip", "-dc", str(path)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, encoding="utf-8", bufsize=1 << 20) as process:
        yield process.stdout
        complete = not process.stdout.read(1)
    if complete and process.returncode:
        raise UnreadableVcf(path, f"is damaged or missing: bgzip ended with exit code {process.returncode}")


def record_lines(path: Path) -> Iterator[str]:
    """Lines of the records of a plain or bgzipped VCF. Raises UnreadableVcf."""
    with open_vcf(path) as lines:
        yield from (line for line in lines if line[0] != "#")


def header_of(path: Path) -> list[str]:
    """Header lines of an indexed VCF, without their line ends."""
    with pysam.TabixFile(str(path)) as file:
        return list(file.header)


def records_at(path: Path, chrom: str, start: int, end: int) -> list[str]:
    """Lines, without their ends, of an indexed VCF that overlap a 0-based half-open interval."""
    with pysam.TabixFile(str(path)) as file:
        return list(file.fetch(chrom, start, end)) if chrom in file.contigs else []


@contextmanager
def bgzip_writer(path: Path) -> Iterator[TextIO]:
    """A text stream that is written bgzipped, in a process of its own; an unfinished file is removed."""
    with open(path, "wb") as target:
        process = subprocess.Popen(
            ["bgzip", "-c", "-l", _LEVEL], stdin=subprocess.PIPE, stdout=target, encoding="utf-8"
        )
        try:
            yield process.stdin
        except BrokenPipeError:
            pass  # bgzip ended before its input; its exit code is reported below
        except BaseException:
            process.kill()
            path.unlink(missing_ok=True)
            raise
        finally:
            process.communicate()
    if process.returncode:
        raise UnwritableVcf(path, f"bgzip ended with exit code {process.returncode}")


def write_vcf(lines: Iterable[str], path: Path) -> None:
    """Write VCF lines (sorted, each with its line end), bgzipped, and their tabix index next to them. In this process:
    where lines come slowly, a second one would only cost its start."""
    with pysam.BGZFile(str(path), "wb") as out:
        for line in lines:
            out.write(line.encode())
    pysam.tabix_index(str(path), preset="vcf", force=True)


def index(*paths: Path) -> None:
    """Write the tabix index of each VCF, side by side. Raises UnwritableVcf."""
    commands = [["tabix", "-f", "-p", "vcf", str(path)] for path in paths]
    running = [subprocess.Popen(command, stderr=subprocess.PIPE, text=True) for command in commands]
    for path, process in zip(paths, running, strict=True):
        _, message = process.communicate()
        if process.returncode:
            raise UnwritableVcf(Path(f"{path}.tbi"), f"tabix failed: {message.strip()}")


def record_count(path: Path) -> int:
    """Records of an indexed VCF, by its index."""
    command = ["bcftools", "index", "--nrecords", path]
    return int(subprocess.run(command, capture_output=True, text=True, check=True).stdout)


def check_records(before: Path, after: Path) -> None:
    """Raise RecordsLost where two indexed VCFs have different numbers of records, by their indices."""
    counts = [record_count(path) for path in (before, after)]
    if counts[0] != counts[1]:
        raise RecordsLost(before, after, counts)


def blocks(lines: TextIO) -> Iterator[str]:
    """The rest of a stream in blocks of about a megabyte that end with a line."""
    while text := lines.read(_BLOCK):
        yield text + lines.readline()


def hotspot_name(record: pysam.VariantRecord) -> str:
    """INFO/HOTSPOT of a record of a list, of whatever type it is there, several values joined by '_'; '' where it is a
    flag, missing, or not defined in the header."""
    named = record.info.get("HOTSPOT") if "HOTSPOT" in record.header.info else None
    values = named if isinstance(named, tuple) else (named,)
    texts = (str(value) for value in values if value is not None and not isinstance(value, bool))
    return "_".join(text for text in texts if text not in ("", MISSING))
