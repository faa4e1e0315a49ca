"""The VCF for QCI, read by pysam and bcftools: AD gives AF, and the tumour is the only sample."""

import json
import subprocess

import pysam
import pytest

from gms.commands.results.viewers import NoSuchCase, main
from gms.variants.small.header import HEADER
from gms.viewers.qci import with_depths, write_qci

HEAD = f"##fileformat=VCFv4.3\n##contig=<ID=chr1,length=9000>\n{HEADER}"
COLUMNS = "#CHROM POS ID REF ALT QUAL FILTER INFO FORMAT blood tumor"
RECORDS = [
    "chr1 101 . A G 50 PASS TLOD=9 GT:AD:DP:AF:ADF:ADR 0/0:90,0:90:0:50,0:40,0 0/1:900,100:1000:0.1:450,50:450,50",
    "chr1 301 . A ACGTACGT 50 PASS TLOD=9 GT:AD:DP:AF:ADF:ADR 0/0:80,0:80:0:. 0/1:700,180:800:0.31:350,90:350,90",
    "chr1 401 . C T 50 PASS TLOD=9 GT:AD:DP:AF 0/0:80,0:80:0 0/1:.:.:.",
]


def document(kind, role):
    return {"case": {"case": "T1", "kind": kind}, "samples": [{"sample": "tumor", "role": role}]}


@pytest.fixture
def results(tmp_path):
    """A tumour and its normal, whose column comes first; AF of the second allele is not that of its AD."""
    for folder in ("reported", "report"):
        (tmp_path / folder).mkdir()
    lines = [*(line.replace(" ", "\t") for line in (COLUMNS, *RECORDS))]
    path = tmp_path / "reported" / "T1.vcf"
    path.write_text(HEAD + "\n".join(lines) + "\n")
    pysam.tabix_index(str(path), preset="vcf")
    (tmp_path / "report" / "T1.json").write_text(json.dumps(document("somatic", "tumor")))
    return tmp_path


def test_the_fraction_of_ad_is_that_of_af(results):
    with pysam.VariantFile(str(write_qci(results, "T1"))) as file:
        assert list(file.header.samples) == ["tumor"]
        samples = [record.samples["tumor"] for record in file]
    assert [sample["AD"] for sample in samples] == [(900, 100), (552, 248), (None,)]
    assert all(abs(one["AD"][1] / sum(one["AD"]) - one["AF"][0]) < 0.5 / one["DP"] for one in samples[:2])
    assert samples[1]["ADF"] == (350, 90)


def test_it_is_vcf_4_2_with_a_genotype_in_every_record(results):
    """What laboratories write that load files into QCI."""
    first, *lines = write_qci(results, "T1").read_text().splitlines()
    formats = [line.split("\t")[8].split(":") for line in lines if not line.startswith("#")]

    assert first == "##fileformat=VCFv4.2" and len(formats) == 3 and all(keys[0] == "GT" for keys in formats)


def test_bcftools_reads_it_without_a_warning(results):
    path = write_qci(results, "T1")
    command = ["bcftools", "query", "-f", "%POS %ALT [%GT %AD]\n", str(path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout.split("\n")[:2] == ["101 G 0/1 900,100", "301 ACGTACGT 0/1 552,248"] and not done.stderr


def test_depths_stay_where_they_are_not_known():
    assert with_depths("GT:AD:DP:AF", "0/1:9,1:10:.") == "0/1:9,1:10:."
    assert with_depths("GT:DP:AF", "0/1:10:0.1") == "0/1:10:0.1"


def test_the_command_needs_no_gene_models_for_tumours(results, capsys):
    assert main([str(results)]) == 0
    assert "qci.vcf" in capsys.readouterr().out and (results / "viewers/T1/qci.vcf").is_file()


@pytest.mark.parametrize(("kind", "role", "only"), [("germline", "proband", "qci"), ("somatic", "tumor", "gens"),
                                                    ("somatic", "normal", "qci")])  # fmt: skip
def test_a_program_is_given_only_what_it_loads(results, kind, role, only):
    (results / "report" / "T1.json").write_text(json.dumps(document(kind, role)))
    with pytest.raises(NoSuchCase):
        main([str(results), "T1", "--only", only])
