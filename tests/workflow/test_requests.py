"""What rules ask for, by the size of their input: enough for what they were seen to use, and not more than twice it."""

import re
from types import SimpleNamespace

import pytest

from forked_snakemake import planned
from gms.base.project import PROJECT
from gms.inputs.requests import FLOOR_MB, SNAKEMAKE_MB
from gms.operations.capacity import planned_requests
from gms.operations.capacity.planned_requests import requests

# The most memory (MB) that a rule's job used on 10 Mb with 30 x reads and 2 threads: ./gms benchmark usage.
SIMULATED = {"align_reads": 1_482, "bwa_index": 103, "call_bcftools": 130, "call_freebayes": 80, "merge_variants": 236}
SIMULATED |= {"sample_qc": 193, "multiqc": 164, "case_report": 106, "contig_bases": 59, "run_record": 61}
# Of classes of variants, as Snakemake saw it (./gms efficiency).
SIMULATED |= {"call_delly": 116, "call_tiddit": 158, "call_clippedreads": 50, "call_depth": 72, "merge_structural": 59}
SIMULATED |= {"case_regions": 43, "annotate_class": 39, "filter_class": 38}
# On the miniature data set, as Snakemake saw it.
SIMULATED |= {"call_mitocounts": 49, "call_repeatreads": 35, "smn_copies": 35}
# What one process was seen to use on one chromosome of 248 Mb, the longest of a human genome.
CHROMOSOME = {"sample_qc": 1_944, "call_freebayes": 740, "call_bcftools": 288}

# What one process was seen to use on made-up data of a genome's size (docs/resources.md): genotypes of a trio, the
# transcripts, windows in a CRAM, mitochondria of a trio at 2,000 x.
GENOME = {"case_regions": 240, "annotate_class": 149, "annotate_variants": 149}
GENOME |= {"smn_copies": 63, "call_mitocounts": 81}
ROW = re.compile(r"^\| (\w+) \| [0-9,]+ \| ([0-9,]+, [0-9]+) \| ([0-9,]+, [0-9]+) \|", re.MULTILINE)


@pytest.fixture(scope="module")
def forked():
    """Plans are made by forks."""
    run = SimpleNamespace(run=lambda command, cwd, **_: planned(command, cwd), PIPE=None, STDOUT=None)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(planned_requests, "subprocess", run)
        patch.setattr(planned_requests, "quick_start", lambda command: command)
        yield


@pytest.fixture(scope="module")
def small(forked):
    return requests(10.17, 284.7, threads="2")


@pytest.fixture(scope="module")
def whole(forked):
    return requests(3_100, 60_000)


@pytest.mark.parametrize("rule", SIMULATED)
def test_requests_are_enough_and_at_most_twice_what_was_used(small, rule):
    asked, _ = small[rule]
    assert asked > 1.1 * SIMULATED[rule]
    assert asked <= max(2 * SIMULATED[rule], FLOOR_MB)


def test_rules_that_hold_a_chromosome_ask_for_it_in_a_whole_genome(whole):
    threads = {"sample_qc": 1, "call_freebayes": 16, "call_bcftools": 16}
    for rule, used in CHROMOSOME.items():
        assert 1.1 * used * threads[rule] < whole[rule][0] < 2 * used * threads[rule], rule


def test_rules_that_were_measured_at_the_size_of_a_genome_have_room_for_it(whole):
    for rule, used in GENOME.items():
        assert 1.1 * used < whole[rule][0] - SNAKEMAKE_MB, rule
        assert whole[rule][0] <= max(FLOOR_MB, 2 * (used + SNAKEMAKE_MB)), rule


def test_the_table_of_the_documentation_has_every_rule_with_its_requests(small, whole):
    found = {rule: requests for rule, *requests in ROW.findall((PROJECT / "docs" / "resources.md").read_text())}
    assert found == {rule: [f"{mb:,}, {minutes}" for mb, minutes in (small[rule], whole[rule])] for rule in whole}


def test_a_whole_genome_is_given_time(small, whole):
    assert small["align_reads"][1] <= 20
    assert 180 <= whole["align_reads"][1] <= 720
    assert 60 <= whole["call_freebayes"][1] <= 720


def test_a_retry_may_be_given_what_a_node_has(whole):
    """A second attempt asks for twice: nodes of centres have 128 GB and more."""
    assert max(memory for memory, _ in whole.values()) < 20_000
