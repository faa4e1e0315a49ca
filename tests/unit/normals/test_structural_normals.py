"""Structural variants of founders: persons counted, like events joined, the case itself taken off."""

from pathlib import Path

import pysam
import pytest

from gms.annotation.class_fields import with_normals
from gms.base.json_tables import read_json, write_json
from gms.base.project import PROJECT
from gms.commands.results.normals import main
from gms.filtering.apply import filter_vcf
from gms.filtering.policy import load_policy
from gms.genome.vcf import header_lines, open_vcf, write_vcf
from gms.normals.like_events import Place, structural_place
from gms.normals.members import find_normals, founders, member, read_members
from gms.normals.panel import OtherAssembly, Source, TooFewForPanel, frequencies, source_of
from gms.normals.structural import CarriedByNormals, Event, events_of, frequency, frequency_lines

CONTIGS = {"chr1": 100_000, "chr2": 50_000}
TRIO = ("proband", "mother", "father")
# Of each case the records: POS, ALT, INFO, genotypes of its samples.
COMMON = (1_000, "<DEL>", "SVTYPE=DEL;END=3000")
NEARLY = (1_100, "<DEL>", "SVTYPE=DEL;END=3050")
CHILDS = (9_000, "<DUP>", "SVTYPE=DUP;END=9900")
JOINED = (20_000, "N[chr2:700[", "SVTYPE=BND")


# Of SVDB 2.12.0: svdb --build --files one.vcf two.vcf three.vcf four.vcf, svdb --export, records sorted. END is a
# string there, VARIANTS no number, and no contig has a line.
EXPORT = """\
##fileformat=VCFv4.1
##source=SVDB
##ALT=<ID=DEL,Description="Deletion">
##INFO=<ID=SVTYPE,Number=1,Type=String,Description="Type of structural variant">
##INFO=<ID=END,Number=1,Type=String,Description="End of an intra-chromosomal variant">
##INFO=<ID=OCC,Number=1,Type=Integer,Description="The number of occurences of the event in the database">
##INFO=<ID=NSAMPLES,Number=1,Type=Integer,Description="the number of samples within the database">
##INFO=<ID=VARIANTS,Number=1,Type=Integer,Description="a| separated list of the positions of the clustered variants">
##INFO=<ID=FRQ,Number=1,Type=Float,Description="the frequency of the variant">
##INFO=<ID=SVLEN,Number=1,Type=Integer,Description="Difference in length between REF and ALT alleles">
##INFO=<ID=CIPOS,Number=2,Type=Integer,Description="Confidence interval around POS">
##INFO=<ID=CIEND,Number=2,Type=Integer,Description="Confidence interval around END">
##FORMAT=<ID=GT,Number=1,Type=String,Description="Genotype">
##SVDB_version=2.12.0 cmd="svdb --export --db db.db"
#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT one two three four
chr1 1000 cluster_2 N <DEL> . PASS SVTYPE=DEL;END=6000;SVLEN=5000;NSAMPLES=4;OCC=4;FRQ=1.0;CIPOS=0,5;CIEND=0,0;VARIANTS=|one:1000:6000|three:1000:6000|four:1000:6000|two:1005:6000 GT ./1 ./1 ./1 ./1
chr1 20000 cluster_3 N <DUP> . PASS SVTYPE=DUP;END=23000;SVLEN=3000;NSAMPLES=4;OCC=2;FRQ=0.5;CIPOS=0,5;CIEND=0,0;VARIANTS=|one:20000:23000|two:20005:23000 GT ./1 ./1 0/0 0/0
chr1 30000 cluster_6 N <INV> . PASS SVTYPE=INV;END=34000;SVLEN=4000;NSAMPLES=4;OCC=2;FRQ=0.5;CIPOS=0,0;CIEND=0,0;VARIANTS=|one:30000:34000|two:30000:34000 GT ./1 ./1 0/0 0/0
chr1 40000 cluster_4 N NACGTTGCAACGTTGCAACGTTGCAACGTTGCAACGTTGCAACGTTGCAACGTTGCA . PASS SVTYPE=INS;SVLEN=56;NSAMPLES=4;OCC=1;FRQ=0.25;CIPOS=0,0;CIEND=0,0;VARIANTS=|one:40000:40000:L56 GT ./1 0/0 0/0 0/0
chr1 45000 cluster_5 N <INS> . PASS SVTYPE=INS;END=45000;SVLEN=300;NSAMPLES=4;OCC=1;FRQ=0.25;CIPOS=0,0;CIEND=0,0;VARIANTS=|one:45000:45000:L300 GT ./1 0/0 0/0 0/0
chr1 50000 cluster_1 N N[chr2:7000[ . PASS SVTYPE=BND;NSAMPLES=4;OCC=1;FRQ=0.25;CIPOS=0,0;CIEND=0,0;VARIANTS=|one:50000:7000 GT ./1 0/0 0/0 0/0
"""  # noqa: E501


