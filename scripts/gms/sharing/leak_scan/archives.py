"""Searches zip archives, office documents among them: members, their names and times, and what stands between them."""

import io
import re
import struct
import tempfile
import zipfile
from typing import BinaryIO

from gms.sharing.leak_patterns.findings import Place
from gms.sharing.leak_scan.nested_formats import Layer, Scanner
from gms.sharing.leak_scan.streams import CHUNK, Source, Stop, Stream

_IN_MEMORY = 16 << 20
_LARGEST = 4 << 30
_MOST_MEMBERS = 10_000
_FIRST_TIME = (1980, 1, 1, 0, 0, 0)  # the earliest that the format can write, hence what tools write for none
_FIRST_TIMES = (b"", b"1980-01-01T00:00:00Z", b"1970-01-01T00:00:00Z")
_LOCAL_HEADER = struct.Struct("<4s5H3I2H")
_ENCRYPTED, _DESCRIPTOR, _UTF8 = 1, 8, 0x800
_ZIP64_SIZE = 76  # of the two further end records of large archives
_DESCRIPTOR_SIZES = (12, 16, 20, 24)
_ZIP64 = 1
_PROGRAMS = (b"", b"openpyxl", b"gms")
_PROPERTY = re.compile(
    rb"<(?:[\w.-]+:)?(creator|lastModifiedBy|Manager|Company|created|modified|lastPrinted)\b[^<>]*>([^<]*)<"
)


def scan_archive(scanner: Scanner, layer: Layer) -> None:
    """Search a zip archive; it is kept in memory, or in a nameless file of the work folder where it is large."""
    largest = _LARGEST if scanner.work else _IN_MEMORY
    with tempfile.SpooledTemporaryFile(max_size=_IN_MEMORY, dir=scanner.work) as file:
        while chunk := layer.stream.read(CHUNK):
            if file.tell() + len(chunk) > largest:
                raise Stop(f"archive of more than {largest >> 20} MiB", "unknown_format")
            file.write(chunk)
        try:
            with zipfile.ZipFile(file) as archive:
                _scan_members(scanner, layer, archive, file)
        except (zipfile.BadZipFile, NotImplementedError, RuntimeError, UnicodeError):
            raise Stop("zip archive", "damaged") from None


def _scan_members(scanner: Scanner, layer: Layer, archive: zipfile.ZipFile, file: BinaryIO) -> None:
    members = archive.infolist()
    if len(members) > _MOST_MEMBERS:
        raise Stop(f"more than {_MOST_MEMBERS} members", "decompression_bomb")
    if archive.comment:
        layer.place.note("comment of the archive", "hidden_data")
        scanner.scan_value(layer.place, "comment of the archive", archive.comment)
    roots = frozenset(member.filename.partition("/")[0].encode() for member in members)
    end = 0
    for number, member in enumerate(sorted(members, key=lambda member: member.header_offset), 1):
        clean = scanner.scan_value(layer.place, f"name of member {number}", member.filename.encode())
        place = layer.place.inside(member.filename if clean else f"member {number}")
        end = _check_headers(scanner, place, member, file, end)
        if not member.is_dir():
            inner = layer.inner(_opened(archive, member, layer, place), place)
            # Office documents call their parts /xl/…, which is no folder of a computer.
            _scan_member(scanner, Layer(inner.place, inner.stream, inner.budget, inner.depth, roots))
    if end != archive.start_dir:
        layer.place.note("before the list of members", "hidden_data")
    if file.seek(0, 2) - archive.start_dir - _list_size(archive) not in (0, _ZIP64_SIZE):
        layer.place.note("after the archive", "hidden_data")


def _scan_member(scanner: Scanner, layer: Layer) -> None:
    if layer.place.layers[-1].startswith("docProps/"):
        head = layer.stream.head(CHUNK)
        for name, value in _PROPERTY.findall(head):
            is_time = name in (b"created", b"modified", b"lastPrinted")
            if value.strip() not in (_FIRST_TIMES if is_time else _PROGRAMS):
                layer.place.note("", "timestamp" if is_time else "author")
    scanner.scan_inner(layer)
    while layer.stream.read(CHUNK):  # what is left, so that a wrong checksum is noticed
        pass


class _Member:
    """The data of a member, counted against what the file may grow to."""

    def __init__(self, source: Source, layer: Layer):
        self._source, self._budget = source, layer.budget

    def read(self, size: int, /) -> bytes:
        data = self._source.read(min(size, CHUNK))
        self._budget.spend(len(data))
        return data


def _opened(archive: zipfile.ZipFile, member: zipfile.ZipInfo, layer: Layer, place: Place) -> Source:
    if member.flag_bits & _ENCRYPTED or member.compress_type not in (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED):
        place.note("encrypted or compressed in a rare way", "unknown_format")
        return io.BytesIO()
    return _Member(archive.open(member), layer)


def _check_headers(scanner: Scanner, place: Place, member: zipfile.ZipInfo, file: BinaryIO, end: int) -> int:
    """Note what the member's two headers tell; returns where the member ends."""
    if member.date_time != _FIRST_TIME:
        place.note("time of the member", "timestamp")
    if member.comment:
        place.note("comment of the member", "hidden_data")
        scanner.scan_value(place, "comment of the member", member.comment)
    if member.header_offset != end:
        place.note("before the member", "hidden_data")
    file.seek(member.header_offset)
    stream = Stream(file)
    fields = _LOCAL_HEADER.unpack(stream.exactly(_LOCAL_HEADER.size))
    name, extra = stream.exactly(fields[9]), stream.exactly(fields[10])
    if name != _raw_name(member):
        place.note("second name of the member", "hidden_data")
        scanner.scan_value(place, "second name of the member", name)
    for field in (extra, member.extra):
        if _beyond_sizes(field):
            place.note("extra field of the member", "hidden_data")
            scanner.scan_value(place, "extra field of the member", field)
    start = member.header_offset + _LOCAL_HEADER.size + len(name) + len(extra)
    return start + member.compress_size + _descriptor_size(member, file, start + member.compress_size)


def _raw_name(member: zipfile.ZipInfo) -> bytes:
    return member.orig_filename.encode("utf-8" if member.flag_bits & _UTF8 else "cp437")


def _list_size(archive: zipfile.ZipFile) -> int:
    """Bytes of the list of members and of its end record, by the zip specification (APPNOTE 4.3.12, 4.3.16)."""
    members = sum(46 + len(_raw_name(info)) + len(info.extra) + len(info.comment) for info in archive.infolist())
    return members + 22 + len(archive.comment)


def _beyond_sizes(extra: bytes) -> bool:
    """Whether an extra field holds more than the sizes of a large member (user ids, times, other names)."""
    while len(extra) >= 4:
        kind, size = struct.unpack_from("<HH", extra)
        if kind != _ZIP64 or size > 28:
            return True
        extra = extra[4 + size :]
    return bool(extra)


def _descriptor_size(member: zipfile.ZipInfo, file: BinaryIO, start: int) -> int:
    """Of the sizes and checksum that follow a member that was written as a stream."""
    if not member.flag_bits & _DESCRIPTOR:
        return 0
    file.seek(start)
    following = file.read(28)
    checksum = struct.pack("<I", member.CRC)
    for size in _DESCRIPTOR_SIZES:
        signed = size in (16, 24)
        if following[4 if signed else 0 :].startswith(checksum) and following[size : size + 2] == b"PK":
            return size
    return 0
