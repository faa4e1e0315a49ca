"""Structural variants: callers' records, junctions of one event, counted reads, genotypes, effects on genes."""

import random
from dataclasses import replace

import pysam
import pytest

from gms.annotation.annotate import Knowledge
from gms.annotation.class_fields import _effects, structural_effects, with_structural_fields
from gms.annotation.facts import Facts, load_facts
from gms.annotation.transcripts import Transcript, Transcripts, to_line
from gms.genome.ploidy import Ploidy
from gms.genome.vcf import info
from gms.normals.like_events import structural_place
from gms.variants.structural.calls import UnsupportedAllele, caller_events, contract_lines, read_event
from gms.variants.structural.cases import distinct, has_one, has_twin, own_junctions, reunited, seen_junctions
from gms.variants.structural.events import Breakend, Event, merged
from gms.variants.structural.evidence import AtEnd, Evidence, Seen, Sequences, count
from gms.variants.structural.exact_ends import exact_event
from gms.variants.structural.fragments import Library
from gms.variants.structural.genotypes import genotype
from gms.variants.structural.records import Counted, chance_of_pairs, is_shadow, records

CONTIGS = {"chr1": 10_000, "chr2": 10_000}
ORDER = {"chr1": 0, "chr2": 1}
LIBRARY = Library(2_000, 400, 600, 150, 200, 450, 580)


def line(pos, alt, text, state="PASS"):
    return f"chr1\t{pos}\tx\tN\t{alt}\t100\t{state}\t{text}\tGT\t0/1\n"


COLUMNS = "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tC"
INVERSION = [
    line(1000, "<INV>", "PRECISE;SVTYPE=INV;END=3000;CT=3to3"),
    line(1001, "<INV>", "PRECISE;SVTYPE=INV;END=3001;CT=5to5"),
]


@pytest.mark.parametrize(
    ("caller", "record", "expected"),
    [
        ("delly", line(1000, "<DEL>", "SVTYPE=DEL;END=2001;CT=3to5"), [("DEL", 1000, 2000)]),
        ("delly", line(1001, "<DUP>", "SVTYPE=DUP;END=2000;CT=5to3"), [("DUP", 1000, 2000)]),
        ("delly", line(1000, "N]chr2:500]", "SVTYPE=BND;CHR2=chr2;POS2=500;CT=3to3"), [("BND", 1000, 500)]),
        ("tiddit", line(1000, "N[chr1:2001[", "SVTYPE=BND;LTE=5,5"), [("DEL", 1000, 2000)]),
        ("tiddit", line(1000, "<DEL>", "SVTYPE=DEL;END=2001;LTE=5,5"), [("DEL", 1000, 2000)]),
        ("delly", line(1000, "<DEL>", "SVTYPE=DEL;END=1020;CT=3to5"), []),
    ],
)
def test_records_of_callers_become_junctions(caller, record, expected):
    found = [(event.kind, event.first.cut, event.second.cut) for event in caller_events(caller, record, ORDER)]
    assert found == expected


def test_a_small_variant_is_refused():
    with pytest.raises(UnsupportedAllele, match="chr1:1000 has ALT T"):
        list(contract_lines("delly", [line(1000, "T", "DP=3")], CONTIGS))


def test_both_callers_and_both_junctions_are_one_inversion():
    lines = [*contract_lines("delly", INVERSION, CONTIGS)]
    other = [*contract_lines("tiddit", [line(1010, "<INV>", "SVTYPE=INV;END=3010;LTE=9,0")], CONTIGS)]
    events = [read_event(one, "delly") for one in lines if one.startswith("chr")]
    events += [read_event(one, "tiddit") for one in other if one.startswith("chr")]
    (event,) = merged(events, list(CONTIGS))
    assert (event.kind, event.first.cut, event.second.cut) == ("INV", 1000, 3000)
    assert event.callers == ("delly", "tiddit") and len(event.junctions) == 2


DELETION = Event("DEL", Breakend("chr1", 1500, "3"), Breakend("chr1", 2100, "5"), ("delly",))


