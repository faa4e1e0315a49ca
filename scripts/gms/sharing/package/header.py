"""The header of a Crypt4GH file: its packets, counted by anyone, opened by a reader."""

import struct
from typing import BinaryIO, NamedTuple

from crypt4gh import CIPHER_SEGMENT_SIZE as CIPHER_SEGMENT
from crypt4gh import SEGMENT_SIZE as SEGMENT
from crypt4gh import VERSION
from crypt4gh import header as library

from gms.base.errors import GmsError
from gms.sharing.package.keys import encryption_fingerprint

OVERHEAD = CIPHER_SEGMENT - SEGMENT  # nonce and authentication code, bytes in each segment
PACKET = 108  # bytes of a packet with one data key: length 4, method 4, writer 32, nonce 12, content 40, code 16
_FIXED = struct.Struct("<8sII")
_LENGTH = struct.Struct("<I")
_MOST = 1 << 20  # a longer packet, or more of them, is no header but an attack on the memory


class Header(NamedTuple):
    """The bytes of a header and its packets, still encrypted."""

    raw: bytes
    packets: tuple[bytes, ...]


class BadHeader(GmsError):
    """A Crypt4GH header that cannot be used; the text follows the name of the file."""


def header_bytes(packets: int) -> int:
    """Size of the header with so many packets of one data key each."""
    return _FIXED.size + PACKET * packets


def segments_of(plain_bytes: int) -> int:
    """Number of segments that so many plain bytes take."""
    return -(-plain_bytes // SEGMENT)


def read_header(file: BinaryIO) -> Header:
    """The header; `file` then stands at the body. Raises BadHeader."""
    fixed = file.read(_FIXED.size)
    if not fixed.startswith(library.MAGIC_NUMBER):
        raise BadHeader("is not a Crypt4GH file: it does not begin with 'crypt4gh'")
    if len(fixed) < _FIXED.size:
        raise BadHeader("is truncated within the Crypt4GH header")
    _, version, count = _FIXED.unpack(fixed)
    if version != VERSION:
        raise BadHeader(f"has an unknown Crypt4GH version ({version})")
    raw = bytearray(fixed)
    packets = []
    for number in range(1, count + 1):
        packets.append(_packet(file, number, count, raw))
    return Header(bytes(raw), tuple(packets))


def _packet(file: BinaryIO, number: int, count: int, raw: bytearray) -> bytes:
    head = file.read(_LENGTH.size)
    length = _LENGTH.unpack(head)[0] - _LENGTH.size if len(head) == _LENGTH.size else 0
    packet = file.read(length) if length > 0 and len(raw) + length <= _MOST else b""
    if not packet or len(packet) < length:
        raise BadHeader(f"has a damaged Crypt4GH header: packet {number} of {count} is incomplete")
    raw += head + packet
    return packet


def data_key(header: Header, secret: bytes, writer: bytes | None = None) -> bytes:
    """The key of the data for the reader with this secret key; `writer` is the public key that must have written it.

    Stricter than the format, which also allows edit lists and several keys: then a reader could be shown other data
    than were sent. Raises BadHeader.
    """
    contents, _ = library.decrypt(header.packets, [(0, secret, None)])
    if not contents:
        raise BadHeader(f"cannot be decrypted with this key: it is not one of the {len(header.packets)} readers")
    if any(content[:4] == library.PACKET_TYPE_EDIT_LIST for content in contents):
        raise BadHeader("has an edit list in its header, which would hide part of the data from a reader")
    if len(contents) > 1:
        raise BadHeader(f"has {len(contents)} header packets for one reader instead of one: one was added")
    if writer is not None:
        _check_writer(header, secret, writer)
    try:
        return bytes(library.parse_enc_packet(library.partition_packets(contents)[0][0]))
    except (ValueError, IndexError):
        raise BadHeader("has a header packet of unknown type") from None


def _check_writer(header: Header, secret: bytes, writer: bytes) -> None:
    if not library.decrypt(header.packets, [(0, secret, None)], sender_pubkey=writer)[0]:
        raise BadHeader(
            f"was not encrypted by the sender: its header was not written with the key {encryption_fingerprint(writer)}"
        )


def writers(header: Header) -> frozenset[str]:
    """Fingerprints of the public keys that the packets name as their writer."""
    return frozenset(encryption_fingerprint(packet[4:36]) for packet in header.packets)
