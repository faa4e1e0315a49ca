"""The synthetic genome GMSmini: chromosomes with genes, changing GC content, repeats and one segmental duplication."""

from dataclasses import dataclass

from gms.validation.demo_genome import smn
from gms.validation.demo_genome.catalogue import CONTIGS, GAPS, GENES, REPEAT, RNA_GENES, GeneFacts, RnaFacts
from gms.validation.demo_genome.islands import ISLANDS, with_islands
from gms.validation.demo_genome.sequence import SENSE, reverse_complement
from gms.validation.demo_genome.stream import Stream
from gms.validation.demo_genome.transcripts import RnaGene, Transcript

SPACER = 1_500
INTRON = (180, 500)
EXON_CODONS = (36, 62)
GC_WINDOW = 400
DUPLICATED = 2_600
DIVERGENCE = 70
"""One base in so many differs between the two copies of the duplicated block."""


@dataclass(frozen=True)
class Genome:
    """Chromosome sequences (upper case), gene models, and the 0-based half-open intervals where short reads mislead."""

    sequences: dict[str, str]
    transcripts: dict[str, Transcript]
    mask: tuple[tuple[str, int, int, str], ...]
    rna_genes: dict[str, RnaGene]


def make_genome() -> Genome:
    """The whole genome, always the same."""
    sequences, transcripts = {}, {}
    for chrom, length in CONTIGS.items():
        sequences[chrom], found = _make_contig(chrom, length)
        transcripts.update(found)
    _place_repeat(sequences)
    sequences[smn.CONTIG] = smn.with_genes(sequences[smn.CONTIG], random_dna(smn.stream(), smn.SIZE))
    mask = (*_duplicate(sequences, transcripts["PMS2"]), _simple_repeat(sequences), *smn.mask())
    rna_genes = {gene.symbol: _placed(gene, transcripts[gene.before]) for gene in RNA_GENES}
    return Genome(sequences, transcripts, tuple(sorted(mask)), rna_genes)


def _place_repeat(sequences: dict[str, str]) -> None:
    """Put the repeat that may expand into its contig, between bases that do not go on with it."""
    chrom, at, unit, copies = REPEAT
    text = f"TTACGATC{unit * copies}TCATGCTA"
    sequences[chrom] = sequences[chrom][: at - 8] + text + sequences[chrom][at - 8 + len(text) :]


def _placed(gene: RnaFacts, other: Transcript) -> RnaGene:
    start = other.start - gene.distance
    return RnaGene(gene.symbol, gene.gene_id, gene.transcript_id, other.chrom, start, start + gene.length)


def _make_contig(chrom: str, length: int) -> tuple[str, dict[str, Transcript]]:
    if chrom in ISLANDS:
        plan = ISLANDS[chrom]
        return with_islands(chrom, random_dna(Stream("islands of", chrom), plan.number * plan.size)), {}
    parts, found, at = [], {}, 0
    for gene in (gene for gene in GENES if gene.chrom == chrom):
        if found and chrom in GAPS:
            first, end = GAPS[chrom]
            parts += [random_dna(Stream("tail", chrom), first - at), "N" * (end - first)]
            at = end
        spacer = random_dna(Stream("spacer", gene.symbol), SPACER + Stream("gap", gene.symbol).one(600))
        block, transcript = _make_gene(gene, at + len(spacer))
        parts += [spacer, block]
        at += len(spacer) + len(block)
        found[gene.symbol] = transcript
    if at + SPACER > length:
        raise ValueError(f"{chrom} needs at least {at + SPACER} bases, has {length}")
    parts.append(random_dna(Stream("tail", chrom, *(["PAR"] if chrom in GAPS else [])), length - at))
    return "".join(parts), found


def random_dna(stream: Stream, length: int) -> str:
    """DNA without genes: GC content differs between windows; a homopolymer or a tandem repeat every 2.6 kb."""
    bases: list[str] = []
    while len(bases) < length:
        gc = stream.between(34, 60)
        draw = stream.below(200, GC_WINDOW)
        bases += ["GC"[d & 1] if d < 2 * gc else "AT"[d & 1] for d in draw.tolist()]
    sequence = "".join(bases[:length])
    for at in range(800 + stream.one(800), length - 200, 2_600):
        unit, times = stream.pick((("A", 11), ("T", 9), ("G", 7), ("CA", 12), ("AAAG", 8), ("TTC", 9)))
        sequence = sequence[:at] + unit * times + sequence[at + len(unit) * times :]
    return sequence


