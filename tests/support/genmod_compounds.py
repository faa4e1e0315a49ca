"""Writes made-up compound pairs and genmod's scores of them (tests/cases/ranking/genmod_compound).

Needs genmod, as genmod_scores.py says: G/bin/python tests/support/genmod_compounds.py FOLDER G/bin/genmod
"""

import random
import subprocess
import sys
from pathlib import Path

PAIRS, SEED = 30, 7
MODELS = ("AR_comp", "AR_comp|AD", "AR_comp|AD_dn", "AR_comp|AR_hom", "AR_comp|XR")
SCORES = (-12, 3, 8, 9, 10, 17)


def group(first: int, draw: random.Random) -> list[str]:
    """Two or three variants of a gene, each a partner of the others; genmod takes those of one gene (ANN) together."""
    names = [f"1_{first + number}_A_T" for number in range(draw.choice((2, 2, 3)))]
    rows = []
    for number, name in enumerate(names):
        partners = "|".join(other for other in names if other != name)
        info = f"Annotation=G{first};Compounds=F:{partners};GeneticModels=F:{draw.choice(MODELS)}"
        info += f";RankScore=F:{draw.choice(SCORES)};RankScoreNormalized=F:0.5;RankScoreMinMax=F:-15.0:40.0"
        rows.append("\t".join(["1", str(first + number), ".", "A", "T", "50", "PASS", info, "GT"]))
    return rows


def header(samples: list[str]) -> str:
    fields = ("Annotation", "Compounds", "GeneticModels", "RankScore", "RankScoreNormalized", "RankScoreMinMax")
    lines = ["##fileformat=VCFv4.2", "##contig=<ID=1,length=100000>"]
    lines += [f'##INFO=<ID={name},Number=.,Type=String,Description="{name}">' for name in fields]
    columns = ["#CHROM", "POS", "ID", "REF", "ALT", "QUAL", "FILTER", "INFO", "FORMAT", *samples]
    return "".join(f"{line}\n" for line in [*lines, "\t".join(columns)])


def main(folder: Path, genmod: str) -> None:
    draw = random.Random(SEED)
    rows = [row for number in range(PAIRS) for row in group(100 * (number + 1), draw)]
    table = ["family\tpos\tmodels\tscore\tpartners\tcorrected"]
    for family, samples in (("alone", ["child"]), ("trio", ["child", "mother", "father"])):
        vcf = folder / f"{family}.vcf"
        vcf.write_text(header(samples) + "".join("\t".join([row, *["0/1"] * len(samples)]) + "\n" for row in rows))
        done = folder / f"{family}.scored.vcf"
        subprocess.run([genmod, "compound", "--processes", "1", "--outfile", str(done), str(vcf)], check=True)
        before = {row.split("\t")[1]: info_of(row) for row in rows}
        for line in done.read_text().splitlines():
            if not line.startswith("#"):
                pos, after = line.split("\t")[1], info_of(line)
                old = before[pos]
                cells = [old["GeneticModels"], old["RankScore"], old["Compounds"], after["RankScore"]]
                table.append("\t".join([family, pos, *(cell.removeprefix("F:") for cell in cells)]))
        vcf.unlink()
        done.unlink()
    (folder / "scores.tsv").write_text("\n".join(table) + "\n")


def info_of(line: str) -> dict[str, str]:
    return dict(part.partition("=")[::2] for part in line.split("\t")[7].split(";"))


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