@pytest.fixture
def export(tmp_path):
    """SVDB's file, compressed and indexed."""
    head, columns, records = EXPORT.partition("#CHROM")
    (tmp_path / "svdb.vcf").write_text(head + (columns + records).replace(" ", "\t"))
    return pysam.tabix_index(str(tmp_path / "svdb.vcf"), preset="vcf")


@pytest.mark.parametrize(
    "place, share",
    [
        (Place("DEL", "chr1", 1_040, 6_020, "chr1"), 1),
        (Place("DUP", "chr1", 20_000, 23_000, "chr1"), 0.5),
        (Place("INV", "chr1", 30_050, 34_050, "chr1"), 0.5),
        (Place("INS", "chr1", 40_010, 40_010, "chr1", 60), 0.25),
        (Place("INS", "chr1", 45_000, 45_000, "chr1", 280), 0.25),
        (Place("BND", "chr1", 50_010, 7_020, "chr2"), 0.25),
        (Place("DUP", "chr1", 1_000, 6_000, "chr1"), None),
        (Place("DEL", "chr1", 1_000, 2_000, "chr1"), None),
        (Place("DEL", "chr2", 1_000, 6_000, "chr2"), None),
    ],
)
def test_an_export_of_svdb_is_a_file_of_frequencies(export, place, share):
    found = frequency(place, pysam.VariantFile(export))
    assert found[:1] == ([] if share is None else [f"SV_AF={share}"])


@pytest.mark.parametrize("names, expected", [("P M", (4, 4)), ("one P", (3, 3)), ("one two", (2, 2))])
def test_an_export_of_svdb_counts_persons_without_those_of_the_case(export, names, expected):
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *names.split()])
    record = "chr1\t1000\t.\tA\t<DEL>\t60\t.\tSVTYPE=DEL;END=6000\tGT\t0/1\t0/1\n"
    _, line = with_normals([f"##gms_parts=none\n{columns}\n", record], export)
    assert line.split("\t")[7].endswith(";NORMALS_COUNT={};NORMALS_TOTAL={}".format(*expected))


@pytest.fixture
def results(tmp_path):
    """Six trios: the mother of each has a common deletion, of some of them its ends are a little apart."""
    for number in range(6):
        records = [((COMMON, NEARLY)[number % 3 == 0], "1/1 0/1 0/0"), (CHILDS, "0/1 0/0 0/0")]
        add_case(tmp_path, f"C{number}", records + [(JOINED, "0/1 ./. 0/1")] * (number < 2))
    return tmp_path


def add_case(folder: Path, case: str, records, roles=TRIO, assay="wgs_rare") -> None:
    names = [f"{case}{role[0]}" for role in roles]
    samples = [{"sample": name, "role": role} for name, role in zip(names, roles, strict=True)]
    for part in ("report", "qc", "alignment", "reference", "variants/structural/merged"):
        (folder / part).mkdir(parents=True, exist_ok=True)
    write_json(folder / "report" / f"{case}.json", {"case": {"assay": assay}, "samples": samples})
    for name in names:
        write_json(folder / "qc" / f"{name}.qc.json", {"verdict": "pass", "sex": "female", "metrics": {}})
        (folder / "alignment" / f"{name}.cram").write_text(name)
    index = "".join(f"{contig}\t{length}\t0\t60\t61\n" for contig, length in CONTIGS.items())
    (folder / "reference" / "genome.fa.fai").write_text(index)
    text = [
        f"chr1\t{pos}\t.\tA\t{alt}\t60\t.\t{info}\tGT\t{shown.replace(' ', chr(9))}\n"
        for (pos, alt, info), shown in records
    ]
    write_vcf([*header_lines(CONTIGS, "", names), *text], folder / f"variants/structural/merged/{case}.vcf.gz")