def _make_gene(gene: GeneFacts, at: int) -> tuple[str, Transcript]:
    """The DNA of a gene as it reads on the forward strand when placed at `at`, and its transcript."""
    stream = Stream("gene", gene.symbol)
    coding = _coding_sequence(gene, stream)
    promoter, utr5 = _upstream(gene, stream)
    utr3 = (
        gene.after + random_dna(stream, 160 + stream.one(80))
        if gene.after
        else random_dna(stream, 160 + stream.one(80))
    )
    pieces, exons = [promoter], []
    where, start = len(promoter), 0
    ends = [*(gene.ends or _exon_ends(gene, stream)), len(coding)]
    for number, end in enumerate(ends):
        exon = (utr5 if number == 0 else "") + coding[start:end] + (utr3 if end == len(coding) else "")
        exons.append((where, where + len(exon)))
        intron = _intron(stream) if end < len(coding) else ""
        pieces += [exon, intron]
        where += len(exon) + len(intron)
        start = end
    limits = (exons[0][0] + len(utr5), exons[-1][1] - len(utr3))
    return _place(gene, "".join(pieces), exons, limits, at)


def _place(gene: GeneFacts, block: str, exons: list, coding: tuple[int, int], at: int) -> tuple[str, Transcript]:
    def on_genome(span: tuple[int, int]) -> tuple[int, int]:
        start, end = span if gene.strand == "+" else (len(block) - span[1], len(block) - span[0])
        return at + start, at + end

    spans = tuple(sorted(map(on_genome, exons)))
    transcript = Transcript(
        gene.symbol, gene.gene_id, gene.transcript_id, gene.chrom, gene.strand, spans, on_genome(coding)
    )
    return (block if gene.strand == "+" else reverse_complement(block)), transcript


def _upstream(gene: GeneFacts, stream: Stream) -> tuple[str, str]:
    """Promoter and 5' UTR, which together end just before the ATG."""
    upstream = random_dna(stream, 120 + gene.utr5 - min(len(gene.before), 120)) + gene.before
    return upstream[: -gene.utr5], upstream[-gene.utr5 :]


def _coding_sequence(gene: GeneFacts, stream: Stream) -> str:
    codons = ["ATG", *(stream.pick(SENSE) for _ in range(gene.codons - 2)), stream.pick(("TAA", "TAG", "TGA"))]
    for first, dna in gene.fixed.items():
        for i in range(0, len(dna), 3):
            codons[first - 1 + i // 3] = dna[i : i + 3]
    return "".join(codons)


def _exon_ends(gene: GeneFacts, stream: Stream) -> list[int]:
    """Invented exon boundaries that leave each residue of interest and its neighbours in one exon."""
    ends, at = [], 0
    while gene.codons * 3 - at > EXON_CODONS[1] * 3 + 90:
        at += 3 * stream.between(*EXON_CODONS) + stream.one(3)
        for first, dna in gene.fixed.items():
            if (first - 8) * 3 < at < (first + 8) * 3 + len(dna):
                at = (first + 8) * 3 + len(dna) + stream.one(3)
        ends.append(at)
    return ends


def _intron(stream: Stream) -> str:
    body = random_dna(stream, stream.between(*INTRON))
    return "GTAAGT" + body + "TACTAACTTTTCTTTTCCTTACAG"


def _duplicate(sequences: dict[str, str], transcript: Transcript) -> list[tuple[str, int, int, str]]:
    """Copy the 3' part of a gene to the end of its chromosome with some differences, as PMS2CL does to PMS2."""
    chrom, start = transcript.chrom, transcript.start - 200
    stream, sequence = Stream("duplication"), sequences[transcript.chrom]
    copy = [
        base if stream.one(DIVERGENCE) else "ACGT"["ACGT".index(base) ^ 1]
        for base in sequence[start : start + DUPLICATED]
    ]
    target = len(sequence) - DUPLICATED - 300
    sequences[chrom] = sequence[:target] + "".join(copy) + sequence[target + DUPLICATED :]
    return [(chrom, at, at + DUPLICATED, "segmental_duplication") for at in (start, target)]


def _simple_repeat(sequences: dict[str, str]) -> tuple[str, int, int, str]:
    """A block of low complexity at the end of chr19."""
    stream, at = Stream("low complexity"), len(sequences["chr19"]) - 1_100
    block = "".join(stream.pick(("CA", "TG", "CACA", "TATG")) for _ in range(300))[:700]
    sequences["chr19"] = sequences["chr19"][:at] + block + sequences["chr19"][at + len(block) :]
    return "chr19", at, at + len(block), "low_complexity"
