"""Reference of depth: levels and spread of bins in controls, and what it does to a case."""

from types import SimpleNamespace

import numpy as np
import pytest

from gms.base.problems import Findings
from gms.normals.checks import check_panels
from gms.normals.depth import biased, levels_of
from gms.normals.members import member
from gms.variants.copy_number.correction import (
    Controls,
    UnreadableControls,
    expected_reads,
    read_controls,
    write_controls,
)
from gms.variants.copy_number.depth import BIN, Reads
from gms.variants.copy_number.events import events_of, track
from gms.variants.repeats.normals import write_normals

BINS, USUAL, CONTROLS = 1_000, 100, 15
LOW, VARIED = slice(300, 340), slice(600, 640)  # bins that have half of the reads in everybody; whose reads vary


def ratios(seed=3):
    generator = np.random.default_rng(seed)
    mean = np.full((CONTROLS, BINS), float(USUAL))
    mean[:, LOW] /= 2
    mean[:, VARIED] *= generator.uniform(0.2, 1.8, (CONTROLS, 1))
    return generator.poisson(mean) / USUAL


@pytest.fixture
def controls():
    level, extra = levels_of(ratios(), np.full((CONTROLS, BINS), 1 / USUAL))
    facts = {"contigs": {"chr1": BINS * BIN + 7}, "normals": CONTROLS, "members": [member("C1")], "version": "1"}
    return Controls(facts, {"chr1": level}, {"chr1": extra})


def test_levels_and_spread_of_bins(controls):
    level, extra = controls.levels["chr1"].astype(float), controls.extra["chr1"].astype(float)
    assert abs(level[LOW].mean() - 0.5) < 0.05
    usual = np.ones(BINS, bool)
    usual[LOW] = usual[VARIED] = False
    assert np.abs(level[usual] - 1).mean() < 0.01  # drawn to 1: without, 0.03
    assert np.median(extra[VARIED]) > 0.1 and (extra[usual] > 0).mean() < 0.02


def test_bins_of_few_controls_say_nothing():
    level, extra = levels_of(ratios()[:9], np.full((9, BINS), 1 / USUAL))
    assert np.isnan(level).all() and not extra.any()


