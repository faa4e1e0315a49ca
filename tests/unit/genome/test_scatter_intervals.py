import gzip
from pathlib import Path

import pytest

from gms.genome.intervals import Interval, merge, read_contigs, read_targets
from gms.genome.scatter_intervals import Shard, ToolFailed, run_shard, run_shards, shards

CONTIGS = {"chr1": 1_000, "chr2": 333, "chrM": 7}


def owned_bases(found: list[Shard]) -> list[tuple[str, int]]:
    return [(shard.contig, base) for shard in found for start, end in shard.owned for base in range(start, end)]


@pytest.mark.parametrize("size", [1, 7, 100, 333, 334, 1_000, 5_000_000])
def test_pieces_own_each_base_of_the_genome_once(size):
    bases = owned_bases(list(shards(CONTIGS, None, size)))
    assert bases == [(contig, base) for contig, length in CONTIGS.items() for base in range(length)]


@pytest.fixture
def targets(tmp_path):
    bed = tmp_path / "targets.bed"
    # Out of order, overlapping, across the boundary at 500, at both ends of a contig
    bed.write_text("# panel\nchr1\t480\t520\texon2\nchr1\t100\t110\nchr1\t105\t130\nchr2\t0\t5\nchr2\t320\t333\n")
    return bed


@pytest.mark.parametrize("size", [10, 100, 500, 5_000_000])
def test_pieces_own_each_base_of_targets_and_margins_once(targets, size):
    expected = [("chr1", base) for low, high in ((50, 180), (430, 570)) for base in range(low, high)]
    expected += [("chr2", base) for low, high in ((0, 55), (270, 333)) for base in range(low, high)]
    assert owned_bases(list(shards(CONTIGS, targets, size))) == expected


def test_pieces_see_their_surroundings_within_the_contig():
    shard = Shard("chr1", 1_000, (Interval(0, 10), Interval(150, 160), Interval(900, 990)))
    assert shard.seen(pad=100) == [(0, 260), (800, 1_000)]


def test_callers_see_less_beyond_a_target_than_beyond_a_cut(tmp_path):
    """Where a target ends nothing depends on shards; where one is cut, both see the bases around the cut."""
    bed = tmp_path / "targets.bed"
    bed.write_text("chr1\t1050\t1150\nchr1\t4550\t5500\nchr1\t8050\t8100\n")

    first, second = shards({"chr1": 10_000}, bed, 5_000)

    assert first.called() == [(900, 1_300), (4_400, 5_200)]
    assert second.called() == [(4_800, 5_650), (7_900, 8_250)]


def test_callers_see_a_whole_genome_beyond_each_cut():
    assert [shard.called() for shard in shards({"chr1": 1_000}, None, 500)] == [[(0, 700)], [(300, 1_000)]]


def test_piece_owns_half_open_intervals():
    shard = Shard("chr1", 1_000, (Interval(10, 20), Interval(30, 40)))
    assert [p for p in range(50) if shard.owns(p, p + 1)] == [*range(10, 20), *range(30, 40)]


@pytest.mark.parametrize(
    "start, end, owned", [(0, 11, True), (0, 10, False), (20, 30, False), (20, 31, True), (15, 90, True)]
)
def test_piece_owns_an_allele_that_reaches_into_it(start, end, owned):
    shard = Shard("chr1", 1_000, (Interval(10, 20), Interval(30, 40)))
    assert shard.owns(start, end) is owned


@pytest.mark.parametrize("size", [10, 100, 500, 5_000_000])
def test_every_allele_has_one_owner_where_it_reaches_into_a_target(targets, size):
    asked = [(50, 180), (430, 570)]
    found = [shard for shard in shards(CONTIGS, targets, size) if shard.contig == "chr1"]
    for start in range(0, 700, 3):
        for length in (1, 7, 60, 400):
            owners = [shard for shard in found if shard.owns(start, start + length)]
            assert len(owners) == any(start < e and s < start + length for s, e in asked), (start, length, owners)


