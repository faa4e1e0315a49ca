"""Alleles and states of repeats from what reads show, and the catalogue. Whole samples: ./gms benchmark repeats."""

import random
from itertools import product
from statistics import NormalDist

import pysam
import pytest

from alignments import CONTIG, read, write_cram, write_fasta
from gms.base.json_tables import read_table
from gms.genome.vcf import info_value, sample_values
from gms.variants.repeats.alleles import Length, alleles_of
from gms.variants.repeats.calls import Lost, Sample, Sources, call_repeats, called_from, compared, with_lost
from gms.variants.repeats.catalogue import CATALOGUE, Locus, UnusableCatalogue, catalogue_problem, read_catalogue
from gms.variants.repeats.fragments import FragmentLengths, Pair
from gms.variants.repeats.motifs import purity
from gms.variants.repeats.normals import UnreadableRepeatNormals, read_normals, rows_of, write_normals
from gms.variants.repeats.reads import Seen, look_at, room, without_flank
from gms.variants.repeats.records import locus_facts, record, shown_facts, shown_lines
from gms.variants.repeats.report_section import page_content
from gms.variants.repeats.status import status

HD = Locus("HTT", "Huntington disease", "chr4", 1_000, 1_057, "CAG", ("CAG",), 26, 27,
           {"STRchive": 36, "stranger": 36}, "AD")  # fmt: skip
CANVAS = HD._replace(gene="RFC1", motif="AAAAG", pathogenic_motifs=("AAGGG",), benign_max=11, intermediate_min=11,
                     limits={"STRchive": 400, "stranger": 12})  # fmt: skip


LENGTHS = [round(NormalDist(420, 90).inv_cdf((number + 0.5) / 500)) for number in range(500)]
FRAGMENTS = FragmentLengths(LENGTHS)


def seen(spanning: dict[int, int], left=(), right=(), inside=0, alleles=()) -> Seen:
    """Reads of 150 bases at 30 x; fragments of 420 +- 90 bases around alleles of these lengths."""
    sides = [["C" * bound for bound in side] for side in (left, right)]
    return Seen({length: ["C" * length] * reads for length, reads in spanning.items()}, *sides,
                ["C" * 150] * inside, 30, 150, [pair for length in alleles for pair in pairs(length)], [])  # fmt: skip


def pairs(allele: int):
    """Fragments at 15 x that begin on either side of an allele, as they are seen."""
    source = random.Random(allele)
    for side, near in product("LR", range(97, 700)):
        for length in [source.choice(LENGTHS)] if source.random() < 0.05 else []:
            if near + 145 <= length <= near + allele + 5:
                yield Pair(near, None)
            elif (far := length - near - allele) >= 97 and side == "L":
                yield from (Pair(near, far, is_twice=True), Pair(far, near, is_twice=True))
            elif 14 <= far < 97:
                yield Pair(near, far)


def lengths(reads: Seen, copies=2, unit=3):
    return alleles_of(reads, copies, unit, FRAGMENTS).lengths


def test_lengths_that_reads_span_are_exact():
    assert lengths(seen({51: 12, 60: 10, 54: 1})) == (Length(51, 51), Length(60, 60))
    assert lengths(seen({51: 12})) == (Length(51, 51),) * 2
    assert lengths(seen({51: 12}), copies=1) == (Length(51, 51),)


def test_reads_that_end_in_a_longer_allele_give_its_least_length():
    short, long = lengths(seen({51: 8}, left=(70, 100, 128), right=(90, 125)))
    assert short.is_exact and long.low == 125 and 150 < long.high < 250


def test_two_reads_give_the_least_length_whichever_side_they_are_on():
    _, long = lengths(seen({81: 8}, left=(95, 112, 115), right=(91,), inside=2))
    assert long.low == 112


def test_reads_within_a_repeat_stand_in_for_reads_that_end_in_it_on_one_side():
    _, long = lengths(seen({72: 4}, left=(100, 101, 118), inside=2), unit=24)
    assert long.low == 101
    assert lengths(seen({72: 4}, left=(100, 101, 118), inside=1), unit=24) == (Length(72, 72),) * 2


