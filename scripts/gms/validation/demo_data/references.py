"""The reference files of GMSmini: FASTA, genes, population, ClinVar, hotspots, mask, panels and their normals."""

from collections.abc import Iterable, Iterator
from pathlib import Path

from gms.validation.demo_genome import smn
from gms.validation.demo_genome.bgzf import write_indexed
from gms.validation.demo_genome.catalogue import REPEAT
from gms.validation.demo_genome.genome import Genome
from gms.validation.demo_genome.islands import ISLANDS, UNIPARENTAL
from gms.validation.demo_genome.knowledge import (
    BACKGROUND,
    CLINVAR,
    HOTSPOT_ALLELES,
    HOTSPOT_CODONS,
    IDENTITY_SITES,
    NORMALS,
    PANELS,
    PROMOTERS,
)
from gms.validation.demo_genome.population import CARRIED, Frequent
from gms.validation.demo_genome.sequence import translate
from gms.validation.demo_genome.transcripts import Transcript, gff_lines, rna_lines
from gms.validation.demo_genome.variants import Variant, resolve
from gms.validation.demo_reads import microsatellites, mitochondrion
from gms.validation.demo_reads.fragments import Region

PADDING = 20
ALLELES = 20_000  # of the invented population
LINE = 60
Record = tuple[str, int, str, str, str]
"""CHROM, 1-based POS, REF, ALT, INFO."""