@pytest.fixture(scope="module")
def reads(tmp_path_factory):
    """A heterozygous deletion of 600 bases: 8 reads across it, 8 across each end of the reference."""
    folder = tmp_path_factory.mktemp("structural")
    bases = "".join(random.Random(1).choices("ACGT", k=4_000))
    (folder / "g.fa").write_text(f">chr1\n{bases}\n")
    header = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": 4_000}]})
    reads = [(1410 + n, bases[1410 + n : 1500] + bases[2100 : 2160 + n], f"{90 - n}M{60 + n}S") for n in range(8)]
    reads += [(start + n, bases[start + n : start + n + 150], "150M") for start in (1420, 2020) for n in range(8)]
    with pysam.AlignmentFile(str(folder / "s.bam"), "wb", header=header) as out:
        for number, (start, sequence, cigar) in enumerate(sorted(reads)):
            read = pysam.AlignedSegment(header)
            read.query_name, read.query_sequence, read.flag = f"r{number}", sequence, 0
            read.reference_id, read.reference_start, read.mapping_quality, read.cigarstring = 0, start, 60, cigar
            out.write(read)
    pysam.index(str(folder / "s.bam"))
    with pysam.AlignmentFile(str(folder / "s.bam")) as file, pysam.FastaFile(str(folder / "g.fa")) as reference:
        yield file, Sequences(reference)


@pytest.mark.parametrize("apart", [(0, 0), (-60, 0), (45, 80)])
def test_clipped_reads_give_the_exact_ends(reads, apart):
    file, sequences = reads
    ends = [replace(end, cut=end.cut + far) for end, far in zip((DELETION.first, DELETION.second), apart, strict=True)]
    proposed = replace(DELETION, first=ends[0], second=ends[1], width=100)
    assert exact_event(proposed, [file], sequences) == DELETION


def test_ends_that_no_reads_show_stay_as_proposed(reads):
    file, sequences = reads
    elsewhere = replace(DELETION, first=Breakend("chr1", 300, "3"), width=100)
    assert exact_event(elsewhere, [file], sequences) == elsewhere


def test_reads_across_the_junction_and_the_reference_are_counted(reads):
    file, sequences = reads
    counted = count(DELETION, file, LIBRARY, sequences)
    assert (counted.split, counted.ref) == (8, 8)
    called = genotype("DEL", counted.ref, counted.alt, None, haploid=False)
    assert called.copies == 1 and called.quality >= 20
    ((_, pos, text),) = records(DELETION, [Counted(counted, None, called, LIBRARY)], "AC")
    fields = text.split("\t")
    assert pos == 1500 and info(fields[7])["END"] == "2100" and info(fields[7])["SVLEN"] == "-600"
    assert fields[9].startswith("0/1:") and fields[9].split(":")[3] == "8,8"


def test_a_translocation_has_two_mates():
    event = Event("BND", Breakend("chr1", 100, "3"), Breakend("chr2", 200, "5"), ("delly",))
    seen = Counted(Evidence(), None, genotype("BND", 10, 8, None, False), LIBRARY)
    lines = [text.split("\t") for *_, text in records(event, [seen], "AC")]
    assert [fields[4] for fields in lines] == ["A[chr2:201[", "]chr1:100]C"]
    assert [info(fields[7])["MATEID"] == other[2] for fields, other in zip(lines, lines[::-1], strict=True)] == [
        True
    ] * 2
    assert [";SECOND" in fields[7] for fields in lines] == [False, True]


@pytest.mark.parametrize(
    ("kind", "ref", "alt", "ratio", "haploid", "copies"),
    [
        ("DEL", 15, 15, 0.5, False, 1),
        ("DEL", 0, 20, 0.05, False, 2),
        ("DEL", 30, 0, 1.0, False, 0),
        ("DUP", 30, 14, 1.5, False, 1),
        ("DUP", 30, 28, 2.0, False, 2),
        ("DEL", 1, 14, None, True, 2),
        ("DEL", 0, 0, None, False, None),
    ],
)
def test_genotypes(kind, ref, alt, ratio, haploid, copies):
    assert genotype(kind, ref, alt, ratio, haploid).copies == copies


def counted_as(split=(), pairs=(), clips=((0, 0), (0, 0))):
    ends = [AtEnd(clips=right, against=wrong) for right, wrong in clips]
    return Counted(Evidence([Seen(set(split), set(pairs), ends)]), None, genotype("DEL", 10, 8, None, False), LIBRARY)


@pytest.mark.parametrize(("clips", "shadow"), [([(10, 0), (8, 0)], False), ([(10, 9), (0, 0)], True)])
def test_clips_both_ways_are_a_shadow(clips, shadow):
    assert is_shadow(DELETION, [counted_as("abc", clips=clips)]) is shadow