def built(results):
    normals, _ = find_normals([results], "wgs_rare", frozenset())
    write_vcf(
        frequency_lines(events_of(normals), len(normals), CONTIGS, {"members": [member(one.name) for one in normals]}),
        results / "own.vcf.gz",
    )
    return results / "own.vcf.gz"


@pytest.mark.parametrize(
    "roles, expected",
    [
        (TRIO, ["1", "2"]),
        (("proband", "mother", "sibling"), ["1"]),
        (("proband", "sibling"), ["0"]),
        (("tumor", "normal"), []),
    ],
)
def test_founders_are_parents_or_else_the_proband(roles, expected):
    assert founders([{"sample": str(number), "role": role} for number, role in enumerate(roles)]) == expected


def test_persons_are_counted_and_their_children_are_not(results):
    normals, left_out = find_normals([results], "wgs_rare", frozenset())
    assert len(normals) == 12 and left_out["C0p"] == "is related to the founders of its case"
    counts = {event.place.kind: len(event.carriers) for event in events_of(normals)}
    assert counts == {"DEL": 6, "BND": 2}  # the deletions are one, the duplication is of children only


def test_one_of_two_cases_with_the_same_reads_counts(results):
    add_case(results, "D", [(COMMON, "0/1")], ("proband",))
    (results / "alignment" / "Dp.cram").write_text("C0m")
    assert find_normals([results], "wgs_rare", frozenset())[1]["Dp"] == "is the same reads as C0m"


def test_a_case_is_compared_with_the_others_only(results):
    own = CarriedByNormals(built(results))
    place = structural_place(["chr1", "1050", ".", "A", "<DEL>", ".", ".", "SVTYPE=DEL;END=3000"])
    own.leave_out(["Xp"])
    assert own.fields_of(place, ["."] * 9 + ["0/1"]) == ["NORMALS_COUNT=6", "NORMALS_TOTAL=12"]
    own.leave_out(["C0p", "C0m", "C0f"])
    assert own.fields_of(place, ["."] * 9 + ["1/1", "0/1", "0/0"]) == ["NORMALS_COUNT=5", "NORMALS_TOTAL=10"]
    assert own.fields_of(place._replace(kind="DUP"), ["."] * 9 + ["0/1"] * 3) == ["NORMALS_COUNT=0"]


def test_records_get_counts_and_the_header_says_so(results):
    columns = "\t".join(["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", "C1p", "C1m"])
    record = "chr1\t1000\t.\tA\t<DEL>\t60\t.\tSVTYPE=DEL;END=3000\tGT\t0/1\t0/1\n"
    header, line = with_normals([f"##gms_parts=none\n{columns}\n", record], str(built(results)))
    assert header.startswith("##gms_parts=structural_normals\n##INFO=<ID=NORMALS_COUNT")
    assert line.split("\t")[7] == "SVTYPE=DEL;END=3000;NORMALS_COUNT=5;NORMALS_TOTAL=11"


def test_the_file_is_one_of_frequencies_as_svdb_writes_them(results):
    found = frequency(
        structural_place(["chr1", "1000", ".", "A", "<DEL>", ".", ".", COMMON[2]]),
        pysam.VariantFile(str(built(results))),
    )
    assert found[0] == "SV_AF=0.5"


@pytest.mark.parametrize(
    "one, other, expected",
    [
        (("DEL", 1_000, 2_000), ("DEL", 1_050, 2_040), True),
        (("DEL", 1_000, 11_000), ("DEL", 1_900, 11_900), True),
        (("DEL", 1_000, 11_000), ("DEL", 3_300, 13_300), False),
        (("DEL", 1_000, 2_000), ("DUP", 1_000, 2_000), False),
        (("DEL", 1_000, 1_060), ("DEL", 1_040, 1_100), False),
        (("DEL", 1_000, 1_150), ("DEL", 1_075, 1_225), False),
        (("DEL", 1_000, 1_150), ("DEL", 1_010, 1_155), True),
        (("INS", 1_000, 1_000, 300, "ALU"), ("INS", 1_060, 1_060, 300, "ALU"), True),
        (("INS", 1_000, 1_000, None, "L1"), ("INS", 1_010, 1_010, 300, "ALU"), False),
        (("INS", 1_000, 1_000, None), ("INS", 1_060, 1_060, 300, "ALU"), False),
        (("INS", 1_000, 1_000, None), ("INS", 1_015, 1_015, 300, "ALU"), True),
        (("INS", 1_000, 1_000, None, "L1"), ("INS", 1_060, 1_060, 6_000, "L1"), True),
    ],
)
def test_like_events(one, other, expected):
    places = [Place(kind, "chr1", start, end, "chr1", *more) for kind, start, end, *more in (one, other)]
    assert [places[0].is_like(places[1]), places[1].is_like(places[0])] == [expected] * 2


