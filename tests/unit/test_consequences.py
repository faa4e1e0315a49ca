"""The transcript and the words that a person reads."""

from gms.consequences import Transcripts, pick

MISSENSE = "T|missense_variant|MODERATE|{}|ENSG1|transcript|{}|protein_coding|5/9|c.35G>A|p.Gly12Asp||||"
BESIDE = "T|upstream_gene_variant|MODIFIER|NEAR|ENSG2|transcript|ENST9|protein_coding||c.-4000G>A||||||"
TRANSCRIPTS = Transcripts({"ENSG1": "KRAS", "ENSG2": "NEAR"}, {"ENST1": 0, "ENST2": 2, "ENST9": 0})


def test_mane_goes_before_what_snpeff_lists_first():
    ann = ",".join([MISSENSE.format("x", "ENST2.5"), MISSENSE.format("x", "ENST1.7")])
    assert pick(ann, TRANSCRIPTS)["TRANSCRIPT"] == "ENST1.7"


def test_a_transcript_that_holds_the_variant_goes_before_a_neighbour():
    picked = pick(",".join([BESIDE, MISSENSE.format("x", "ENST7")]), TRANSCRIPTS)
    assert (picked["GENE"], picked["HGVSP"]) == ("KRAS", "p.Gly12Asp")


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
