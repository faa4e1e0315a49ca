"""Searches BAM and CRAM: header, read names and tags. Bases and qualities are not decoded: no reference is needed."""

import os
import re
import select
import threading
from itertools import islice
from typing import BinaryIO

import pysam

from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import CHUNK, Stop, Stream

_BATCH = 8192
_TAIL = 64
_PATIENCE = 0.1  # seconds
_NAME_ID = slice(6, 26)  # of a CRAM file definition: 20 bytes, in which writers put the file's name
_VERSIONS = {b"\3\0": 0, b"\3\1": 1}
# The empty container that ends CRAM 3.0 and 3.1 (CRAM specification 9).
_CRAM_END = bytes.fromhex("0f000000ffffffff0fe0454f4600000000010005bdd94f0001000606010001000100ee63014b")
# Name, flags, tags, and the read group tag of the CRAM decoder (htslib's sam_fields: QNAME, FLAG, AUX, RGAUX).
_CRAM_OPTIONS = [b"required_fields=0x1803", b"decode_md=0"]
_TELLING = (
    (re.compile(r"^@PG\t(?:.*\t)?CL:"), "command_line"),
    (re.compile(r"^@RG\t(?:.*\t)?DT:"), "timestamp"),
)
_TAGS = 11  # columns of SAM before them
_NUMBER_TAG = re.compile(rb"[A-Za-z][A-Za-z0-9]:[ifB]:")


def scan_cram(scanner: Scanner, layer: Layer) -> None:
    """Search a CRAM 3 file; raises Stop where it is another version or is damaged."""
    definition = layer.stream.head(26)
    if definition[4:6] not in _VERSIONS:
        raise Stop("version of CRAM", "unknown_format")
    name = definition[_NAME_ID].rstrip(b"\0")
    if b"/" in name:
        layer.place.note("file id of CRAM", "original_name")
    scanner.scan_value(layer.place, "file id of CRAM", name)
    _scan(scanner, layer, _CRAM_OPTIONS, _CRAM_END)


def scan_bam(scanner: Scanner, layer: Layer) -> None:
    """Search a decompressed BAM file, whose end marker the layer around it has checked."""
    _scan(scanner, layer, [], b"")


def _scan(scanner: Scanner, layer: Layer, options: list[bytes], end: bytes) -> None:
    pipe = _Pipe(layer.stream)
    verbosity = pysam.set_verbosity(0)  # htslib would print what it makes of damaged data
    try:
        with pipe.reading() as source, _opened(source, options) as alignments:
            _scan_header(scanner, layer, str(alignments.header))
            _scan_records(scanner, layer, alignments)
    except (OSError, ValueError, NotImplementedError):
        pipe.finish()
        raise Stop("alignments", "damaged") from None
    finally:
        pysam.set_verbosity(verbosity)
        pipe.finish()
    if pipe.tail[-len(end) :] != end and end:
        raise Stop("CRAM without its end marker", "damaged")


def _opened(source: BinaryIO, options: list[bytes]) -> pysam.AlignmentFile:
    return pysam.AlignmentFile(source, "r", check_sq=False, format_options=options, threads=2)


def _scan_header(scanner: Scanner, layer: Layer, header: str) -> None:
    for number, line in enumerate(header.splitlines(), 1):
        scanner.scan_value(layer.place, "header line {n}", line.encode("utf-8", "surrogateescape"), number)
        for pattern, kind in _TELLING:
            if pattern.match(line):
                layer.place.note("header line {n}", kind, number)


def _scan_records(scanner: Scanner, layer: Layer, alignments: pysam.AlignmentFile) -> None:
    ledger = layer.place.ledger
    records = alignments.fetch(until_eof=True)
    first = 1
    while batch := [_searched(record.to_string()) for record in islice(records, _BATCH)]:
        text = "\n".join(batch).encode("utf-8", "surrogateescape")
        ledger.bytes += len(text)
        ledger.records += len(batch)
        for hit in scanner.matcher.hits(text):
            tag = hit.before.rpartition(b"\t")[2]
            where = f"tag {tag[:2].decode()} of record {{n}}" if b"\t" in hit.before else "name of record {n}"
            counted = hit.weak and bool(_NUMBER_TAG.match(tag))
            layer.place.note(where, hit.kind, first + hit.line, counted=counted)
        first += len(batch)


def _searched(sam: str) -> str:
    """Of a line of SAM the name and the tags."""
    name, _, rest = sam.partition("\t")
    tags = rest.split("\t", _TAGS - 1)
    return f"{name}\t{tags[-1]}" if len(tags) == _TAGS else name


class _Pipe:
    """Gives a stream to htslib, which reads from a file descriptor; keeps the last bytes that went through."""

    def __init__(self, stream: Stream):
        self.tail = b""
        self._stream = stream
        self._error: BaseException | None = None
        self._is_read = threading.Event()
        self._thread = threading.Thread(target=self._feed, daemon=True)

    def reading(self) -> BinaryIO:
        """The end to read from."""
        read_end, self._write_end = os.pipe()
        os.set_blocking(self._write_end, False)
        self._thread.start()
        return os.fdopen(read_end, "rb", buffering=0)

    def finish(self) -> None:
        """To be called when nobody reads any more; raises what reading the stream raised."""
        self._is_read.set()
        self._thread.join()
        if self._error:
            error, self._error = self._error, None
            raise error

    def _feed(self) -> None:
        try:
            with os.fdopen(self._write_end, "wb", buffering=0) as out:
                while chunk := self._stream.read(CHUNK):
                    self._write(out, memoryview(chunk))
                    self.tail = (self.tail + chunk)[-_TAIL:]
        except BrokenPipeError:  # the reader has stopped, and says why
            self.tail = b""
        except BaseException as error:
            self._error = error

    def _write(self, out: BinaryIO, data: memoryview) -> None:
        """Write all; raises BrokenPipeError where nobody reads, which htslib keeps the system from telling."""
        while data:
            if written := out.write(data):
                data = data[written:]
            elif not select.select([], [out], [], _PATIENCE)[1] and self._is_read.is_set():
                raise BrokenPipeError