def test_the_event_that_most_carry_stands_for_the_others(results):
    normals, _ = find_normals([results], "wgs_rare", frozenset())
    event = next(one for one in events_of(normals) if one.place.kind == "DEL")
    assert event == Event(Place("DEL", "chr1", 1_000, 3_000, "chr1"), "A", "<DEL>", event.carriers)


def test_patients_are_not_counted(results):
    path = results / "report" / "C0.json"
    document = read_json(path)
    document["samples"][1]["affected"] = "yes"
    write_json(path, document)
    normals, _ = find_normals([results], "wgs_rare", frozenset())
    assert [one.name for one in normals if one.is_affected] == ["C0m"]
    said = frequencies(Source(normals, "wgs_rare", results / "reference" / "genome.fa", results), {}, results)
    assert said.startswith("structural.vcf.gz: 2 events of 11 unaffected founders")
    assert member("C0m") not in read_members(results / "structural.vcf.gz")["members"]


def panel_of(folder):
    """What is said of the file of a gene panel's normals, and its records."""
    normals, _ = find_normals([folder], "panel_solid", frozenset())
    source = Source(normals, "panel_solid", folder / "reference" / "genome.fa", folder / "targets.bed")
    said, path = frequencies(source, {}, folder), folder / "structural.vcf.gz"
    if not path.is_file():
        return said, []
    with open_vcf(path) as lines:
        return said, [line.split("\t")[7] for line in lines if line[0] != "#"]


def test_junctions_that_recur_in_normals_of_a_gene_panel_are_counted(tmp_path):
    """A junction in the normal of a pair is not counted: it may be of the tumour's cells."""
    for number in range(5):
        add_case(tmp_path, f"N{number}", [(JOINED, "0/1")] * (number < 3), ("normal",), "panel_solid")
    for number in range(3):
        add_case(tmp_path, f"T{number}", [(CHILDS, "0/1 0/1")], ("tumor", "normal"), "panel_solid")

    said, found = panel_of(tmp_path)

    assert said.startswith("structural.vcf.gz: 1 event of 5 normals of their own, 1 in two or more.")
    assert found == ["SVTYPE=BND;OCC=3;NSAMPLES=5;FRQ=0.6\n"]


@pytest.mark.parametrize(("normals", "said"), [(4, "in 4 normals"), (5, "none of 5 normals")])
def test_a_gene_panel_without_normals_or_events_has_no_file(tmp_path, normals, said):
    for number in range(normals):
        add_case(tmp_path, f"N{number}", [], ("normal",), "panel_solid")

    assert panel_of(tmp_path)[1] == [] and said in panel_of(tmp_path)[0]


@pytest.mark.parametrize(
    ("variants", "name"),
    [
        ("structural", "wgs_rare_structural"),
        ("copy_number", "wgs_rare_copy_number"),
        ("structural", "panel_structural"),
    ],
)
def test_the_policy_flags_what_recurs(tmp_path, variants, name):
    counts = [(2, 20), (3, 20), (3, 200), (4, 200)]
    lines = [
        f"chr1\t{number}\t.\tA\t<DEL>\t60\t.\tSVTYPE=DEL;END=900;NORMALS_COUNT={count};NORMALS_TOTAL={total}\tGT\t0/1\n"
        for number, (count, total) in enumerate(counts, start=1)
    ]
    fields = "".join(
        f'##INFO=<ID={name},Number=1,Type=Integer,Description="x">\n' for name in ("NORMALS_COUNT", "NORMALS_TOTAL")
    )
    write_vcf(
        [*header_lines(CONTIGS, f"##gms_parts=structural_normals\n{fields}", ["P"]), *lines], tmp_path / "in.vcf.gz"
    )
    policy = load_policy(PROJECT / "config" / "filters" / f"{name}.yaml", variants)
    filter_vcf(tmp_path / "in.vcf.gz", policy, tmp_path / "out.vcf.gz", tmp_path / "reported.vcf.gz", {"proband": "P"})
    with open_vcf(tmp_path / "out.vcf.gz") as found:
        states = [line.split("\t")[6].split(";") for line in found if line[0] != "#"]
    assert ["InNormals" in flags for flags in states] == [False, True, False, True]


