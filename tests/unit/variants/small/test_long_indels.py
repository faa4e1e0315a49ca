import random

import pytest

from alignments import CONTIG, read, write_cram, write_fasta
from gms.genome.alleles import Allele
from gms.genome.vcf import header_lines, write_vcf
from gms.variants.small.merge_callers import Job, merge_calls

SIZE = 150  # bases of a read
PLACE = 500
SEQUENCE = "".join(random.Random(31).choices("ACGT", k=1_000))
NEW = "".join(random.Random(32).choices("ACGT", k=200))


def inserted(kind: str, length: int) -> str:
    """Bases inserted before PLACE: those that follow it, with or without others behind them, or new ones."""
    if kind == "new":
        return NEW[:length]
    filler = "" if kind == "duplication" else NEW[:4]
    return SEQUENCE[PLACE : PLACE + length - len(filler)] + filler


def aligned(name: str, start: int, whole: str, text: str):
    """A read of the molecule that has `text` before PLACE, as an aligner places it: by its longer stretch of reference,
    the rest clipped. None where less than 30 bases are reference."""
    sequence = whole[start : start + SIZE]
    prefix = max(n for n in range(SIZE + 1) if SEQUENCE[start : start + n] == sequence[:n]) if start < PLACE else 0
    behind = start - len(text)
    at = [k for k in range(SIZE + 1) if behind + k >= 0 and SEQUENCE[behind + k : behind + SIZE] == sequence[k:]]
    suffix = SIZE - min(at)
    if max(prefix, suffix) < 30:
        return None
    if prefix >= suffix:
        return read(name, start, f"{prefix}M{SIZE - prefix}S" if prefix < SIZE else f"{SIZE}M", sequence)
    return read(name, behind + SIZE - suffix, f"{SIZE - suffix}S{suffix}M" if suffix < SIZE else f"{SIZE}M", sequence)


def reads_of(text: str, name: str, step: int) -> list:
    whole = SEQUENCE[:PLACE] + text + SEQUENCE[PLACE:]
    starts = range(200, 750 + len(text), step)
    return [found for start in starts if (found := aligned(f"{name}{start}", start, whole, text))]


def test_simulated_reads_are_clipped_at_the_joint():
    made = reads_of(inserted("duplication", 60), "a", 1)
    assert {"90M60S", "60S90M", "150M"} <= {found.cigarstring for found in made}


@pytest.fixture
def merged(tmp_path):
    """Records of reads that no caller called anything in."""
    fasta = write_fasta(tmp_path / "genome.fa", SEQUENCE)
    write_vcf(header_lines({CONTIG: len(SEQUENCE)}, "", ["S"]), tmp_path / "calls.vcf.gz")

    def run(reads, somatic=False, size=1_000, **more) -> list[list[str]]:
        cram = str(write_cram(tmp_path / "s.cram", fasta, reads))
        roles = ["tumor" if somatic else "proband"]
        job = Job({"bcftools": str(tmp_path / "calls.vcf.gz")}, [cram], str(fasta), roles, somatic, {}, **more)
        return [line.split("\t") for line in merge_calls(job, roles, None, size, threads=1) if line[0] != "#"]

    return run


@pytest.mark.parametrize("kind, length", [
    ("duplication", 36), ("duplication", 75), ("duplication", 150), ("filler", 45), ("filler", 100), ("new", 40),
    ("new", 100), ("new", 150),
])  # fmt: skip
@pytest.mark.parametrize("genotype", ["0/1", "1/1"])
def test_a_long_insertion_is_found_and_counted(merged, kind, length, genotype):
    text = inserted(kind, length)
    reads = [*reads_of(text, "a", 5), *(reads_of("", "r", 5) if genotype == "0/1" else [])]
    [record] = merged(reads)
    assert int(record[1]) <= PLACE
    assert len(record[4]) - len(record[3]) == length
    assert carrier(record) == SEQUENCE[:PLACE] + text + SEQUENCE[PLACE:]
    assert "CALLERS=clipped_reads" in record[7]
    values = record[9].split(":")
    assert values[0] == genotype
    assert float(values[3]) == pytest.approx(0.5 if genotype == "0/1" else 1.0, rel=0.2)


