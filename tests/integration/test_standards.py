"""The metadata of packages, validated by what others wrote: ga4gh.vrs, phenopackets, bff-tools, rocrate, openpyxl."""

import csv
import getpass
import json
import random
import socket
import subprocess
import sys
import time
import types
from pathlib import Path

import openpyxl
import phenopackets as pps
import pysam
import pytest
from ga4gh.vrs import VRS_VERSION
from google.protobuf.json_format import Parse
from rocrate.rocrate import ROCrate

from described import NAMES, PAIR, REPEAT, facts, genome, package, record
from gms.sharing.leak_patterns.rules import local_rules
from gms.sharing.leak_scan.scan import scan
from gms.sharing.metadata.describe import write_standards
from gms.sharing.metadata.model import MetadataUnusable
from gms.sharing.metadata.refget import FastaUnusable, refget_digests
from gms.sharing.metadata.ro_crate import WORKFLOW, _content
from gms.sharing.metadata.variants import Variant
from gms.sharing.metadata.vrs import FastaSequences, Identifier

ENTRIES = ("analyses", "biosamples", "cohorts", "datasets", "genomicVariations", "individuals", "runs")


@pytest.fixture(scope="module")
def fasta(tmp_path_factory):
    return genome(tmp_path_factory.mktemp("genome"))


@pytest.fixture(scope="module")
def bases(fasta):
    with pysam.FastaFile(str(fasta)) as reader:
        return {name: reader.fetch(name).upper() for name in reader.references}


@pytest.fixture(scope="module")
def translator(fasta):
    """The library's own translator of VCF-like texts, over a store with the names it looks sequences up by."""
    # It imports hgvs, an extra for texts of that kind, which the environment does not have.
    module = types.ModuleType("ga4gh.vrs.utils.hgvs_tools")
    module.HgvsTools = object
    sys.modules.setdefault("ga4gh.vrs.utils.hgvs_tools", module)
    from ga4gh.vrs.extras.translator import AlleleTranslator

    class Named(FastaSequences):
        def get_sequence(self, identifier, start=None, end=None):
            return super().get_sequence(self.known(identifier), start, end)

        def get_metadata(self, identifier):
            return super().get_metadata(self.known(identifier)) | {"aliases": [self.known(identifier)]}

        def known(self, identifier):
            contig = identifier.removeprefix("genome:")
            return identifier if contig == identifier else f"ga4gh:{self.accession(contig)}"

    return AlleleTranslator(Named(fasta), default_assembly_name="genome")


def variant(chrom, start, ref, alt):
    return Variant(chrom, start + 1, ref, alt, {}, {})


def some_variants(bases, number, seed):
    """SNVs, MNVs, insertions, deletions and both, on known bases."""
    choose = random.Random(seed)
    for _ in range(number):
        start, length = choose.randrange(1, 380), choose.choice([1, 1, 1, 2, 3, 9])
        ref = bases["chr1"][start : start + length]
        alt = "".join(choose.choices("ACGT", k=choose.choice([1, 1, 1, 2, 3, 8])))
        if choose.random() < 0.5:
            alt = ref[0] + alt[1:]
        if ref != alt:
            yield variant("chr1", start, ref, alt)


def test_ids_are_those_of_the_library_s_translator(fasta, bases, translator):
    identify = Identifier(fasta)
    compared = list(some_variants(bases, 300, seed=1))
    for one in compared:
        text = f"{one.chrom}-{one.pos}-{one.ref}-{one.alt}"
        assert identify(one) == translator.translate_from(text, "gnomad").id, one
    assert {one.kind for one in compared} == {"SNP", "MNP", "INS", "DEL", "INDEL"}


def test_the_example_of_the_specification():
    """NC_000019.10:g.44908822C>T, whose id the specification and the library's documentation give."""
    from ga4gh.core import ga4gh_identify
    from ga4gh.vrs import models

    reference = models.SequenceReference(refgetAccession="SQ.IIB53T8CNeJJdUqzn9V_JnRtQadwWCbl")
    location = models.SequenceLocation(sequenceReference=reference, start=44908821, end=44908822)
    allele = models.Allele(location=location, state=models.LiteralSequenceExpression(sequence="T"))
    assert VRS_VERSION.startswith("2.")
    assert ga4gh_identify(allele) == "ga4gh:VA.0AePZIWZUNsUlQTamyLrjm2HWUw2opLt"