@pytest.mark.parametrize(
    ("apart", "shown", "twin"),
    [((0, 0), "ab", True), ((5, -40), "ab", True), ((0, 300), "ab", False), ((0, 0), "a", False)],
)
def test_a_deletion_and_the_circle_of_its_bases_are_no_insertion(apart, shown, twin):
    """Of an inserted copy the second junction is its length away."""
    ends = [
        replace(end, cut=end.cut + far, side="53"[end.side == "5"])
        for end, far in zip((DELETION.first, DELETION.second), apart, strict=True)
    ]
    circle = Event("DUP", *ends, ("delly",))
    found = [(DELETION, [Evidence([Seen({"c", "d"}, set(), [])])]), (circle, [Evidence([Seen(set(shown), set(), [])])])]

    assert has_twin(DELETION, found) is twin

    clipped = counted_as("abc", clips=[(10, 9), (0, 0)])
    ((_, _, text),) = records(DELETION, [clipped], "AC", has_twin=twin)
    assert ("SHADOW" in text) is not twin


@pytest.mark.parametrize(("second", "expected"), [((60, 60), "60"), ((4, 5), "4")])
def test_a_repeat_at_one_end_does_not_hide_an_event_with_two_junctions(second, expected):
    ends = [[AtEnd(qualities=[quality]) for quality in pair] for pair in (second, (4, 5))]
    event = Event("INV", *INVERTED[0], ("delly",), other=INVERTED[1])
    shown = Evidence([Seen({"a"}, {"b"}, [one, other]) for one, other in zip(*ends, strict=True)])
    sample = Counted(shown, None, genotype("INV", 10, 8, None, False), LIBRARY)
    ((_, _, text),) = records(event, [sample], "AC")
    assert info(text.split("\t")[7])["MAPQ"] == expected


def joined(kind, left, right, sides, width=0):
    contigs = ("chr1", "chr2" if kind == "BND" else "chr1")
    ends = [Breakend(*end) for end in zip(contigs, (left, right), sides, strict=True)]
    return Event(kind, *ends, ("delly",), width)


@pytest.mark.parametrize(
    ("one", "other", "junctions"),
    [
        (joined("BND", 1000, 500, "35"), joined("BND", 1003, 498, "53"), 2),  # reciprocal
        (joined("BND", 1000, 500, "35"), joined("BND", 1003, 498, "35"), 1),  # the same twice
        (joined("INV", 1000, 5300, "33"), joined("INV", 988, 5010, "55"), 1),  # a copy of 290 bases in reverse
        (joined("INV", 1000, 5300, "33"), joined("INV", 1200, 5310, "55"), 2),  # 200 bases lost
    ],
)
def test_two_junctions_of_one_event_keep_both_sides_of_its_ends(one, other, junctions):
    assert max(len(event.junctions) for event in merged([one, other], list(CONTIGS))) == junctions


def test_a_junction_that_no_read_shows_is_left_out():
    event = Event("INV", *INVERTED[0], ("tiddit",), other=INVERTED[1])
    shown = Seen(set("abc"), set(), [AtEnd(), AtEnd()])
    alone, (evidence,) = seen_junctions(event, [Evidence([Seen(ends=[AtEnd(), AtEnd()]), shown])])
    assert alone.junctions == (INVERTED[1],) and evidence.alt == 3


INVERTED = [tuple(Breakend("chr1", cut, side) for cut in (1000, 5000)) for side in "35"]


def test_a_second_proposal_with_the_same_fragments_is_one_event():
    exact, vague = (joined("DEL", cut, 5000, "35") for cut in (1000, 900))
    evidence = [Evidence([Seen(set(split), set(pairs))]) for split, pairs in (("abc", "de"), ("", "de"))]
    assert [event for event, _ in distinct([(vague, [evidence[1]]), (exact, [evidence[0]])])] == [exact]


@pytest.mark.parametrize(
    ("split", "pairs", "is_low"),
    [(range(30), (), True), (range(20), range(20, 30), False), (range(40), range(40, 46), False)],
)
def test_reads_without_pairs_around_the_junction_are_unlikely(split, pairs, is_low):
    event = joined("DEL", 1000, 9000, "35")
    assert (chance_of_pairs(event, [counted_as(map(str, split), map(str, pairs))]) < 0.001) is is_low


