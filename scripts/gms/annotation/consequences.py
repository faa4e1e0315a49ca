"""The effect of an allele on each gene that it touches: the transcript that a person reads, in plain fields.

Within a gene the transcript is chosen by impact, then by MANE; among genes the one with the highest impact is shown.
"""

import re
from typing import NamedTuple

from gms.annotation.changes import MITOCHONDRIA, Sequence
from gms.annotation.effects import SEVERITY, Effect, coding_name, effect_on, pieces
from gms.annotation.facts import Facts
from gms.annotation.transcripts import Model, Transcripts
from gms.genome.alleles import Allele

_FORBIDDEN = re.compile(r"[\s,|]")
_ENCODED = str.maketrans({"%": "%25", ";": "%3B", "=": "%3D"})  # VCF 4.3, section 1.2
BESIDE = frozenset(("upstream_gene_variant", "downstream_gene_variant"))
EXON_OF_RNA = "non_coding_transcript_exon_variant"
_LEVELS = {"HIGH": 0, "MODERATE": 1, "LOW": 2, "MODIFIER": 3}
# Transcripts of these kinds make no protein, or one that is broken down: they are shown where a gene has no others.
_UNPRODUCTIVE = frozenset(("nonsense_mediated_decay", "non_stop_decay", "retained_intron", "processed_transcript"))
_UNPRODUCTIVE |= {"protein_coding_CDS_not_defined", "protein_coding_LoF", "processed_pseudogene"}
_MITOCHONDRIAL_RNA = frozenset(("Mt_rRNA", "Mt_tRNA", "rRNA", "tRNA"))


class _Candidate(NamedTuple):
    model: Model
    effect: Effect
    functional: bool

    @property
    def level(self) -> int:
        return _LEVELS["MODERATE"] if self.functional else _LEVELS[self.effect.impact]

    @property
    def in_gene(self) -> tuple:
        """Order of the transcripts of a gene, best first."""
        transcript, effect = self.model.transcript, self.effect
        unproductive = transcript.partial or transcript.biotype in _UNPRODUCTIVE
        return effect.terms[0] in BESIDE, unproductive, self.level, transcript.rank, SEVERITY[effect.terms[0]]

    @property
    def among_genes(self) -> tuple:
        """Order of genes, best first: a gene with a protein before an RNA gene that is not known to cause disease."""
        transcript, term = self.model.transcript, self.effect.terms[0]
        minor = not (self.model.coding or self.functional) or transcript.biotype in _UNPRODUCTIVE
        return self.level, term in BESIDE, minor, SEVERITY[term], transcript.rank


def effects_on_genes(
    chrom: str, allele: Allele, transcripts: Transcripts, sequence: Sequence, facts: Facts
) -> list[dict[str, str]]:
    """Fields of `gene_effects.KEYS` for each gene that holds the allele (0-based) or lies within 5 kb behind it; the
    gene to show first. Genes before it are left out where there are others."""
    best: dict[str, _Candidate] = {}
    for model in transcripts.near(chrom, allele.pos, allele.pos + len(allele.ref)):
        effect = effect_on(model, allele, sequence)
        candidate = _Candidate(model, effect, is_functional_rna(model, effect, facts))
        gene = model.transcript.gene_id
        if gene not in best or candidate.in_gene < best[gene].in_gene:
            best[gene] = candidate
    ordered = sorted(best.values(), key=lambda candidate: candidate.among_genes)
    kept = [c for c in ordered if c.effect.terms[0] != "downstream_gene_variant"] or ordered[:1]
    return [_fields(candidate, allele, sequence) for candidate in kept]


def is_functional_rna(model: Model, effect: Effect, facts: Facts) -> bool:
    """Whether the allele changes the RNA of a listed gene, or an rRNA or tRNA of the mitochondrion, or a tRNA."""
    if EXON_OF_RNA not in effect.terms:
        return False
    transcript = model.transcript
    mitochondrial = transcript.chrom in MITOCHONDRIA and transcript.biotype in _MITOCHONDRIAL_RNA
    return mitochondrial or transcript.biotype == "tRNA" or transcript.gene in facts.functional_rna


def _fields(candidate: _Candidate, allele: Allele, sequence: Sequence) -> dict[str, str]:
    model, effect = candidate.model, candidate.effect
    exon, intron = pieces(model, effect.at)
    values = {
        "GENE": model.transcript.gene,
        "CONSEQUENCE": "&".join(effect.terms),
        "IMPACT": effect.impact,
        "HGVSC": coding_name(model, allele, sequence),
        "HGVSP": effect.protein,
        "TRANSCRIPT": model.transcript.id,
        "REFSEQ": model.transcript.refseq,
        "EXON": exon,
        "INTRON": intron,
        "FUNCTIONAL_RNA": "yes" if candidate.functional else "",
    }
    return {key: escape(value) for key, value in values.items() if value}


def escape(value: str) -> str:
    """A value that may stand in INFO, percent-encoded; '_' stands for commas and '|', which separate the values of
    genes, and for white space, which tools do not take."""
    return _FORBIDDEN.sub("_", value.translate(_ENCODED))
