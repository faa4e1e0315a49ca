"""A panel of normals: a folder with what the normals of an assay show, a file for each use.

panel.json names the members by digests of their names and reads, and each file by its digest.
"""

from collections.abc import Callable, Sequence
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

from gms.base.digests import sha256
from gms.base.errors import GmsError
from gms.base.json_tables import read_json, write_json
from gms.base.results import named
from gms.biomarkers.msi_baseline import FEWEST_NORMALS as FEWEST_FOR_MSI
from gms.biomarkers.msi_baseline import TooFewNormals, TooFewSites, make_baseline, write_baseline
from gms.biomarkers.repeat_lengths import find_sites, slippages
from gms.genome.intervals import read_contigs, read_targets
from gms.genome.vcf import header_of, record_count, samples_of, write_vcf
from gms.normals.background import (
    FEWEST_CARRIERS,
    GENOME_DEFINITIONS,
    background,
    background_lines,
    founder_lines,
    header_of_panel,
)
from gms.normals.copy_number import build_reference, sex_of
from gms.normals.depth import depth_controls
from gms.normals.members import Normal, digest, first_reads, has_molecules, member, target_bases
from gms.normals.page import CARD
from gms.normals.quality import carried_by, counted, unlike, with_many_events
from gms.normals.structural import CALLS, events_of, frequency_lines
from gms.normals.work import in_parallel
from gms.variants.copy_number.correction import write_controls
from gms.variants.panel_copies.reference import FEWEST_NORMALS, write_reference
from gms.variants.repeats.normals import FEWEST, rows_of, write_normals

PAGE = "panel.html"
FEWEST_FOUNDERS = 10  # of a panel of genomes: three carriers of fewer persons are no frequency


class TooFewForPanel(GmsError):
    """Fewer normals than any file of a panel needs."""

    def __init__(self, count: int):
        super().__init__(
            f"{count} normals can be used. A panel needs {FEWEST_NORMALS}, its microsatellites {FEWEST_FOR_MSI}; "
            f"a panel of genomes needs {FEWEST_FOUNDERS} founders of families"
        )


class OtherAssembly(GmsError):
    """Results of several genomes."""

    def __init__(self, first: Path, other: Path):
        super().__init__(f"{other} has another genome than {first}; make a panel of results of one genome")


class NoFolder(GmsError):
    """A file where the panel's folder should be."""

    def __init__(self, out: Path):
        super().__init__(f"{out} is a file, and a panel is a folder; name another one with --out")


class Source(NamedTuple):
    """What a panel is made of: normals of one assay, the genome and targets that they were compared with. Founders of
    families have genomes without targets."""

    normals: Sequence[Normal]
    assay: str
    fasta: Path
    targets: Path

    @property
    def is_of_genomes(self) -> bool:
        return all(normal.is_founder for normal in self.normals)

    @property
    def contigs(self) -> dict[str, int]:
        return read_contigs(Path(f"{self.fasta}.fai"))


def source_of(normals: Sequence[Normal], assay: str) -> Source:
    """The normals with the files of the first one's results. Raises OtherAssembly."""
    genome = named("genome").path
    first, *others = dict.fromkeys(normal.results for normal in normals)
    source = Source(normals, assay, first / genome, first / named("target_regions").at(assay=assay))
    for other in others:
        if read_contigs(other / f"{genome}.fai") != source.contigs:
            raise OtherAssembly(first, other)
    return source


def build_panel(source: Source, version: str, out: Path) -> list[str]:
    """Write the files of a panel to the folder `out`, and say what was made and what was not. Raises TooFewForPanel."""
    if len(source.normals) < (FEWEST_FOUNDERS if source.is_of_genomes else FEWEST_NORMALS):
        raise TooFewForPanel(len(source.normals))
    _make_folder(out)
    facts = {
        "assay": source.assay,
        "version": version,
        "made": date.today().isoformat(),
        "members": sorted(member(normal.name) for normal in source.normals),
        "reads_sha256": sorted(map(digest, source.normals)),
        "first_reads": sorted(head for normal in source.normals for head in first_reads(normal)),
        "molecules": any(map(has_molecules, source.normals)),
    }
    if not source.is_of_genomes:
        facts |= {"targets_sha256": sha256(source.targets), "target_bases": target_bases(source.targets)}
    said = [make(source, facts, out) for make in (GENOME_PARTS if source.is_of_genomes else PARTS)]
    files = {path.name: sha256(path) for path in sorted(out.iterdir()) if path.name in FILES}
    write_json(out / CARD, {**facts, "normals": len(source.normals), "files": files})
    return said


def _make_folder(out: Path) -> None:
    """Make the folder, without the files of an earlier panel, which may have had more of them. Raises NoFolder."""
    if out.exists() and not out.is_dir():
        raise NoFolder(out)
    out.mkdir(parents=True, exist_ok=True)
    for name in (CARD, PAGE, *FILES, *(f"{name}.tbi" for name in FILES)):
        (out / name).unlink(missing_ok=True)


def _background(source: Source, facts: dict[str, Any], out: Path) -> str:
    alleles = background(source.normals, source.fasta, source.targets)
    if not alleles:  # an empty VCF has no index that a run would take
        return f"no background.vcf.gz: no allele is shown by {FEWEST_CARRIERS} normals in few reads."
    write_vcf(background_lines(alleles, source.contigs, facts), out / "background.vcf.gz")
    return f"background.vcf.gz: {len(alleles):,} alleles that {FEWEST_CARRIERS} normals or more show in few reads."