def carrier(record: list[str]) -> str:
    pos = int(record[1]) - 1
    return SEQUENCE[:pos] + record[4] + SEQUENCE[pos + len(record[3]) :]


@pytest.mark.parametrize("kind, length", [("duplication", 60), ("filler", 90), ("new", 60)])
def test_the_fraction_is_that_of_the_molecules(merged, kind, length):
    """A tenth of them. Reads that tell an insertion of 60 bases from the reference are half as many again as those that
    tell the reference from it."""
    [record] = merged([*reads_of(inserted(kind, length), "a", 10), *molecules("r", 9)], somatic=True)
    assert float(record[9].split(":")[3]) == pytest.approx(0.1, rel=0.2)


def stretch(sequence: str, place: int) -> tuple[int, int, int]:
    """Score, first and last base (half-open) of the part of a read that fits the reference best from `place` on: a
    mismatch costs 4 matches, as in bwa mem."""
    best, score, first = (0, 0, 0), 0, 0
    for number, base in enumerate(sequence):
        score += 1 if SEQUENCE[place + number : place + number + 1] == base else -4
        if score <= 0:
            score, first = 0, number + 1
        best = max(best, (score, first, number + 1))
    return best


def local(name: str, start: int, whole: str, shifts: tuple[int, ...]):
    """A read of a molecule, placed without gaps where it fits best: its bases are `shifts` behind the reference's."""
    sequence = whole[start : start + SIZE]
    (_, first, end), place = max((stretch(sequence, start - shift), start - shift) for shift in shifts)
    sizes = (first, "S"), (end - first, "M"), (SIZE - end, "S")
    return read(name, place + first, "".join(f"{size}{kind}" for size, kind in sizes if size), sequence)


def locals_of(whole: str, shifts: tuple[int, ...], name: str, times: int) -> list:
    starts = range(200, 600 + len(whole) - len(SEQUENCE), 10)
    return [local(f"{name}{n}-{start}", start, whole, shifts) for n in range(times) for start in starts]


COPY = SEQUENCE[PLACE : PLACE + 60]
CHANGED = COPY[:30] + "ACGT"["ACGT".index(COPY[30]) ^ 1] + COPY[31:]


@pytest.mark.parametrize("text", [COPY * 2, COPY + CHANGED, CHANGED + COPY])
def test_the_fraction_of_two_further_copies(merged, text):
    """Reads that begin in a copy are placed by it, and show a joint as well as those that begin before."""
    whole = SEQUENCE[:PLACE] + text + SEQUENCE[PLACE:]
    [record] = merged([*locals_of(whole, (0, 60, 120), "a", 3), *locals_of(SEQUENCE, (0,), "r", 7)], somatic=True)
    assert carrier(record) == whole
    assert float(record[9].split(":")[3]) == pytest.approx(0.3, rel=0.2)


def test_a_substitution_at_the_ends_of_what_reads_show_hides_no_duplication(merged):
    """Of 138 bases, whose copies reads show half of, from either side."""
    copy = SEQUENCE[PLACE : PLACE + 138]
    copy = copy[:70] + "ACGT"["ACGT".index(copy[70]) ^ 1] + copy[71:]
    one, other = SEQUENCE[:PLACE] + copy, SEQUENCE[PLACE + 138 :]
    reads = [*locals_of(one + copy + other, (0, 138), "a", 3), *locals_of(one + other, (0,), "s", 7)]
    [record] = merged(reads, somatic=True)
    assert len(record[4]) - len(record[3]) == 138
    assert float(record[9].split(":")[3]) == pytest.approx(0.3, rel=0.2)


def test_two_further_copies_of_which_reads_show_one_with_its_ends(merged):
    """No read reaches from one side of a copy of 100 bases over the next one."""
    copy = SEQUENCE[PLACE : PLACE + 100]
    whole = SEQUENCE[:PLACE] + copy * 2 + SEQUENCE[PLACE:]
    [record] = merged([*locals_of(whole, (0, 100, 200), "a", 3), *locals_of(SEQUENCE, (0,), "r", 7)], somatic=True)
    assert carrier(record) == whole
    assert float(record[9].split(":")[3]) == pytest.approx(0.3, rel=0.2)