def test_every_spelling_of_an_indel_in_a_repeat_has_one_id(fasta, bases):
    identify, sequence = Identifier(fasta), bases["chr1"]
    assert sequence[REPEAT : REPEAT + 14] == "GCACACACACACAT"
    places = range(REPEAT, REPEAT + 11)
    deletions = {identify(variant("chr1", at, sequence[at : at + 3], sequence[at])) for at in places}
    insertions = {
        identify(variant("chr1", at, sequence[at], sequence[at] + sequence[at + 1 : at + 3])) for at in places
    }
    padded = identify(variant("chr1", REPEAT - 5, sequence[REPEAT - 5 : REPEAT + 3], sequence[REPEAT - 5 : REPEAT + 1]))
    assert len(deletions) == len(insertions) == 1 and deletions == {padded} and deletions != insertions


def test_mnv_padding_n_and_soft_masked_bases(fasta, bases):
    identify, sequence = Identifier(fasta), bases["chr1"]
    assert sequence[400:410] == "NNNNNRACGT"
    assert identify(variant("chr1", 406, "ACG", "ATG")) == identify(variant("chr1", 407, "C", "T"))
    assert identify(variant("chr1", 406, "AC", "GT")).startswith("ga4gh:VA.")
    assert identify(variant("chr1", 402, "N", "A")) != identify(variant("chr1", 403, "N", "A"))
    assert identify(variant("chr1", 405, "A", "C")) == identify(variant("chr1", 405, "N", "C"))  # R is A or G


def test_variants_of_another_genome_are_refused(fasta, bases):
    wrong = "ACGT"[("ACGT".index(bases["chr1"][10]) + 1) % 4]
    for start, ref in ((10, wrong), (599, bases["chr1"][599] + "A"), (5000, "A")):
        with pytest.raises(MetadataUnusable, match="variants of chr1 do not match the given reference genome"):
            Identifier(fasta)(variant("chr1", start, ref, "C" if ref != "C" else "G"))
    with pytest.raises(FastaUnusable, match="has no contig chr7"):
        Identifier(fasta)(variant("chr7", 5, "A", "C"))


def case(folder, fasta, bases, germline, **changed):
    """A package with an SNV, an indel and an X-linked variant, written by all writers."""
    chr1, chr_x = bases["chr1"], bases["chrX"]
    info = "CALLERS=bcftools;GENE=ABCA4;CONSEQUENCE=missense_variant;HGVSC=c.1A>G;TRANSCRIPT=ENST1"
    genotypes = [("0/1", "0/0", "0/1"), ("0/1", "1/1", "0/0"), ("1/1", "0/1", "0/0")]
    if not germline:
        genotypes = [("0/1", "0/0"), ("0/1", "0/1"), ("0/1", "0/0")]
    records = [
        record("chr1", 21, chr1[20], "A" if chr1[20] != "A" else "C", *genotypes[0], info=info),
        record("chr1", REPEAT + 1, "GCA", "G", *genotypes[1]),
        record("chrX", 51, chr_x[50], "A" if chr_x[50] != "A" else "C", *genotypes[2]),
    ]
    if not germline:
        changed = {"members": PAIR, "categories": ["somatic_variants", "quality_metrics"]} | changed
    given = facts(fasta, **changed)
    plain = package(folder, given, records)
    (plain / "data" / f"{given.pseudonyms.sample('kid-1')}.qc.json").write_text("{}\n")
    write_standards(plain, given)
    return plain, given


@pytest.fixture(scope="module", params=[True, False], ids=["germline", "somatic"])
def written(request, tmp_path_factory, fasta, bases):
    folder = tmp_path_factory.mktemp("case")
    known = {"birth_date": "1930-01-01", "sampled": "2025-01-02", "disease": "MONDO:0009549", "disease_label": "Ill"}
    table = folder / "classifications.tsv"
    table.write_text(
        f"variant\tclassification\nchr1:{REPEAT + 3}:ACA\tA\n".replace(":ACA\tA", ":ACA:A\tlikely pathogenic")
    )
    individuals = dict.fromkeys(("person-1", "person-4"), known)
    return *case(folder, fasta, bases, request.param, individuals=individuals, classifications=table), request.param


