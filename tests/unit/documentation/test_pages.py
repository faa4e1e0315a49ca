"""What the site says of assays and policies is all that their files say."""

import pytest
import yaml

from gms.base.project import PROJECT
from gms.base.results import FILES
from gms.commands import docs
from gms.documentation.pages import pages

PAGES = pages()
ASSAYS = sorted(PROJECT.glob("config/assays/*.yaml"))
POLICIES = sorted(PROJECT.glob("config/filters/*.yaml"))


@pytest.mark.parametrize("path", ASSAYS, ids=lambda path: path.stem)
def test_every_gate_of_every_assay_is_listed(path):
    text = PAGES["assays.md"].split(f": `{path.stem}`\n")[1].split("\n## ")[0]
    gates = yaml.safe_load(path.read_text())["gates"]
    if isinstance(gates, str):  # a list in config/gates
        gates = yaml.safe_load((PROJECT / "config" / "gates" / f"{gates}.yaml").read_text())["gates"]
    assert [gate["metric"] for gate in gates] == [
        line.split("`")[1] for line in text.splitlines()[-len(gates) - 2 :] if line.startswith("| `")
    ]
    assert all(gate["why"] in text for gate in gates)


@pytest.mark.parametrize("path", POLICIES, ids=lambda path: path.stem)
def test_every_filter_of_every_policy_is_listed(path):
    policy = yaml.safe_load(path.read_text())
    text = PAGES["policies.md"].split(f": `{path.stem}` {policy['version']}\n")[1].split("\n## ")[0]
    for entry in policy["filters"]:
        assert f"| `{entry['flag']}` | `{entry['when'].replace('|', chr(92) + '|')}` |" in text


def test_every_file_of_the_results_is_listed():
    assert all(f"| `{file.path}` | {file.per} |" in PAGES["results.md"] for file in FILES)


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """The folder of the built site; a warning of mkdocs would be an error."""
    folder = tmp_path_factory.mktemp("site")
    assert docs.main([str(folder)]) == 0
    return folder


def test_the_site_has_every_page(site):
    for name in PAGES:
        assert "</table>" in (site / "reference" / name).with_suffix(".html").read_text()
    assert "new-centre.html" in (site / "index.html").read_text()


def test_the_site_needs_no_other_server(site):
    page = (site / "index.html").read_text()
    keys = ('src="', "src=", 'rel="stylesheet" href="')
    loaded = [part.split('"')[0] for key in keys for part in page.split(key)[1:]]
    assert not [place for place in loaded if place.startswith(("http:", "https:", "//"))]


def test_no_page_links_to_a_file_that_is_not_in_the_repository():
    for name in ("README.md", "CONTRIBUTING.md", "config/README.md"):
        folder = (PROJECT / name).parent
        links = [part.split(")")[0].split("#")[0] for part in (PROJECT / name).read_text().split("](")[1:]]
        local = [link for link in links if link and "://" not in link]
        assert [link for link in local if not (folder / link).exists()] == []
