"""X, Y and the pseudo-autosomal region from reads: sex by depth, genotypes of one copy, modes of inheritance."""

import json
import random
import subprocess

import pytest

from gms.annotation.commands import members_of
from gms.families.info_fields import Family
from gms.families.relatives import Member
from gms.filtering.pairs import find_partners, half, paired
from gms.genome.vcf import info
from gms.qc.measure import Reads, depth_command
from gms.qc.records import sex_of
from gms.variants.small.commands import bcftools
from gms.variants.small.merge_callers import Job, merge_calls

LENGTHS = {"chr1": 20_000, "chrX": 64_000, "chrY": 12_000}  # PAR1 of a part of a chromosome begins at chrX:60,001
OWN_Y = 10_000  # bases of Y; its pseudo-autosomal region is masked (N), as in analysis sets
PLACES = {
    "carried": ("chrX", 30_000),  # on one X of the mother
    "of_healthy_man": ("chrX", 40_000),  # on the father's X
    "maternal": ("chrX", 61_000),  # PAR
    "paternal": ("chrX", 62_500),  # PAR, on both of the father's
    "new_on_x": ("chrX", 20_000),
    "new_on_y": ("chrY", 5_000),
}
X1, X2 = ["carried", "maternal"], []
FATHERS_X, FATHERS_Y = ["of_healthy_man", "paternal"], ["paternal"]
PEOPLE = {  # X chromosomes; Y with its pseudo-autosomal region, which is aligned to that of X
    "son": ([[*X1, "new_on_x"]], [*FATHERS_Y, "new_on_y"]),
    "daughter": ([X1, FATHERS_X], None),
    "mother": ([X1, X2], None),
    "father": ([FATHERS_X], FATHERS_Y),
    "girl": ([[*X1, "new_on_x"]], None),  # 45,X
    "boy": ([[*X1, "new_on_x"], X2], FATHERS_Y),  # 47,XXY: both X of his mother
}
MEASURED = {"son": "XY", "daughter": "XX", "mother": "XX", "father": "XY", "girl": "X", "boy": "XXY"}


def chromosomes(genome: dict[str, str], xs: list[list[str]], y: list[str] | None):
    """Sequences of a person's chromosomes."""

    def carrying(contig, names, start=0, end=None):
        bases = list(genome[contig])
        for name in names:
            place, at = PLACES[name]
            if place == contig:
                bases[at - 1] = "C" if bases[at - 1] != "C" else "G"
        return "".join(bases[start:end])

    yield from [genome["chr1"]] * 2
    yield from (carrying("chrX", names) for names in xs)
    if y is not None:
        yield carrying("chrX", y, 60_000)
        yield carrying("chrY", y, 0, OWN_Y)


