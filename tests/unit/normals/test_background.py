"""Background of normals: bases counted at targets, and alleles that several normals show in few reads."""

import re
from pathlib import Path

import numpy as np
import pysam
import pytest

from gms.genome.intervals import Interval
from gms.genome.vcf import UnreadableVcf, open_vcf, write_vcf
from gms.normals.allele_counts import Layout, called_alleles, count_alleles
from gms.normals.background import background, background_lines
from gms.normals.members import Normal, read_members

LENGTH, READ = 2_000, 100
SEQUENCE = "".join(np.random.default_rng(4).choice(list("ACGT"), LENGTH))
AT = 500  # of what is planted
OTHER = "A" if SEQUENCE[AT] != "A" else "C"


def write_reads(path: Path, changed: int, depth: int = 400, inserted: int = 0) -> None:
    """Reads over AT, of which `changed` have another base there and `inserted` GG after it."""
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": LENGTH}]}
    with pysam.AlignmentFile(
        str(path), "wc", header=header, reference_filename=str(path.parents[1] / "genome.fa")
    ) as out:
        for number in range(depth):
            read = pysam.AlignedSegment(out.header)
            bases = SEQUENCE[AT - 50 : AT + 50]
            read.cigarstring = f"{READ}M"
            if number < changed:
                bases = bases[:50] + OTHER + bases[51:]
            elif number < changed + inserted:
                bases, read.cigarstring = bases[:51] + "GG" + bases[51:98], "51M2I47M"
            read.query_name, read.query_sequence, read.flag = f"r{number}", bases, 16 * (number % 2)
            read.query_qualities = pysam.qualitystring_to_array("F" * len(bases))
            read.reference_id, read.reference_start, read.mapping_quality = 0, AT - 50, 60
            out.write(read)
    pysam.index(str(path))


@pytest.fixture
def genome(tmp_path):
    (tmp_path / "alignment").mkdir()
    (tmp_path / "genome.fa").write_text(f">chr1\n{SEQUENCE}\n")
    pysam.faidx(str(tmp_path / "genome.fa"))
    (tmp_path / "targets.bed").write_text("chr1\t460\t490\nchr1\t495\t600\n")
    return tmp_path


def test_bases_are_counted_inside_targets(genome):
    write_reads(genome / "alignment" / "N.cram", changed=10, inserted=5)
    layout = Layout({"chr1": [Interval(460, 490), Interval(495, 600)]})
    found = count_alleles(genome / "alignment" / "N.cram", genome / "genome.fa", layout)
    place = 30 + AT - 495
    assert list(layout.places())[place] == ("chr1", AT) and layout.number("chr1", AT) == place
    assert found.bases[place]["ACGT".index(OTHER)] == 10 and found.bases[place].sum() == 400
    assert found.bases.sum() == 400 * (30 + 55) - 5 * 2
    assert found.indels == {("chr1", AT, SEQUENCE[AT], SEQUENCE[AT] + "GG"): 5}


def write_random_reads(path: Path, number: int) -> None:
    """Reads with wrong, unknown and weak bases, clips, gaps and insertions, in the order of the genome."""
    generator = np.random.default_rng(8)
    header = {"HD": {"VN": "1.6", "SO": "coordinate"}, "SQ": [{"SN": "chr1", "LN": LENGTH}]}
    with pysam.AlignmentFile(str(path), "wb", header=header) as out:
        for start in sorted(generator.integers(300, 700, number).tolist()):
            read = pysam.AlignedSegment(out.header)
            read.query_name, read.cigarstring = (
                "r",
                generator.choice(["100M", "100M", "20S80M", "40M3D60M", "50M2I48M", "60M200N40M"]),
            )
            read.query_sequence = "".join(generator.choice(list("ACGTN"), READ))
            read.query_qualities = generator.choice([19, 20, 37], READ).tolist()
            read.reference_id, read.reference_start = 0, start
            read.mapping_quality = int(generator.choice([19, 20, 60]))
            read.flag = int(generator.choice([0, 16, pysam.FDUP]))
            out.write(read)
    pysam.index(str(path))


def test_every_good_base_is_counted_once(genome):
    """Compared with the aligned pairs of each read; more reads than are counted together."""
    path, layout = genome / "N.bam", Layout({"chr1": [Interval(460, 490), Interval(495, 600), Interval(720, 900)]})
    (genome / "genome.fa").write_text(f">chr1\n{SEQUENCE[:520]}NNN{SEQUENCE[523:560].lower()}{SEQUENCE[560:]}\n")
    write_random_reads(path, 3_000)
    expected = np.zeros((layout.size, 4), int)
    with pysam.AlignmentFile(str(path)) as reads:
        for read in reads:
            if read.flag & pysam.FDUP or read.mapping_quality < 20:
                continue
            for at, position in read.get_aligned_pairs(matches_only=True):
                base = read.query_sequence[at]
                if layout.holds("chr1", position) and read.query_qualities[at] >= 20 and base != "N":
                    expected[layout.number("chr1", position), "ACGT".index(base)] += 1
    assert (count_alleles(path, genome / "genome.fa", layout).bases == expected).all() and expected.max() > 20


def made(genome, changed, inserted=()):
    for number, reads in enumerate(changed):
        write_reads(genome / "alignment" / f"N{number}.cram", reads, inserted=inserted[number] if inserted else 0)
    normals = [Normal(genome, f"N{number}", f"N{number}") for number in range(len(changed))]
    return background(normals, genome / "genome.fa", genome / "targets.bed", sequential)


