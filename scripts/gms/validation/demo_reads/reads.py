"""Fragments become read pairs in FASTQ: adapters, quality that falls along the read, errors that agree with it.

Why not dwgsim: it knows two haplotypes, hence no allele fractions; it writes no duplicates and no adapter read-through;
its random numbers come from the C library.
"""

from collections.abc import Sequence

import numpy as np

from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Fragments, Library, Template

ADAPTERS = (b"AGATCGGAAGAGCACACGTCTGAACTCCAGTCA", b"AGATCGGAAGAGCGTCGTGTAGGGAAAGAGTGT")
"""Illumina TruSeq, read 1 and read 2."""
QUALITIES = (37, 25, 11, 2)
"""The bins of a NovaSeq; 2 marks a base that was not called."""
SHAPES = 24
"""Quality strings per read number: few, so that the files compress well."""
FOREIGN = 4
"""Fragments of random DNA per 1,000."""
CHUNK = 20_000
LETTERS = np.frombuffer(b"ACGT", dtype=np.uint8)
COMPLEMENT, RANK = np.zeros((2, 256), dtype=np.uint8)
COMPLEMENT[list(b"ACGTN")] = list(b"TGCAN")
RANK[LETTERS] = range(4)


def make_reads(
    fragments: Fragments, templates: list[Template], library: Library, stream: Stream, lanes: int
) -> list[tuple[bytes, bytes]]:
    """FASTQ text of read 1 and read 2 for each lane. Duplicates, added here, share the fragment but not the errors."""
    numbers, flipped = _sequenced(len(fragments.start), library, stream)
    return read_texts(fragments, templates, library.length, numbers, flipped, stream, lanes)


