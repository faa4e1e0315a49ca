"""Profiles, and what is concluded from what the programs of a cluster say."""

import pytest

from gms.base.errors import GmsError
from gms.operations.clusters import check, cluster, grid_engine, profile, slurm
from gms.operations.clusters.profile import Answer, Profile, Remark

WITHOUT_ACCOUNTS = "AccountingStorageType   = accounting_storage/none\nMinJobAge               = 300 sec\n"
WITH_ACCOUNTS = WITHOUT_ACCOUNTS.replace("/none", "/slurmdbd")
COMPLEXES = """\
#name   shortcut type   relop requestable consumable default urgency
h_rt    h_rt     TIME   <=    YES         NO         0:0:0   0
h_vmem  hv       MEMORY <=    YES         YES        0       0
mem_used mu      MEMORY >=    NO          NO         0       0
"""


def made(folder, text):
    (folder / "profile.yaml").write_text(text)
    return profile.read_profile(folder)


@pytest.mark.parametrize(
    ("text", "said"), [("jobs: 5\ncores:\t5: x\n", "line 2: is not YAML"), ("- a\n", "must hold keys with values")]
)
def test_a_profile_that_is_none_is_a_sentence(tmp_path, text, said):
    with pytest.raises(GmsError, match=said):
        made(tmp_path, text)


@pytest.fixture
def says(monkeypatch):
    """Let the programs of a cluster say something: says({"scontrol show config": Answer(...)})."""

    def let(answers):
        def ask(*command, text=None):
            known = [answer for start, answer in answers.items() if " ".join(command).startswith(start)]
            return known[0] if known else Answer(1, "", "unexpected question")

        for module in (slurm, grid_engine, check):
            monkeypatch.setattr(module, "ask", ask)

    return let


def ok(text=""):
    return Answer(0, text, "")


def test_a_profile_knows_its_placeholders_and_values(tmp_path):
    found = made(
        tmp_path, "sge-pe: smp   # placeholder: ask\njobs: 10  # no more\ndefault-resources:\n  a: 1  # placeholder\n"
    )
    assert found.placeholders() == [(1, "sge-pe", "smp"), (4, "a", "1")]
    assert (found.executor, found.resource("a"), found.resource("b")) == ("local", "1", None)


def test_default_resources_may_be_a_list(tmp_path):
    text = "default-resources: [slurm_partition=core]\nset-resources:\n  x: {slurm_partition: high}\n"
    assert made(tmp_path, text).places("slurm_partition") == ["core", "high"]


def test_threads_are_those_of_the_largest_rule_unless_capped(tmp_path):
    assert profile.most_threads(made(tmp_path, "jobs: 1")) > 1
    assert profile.most_threads(made(tmp_path, "max-threads: 1")) == 1


@pytest.mark.parametrize(
    "config, sacct, options",
    [
        (WITHOUT_ACCOUNTS, ok(), ["--slurm-status-command", "squeue"]),
        ("MinJobAge = 300 sec\n", ok(), ["--slurm-status-command", "squeue"]),
        (WITH_ACCOUNTS, ok(), []),
        (WITH_ACCOUNTS, Answer(1, "", "data base down"), ["--slurm-status-command", "squeue"]),
    ],
)
def test_how_a_run_asks_slurm(tmp_path, says, config, sacct, options):
    says({"scontrol show config": ok(config), "sacct": sacct})
    assert cluster.run_options(made(tmp_path, "executor: slurm"), []) == options


@pytest.mark.parametrize("given", [["--slurm-status-command", "sacct"], ["--slurm-status-command=squeue"]])
def test_a_choice_of_the_user_stands(tmp_path, says, given):
    says({})
    assert cluster.run_options(made(tmp_path, "executor: slurm"), given) == []
    assert cluster.run_options(made(tmp_path, "executor: slurm\nslurm-status-command: sacct"), []) == []
    assert cluster.run_options(made(tmp_path, "cores: 2"), []) == []


@pytest.mark.parametrize("given", [["--executor", "local"], ["--executor=local"], ["-e", "local"]])
def test_the_executor_that_is_given_counts(tmp_path, says, given):
    says({})
    assert cluster.run_options(made(tmp_path, "executor: slurm"), given) == []
    assert cluster.prepare_programs(made(tmp_path, "executor: sge"), given) != grid_engine.PROGRAMS


@pytest.mark.parametrize(
    "answer, said",
    [
        (ok(WITHOUT_ACCOUNTS.replace("300", "120")), "forgets ended jobs after 120 s .MinJobAge.*MinJobAge=300"),
        (Answer(None, "", "scontrol is not on PATH"), "Slurm does not answer .*scontrol is not on PATH"),
    ],
)
def test_a_run_that_could_not_end_is_refused(tmp_path, says, answer, said):
    says({"scontrol show config": answer})
    with pytest.raises(GmsError, match=said):
        cluster.run_options(made(tmp_path, "executor: slurm"), [])


def test_programs_that_are_missing_are_named(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", str(tmp_path))
    for executor, name in (("slurm", "sbatch"), ("sge", "qsub")):
        lines, works = check.report(
            Profile("site", made(tmp_path, "cores: 1").path, {"executor": executor}), None, False
        )
        assert not works and f"wrong    not on PATH: {name}, " in lines[1]


def test_the_search_path_has_our_qsub_first_and_once(tmp_path, monkeypatch):
    monkeypatch.setenv("PATH", "/usr/bin")
    for _ in range(2):
        assert cluster.prepare_programs(made(tmp_path, "executor: sge"), []) == grid_engine.PROGRAMS
    assert grid_engine.os.environ["PATH"] == f"{grid_engine.PROGRAMS}:/usr/bin"


@pytest.mark.parametrize(
    "extra, kinds, said",
    [
        ("-ac memory_is=h_vmem", ["ok", "ok"], "complex h_vmem carries the memory"),
        ("-ac memory_is=hv", ["ok", "ok"], "complex hv carries the memory"),
        (
            "-ac memory_is=tmem",
            ["wrong", "ok"],
            "does not exist; set  sge_extra: \"'-ac memory_is=NAME'\"  to one of h_vmem",
        ),
        ("-ac memory_is=mem_used", ["wrong", "ok"], "is not requestable"),
        ("-ac memory_is=none", ["note"], "complexes that could carry it: h_vmem"),
    ],
)
def test_complexes(tmp_path, extra, kinds, said):
    found = grid_engine.complexes(made(tmp_path, f'default-resources:\n  sge_extra: "{extra}"\n'), COMPLEXES)
    assert [remark.kind for remark in found] == kinds
    assert said in found[0].text


def test_a_queue_that_does_not_offer_the_environment(tmp_path, says):
    says({
        "qconf -spl": ok("mpi\n"),
        "qconf -sp mpi": ok("allocation_rule    $pe_slots\n"),
        "qconf -sq": ok("qname a.q\npe_list smp \\\n        make\nrerun FALSE\n"),
    })  # fmt: skip
    found = grid_engine.parallel_environment(made(tmp_path, "sge-pe: mpi\nsge-queue: a.q\n"))
    assert [remark.kind for remark in found] == ["ok", "wrong"]
    assert "queue a.q does not offer mpi (it offers smp, make)" in found[1].text


def test_a_placeholder_that_the_cluster_knows_is_none(tmp_path):
    found = made(tmp_path, "sge-pe: smp  # placeholder\n")
    assert [remark.kind for remark in check.to_fill_in(found, [])] == ["fill in"]
    assert check.to_fill_in(found, [Remark("ok", "parallel environment smp", "sge-pe")]) == []
