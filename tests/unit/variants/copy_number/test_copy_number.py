"""Copy number by depth: correction, segments, whole chromosomes, genotypes, agreement with other variants."""

import re

import numpy as np
import pysam
import pytest

from gms.base.project import PROJECT
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.ploidy import Ploidy
from gms.genome.vcf import header_lines, info, open_vcf, write_vcf
from gms.variants.copy_number.calls import Sample, Sources, call_copy_numbers, tracks_of
from gms.variants.copy_number.chromosomes import chromosome_words, facts, profile, usual_copies, y_of_women
from gms.variants.copy_number.correction import Expected, expected_reads, unique_share
from gms.variants.copy_number.depth import BIN, Reads, gc_content, looked_at, within_reads
from gms.variants.copy_number.events import Event, Shown, events_of, levelled, merged, not_counted, shown_in, track
from gms.variants.copy_number.header import HEADER
from gms.variants.copy_number.junctions import beyond, ends_of_contigs, joined_ends, read_junctions, same_event
from gms.variants.copy_number.records import Found, genotype, record
from gms.variants.copy_number.small_variants import Balance, balance, heterozygous_snvs

USUAL, BINS = 100, 400  # reads of a bin, bins of a contig


def counts(changes, copies=2, bins=BINS, seed=1):
    """Reads of a contig's bins with `changes` {(first, last): copies}."""
    mean = np.full(bins, USUAL * copies / 2)
    for (first, last), number in changes.items():
        mean[first:last] = USUAL * number / 2
    return np.random.default_rng(seed).poisson(mean)


def found(changes, copies=2, usual=2):
    one = levelled("chr1", track(counts(changes, copies), np.full(BINS, float(USUAL)), np.full(BINS, usual), 0.002))
    return one, events_of({"chr1": one}, {"chr1": BINS * BIN})


@pytest.mark.parametrize(("copies", "kind"), [(0, "DEL"), (1, "DEL"), (3, "DUP"), (4, "DUP")])
def test_segments_with_other_copies_are_found(copies, kind):
    one, (event,) = found({(100, 120): copies})
    assert event.kind == kind and abs(event.start - 100 * BIN) <= BIN and abs(event.end - 120 * BIN) <= BIN
    shown = shown_in(event, one)
    assert (shown.copies, shown.usual) == (copies, 2) and shown.quality >= 20


def test_a_usual_contig_and_one_odd_bin_have_no_segment():
    assert found({(100, 101): 8})[1] == []


def test_neighbouring_deletions_stay_apart():
    assert len(found({(100, 140): 1, (160, 200): 1})[1]) == 2


def test_bins_that_are_left_out_do_not_part_an_event():
    expected = np.full(BINS, float(USUAL))
    expected[110:130] = np.nan
    one = track(counts({(100, 140): 1}), expected, np.full(BINS, 2), 0.002)
    assert [(e.start, e.end) for e in events_of({"chr1": one}, {"chr1": BINS * BIN})] == [(100 * BIN, 140 * BIN)]


@pytest.mark.parametrize(("copies", "usual", "kind"), [(3, 2, "DUP"), (1, 2, "DEL"), (2, 1, "DUP")])
def test_a_whole_chromosome_is_one_event(copies, usual, kind):
    _, (event,) = found({}, copies, usual)
    assert event == Event("chr1", 0, BINS * BIN, kind, True)


@pytest.mark.parametrize(("part", "kind", "genotypes"), [(2, "DEL", "0/1"), (4, "DUP", "0/1"), (1, "DEL", "1/1")])
def test_an_event_on_one_of_three_chromosomes_is_an_event(part, kind, genotypes):
    """As on an X in 47,XXY, or on chromosome 21 in trisomy."""
    one, events = found({(100, 120): part}, copies=3, usual=2)
    assert [(event.kind, event.whole) for event in sorted(events, key=lambda event: event.length)] == [
        (kind, False), ("DUP", True),
    ]  # fmt: skip
    focal, whole = (shown_in(event, one) for event in sorted(events, key=lambda event: event.length))
    assert (focal.copies, focal.usual, genotype(kind, focal)) == (part, 3, genotypes)
    assert (whole.copies, whole.usual) == (3, 2)


