# The folder of this workflow: the clone that this file is in or, where a Snakefile names a commit of a repository in a
# `module:`, a checkout of that commit in Snakemake's cache. Our Python cannot be imported before this folder is known.
import os
import subprocess
import sys
import tempfile
from pathlib import Path


def checked_out(source):
    """The folder with all files of a git repository at the tag, branch or commit that `source`, a file in it, names."""
    repository = (
        source.hosted_repo.repo_clone
        if hasattr(source, "hosted_repo")
        else source.repo_path
    )
    git = ["git", "-C", str(repository), "rev-parse", f"{source.ref}^{{commit}}"]
    commit = subprocess.run(
        git, capture_output=True, text=True, check=True
    ).stdout.strip()
    folder = workflow.sourcecache.cache_path / "gms" / commit
    if not folder.exists():
        folder.parent.mkdir(parents=True, exist_ok=True)
        # Moved as a whole when complete: several jobs may start at once.
        with tempfile.TemporaryDirectory(dir=folder.parent) as draft:
            clone = Path(draft, "clone")
            subprocess.run(
                [
                    "git",
                    "clone",
                    "--quiet",
                    "--no-checkout",
                    str(repository),
                    str(clone),
                ],
                check=True,
            )
            subprocess.run(
                ["git", "-C", str(clone), "checkout", "--quiet", "--detach", commit],
                check=True,
            )
            if not folder.exists():
                clone.rename(folder)
    # Scripts are copied out of the repository one by one; they find our modules here.
    known = filter(None, [str(folder / "scripts"), os.getenv("PYTHONPATH")])
    os.environ.update(PYTHONPATH=os.pathsep.join(known))
    return folder


here = workflow.current_basedir
PROJECT = Path(here).parents[1] if isinstance(here, os.PathLike) else checked_out(here)
sys.path.insert(0, str(PROJECT / "scripts"))
# In a container Snakemake mounts our Python elsewhere, where the other files of the workflow are not.
os.environ.update(
    APPTAINERENV_PYTHONPATH=str(PROJECT / "scripts"),
    SINGULARITYENV_PYTHONPATH=str(PROJECT / "scripts"),
)