@pytest.mark.parametrize("beside", [4, 9])
def test_a_copy_between_a_joint_and_another_change_is_one(merged, beside):
    """A deletion behind a duplication clips reads that hold its second copy at both ends."""
    copy, there = SEQUENCE[PLACE : PLACE + 100], PLACE + 100 + beside
    whole = SEQUENCE[:PLACE] + copy + SEQUENCE[PLACE:there] + SEQUENCE[there + 30 :]
    records = merged([*locals_of(whole, (0, 100, 70), "a", 3), *locals_of(SEQUENCE, (0,), "r", 7)], somatic=True)
    assert sorted(len(record[4]) - len(record[3]) for record in records) == [-30, 100]


@pytest.mark.parametrize("copies", [COPY + CHANGED, CHANGED + COPY])
def test_copies_that_differ_in_a_base_are_spelled_and_counted(merged, copies):
    """Reads that show the base alone, and no joint, tell no duplication from the reference."""
    whole = SEQUENCE[:PLACE] + copies + SEQUENCE[PLACE + 60 :]
    [record] = merged([*locals_of(whole, (0, 60), "a", 3), *locals_of(SEQUENCE, (0,), "r", 7)], somatic=True)
    assert carrier(record) == whole
    assert float(record[9].split(":")[3]) == pytest.approx(0.3, rel=0.15)


@pytest.mark.parametrize("copies", [COPY + CHANGED, CHANGED + COPY])
def test_a_base_in_which_copies_differ_is_no_substitution(tmp_path, merged, copies):
    called(tmp_path, snv := Allele(PLACE + 30, COPY[30], CHANGED[30]))
    whole = SEQUENCE[:PLACE] + copies + SEQUENCE[PLACE + 60 :]
    records = merged([*locals_of(whole, (0, 60), "a", 3), *locals_of(SEQUENCE, (0,), "r", 7)], somatic=True)
    [counts] = [record[9].split(":")[1] for record in records if record[4] == snv.alt]
    assert counts.endswith(",0")


@pytest.mark.parametrize("others", [0, 1])
def test_a_substitution_in_all_copies_is_one_of_its_molecules(tmp_path, merged, others):
    """An inherited one, on the molecules with the duplication and on some or none of the others."""
    called(tmp_path, snv := Allele(PLACE + 30, COPY[30], CHANGED[30]))
    one, other = SEQUENCE[:PLACE] + CHANGED, SEQUENCE[PLACE + 60 :]
    reads = [*locals_of(one + CHANGED + other, (0, 60), "a", 4), *locals_of(SEQUENCE, (0,), "r", 6 - others)]
    reads += locals_of(one + other, (0,), "s", others)
    [record] = [record for record in merged(reads, somatic=True) if record[4] == snv.alt]
    assert float(record[9].split(":")[3]) == pytest.approx(0.4 + 0.1 * others, rel=0.2)


def test_a_substitution_is_not_withdrawn_from_a_sample_without_the_duplication(tmp_path, merged):
    """A normal or a parent: by chance none of the few fragments that span the place has the inherited substitution."""
    duplication = Allele(PLACE - 1, SEQUENCE[PLACE - 1], SEQUENCE[PLACE - 1] + CHANGED)
    called(tmp_path, duplication, snv := Allele(PLACE + 30, COPY[30], CHANGED[30]))
    other = SEQUENCE[:PLACE] + CHANGED + SEQUENCE[PLACE + 60 :]
    reads = [local(f"r{start}", start, SEQUENCE, (0,)) for start in range(440, 476, 6)]
    reads += [local(f"s{start}", start, other, (0,)) for start in range(510, 522, 3)]
    [record] = [record for record in merged(reads) if record[4] == snv.alt]
    assert record[9].split(":")[1] == "6,4"


def test_a_substitution_in_other_molecules_is_no_duplication(merged):
    """An inherited one, in the copies and in most of the molecules without the duplication."""
    one, other = SEQUENCE[:PLACE] + CHANGED, SEQUENCE[PLACE + 60 :]
    whole = one + CHANGED + other
    reads = [*locals_of(whole, (0, 60), "a", 3), *locals_of(one + other, (0,), "s", 5)]
    reads += locals_of(SEQUENCE, (0,), "r", 2)
    record = max(merged(reads, somatic=True), key=lambda record: len(record[4]))
    assert len(record[4]) - len(record[3]) == 60
    assert float(record[9].split(":")[3]) == pytest.approx(0.3, rel=0.15)


