"""The file of a reference of copy number: written, read, and refused."""

import pytest

from gms.genome.intervals import Interval
from gms.variants.panel_copies.reference import (
    OFF_TARGET,
    Reference,
    UnreadableReference,
    Window,
    read_reference,
    relative_spreads,
    shared_bases,
    write_reference,
)

FACTS = {"assay": "panel_solid", "version": "1", "members": [], "normals": 6, "sexes": ["male"]}
WINDOWS = (
    Window("chr1", 0, 200, "TP53", 0.25, 300.0, 0.5, 0.1, 0.05),
    Window("chrX", 0, 200, "AR", -0.5, 150.0, 0.5, 0.1, 0.05, "male"),
)


def test_what_normals_differ_by_is_relative_to_windows_of_its_kind():
    found = [Window("chr1", n, n + 1, "TP53", 0.0, 1.0, 0.5, 0.0, spread) for n, spread in enumerate((0.1, 0.2, 0.4))]
    found += [Window("chr1", n, n + 1, OFF_TARGET, 0.0, 1.0, 0.5, 0.0, 0.5) for n in (7, 8)]
    assert list(relative_spreads(found).values()) == pytest.approx([0.5, 1.0, 2.0, 1.0, 1.0])
    assert set(relative_spreads([one._replace(spread=0.0) for one in found]).values()) == {1.0}


def test_a_reference_is_read_as_it_was_written(tmp_path):
    path = tmp_path / "copy_number.tsv"
    write_reference(path, Reference(FACTS, WINDOWS))
    found = read_reference(path)
    assert found == Reference(FACTS, WINDOWS)
    assert found.of_sex("male") == list(WINDOWS)
    assert found.of_sex("unknown") == found.of_sex("female") == [WINDOWS[0]]


@pytest.mark.parametrize("text", ["", "chromosome\tstart\n", '##gms_copy_number_reference={"assay": "a"}\n'])
def test_another_file_is_no_reference(tmp_path, text):
    path = tmp_path / "copy_number.tsv"
    path.write_text(text)
    with pytest.raises(UnreadableReference, match=r"make one with \./gms normals build"):
        read_reference(path)


def test_a_damaged_row_makes_it_unreadable(tmp_path):
    path = tmp_path / "copy_number.tsv"
    write_reference(path, Reference(FACTS, WINDOWS))
    path.write_text(path.read_text().replace("150", "many"))
    with pytest.raises(UnreadableReference):
        read_reference(path)


@pytest.mark.parametrize(
    "targets, shares",
    [
        ({"chr1": [(0, 200)], "chrX": [(0, 900)]}, (1.0, 1.0)),  # X may have too few normals of a sex
        ({"chr1": [(0, 100), (150, 200)]}, (1.0, 0.75)),
        ({"chr1": [(0, 200), (500, 700)]}, (0.5, 1.0)),
        ({"1": [(0, 200)]}, (0.0, 0.0)),
        ({"chrX": [(0, 200)]}, (1.0, 0.0)),
    ],
)
def test_how_much_of_the_targets_a_reference_has(targets, shares):
    windows = (*WINDOWS, Window("chr1", 5_000, 155_000, OFF_TARGET, *[0.0] * 5))
    asked = {contig: [Interval(*part) for part in parts] for contig, parts in targets.items()}
    assert shared_bases(Reference(FACTS, windows), asked) == shares
