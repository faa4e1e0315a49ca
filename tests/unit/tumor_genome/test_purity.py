"""Purity and copies of each allele of made-up tumours; sites from a VCF."""

import numpy as np
import pytest

from gms.drawings.along_genome import allele_plot
from gms.tumor_genome.fit import fit
from gms.tumor_genome.likelihoods import unbiased
from gms.tumor_genome.parts import parts
from gms.tumor_genome.purity import COLUMNS, tumor_genome
from gms.tumor_genome.sites import Site, Sites, read_sites

MB = 1_000_000
STATES = [
    ("chr1", 1, 1),
    ("chr2", 1, 0),
    ("chr3", 2, 0),
    ("chr4", 2, 1),
    ("chr5", 1, 1),
    ("chr6", 1, 1),
    ("chr7", 3, 1),
]


def tumor(purity, states=STATES, snps=30, seed=5):
    """Facts of copy number and sites of a tumour with a state for each chromosome of 100 Mb."""
    generator = np.random.default_rng(seed)
    segments, found = [], []
    for contig, major, minor in states:
        copies = 2 * (1 - purity) + purity * (major + minor)
        segments.append([contig, 0, 100 * MB, round(float(np.log2(copies / 2)) + generator.normal(0, 0.02), 3), 60])
        for number in range(snps):
            share = (1 - purity + purity * (major if generator.random() < 0.5 else minor)) / copies
            reads = int(generator.binomial(400, generator.beta(300 * share, 300 * (1 - share))))
            found.append(Site(contig, (3 * number + 1) * MB, reads, 400))
    facts = {"assessed": True, "purity": None, "sample": "T", "noise": 0.2, "segments": segments}
    facts["contigs"] = {contig: 100 * MB for contig, *_ in states}
    return facts, Sites(found, [], True)


@pytest.mark.parametrize("purity", [0.2, 0.4, 0.6, 0.8])
def test_purity_and_copies_of_each_allele_are_found(purity):
    document, rows = tumor_genome(*tumor(purity), "pass")
    measure = document["results"][0]
    assert measure["value"] == pytest.approx(purity, abs=0.05)
    assert measure["interval"][0] <= measure["value"] <= measure["interval"][1]
    assert [(row["contig"], row["major"], row["minor"]) for row in rows] == STATES
    assert document["ploidy"] == pytest.approx(sum(major + minor for _, major, minor in STATES) / len(STATES), abs=0.01)


def test_genes_without_one_allele_are_listed_where_they_have_no_fewer_copies():
    """chr2 lost a copy, chr3 has two of one allele, chr7 four of both."""
    facts, sites = tumor(0.7, [*STATES, ("chr8", 3, 0)])
    contigs = ("chr2", "chr3", "chr3", "chr7", "chr8")
    places = [{"contig": contig, "start": 40 * MB + 1, "end": 41 * MB} for contig in contigs]
    places[2] = {"contig": "chr3", "start": 99 * MB + 1, "end": 102 * MB}  # two thirds are outside
    facts["genes"] = [{"gene": f"G{number}", "place": place} for number, place in enumerate(places)]
    document, _ = tumor_genome(facts, sites, "pass")
    assert [(one["place"]["contig"], one["copies"], one["genes"]) for one in document["lost_alleles"]] == [
        ("chr3", 2, ["G1"]),
        ("chr8", 3, ["G4"]),
    ]
    assert not any(one["in_one"] for one in document["lost_alleles"])
    assert document["unknown_genes"] == ["G2"]
    assert document["lost_alleles"][0]["place"] == {"contig": "chr3", "start": 1, "end": 100 * MB}
    assert tumor_genome(facts | {"assessed": False}, sites, "pass")[0]["lost_alleles"] == []


def test_a_quiet_genome_without_acquired_variants_is_not_assessed():
    document, rows = tumor_genome(*tumor(0.5, [(contig, 1, 1) for contig, *_ in STATES]), "pass")
    assert (document["reason"], document["results"][0]["value"], rows) == ("few_events", None, [])


def test_acquired_variants_tell_the_purity_of_a_quiet_genome():
    facts, sites = tumor(0.6, [(contig, 1, 1) for contig, *_ in STATES])
    acquired = [
        Site(contig, 50 * MB, reads, 400) for (contig, *_), reads in zip(STATES, (118, 124, 121, 60), strict=False)
    ]
    document, _ = tumor_genome(facts, sites._replace(acquired=acquired), "pass")
    assert document["results"][0]["value"] == pytest.approx(0.6, abs=0.05)