def read_texts(
    fragments: Fragments,
    templates: list[Template],
    length: int,
    numbers: np.ndarray,
    flipped: np.ndarray,
    stream: Stream,
    lanes: int,
    tags: Sequence[np.ndarray] = (),
) -> list[tuple[bytes, bytes]]:
    """Of fragments in this order; `flipped`: read 1 starts at the right end; `tags`: bases before reads 1 and 2."""
    pool, start, size = _pool(fragments, templates, length, numbers, flipped, stream)
    windows = np.lib.stride_tricks.sliding_window_view(pool, length)
    shapes = [_shapes(length, mate) for mate in (1, 2)]
    texts: list[tuple[list, list]] = [([], []) for _ in range(lanes)]
    for tile, begin in enumerate(range(0, len(numbers), CHUNK // lanes)):
        part = slice(begin, begin + CHUNK // lanes)
        ahead = windows[start[part]]
        back = COMPLEMENT[windows[start[part] + size[part] - length][:, ::-1]]
        swap = flipped[part, None]
        for mate, bases in ((1, np.where(swap, back, ahead)), (2, np.where(swap, ahead, back))):
            tagged = np.hstack([tags[mate - 1][part], bases])[:, :length] if tags else bases
            text = _fastq(tagged, shapes[mate - 1], mate, tile % lanes + 1, tile, stream)
            texts[tile % lanes][mate - 1].append(text)
    return [(b"".join(first), b"".join(second)) for first, second in texts]


def _sequenced(unique: int, library: Library, stream: Stream) -> tuple[np.ndarray, np.ndarray]:
    """Fragment numbers in the order of the flow cell (-1: foreign DNA), and whether read 1 starts at the right end."""
    copied = stream.below(unique, unique * library.duplicates // (1000 - library.duplicates))
    side = stream.below(2, unique) == 1
    foreign = unique * FOREIGN // 1000
    numbers = np.concatenate([np.arange(unique), copied, np.full(foreign, -1)])
    flipped = np.concatenate([side, side[copied], np.zeros(foreign, dtype=bool)])
    order = stream.order(len(numbers))
    return numbers[order], flipped[order]


def _pool(
    fragments: Fragments,
    templates: list[Template],
    length: int,
    numbers: np.ndarray,
    flipped: np.ndarray,
    stream: Stream,
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """One array with the bases of all templates and special fragments; start in it and length of each fragment."""
    bases = np.frombuffer(b"".join(template.bases for template in templates), dtype=np.uint8)
    first, last = _ends(fragments, templates)
    start, size = first[numbers], (last - first)[numbers]
    extra, at = [bases], len(bases)
    special = np.isin(numbers, list(fragments.edited)) | (size < length) | (numbers < 0)
    for i in np.flatnonzero(special).tolist():
        insert = fragments.edited.get(int(numbers[i])) or bases[start[i] : start[i] + size[i]].tobytes()
        insert = LETTERS[stream.below(4, 300)].tobytes() if numbers[i] < 0 else insert
        padded = _with_adapters(insert, length, flipped[i]) if len(insert) < length else insert
        start[i], size[i] = at + (len(padded) - len(insert)) // 2, len(insert)
        extra.append(np.frombuffer(padded, dtype=np.uint8))
        at += len(padded)
    return np.concatenate(extra), start, size


def _ends(fragments: Fragments, templates: list[Template]) -> tuple[np.ndarray, np.ndarray]:
    """Where each fragment starts and ends in the templates, joined one after the other."""
    offsets = np.cumsum([0, *(len(template.bases) for template in templates)])
    first, last = np.empty((2, len(fragments.start)), dtype=np.int64)
    for number, template in enumerate(templates):
        mine = fragments.template == number
        first[mine] = template.position[fragments.start[mine]] + offsets[number]
        last[mine] = template.position[fragments.end[mine]] + offsets[number]
    return first, last


def _with_adapters(insert: bytes, length: int, flipped: bool) -> bytes:
    """The insert with what its reads run into: the adapter, then the poly-G of empty cycles; mirrored on the left."""
    right, left = ADAPTERS[::-1] if flipped else ADAPTERS
    before = np.frombuffer(left.ljust(length, b"G"), dtype=np.uint8)
    return COMPLEMENT[before[::-1]].tobytes() + insert + right.ljust(length, b"G")


def _shapes(length: int, mate: int) -> np.ndarray:
    """Quality strings as bin numbers, one per row: good, then falling from a point that comes earlier in read 2."""
    stream = Stream("quality", length, mate)
    rows = np.zeros((SHAPES, length), dtype=np.uint8)
    for row in rows[:-1]:
        fall = length * stream.between(75 - 10 * mate, 135) // 100
        for at in range(1, length):
            dice, past = stream.one(100), at - fall
            row[at] = dice < 2 if past < 0 else 2 if dice < 2 * past else 1 if dice < 70 else 0
    rows[-1] = 1
    rows[-1, length * 6 // 10 :] = 2
    rows[-1, [7, length * 8 // 10]] = 3
    return rows


def _fastq(bases: np.ndarray, shapes: np.ndarray, mate: int, lane: int, tile: int, stream: Stream) -> bytes:
    """FASTQ records, all of one length and so written as one matrix."""
    size, length = bases.shape
    bins = shapes[stream.below(len(shapes), size)]
    name = np.frombuffer(
        f"@MINI:1:GMSMINI:{lane}:{1101 + tile}:00000:00000 {mate}:N:0:ACGTACGT\n".encode(), dtype=np.uint8
    )
    record = np.empty((size, len(name) + 2 * length + 4), dtype=np.uint8)
    record[:, : len(name)] = name
    place = np.arange(size)
    for at, value in ((23, 10_000 + place // 8), (29, 10_000 + place % 8 * 977)):
        record[:, at : at + 5] = 48 + value[:, None] // [10_000, 1_000, 100, 10, 1] % 10
    middle = len(name) + length
    record[:, len(name) : middle] = _with_errors(bases, bins, stream)
    record[:, middle : middle + 3] = list(b"\n+\n")
    record[:, middle + 3 : -1] = np.array(QUALITIES, dtype=np.uint8)[bins] + 33
    record[:, -1] = ord("\n")
    return record.tobytes()


def _with_errors(bases: np.ndarray, bins: np.ndarray, stream: Stream) -> np.ndarray:
    """Wrong bases as often as their quality says (10^(-Q/10)); bases of quality 2 become N."""
    limits = np.array([round(65536 * 10 ** (-quality / 10)) for quality in QUALITIES], dtype=np.uint16)
    draw = stream.halves(bases.size).reshape(bases.shape)
    wrong = np.flatnonzero((draw < limits[bins]).ravel())
    changed = bases.ravel().copy()
    changed[wrong] = LETTERS[(RANK[changed[wrong]] + 1 + stream.below(3, len(wrong))) % 4]
    changed[(bins == QUALITIES.index(2)).ravel()] = ord("N")
    return changed.reshape(bases.shape)