def sequential(function, jobs):
    return [function(*job) for job in jobs]


def test_an_error_of_several_normals_is_background(genome):
    (one,) = made(genome, [4, 8, 12, 0])
    assert one[:4] == ("chr1", AT, SEQUENCE[AT], OTHER)
    assert (one.count, one.total, one.fraction) == (3, 4, pytest.approx(0.02))
    assert one.sd == pytest.approx(0.01)


@pytest.mark.parametrize("changed", [[0, 0, 12], [200, 190, 210], [2, 2, 2]])
def test_one_normal_inherited_alleles_and_single_reads_are_not(genome, changed):
    assert made(genome, changed) == []


CALLS = """\
##fileformat=VCFv4.2
##contig=<ID=chr1,length=2000>
#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\t{name}
"""


def write_calls(genome, name: str, *rows: tuple[str, str, str]) -> None:
    """Merged calls of a normal that is a case of its own: ALT, callers, and its column."""
    merged = genome / "variants" / "merged"
    merged.mkdir(parents=True, exist_ok=True)
    lines = [
        f"chr1\t{AT + 1}\t.\t{SEQUENCE[AT]}\t{alt}\t9\t.\tCALLERS={callers}\tGT:AD:DP:AF\t{column}\n"
        for alt, callers, column in rows
    ]
    write_vcf([*CALLS.format(name=name).splitlines(keepends=True), *lines], merged / f"{name}.vcf.gz")


def test_callers_of_an_artefact_are_counted_and_alleles_that_the_aligner_writes_otherwise_are_found(genome):
    long = SEQUENCE[AT] + "ACGT" * 20
    for number, (changed, callers) in enumerate([(4, "bcftools,freebayes"), (8, "freebayes"), (0, "bcftools")]):
        shown = (OTHER, callers, f"0/0:{400 - changed},{changed}:400:{changed / 400}")
        inserted = (long, "clipped_reads", f"0/0:390,{number * 10}:400:0.0{number}")
        inherited = (SEQUENCE[AT] + "T", "bcftools", "0/1:200,200:400:0.5")
        write_calls(genome, f"N{number}", shown, inserted, inherited)
    one, two = made(genome, [4, 8, 0])
    assert (one.alt, one.count, one.callers) == (long, 2, (("clipped_reads", 2),))
    assert (one.total, one.fraction) == (3, pytest.approx(0.015))
    assert (two.alt, two.count, two.callers) == (OTHER, 2, (("bcftools", 1), ("freebayes", 2)))
    line = list(background_lines([two], {"chr1": LENGTH}, {"members": []}))[-1]
    assert line.endswith(";PON_CALLERS=bcftools:1,freebayes:2\n")


def test_calls_of_a_tumour_are_not_those_of_its_normal(genome):
    for number in range(3):
        name = f"N{number}"
        write_calls(genome, name, (OTHER, "vardict", "0/0:397,3:400:0.0075"))
        path = genome / "variants" / "merged" / f"{name}.vcf.gz"
        with open_vcf(path) as lines:
            text = [re.sub(f"\\t({name}|0/0:397.*)$", r"\tT1\t\1", line) for line in lines]
        write_vcf([line.replace("\tT1\t0/0", "\t0/1:200,200:400:0.5\t0/0") for line in text], path)
    (one,) = made(genome, [4, 8, 12])
    assert (one.alt, one.count, one.callers) == (OTHER, 3, ())


@pytest.mark.parametrize("column, found", [("0/1:4,9", []), ("0/1:4,9:.:0.6", []), ("0/1:391,9:400", [0.0225])])
def test_fractions_of_calls_are_those_of_their_reads_where_a_record_has_none(genome, column, found):
    write_calls(genome, "N1", (OTHER, "vardict", column))
    path = genome / "variants" / "merged" / "N1.vcf.gz"
    assert [called.fraction for _, called in called_alleles(path, "N1")] == found


@pytest.mark.parametrize("keep", [0.5, None])
def test_calls_that_are_cut_are_named(genome, keep):
    write_calls(genome, "N1", *[(OTHER, "vardict", f"0/0:{number},9:400:0.02") for number in range(20_000)])
    path = genome / "variants" / "merged" / "N1.vcf.gz"
    if keep:
        path.write_bytes(path.read_bytes()[: int(keep * path.stat().st_size)])
    else:
        with open_vcf(path) as lines:
            text = list(lines)
        write_vcf([*text[:-1], "chr1\t501\n"], path)
    with pytest.raises(UnreadableVcf, match="N1.vcf.gz"):
        list(called_alleles(path, "N1"))


def test_the_spread_is_never_below_that_of_chance(genome):
    (one,) = made(genome, [8, 8, 8])
    assert one.sd == pytest.approx((0.02 * 0.98 / 400) ** 0.5)


def test_indels_are_background_too_and_the_file_names_its_members_by_digests(genome):
    (one,) = made(genome, [0, 0, 0], [6, 8, 10])
    assert one[:4] == ("chr1", AT, SEQUENCE[AT], SEQUENCE[AT] + "GG") and one.count == 3
    path = genome / "background.vcf"
    path.write_text("".join(background_lines([one], {"chr1": LENGTH}, {"members": ["abc"]})))
    assert path.read_text().splitlines()[-1].endswith("PON_COUNT=3;PON_TOTAL=3;PON_AF=0.02;PON_SD=0.007")
    assert read_members(path) == {"members": ["abc"], "by_genotype": False}