EXONS = ((1000, 1100), (2000, 2100), (3000, 3100))
GENE = Transcript("T1", "GENE1", "G1", "chr1", True, "protein_coding", 0, False, "", EXONS, (1050, 3050), 0)


@pytest.mark.parametrize(
    ("alt", "pos", "text", "expected"),
    [
        ("<DEL>", 500, "SVTYPE=DEL;END=4000", ("transcript_ablation", "HIGH", "1-3/3")),
        ("<DEL>", 1900, "SVTYPE=DEL;END=2200", ("exon_loss_variant", "HIGH", "2/3")),
        ("<DEL>", 2010, "SVTYPE=DEL;END=2070", ("feature_truncation", "HIGH", "2/3")),  # a part of an exon
        ("<DEL>", 1200, "SVTYPE=DEL;END=1300", ("intron_variant", "MODIFIER", None)),
        ("<DUP>", 1900, "SVTYPE=DUP;END=2200", ("feature_elongation", "HIGH", "2/3")),
        ("<DUP>", 1900, "SVTYPE=DUP;END=5000", ("feature_elongation", "MODERATE", "2-3/3")),
        ("<INV>", 1200, "SVTYPE=INV;END=1500", ("intron_variant", "MODIFIER", None)),
        ("<INV>", 1200, "SVTYPE=INV;END=9000", ("feature_truncation", "HIGH", None)),
        ("<INS>", 2050, "SVTYPE=INS;END=2050", ("feature_elongation", "HIGH", "2/3")),
        ("<INS>", 2101, "SVTYPE=INS;END=2101", ("feature_elongation", "HIGH", "2/3")),
        ("<INS:ME:L1>", 3080, "SVTYPE=INS;END=3080", ("feature_elongation", "MODERATE", "3/3")),
        ("<INS>", 2500, "SVTYPE=INS;END=2500", ("intron_variant", "MODIFIER", None)),
        ("N[chr2:50[", 1500, "SVTYPE=BND", ("feature_truncation", "HIGH", None)),
    ],
)
def test_effects_on_genes(alt, pos, text, expected):
    place = structural_place(["chr1", str(pos), "x", "N", alt, ".", ".", text])
    (effect,) = structural_effects(place, Transcripts([to_line(GENE)]))
    assert (effect["CONSEQUENCE"], effect["IMPACT"], effect.get("EXON")) == expected


@pytest.mark.parametrize(("alt", "pos", "end", "forward", "backward", "impact"), [
    ("<DEL>", 2100, 2180, "splice_donor_variant", "splice_acceptor_variant", "HIGH"),
    ("<DEL>", 2101, 2180, "splice_donor_variant", "splice_acceptor_variant", "HIGH"),
    ("<DEL>", 2102, 2180, "intron_variant", "intron_variant", "MODIFIER"),
    ("<DEL>", 2900, 3000, "splice_acceptor_variant", "splice_donor_variant", "HIGH"),
    ("<DEL>", 2900, 2999, "splice_acceptor_variant", "splice_donor_variant", "HIGH"),
    ("<DEL>", 2900, 2998, "intron_variant", "intron_variant", "MODIFIER"),
    ("<DEL>", 2101, 3000, *["splice_acceptor_variant&splice_donor_variant"] * 2, "HIGH"),
    ("<DEL>", 2100, 3000, "intron_variant", "intron_variant", "MODIFIER"),  # exons are joined as by splicing
    ("<INV>", 2100, 2180, "splice_donor_variant", "splice_acceptor_variant", "HIGH"),
    ("<DUP>", 2100, 2180, "intron_variant", "intron_variant", "MODIFIER"),
])  # fmt: skip
def test_an_event_within_an_intron_that_takes_a_splice_site(alt, pos, end, forward, backward, impact):
    place = structural_place(["chr1", str(pos), "x", "N", alt, ".", ".", f"SVTYPE={alt[1:4]};END={end}"])
    for gene, expected in ((GENE, forward), (GENE._replace(forward=False), backward)):
        (effect,) = structural_effects(place, Transcripts([to_line(gene)]))
        assert (effect["CONSEQUENCE"], effect["IMPACT"]) == (expected, impact)
    untranslated = GENE._replace(cds=(2000, 2050))
    (effect,) = structural_effects(place, Transcripts([to_line(untranslated)]))
    assert effect["IMPACT"] == impact.replace("HIGH", "MODERATE")


