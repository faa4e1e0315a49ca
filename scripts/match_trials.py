"""The trials of a case: each arm with its criteria met, not met or unknown, as data and as a page."""

import datetime
from pathlib import Path

from gms.base.rule_log import rule_job
from gms.trials.matching.case_facts import read_facts
from gms.trials.matching.screen import exon_tables, write_match
from gms.trials.matching.settings import load_screening

with rule_job(snakemake):
    screening = load_screening(snakemake.params.trials, datetime.date.today().isoformat())
    here, case = Path(), snakemake.wildcards.case
    facts = read_facts(case, here, exon_tables(here), screening.clinical, screening.oncotree, screening.day)
    write_match(facts, screening, here)