def bff_tools(folder, out):
    command = [Path(sys.executable).with_name("bff-tools"), "validate", "--gv", "-nc", "-ne", "-o", out, "-i"]
    return subprocess.run([*command, *sorted(folder.glob("*.json"))], capture_output=True, text=True)


def test_bff_tools_validates_every_beacon_entry(written, tmp_path):
    folder = written[0] / "metadata" / "beacon"
    assert sorted(path.stem for path in folder.iterdir()) == list(ENTRIES)
    run = bff_tools(folder, tmp_path)
    assert run.returncode == 0 and "Validation passed" in run.stdout, run.stdout + run.stderr
    assert all(f"{name}: validation passed" in run.stdout for name in ENTRIES)


def test_bff_tools_would_find_what_is_missing(written, tmp_path):
    for name in ENTRIES:
        content = json.loads((written[0] / "metadata" / "beacon" / f"{name}.json").read_text())
        content[0].pop("variantInternalId" if name == "genomicVariations" else "id")
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    run = bff_tools(tmp_path, tmp_path / "out")
    assert run.returncode != 0 and run.stdout.count("is a required property") >= len(ENTRIES), run.stdout


def test_phenopackets_are_read_by_their_library(written):
    plain, _, germline = written
    texts = [path.read_text() for path in sorted((plain / "metadata").glob("*.phenopacket.json"))]
    packets = [Parse(text, pps.Phenopacket()) for text in texts]
    assert len(packets) == (3 if germline else 1)
    assert all(packet.id and packet.subject.id and packet.files for packet in packets)
    assert "P90Y" in "".join(texts)


def test_the_crate_is_read_by_its_library_and_lists_every_file(written):
    plain, given, _ = written
    crate = ROCrate(plain)
    files = {path.relative_to(plain).as_posix() for path in plain.rglob("*") if path.is_file()}
    assert {entity.id for entity in crate.data_entities} == files - {"ro-crate-metadata.json"} | {crate.mainEntity.id}
    assert crate.mainEntity.type == ["File", "SoftwareSourceCode", "ComputationalWorkflow"]
    blob = subprocess.run(["git", "hash-object", WORKFLOW], capture_output=True, text=True, check=True).stdout.strip()
    assert crate.mainEntity.id == f"swh:1:cnt:{blob}"
    assert crate.mainEntity["programmingLanguage"]["name"] == "Snakemake"
    (action,) = crate.root_dataset["mentions"]
    assert action.type == "CreateAction" and action["instrument"].id == crate.mainEntity.id
    assert {item.id for item in action["result"]} == {name for name in files if name.startswith("data/")}
    assert crate.root_dataset["datePublished"] == given.day.isoformat()


def test_the_crate_keeps_its_profiles(written):
    """What RO-Crate 1.1 and the two run profiles say must be there; roc-validator needs a network for its contexts."""
    content = json.loads((written[0] / "ro-crate-metadata.json").read_text())
    graph = {entity["@id"]: entity for entity in content["@graph"]}
    assert len(graph) == len(content["@graph"]) and content["@context"][0] == "https://w3id.org/ro/crate/1.1/context"
    root, metadata = graph["./"], graph["ro-crate-metadata.json"]
    assert metadata["about"] == {"@id": "./"} and {"@id": "https://w3id.org/ro/crate/1.1"} in metadata["conformsTo"]
    assert all(root.get(key) for key in ("name", "description", "datePublished", "license", "mainEntity", "hasPart"))
    profiles = {item["@id"] for item in root["conformsTo"]}
    assert {"https://w3id.org/ro/wfrun/workflow/0.5", "https://w3id.org/ro/wfrun/process/0.5"} <= profiles
    assert all(graph[profile]["@type"] == "CreativeWork" for profile in profiles)
    assert [name for name in references(content["@graph"]) - graph.keys() if not name.startswith("https://")] == []
    files = [entity for entity in graph.values() if "File" in entity["@type"]]
    assert all(len(entity["sha256"]) == 64 for entity in files)
    assert all(entity["contentSize"].isdigit() for entity in files if entity["@type"] == "File")


