"""Residual disease from reads: molecules, families, what makes a sample not evaluable, documents and pages."""

import json
import xml.etree.ElementTree

import numpy as np
import pysam
import pytest
import yaml
from jsonschema import Draft202012Validator

from gms.base.errors import Problems
from gms.base.project import PROJECT
from gms.base.schemas import load_schema
from gms.trials.residual_disease.drawing import drawing
from gms.trials.residual_disease.follow import follow
from gms.trials.residual_disease.loci import Locus, NoLoci, WrongLocus, context, read_loci
from gms.trials.residual_disease.molecules import count_locus
from gms.trials.residual_disease.monitoring import CONTROLS, patient_files, read_monitoring
from gms.trials.residual_disease.samples import UnreadableReads, open_reads
from gms.trials.residual_disease.write import page
from plasma_reads import CONTIG, other_base, pair, write_genome, write_plasma, write_reads

DEPTH = 400
SETTINGS = yaml.safe_load((PROJECT / "config" / "assays" / "residual_disease.yaml").read_text())
POINTS = {"before": 0.2, "after": 0.0, "shallow": 0.0}


def table(path, sequence, loci):
    lines = [f"{CONTIG}\t{position + 1}\t{sequence[position]}\t{alt}" for position, alt in loci]
    path.write_text("chrom\tpos\tref\talt\n" + "\n".join(lines) + "\n")


@pytest.fixture(scope="module")
def world(tmp_path_factory):
    """A patient with 12 loci and plasma at three time points, another patient, a control, and a normal."""
    folder, random = tmp_path_factory.mktemp("plasma"), np.random.default_rng(3)
    sequence = write_genome(folder / "genome.fa", random)
    places = [1000 + 1000 * number for number in range(24)]
    loci = [(place, other_base(sequence[place])) for place in places]
    own, others = loci[:12], loci[12:]
    table(folder / "own.tsv", sequence, own)
    table(folder / "others.tsv", sequence, others)

    def plasma(name, depth=DEPTH, **rates):
        of_own, of_others = rates.get("own", 0), rates.get("others", 0)
        wanted = dict.fromkeys(own, of_own) | dict.fromkeys(others, of_others)
        write_plasma(folder / f"{name}.bam", sequence, wanted | rates.get("more", {}), depth, random)

    for name, fraction in POINTS.items():
        plasma(name, 40 if name == "shallow" else DEPTH, own=fraction / 2)
    plasma("control")
    plasma("foreign", others=0.05)
    plasma("normal", 60, more={own[0]: 0.1})
    sites = [(position + 3, other_base(sequence[position + 3])) for position in places]
    germline(folder / "same.vcf", sequence, sites, 0)
    germline(folder / "swapped.vcf", sequence, sites, 2)
    return folder


def germline(path, sequence, sites, alleles):
    genotype = ("0/0", "0/1", "1/1")[alleles]
    head = ["##fileformat=VCFv4.2", f"##contig=<ID={CONTIG}>", '##FORMAT=<ID=GT,Number=1,Type=String,Description="g">']
    rows = [f"{CONTIG}\t{p + 1}\t.\t{sequence[p]}\t{alt}\t50\tPASS\t.\tGT\t{genotype}" for p, alt in sites]
    path.write_text("\n".join([*head, "#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tS", *rows]) + "\n")


def followed(world, points=tuple(POINTS), settings=None, **more):
    time_points = [
        {"sample": name, "drawn": f"2026-0{n}-01", "reads": f"{name}.bam"} for n, name in enumerate(points, 1)
    ]
    patient = {"id": "P1", "variants": "own.tsv", "time_points": time_points, **more}
    other = {
        "id": "P2",
        "variants": "others.tsv",
        "time_points": [{"sample": "o", "drawn": "2026-01-01", "reads": "control.bam"}],
    }
    settings = SETTINGS | {"needed_molecules": 3000, "needed_controls": 4000} | (settings or {})
    content = {"controls": ["control.bam"], "patients": [patient, other]}
    (world / "monitoring.yaml").write_text(yaml.safe_dump(content))
    monitoring = read_monitoring(world / "monitoring.yaml", settings, {})
    return follow(monitoring.patients[0], monitoring, world / "genome.fa")


def test_three_time_points(world):
    treatments = [{"name": "drug A", "from": "2026-01-10", "until": "2026-02-20"}]
    document = followed(world, treatments=treatments)
    assert [point["state"] for point in document["time_points"]] == ["detected", "not_detected", "not_evaluable"]
    first, second, third = document["time_points"]
    assert first["low"] <= 0.2 <= first["high"] and second["lod"] < 0.01
    assert "informative molecules, 3000 are needed" in third["because"]
    assert first["alpha"] == pytest.approx(0.01 / 3) and third["alpha"] > second["alpha"] > first["alpha"]
    used = sum(point["alpha_actual"] for point in (first, second))
    assert third["alpha"] == pytest.approx(0.01 - used)
    as_json = json.loads(json.dumps(document))
    assert list(Draft202012Validator(load_schema("residual_disease")).iter_errors(as_json)) == []
    text = page(document)
    assert "No software enrols a patient" in text and "clonal haematopoiesis" in text and "drug A" in text
    assert xml.etree.ElementTree.fromstring(drawing(document)).tag.endswith("svg")


