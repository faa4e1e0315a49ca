"""The transcript and the words that a person reads."""

from pathlib import Path

from gms.annotation.consequences import Transcripts, pick

MISSENSE = "T|missense_variant|MODERATE|{}|ENSG1|transcript|{}|protein_coding|5/9|c.35G>A|p.Gly12Asp||||"
BESIDE = "T|upstream_gene_variant|MODIFIER|NEAR|ENSG2|transcript|ENST9|protein_coding||c.-4000G>A||||||"
TRANSCRIPTS = Transcripts({"ENSG1": "KRAS", "ENSG2": "NEAR"}, {"ENST1": 0, "ENST2": 2, "ENST9": 0})


def test_mane_goes_before_what_snpeff_lists_first():
    ann = ",".join([MISSENSE.format("x", "ENST2.5"), MISSENSE.format("x", "ENST1.7")])
    assert pick(ann, TRANSCRIPTS)["TRANSCRIPT"] == "ENST1.7"


def test_a_transcript_that_holds_the_variant_goes_before_a_neighbour():
    picked = pick(",".join([BESIDE, MISSENSE.format("x", "ENST7")]), TRANSCRIPTS)
    assert (picked["GENE"], picked["HGVSP"]) == ("KRAS", "p.Gly12Asp")


def test_an_exon_that_only_mane_plus_clinical_has_is_not_called_an_intron():
    intron = "T|intron_variant|MODIFIER|{}|ENSG1|transcript|{}|protein_coding|5/9|c.36-90G>A|||||"
    transcripts = TRANSCRIPTS._replace(ranks={"ENST1": 0, "ENST4": 1, "ENST5": 2})
    ann = [intron.format("x", "ENST1"), MISSENSE.format("x", "ENST4"), MISSENSE.format("x", "ENST5")]
    assert pick(",".join(ann), transcripts)["TRANSCRIPT"] == "ENST4"
    assert pick(",".join([ann[0], ann[2]]), transcripts)["TRANSCRIPT"] == "ENST1"
    assert pick(",".join([ann[1], MISSENSE.format("x", "ENST1")]), transcripts)["TRANSCRIPT"] == "ENST1"


def test_beside_a_gene_only_the_neighbour_is_named():
    picked = pick(BESIDE, TRANSCRIPTS)
    assert (picked["GENE"], picked["HGVSC"]) == ("NEAR", "c.-4000G>A")
    assert "HGVSP" not in picked


def test_an_unchanged_residue_is_written_as_hgvs_does():
    ann = "T|synonymous_variant|LOW|TP53|ENSG3|transcript|ENST3|protein_coding|7/11|c.720G>A|p.Glu240Glu||||"
    assert pick(ann, TRANSCRIPTS)["HGVSP"] == "p.Glu240%3D"


def test_no_transcript_no_fields():
    ann = "T|intergenic_region|MODIFIER|A-B|A-B|intergenic_region|A-B|||n.931G>A||||||"
    assert pick(ann, TRANSCRIPTS) == {}


def test_mitochondria_have_their_own_genetic_code():
    config = (Path(__file__).parents[3] / "resources" / "snpeff.config").read_text()
    table = config.partition("codon.Vertebrate_Mitochondrial : ")[2].strip().split(", ")
    codons = {codon: residue.removesuffix("+") for codon, residue in (entry.split("/") for entry in table)}
    assert len(codons) == 64
    # https://www.ncbi.nlm.nih.gov/Taxonomy/Utils/wprintgc.cgi#SG2
    assert "".join(codons[codon] for codon in ("TGA", "ATA", "AGA", "AGG")) == "WM**"
    assert [codon for codon, residue in codons.items() if residue == "*"] == ["TAA", "TAG", "AGA", "AGG"]
    assert all(f"genome.{contig}.codonTable : Vertebrate_Mitochondrial" in config for contig in ("chrM", "M", "MT"))