@pytest.mark.parametrize("allele", [230, 300, 380])
def test_fragments_measure_an_allele_longer_than_reads(allele):
    _, long = lengths(seen({51: 8}, left=(100,), right=(120,), inside=9, alleles=(51, allele)))
    assert allele - 90 <= long.low <= allele and (long.high is None or allele <= long.high)


def test_an_allele_longer_than_fragments_has_no_greatest_length():
    _, long = lengths(seen({51: 8}, left=(100,), right=(120,), inside=40, alleles=(51, 2_000)))
    assert long.low > 250 and long.high is None


def test_fragments_measure_two_alleles_that_no_read_spans():
    short, long = lengths(seen({}, left=(140, 140), right=(142,), inside=30, alleles=(180, 450)))
    assert short.low <= 180 <= short.high < 350 and 200 < long.low <= 450


def test_without_pairs_only_the_least_length_is_known():
    _, long = lengths(seen({51: 8}, left=(140,), right=(142,), inside=12))
    assert long == Length(140, None)


def test_a_harmless_allele_that_no_read_spans_is_not_called_expanded():
    """Reads with a few bases of flank look like nothing but repeat, so an allele as long as a read has some."""
    locus = HD._replace(benign_max=50, intermediate_min=50, limits={"STRchive": 71})
    _, long = lengths(seen({51: 8}, left=(140,), right=(142,), inside=3, alleles=(51, 150)))
    assert status(long, locus, {"CAG": 9}) in ("normal", "intermediate", "undetermined")


def test_chance_leaves_few_reads_at_the_ends_of_a_repeat_next_to_an_allele_as_long_as_a_read():
    """No read ends in more than the other allele's 117 bases; three to four are expected."""
    _, long = lengths(seen({114: 5}, left=(114,), right=(114,), inside=18, alleles=(114, 900)))
    assert long.low > 200
    assert lengths(seen({30: 12}, inside=18, alleles=(30, 30))) == (Length(30, 30),) * 2  # of another repeat nearby


def test_a_single_long_read_is_no_allele():
    assert lengths(seen({51: 9, 60: 9}, left=(130,))) == (Length(51, 51), Length(60, 60))


def test_two_alleles_and_reads_of_a_third_are_pointed_out():
    reads = seen({51: 9, 60: 9}, left=(120,), right=(120,))
    assert alleles_of(reads, 2, 3, FRAGMENTS).note == "more_alleles_than_copies"


@pytest.mark.parametrize(("length", "expected"), [
    (Length(57, 57), "normal"), (Length(90, 90), "intermediate"), (Length(120, 120), "full_mutation"),
    (Length(100, 130), "expanded"), (Length(70, 160), "undetermined"), (Length(130, None), "full_mutation"),
    (Length(90, 100), "intermediate"),
])  # fmt: skip
def test_states_follow_the_limits(length, expected):
    assert status(length, HD, {"CAG": 9}) == expected


def test_a_motif_decides_where_the_length_does_not():
    long = Length(300, None)
    assert status(long, CANVAS, {"AAAAG": 20, "AAGGG": 0}) == "normal"
    assert status(long, CANVAS, {"AAAAG": 2, "AAGGG": 18}) == "expanded"
    assert status(Length(2_000, None), CANVAS, {"AAGGG": 18}) == "full_mutation"
    assert status(Length(70, 70), CANVAS, {"AAGGG": 18}) == "intermediate"  # 14 copies, beyond stranger's limit
    assert status(long, CANVAS, {}) == status(long, CANVAS, {"AAAAG": 2, "AAAGG": 18}) == "undetermined"


FMR1 = HD._replace(gene="FMR1", motif="CGG", pathogenic_motifs=("CGG",), benign_max=44, intermediate_min=45,
                   limits={"STRchive": 201, "stranger": 200}, premutation_min=55)  # fmt: skip


@pytest.mark.parametrize(("copies", "expected"), [
    ((44, 44), "normal"), ((50, 50), "intermediate"), ((60, 60), "premutation"), ((50, 120), "premutation"),
    ((40, 120), "intermediate"), ((60, 210), "expanded"), ((200, 200), "full_mutation"),
])  # fmt: skip
def test_premutations(copies, expected):
    assert status(Length(*(3 * number for number in copies)), FMR1, {"CGG": 9}) == expected


