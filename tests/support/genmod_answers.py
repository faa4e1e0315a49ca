"""Writes genmod's answers for all genotypes of a trio (tests/cases/inheritance/genmod).

Needs genmod, in an environment of its own: python -m venv G && G/bin/pip install genmod==3.12.0, then
G/bin/python tests/support/genmod_answers.py FOLDER
"""

import sys
from itertools import product
from pathlib import Path
from types import SimpleNamespace

from genmod.annotate_models.genetic_models import check_genetic_models
from genmod.vcf_tools.genotype import Genotype

STATUSES = (("no", "no"), ("yes", "no"), ("no", "yes"), ("unknown", "unknown"))
TEXT = {".": "./.", "0": "0/0", "1": "0/1", "2": "1/1"}
PLACES = (("chr1", "female"), ("chrX", "male"), ("chrX", "female"))


def person(name: str, sex: int, affected: str, mother: str = "0", father: str = "0") -> SimpleNamespace:
    return SimpleNamespace(
        individual_id=name,
        sex=sex,
        affected=affected == "yes",
        healthy=affected == "no",
        mother=mother,
        father=father,
        has_parents=mother != "0",
    )


def answers(place: str, sex: str, statuses: tuple[str, str], variants: list[tuple[str, str, str]]) -> list[set[str]]:
    """Models that genmod finds for variants of one gene, each the copies of child, mother and father."""
    people = [person("c", 1 if sex == "male" else 2, "yes", "m", "f"), person("m", 2, statuses[0])]
    people.append(person("f", 1, statuses[1]))
    family = SimpleNamespace(family_id="F", individuals={one.individual_id: one for one in people})
    batch = {
        f"v{number}": {
            "CHROM": place,
            "FORMAT": "GT",
            "genotypes": {name: Genotype(GT=TEXT[n]) for name, n in zip("cmf", copies, strict=True)},
            "annotation": {"G"},
            "compound_candidate": True,
        }
        for number, copies in enumerate(variants)
    }
    check_genetic_models(batch, {"F": family})
    return [{m for m, true in variant["inheritance_models"]["F"].items() if true} for variant in batch.values()]


def main(folder: Path) -> None:
    rows = ["contig\tsex\tmother_affected\tfather_affected\tchild\tmother\tfather\tmodels"]
    for (place, sex), statuses, copies in product(PLACES, STATUSES, product("12", ".012", ".012")):
        (models,) = answers(place, sex, statuses, [copies])
        rows.append("\t".join([place, sex, *statuses, *copies, "|".join(sorted(models)) or "none"]))
    (folder / "single.tsv").write_text("\n".join(rows) + "\n")
    rows = ["mother_affected\tfather_affected\tmother_a\tfather_a\tmother_b\tfather_b\tmodels_a"]
    for statuses, (ma, fa, mb, fb) in product(STATUSES, product(".01", repeat=4)):
        models, _ = answers("chr1", "female", statuses, [("1", ma, fa), ("1", mb, fb)])
        rows.append("\t".join([*statuses, ma, fa, mb, fb, "|".join(sorted(models)) or "none"]))
    (folder / "pairs.tsv").write_text("\n".join(rows) + "\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
