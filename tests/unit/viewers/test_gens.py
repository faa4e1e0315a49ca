"""The files for Gens, as its documentation wants them: resolutions by prefix, log2 ratios, fractions, tabix index."""

import re

import numpy as np
import pysam

from gms.variants.copy_number.correction import Expected
from gms.variants.copy_number.depth import Reads
from gms.viewers.gens import allele_fractions, depth_lines, fraction_lines, write_bed

PLACE = re.compile(r"[oabcd]_([0-9]{1,2}|X|Y|MT)")  # docs/admin_guide/load_gens_data.md: a_1, d_22, o_X


def rows(path):
    with pysam.TabixFile(str(path)) as file:
        found = [line.split("\t") for contig in file.contigs for line in file.fetch(contig)]
    assert all(len(row) == 4 and PLACE.fullmatch(row[0]) and int(row[1]) + 1 == int(row[2]) for row in found)
    return [(row[0], int(row[1]), float(row[3])) for row in found]


def test_depth_has_five_resolutions_of_log2_ratios(tmp_path):
    """200 kb of 10 reads a bin; the second half has one copy, and a bin in the middle of that is not known."""
    two = np.full(400, 10.0)
    two[300] = np.nan
    reads = np.array([10] * 200 + [5] * 200)
    expected = Expected({"chr1": two}, 0.0, 10.0)
    write_bed(depth_lines({"chr1": Reads(reads, reads)}, expected), tmp_path / "cov.bed.gz")
    found = rows(tmp_path / "cov.bed.gz")
    numbers = {prefix: sum(place[0] == prefix for place, *_ in found) for prefix in "oabcd"}
    assert numbers == {"o": 2, "a": 8, "b": 40, "c": 200, "d": 399}
    assert [row for row in found if row[0] == "o_1"] == [("o_1", 50_000, 0.0), ("o_1", 150_000, -1.0)]


def test_a_window_without_reads_has_a_finite_value(tmp_path):
    expected = Expected({"chrX": np.full(4, 10.0)}, 0.0, 10.0)
    zero = np.zeros(4, int)
    write_bed(depth_lines({"chrX": Reads(zero, zero)}, expected), tmp_path / "cov.bed.gz")
    assert {value for *_, value in rows(tmp_path / "cov.bed.gz")} == {-4.0}


def test_fractions_are_of_common_single_bases_with_enough_reads(tmp_path):
    head = "##fileformat=VCFv4.2\n##contig=<ID=chr1>\n##gms_parts={}\n"
    head += "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tchild\tmother\n"
    alleles = ((11, "C", 0.3, "8,12", "3,3"), (21, "AT", 0.3, "9,9", "9,9"), (31, "G", 0.001, "20,0", "0,20"))
    lines = [
        f"chr1\t{pos}\t.\tA\t{alt}\t9\t.\tPOP_AF={af}\tGT:AD\t0/1:{one}\t0/1:{two}\n"
        for pos, alt, af, one, two in alleles
    ]
    path = tmp_path / "annotated.vcf"
    path.write_text(head.format("population,genes") + "".join(lines))
    assert allele_fractions(path) == {"child": [("chr1", 10, 0.6)], "mother": []}
    path.write_text(head.format("genes") + "".join(lines))
    assert [value for *_, value in allele_fractions(path)["mother"]] == [1.0]
    write_bed(fraction_lines(allele_fractions(path)["child"]), tmp_path / "baf.bed.gz")
    assert [row for row in rows(tmp_path / "baf.bed.gz") if row[0] == "d_1"] == [("d_1", 10, 0.6), ("d_1", 30, 0.0)]