def references(value):
    """Every {"@id": …} that is not an entity of the graph itself."""
    if isinstance(value, list):
        return {found for item in value for found in references(item)}
    if not isinstance(value, dict):
        return set()
    if set(value) == {"@id"}:
        return {value["@id"]}
    return {found for item in value.values() for found in references(item)}


def test_the_table_of_ids_is_the_vcf_s(written, fasta):
    plain, _, _ = written
    rows = list(csv.reader((plain / "metadata" / "vrs.tsv").read_text().splitlines(), delimiter="\t"))
    assert rows[0] == ["CHROM", "POS", "REF", "ALT", "VRS_Allele_ID"] and len(rows) == 4
    identify = Identifier(fasta)
    assert [identify(variant(row[0], int(row[1]) - 1, *row[2:4])) for row in rows[1:]] == [row[4] for row in rows[1:]]


def test_a_class_is_found_by_another_spelling_and_only_where_germline_variants_may_be_seen(written):
    plain, _, germline = written
    path = plain / "metadata" / "variant_portal.xlsx"
    assert path.is_file() == germline
    if germline:
        assert [row[:4] for row in openpyxl.load_workbook(path).active.values][1:] == [("chr1", REPEAT + 1, "GCA", "G")]
    texts = "".join(path.read_text() for path in plain.rglob("*.json"))
    assert ("LIKELY_PATHOGENIC" in texts) == germline and ("germline variant" in texts) == germline
    assert ("GENO:" in texts) == germline


def test_nothing_tells_of_a_person_or_of_this_machine(written):
    plain, _, _ = written
    here = [str(plain.parents[2]), socket.gethostname(), str(Path(__file__).parents[2]), f"/{getpass.getuser()}/"]
    for path in plain.rglob("*"):
        content = path.read_bytes().decode("latin-1") if path.is_file() else ""
        assert not [word for word in (*NAMES, "1930", "2025-01", "2026-06-01", *here) if word in content], path


def test_the_leak_scan_finds_nothing(written):
    plain, _, _ = written
    assert scan(plain, local_rules(NAMES, folders=[plain.parents[1]])) == []


def test_a_size_like_a_personal_number_is_not_written(tmp_path):
    path = tmp_path / "large"
    with open(path, "wb") as file:
        file.truncate(1212121212)  # sparse
    assert "contentSize" not in _content(path)
    path.write_bytes(b"abc")
    assert _content(path)["contentSize"] == "3"


def test_same_facts_same_bytes(tmp_path, fasta, bases):
    contents = []
    for name in ("first", "second"):
        plain, _ = case(tmp_path / name, fasta, bases, True)
        contents.append({path.relative_to(plain): path.read_bytes() for path in plain.rglob("*") if path.is_file()})
        time.sleep(1.1)  # for times of whole seconds
    assert contents[0] == contents[1]


def test_a_package_without_variants(tmp_path, fasta):
    given = facts(fasta, categories=["quality_metrics"])
    plain = tmp_path / "plain"
    (plain / "data").mkdir(parents=True)
    write_standards(plain, given)
    assert not (plain / "metadata" / "vrs.tsv").exists()
    assert json.loads((plain / "metadata" / "beacon" / "genomicVariations.json").read_text()) == []


def test_refget_reads_a_large_genome_in_little_memory(tmp_path):
    """200 MB of one contig; most of the memory is the interpreter's."""
    fasta = tmp_path / "large.fa"
    line = b"ACGTACGTAC" * 6 + b"\n"
    with open(fasta, "wb") as file:
        file.write(b">chr1\n")
        for _ in range(33):
            file.write(line * 100_000)
    fasta.with_name("large.fa.fai").write_text(f"chr1\t{33 * 100_000 * 60}\t6\t60\t61\n")
    code = "import sys; sys.path.insert(0, 'scripts'); from pathlib import Path; "
    code += "from gms.sharing.metadata.refget import refget_digests; refget_digests(Path(sys.argv[1])); "
    code += "print(next(line.split()[1] for line in open('/proc/self/status') if line.startswith('VmHWM')))"
    project = Path(__file__).parents[2]
    run = subprocess.run([sys.executable, "-c", code, fasta], cwd=project, capture_output=True, text=True, check=True)
    assert int(run.stdout) < 80_000, run.stdout  # kB
    assert list(refget_digests(fasta)) == ["chr1"]
