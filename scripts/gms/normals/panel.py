"""A panel of normals: a folder with what the normals of an assay show, a file for each use.

panel.json names the members by digests of their names and reads, and each file by its digest.
"""

from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.json_tables import write_json
from gms.base.results import named
from gms.biomarkers.msi_baseline import FEWEST_NORMALS as FEWEST_FOR_MSI
from gms.biomarkers.msi_baseline import TooFewNormals, TooFewSites, make_baseline, write_baseline
from gms.biomarkers.repeat_lengths import find_sites, slippages
from gms.genome.intervals import read_contigs, read_targets
from gms.genome.vcf import write_vcf
from gms.normals.background import FEWEST_CARRIERS, background, background_lines
from gms.normals.copy_number import build_reference
from gms.normals.members import Normal, digest, member
from gms.normals.quality import unlike
from gms.normals.work import in_parallel
from gms.variants.panel_copies.reference import FEWEST_NORMALS, write_reference

CARD, PAGE = "panel.json", "panel.html"


class TooFewForPanel(GmsError):
    """Fewer normals than any file of a panel needs."""

    def __init__(self, count: int):
        super().__init__(
            f"{count} normals can be used. A panel needs {FEWEST_NORMALS}, its microsatellites {FEWEST_FOR_MSI}"
        )


class NoFolder(GmsError):
    """A file where the panel's folder should be."""

    def __init__(self, out: Path):
        super().__init__(f"{out} is a file, and a panel is a folder; name another one with --out")


class Source(NamedTuple):
    """What a panel is made of: normals of one assay, the genome and targets that they were compared with."""

    normals: Sequence[Normal]
    assay: str
    fasta: Path
    targets: Path


def source_of(normals: Sequence[Normal], assay: str) -> Source:
    """The normals with the files of the first one's results."""
    folder = normals[0].results
    return Source(normals, assay, folder / named("genome").path, folder / named("target_regions").at(assay=assay))


def build_panel(source: Source, version: str, out: Path) -> list[str]:
    """Write the files of a panel to the folder `out`, and say what was made and what was not. Raises TooFewForPanel."""
    if len(source.normals) < FEWEST_NORMALS:
        raise TooFewForPanel(len(source.normals))
    if out.exists() and not out.is_dir():
        raise NoFolder(out)
    out.mkdir(parents=True, exist_ok=True)
    for name in (CARD, PAGE, *FILES, "background.vcf.gz.tbi"):  # of an earlier panel, which may have had more of them
        (out / name).unlink(missing_ok=True)
    facts = {
        "assay": source.assay,
        "version": version,
        "made": date.today().isoformat(),
        "members": sorted(member(normal.name) for normal in source.normals),
        "reads_sha256": sorted(map(digest, source.normals)),
        "targets_sha256": sha256(source.targets),
    }
    said = [make(source, facts, out) for make in PARTS]
    files = {path.name: sha256(path) for path in sorted(out.iterdir()) if path.name in FILES}
    write_json(out / CARD, {**facts, "normals": len(source.normals), "files": files})
    return said


def _background(source: Source, facts: dict[str, Any], out: Path) -> str:
    alleles = background(source.normals, source.fasta, source.targets)
    if not alleles:  # an empty VCF has no index that a run would take
        return f"no background.vcf.gz: no allele is shown by {FEWEST_CARRIERS} normals in few reads."
    contigs = read_contigs(Path(f"{source.fasta}.fai"))
    write_vcf(background_lines(alleles, contigs, facts), out / "background.vcf.gz")
    return f"background.vcf.gz: {len(alleles):,} alleles that {FEWEST_CARRIERS} normals or more show in few reads."


def _copy_number(source: Source, facts: dict[str, Any], out: Path) -> str:
    reference = build_reference(source.normals, source.fasta, source.targets, facts)
    write_reference(out / "copy_number.tsv", reference)
    sexes = " and ".join(reference.facts["sexes"])
    x_and_y = f"X and Y of a {sexes}" if sexes else f"not X and Y, which need {FEWEST_NORMALS} normals of one sex"
    windows = len({window[:3] for window in reference.windows})
    said = [f"copy_number.tsv: {windows:,} windows of the autosomes, {x_and_y}."]
    return "\n  ".join([*said, *unlike(source.normals, reference.facts["quality"])])


def _microsatellites(source: Source, facts: dict[str, Any], out: Path) -> str:
    sites = list(find_sites(source.fasta, read_targets(source.targets)))
    try:
        if len(source.normals) < FEWEST_FOR_MSI:
            raise TooFewNormals(len(source.normals))
        jobs = [(normal.path("cram"), source.fasta, sites) for normal in source.normals]
        baseline = make_baseline(sites, in_parallel(slippages, jobs), facts)
    except (TooFewNormals, TooFewSites) as error:
        return f"no msi.tsv: {error}."
    write_baseline(out / "msi.tsv", baseline)
    low, high = baseline.factors
    text = f"msi.tsv: {len(baseline.sites)} sites, {baseline.facts['sites_left_out']} left out;"
    return f"{text} libraries stutter {low:g} to {high:g} times the mean (mean +- 3 SD)."


Part = Callable[[Source, dict[str, Any], Path], str]
PARTS: tuple[Part, ...] = (_background, _copy_number, _microsatellites)
FILES = ("background.vcf.gz", "copy_number.tsv", "msi.tsv")