def reads_without(deleted: int, step: int) -> list:
    """Reads of the molecule without `deleted` bases from PLACE on, clipped on the side that has fewer of its bases."""
    whole, reads = SEQUENCE[:PLACE] + SEQUENCE[PLACE + deleted :], []
    for start in range(200, 750 - deleted, step):
        text, prefix = whole[start : start + SIZE], max(0, min(SIZE, PLACE - start))
        cigar = f"{prefix}M{SIZE - prefix}S" if prefix >= SIZE - prefix else f"{prefix}S{SIZE - prefix}M"
        place = start if prefix >= SIZE - prefix else max(start, PLACE) + deleted
        reads.append(read(f"d{start}", place, cigar.replace("0S", "", 1) if not prefix else cigar, text))
        if prefix == SIZE:
            reads[-1].cigarstring = f"{SIZE}M"
    return reads


@pytest.mark.parametrize("deleted", [35, 52, 100])
def test_a_deletion_at_which_reads_are_clipped_is_found_in_a_tumour(merged, deleted):
    reads = [*reads_without(deleted, 10), *molecules("r", 3)]
    [record] = merged(reads, somatic=True)
    assert carrier(record) == SEQUENCE[:PLACE] + SEQUENCE[PLACE + deleted :]
    assert float(record[9].split(":")[3]) == pytest.approx(0.25, rel=0.25)
    assert merged(reads) == []  # of genomes it is a structural variant


def test_a_deletion_longer_than_those_looked_for_is_none(merged):
    assert merged([*reads_without(130, 10), *molecules("r", 3)], somatic=True) == []


def molecules(name: str, times: int) -> list:
    return [found for n in range(times) for found in reads_of("", f"{name}{n}", 10)]


def test_two_clipped_fragments_are_no_insertion(merged):
    whole = SEQUENCE[:PLACE] + NEW[:60] + SEQUENCE[PLACE:]
    pair = [aligned(f"a{start}", start, whole, NEW[:60]) for start in (400, 410)]
    assert merged([*pair, *reads_of("", "r", 5)]) == []


def test_ends_that_are_reference_nowhere_near_are_no_insertion(merged):
    """As of adapters, or of a translocation."""
    clipped = [
        read(f"a{n}", 400 + n, f"{100 - n}M{50 + n}S", SEQUENCE[400 + n : 500] + NEW[: 50 + n]) for n in range(9)
    ]
    assert merged([*clipped, *reads_of("", "r", 5)]) == []


JOINT = PLACE + 60
BEYOND = next(k for k in range(2, 8) if SEQUENCE[PLACE + k] != SEQUENCE[JOINT + k])


def aligned_beyond_the_joint() -> list:
    """Reads of a duplication of 60 bases; those clipped at its end are aligned 8 bases further, with mismatches."""
    reads = reads_of(inserted("duplication", 60), "a", 5)
    for found in reads:
        if found.cigarstring.endswith("S") and found.cigartuples[1][1] > 20:
            matched, clipped = (length for _, length in found.cigartuples)
            found.cigarstring = f"{matched + 8}M{clipped - 8}S"
    return reads


def test_a_joint_is_found_where_the_aligner_ran_on(merged):
    [record] = merged([*aligned_beyond_the_joint(), *reads_of("", "r", 5)])
    assert carrier(record) == SEQUENCE[:PLACE] + inserted("duplication", 60) + SEQUENCE[PLACE:]


def test_an_snv_of_reads_aligned_beyond_the_joint_is_no_allele(tmp_path, merged):
    snv = Allele(JOINT + BEYOND, SEQUENCE[JOINT + BEYOND], SEQUENCE[PLACE + BEYOND])
    line = f"{CONTIG}\t{snv.pos + 1}\t.\t{snv.ref}\t{snv.alt}\t50\t.\t.\tGT\t0/1\n"
    write_vcf([*header_lines({CONTIG: len(SEQUENCE)}, "", ["S"]), line], tmp_path / "calls.vcf.gz")
    quality = {len(r[4]): int(r[5]) for r in merged([*aligned_beyond_the_joint(), *reads_of("", "r", 5)])}
    assert quality[1] == 0
    assert quality[61] > 100


