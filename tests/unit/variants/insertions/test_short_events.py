"""Deletions and duplications between ends that reads are clipped at."""

import random

import pytest

from gms.variants.insertions.calls import contract_lines, read_proposals
from gms.variants.insertions.proposals import Proposal
from gms.variants.insertions.short_events import ShortEvents
from gms.variants.small.clipped_reads import ClippedEnd
from gms.variants.structural.cases import _proposals
from gms.variants.structural.events import Breakend, Event

BASES = "".join(random.Random(3).choices("ACGT", k=3_000))


def clipped(pos, right, text, names="ab"):
    """An end that reads with these names agree on."""
    return ClippedEnd(pos, right, text, "", (), frozenset(names))


def events(ends, bases=BASES):
    short = ShortEvents("chr1", lambda start, end: bases[start:end])
    assert list(short.watched(ends)) == ends
    return [(one.kind, one.first, one.second) for one in short.found]


@pytest.mark.parametrize(
    ("start", "end", "text", "names", "is_found"),
    [
        (1_000, 1_254, BASES[1_254:1_290], "cd", True),
        (1_000, 1_254, BASES[1_254:1_290], "ab", False),  # two fragments together
        (1_000, 1_254, BASES[1_254:1_270], "cd", False),  # 16 bases
        (1_000, 1_254, BASES[2_254:2_290], "cd", False),  # other bases
        (1_000, 1_040, BASES[1_040:1_076], "cd", False),  # a small variant
        (1_000, 2_100, BASES[2_100:2_136], "cd", False),  # fragments tell
    ],
)
def test_what_reads_show_behind_a_cut_goes_on_at_the_other(start, end, text, names, is_found):
    found = events([clipped(start, True, text), clipped(end, False, "ACGTACGT", names)])
    expected = ("DEL", Breakend("chr1", start, "3"), Breakend("chr1", end, "5"))
    assert found == [expected] * is_found


def test_bases_that_both_cuts_share_are_kept_behind_the_deletion():
    bases = BASES[:1_254] + BASES[1_000:1_006] + BASES[1_260:]
    found = events([clipped(1_006, True, bases[1_260:1_300]), clipped(1_254, False, "ACGTACGT", "cd")], bases)
    assert found == [("DEL", Breakend("chr1", 1_000, "3"), Breakend("chr1", 1_254, "5"))]


@pytest.mark.parametrize("shared", [0, 6])
def test_what_reads_show_behind_a_duplication_is_its_beginning(shared):
    bases = BASES[:1_122] + BASES[1_000 : 1_000 + shared] + BASES[1_122 + shared :]
    ends = [
        clipped(1_000, False, "ACGTACGT", "cd"),
        clipped(1_122 + shared, True, bases[1_000 + shared : 1_040 + shared]),
    ]
    assert events(ends, bases) == [("DUP", Breakend("chr1", 1_000, "5"), Breakend("chr1", 1_122, "3"))]


def test_each_end_in_a_tandem_repeat_proposes_one_event_at_most():
    bases = "ACGTTGCAGATTACAGGCTCATCCGTAAGT" * 100
    places = [(pos, right) for pos in range(500, 1_500, 10) for right in (True, False)]
    ends = [clipped(pos, right, bases[pos : pos + 40], f"{pos}{right}ab") for pos, right in places]
    assert 0 < len(events(ends, bases)) <= len(ends)


def test_of_ends_that_fit_the_one_with_most_fragments_is_taken_then_the_nearest():
    bases = BASES[:1_254] + BASES[1_000:1_100] + BASES[1_354:]
    shown = bases[1_254:1_290]
    ends = [clipped(900, True, shown, "ab"), clipped(1_000, True, shown, "abef"), clipped(1_050, True, shown, "ab")]
    left = clipped(1_254, False, "ACGTACGT", "cd")
    assert [first.cut for _, first, _ in events([*ends, left], bases)] == [1_000]
    assert [first.cut for _, first, _ in events([ends[0], ends[2], left], bases)] == [1_050]


def test_deletions_and_insertions_of_a_caller_are_read_apart(tmp_path):
    insertion = Proposal("chr1", 700, 690, "ACGT" * 6, "TTGA" * 6, 7)
    lost = Event("DEL", Breakend("chr1", 500, "3"), Breakend("chr1", 754, "5"), ("clippedreads",))
    lines = list(contract_lines([insertion, lost], {"chr1": 3_000}))
    assert [line.split("\t")[1] for line in lines if not line.startswith("#")] == ["500", "690"]
    path = tmp_path / "calls.vcf"
    path.write_text("".join(lines))
    assert list(_proposals({"clippedreads": path})) == [lost]
    assert [one.before for one in read_proposals(path)] == [700]
