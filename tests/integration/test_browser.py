"""Reports in a real browser: they print, and they need nothing from a network."""

import os
import shutil
import subprocess

import pytest

from gms.report.render import STYLE

BROWSER = shutil.which("chromium")
OFFLINE = "--host-resolver-rules=MAP * ~NOTFOUND"  # no name of a host is found
pytestmark = pytest.mark.skipif(not BROWSER, reason="chromium is not installed")


@pytest.fixture
def browse(tmp_path):
    """Open a page without network; gives what chromium prints."""
    sandbox = ["--no-sandbox"] if os.geteuid() == 0 else []  # chromium refuses to use one as root
    command = [BROWSER, "--headless", "--disable-gpu", "--disable-dev-shm-usage", OFFLINE, *sandbox]

    def open_page(page, *options):
        asked = [*command, f"--user-data-dir={tmp_path}/browser", *options, page.as_uri()]
        return subprocess.run(asked, capture_output=True, timeout=120, check=True).stdout

    return open_page


@pytest.mark.parametrize("case, most", [("rare-trio", 16), ("myeloid-shallow", 12)])  # the trio: findings of each class
def test_a_report_prints_on_few_pages(finished, browse, tmp_path, case, most):
    browse(finished.results / "report" / f"{case}.html", f"--print-to-pdf={tmp_path}/report.pdf")
    assert 1 <= _pages(tmp_path / "report.pdf") <= most


def _pages(path):
    printed = path.read_bytes()
    assert printed.startswith(b"%PDF")
    return printed.count(b"/Type /Page\n")


@pytest.mark.parametrize("kind, pages", [("findings", 3), ("points", 1)])
def test_folded_findings_are_printed(browse, tmp_path, kind, pages):
    folded = f'<details class="{kind}"><summary>2 genes</summary><div style="height: 60cm"></div></details>'
    (tmp_path / "page.html").write_text(f"<!DOCTYPE html><style>{STYLE.read_text()}</style>{folded}")
    browse(tmp_path / "page.html", f"--print-to-pdf={tmp_path}/page.pdf")
    assert _pages(tmp_path / "page.pdf") == pages


def test_the_overview_draws_its_tables_offline(finished, browse):
    drawn = browse(finished.results / "report" / "multiqc.html", "--virtual-time-budget=10000", "--dump-dom").decode()
    assert "Verdict of each sample" in drawn and "Verdict of each case" in drawn
    assert "shallow-tumor" in drawn