def called(path, *alleles: Allele) -> None:
    lines = [f"{CONTIG}\t{a.pos + 1}\t.\t{a.ref}\t{a.alt}\t50\t.\t.\tGT\t0/1\n" for a in alleles]
    write_vcf([*header_lines({CONTIG: len(SEQUENCE)}, "", ["S"]), *lines], path / "calls.vcf.gz")


def test_an_insertion_with_a_wrong_base_takes_no_fragments(tmp_path, merged):
    """As callers propose it from two reads. Reads that end before the base fit both; they are the right one's."""
    reads = [*reads_of(NEW[:30], "a", 10), *reads_of("", "r", 10)]
    [alone] = merged(reads, somatic=True)
    right = Allele(int(alone[1]) - 1, alone[3], alone[4])
    wrong = "ACGT"["ACGT".index(right.alt[25]) ^ 1]
    called(tmp_path, right, right._replace(alt=right.alt[:25] + wrong + right.alt[26:]))
    counts = sorted(int(record[9].split(":")[1].split(",")[1]) for record in merged(reads, somatic=True))
    assert counts == [0, int(alone[9].split(":")[1].split(",")[1])]


def test_long_insertions_are_the_same_for_any_shard_size(merged):
    reads = [*reads_of(inserted("duplication", 100), "a", 5), *reads_of("", "r", 5)]
    assert merged(reads, size=90) == merged(reads)


def shown(name: str, start: int, text: str):
    """A read that an aligner placed with an insertion before PLACE."""
    sequence = SEQUENCE[start:PLACE] + text + SEQUENCE[PLACE:]
    before = PLACE - start
    return read(name, start, f"{before}M{len(text)}I{SIZE - before - len(text)}M", sequence[:SIZE])


@pytest.mark.parametrize("length", [6, 9, 21, 45])
@pytest.mark.parametrize("kind", ["duplication", "new"])
def test_a_few_reads_of_a_tumour_show_an_insertion_that_no_caller_proposes(merged, length, kind):
    text = inserted(kind, length)
    few = [shown(f"a{start}", start, text) for start in (400, 410, 420)]
    assert merged([*few[:2], *reads_of("", "r", 5)], somatic=True) == []
    [record] = merged([*few, *reads_of("", "r", 5)], somatic=True)
    assert carrier(record) == SEQUENCE[:PLACE] + text + SEQUENCE[PLACE:]
    assert record[9].split(":")[1].endswith(",3")
    assert merged([*few, *reads_of("", "r", 5)]) == []  # inherited ones are in more reads: callers propose them


def test_clipped_and_shown_reads_are_counted_together(merged):
    """Two reads whose alignments show a duplication and two that are clipped at it."""
    text = inserted("duplication", 60)
    few = [shown(f"a{start}", start, text) for start in (440, 450)]
    clips = [aligned(f"b{start}", start, SEQUENCE[:PLACE] + text + SEQUENCE[PLACE:], text) for start in (430, 435)]
    [record] = merged([*few, *clips, *reads_of("", "r", 5)], somatic=True)
    assert carrier(record) == SEQUENCE[:PLACE] + text + SEQUENCE[PLACE:]


def test_in_an_amplicon_the_fraction_is_the_share_of_the_fragments(merged):
    """Every fragment spans the amplicon, so none needs a weight for its chance to show the duplication."""
    text = inserted("duplication", 45)
    reads = [shown(f"a{n}", 450, text) for n in range(20)] + [aligned(f"r{n}", 450, SEQUENCE, "") for n in range(60)]
    [of_amplicon], [of_capture] = (merged(reads, somatic=True, amplicon=yes) for yes in (True, False))
    assert float(of_amplicon[9].split(":")[3]) == pytest.approx(0.25, abs=0.001)
    assert float(of_capture[9].split(":")[3]) < 0.24
