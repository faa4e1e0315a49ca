import pytest

from gms.commands import test as command


@pytest.mark.parametrize("codes, expected", [([0, 0], 0), ([1, 0], 1), ([0, 2], 2), ([0, 5], 0), ([5, 0], 0), ([5], 5)])
def test_a_failed_part_fails_the_whole(codes, expected):
    assert command.outcome(codes) == expected


@pytest.mark.parametrize(
    "arguments, folders",
    [
        (["--fast"], [command.FAST]),
        ([], [command.FAST, command.SLOW]),
        (["tests/unit/test_docs.py"], [("tests/unit/test_docs.py",)]),
    ],
)
def test_what_is_run(monkeypatch, arguments, folders):
    calls = []
    monkeypatch.setattr(command, "pytest", lambda *words: calls.append(words) or 0)
    assert command.main(arguments) == 0
    assert [tuple(word for word in words if word.startswith("tests/")) for words in calls] == folders
    assert [("-n" in words) for words in calls] == [place is command.FAST for place in folders]
