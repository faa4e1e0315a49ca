"""FEGA's tables, the classifications and the portal's workbook."""

import csv
import io
import re
import zipfile
from itertools import product

import openpyxl
import pytest

from described import NAMES, PAIR, facts, package, study
from gms.base.errors import GmsError, Problems
from gms.sharing.metadata.classifications import GROUPS, Alleles, load_classifications, parse_variant, significance
from gms.sharing.metadata.fega import SAMPLE_REQUIRED, write_fega
from gms.sharing.metadata.model import MetadataUnusable
from gms.sharing.metadata.portal import COLUMNS, classified_variants, write_portal
from gms.sharing.metadata.variants import Variant

ABCA4 = Variant("chr1", 5, "A", "G", {}, {})
SCN1A = Variant("chr2", 9, "CT", "C", {}, {})


def identify(variant):
    if variant.chrom == "chr9":
        raise GmsError("genome.fa has no contig chr9")
    return f"id of {variant.key}"


def table(path, *rows, header="case\tvariant\tclassification\tscore"):
    path.write_text("\n".join([header, *rows, ""]))
    return path


def fega(tmp_path, given):
    plain = package(tmp_path, given, [])
    write_fega(plain, given)
    texts = [(plain / "metadata" / "fega" / name).read_text() for name in ("sample.csv", "dataset.csv")]
    return [list(csv.DictReader(io.StringIO(text))) for text in texts], "".join(texts)


def test_fega_tables_have_their_starred_fields_and_nothing_that_identifies(tmp_path):
    known = {"birth_date": "2015-01-01", "sampled": "2025-01-02", "disease": "EFO:1", "disease_label": "seen by Anna"}
    (samples, datasets), text = fega(tmp_path, facts(individuals={"person-1": known}))
    assert [[row[field] for field in SAMPLE_REQUIRED if not row[field]] for row in samples] == [[], [], []]
    assert [row["Phenotype"] for row in samples] == ["EFO:1", "not provided", "not provided"]
    assert [row["Case Control"] for row in samples] == ["case", "control", "control"]
    assert [row["Biological Sex"] for row in samples] == ["male", "female", "male"]
    assert datasets[0]["Dataset Type"] == "Whole genome sequencing; Genomic variant calling"
    assert not [word for word in (*NAMES, "P10Y", "2015", "2025", str(tmp_path)) if word in text]


def test_fega_of_a_tumour_and_its_normal(tmp_path):
    (samples, datasets), _ = fega(tmp_path, facts(members=PAIR, categories=["somatic_variants"]))
    assert [row["Case Control"] for row in samples] == ["case", "control"]
    assert datasets[0]["Dataset Type"] == "Genomic variant calling"


def test_fega_refuses_an_empty_starred_field(tmp_path):
    with pytest.raises(MetadataUnusable, match="dataset.csv for FEGA lacks Title"):
        fega(tmp_path, facts(study=study(title="")))


@pytest.mark.parametrize(
    "text, expected", [("VUS", "uncertain significance"), ("Likely_Pathogenic", "likely pathogenic")]
)
def test_words_of_a_class(text, expected):
    assert significance(text) == expected
    assert significance("5") is None


def test_contig_names_may_hold_colons():
    assert parse_variant("HLA-A*01:01:01:7:A:G")[:4] == ("HLA-A*01:01:01", 7, "A", "G")
    assert parse_variant("chr1:0:A:G") is None and parse_variant(":1:A:G") is None and parse_variant("chr1:A") is None


def test_all_problems_of_the_classifications_at_once(tmp_path):
    rows = [
        "\tchr1:5:A\tpathogenic\t",
        "\tchr1:5:A:G\tbad\tten",
        "19121212-1212\tchr1:5:A:G\tP\t",
        "\tchr1:5:A:G\tP\t10",
    ]
    rows += ["\tchr1:5:A:G\tLP\t7", "\tchr1:5:A:G\tVUS\t"]
    with pytest.raises(Problems) as caught:
        load_classifications(table(tmp_path / "classifications.tsv", *rows))
    text = str(caught.value)
    assert [problem.line for problem in caught.value.problems] == [2, 3, 3, 4, 7]
    assert "1212-1212" not in text and "must be written CHROM:POS:REF:ALT" in text
    assert "uncertain significance here and pathogenic in line 5" in text


def test_columns_of_the_classifications(tmp_path):
    with pytest.raises(Problems, match="the columns must be variant, classification and optionally case, score"):
        load_classifications(table(tmp_path / "c.tsv", header="variant\tclass"))
    with pytest.raises(Problems, match="does not exist"):
        load_classifications(tmp_path / "none.tsv")


def found_in(tmp_path, rows, stored=None, **changed):
    path = table(tmp_path / "classifications.tsv", *rows)
    given = facts(classifications=path, portal_table=stored, **changed)
    variants = [ABCA4, SCN1A]
    return given, classified_variants(given, variants, {v.key: identify(v) for v in variants}, identify)


