"""What Crypt4GH by itself accepts: the reason for the manifest (a failure here means a stricter library)."""

import io

import pytest
from crypt4gh import header, lib

from gms.sharing.package.header import SEGMENT
from gms.sharing.package.keys import public_of
from packages import CENTRE, CRAM, READER, SEGMENTS, STRANGER, Parts


def decrypted(path):
    out = io.BytesIO()
    with open(path, "rb") as file:
        lib.decrypt([(0, READER, None)], file, out)
    return out.getvalue()


def test_truncation_at_a_segment_border_is_accepted_silently(package):
    path = package / CRAM
    whole, parts = decrypted(path), Parts.of(path)
    parts.segments = parts.segments[:7]
    parts.write(path)
    assert decrypted(path) == whole[: 7 * SEGMENT]


def test_exchanged_segments_are_accepted_silently(package):
    path = package / CRAM
    whole, parts = decrypted(path), Parts.of(path)
    parts.segments[1], parts.segments[4] = parts.segments[4], parts.segments[1]
    parts.write(path)
    found = decrypted(path)
    assert len(found) == len(whole) and found != whole
    assert found[SEGMENT : 2 * SEGMENT] == whole[4 * SEGMENT : 5 * SEGMENT]


def test_anybody_can_add_data(package):
    """With the reader's public key only: a packet with another data key, and a segment under it."""
    path, parts = package / CRAM, Parts.of(package / CRAM)
    key = bytes(32)
    packet = next(header.encrypt(header.make_packet_data_enc(0, key), [(0, STRANGER, public_of(READER))]))
    segment = bytearray(SEGMENT + 28)
    lib.sodium.chacha20poly1305_encrypt(segment, b"!" * SEGMENT, key)
    parts.packets.append((len(packet) + 4).to_bytes(4, "little") + packet)
    parts.segments.insert(0, bytes(segment))
    parts.write(path)
    assert decrypted(path).startswith(b"!" * SEGMENT)


def test_a_removed_packet_shuts_a_reader_out(package):
    path, parts = package / CRAM, Parts.of(package / CRAM)
    del parts.packets[:]
    parts.packets += [packet for packet in Parts.of(path).packets if not opens(packet)]
    assert len(parts.packets) == 2
    parts.write(path)
    with pytest.raises(ValueError):
        decrypted(path)


def opens(packet):
    return header.decrypt_packet(packet[4:], [(0, READER, None)], sender_pubkey=public_of(CENTRE)) is not None


def test_the_file_has_the_segments_that_the_tests_count(made):
    assert len(Parts.of(made / CRAM).segments) == SEGMENTS
