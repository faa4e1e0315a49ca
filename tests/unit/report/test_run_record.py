import hashlib
from pathlib import Path

import pysam
import pytest

from gms.base import software
from gms.base.problems import Findings
from gms.base.project import PROJECT
from gms.base.schemas import Document
from gms.inputs.assays import load_assay, uses_gatk
from gms.report import run_record


@pytest.fixture
def newer_samtools(monkeypatch):
    item = software.Found(software.Wanted("samtools", "1.16.1", "tool"), "1.19.2", "/opt/bin")
    monkeypatch.setattr(software, "differing", lambda environment, with_gatk=False: [item])


def test_an_accepted_version_is_recorded_and_another_one_is_refused(newer_samtools):
    """Here too, because a node may have other tools than the machine where the run was started."""
    recorded = run_record.other_tool_versions({"samtools": "1.19.2"})
    assert recorded == {"samtools": {"found": "1.19.2", "tested": "1.16.1"}}
    with pytest.raises(software.OtherToolVersions, match="other_tool_versions: {samtools: '1.19.2'}"):
        run_record.other_tool_versions({"bwa": "1.19.2"})


@pytest.mark.parametrize("callers, recorded", [(("bcftools",), False), (("bcftools", "haplotypecaller"), True)])
def test_gatk_is_recorded_where_an_assay_uses_it(callers, recorded, monkeypatch):
    monkeypatch.setattr(software, "found", lambda items, _: [software.Found(item, "1", "") for item in items])
    findings = Findings()
    changes = {"callers": list(callers)}
    assay = load_assay("wgs_rare", changes, Document(PROJECT / "config" / "config.yaml"), PROJECT, findings)
    assert uses_gatk(assay) == recorded
    assert ("gatk4" in run_record.tool_versions(uses_gatk(assay))) == recorded


def test_digest_of_the_configuration_ignores_layout():
    assert run_record.config_digest({"a": 1, "b": 2}) == run_record.config_digest({"b": 2, "a": 1})
    assert run_record.config_digest({"a": 1}) != run_record.config_digest({"a": 2})


def test_small_files_are_hashed_and_large_ones_known_by_their_index(tmp_path):
    path = tmp_path / "population.vcf.gz"
    path.write_bytes(b"abc")
    digest = hashlib.sha256(b"abc").hexdigest()
    assert run_record.file_facts(path, small=True) == {"file": "population.vcf.gz", "sha256": digest}
    facts = {"file": "population.vcf.gz", "bytes": 3, "index_sha256": None, "sha256": digest}
    assert run_record.file_facts(path, small=False) == facts  # as a catalogue of repeats: nothing else identifies it
    (tmp_path / "population.vcf.gz.tbi").write_bytes(b"abc")
    assert run_record.file_facts(path, small=False)["index_sha256"] == digest
    assert run_record.file_facts(None, small=True) is None


def test_what_the_configuration_changes_of_an_assay_is_recorded_but_no_paths(tmp_path):
    changes = {"trim": True, "callable_depth": 7, "genes": "genes.txt"}
    (tmp_path / "genes.txt").write_text("ABC\n")
    assay = load_assay("wgs_rare", changes, Document(tmp_path / "run.yaml"), PROJECT, Findings())
    facts = run_record.assay_facts(assay, changes)
    assert facts["changed"] == {"callable_depth": 7, "trim": True}
    assert facts["genes"]["file"] == "genes.txt"
    assert run_record.assay_facts(assay, {})["changed"] == {}


def test_chromosomes_of_which_a_file_has_no_record_are_recorded(tmp_path):
    path = tmp_path / "known.vcf"
    path.write_text("##fileformat=VCFv4.2\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\nchr2\t5\t.\tA\tC\t.\t.\t.\n")
    known = Path(pysam.tabix_index(str(path), preset="vcf", force=True))
    assert run_record.lacking_contigs(known, ["chr1", "chr2", "chrUn_1", "chrM"]) == ["chr1", "chrM"]
    assert run_record.lacking_contigs(tmp_path / "absent.vcf.gz", ["chr1"]) == []