def write_reads(path, sequences, rng, depth=15, length=150, fragment=400) -> None:
    """Interleaved pairs of `depth` of each sequence."""
    with open(path, "w") as out:
        for number, sequence in enumerate(sequences):
            for n in range(depth * len(sequence) // (2 * length)):
                start = rng.randrange(len(sequence) - fragment)
                ends = sequence[start : start + length], sequence[start + fragment - length : start + fragment]
                ends = ends[0], ends[1][::-1].translate(str.maketrans("ACGT", "TGCA"))
                out.writelines(f"@{number}:{n}\n{bases}\n+\n{'I' * length}\n" for bases in ends[:: rng.choice((1, -1))])


@pytest.fixture(scope="module")
def crams(tmp_path_factory):
    """Folder with genome.fa and the CRAM of each person."""
    rng, folder = random.Random(8), tmp_path_factory.mktemp("sex")
    genome = {contig: "".join(rng.choices("ACGT", k=length)) for contig, length in LENGTHS.items()}
    genome["chrY"] = genome["chrY"][:OWN_Y].ljust(LENGTHS["chrY"], "N")
    (folder / "genome.fa").write_text("".join(f">{contig}\n{bases}\n" for contig, bases in genome.items()))
    (folder / "bases.tsv").write_text("contig\tlength\tknown\n" + "".join(
        f"{contig}\t{len(bases)}\t{len(bases) - bases.count('N')}\n" for contig, bases in genome.items()))  # fmt: skip
    (folder / "all.bed").write_text("".join(f"{contig}\t0\t{length}\n" for contig, length in LENGTHS.items()))
    run("samtools faidx genome.fa; bwa index genome.fa 2> log", folder)
    for person, (xs, y) in PEOPLE.items():
        write_reads(folder / f"{person}.fq", chromosomes(genome, xs, y), rng)
        align = f"bwa mem -v 1 -p -R '@RG\\tID:{person}\\tSM:{person}' genome.fa {person}.fq"
        run(f"{align} | samtools sort -O cram --reference genome.fa -o {person}.cram --write-index -", folder)
        run(f"samtools index {person}.cram", folder)
    return folder


def run(command: str, folder) -> None:
    subprocess.run(["bash", "-o", "pipefail", "-c", command], check=True, cwd=folder, capture_output=True)


@pytest.mark.parametrize("person", PEOPLE)
def test_sex_and_copies_by_depth(crams, person):
    sex = "male" if "Y" in MEASURED[person] else "female"
    found = measured(crams, person, sex)
    assert (found["sex_inferred"], found["sex_matches"]) == (sex, True)
    assert found["sex_chromosomes"] == MEASURED[person]


def measured(folder, person, stated="unknown") -> dict:
    """Metrics of a person's depth."""
    exons = Reads(f"{person}.cram", "genome.fa", "all.bed", False, 4, 10)
    run(" ".join(depth_command(exons, person)), folder)
    return sex_of(str(folder / person), folder / "bases.tsv", stated, targeted=False)


def records(folder, members: dict[str, Member]) -> dict[str, tuple[list[str], dict[str, str]]]:
    """Name of each planted allele -> genotypes of the members and INFO, with pairs; nothing else may be found."""
    files = [f"{person}.cram" for person in members]
    command = bcftools("genome.fa", files, None).replace("{bed}", "all.bed")
    run(f"{command} | bgzip > calls.vcf.gz; tabix -f calls.vcf.gz", folder)
    calls = {"bcftools": str(folder / "calls.vcf.gz")}
    alignments = [str(folder / name) for name in files]
    job = Job(calls, alignments, str(folder / "genome.fa"), [m.role for m in members.values()], False, {})
    merged = merge_calls(job, list(members), None, 100_000, threads=1)
    family = Family(list(members.values()), LENGTHS, frozenset())
    lines = ["\t".join(family.annotated(line.rstrip("\n").split("\t"), ["G"])) for line in merged if line[0] != "#"]
    partners = find_partners([(gene_of(line), half(line)) for line in lines if "compound" in line])
    names = {place: name for name, place in PLACES.items()}
    found = {}
    for line in lines:
        fields = paired(line, partners).split("\t")
        genotypes = [column.partition(":")[0] for column in fields[9:]]
        if "1" in genotypes[0]:
            found[names[fields[0], int(fields[1])]] = genotypes, info(fields[7])
    return found


def gene_of(line: str) -> str:
    """One gene in the pseudo-autosomal region, and one at each place elsewhere."""
    pos = line.split("\t", 2)[1]
    return "PAR" if int(pos) > 60_000 else pos


def test_a_son_has_one_copy_of_x_and_y_and_two_in_the_par(crams):
    family = {"son": ("proband", "male", "yes"), "mother": ("mother", "", "no"), "father": ("father", "", "no")}
    found = records(crams, {name: Member(*facts) for name, facts in family.items()})
    assert {name: genotypes for name, (genotypes, _) in found.items()} == {
        "new_on_x": ["1", "0/0", "0"],
        "carried": ["1", "0/1", "0"],
        "maternal": ["0/1", "0/1", "0/0"],
        "paternal": ["0/1", "0/0", "1/1"],
        "new_on_y": ["1", "./.", "0"],
    }
    modes = {name: known["MODES"] for name, (_, known) in found.items()}
    assert modes["new_on_x"] == modes["new_on_y"] == "de_novo"
    assert modes["carried"] == "x_linked_recessive,x_linked_dominant"
    assert modes["maternal"] == modes["paternal"] == "compound,pseudo_autosomal"
    assert found["maternal"][1]["PARTNERS"].startswith("chrX:62500:")


def test_a_daughter_has_two_copies_and_her_healthy_father_rules_his_x_out(crams):
    family = {"daughter": ("proband", "female", "yes"), "mother": ("mother", "", "no"), "father": ("father", "", "no")}
    found = records(crams, {name: Member(*facts) for name, facts in family.items()})
    assert {name: (genotypes, known["MODES"]) for name, (genotypes, known) in found.items()} == {
        "carried": (["0/1", "0/1", "0"], "x_linked_dominant"),
        "of_healthy_man": (["0/1", "0/0", "1"], "none"),
        "maternal": (["0/1", "0/1", "0/0"], "compound,pseudo_autosomal"),
        "paternal": (["0/1", "0/0", "1/1"], "compound,pseudo_autosomal"),
    }


def test_the_measured_sex_chromosomes_decide_where_the_sheet_has_no_sex(crams):
    found = {}
    for child in ("son", "daughter", "girl", "boy"):
        people = {child: "proband", "mother": "mother", "father": "father"}
        quality = [crams / f"{person}.qc.json" for person in people]
        for person, path in zip(people, quality, strict=True):
            path.write_text(json.dumps({"metrics": measured(crams, person)}))
        affected = ("yes", "no", "no")
        sheet = [(role, "unknown", ill) for role, ill in zip(people.values(), affected, strict=True)]
        known = records(crams, dict(zip(people, members_of(sheet, quality), strict=True)))
        found[child] = {"carried": (known["carried"][0][0], known["carried"][1]["MODES"])}
        found[child] |= {name: known[name][0][0] for name in ("new_on_x", "new_on_y") if name in known}
    hemizygous = ("1", "x_linked_recessive,x_linked_dominant")
    assert found == {
        "son": {"carried": hemizygous, "new_on_x": "1", "new_on_y": "1"},
        "daughter": {"carried": ("0/1", "x_linked_dominant")},
        "girl": {"carried": hemizygous, "new_on_x": "1"},
        "boy": {"carried": ("0/1", "x_linked_dominant"), "new_on_x": "0/1"},
    }