def test_rare_inherited_variants_of_a_quiet_genome_are_no_purity():
    facts, sites = tumor(0.3, [(contig, 1, 1) for contig, *_ in STATES])
    reads = (199, 204, 192, 210, 201, 197, 188, 206, 203, 195)
    rare = [Site(STATES[n % 7][0], (40 + n) * MB, number, 400) for n, number in enumerate(reads)]
    document, _ = tumor_genome(facts, sites._replace(acquired=rare, paired=False), "pass")
    assert (document["reason"], document["results"][0]["value"]) == ("unsure", None)


DOUBLED = [
    ("chr1", 2, 2),
    ("chr2", 2, 1),
    ("chr3", 2, 2),
    ("chr4", 3, 2),
    ("chr5", 2, 2),
    ("chr6", 2, 2),
    ("chr7", 2, 1),
]


def doubled():
    """Segments, with the baseline at four copies, and sites of a doubled genome in 60 % of the cells."""
    facts, sites = tumor(0.6, DOUBLED, seed=2)
    shift = float(np.log2(1.6))
    return [[*one[:3], round(one[3] - shift, 3), one[4]] for one in facts["segments"]], sites


@pytest.mark.parametrize("registered, is_doubled", [(None, False), (0.4, False), (0.7, True)])
def test_the_registered_purity_decides_between_a_doubled_genome_and_another(registered, is_doubled):
    _, made = fit(*doubled(), 0.2, registered)
    four, two = ((made.purity, made.baseline, made.states), (*made.alternative, made.other_states))[
        :: 1 if is_doubled else -1
    ]
    assert four[:2] == pytest.approx((0.6, 4), abs=0.05) and two[:2] == pytest.approx((0.375, 2), abs=0.05)
    assert four[2] == [(major, minor) for _, major, minor in DOUBLED]
    assert two[2] == [(major - 1, minor - 1) for _, major, minor in DOUBLED]


def test_both_genomes_have_their_columns_in_the_table_of_alleles():
    segments, sites = doubled()
    facts = {"assessed": True, "purity": None, "sample": "T", "noise": 0.2, "segments": segments}
    document, rows = tumor_genome(facts, sites, "pass")
    assert document["alternative"] == {"purity": pytest.approx(0.6, abs=0.05), "baseline": 4.0}
    assert [tuple(row[name] for name in COLUMNS[-4:]) for row in rows][:2] == [(1, 1, 2, 2), (1, 0, 2, 1)]


def test_two_copies_of_acquired_variants_show_a_doubled_genome():
    segments, sites = doubled()
    places = zip(("chr1", "chr3", "chr5"), (150, 146, 155), strict=True)
    acquired = [Site(contig, 50 * MB, reads, 400) for contig, reads in places]
    _, made = fit(segments, sites._replace(acquired=acquired), 0.2)
    assert (made.purity, made.baseline) == pytest.approx((0.6, 4), abs=0.05) and made.alternative is None


@pytest.mark.parametrize("registered, differs", [(0.2, True), (0.55, False), (None, False)])
def test_a_registered_purity_that_is_far_off_is_marked(registered, differs):
    facts, sites = tumor(0.6)
    assert tumor_genome(facts | {"purity": registered}, sites, "pass")[0]["differs"] is differs


@pytest.mark.parametrize(
    "change, snps, verdict, reason",
    [
        ({"assessed": False}, 30, "pass", "no_copy_number"),
        ({}, 5, "pass", "few_snps"),
        ({}, 30, "fail", "failed_quality"),
    ],
)
def test_what_cannot_be_assessed_says_why(change, snps, verdict, reason):
    facts, sites = tumor(0.6, snps=snps)
    assert tumor_genome(facts | change, sites, verdict)[0]["reason"] == reason