def test_a_stretch_that_is_low_in_everybody_is_named_and_is_no_event(controls):
    assert [one[:3] for one in biased(controls.levels)] == [("chr1", 300 * BIN, 340 * BIN)]
    generator = np.random.default_rng(8)
    mean = np.full(BINS, float(USUAL))
    mean[LOW] /= 2
    mean[800:830] /= 2  # a deletion of the case
    reads = {"chr1": Reads(*[generator.poisson(mean)] * 2)}
    gc, share = {"chr1": np.full(BINS, 0.4)}, {"chr1": np.ones(BINS)}
    found = {}
    for name, known in (("without", None), ("with", controls)):
        expected = expected_reads(reads, gc, share, known)
        extra = expected.extra + expected.more.get("chr1", 0.0)
        one = track(reads["chr1"].unique, expected.reads["chr1"], np.full(BINS, 2), extra)
        found[name] = [event.start // BIN for event in events_of({"chr1": one}, {"chr1": BINS * BIN})]
    assert [round(at, -1) for at in found["without"]] == [300, 800]
    assert [round(at, -1) for at in found["with"]] == [800]


def test_the_file_is_read_as_it_was_written(controls, tmp_path):
    write_controls(tmp_path / "copy_number.npz", controls)
    found = read_controls(tmp_path / "copy_number.npz")
    assert found.facts == controls.facts
    assert np.array_equal(found.levels["chr1"], controls.levels["chr1"])
    (tmp_path / "other.npz").write_text("contig\tstart\n")
    with pytest.raises(UnreadableControls):
        read_controls(tmp_path / "other.npz")


@pytest.mark.parametrize("contigs, is_refused", [({"chr4": 90, "chr1": 10}, False), ({"chr4": 91}, True), ({}, True)])
def test_repeats_of_another_assembly_are_refused_and_members_are_not(tmp_path, contigs, is_refused):
    facts = {"assay": "wgs_rare", "version": "1", "members": [member("C1")], "contigs": {"chr4": 90}, "normals": 12}
    write_normals(tmp_path / "repeats.tsv", [], facts)
    case = SimpleNamespace(assay="wgs_rare", samples=[SimpleNamespace(name="C1")])
    assay = SimpleNamespace(name="wgs_rare", repeat_normals=tmp_path / "repeats.tsv", callers={})
    reference = SimpleNamespace(fasta=None)
    run = SimpleNamespace(assays={"a": assay}, cases={"F": case}, configfile=tmp_path / "r.yaml", reference=reference)
    findings = Findings()
    check_panels(run, findings, lambda fasta: contigs, None)
    assert ["another assembly" in problem.text for problem in findings.problems] == [True] * is_refused


@pytest.mark.parametrize(
    "sample, length, text",
    [
        ("C9", BINS * BIN + 7, None),
        ("C1", BINS * BIN + 7, "which cannot be taken off: C1; make one without them"),
        ("C9", BINS * BIN, "is of another assembly"),
    ],
)
def test_a_run_refuses_controls_of_its_own_and_of_other_genomes(controls, tmp_path, sample, length, text):
    write_controls(tmp_path / "copy_number.npz", controls)
    case = SimpleNamespace(assay="wgs_rare", samples=[SimpleNamespace(name=sample, lanes=())])
    assay = SimpleNamespace(
        name="wgs_rare", copy_number=tmp_path / "copy_number.npz", callers={"copy_number": ("depth",)}
    )
    run = SimpleNamespace(
        assays={"wgs_rare": assay},
        cases={"F1": case},
        configfile=tmp_path / "run.yaml",
        reference=SimpleNamespace(fasta=None),
    )
    findings = Findings()
    check_panels(run, findings, lambda fasta: {"chr1": length}, None)
    assert [text in problem.text for problem in findings.problems] == ([True] if text else [])


EVENTS = [(at, at + length) for at, length in zip(range(60, 7_900, 80), 30 * [4, 5, 6, 8, 10, 14, 18], strict=False)]


def depth_of(generator, means, copies):
    """Reads of bins in a person whose bins vary by 4.5 % beyond chance."""
    return generator.poisson(means * copies / 2 * np.exp(generator.normal(0, 0.045, len(means)))).astype(float)


@pytest.mark.parametrize("seed", [1, 2])
def test_ten_controls_cost_no_short_event(seed):
    """Of 2 to 9 kb, depth alone; in a twentieth of the bins everybody loses 45 % of the reads."""
    generator = np.random.default_rng(seed)
    means, copies = np.full(8_000, 100.0), np.full(8_000, 2)
    for start in generator.integers(0, 7_960, 20):
        means[start : start + generator.integers(8, 40)] = 55
    for number, (start, end) in enumerate(EVENTS):
        copies[start:end] = (1, 3)[number % 2]
    reads = depth_of(generator, means, copies)
    people = np.stack([depth_of(generator, means, 2) / 100 for _ in range(10)])
    found, false = {}, {}
    for name, (level, extra) in {
        "without": (np.ones(8_000), np.zeros(8_000)),
        "with": levels_of(people, np.full(people.shape, 1 / 100 + 0.002)),
    }.items():
        one = track(reads, 100 * level.astype(float), np.full(8_000, 2), 0.002 + extra.astype(float))
        own = [slice(event.start // BIN, event.end // BIN) for event in events_of({"chr1": one}, {"chr1": 4_000_000})]
        right = [(s, e) for s, e in EVENTS if any(min(e, o.stop) - max(s, o.start) >= (e - s) / 2 for o in own)]
        found[name] = len(right)
        false[name] = sum(not any(min(e, o.stop) > max(s, o.start) for s, e in EVENTS) for o in own)
    assert found["with"] >= found["without"] - 2 and found["with"] > 0.7 * len(EVENTS)
    assert false["with"] == 0 < false["without"]
