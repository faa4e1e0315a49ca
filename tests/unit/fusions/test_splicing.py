"""Listed splice events: their introns by the gene models, and the share of fragments without the exons."""

import pytest

from gms.annotation.transcripts import Transcript, Transcripts, to_line
from gms.fusions.splicing import Event, WrongSpliceEvent, borders, counted, read_events
from gms.variants.rna.junctions import Split, intron

EXONS = tuple((at, at + 100) for at in range(1_000, 6_000, 1_000))
TWO = Event("G", "skipped", 2, 3)


def models(forward: bool, number: int = 5) -> Transcripts:
    exons = EXONS[:number]
    coding = exons[0][0] + 20, exons[-1][1] - 20
    line = to_line(Transcript("T", "G", "E", "chr1", forward, "protein_coding", 0, False, "", exons, coding, 0))
    return Transcripts([line])


@pytest.mark.parametrize(
    ("forward", "without", "usual"),
    [
        (True, (1_100, 4_000), ((1_100, 2_000), (3_100, 4_000))),
        (False, (2_100, 5_000), ((4_100, 5_000), (2_100, 3_000))),
    ],
)
def test_introns_of_an_event(forward, without, usual):
    (found,) = borders([TWO, Event("OTHER", "not there", 2, 2)], models(forward))

    assert found.without == intron("chr1", *without)
    assert found.usual == tuple(intron("chr1", *one) for one in usual)


def test_an_event_without_an_exon_behind_it_is_not_assessed():
    assert list(borders([TWO], models(True, 3))) == []


@pytest.mark.parametrize(("without", "left", "right", "share"), [(2, 20, 16, 0.1), (0, 30, 30, 0.0), (4, 5, 5, None)])
def test_share_of_the_fragments(without, left, right, share):
    (event,) = borders([TWO], models(True))
    numbers = zip((event.without, *event.usual), (without, left, right), strict=True)
    splits = {junction: {str(name): Split(20, True) for name in range(number)} for junction, number in numbers}

    found = counted(event, splits)

    assert (found["without"], found["usual"], found["share"], found["exons"]) == (
        without,
        (left + right) / 2,
        share,
        "2-3",
    )


def test_the_list_of_the_project_and_a_wrong_row(tmp_path):
    assert {(one.gene, one.first, one.last) for one in read_events()} == {("MET", 14, 14), ("EGFR", 2, 7)}
    path = tmp_path / "events.tsv"
    path.write_text("gene\tname\tfirst\tlast\nMET\tE\t14\t13\n")

    with pytest.raises(WrongSpliceEvent, match="exons 14 to 13 of MET cannot be left out"):
        read_events(path)