def unaffected(normals: Sequence[Normal]) -> list[Normal]:
    """Those whose variants may be counted: what causes a disease would be the more surely called common, the more
    patients have it."""
    return [normal for normal in normals if not normal.is_affected]


def _founder_alleles(source: Source, facts: dict[str, Any], out: Path) -> str:
    """Small variants of founders, in one pass over the calls of their cases."""
    normals = [normal for normal in unaffected(source.normals) if normal.path("merged").is_file()]
    if len(normals) < FEWEST_FOUNDERS:
        return f"no background.vcf.gz: small variants were called in {len(normals)} unaffected founders."
    path, own = out / "background.vcf.gz", {"members": sorted(member(normal.name) for normal in normals)}
    header = header_of_panel(source.contigs, facts | own, GENOME_DEFINITIONS)
    write_vcf(chain(header, founder_lines(normals, source.contigs)), path)
    if not (found := record_count(path)):  # an empty VCF has no index that a run would take
        for empty in (path, Path(f"{path}.tbi")):
            empty.unlink()
        return (
            f"no background.vcf.gz: {FEWEST_CARRIERS} of {len(normals)} unaffected founders have no allele in common."
        )
    who = f"{len(normals)} unaffected founders"
    return f"background.vcf.gz: {found:,} alleles that {FEWEST_CARRIERS} or more of {who} have."


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


def frequencies(source: Source, facts: dict[str, Any], out: Path) -> str:
    """Structural variants of founders; of a gene panel those of normals that are cases of their own: junctions of a
    tumour that are found in its normal, too, may be its cells."""
    who, fewest = "normals of their own", FEWEST_NORMALS
    if source.is_of_genomes:
        who, fewest = "unaffected founders", FEWEST_FOUNDERS
    found = [normal for normal in unaffected(source.normals) if normal.path(CALLS[0]).is_file()]
    normals = [one for one in found if source.is_of_genomes or samples_of(header_of(one.path(CALLS[0]))) == [one.name]]
    if len(normals) < fewest:
        return f"no structural.vcf.gz: structural variants were looked for in {len(normals)} {who}."
    events = events_of(normals)
    if not events:  # an empty VCF has no index that a run would take
        return f"no structural.vcf.gz: none of {len(normals)} {who} has a structural variant."
    own = {
        "members": sorted(member(normal.name) for normal in normals),
        "quality": carried_by(normals, [one.carriers for one in events]),
    }
    write_vcf(frequency_lines(events, len(normals), source.contigs, facts | own), out / "structural.vcf.gz")
    several = sum(len(event.carriers) > 1 for event in events)
    number = counted(len(events), "event", "events")
    text = f"structural.vcf.gz: {number} of {len(normals)} {who}, {several:,} in two or more."
    return "\n  ".join([text, *with_many_events(normals, own["quality"])])


def _depth(source: Source, facts: dict[str, Any], out: Path) -> str:
    sexes = list(map(sex_of, source.normals))
    controls = depth_controls([normal.path("cram") for normal in source.normals], sexes, source.fasta, facts)
    names = [member(normal.name) for normal in source.normals]
    quality = [{"member": name, **row} for name, row in zip(names, controls.facts["quality"], strict=True)]
    quality.sort(key=lambda row: row["member"])
    write_controls(out / "copy_number.npz", controls._replace(facts={**controls.facts, "quality": quality}))
    bases = sum(end - start for _, start, end, _ in controls.facts["biased"])
    text = (
        f"copy_number.npz: depth of {len(sexes)} founders, {sexes.count('male')} male. In {bases / 1000:,g} kb all have"
    )
    text += " half of a copy more or less than the sequence explains."
    return "\n  ".join([text, *unlike(source.normals, quality)])


def _repeats(source: Source, facts: dict[str, Any], out: Path) -> str:
    normals = [normal for normal in unaffected(source.normals) if normal.path("repeats_facts").is_file()]
    rows = rows_of((read_json(normal.path("repeats_facts")), normal.name) for normal in normals)
    if not rows:
        return f"no repeats.tsv: no locus is known in {FEWEST} unaffected founders or more."
    own = {"members": sorted(member(normal.name) for normal in normals), "normals": len(normals)}
    contigs = {row["contig"]: source.contigs[row["contig"]] for row in rows}
    write_normals(out / "repeats.tsv", rows, {**facts, **own, "contigs": contigs})
    told = sum(row["stutter"] != "-" for row in rows)
    loci = counted(len(rows), "locus", "loci")
    return f"repeats.tsv: alleles of {len(normals)} unaffected founders at {loci}, with stutter {told}."


Part = Callable[[Source, dict[str, Any], Path], str]
PARTS: tuple[Part, ...] = (_background, _copy_number, _microsatellites, frequencies)
GENOME_PARTS: tuple[Part, ...] = (_founder_alleles, frequencies, _depth, _repeats)
FILES = ("background.vcf.gz", "copy_number.tsv", "msi.tsv", "structural.vcf.gz", "copy_number.npz", "repeats.tsv")