def test_planned_time_points_are_corrected_for(world):
    document = followed(world, ("shallow", "after"), planned=5)
    shallow, after = document["time_points"]
    assert (shallow["state"], shallow["alpha"]) == ("not_evaluable", pytest.approx(0.002))
    assert after["alpha"] == pytest.approx(0.01 / 4)  # a sample that is not evaluable uses none


def test_the_normal_rules_loci_out(world):
    document = followed(world, ("after",), normal="normal.bam")
    assert document["loci"] == 11 and [("carry it" in why) for why in document["left_out"].values()] == [True]


def test_another_persons_plasma_is_not_evaluable(world):
    same = followed(world, ("before",), germline="same.vcf")["time_points"][0]
    swapped = followed(world, ("before",), germline="swapped.vcf")["time_points"][0]
    assert (same["state"], same["identity"]["concordance"]) == ("detected", 1)
    assert swapped["state"] == "not_evaluable" and "another person's plasma" in swapped["because"]


def test_other_patients_changes_are_contamination(world):
    point = followed(world, ("foreign",))["time_points"][0]
    assert point["foreign"] == ["P2"] and point["state"] == "not_evaluable"


def test_too_few_controls_are_not_evaluable(world):
    point = followed(world, ("before",), {"needed_controls": 10**6})["time_points"][0]
    assert point["state"] == "not_evaluable" and "control molecules" in point["because"]


def counted(folder, reads, umi=""):
    write_reads(folder / "reads.bam", reads)
    with open_reads(folder / "reads.bam", folder / "none.fa") as bam:
        return count_locus(bam, Locus(CONTIG, 1080, "A", "C"), umi)


def fragment(name, base="C", mate=None, **more):
    """A fragment from 1000 to 1160 with a base at 1080, seen by both mates, in the second one `mate`."""
    swapped, start = more.pop("swapped", False), more.pop("start", 1000)
    bases = ["G"] * 160
    bases[1080 - start] = base
    reads = pair(name, start, bases, swapped)
    if mate:
        other = list(reads[1]["bases"])
        other[1080 - reads[1]["start"]] = mate
        reads[1]["bases"] = "".join(other)
    return [{**read, **more} for read in reads]


def test_overlapping_mates_are_one_molecule(tmp_path):
    reads = fragment("a") + fragment("b", "A") + fragment("c", "C", "A") + fragment("d", "T")
    found = counted(tmp_path, reads)
    assert (found.alt, found.ref, found.other, found.discordant) == (1, 1, 1, 1)


@pytest.mark.parametrize("more", [{"quality": 10}, {"mapq": 5}, {"start": 981 - 80 + 177}])
def test_poor_reads_do_not_count(tmp_path, more):
    assert counted(tmp_path, fragment("a", **more)).depth == 0


def test_marked_duplicates_count_only_within_families(tmp_path):
    reads = fragment("a:AAAA") + [{**read, "flag": read["flag"] | 1024} for read in fragment("b:AAAA")]
    assert counted(tmp_path, reads).alt == 1 and counted(tmp_path, reads, "name").alt == 1


def test_families(tmp_path):
    reads = [read for n in range(9) for read in fragment(f"a{n}:ACGTACG")]
    reads += fragment("a9:ACGTACC")  # an error in the UMI of the same molecule
    reads += fragment("b:TTTTTTT", "A")
    reads += fragment("c1:GGGGGGG") + fragment("c2:GGGGGGG", "A")  # a family that contradicts itself
    found = counted(tmp_path, reads, "name")
    assert (found.alt, found.ref, found.discordant) == (1, 1, 1)


def test_duplex_families_are_counted_apart(tmp_path):
    reads = fragment("a:AAA-CCC") + fragment("b:CCC-AAA", swapped=True) + fragment("c:GGG-TTT")
    found = counted(tmp_path, reads, "name")
    assert (found.alt, found.duplex_alt) == (2, 1)


def test_families_of_simulated_reads(tmp_path):
    random = np.random.default_rng(4)
    sequence = write_genome(tmp_path / "genome.fa", random)
    locus = Locus(CONTIG, 5000, sequence[5000], other_base(sequence[5000]))
    changed = write_plasma(tmp_path / "umi.bam", sequence, {(5000, locus.alt): 0.2}, 200, random, copies=3)
    with pysam.AlignmentFile(tmp_path / "umi.bam") as bam:
        families, fragments = count_locus(bam, locus, "name"), count_locus(bam, locus)
    assert (families.alt, families.depth) == (changed, 200) and fragments.depth == 600