def test_a_segment_is_cut_where_its_snps_change():
    _, sites = tumor(0.7, [("chr1", 1, 1), ("chr2", 2, 0)])
    moved = [
        one._replace(contig="chr1", position=one.position + 100 * MB * (one.contig == "chr2")) for one in sites.snps
    ]
    found = parts([["chr1", 0, 200 * MB, 0.0, 100]], moved, 200.0)
    assert [(one.start, one.end) for one in found] == [
        (0, pytest.approx(95 * MB, abs=6 * MB)),
        (found[0].end, 200 * MB),
    ]
    assert found[0].fraction > 0.4 and found[1].fraction < 0.25
    assert len(parts([["chr1", 0, 100 * MB, 0.0, 100]], sites.snps[:30], 200.0)) == 1


def test_copies_are_not_told_apart_without_snps():
    facts, sites = tumor(0.6)
    _, rows = tumor_genome(facts, sites._replace(snps=[one for one in sites.snps if one.contig != "chr4"]), "pass")
    assert [(row["copies"], row["minor"]) for row in rows if row["contig"] == "chr4"] == [(3, None)]


def test_the_drawing_has_a_dot_for_each_snp():
    document, _ = tumor_genome(*tumor(0.6), "pass")
    assert allele_plot(document).count("h0") == len(document["points"]) == 210
    assert allele_plot(document | {"points": []}) is None


HEADER = "##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{}\n"


def line(pos, ref="A", alt="C", info="POP_AF=0.3;TLOD=90", columns=("0/1:100,100",), contig="chr1"):
    return "\t".join([contig, str(pos), ".", ref, alt, "9", ".", info, "GT:AD", *columns]) + "\n"


def sites_of(tmp_path, lines, normal=None):
    path = tmp_path / "small.vcf"
    path.write_text(HEADER.format("\t".join(["T", *([normal] if normal else [])])) + "".join(lines))
    return read_sites(path, "T", normal)


def test_without_a_normal_common_alleles_are_heterozygous_snps(tmp_path):
    lines = [
        line(10),
        line(20, columns=("0/1:2,198",)),  # homozygous
        line(30, columns=("0/1:9,9",)),  # few reads
        line(40, alt="CT"),
        line(50, info="POP_AF=0.3;MASK"),
        line(60, info="POP_AF=0.3;PART_OF=60:AT:CG"),
        line(70, contig="chrX"),
        line(80, info="TLOD=40", columns=("0/1:150,50",)),  # acquired
        line(90, info="TLOD=40;PON_COUNT=3", columns=("0/1:150,50",)),
        line(95, info="TLOD=2", columns=("0/1:150,50",)),
        line(99, info="POP_AF_WEAK=0.2;TLOD=40"),
    ]
    found = sites_of(tmp_path, lines)
    assert [one.position + 1 for one in found.snps] == [10, 99]
    assert [(one.position + 1, one.fraction) for one in found.acquired] == [(80, 0.25)]


def test_a_normal_says_which_alleles_are_inherited(tmp_path):
    lines = [
        line(10, info="TLOD=90", columns=("0/1:150,50", "0/1:30,30")),
        line(20, info="TLOD=90", columns=("0/1:150,50", "0/0:60,0")),
        line(30, info="TLOD=90", columns=("0/1:150,50", "0/0:5,0")),
        line(40, columns=("0/1:10,190", "1/1:0,60")),
    ]
    found = sites_of(tmp_path, lines, "N")
    assert ([one.position + 1 for one in found.snps], [one.position + 1 for one in found.acquired]) == ([10], [20])


def test_the_preference_of_reads_for_the_reference_is_taken_off():
    sites = [Site("chr1", number, 192 + number % 5, 400) for number in range(200)]  # 48.5 % on average
    shares = [one.fraction for one in unbiased(sites)]
    assert sum(shares) / 200 == pytest.approx(0.5, abs=0.002)
    assert unbiased(sites[:50]) == sites[:50]


def test_the_precision_of_fractions_is_that_of_all_parts_together():
    # On its own each of many parts with few SNPs would explain chance by another fraction; 300 is the true precision.
    facts, sites = tumor(0.3, [(f"chr{1 + n}", *STATES[n % 7][1:]) for n in range(10)], seed=1)
    short = [
        [c, at * 10 * MB, (at + 1) * 10 * MB, log2, 25] for c, *_, log2, _ in facts["segments"] for at in range(10)
    ]
    _, made = fit(short, sites, 0.2)
    assert 250 <= made.precision <= 400 and made.purity == pytest.approx(0.3, abs=0.04)