@pytest.mark.parametrize(
    ("alt", "pos", "text", "expected"),
    [
        ("<DEL>", 500, "SVTYPE=DEL;END=4000", ("transcript_ablation", "HIGH", "yes")),
        ("<DEL>", 1050, "SVTYPE=DEL;END=1200", ("feature_truncation", "HIGH", "yes")),
        ("<DEL>", 1200, "SVTYPE=DEL;END=1300", ("intron_variant", "MODIFIER", None)),
        ("<INS:ME:ALU>", 1050, "SVTYPE=INS;END=1050", ("feature_elongation", "HIGH", "yes")),
        ("N[chr2:50[", 1500, "SVTYPE=BND", ("feature_truncation", "HIGH", "yes")),
    ],
)
def test_a_gene_whose_rna_causes_disease_counts_as_one_of_a_protein(alt, pos, text, expected):
    gene = GENE._replace(gene="RNU4ATAC", biotype="snRNA", cds=None)
    place, known = structural_place(["chr1", str(pos), "x", "N", alt, ".", ".", text]), Transcripts([to_line(gene)])
    (effect,) = structural_effects(place, known, load_facts({}).lost_rna)
    assert (effect["CONSEQUENCE"], effect["IMPACT"], effect.get("FUNCTIONAL_RNA")) == expected
    assert structural_effects(place, known)[0]["IMPACT"] == "MODIFIER" or alt.startswith("<INS")


@pytest.mark.parametrize(("alt", "impact"), [("<DEL>", "HIGH"), ("<DUP>", "MODIFIER")])
def test_of_one_of_many_rna_copies_only_a_loss_counts(alt, impact):
    gene = GENE._replace(gene="SNORD116-1", biotype="snoRNA", cds=None)
    knowledge = Knowledge(Transcripts([to_line(gene)]), None, load_facts({}), None, None, [], ())
    place = structural_place(["chr1", "500", "x", "N", alt, ".", ".", f"SVTYPE={alt[1:4]};END=4000"])
    (effect,) = _effects([place], knowledge)
    assert effect["IMPACT"] == impact


def single(kind: str, first: tuple, second: tuple, name: str) -> tuple[Event, list[Evidence]]:
    event = Event(kind, Breakend(*first), Breakend(*second), ("delly",))
    return event, [Evidence([Seen({name}, set(), [AtEnd(), AtEnd()])])]


@pytest.mark.parametrize(
    ("kind", "mate", "cuts", "lost"),
    [
        ("INV", "chr1", ((1_000, 50_000), (3_000, 50_010)), ("chr1", 1_000, 3_000)),
        ("INV", "chr1", ((1_000, 50_000), (1_005, 59_000)), ("chr1", 50_000, 59_000)),
        ("BND", "chr2", ((1_000, 5_000), (1_400, 4_998)), ("chr1", 1_000, 1_400)),
        ("INV", "chr1", ((1_000, 50_000), (12_000, 50_010)), None),  # too far apart
        ("INV", "chr1", ((1_000, 50_000), (3_000, 52_000)), None),  # at both ends
        ("INV", "chr1", ((3_000, 50_000), (1_000, 50_010)), None),  # twice: a copy that is inserted in reverse
        ("INV", "chr1", ((1_000, 2_500), (3_000, 2_510)), None),  # nothing left between
    ],
)
def test_both_junctions_of_an_event_that_loses_bases_at_an_end(kind, mate, cuts, lost):
    (a, b), (c, d) = cuts
    sides = "3355" if kind == "INV" else "3553"
    found = [
        single(kind, ("chr1", a, sides[0]), (mate, b, sides[1]), "x"),
        single(kind, ("chr1", c, sides[2]), (mate, d, sides[3]), "y"),
    ]
    whole = reunited(found)
    assert len(whole) == (1 if lost else 2) and whole[0][0].lost == lost
    assert [len(evidence[0]) for _, evidence in whole] == ([2] if lost else [1, 1])
    assert len(merged([event for event, _ in found], list(CONTIGS))) == 2  # tumours of panels