def test_loci_of_files(tmp_path):
    path = tmp_path / "v.vcf"
    path.write_text(
        "##x\n#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\n1\t5\t.\tA\tG\t9\tPASS\n1\t6\t.\tA\tGT\t9\tPASS\n1\t7\t.\tA\tG\t9\tLow\n"
    )
    assert read_loci(path) == ([Locus("1", 4, "A", "G")], {"1:6:A:GT": "only changes of single bases are followed"})
    path.write_text("chrom\tpos\tref\talt\tfraction\n1\t5\tA\tG\t0.3\n")
    assert read_loci(path, 0.5)[0][0].weight == pytest.approx(0.6)
    for text in ("a\tb\n", "chrom\tpos\tref\talt\n1\t5\tAC\tG\n", ""):
        path.write_text(text)
        with pytest.raises(NoLoci):
            read_loci(path)


@pytest.mark.parametrize("row, text", [
    ("1\tx\tA\tG\t0.3", "line 3: pos 'x' must be a number from 1"),
    ("1\t0\tA\tG\t0.3", "line 3: pos '0' must be a number from 1"),
    ("1\t5\tA\tG\tmuch", "line 3: fraction 'much' must be a number from 0 to 1"),
    ("1\t5\tA\tG\t-3", "line 3: fraction '-3' must be a number from 0 to 1"),
])  # fmt: skip
def test_rows_that_cannot_be_variants(tmp_path, row, text):
    path = tmp_path / "loci.tsv"
    path.write_text(f"chrom\tpos\tref\talt\tfraction\n1\t9\ta\tg\t0.2\n{row}\n")
    with pytest.raises(WrongLocus, match=text):
        read_loci(path)


def test_contexts_are_seen_from_the_pyrimidine():
    genome = {"1": "ACGTGA"}

    def fetch(chrom, start, end):
        return genome[chrom][start:end]

    assert context(Locus("1", 1, "C", "T"), fetch) == "A[C>T]G"
    assert context(Locus("1", 2, "G", "A"), fetch) == "A[C>T]G"
    assert context(Locus("1", 0, "A", "T"), fetch) == "N[T>A]N"


BAD = {
    "patient P1 is there already": lambda c: c["patients"].append(c["patients"][0]),
    "'2026-02-30' is not a calendar date": lambda c: c["patients"][0]["time_points"][0].update(drawn="2026-02-30"),
    "missing.bam does not exist": lambda c: c["controls"].append("missing.bam"),
    "unknown key 'alfa'": lambda c: c.update(alfa=1),
    "sample 'z' is not plasma of case 'P1' in the sheet": lambda c: c["patients"][0]["time_points"].append(
        {"sample": "z", "drawn": "2026-02-01"}
    ),
    "sample 'b' of case 'P1' is plasma in the sheet, but no time point": lambda c: c["patients"][0].update(
        time_points=[{"sample": "a", "drawn": "2026-01-01"}]
    ),
    "sample 'b' is in the sheet, and this run aligns it; remove reads:": lambda c: c["patients"][0][
        "time_points"
    ].append({"sample": "b", "drawn": "2026-03-01", "reads": "after.bam"}),
    "the treatment ends before it begins": lambda c: c["patients"][0].update(
        treatments=[{"name": "x", "from": "2026-02-01", "until": "2026-01-01"}]
    ),
    "holds a personal number": lambda c: c["patients"][0].update(
        treatments=[{"name": "19121212-1212", "from": "2026-02-01"}]
    ),
}


@pytest.mark.parametrize("text", BAD)
def test_bad_monitoring_files(world, text):
    plasma = {"P1": {name: str(world / "before.bam") for name in "ab"}}
    points = [{"sample": "a", "drawn": "2026-01-01"}, {"sample": "b", "drawn": "2026-02-01"}]
    content = {"controls": ["control.bam"], "patients": [{"id": "P1", "variants": "own.tsv", "time_points": points}]}
    BAD[text](content)
    path = world / "bad.yaml"
    path.write_text(yaml.safe_dump(content))
    with pytest.raises(Problems) as caught:
        read_monitoring(path, SETTINGS, plasma)
    assert text in str(caught.value) and "1212-1212" not in str(caught.value)


def test_files_of_the_run_are_relative_and_may_be_missing(world):
    point = {"sample": "a", "drawn": "2026-01-01"}
    plasma = {"P1": {"a": str(world / "results/alignment/a.cram")}, CONTROLS: {"c": str(world / "control.bam")}}
    content = {"patients": [{"id": "P1", "variants": "own.tsv", "time_points": [point]}]}
    path = world / "run.yaml"
    path.write_text(yaml.safe_dump(content))
    assert patient_files(path, plasma, world / "results")["P1"][0] == "alignment/a.cram"
    monitoring = read_monitoring(path, SETTINGS, plasma, world / "results")
    assert monitoring.patients[0].id == "P1" and monitoring.controls == [world / "control.bam"]
    assert patient_files(world / "genome.fa", {}, world) == {} and patient_files(None, {}, world) == {}


def test_reads_without_index(tmp_path):
    write_reads(tmp_path / "reads.bam", fragment("a"))
    (tmp_path / "reads.bam.bai").unlink()
    with pytest.raises(UnreadableReads, match="index"):
        open_reads(tmp_path / "reads.bam", tmp_path / "g.fa")
