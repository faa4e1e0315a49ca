import pytest

from gms.explain.asked import (
    Change,
    Event,
    Gene,
    Genomic,
    NotUnderstood,
    Place,
    Region,
    Regions,
    Rs,
    Symbolic,
    normalised,
    understand,
)

BRAF = Place("chr7", 140753336, "A", "T")


@pytest.mark.parametrize("text", [
    "chr7:140753336:A:T",
    "chr7-140753336-A-T",
    "chr7:140753336 A>T",
    "chr7:g.140753336A>T",
    "chr7 140753336 A T",
    "chr7:140,753,336:a:t",
    "chr7:140753336-A/T",
    "chr7_140753336_A_T",
    "chr7\t140753336\t.\tA\tT",
    "chr7\t140753336\trs113488022\tA\tT",
])  # fmt: skip
def test_spellings_of_an_allele(text):
    assert understand(text) == BRAF


@pytest.mark.parametrize("text, meant", [
    ("7-140753336-A-T", Place("7", 140753336, "A", "T")),
    ("chr7:140753336", Place("chr7", 140753336, None, None)),
    ("rs113488022", Rs("rs113488022")),
    ("dbSNP:rs113488022", Rs("rs113488022")),
    ("MT:m.3243A>G", Place("MT", 3243, "A", "G")),
    ("m.3243A>G", Place("MT", 3243, "A", "G")),
    ("m.8271_8279del", Genomic("MT", "m.8271_8279del")),
    ("BRAF:c.[31G>C;32A>T]", Change("BRAF", "c.[31G>C;32A>T]")),
    ("chr7:g.[401G>C;442A>T]", Place("chr7", 401, "G", "C")),
    ("chr15:22,000,000-26,000,000", Region("chr15", 22_000_000, 26_000_000)),
    ("chr15", Regions("15")),
    ("UPD", Regions("")),
    ("upd(15)mat", Regions("15")),
    ("ROH chrX", Regions("chrX")),
    ("CHRD", Gene("CHRD")),
    ("BRAF", Gene("BRAF")),
    ("NKX2-1", Gene("NKX2-1")),
    ("HLA-DRB1", Gene("HLA-DRB1")),
    ("H3-3A", Gene("H3-3A")),
    ("NM_004333.6(BRAF):c.1799T>A", Change("NM_004333.6", "c.1799T>A", "BRAF")),
    ("NM_004333.6(BRAF):c.1799T>A (p.Val600Glu)", Change("NM_004333.6", "c.1799T>A", "BRAF")),
    ("NC_000007.14:g.140753336A>T", Place("NC_000007.14", 140753336, "A", "T")),
    ("NC_000017.11:g.43124028_43124029delCT", Genomic("NC_000017.11", "g.43124028_43124029del")),
    ("chrM:m.8271_8279del", Genomic("chrM", "m.8271_8279del")),
    ("ASXL1 G646Wfs*12", Change("ASXL1", "p.Gly646TrpfsTer12")),
    ("BRAF c.1799T>A", Change("BRAF", "c.1799T>A")),
    ("c.1799T>A", Change("", "c.1799T>A")),
    ("BRAF:p.Val600Glu", Change("BRAF", "p.Val600Glu")),
    ("BRAF:p.(Val600Glu)", Change("BRAF", "p.Val600Glu")),
    ("BRAF V600E", Change("BRAF", "p.Val600Glu")),
    ("p.V600E", Change("", "p.Val600Glu")),
    ("TP53 R196*", Change("TP53", "p.Arg196Ter")),
])  # fmt: skip
def test_other_questions(text, meant):
    assert understand(text) == meant


@pytest.mark.parametrize("text, meant", [
    ("chr3:17000:C:<STR>", Symbolic("chr3", 17000, "<STR>", "C")),
    ("3-17000-C-<STR>", Symbolic("3", 17000, "<STR>", "C")),
    ("chr3:17,000 C><STR>,<STR14>", Symbolic("chr3", 17000, "<STR>,<STR14>", "C")),
    ("chr3\t17000\t.\tC\t<STR>\t.\tPASS\tEND=17036;REPID=ATXN7", Symbolic("chr3", 17000, "<STR>", "C")),
    ("chr20:4300:<DEL>", Symbolic("chr20", 4300, "<DEL>")),
    ("chr1:10451:T:<INS:ME:ALU>", Symbolic("chr1", 10451, "<INS:ME:ALU>", "T")),
    ("chr5:2704:G:G[chr19:3443[", Symbolic("chr5", 2704, "G[chr19:3443[", "G")),
    ("chr5:2704:G:]chr19:3443]G", Symbolic("chr5", 2704, "]chr19:3443]G", "G")),
    ("DEL.chr20.4300.chr20.8600.35", Event("DEL.chr20.4300.chr20.8600.35")),
    ("BCR::ABL1", Event("BCR::ABL1")),
])  # fmt: skip
def test_alleles_and_names_of_other_classes(text, meant):
    assert understand(text) == meant


@pytest.mark.parametrize("text", ["chr7:5:A:<", "chr7:5:A:A[chr9:7]", "chr7:14:A:X", "chr7:30-20", "?", "", "7:"])
def test_not_understood(text):
    with pytest.raises(NotUnderstood, match="is not understood. Write an allele as"):
        understand(text)


@pytest.mark.parametrize("change, same", [
    ("ENSP1:p.Arg196*", "p.(R196Ter)"),
    ("ENST1.2:c.2235_2249delGGAATTAAGAGAAGC", "c.2235_2249del"),
    ("c.2239_2248delTTAAGAGAAGinsC", "c.2239_2248delinsC"),
    ("c.181-2dupA", "c.181-2dup"),
    ("p.Leu747_Ala750delinsPro", "p.L747_A750delinsP"),
    ("p.Glu746_Ala750delGluLeuArgGluAla", "p.E746_A750del"),
    ("c.2235_2249del15", "c.2235_2249del"),
    ("p.W288CfsTer12", "p.(Trp288Cysfs*12)"),
    ("p.Leu51%3D", "p.(Leu51=)"),
    ("c.*12A>G", "c.*12A>G"),
])  # fmt: skip
def test_one_form_for_comparison(change, same):
    assert normalised(change) == normalised(same)