@pytest.mark.parametrize("copies", [1.45, 1.7, 2])
def test_the_interval_of_the_mean_copies_holds_those_of_a_mosaic(copies):
    event, usual = Event("chr1", 100 * BIN, 140 * BIN, "DEL"), (np.full(BINS, float(USUAL)), np.full(BINS, 2), 0.0)
    shown = [shown_in(event, track(counts({(100, 140): copies}, seed=n), *usual)) for n in range(40)]
    assert sum(abs(one.ratio - copies) <= 1.96 * one.error for one in shown) >= 35
    assert all(0.02 < one.error < 0.04 for one in shown)


def test_a_relative_with_a_mosaic_of_the_whole_chromosome_is_shown_as_such():
    bins, (_, (event,)) = 5_000, found({}, 1)
    mother = levelled("chr1", track(counts({}, 1.7, bins), np.full(bins, float(USUAL)), np.full(bins, 2), 0.002))
    assert mother.level < 0.9
    shown = shown_in(event, mother)
    assert shown.ratio == pytest.approx(1.7, abs=0.05) and shown.copies == 2


def test_segments_of_a_family_are_one_event_with_the_ends_of_the_index():
    child, mother = Event("chr1", 1000, 9000, "DEL"), Event("chr1", 1500, 9500, "DEL")
    other = Event("chr1", 1000, 9000, "DUP")
    assert merged([[child], [mother, other]]) == [child, other]


@pytest.mark.parametrize(
    ("kind", "copies", "usual", "expected"),
    [
        ("DEL", 1, 2, "0/1"),
        ("DEL", 0, 2, "1/1"),
        ("DEL", 2, 2, "0/0"),
        ("DEL", 3, 2, "0/0"),
        ("DUP", 3, 2, "0/1"),
        ("DUP", 4, 2, "1/1"),
        ("DEL", 0, 1, "1/1"),
        ("DUP", 2, 1, "1/1"),
        ("DUP", None, None, "./."),
    ],
)
def test_genotypes(kind, copies, usual, expected):
    assert genotype(kind, Shown(copies, usual, 50, 50, 1000, 10, 1.0)) == expected


def test_gc_bias_and_mappability_are_taken_out():
    generator = np.random.default_rng(2)
    gc = {"chr1": generator.uniform(0.3, 0.6, 2_000)}
    unique = np.ones(2_000)
    unique[500:600], unique[700:750] = 0.8, 0.2
    every = generator.poisson(USUAL * (0.5 + gc["chr1"]))
    reads = {"chr1": Reads(np.round(every * unique), every)}
    share = unique_share([reads], gc)
    expected = expected_reads(reads, gc, share)
    ratios = reads["chr1"].unique / expected.reads["chr1"]
    assert np.isnan(ratios[700:750]).all() and np.isfinite(ratios[:700]).all()
    for part in (gc["chr1"] < 0.35, gc["chr1"] > 0.55, slice(500, 600)):
        assert np.nanmedian(ratios[part]) == pytest.approx(1, abs=0.05)
    assert expected.is_enough and expected.extra < 0.01


def test_a_lost_place_without_a_read_is_not_left_out():
    every = counts({(100, 120): 0})
    share = unique_share([{"chr1": Reads(every, every + (np.arange(BINS) % 2))}], ["chr1"])
    assert (share["chr1"][100:120] > 0.5).all()


def test_too_few_bins_or_reads_say_nothing():
    few = {"chr1": Reads(*[np.full(40, 100)] * 2)}
    gc, share = {"chr1": np.full(40, 0.5)}, {"chr1": np.ones(40)}
    assert not expected_reads(few, gc, share).is_enough
    thin = {"chr1": Reads(*[np.full(BINS, 2)] * 2)}
    assert not expected_reads(thin, {"chr1": np.full(BINS, 0.5)}, {"chr1": np.ones(BINS)}).is_enough
    assert not expected_reads({}, {}, unique_share([{}], {})).is_enough  # the mitochondrion alone


def test_stretches_at_the_ends_without_any_read_are_left_out():
    every = np.full(BINS, 100)
    every[:20], every[100:120], every[390:] = 0, 0, 0
    gc = within_reads([{"chr1": Reads(every, every)}], {"chr1": np.full(BINS, 0.5)})["chr1"]
    assert np.flatnonzero(np.isnan(gc)).tolist() == [*range(22), *range(388, 400)]


def test_chromosomes_are_looked_at_and_decoys_are_not():
    lengths = {"chr1": 248_956_422, "chr21": 46_709_983, "chrY": 57_227_415, "chrM": 16_569, "hs37d5": 35_477_943}
    assert list(looked_at(lengths)) == ["chr1", "chr21", "chrY"]
    assert list(looked_at({"chr20": 3_200_000, "chrB": 800_000})) == ["chr20", "chrB"]


