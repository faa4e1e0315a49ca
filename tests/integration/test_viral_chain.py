"""The consensus of simulated reads of a made-up virus is the genome that they were made from, where it is covered."""

from random import Random

import pytest

from gms.validation.demo_virus.amplicon_reads import Edit, edited
from made_up_virus import GENOME, OTHER, TILES, examined, reads


def passed(lines):
    return [(int(f[1]), f[3], f[4]) for f in lines if f[6] == "PASS"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("virus")


def is_of(sequence: str, truth: str) -> bool:
    """Whether a consensus is the truth wherever it has a base."""
    start = sequence.index(sequence.strip("N"))
    inner = sequence.strip("N")
    return len(inner) > 850 and "N" not in inner and truth[start:].startswith(inner)


EDITS = {
    # Reads from both sides end within it: 40 of its 45 bases each.
    "insertion that no read shows whole": [Edit(500, "", "CATGGATACCAGTTGCAGTCATTGACAGGTCTAACTGCATTAGAC")],
    "deletion": [Edit(210, GENOME[210:213], "")],
    "frameshift": [Edit(450, "", "G"), Edit(500, GENOME[500:504], "")],
    "long insertion": [Edit(240, "", "ACCTTGAGCATTACGGATCCATTGACCATG")],
    "insertion at the end of all reads": [Edit(354, "", "CATGGATACCAGTTGCAGTCATTGACA")],
    # It begins like what follows it: alignments from both sides overlap by three bases.
    "insertion that begins like the genome": [Edit(240, "", GENOME[240:243] + "CATGGATACCAGTTGCAGTCATTGACA")],
    "neighbours": [Edit(460, GENOME[460:472], ""), Edit(530, GENOME[530:554], ""), Edit(700, "", "TTGACCA")],
}


@pytest.mark.parametrize("name", EDITS)
def test_consensus_is_the_edited_genome(folder, name):
    record, sequence, lines = examined(folder, reads(EDITS[name]), name.replace(" ", "-"))
    assert is_of(sequence, edited(GENOME, EDITS[name])), sequence
    assert len(passed(lines)) == len(EDITS[name])
    assert not record["metrics"]["amplicons_dropped"] and record["metrics"]["scheme_fits"] is True


def test_an_insertion_of_which_reads_show_the_ends_only_is_n(folder):
    """Of 77 bases the reads from the left show 50, those from the right 30: too few in common to join them."""
    insert = "CATGGATACCAGTTGCAGTCATTGACAGGTCTAACTGCATTAGACGTTCAAGCTGTCAGTTACGAACTCTGACCATG"
    record, sequence, lines = examined(folder, reads([Edit(490, "", insert)]), "ends-only")
    assert [490, 492, "CLIPPED"] in record["not_called"] and not passed(lines)
    assert sequence[489:492] == "NNN" and "N" not in sequence[44:489] + sequence[492:956]


def test_variants_under_a_primer_come_from_the_neighbour(folder):
    """Primers have the bases of the genome: untrimmed, half of the reads would hide each of these."""
    places = [*range(335, 376, 20), 350, 385, 610, 680]
    edits = [Edit(at, GENOME[at], "T" if GENOME[at] != "T" else "C") for at in sorted(set(places))]
    hidden = [
        e for e in edits if any(t.start <= e.start < t.insert_start or t.insert_end <= e.start < t.end for t in TILES)
    ]
    assert len(hidden) >= 3
    _, sequence, lines = examined(folder, reads(edits), "primers")
    assert [pos - 1 for pos, _, _ in passed(lines)] == [e.start for e in edits]
    assert all(float(f[7].split("AF=")[1].split(";")[0]) >= 0.95 for f in lines if f[6] == "PASS")


def test_reads_whose_mates_are_lost_decide_as_the_depth_counts_them(folder):
    """The right mates of an amplicon are noise and do not align: bcftools leaves out the left ones unless asked."""
    edit, random = Edit(420, GENOME[420], "G" if GENOME[420] != "G" else "A"), Random(3)
    pairs, left = reads([edit], error=0.0), GENOME[TILES[1].start : TILES[1].insert_start]
    for number in range(60, 120):
        one, two = pairs[number]
        noise = "".join(random.choices("ACGT", k=len(one)))
        pairs[number] = (one, noise) if one.startswith(left) else (noise, two)
    _, sequence, lines = examined(folder, pairs, "lost-mates")
    assert passed(lines) == [(421, edit.ref, edit.alt)] and sequence[420] == edit.alt


def test_one_depth_decides_on_vcf_and_consensus(folder):
    """Nine reads of a deletion: reported as LOW_DEPTH, and the consensus has N, not the reference and not a gap."""
    edits = [Edit(450, GENOME[450:460], "")]
    record, sequence, lines = examined(folder, reads(edits, pairs={"v_2": 4}), "shallow")
    assert [f[6] for f in lines] == ["LOW_DEPTH"] and record["metrics"]["low_depth_variants"] == 1
    assert len(sequence) == len(GENOME) and set(sequence[420:580]) == {"N"}
    assert [tile["amplicon"] for tile in record["amplicons"] if tile["dropped"]] == ["v_2"]


@pytest.mark.parametrize(
    "share, base, state", [(0.9, "alt", "PASS"), (0.5, "code", "AMBIGUOUS"), (0.1, "ref", "MINOR")]
)
def test_fractions_decide_on_the_base(folder, share, base, state):
    edit = Edit(500, GENOME[500], "G" if GENOME[500] != "G" else "A")
    number = int(100 * share)
    pairs = reads([edit], pairs_each=number, error=0) + reads([], 2, pairs_each=100 - number, error=0)
    _, sequence, lines = examined(folder, pairs, f"share-{number}")
    code = {"AG": "R", "CT": "Y", "CG": "S", "AT": "W", "GT": "K", "AC": "M"}["".join(sorted(edit.ref + edit.alt))]
    assert sequence[500] == {"alt": edit.alt, "ref": edit.ref, "code": code}[base]
    assert [f[6] for f in lines] == [state]


def test_a_control_without_reads_has_an_empty_consensus(folder):
    record, sequence, lines = examined(folder, [], "empty", role="control")
    assert set(sequence) == {"N"} and len(sequence) == len(GENOME) and not lines
    assert record["metrics"]["virus_reads"] == 0 and record["metrics"]["scheme_fits"] is None


def test_a_wrong_scheme_is_recognised(folder):
    record, _, _ = examined(folder, reads([], tiles=OTHER), "wrong")
    assert record["metrics"]["scheme_fits"] is False and record["scheme_best"] == "w"


def test_mixture_of_two_genomes_is_no_error_of_amplification(folder):
    edits = [Edit(at, GENOME[at], "T" if GENOME[at] != "T" else "C") for at in range(120, 900, 60)]
    pairs = reads(edits, pairs_each=20) + reads([], 2, pairs_each=180)
    record, _, _ = examined(folder, pairs, "mixture")
    assert record["second_bases_excess"] is True and record["metrics"]["intermediate_sites"] >= 10
