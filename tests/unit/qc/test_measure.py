from dataclasses import dataclass, field
from pathlib import Path

import pytest

from gms.base.errors import GmsError
from gms.qc import measure
from gms.qc.measure import Reads

GENOME = Reads("S1.cram", "genome.fa", "genes.bed", targeted=False, floor=4, depth=10)
PANEL = Reads("S1.cram", "genome.fa", "targets.bed", targeted=True, floor=50, depth=500)


@dataclass
class Tools:
    """Stands in for mosdepth and samtools: what was called, and what is printed."""

    called: list[str] = field(default_factory=list)

    def run(self, command: list[str], output: Path | str, messages: object) -> None:
        self.called.append(" ".join(command[:2]))
        Path(output).write_text("42\n")


@pytest.mark.parametrize("reads, on_target", [(GENOME, None), (PANEL, 42)])
def test_reads_on_target_are_counted_only_where_there_are_targets(tmp_path, monkeypatch, reads, on_target):
    tools = Tools()
    monkeypatch.setattr(measure, "run", tools.run)
    stats = tmp_path / "alignment" / "S1.stats.txt"
    assert measure.measure(reads, tmp_path / "coverage" / "S1", stats, 2, tmp_path / "log") == on_target
    assert ("samtools view" in tools.called) == (on_target is not None)
    assert stats.read_text() == "42\n"


def test_fast_mode_would_count_overlapping_mates_of_a_panel_twice():
    assert "--fast-mode" in measure.depth_command(GENOME, Path("S1"))
    assert "--fast-mode" not in measure.depth_command(PANEL, Path("S1"))
    assert measure.depth_command(PANEL, Path("S1"))[-4:] == ["--thresholds", "50,500", "S1", "S1.cram"]


def test_a_tool_that_fails_ends_the_measuring(tmp_path):
    with open(tmp_path / "log", "w") as log, pytest.raises(GmsError, match="bash -c ended with exit code 3"):
        measure.run(["bash", "-c", "echo no such CRAM >&2; exit 3"], tmp_path / "out", log)
    assert (tmp_path / "log").read_text() == "no such CRAM\n"