def test_a_man_has_one_x_but_two_of_its_pseudo_autosomal_region():
    ploidy = Ploidy({"chrX": 156_040_895, "chrY": 57_227_415})
    copies = usual_copies(ploidy, "chrX", 156_040_895 // BIN, "male")
    assert copies[1_000] == 2 and copies[10_000] == 1
    assert set(usual_copies(ploidy, "chrX", 20_000, "female")) == {2}
    assert set(usual_copies(ploidy, "chrY", 20_000, "female")) == {0}
    y = usual_copies(ploidy, "chrY", 20_000, "male")
    assert (y[1_000], y[10_000]) == (0, 1)


@pytest.mark.parametrize(("x", "y", "whole"), [(1, 1, []), (1, 2, ["chrY"]), (2, 1, ["chrX"])])
def test_the_pseudo_autosomal_copies_are_those_of_all_x_and_y(x, y, whole):
    """Of 47,XYY three are no event of their own, such as a duplication of SHOX."""
    size, end, copies = 30_000, 2_699_520 // BIN, {"chrX": x, "chrY": y}
    two = {contig: np.full(size, float(USUAL)) for contig in copies}
    two["chrX"][: 60_001 // BIN + 1] = two["chrY"][:end] = np.nan
    mean = {contig: np.full(size, USUAL * number / 2) for contig, number in copies.items()}
    mean["chrX"][:end] = USUAL * (x + y) / 2
    generator, lengths = np.random.default_rng(5), dict.fromkeys(copies, size * BIN)
    reads = {contig: Reads(*[generator.poisson(values)] * 2) for contig, values in mean.items()}
    tracks = tracks_of(Sample("S", "male"), reads, Expected(two, 0.002, USUAL), Ploidy(lengths))
    assert [(event.contig, event.whole) for event in events_of(tracks, lengths)] == [(contig, True) for contig in whole]


def tracks_with(**copies):
    """Tracks of chromosomes, (copies, copies of a usual person) by name."""
    expected = Expected({}, 0.002, USUAL)
    made = {
        f"chr{name}": track(counts({}, number), np.full(BINS, float(USUAL)), np.full(BINS, usual), 0.002)
        for name, (number, usual) in copies.items()
    }
    known, y = expected._replace(reads={"chr1": None}), {}
    if copies.get("Y", (0, 1))[1] == 0:  # a woman's
        reads = counts({}, copies["Y"][0], 6_000)
        known = known._replace(reads={"chrY": np.full(6_000, float(USUAL))})
        y = y_of_women(Ploidy({"chrY": 57_227_415}), {"chrY": Reads(reads, reads)}, known, "female")
    return facts(made, known, "male", y)


@pytest.mark.parametrize(
    ("copies", "words"),
    [
        ({"20": (2, 2), "21": (3, 2)}, ["3 copies of chromosome 21 (trisomy 21)"]),
        ({"X": (2, 1), "Y": (1, 1)}, ["2 copies of X, 1 of Y (47,XXY)"]),
        ({"X": (1, 2), "Y": (0, 0)}, ["1 copy of X, 0 of Y (45,X)"]),
        ({"X": (1, 2)}, ["1 copy of X; Y was not counted"]),
        ({"X": (1, 2), "Y": (0.3, 0)}, ["1.0 copies of X, 0.3 of Y: part of the cells, or of the chromosome"]),
        ({"X": (1, 1), "Y": (0.16, 1)}, ["1.0 copies of X, 0.2 of Y: part of the cells, or of the chromosome"]),
        ({"X": (2, 2), "Y": (0, 0)}, []),
        ({"X": (2, 1)}, ["2 copies of X; Y was not counted"]),
        ({"X": (1, 1), "Y": (1, 1)}, []),
        ({"9": (2.5, 2)}, ["2.5 copies of chromosome 9: part of the cells, or of the chromosome"]),
    ],
)
def test_unusual_chromosomes_are_named(copies, words):
    """Copies to one digit, as those of simulated reads vary."""
    said = chromosome_words(tracks_with(**copies))
    assert [re.sub(r"\d\.\d+", lambda number: f"{float(number[0]):.1f}", text) for text in said] == words


@pytest.mark.parametrize("usual", [1, 2])
@pytest.mark.parametrize("share", [0.3, 0.5, 0.55, 0.7])
@pytest.mark.parametrize("change", [-1, 1])
def test_a_mosaic_of_a_chromosome_has_no_events_but_its_own(usual, share, change):
    """Part of the cells has a copy less or more; a stretch has none in any cell."""
    generator, copies, bins = np.random.default_rng(4), usual + change * share, 5_000
    reads = generator.poisson(USUAL * copies / 2 * generator.normal(1, 0.045, bins))
    reads[100:140] = 0
    one = levelled("chrX", track(reads, np.full(bins, float(USUAL)), np.full(bins, usual), 0.002))
    (event,) = events_of({"chrX": one}, {"chrX": bins * BIN})
    assert event == Event("chrX", 100 * BIN, 140 * BIN, "DEL") and shown_in(event, one).copies == 0


@pytest.mark.parametrize("share", [0.45, 0.5, 0.55])
def test_half_of_a_chromosome_with_other_copies_is_an_event(share):
    bins = 4_000
    reads = counts({(0, int(share * bins)): 1}, 2, bins)
    one = levelled("chrX", track(reads, np.full(bins, float(USUAL)), np.full(bins, 2), 0.002))
    assert events_of({"chrX": one}, {"chrX": bins * BIN}) == [Event("chrX", 0, int(share * bins) * BIN, "DEL")]


def test_the_profile_has_the_copies_of_windows():
    """The second half of a chromosome has one copy; the first bins are not known."""
    two = np.full(BINS, float(USUAL))
    two[:4] = np.nan
    reads = np.array([USUAL] * (BINS // 2) + [USUAL / 2] * (BINS - BINS // 2))
    found = profile({"chr1": track(reads, two, np.full(BINS, 2), 0.002)})
    values = found["contigs"]["chr1"]
    assert found["window"] % BIN == 0 and len(values) <= 1_000 and len(values) * found["window"] >= BINS * BIN
    assert (values[len(values) // 4], values[-1]) == (2.0, 1.0)


STRUCTURAL = [
    "chr1\t50200\tx\tA\t<DEL>\t99\t.\tSVTYPE=DEL;END=60100;SVLEN=-9900\tGT\t0/1\t0/0\n",
    "chr1\t50000\ty\tA\t<DUP>\t99\t.\tSVTYPE=DUP;END=60000;SVLEN=10000\tGT\t0/1\t0/0\n",
    "chr1\t80000\tb\tA\tA[chr2:500[\t99\t.\tSVTYPE=BND\tGT\t0/1\t0/0\n",
]
EVENT = Event("chr1", 50_000, 60_000, "DEL")


def test_a_structural_variant_of_the_same_event_gives_its_ends():
    junctions = read_junctions(STRUCTURAL)
    junction = same_event(EVENT, frozenset({0}), junctions)
    assert junction.allele == "chr1:50200:A:<DEL>"
    assert same_event(EVENT, frozenset({1}), junctions) is None  # another sample's
    shown = [Shown(1, 2, 60, 99, 1000, 18, 1.02, 0.05), Shown(2, 2, 60, 0, 2000, 18, 2.0, 0.06)]
    fields = record(Found(EVENT, shown, junction, 2, Balance(0, None, 3.0)), "A").split("\t")
    values = info(fields[7])
    assert (fields[1], values["END"], values["SVLEN"]) == ("50200", "60100", "-9900") and "IMPRECISE" not in values
    assert values["SAME_EVENT"] == junction.allele and fields[9:] == [
        "0/1:60:1:99:1000:0.92,1.12",
        "0/0:60:2:0:2000:1.88,2.12\n",
    ]


@pytest.mark.parametrize(
    ("ends", "extends", "start", "end"),
    [
        ((100, 140), False, 100, 140),
        ((102, 138), False, 102, 138),  # within the room that bins leave
        ((110, 140), True, 100, 140),
        ((100, 130), True, 100, 140),
        ((95, 145), False, 95, 145),  # the structural variant is the longer one
    ],
)
def test_bins_beyond_a_structural_variant_of_the_same_event_keep_its_end(ends, extends, start, end):
    one, (event,) = found({(100, 140): 1})
    first, last = (at * BIN for at in ends)
    (junction,) = read_junctions([f"chr1\t{first}\tx\tA\t<DEL>\t99\t.\tSVTYPE=DEL;END={last}\tGT\t0/1\n"])
    assert same_event(event, frozenset({0}), [junction]) == junction
    over = beyond(event, junction, one)
    line = record(Found(event, [shown_in(event, one)], junction, 1, Balance(0, None, None), (0, 0), over), "A")
    values = info(line.split("\t")[7])
    assert (int(line.split("\t")[1]), int(values["END"])) == (start * BIN, end * BIN)
    assert ("EXTENDS" in values) == extends == ("IMPRECISE" in values)
    exact = ["0,0" if own == by else "-500,500" for own, by in ((start, ends[0]), (end, ends[1]))]
    assert [values["CIPOS"], values["CIEND"]] == exact


def test_bins_that_do_not_show_the_change_keep_no_end():
    one, _ = found({(100, 130): 1})
    (junction,) = read_junctions([f"chr1\t{100 * BIN}\tx\tA\t<DEL>\t99\t.\tSVTYPE=DEL;END={130 * BIN}\tGT\t0/1\n"])
    assert beyond(Event("chr1", 100 * BIN, 140 * BIN, "DEL"), junction, one) == (False, False)
    assert beyond(EVENT, None, one) == (False, False)


@pytest.mark.parametrize(
    ("left_out", "beside", "around"),
    [
        ((), (0, 0), ("-500,500", "-500,500")),
        ((60, 100), (40 * BIN, 0), ("-20500,500", "-500,500")),  # a segmental duplication before it
        ((140, 180), (0, 40 * BIN), ("-500,500", "-500,20500")),
        ((0, 100), (99 * BIN, 0), ("-50000,500", "-500,500")),  # up to the end of the chromosome
        ((140, 400), (0, 259 * BIN), ("-500,500", "-500,130000")),
    ],
)
def test_an_end_may_lie_anywhere_in_bins_that_are_not_counted(left_out, beside, around):
    expected = np.full(BINS, float(USUAL))
    expected[slice(*left_out) if left_out else slice(0)] = np.nan
    one = track(counts({(100, 140): 1}), expected, np.full(BINS, 2), 0.002)
    (event,) = events_of({"chr1": one}, {"chr1": BINS * BIN})
    assert not_counted(event, one, BINS * BIN) == beside
    values = info(
        record(Found(event, [shown_in(event, one)], None, 0, Balance(0, None, None), beside), "A").split("\t")[7]
    )
    assert (values["CIPOS"], values["CIEND"]) == around


def test_ends_at_other_junctions_are_counted():
    ends = ends_of_contigs(read_junctions(STRUCTURAL))
    assert joined_ends(Event("chr1", 80_500, 200_000, "DEL"), frozenset({0}), ends) == 1
    assert joined_ends(Event("chr1", 90_000, 200_000, "DEL"), frozenset({0}), ends) == 0


def small(pos, ref_reads, alt_reads, alt="G"):
    return f"chr1\t{pos}\t.\tA\t{alt}\t50\t.\tX=1\tGT:AD\t0/1:{ref_reads},{alt_reads}\n"


def test_heterozygous_variants_speak_for_or_against_the_copies():
    events = [Event("chr1", 0, 50_000, "DUP")]
    lines = [small(1000, 20, 10), small(2000, 10, 22), small(3000, 30, 0), small(4000, 3, 3), small(5000, 19, 10)]
    (sites,) = heterozygous_snvs([*lines, small(60_000, 15, 15), small(6000, 9, 9, "GT")], events)
    assert len(sites) == 3
    assert balance(sites, 3, 2, 50_000).odds > 0.5
    even = [(0.5, 30)] * 8
    assert balance(even, 3, 2, 50_000).odds < -2
    assert balance(even, 1, 2, 50_000).odds < -2 and balance([], 1, 2, 50_000).odds > 1
    assert balance(even, 2, 1, 50_000).odds is None  # one copy is usual: no odds against two


@pytest.mark.parametrize(
    ("shares", "low", "high"), [((0.5,), -0.5, 0.5), ((0.25, 0.75), 2, 20), ((0.25, 0.5), 2, 20), ((0.4, 0.6), -20, 0)]
)
def test_a_duplication_on_each_chromosome_has_the_fractions_of_two_copies(shares, low, high):
    """2 + 2 copies say no more than two do; 3 + 1, or 2 + 2 of which two differ, speak for four."""
    sites = [(share, 60) for share in shares] * 10
    assert low <= balance(sites, 4, 2, 50_000).odds <= high


@pytest.fixture(scope="module")
def genome(tmp_path_factory):
    """A contig of 100 kb whose reads show a deletion of 10 kb in the child, and nothing in the mother."""
    folder, generator = tmp_path_factory.mktemp("copies"), np.random.default_rng(3)
    bases = "".join(generator.choice(list("ACGT"), 100_000))
    (folder / "g.fa").write_text(f">chr1\n{bases}\n")
    pysam.faidx(str(folder / "g.fa"))
    header = pysam.AlignmentHeader.from_dict({"HD": {"VN": "1.6"}, "SQ": [{"SN": "chr1", "LN": 100_000}]})
    for name in ("child", "mother"):
        starts = np.sort(generator.integers(0, 99_900, 8_000))
        if name == "child":
            lost = (starts >= 40_000) & (starts < 50_000) & (generator.random(8_000) < 0.5)
            starts = starts[~lost]
        with pysam.AlignmentFile(
            str(folder / f"{name}.cram"), "wc", header=header, reference_filename=str(folder / "g.fa")
        ) as out:
            for start in starts.tolist():
                read = pysam.AlignedSegment(header)
                read.query_name, read.query_sequence, read.flag = "r", bases[start : start + 50], 0
                read.reference_id, read.reference_start, read.mapping_quality, read.cigarstring = 0, start, 60, "50M"
                out.write(read)
        pysam.index(str(folder / f"{name}.cram"))
    return folder


def test_a_new_deletion_of_a_child_is_found_in_its_reads(genome):
    sources = Sources(genome / "g.fa", [genome / "child.cram", genome / "mother.cram"], None, None)
    lines, known = call_copy_numbers(sources, [Sample("C", "female"), Sample("M", "female")], 1)
    (line,) = [one for one in lines if not one.startswith("#")]
    fields = line.rstrip("\n").split("\t")
    assert fields[4] == "<DEL>" and abs(int(fields[1]) - 40_000) <= BIN
    assert fields[9].startswith("0/1:") and fields[10].startswith("0/0:")
    assert known["assessed"] and known["events"] == {"DEL": 1, "DUP": 0}


def test_a_whole_chromosome_and_a_long_event_pass_the_policy(tmp_path):
    keys, own = "GT:GQ:CN:CQ:DP", "0/1:99:3:500:9000"
    texts = ("WHOLE;SVLEN=46000000;IMPACT=MODIFIER;MODES=none", "SVLEN=12000;IMPACT=HIGH;MODES=de_novo")
    texts += ("SVLEN=8000;IMPACT=HIGH;MODES=de_novo", "SVLEN=8000;SAME_EVENT=chr1:9:A:<DUP>;IMPACT=HIGH;MODES=de_novo")
    texts += ("SVLEN=12000;IMPACT=HIGH;MODES=de_novo;BAF_ODDS=-5.0", "SVLEN=12000;IMPACT=MODIFIER;MODES=de_novo")
    texts += ("SVLEN=3000000;IMPACT=HIGH;MODES=de_novo;COPIES=2.55;BAF_ODDS=-9", "SVLEN=90000;IMPACT=HIGH;COPIES=2.55")
    texts = [text if "COPIES" in text else f"{text};COPIES=3.0" for text in texts]
    lines = [f"chr1\t{n + 1}\t.\tA\t<DUP>\t9\t.\tEND=99;{t}\t{keys}\t{own}\n" for n, t in enumerate(texts)]
    more = "##gms_parts=genes,family\n" + "".join(
        f'##INFO=<ID={key},Number=1,Type=String,Description="x">\n' for key in ("IMPACT", "MODES")
    )
    write_vcf([*header_lines({"chr1": 1000}, HEADER + more, ["C"]), *lines], tmp_path / "a.vcf.gz")
    policy = load_policy(PROJECT / "config" / "filters" / "wgs_rare_copy_number.yaml", "copy_number")
    filter_vcf(tmp_path / "a.vcf.gz", policy, tmp_path / "f.vcf.gz", tmp_path / "r.vcf.gz", {"proband": "C"})
    with open_vcf(tmp_path / "f.vcf.gz") as records:
        flags = [line.split("\t")[6] for line in records if not line.startswith("#")]
    assert flags[:6] == ["PASS", "PASS", "ShortWithoutJunction", "PASS", "BAlleleDisagrees", "NotCoding"]
    assert flags[6:] == ["PASS", "BetweenCopies"]  # a long one may be a mosaic


def test_unknown_bases_and_ends_are_left_out(tmp_path):
    bases = "A" * 5 * BIN + "N" + "C" * 6 * BIN
    (tmp_path / "n.fa").write_text(f">chr1\n{bases}\n")
    gc = gc_content(tmp_path / "n.fa", ["chr1"])["chr1"]
    assert np.isnan(gc).tolist() == [True, True, False] + [True] * 5 + [False, True, True]
