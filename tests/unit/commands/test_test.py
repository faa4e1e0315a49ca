import pytest

from gms.commands import test as command


@pytest.mark.parametrize("codes, expected", [([0, 0], 0), ([1, 0], 1), ([0, 2], 2), ([0, 5], 0), ([5, 0], 0), ([5], 5)])
def test_a_failed_part_fails_the_whole(codes, expected):
    assert command.outcome(codes) == expected


@pytest.mark.parametrize(
    "arguments, folders, services",
    [
        (["--fast"], [command.FAST], 0),
        ([], [command.FAST, command.SLOW], 1),
        (["tests/unit/commands"], [("tests/unit/commands",)], 0),
        (["tests/integration/test_slurm.py"], [("tests/integration/test_slurm.py",)], 1),
    ],
)
def test_what_is_run_and_which_tests_need_services(monkeypatch, arguments, folders, services):
    calls, asked = [], []
    monkeypatch.setattr(command.tests_only, "ensure_services", lambda: asked.append("services"))
    monkeypatch.setattr(command, "pytest", lambda *words: calls.append(words) or 0)
    assert command.main(arguments) == 0
    assert len(asked) == services
    assert [tuple(word for word in words if word.startswith("tests/")) for words in calls] == folders
    shared = {command.FAST: "worksteal", command.SLOW: "loadgroup"}
    assert [words[3] if words[0] == "-n" else None for words in calls] == [shared.get(place) for place in folders]
