"""Reads of homopolymers and of molecules with UMIs are as planned."""

import re
from collections import defaultdict

import numpy as np
import pysam
import pytest

from gms.biomarkers.msi_baseline import read_baseline
from gms.biomarkers.repeat_lengths import find_sites
from gms.genome.intervals import Interval
from gms.validation.demo_data.measures import measured
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads import microsatellites
from gms.validation.demo_reads.fragments import Fragments, Library, Template
from gms.validation.demo_reads.molecules import COPIES, UMI, molecule_reads

PLASMA = Library(60, 100, 0, 0)


def test_the_panel_has_the_homopolymers_of_the_baseline_and_no_others(tmp_path):
    contig, start, end, _ = microsatellites.region()
    fasta = tmp_path / "genome.fa"
    fasta.write_text(f">{contig}\n{microsatellites.sequence()}\n")
    pysam.faidx(str(fasta))
    microsatellites.write_normals(tmp_path / "normals.tsv")
    listed = [one.site for one in read_baseline(tmp_path / "normals.tsv").sites]
    assert list(find_sites(fasta, {contig: [Interval(start, end)]})) == listed == microsatellites.sites()


@pytest.mark.parametrize("sample", microsatellites.SAMPLES)
def test_molecules_lose_units_at_unstable_sites_only(sample):
    """0.03 units of a read by chance; at unstable sites 2-4 units of 45 % of the molecules."""
    first, _ = microsatellites.microsatellite_reads(sample, Library(100, 170, 20, 0), 57)
    text, stability = microsatellites.sequence(), microsatellites.SAMPLES[sample]
    lost = []
    for site in microsatellites.sites():
        left, right = text[site.start - 8 : site.start], text[site.end : site.end + 8]
        runs = re.findall(f"{left}({site.base}+){right}", first.decode())
        lost.append(sum(site.end - site.start - len(run) for run in runs) / len(runs))
    unstable = round(len(lost) * stability.sites / 100)
    assert np.mean(lost[unstable:]) < 0.1
    assert not unstable or np.mean(lost[:unstable]) > 0.8


def test_each_molecule_is_read_on_both_strands_with_its_umis_swapped():
    text = "".join("ACGT"[n] for n in Stream("dna").below(4, 400).tolist())
    templates = [Template("chr1", text.encode(), np.arange(len(text) + 1))]
    starts = np.arange(0, 250, 10)
    fragments = Fragments(np.zeros(len(starts), dtype=np.int64), starts, starts + 100, {})
    ((first, second),) = molecule_reads(fragments, templates, PLASMA, Stream("molecules"))
    pairs = list(zip(first.split(b"\n")[1::4], second.split(b"\n")[1::4], strict=True))
    assert len(pairs) == 2 * COPIES * len(starts) and {len(read) for pair in pairs for read in pair} == {60}
    families = defaultdict(int)
    for one, other in pairs:
        families[frozenset((one[:UMI], other[:UMI]))] += 1
    whole = [count for count in families.values() if count == 2 * COPIES]
    assert len(whole) > 0.5 * len(starts)  # the others have an error in a UMI


def test_what_a_report_measured_is_in_words():
    control = {"variants": [{"state": "found"}, {"state": "low"}]}
    samples = [{"metrics": {"pairs_per_molecule": 3.7}}]
    findings = [{"genes": [gene], "partners": names} for gene, names in (("B", ["x"]), ("A", ["x"]), ("C", []))]
    results = {"msi": {"results": [{"verdict": "high"}]}, "control": control, "findings": findings}
    document = {"samples": samples, **results}
    assert measured(document) == {
        "microsatellites": "high",
        "control": "1 of 2 found, 1 low",
        "pairs of a molecule": "4",
        "pairs in trans": "A, B",
    }
    assert measured({"samples": [{"metrics": {}}], "msi": None, "control": None, "findings": []}) == {}