def test_an_inversion_that_loses_fewer_bases_than_a_fragment_has_is_one_event():
    """Of 430 lost bases callers propose junctions at both their ends, and fragments lie around all of them."""
    ends = {"33": (1_000, 5_000), "55": (1_001, 5_430)}
    lost = {"33": (1_002, 5_431), "55": (1_003, 5_001)}
    (left, right), (other_left, other_right) = (
        [tuple(Breakend("chr1", cut, side) for cut, side in zip(cuts[key], key, strict=True)) for key in cuts]
        for cuts in (ends, lost)
    )
    events = [
        Event("INV", *left, ("tiddit",), other=other_right),
        Event("INV", *other_left, ("tiddit",), other=right),
    ]
    seen = {"33": (set("abc"), set("de")), "55": (set("vwx"), set("yz"))}
    true = {key: Seen(*map(set, names), [AtEnd(), AtEnd()]) for key, names in seen.items()}
    false = {key: Seen(set(), set(pairs), [AtEnd(), AtEnd()]) for key, (_, pairs) in seen.items()}
    shown = [[Evidence([true["33"], false["55"]])], [Evidence([false["33"], true["55"]])]]
    ((event, (evidence,)),) = reunited(distinct(seen_junctions(*one) for one in own_junctions(events, shown)))
    assert event.junctions == (left, right) and [len(one.shown) for one in evidence] == [5, 5]
    assert event.lost == ("chr1", 5_000, 5_430)


def test_an_inversion_of_too_few_fragments_beside_a_likelier_junction_is_written():
    """No junction of the first one has fragments enough to be kept alone."""
    left, right, nearby = (
        tuple(Breakend("chr1", cut, side) for cut in cuts)
        for side, *cuts in (("3", 1_000, 5_000), ("5", 1_000, 5_000), ("5", 1_010, 5_010))
    )
    events = [Event("INV", *left, ("delly",), other=right), Event("INV", *nearby, ("delly",))]
    few = [Seen({"a"}, set(), [AtEnd(), AtEnd()]), Seen(set(), {"y"}, [AtEnd(), AtEnd()])]
    shown = [[Evidence(few)], [Evidence([Seen({"v", "w"}, {"y"}, [AtEnd(), AtEnd()])])]]
    (event, (evidence,)), _ = [seen_junctions(*one) for one in own_junctions(events, shown)]
    counted = Counted(evidence, None, genotype("INV", 30.0, evidence.alt, None, False), LIBRARY)
    ((_, pos, record),) = records(event, [counted], ["A"])
    assert (pos, info(record.split("\t")[7])["JUNCTIONS"]) == (1_000, "2")
    assert [len(one.shown) for one in evidence] == [1, 0]


def test_genes_that_an_inversion_loses_at_an_end_are_changed():
    record = "chr1\t900\tx\tN\t<INV>\t99\t.\tSVTYPE=INV;END=90000;LOST_AT=chr1:901-3900\tGT\t0/1\n"
    knowledge = Knowledge(Transcripts([to_line(GENE)]), None, Facts(), None, None, [], ["genes"])
    lines = [f"##gms_parts=genes\n{COLUMNS}\n", record, record.replace(";LOST_AT=chr1:901-3900", "")]
    *_, lost, whole = (
        info(text.split("\t")[7]) for text in with_structural_fields(lines, knowledge, None) if text[0] != "#"
    )
    assert (lost["GENE"], lost["CONSEQUENCE"], lost["IMPACT"]) == ("GENE1", "transcript_ablation", "HIGH")
    assert "HGVSG" not in lost and whole["HGVSG"] == "chr1:g.901_90000inv" and "GENE" not in whole


@pytest.mark.parametrize(
    ("first", "second", "expected"),
    [
        (("chrX", 20_000, "5"), ("chrX", 9_000_000, "3"), True),  # from PAR1 far into X
        (("chrX", 20_000, "5"), ("chrX", 3_000_000, "3"), False),  # nearly all of it in PAR1
        (("chrX", 5_000_000, "5"), ("chrX", 9_000_000, "3"), True),
        (("chr1", 5_000_000, "3"), ("chrX", 9_000_000, "5"), False),
    ],
)
def test_a_male_has_one_copy_of_an_event_that_is_mostly_on_x_alone(first, second, expected):
    event = Event("DUP", Breakend(*first), Breakend(*second), ("delly",))
    ploidy = Ploidy({"chrX": 156_040_895, "chr1": 248_956_422})
    assert has_one(event, ploidy, "male") is expected and not has_one(event, ploidy, "female")