def of_motifs(*motifs, copies=400, depth=30):
    """Reads with 0.4 % errors of two alleles that no read spans, by motif."""
    source = random.Random(f"{motifs}")
    shown = seen({}, inside=0)
    for motif in motifs:
        for _ in range(depth // 2 * (copies * 5 - 150) // 150):
            shown.inside.append(with_errors(source, motif * 31)[source.randrange(5) :][:150])
        for side in (shown.left, shown.right):
            side += [with_errors(source, motif * 31)[: source.randrange(20, 136)] for _ in range(depth * 2 // 5)]
    return shown._replace(pairs=[pair for length in (2_000, 2_000) for pair in pairs(length)])


def with_errors(source, bases):
    return "".join(source.choice("ACGT") if source.random() < 0.004 else base for base in bases)


@pytest.mark.parametrize(("motifs", "states"), [
    (("AAGGG", "AAGGG"), ("expanded", "expanded")),
    (("AAAAG", "AAGGG"), ("normal", "expanded")),
    (("AAAGG", "AAGGG"), ("undetermined", "expanded")),  # a motif that the list lacks
    (("AAAAG", "AAAAG"), ("normal", "normal")),
])  # fmt: skip
def test_two_long_alleles_of_different_motifs_are_not_both_pathogenic(motifs, states):
    assert called_from(of_motifs(*motifs), CANVAS, 2, None, FRAGMENTS).states == states


def test_few_reads_do_not_show_that_both_long_alleles_are_pathogenic():
    shown = of_motifs("AAGGG", "AAGGG")
    few = shown._replace(left=shown.left[:3], right=shown.right[:3])
    assert called_from(few, CANVAS, 2, None, FRAGMENTS).states == ("undetermined", "expanded")


def test_reads_of_a_further_longer_allele_leave_a_normal_one_undetermined():
    called = called_from(seen({30: 12}, left=(120,) * 6, right=(125,) * 6, inside=10), FMR1, 1, None, FRAGMENTS)
    assert called.alleles.note == "more_alleles_than_copies" and called.states == ("undetermined",)


def test_flanks_that_are_like_the_repeat_are_found_by_more_bases(tmp_path):
    """GRCh38 at CNBP, with CAGA next to CAGG and within it: reads that end before the flank showed 7 copies, so that a
    person with an expanded allele had three, and it was not determined."""
    row = next(one for one in read_table(CATALOGUE.with_name("reference_bases.tsv")) if one["gene"] == "CNBP")
    generator = random.Random(2)
    left, right = ("".join(generator.choices("ACGT", k=900)) for _ in "LR")
    genome = left + row["bases"] + right
    start = len(left) + 129172576 - int(row["start38"])
    locus = HD._replace(contig=CONTIG, start=start, end=start + 80, motif="CAGG", pathogenic_motifs=("CAGG",))
    fasta = write_fasta(tmp_path / "genome.fa", genome)
    reads = [read(f"r{at}", at, "150M", genome[at : at + 150]) for at in range(start - 140, start + 80)]
    write_cram(tmp_path / "s.cram", fasta, reads)
    with (
        pysam.FastaFile(str(fasta)) as reference,
        pysam.AlignmentFile(str(tmp_path / "s.cram"), reference_filename=str(fasta)) as alignment,
    ):
        found = look_at(alignment, reference, locus)
    assert set(found.spanning) == {80}


def test_a_difference_near_a_read_s_end_counts_where_the_flank_is_unlike_a_copy():
    assert room("CAGACAGACAGACA", "CAGG") == 4 and room("CGCCTGCGCCTGCG", "GGCCTG") == 6  # CNBP, NOP56
    assert room("CGGGGGCCCCGGGG", "CTG") == 0  # CACNA1A, of which few reads span a long allele


def test_a_locus_whose_short_alleles_are_pathogenic_is_left_out(genome):
    """As VWA1, with a normal range of 2 copies and disease from 1: no length is judged, whatever the reads."""
    fasta, catalogue, *_ = genome
    rows = catalogue.read_text()
    with pysam.FastaFile(str(fasta)) as reference:
        assert [locus.gene for locus in read_catalogue(catalogue, reference)] == ["HTT"]
        catalogue.write_text(
            rows + rows.splitlines()[1].replace("HTT", "VWA1").replace("26\t27\t36\t36", "26\t-\t18\t-")
        )
        assert [locus.gene for locus in read_catalogue(catalogue, reference)] == ["HTT"]


def test_any_base_fits_n():
    assert purity("GCAGCTGCG", "GCN") == 1.0 and purity("GCAGTTGCG", "GCN") < 1.0


def test_bases_of_the_flank_are_not_repeat():
    assert without_flank("CAGCAGCAGTTACG", "TTACGGATC") == "CAGCAGCAG"


@pytest.fixture
def genome(tmp_path):
    """A repeat of 19 CAG in random sequence, and its catalogue."""
    generator = random.Random(1)
    left, right = ("".join(generator.choices("ACGT", k=size)) for size in (1_000, 5_000))
    fasta = write_fasta(tmp_path / "genome.fa", left + "CAG" * 19 + right)
    rows = CATALOGUE.read_text().splitlines()
    header = next(row for row in rows if row.startswith("gene"))
    row = "HTT\tHuntington disease\t1\t1000\t1057\t-\t-\tCAG\tCAG\t26\t27\t36\t36\tAD"
    (tmp_path / "catalogue.tsv").write_text(f"{header}\n{row}\n")
    return fasta, tmp_path / "catalogue.tsv", left, right


def test_reads_become_a_record_and_a_histogram(genome, tmp_path):
    fasta, catalogue, left, right = genome
    reads = []
    for number in range(24):
        copies, start = (17, 40)[number % 2], 910 + number
        bases = (left[start:] + "CAG" * copies + right)[:150]
        matched = min(len(left) - start, 150)
        reads.append(read(f"r{number}", start, f"{matched}M{150 - matched}S", bases))
        bases = (left + "CAG" * copies + right[: 90 - number])[-150:]
        reads.append(read(f"b{number}", 1_057, f"{60 + number}S{90 - number}M", bases))
    for start in range(300, 900, 10):
        reads.append(read(f"f{start}", start, "150M", (left + "CAG" * 19 + right)[start : start + 150]))
        reads.append(read(f"g{start}", start + 760, "150M", (left + "CAG" * 19 + right)[start + 760 : start + 910]))
    cram = write_cram(tmp_path / "s.cram", fasta, reads)
    lines, facts = call_repeats(Sources(fasta, catalogue, [cram]), [Sample("S1", "female")])
    fields = lines[-1].rstrip("\n").split("\t")
    assert fields[:2] == [CONTIG, "1000"] and info_value(fields[7], "STR_STATUS") in ("expanded", "full_mutation")
    assert sample_values(fields[8], fields[9])["REPCN"] == "17/."
    (locus,) = page_content({"facts": facts, "findings": []})["findings"]
    assert "pathogenic ≥" in locus["histograms"][0] and "17" in locus["histograms"][0]
    assert locus["samples"][0]["alleles"][0]["low"] == 17


def test_a_mate_that_shows_some_flank_ends_beyond_the_repeat_wherever_it_is_placed(genome, tmp_path):
    """30 bases of flank behind 40 copies; the mate of one fragment was placed elsewhere, of the other clipped."""
    fasta, catalogue, left, right = genome
    mate = ("CAG" * 40 + right)[:150]
    first = read("near", 800, "150M", left[800:950], flag=0x1 | 0x20 | 0x40)
    second = read("near", 1_057, "120S30M", mate, flag=0x1 | 0x10 | 0x80)
    there = read("far", 790, "150M", left[790:940], flag=0x1 | 0x20 | 0x40)
    elsewhere = read("far", 5_000, "150M", mate, mapq=0, flag=0x1 | 0x10 | 0x80)
    for one, other in ((first, second), (second, first), (there, elsewhere), (elsewhere, there)):
        one.next_reference_id, one.next_reference_start = 0, other.reference_start
    cram = write_cram(tmp_path / "s.cram", fasta, [first, second, there, elsewhere])
    with pysam.FastaFile(str(fasta)) as reference, pysam.AlignmentFile(str(cram)) as alignment:
        (locus,) = read_catalogue(catalogue, reference)
        assert sorted(look_at(alignment, reference, locus).pairs) == [Pair(200, 30), Pair(210, 30)]


LOST = Lost("chr4", 500, 2_000, "chr4:500:N:<DEL>")


@pytest.mark.parametrize(
    ("lost", "spanning", "expected"),
    [
        ((LOST,), {129: 12}, ("chr4:500:N:<DEL>", ("full_mutation",))),
        ((), {129: 12}, ("", ("full_mutation", "full_mutation"))),
        ((LOST._replace(start=990),), {129: 12}, ("", ("full_mutation", "full_mutation"))),  # not the flank
        ((LOST._replace(contig="chr5"),), {129: 12}, ("", ("full_mutation", "full_mutation"))),
        ((LOST,), {57: 12, 129: 10}, ("", ("normal", "full_mutation"))),  # reads show two alleles
    ],
)
def test_the_allele_opposite_of_a_deletion_is_the_only_one(lost, spanning, expected):
    called = with_lost(called_from(seen(spanning), HD, 2, None, FRAGMENTS), HD, None, lost, FRAGMENTS)
    assert (called.opposite, called.states) == expected
    fields = record("A", HD, [called]).split("\t")
    assert sample_values(fields[8], fields[9].strip())["REPCN"].count("/") == len(expected[1]) - 1
    assert info_value(fields[7], "IN_TRANS") == (expected[0] or None)
    assert locus_facts(HD, [called])["samples"][0]["opposite"] is bool(expected[0])  # whose name may be withheld


def test_loci_of_the_gene_list_come_first_by_rank_or_by_harm():
    sample = {"alleles": [], "depth": 30, "inside": 0, "spanning": {}, "at_least": {}}
    states = {"HTT": "full_mutation", "ARX_1": "intermediate", "ARX_2": "expanded", "DMPK": "expanded", "TBP": "normal"}
    loci = [
        {"locus": name, "motif": "CAG", "normal_max": 9, "limits": {}, "samples": [{**sample, "status": state}]}
        for name, state in states.items()
    ]

    def order(ranks, **phenotypes):
        findings = [
            {
                "own": {"REPID": name},
                "in_gene_list": name != "HTT",
                "phenotypes": phenotypes.get(name, []),
                "rank": rank,
            }
            for name, rank in ranks.items()
        ]
        content = page_content({"facts": {"loci": loci, "samples": ["S1"]}, "findings": findings})
        assert (content["asked"], content["normal"]) == (3, 1)
        return [one["locus"] for one in content["findings"]]

    assert order({"HTT": 1, "ARX_1": 2, "ARX_2": 4, "DMPK": 3}) == ["ARX_1", "DMPK", "ARX_2", "HTT"]
    unranked = dict.fromkeys(states)
    assert order(unranked, DMPK=["HP:0001250"]) == ["DMPK", "ARX_2", "ARX_1", "HTT"]


def test_a_reference_without_the_repeats_has_no_loci(genome):
    fasta, *_ = genome
    with pysam.FastaFile(str(fasta)) as reference:
        assert read_catalogue(CATALOGUE, reference) == []


def test_a_table_of_something_else_is_refused(genome, tmp_path):
    (tmp_path / "other.tsv").write_text("gene\tchrom\nHTT\t4\n")
    with pysam.FastaFile(str(genome[0])) as reference, pytest.raises(UnusableCatalogue, match="lacks start38"):
        read_catalogue(tmp_path / "other.tsv", reference)


@pytest.mark.parametrize("more, reason", [
    (lambda row: row, "it names HTT 2 times; give each locus a name of its own, such as HTT_2"),
    (lambda row: row.replace("HTT", "DMPK").replace("CAG", "CAG\tCAG", 1), "invalid literal for int"),
    (lambda row: "DMPK\tx", "the row of DMPK has too few cells"),
])  # fmt: skip
def test_a_catalogue_that_cannot_be_used_is_refused_before_the_run(genome, more, reason):
    fasta, catalogue, *_ = genome
    rows = catalogue.read_text()
    with pysam.FastaFile(str(fasta)) as reference:
        assert catalogue_problem(catalogue, reference.references) is None
        catalogue.write_text(f"{rows}{more(rows.splitlines()[1])}\n")
        assert reason in catalogue_problem(catalogue, reference.references)
        with pytest.raises(UnusableCatalogue, match=reason):
            read_catalogue(catalogue, reference)


def test_a_catalogue_may_lack_the_places_of_another_assembly(genome):
    fasta, catalogue, *_ = genome
    catalogue.write_text(catalogue.read_text().replace("\t-\t-\tCAG", "\t\t\tCAG"))
    with pysam.FastaFile(str(fasta)) as reference:
        assert read_catalogue(catalogue, reference)
        assert catalogue_problem(catalogue, reference.references) is None


def test_a_compressed_catalogue_is_named_as_such(tmp_path):
    (tmp_path / "repeats.tsv.gz").write_bytes(b"\x1f\x8b\x08\x00\xff\xfe")
    assert "is not text; unpack it" in catalogue_problem(tmp_path / "repeats.tsv.gz", ())


def person(name: str, alleles, spanning) -> tuple[dict, str]:
    """Facts of a case of one person, of one locus; alleles as (low, high)."""
    sample = {"alleles": [{"low": low, "high": high} for low, high in alleles], "spanning": spanning}
    place = {"contig": "chr4", "start": 1_001, "end": 1_057}
    return {"samples": [name], "loci": [{"locus": "HTT", "place": place, "motif": "CAG", "samples": [sample]}]}, name


@pytest.fixture
def normals(tmp_path):
    """Twenty persons: of ten both alleles have 19 copies, with stutter; of one an allele may be of any length."""
    persons = [person(f"N{n}", [(19, 19)] * 2, {"19": 20, "18": 4 + n % 2}) for n in range(10)]
    persons += [person(f"N{n}", [(19, 19), (24, 24)], {"19": 10, "24": 10}) for n in range(10, 19)]
    persons += [person("N19", [(19, 19), (40, None)], {"19": 10})]
    facts = {"assay": "wgs_rare", "version": "1", "members": [], "contigs": {"chr4": 9_000}, "normals": 20}
    write_normals(tmp_path / "repeats.tsv", rows_of(persons), facts)
    return read_normals(tmp_path / "repeats.tsv")


def test_alleles_of_normals_that_are_or_may_be_as_long(normals):
    known = normals.of(HD)
    assert known.as_long(19) == (40, 40) and known.as_long(24) == (10, 40)
    assert known.as_long(60) == (1, 40)  # the one that may be of any length
    assert known.as_long(24, [19, 24]) == (9, 38)  # a member is not compared with himself
    assert normals.of(HD._replace(start=2_000)) is None and normals.of(HD._replace(end=1_090)) is None


def test_stutter_of_normals_is_no_second_allele(normals):
    stutter = normals.of(HD).stutter
    assert 0.25 < stutter < 0.35
    reads = seen({57: 20, 54: 5})
    assert alleles_of(reads, 2, 3, FRAGMENTS).lengths == (Length(54, 54), Length(57, 57))
    assert alleles_of(reads, 2, 3, FRAGMENTS, stutter).lengths == (Length(57, 57),) * 2
    far = seen({57: 20, 69: 5})  # four copies apart, which is no stutter
    assert len(set(alleles_of(far, 2, 3, FRAGMENTS, stutter).lengths)) == 2


def test_lengths_of_normals_are_no_share_where_the_motif_decides():
    calls = [called_from(seen({57: 12, 72: 10}), HD, 2, None, FRAGMENTS)]
    text = record("A", HD._replace(pathogenic_motifs=("AAGGG",)), calls, (10, 40))
    assert "STR_AS_LONG=10;STR_NORMALS=40" in text and "STR_AF" not in text


def test_few_normals_say_nothing_of_a_locus_or_its_stutter():
    rows = rows_of(person(f"N{n}", [(19, 19), (24, 24)], {}) for n in range(12))
    assert rows[0]["stutter"] == "-" and rows[0]["alleles"] == "19:12,24:12"
    assert rows_of(person(f"N{n}", [(19, 19)] * 2, {}) for n in range(9)) == []


def test_a_record_says_how_many_alleles_of_normals_are_as_long(normals):
    calls = [called_from(seen({57: 12, 72: 10}), HD, 2, normals.of(HD), FRAGMENTS)]
    as_long = compared(normals.of(HD), HD, calls, [Sample("S1", "female")])
    assert "STR_AS_LONG=10;STR_NORMALS=40;STR_AF=0.25" in record("A", HD, calls, as_long)
    assert ";STR_AF=0" in record("A", HD, calls, (2, 40)) and "STR_AF" not in record("A", HD, calls)
    assert ";InheritanceMode=AD,AR;" in record("A", HD._replace(inheritance="AD+AR"), calls)
    assert ";InheritanceMode=AD,AR;" in record("A", HD._replace(inheritance="AD; AR or none"), calls)
    assert "InheritanceMode" not in record("A", HD._replace(inheritance="-"), calls)
    assert locus_facts(HD, calls, as_long)["normals"] == {"as_long": 10, "alleles": 40}
    assert compared(normals.of(HD), HD, calls, [Sample("N10", "female", True)]) == (9, 38)
    assert compared(None, HD, calls, [Sample("S1", "female")]) is None


def test_another_table_holds_no_repeats_of_normals(tmp_path):
    (tmp_path / "other.tsv").write_text("locus\tcontig\n")
    with pytest.raises(UnreadableRepeatNormals, match="make it with"):
        read_normals(tmp_path / "other.tsv")


def test_a_record_is_called_by_the_most_harmful_allele_of_the_index():
    child = called_from(seen({51: 9, 129: 8}), HD, 2, None, FRAGMENTS)
    mother = called_from(seen({54: 9, 150: 3}, left=(140,) * 6, right=(145,) * 6), HD, 2, None, FRAGMENTS)
    fields = record("A", HD, [child, mother]).rstrip("\n").split("\t")
    assert fields[4] == "<STR43>,<STR17>,<STR50>,<STR18>"
    assert sample_values(fields[8], fields[9])["GT"] == "2/1"
    assert "STR_STATUS=full_mutation" in fields[7]


def test_long_alleles_of_healthy_relatives_are_not_shown_unless_the_index_has_one():
    """A healthy father's allele of Huntington disease at a locus that is normal in the child, whom he has not asked."""
    father, ill = (called_from(seen({57: 9, 135: 9}), HD, 2, None, FRAGMENTS) for _ in range(2))
    normal, middle = (called_from(seen({51: 9, long: 9}), HD, 2, None, FRAGMENTS) for long in (57, 84))
    for child in (normal, middle):
        (line,) = shown_lines([record("A", HD, [child, father, ill])], ["yes", "no", "yes"])
        fields = line.rstrip("\n").split("\t")
        assert fields[10] == "./.:.:.:.:.:.:.:." and "full_mutation" in fields[11]
        (line,) = shown_lines([record("A", HD, [child, father])], ["yes", "unknown"])
        assert (
            "45" not in line
            and "full_mutation" not in line
            and line.split("\t")[4].count("<STR") == 1 + (child is middle)
        )
        facts = shown_facts({"loci": [locus_facts(HD, [child, father, ill])]}, ["yes", "no", "yes"])
        assert [bool(one) for one in facts["loci"][0]["samples"]] == [True, False, True]
    long = [called_from(seen({51: 9, 129: 9}), HD, 2, None, FRAGMENTS), father]
    assert list(shown_lines(["#CHROM\n", record("A", HD, long)], ["yes", "no"])) == ["#CHROM\n", record("A", HD, long)]
    assert all(shown_facts({"loci": [locus_facts(HD, long)]}, ["yes", "no"])["loci"][0]["samples"])


def test_a_page_draws_no_relative_that_is_not_shown():
    calls = [called_from(seen({51: 9, long: 9}), HD, 2, None, FRAGMENTS) for long in (84, 135)]
    facts = shown_facts({"loci": [locus_facts(HD, calls)], "samples": ["C1", "F1"]}, ["yes", "no"])
    (found,) = page_content({"facts": facts, "findings": []})["findings"]
    assert found["histograms"][0] and not found["histograms"][1]