def test_touching_intervals_are_joined():
    found = merge([Interval(5, 9), Interval(1, 3), Interval(3, 4), Interval(6, 7)])
    assert found == [(1, 4), (5, 9)]


def test_contigs_keep_the_order_of_the_index(tmp_path):
    fai = tmp_path / "genome.fa.fai"
    fai.write_text("chr10\t50\t6\t60\t61\nchr2\t30\t70\t60\t61\n")
    assert list(read_contigs(fai).items()) == [("chr10", 50), ("chr2", 30)]


def run(command: str, jobs: int = 2) -> list[tuple[Shard, list[str]]]:
    todo = shards({"chr1": 100}, None, 25)
    return [(shard, list(lines)[1:]) for shard, lines in run_shards(f"echo '#CHROM'; {command}", todo, jobs)]


def test_output_comes_in_the_order_of_the_shards():
    late_first = "sleep 0.0$(( 3 - $(cut -f2 {bed} | head -c1) % 4 )) 2> /dev/null; cat {bed}"
    assert [lines for _, lines in run(late_first)] == [["chr1\t0\t100\n"]] * 4  # each sees 200 bases more than it owns


def test_a_failing_tool_is_named_by_place_and_last_words():
    with pytest.raises(ToolFailed, match=r"^chr1:1: exit code 3: cannot open reads$"):
        run("echo cannot open reads >&2; exit 3")


def test_failures_inside_a_pipe_are_seen():
    with pytest.raises(ToolFailed):
        run("false | cat")


@pytest.mark.parametrize("output", ["", "##fileformat=VCFv4.2\\n", "#CHROM\\nchr1\\t1", "#CHROM"])
def test_output_that_is_not_a_whole_vcf(tmp_path, output):
    shard = next(shards({"chr1": 100}, None, 25))
    with pytest.raises(ToolFailed, match="its VCF is not complete"):
        run_shard(f"printf '{output}'", shard, tmp_path / "0")


def test_an_error_that_a_tool_reports_without_failing(tmp_path):
    shard = next(shards({"chr1": 100}, None, 25))
    with pytest.raises(ToolFailed, match=r"but it reported \[E::cram_uncompress_block\] Block CRC32 failure"):
        run_shard("echo '[E::cram_uncompress_block] Block CRC32 failure' >&2; echo '#CHROM'", shard, tmp_path / "0")


def test_a_full_disk_that_the_tool_ignores(tmp_path):
    shard = next(shards({"chr1": 100}, None, 25))
    (tmp_path / "0.vcf").symlink_to("/dev/full")
    with pytest.raises(ToolFailed, match="No space left on device"):
        run_shard("printf '#CHROM\\n' || true", shard, tmp_path / "0")


def test_pieces_leave_no_files_behind(tmp_path, monkeypatch):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    run("cat {bed}")
    assert list(Path(tmp_path).iterdir()) == []


def test_any_name_of_a_temporary_folder_will_do(tmp_path):
    folder = tmp_path / "a b'c\"d;e$(touch harm)`touch harm`\nf"
    folder.mkdir()
    print_vcf = "printf '#CHROM\\n'; cat {bed}"
    made = run_shard(print_vcf, Shard("chr1", 1_000, (Interval(300, 310),)), folder / "0")
    assert made.read_text() == "#CHROM\nchr1\t100\t510\n"
    assert sorted(path.name for path in folder.iterdir()) == ["0.bed", "0.vcf"]


def test_targets_may_be_gzipped(tmp_path):
    text = "track name=panel\nchr1\t10\t20\tKRAS\nchr2\t5\t9\n"
    (tmp_path / "panel.bed").write_text(text)
    (tmp_path / "panel.bed.gz").write_bytes(gzip.compress(text.encode()))
    expected = {"chr1": [Interval(10, 20)], "chr2": [Interval(5, 9)]}
    assert read_targets(tmp_path / "panel.bed") == read_targets(tmp_path / "panel.bed.gz") == expected
