"""A made-up trial with three arms for the case solid-ffpe and with a cohort at its interim look."""

from pathlib import Path

CASE = "solid-ffpe"
ARMS = {"braf-v600": "eligible", "kras-wild-type": "not_eligible", "nras-wild-type": "unknown"}
TRIAL = """\
# Made up for the miniature data set: no such trial exists.
id: demo
version: "1"
title: A made-up basket trial
source: made up
valid: {from: 2026-01-01}
status: open
sites: [example]
consent: {needed: [consent_screening], germline: false}
endpoint: Clinical benefit after 16 weeks.
eligibility:
  all:
    - age: {value: ">= 18", unit: years}
    - ecog: {value: "<= 2"}
cohorts:
  - id: braf-v600
    title: BRAF V600, drug A
    drug: {name: drug A}
    tumor_types: {include: [COAD]}
    rule: {variant: {gene: BRAF, protein: p.V600, fraction: ">= 0.05"}}
    evidence: {scale: none, level: none, source: made up}
    design: {n1: 8, r1: 0, n: 24, r: 4, p0: 0.1, p1: 0.3, claims: {alpha: 0.0778, power: 0.857, pet: 0.4305, en: 17.1}}
  - id: kras-wild-type
    title: KRAS wild type, drug B
    drug: {name: drug B}
    tumor_types: {include: [COAD]}
    rule: {wild_type: {gene: KRAS}}
    evidence: {scale: none, level: none, source: made up}
  - id: nras-wild-type               # the panel covers exons 1 and 2 only
    title: NRAS wild type, drug C
    drug: {name: drug C}
    tumor_types: {include: [COAD]}
    rule: {wild_type: {gene: NRAS, exons: [2, 3]}}
    evidence: {scale: none, level: none, source: made up}
"""
CLINICAL = f"""\
case\titem\tvalue\tunit\tdate\tlimit
{CASE}\tdiagnosis\tCOAD\t\t\t
{CASE}\tage\t61\tyears\t2026-10-02\t
{CASE}\tecog\t1\t\t2026-10-02\t
{CASE}\tconsent_screening\tyes\t\t\t
"""


def write_trials(folder: Path) -> None:
    """trials/demo.yaml, clinical.tsv, patients.tsv, and what must come out (truth/trials.tsv)."""
    (folder / "trials").mkdir(exist_ok=True)
    (folder / "trials" / "demo.yaml").write_text(TRIAL)
    (folder / "clinical.tsv").write_text(CLINICAL)
    lines = ["trial\tcohort\tcountry\tpatient\tenrolled\tevaluable\tbenefit\n"]
    for number in range(8):
        benefit = "yes" if number in (2, 5) else "no"
        lines.append(f"demo\tbraf-v600\tSE\tP-{number + 1}\t2026-{number + 1:02}-15\tyes\t{benefit}\n")
    (folder / "patients.tsv").write_text("".join(lines))
    states = ARMS | {"cohort braf-v600": "go_on"}  # two of the eight patients of the first stage benefit
    arms = [f"{arm}\t{state}\n" for arm, state in states.items()]
    (folder / "truth" / "trials.tsv").write_text("".join(["name\tstate\n", *arms]))