def write_references(genome: Genome, population: list[Frequent], folder: Path) -> None:
    """All reference files, compressed and indexed where they usually are."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_fasta(genome, folder / "GMSmini.fa")
    _write_genes(genome, folder / "genes.gff3.gz")
    write_vcf(genome, folder / "population.vcf.gz", _population_records(genome, population), POPULATION_FIELDS)
    write_vcf(genome, folder / "clinvar.vcf.gz", _clinvar_records(genome), CLINVAR_FIELDS)
    write_vcf(genome, folder / "hotspots.vcf.gz", _hotspot_records(genome), ["HOTSPOT,1,String,Name of the hotspot"])
    mask = [f"{chrom}\t{start}\t{end}\t{why}" for chrom, start, end, why in in_genome_order(genome, genome.mask)]
    write_indexed(folder / "mask.bed.gz", mask, "bed")
    (folder / "repeats.tsv").write_text(_repeats())
    (folder / "smn.tsv").write_text(smn.table())
    microsatellites.write_normals(folder / "microsatellites.tsv")
    for panel in PANELS:
        regions = panel_regions(genome, population, panel)
        regions += [microsatellites.region()] if panel == microsatellites.PANEL else []
        (folder / f"targets_{panel}.bed").write_text("".join("\t".join(map(str, region)) + "\n" for region in regions))
        if records := list(_normals_records(genome, population, panel)):
            write_vcf(genome, folder / f"normals_{panel}.vcf.gz", records, NORMALS_FIELDS)


POPULATION_FIELDS = ["AF,A,Float,Allele frequency", "AN,1,Integer,Alleles that were seen"]
CLINVAR_FIELDS = [
    "CLNSIG,.,String,Clinical significance (invented)",
    "CLNREVSTAT,.,String,Review status (invented)",
    "CLNDN,.,String,Disease name (invented)",
    "GENEINFO,1,String,Gene symbol and number",
]
NORMALS_FIELDS = [
    "PON_COUNT,1,Integer,Normals that carry the allele",
    "PON_TOTAL,1,Integer,Normals in the panel",
    "PON_AF,1,Float,Median allele fraction in the carriers",
    "PON_SD,1,Float,Standard deviation of the allele fraction in the carriers",
]


def in_genome_order(genome: Genome, rows: Iterable[tuple]) -> list[tuple]:
    """Rows that begin with chromosome and position, sorted as the genome is."""
    order = {chrom: number for number, chrom in enumerate(genome.sequences)}
    return sorted(rows, key=lambda row: (order[row[0]], *row[1:]))


def write_vcf(genome: Genome, path: Path, records: Iterable[Record], fields: list[str]) -> None:
    """A VCF without samples; `fields` are ID,Number,Type,Description."""
    lines = ["##fileformat=VCFv4.2", "##source=gms.mini, synthetic: not real data", "##reference=GMSmini.fa"]
    for chrom, sequence in genome.sequences.items():
        lines.append(f"##contig=<ID={chrom},length={len(sequence)},assembly=GMSmini>")
    lines += ['##INFO=<ID={},Number={},Type={},Description="{}">'.format(*field.split(",", 3)) for field in fields]
    lines.append("#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO")
    for chrom, pos, ref, alt, info in in_genome_order(genome, records):
        lines.append(f"{chrom}\t{pos}\t.\t{ref}\t{alt}\t.\t.\t{info}")
    write_indexed(path, lines, "vcf")


def _apart() -> dict[str, str]:
    """Contigs of which only some samples have reads."""
    return {contig.CONTIG: contig.sequence() for contig in (mitochondrion, microsatellites)}


def _write_fasta(genome: Genome, path: Path) -> None:
    text, index = "", []
    for chrom, sequence in {**genome.sequences, **_apart()}.items():
        text += f">{chrom} GMSmini synthetic, not a human sequence\n"
        index.append(f"{chrom}\t{len(sequence)}\t{len(text)}\t{LINE}\t{LINE + 1}\n")
        text += "".join(sequence[at : at + LINE] + "\n" for at in range(0, len(sequence), LINE))
    path.write_text(text)
    Path(f"{path}.fai").write_text("".join(index))


def _repeats() -> str:
    """The repeat of ATXN7 with its limits, at its place in this genome."""
    chrom, at, unit, copies = REPEAT
    place = dict.fromkeys(("start38", "start37"), at) | dict.fromkeys(("end38", "end37"), at + copies * len(unit))
    row = {"gene": "ATXN7", "disease": "Spinocerebellar ataxia 7", "chrom": chrom.removeprefix("chr"), **place}
    row |= {"motif": unit, "pathogenic_motif": unit, "benign_max": 27, "intermediate_min": 28}
    row |= {"pathogenic_min": 37, "pathogenic_min_stranger": 36, "inheritance": "AD"}
    return "".join("\t".join(map(str, line)) + "\n" for line in (row, row.values()))


def _write_genes(genome: Genome, path: Path) -> None:
    lines = [
        "##gff-version 3",
        "#!genome-build GMSmini",
        "#!synthetic gene models with real symbols and hotspot codons",
    ]
    lines += [f"##sequence-region {chrom} 1 {len(sequence)}" for chrom, sequence in genome.sequences.items()]
    for chrom in genome.sequences:
        features = [f for t in genome.transcripts.values() if t.chrom == chrom for f in gff_lines(t)]
        features += [f for gene in genome.rna_genes.values() if gene.chrom == chrom for f in rna_lines(gene)]
        lines += [line for _, _, line in sorted(features)]
    write_indexed(path, lines, "gff")


def _population_records(genome: Genome, population: list[Frequent]) -> Iterator[Record]:
    for known in (known for known in population if known.variant.chrom != UNIPARENTAL):
        yield (*known.variant, f"AF={known.frequency / 10_000:.4f};AN={ALLELES}")
    # One of two alleles that were seen: no evidence that the de novo variant of rare-trio is common.
    yield (*resolve(genome, "SCN1A", "missense:150"), "AF=0.5;AN=2")


def _clinvar_records(genome: Genome) -> Iterator[Record]:
    for number, known in enumerate(CLINVAR, start=1):
        words = f"CLNSIG={known.significance};CLNREVSTAT={known.review};CLNDN={known.disease}"
        words += f";GENEINFO={known.gene}:{number}"
        yield (*resolve(genome, known.gene, known.change), words)


def _hotspot_records(genome: Genome) -> Iterator[Record]:
    for symbol, first, last in HOTSPOT_CODONS:
        transcript = genome.transcripts[symbol]
        ends = transcript.genomic(3 * first - 2), transcript.genomic(3 * last)
        sequence = genome.sequences[transcript.chrom][min(ends) : max(ends) + 1]
        name = f"{symbol}_exon19del" if last > first else f"{symbol}_{_residue(transcript, sequence)}{first}"
        yield transcript.chrom, min(ends) + 1, sequence, ".", f"HOTSPOT={name}"
    for symbol, change, name in HOTSPOT_ALLELES:
        variant = resolve(genome, symbol, change)
        yield (*_right_most(genome.sequences[variant.chrom], variant), f"HOTSPOT={name}")


def _right_most(sequence: str, variant: Variant) -> Variant:
    """An insertion or deletion at its last place, seen from the start of the contig; others as they are."""
    chrom, pos, ref, alt = variant
    while len(ref) != len(alt) and (long := max(ref, alt, key=len))[1] == sequence[pos - 1 + len(ref)]:
        ref, alt = (text[1:] + long[1] for text in (ref, alt))
        pos += 1
    return Variant(chrom, pos, ref, alt)


def _residue(transcript: Transcript, codon: str) -> str:
    return translate(transcript.on_strand(codon))


def _normals_records(genome: Genome, population: list[Frequent], panel: str) -> Iterator[Record]:
    """Artefacts at low fractions, and the common variants of the normals at about a half."""
    for seen in (seen for seen in BACKGROUND if seen.panel == panel):
        variant = resolve(genome, seen.gene, seen.change)
        yield (*variant, _normals_info(seen.count, seen.fraction / 1000, seen.deviation / 1000))
    for chrom, start, end, _ in panel_regions(genome, population, panel):
        for known in population:
            carriers = min(NORMALS, known.frequency * NORMALS * 2 // 10_000)
            if known.variant.chrom == chrom and start < known.variant.pos <= end and carriers and known.background:
                yield (*known.variant, _normals_info(carriers, 0.498, 0.031))


def _normals_info(count: int, fraction: float, deviation: float) -> str:
    return f"PON_COUNT={count};PON_TOTAL={NORMALS};PON_AF={fraction:.4f};PON_SD={deviation:.4f}"


def panel_regions(genome: Genome, population: list[Frequent], panel: str) -> list[Region]:
    """Target regions of a panel, 0-based half-open, 20 bases beyond the exons (GMS560), overlapping ones joined."""
    regions = []
    for symbol, residues in PANELS[panel].items():
        transcript = genome.transcripts[symbol]
        wanted = {transcript.genomic(3 * residue - 1) for residue in residues}
        for start, end in transcript.coding_exons:
            if not residues or any(start <= position < end for position in wanted):
                regions.append((transcript.chrom, start - PADDING, end + PADDING, symbol))
    for symbol, first, last in PROMOTERS.get(panel, ()):
        transcript = genome.transcripts[symbol]
        ends = sorted((transcript.genomic(first), transcript.genomic(last)))
        regions.append((transcript.chrom, ends[0], ends[1] + 1, symbol))
    return _joined(
        in_genome_order(genome, [*regions, *_identity_regions(genome, population, IDENTITY_SITES.get(panel, 0))])
    )


def _identity_regions(genome: Genome, population: list[Frequent], count: int) -> Iterator[Region]:
    """So many common SNVs outside of genes, spread over the autosomes."""
    genes = {(t.chrom, p) for t in genome.transcripts.values() for p in range(t.start - 500, t.end + 500)}
    frequent = [f.variant for f in population if f.background and f.frequency > 2 * CARRIED]
    outside = [
        v for v in frequent if v.chrom[3:].isdigit() and v.chrom not in ISLANDS and (v.chrom, v.pos) not in genes
    ]
    common = [v for v in outside if len(v.ref) == len(v.alt)]
    for number in range(count):
        variant = common[number * len(common) // count]
        yield variant.chrom, variant.pos - 1 - PADDING, variant.pos + PADDING, "ID-SNP"


def _joined(regions: list[Region]) -> list[Region]:
    joined: list[Region] = []
    for chrom, start, end, symbol in regions:
        if joined and joined[-1][0] == chrom and start <= joined[-1][2]:
            joined[-1] = (chrom, joined[-1][1], max(end, joined[-1][2]), joined[-1][3])
        else:
            joined.append((chrom, start, end, symbol))
    return joined
