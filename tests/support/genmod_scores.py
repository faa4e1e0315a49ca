"""Writes made-up records and genmod's scores of them (tests/cases/ranking/genmod).

Needs genmod, in an environment of its own: python -m venv G && G/bin/pip install genmod==3.12.0, then
G/bin/python tests/support/genmod_scores.py tests/cases/ranking/genmod G/bin/genmod
"""

import random
import subprocess
import sys
from pathlib import Path

RECORDS, SEED = 200, 12
# Answers of each field, '' for a record without it: bounds of the model's rules, several values, and what is no number.
FIELDS = {
    "PopulationAF": ("", "0.0", "0.02", "0.0199999", "0.5", "1.1", "1.5", ".", "0.001,0.03", "1e-05"),
    "OwnAF": ("", "0.02", "0.3,0.01", "0.5|0.9", "1.0", "x"),
    "Models": ("", "AD", "1:AD|AR_hom", "1:ar_HOM_dn", "XR", "1:AR_comp|AD_dn"),
    "Consequence": ("", "G:stop_gained&missense_variant", "G:Missense_Variant", "H:intron_variant", "other"),
    "Deleterious": ("", "0", "9.99", "10", "98,3", "99", "-4"),
    "Length": ("", "-50001", "-50002", "-50000", "50001", "7,-60000", "1.5"),
    "Occurrence": ("", "1", "2", "0"),
}


def record(number: int, draw: random.Random) -> str:
    info = [f"{key}={value}" for key, values in FIELDS.items() if (value := draw.choice(values))]
    info += ["Listed"] * draw.randrange(2)
    quality, passed = draw.choice(("5.5", "20", "19.9", "300", "0")), draw.choice(("PASS", ".", "LowQual", "A;PASS"))
    return f"chr1\t{100 + number}\t.\tA\tT\t{quality}\t{passed}\t{';'.join(info) or '.'}\tGT\t0/1\n"


def main(folder: Path, genmod: str) -> None:
    draw, vcf = random.Random(SEED), folder / "variants.vcf"
    lines = ["##fileformat=VCFv4.3\n", "##contig=<ID=chr1,length=100000>\n"]
    lines += [f'##INFO=<ID={key},Number=.,Type=String,Description="{key}">\n' for key in FIELDS]
    lines += ['##INFO=<ID=Listed,Number=0,Type=Flag,Description="Listed">\n']
    lines += ["#CHROM\tPOS\tID\tREF\tALT\tQUAL\tFILTER\tINFO\tFORMAT\tP1\n"]
    vcf.write_text("".join([*lines, *(record(number, draw) for number in range(RECORDS))]))
    command = [genmod, "score", "--score_config", str(folder / "model.ini"), "--rank_results", str(vcf)]
    scored = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    rows = ["pos\tscore\tcategories\tbounds"]
    for line in scored.splitlines():
        if not line.startswith("#"):
            columns = line.split("\t")
            info = dict(part.partition("=")[::2] for part in columns[7].split(";"))
            found = info["RankScore"].split(":")[1], info["RankResult"], info["RankScoreMinMax"].split(":", 1)[1]
            rows.append("\t".join([columns[1], *found]))
    (folder / "scores.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2])
