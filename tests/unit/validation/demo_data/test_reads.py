"""Reads: exact allele fractions, honest qualities, and the same bytes everywhere."""

import gzip
import hashlib

import numpy as np

from demo_world import world
from gms.validation.demo_data.cases import CASES
from gms.validation.demo_data.samples import write_sample
from gms.validation.demo_genome.bgzf import bgzf_bytes, gzip_bytes
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_genome.variants import Variant
from gms.validation.demo_reads.fragments import Acquired, Fragments, Library, Rule, Template, plant
from gms.validation.demo_reads.reads import make_reads

# Of the reads below: changes with the genome, the cases and the simulator, never with the machine.
SHALLOW_DIGEST = "fa647e6e30cf6340"


def fragments_of(sequence: str, spans: list[tuple[int, int]]) -> tuple[list[Template], Fragments]:
    template = Template("chr1", sequence.encode(), np.arange(len(sequence) + 1))
    start, end = np.array(spans).T
    return [template], Fragments(np.zeros(len(spans), dtype=np.int64), start, end, {})


def test_stream_is_splitmix64():
    stream = Stream("x")
    stream._state = 1234567
    assert stream.words(3).tolist() == [6457827717110365317, 3203168211198807973, 9817491932198370423]


def test_stream_continues_where_it_was():
    one, other = Stream("a"), Stream("a")
    assert [*one.words(3), *one.words(4)] == other.words(7).tolist()


def test_normal_numbers_have_their_mean_and_deviation():
    drawn = Stream("normal").normal(350, 60, 20_000)
    assert abs(drawn.mean() - 350) < 2
    assert abs(drawn.std() - 60) < 2


def test_exactly_the_wished_fraction_of_fragments_carries_a_variant():
    templates, fragments = fragments_of("ACGT" * 200, [(at, at + 150) for at in range(0, 600, 3)])
    plant(fragments, templates, Variant("chr1", 302, "C", "T"), Rule(Acquired(0.1)), 100)
    covering = [i for i, at in enumerate(range(0, 600, 3)) if at <= 301 < at + 150]
    assert len(fragments.edited) == round(0.1 * len(covering))
    assert set(fragments.edited) <= set(covering)


def test_variants_in_cis_share_their_fragments_and_those_in_trans_have_none_in_common():
    spans = [(at, at + 150) for at in range(0, 600, 3)]
    templates, fragments = fragments_of("ACGT" * 200, spans)
    first = plant(fragments, templates, Variant("chr1", 302, "C", "T"), Rule(Acquired(0.2)), 100)
    cis = plant(
        fragments, templates, Variant("chr1", 342, "C", "T"), Rule(Acquired(0.2, in_cis=True), False, first), 100
    )
    trans = plant(fragments, templates, Variant("chr1", 322, "C", "T"), Rule(Acquired(0.2), False, first), 100)
    both = np.intersect1d(first.covering, cis.covering)
    assert set(np.intersect1d(first.carriers, both)) == set(np.intersect1d(cis.carriers, both)) != set()
    assert len(np.setdiff1d(cis.carriers, both)) == round(0.2 * len(np.setdiff1d(cis.covering, both)))
    assert not set(first.carriers) & set(trans.carriers) and len(trans.carriers) == round(0.2 * len(trans.covering))


def test_an_acquired_variant_on_one_haplotype():
    spans = [(at, at + 150) for at in range(0, 600, 3)]
    [template], fragments = fragments_of("ACGT" * 200, spans)
    fragments.template[::2] = 1
    rule = Rule(Acquired(0.2, haplotype=1))
    chosen = plant(fragments, [template, template], Variant("chr1", 302, "C", "T"), rule, 100)
    assert set(fragments.template[chosen.carriers]) == {1} and len(chosen.carriers) == round(0.2 * len(chosen.covering))


def test_a_strand_artefact_is_where_only_the_left_read_looks():
    templates, fragments = fragments_of("ACGT" * 200, [(at, at + 150) for at in range(0, 600, 3)])
    plant(fragments, templates, Variant("chr1", 302, "C", "T"), Rule(Acquired(0.2), one_strand=True), 100)
    assert fragments.edited
    assert all(301 - fragments.start[i] < 50 for i in fragments.edited)


def test_short_fragments_run_into_the_adapters():
    insert = "ACGTTGCA" * 10
    templates, fragments = fragments_of(insert, [(0, 80)] * 300)
    ((first, second),) = make_reads(fragments, templates, Library(100, 80, 0, 0), Stream("adapters"), 1)
    ends = [read[80:93] for text in (first, second) for read in text.decode().splitlines()[1::4]]
    assert ends.count("AGATCGGAAGAGC") > 0.7 * len(ends)


def test_errors_agree_with_qualities():
    sequence = "".join("ACGT"[i] for i in Stream("dna").below(4, 400).tolist())
    templates, fragments = fragments_of(sequence, [(0, 400)] * 4_000)
    ((first, _),) = make_reads(fragments, templates, Library(100, 400, 0, 0), Stream("errors"), 1)
    lines = first.decode().splitlines()
    expected = {templates[0].bases[:100].decode(), sequence[::-1].translate(str.maketrans("ACGT", "TGCA"))[:100]}
    seen, wrong = 0, 0
    for read, quality in zip(lines[1::4], lines[3::4], strict=True):
        truth = min(expected, key=lambda e: sum(a != b for a, b in zip(e, read, strict=True)))
        middling = [a != b for a, b, q in zip(truth, read, quality, strict=True) if q == ","]
        if sum(a != b for a, b in zip(truth, read, strict=True)) < 40:
            seen, wrong = seen + len(middling), wrong + sum(middling)
    assert 0.06 < wrong / seen < 0.10


def test_compressed_files_name_nothing_and_read_back():
    assert gzip.decompress(gzip_bytes(b"reads" * 99)) == b"reads" * 99
    assert gzip.decompress(bgzf_bytes(b"lines" * 40_000)) == b"lines" * 40_000
    assert gzip_bytes(b"")[3:8] == b"\0\0\0\0\0"


def test_same_reads_on_every_machine(tmp_path):
    case = next(case for case in CASES if case.name == "myeloid-shallow")
    (tmp_path / "fastq").mkdir()
    write_sample(world(), case, case.members[0], tmp_path, share=4)
    digest = hashlib.sha256()
    for path in sorted(tmp_path.glob("fastq/*")):
        digest.update(gzip.decompress(path.read_bytes()))
    assert digest.hexdigest()[:16] == SHALLOW_DIGEST