def test_the_command_writes_the_panel_and_its_page(results, tmp_path, capsys):
    (results / "reference" / "genome.fa").write_text(
        "".join(f">{c}\n{'ACGTTGCAAC' * (n // 10)}\n" for c, n in CONTIGS.items())
    )
    pysam.faidx(str(results / "reference" / "genome.fa"))
    for path in (results / "alignment").iterdir():
        header = {"SQ": [{"SN": name, "LN": length} for name, length in CONTIGS.items()], "CO": [path.name]}
        pysam.AlignmentFile(str(path), "wb", header=header).close()
    (results / "variants" / "repeats").mkdir()
    for number in range(6):
        own = {"alleles": [{"low": 19, "high": 19}], "spanning": {"19": 12}}
        locus = {
            "locus": "HTT",
            "motif": "CAG",
            "place": {"contig": "chr1", "start": 101, "end": 157},
            "samples": [own] * 3,
        }
        facts = {"samples": [f"C{number}{role[0]}" for role in TRIO], "loci": [locus]}
        write_json(results / "variants" / "repeats" / f"C{number}.json", facts)
    assert main(["build", str(results), "--assay", "wgs_rare", "--out", str(tmp_path / "panel")]) == 0
    said = capsys.readouterr().out
    assert "2 events of 12 unaffected founders, 2 in two or more" in said and "depth of 12 founders, 0 male" in said
    assert "alleles of 12 unaffected founders at 1 locus, with stutter 1" in said
    assert "no background.vcf.gz: small variants were called in 0 unaffected founders." in said
    assert "19:12" in (tmp_path / "panel" / "repeats.tsv").read_text()
    page = (tmp_path / "panel" / "panel.html").read_text()
    assert member("C0m")[:16] in page and "C0m" not in page
    with open_vcf(tmp_path / "panel" / "structural.vcf.gz") as lines:
        assert "OCC=6;NSAMPLES=12;FRQ=0.5" in "".join(lines)


def test_few_founders_and_other_genomes_are_refused(results, tmp_path):
    with pytest.raises(TooFewForPanel, match="10 founders"):
        main(["build", str(results), "--assay", "wgs_rare", "--out", str(tmp_path / "panel"), "--sample", "C0m"])
    add_case(tmp_path / "other", "E", [(COMMON, "0/1")], ("proband",))
    (tmp_path / "other" / "reference" / "genome.fa.fai").write_text("1\t100\t0\t60\t61\n")
    normals, _ = find_normals([results, tmp_path / "other"], "wgs_rare", frozenset())
    with pytest.raises(OtherAssembly, match="another genome"):
        source_of(normals, "wgs_rare")


def test_families_of_mobile_elements_are_read_from_the_allele():
    fields = ["chr1", "5", ".", "A", "<INS:ME:LINE1>", ".", ".", "SVTYPE=INS;END=5"]
    assert structural_place(fields).family == "L1"
    assert structural_place([*fields[:4], "<INS>", *fields[5:]]).family == ""


@pytest.mark.parametrize(("filters", "number", "share"), [
    ("PASS", 2_000, ["SV_AF=0.3"]), (".", 2_000, ["SV_AF=0.3"]), ("PASS", 40, []), ("UNRESOLVED", 9_000, []),
])  # fmt: skip
def test_a_frequency_of_few_alleles_or_of_a_failed_record_is_none(tmp_path, filters, number, share):
    path = tmp_path / "gnomad.vcf"
    header = ["##fileformat=VCFv4.2", "##contig=<ID=chr1,length=9000>", '##FILTER=<ID=UNRESOLVED,Description="x">']
    header += [f'##INFO=<ID={key},Number=1,Type={kind},Description="x">' for key, kind in
               {"SVTYPE": "String", "END": "Integer", "AN": "Integer", "AF": "Float"}.items()]  # fmt: skip
    record = f"chr1 1000 . A <DEL> . {filters} SVTYPE=DEL;END=2000;AN={number};AF=0.3".replace(" ", "\t")
    columns = "#CHROM POS ID REF ALT QUAL FILTER INFO".replace(" ", "\t")
    path.write_text("\n".join([*header, columns, record]) + "\n")
    known = pysam.VariantFile(pysam.tabix_index(str(path), preset="vcf"))
    found = frequency(Place("DEL", "chr1", 1_000, 2_000, "chr1"), known)
    assert found[:1] == share
