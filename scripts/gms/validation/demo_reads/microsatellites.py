"""Homopolymers on a contig of their own: a baseline of normals, and reads of tumours that are stable or not.

The contig is apart from the others, so that their reads stay the same bytes. Reads lose one unit now and then as
polymerases do; molecules of an unstable tumour have lost several at most of the sites.
"""

from pathlib import Path
from typing import NamedTuple

import numpy as np

from gms.biomarkers.msi_baseline import make_baseline, write_baseline
from gms.biomarkers.repeat_lengths import Site, Slippage, slippage
from gms.validation.demo_genome.genome import random_dna
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_reads.fragments import Fragments, Library, Template, captured
from gms.validation.demo_reads.reads import make_reads

CONTIG, PANEL = "chr21", "panel_solid"
SITES, STEP, MARGIN = 44, 100, 300  # homopolymers, bases from one to the next, and at both ends of the contig
DEPTH = 0.75  # over that of the other targets
STUTTER = 30  # of 1,000 reads that lost a unit
NORMALS, READS = 24, 250  # of the baseline, reads at each site


class Stability(NamedTuple):
    """Of an unstable sample: sites in 100 that are unstable, molecules in 100 with a loss there."""

    sites: int
    molecules: int


SAMPLES = {"solid-tumor": Stability(70, 45), "clean-control": Stability(0, 0)}
VERDICTS = {"solid-ffpe": "high", "solid-clean": "stable"}


def sites() -> list[Site]:
    """10-14 units of A or T."""
    found = []
    for number in range(SITES):
        start = MARGIN + STEP * number
        found.append(Site(CONTIG, start, start + 10 + number % 5, "AT"[number % 2]))
    return found


def sequence() -> str:
    """The contig; no site goes on with its own base."""
    text = list(random_dna(Stream("microsatellites"), 2 * MARGIN + STEP * SITES).replace("A" * 9, "ACACACACA"))
    for site in sites():
        text[site.start : site.end] = site.base * (site.end - site.start)
        text[site.start - 1] = text[site.end] = "C"
    return "".join(text)


def region() -> tuple[str, int, int, str]:
    """What the panel captures of the contig."""
    return CONTIG, MARGIN - 20, MARGIN + STEP * (SITES - 1) + 40, "MSI"


def write_normals(path: Path) -> None:
    """The baseline, of normals whose reads lose units as often as those of a stable sample."""
    listed = sites()
    normals = [[_slippage(site, number) for site in listed] for number in range(NORMALS)]
    facts = {"assay": PANEL, "version": "demo", "made": "2026-01-01", "members": [], "reads_sha256": []}
    write_baseline(path, make_baseline(listed, normals, {**facts, "targets_sha256": ""}))


def _slippage(site: Site, normal: int) -> Slippage:
    lost = Stream("normal", normal, site.start).below(1_000, READS) < STUTTER
    units = site.end - site.start
    return slippage([units - int(one) for one in lost], site)


def caught(library: Library, depth: int, stream: Stream) -> tuple[Template, Fragments]:
    """The contig and its fragments in a sample of that depth."""
    text = sequence()
    template = Template(CONTIG, text.encode(), np.arange(len(text) + 1))
    depth = max(1, int(depth * DEPTH))
    return template, captured([template], [region()], library._replace(off_target=0), depth, stream)


def microsatellite_reads(sample: str, library: Library, depth: int) -> tuple[bytes, bytes]:
    """FASTQ text of read 1 and read 2 of the region, read names unlike all others'."""
    text, stream = sequence(), Stream("microsatellite reads", sample)
    template, fragments = caught(library, depth, stream)
    _slip(fragments, text, SAMPLES[sample], stream)
    ((first, second),) = make_reads(fragments, [template], library, stream, 1)
    return first.replace(b"@MINI:1:", b"@MINI:4:"), second.replace(b"@MINI:1:", b"@MINI:4:")


def _slip(fragments: Fragments, text: str, stability: Stability, stream: Stream) -> None:
    """Take units from the homopolymers of some molecules, last sites first."""
    for number, site in reversed(list(enumerate(sites()))):
        inside = np.flatnonzero((fragments.start < site.start) & (fragments.end > site.end))
        draws = zip(inside.tolist(), stream.below(1_000, len(inside)), stream.below(100, len(inside)), strict=True)
        is_unstable = 100 * number < stability.sites * SITES
        for fragment, slip, loss in draws:
            lost = int(slip < STUTTER) + (2 + number % 3) * (is_unstable and loss < stability.molecules)
            if lost:
                start = int(fragments.start[fragment])
                bases = fragments.edited.get(fragment) or text[start : int(fragments.end[fragment])].encode()
                at = site.start - start
                fragments.edited[fragment] = bases[:at] + bases[at + lost :]