def test_rows_of_the_case_go_before_rows_for_all_and_other_cases_do_not_count(tmp_path):
    rows = ["family-1\tchr1:5:A:G\tLP\t", "\tchr1:5:A:G\tP\t", "other-1\tchr2:9:CT:C\tB\t", "other-1\tchr9:1:A:G\tB\t"]
    _, found = found_in(tmp_path, rows)
    assert {key: row.significance for key, row in found.items()} == {ABCA4.key: "likely pathogenic"}


def test_a_study_without_germline_variants_gets_no_class(tmp_path):
    assert found_in(tmp_path, ["\tchr1:5:A:G\tP\t"], members=PAIR, categories=["somatic_variants"])[1] == {}


def test_classified_variants_off_the_reference_are_told_with_their_lines(tmp_path):
    with pytest.raises(Problems, match="line 3: chr9:1:A:G: genome.fa has no contig chr9"):
        found_in(tmp_path, ["\tchr1:5:A:G\tP\t", "\tchr9:1:A:G\tB\t"])


def workbook(tmp_path, *rows, header=COLUMNS):
    book = openpyxl.Workbook()
    for row in (header, *rows):
        book.active.append(row)
    book.save(tmp_path / "last.xlsx")
    return tmp_path / "last.xlsx"


@pytest.mark.parametrize("stored, ours", list(product(GROUPS, GROUPS)))
def test_conflicts_are_between_groups(tmp_path, stored, ours):
    last = workbook(tmp_path, ("chr1", 5, "A", "G", "x", "y", stored.title(), None))
    if GROUPS[stored] == GROUPS[ours]:
        assert len(found_in(tmp_path, [f"\tchr1:5:A:G\t{ours}\t"], last)[1]) == 1
    else:
        with pytest.raises(Problems, match=f"line 2: chr1:5:A:G is {stored} in the portal and {ours} here"):
            found_in(tmp_path, [f"\tchr1:5:A:G\t{ours}\t"], last)


@pytest.mark.parametrize(
    "rows, header, expected",
    [
        ([("chr1", 5, "A", "G", "x", "y", "perhaps", None)], COLUMNS, "line 2: has no variant"),
        ([("chr1", None, "A", "G", "x", "y", "Benign", None)], COLUMNS, "line 2: has no variant"),
        ([], COLUMNS[1:], "the columns must be CHR, POS"),
    ],
)
def test_a_portal_table_that_cannot_be_read(tmp_path, rows, header, expected):
    with pytest.raises(Problems, match=expected):
        found_in(tmp_path, ["\tchr1:5:A:G\tP\t"], workbook(tmp_path, *rows, header=header))
    for name in ("last.xlsx", "last.csv"):
        (tmp_path / name).write_text("text")
        with pytest.raises(Problems, match="is not a workbook"):
            found_in(tmp_path, ["\tchr1:5:A:G\tP\t"], tmp_path / name)


def test_a_portal_table_of_rows_of_any_length(tmp_path):
    """As of a program that does not write how large its sheet is."""
    path = workbook(tmp_path, ("chr1", 5, "A", "G"))
    with zipfile.ZipFile(path) as book:
        parts = {name: re.sub(rb"<dimension[^>]*/>", b"", book.read(name)) for name in book.namelist()}
    with zipfile.ZipFile(path, "w") as book:
        for name, content in parts.items():
            book.writestr(name, content)
    with pytest.raises(Problems, match="line 2: has no variant"):
        found_in(tmp_path, ["\tchr1:5:A:G\tP\t"], path)


def written(tmp_path, name):
    given, found = found_in(tmp_path, ["\tchr2:9:CT:C\tVUS\t3", "\tchr1:5:A:G\tP\t"])
    write_portal(tmp_path / name, given, Alleles([ABCA4, SCN1A], {}, {}, found))
    return tmp_path / name


def test_the_workbook_has_the_eight_columns_and_is_a_table_to_compare_with(tmp_path):
    path = written(tmp_path, "a.xlsx")
    rows = list(openpyxl.load_workbook(path).active.values)
    assert rows == [
        COLUMNS,
        ("chr1", 5, "A", "G", "Principal Investigator", "Region Uppsala", "Pathogenic", None),
        ("chr2", 9, "CT", "C", "Principal Investigator", "Region Uppsala", "Uncertain significance", 3),
    ]
    with pytest.raises(Problems, match="line 2: chr1:5:A:G is pathogenic in the portal and benign here"):
        found_in(tmp_path, ["\tchr1:5:A:G\tB\t"], path)


def test_the_workbook_tells_no_time_and_no_maker(tmp_path):
    first = written(tmp_path, "a.xlsx").read_bytes()
    later = zipfile.ZipFile(io.BytesIO(first))
    assert {entry.date_time for entry in later.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    properties = later.read("docProps/core.xml") + later.read("docProps/app.xml")
    assert b"created" not in properties and b"creator" not in properties and b"openpyxl" not in properties
    assert written(tmp_path, "b.xlsx").read_bytes() == first
