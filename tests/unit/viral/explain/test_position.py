"""What is not a position of the virus is refused with what would be one."""

import pytest

from gms.base.errors import GmsError
from gms.base.project import PROJECT
from gms.inputs.load_run import load_run
from gms.viral.explain.position import NotAPosition, explain_position
from made_up_virus import write_files


@pytest.fixture
def run(tmp_path):
    files = write_files(tmp_path / "files")
    (tmp_path / "samples.tsv").write_text(
        "case\tsample\trole\tassay\tfastq_1\tfastq_2\nS1\tS1\tisolate\tsarscov2\ta_1.gz\ta_2.gz\n"
    )
    change = {"genome": str(files["genome.fa"]), "aliases": ["alias1"]}
    config = {"samples": "samples.tsv", "gmc": "local", "assays": {"sarscov2": change}}
    return load_run(config, tmp_path / "run.yaml", PROJECT)


@pytest.mark.parametrize("asked", ["chr7:5", "virus:1001", "virus:0", "BRAF", "0", "S:N501Y"])
def test_no_position(run, asked):
    with pytest.raises(NotAPosition, match=r"Write virus:POS with POS from 1 to 1,000"):
        list(explain_position(run, "S1", asked))


@pytest.mark.parametrize("asked", ["virus:5", "alias1:1,000", "5", "virus:5:A:G"])
def test_results_that_are_not_there(run, asked):
    with pytest.raises(GmsError, match="does not exist yet"):
        list(explain_position(run, "S1", asked))
