"""Hook of mkdocs: adds the generated pages, and the pages at the top of the repository, to those of docs/."""

import re

from mkdocs.config.defaults import MkDocsConfig
from mkdocs.structure.files import File, Files

from gms.base.project import PROJECT
from gms.documentation.pages import pages

# Pages at the top of the repository, by their name on the site.
TOP = {
    "index.md": "README.md",
    "contributing.md": "CONTRIBUTING.md",
    "changelog.md": "CHANGELOG.md",
    "configuration.md": "config/README.md",
}


def on_files(files: Files, config: MkDocsConfig) -> Files:
    """All pages of the site, those of docs/ being there already."""
    texts = {name: moved((PROJECT / source).read_text()) for name, source in TOP.items()}
    for name, text in (texts | {f"reference/{name}": text for name, text in pages().items()}).items():
        files.append(File.generated(config, name, content=text))
    return files


def moved(text: str) -> str:
    """A page at the top of the repository with its links as they are on the site."""
    for name, source in TOP.items():
        text = text.replace(f"({source}", f"({name}")
    return re.sub(r"\]\(docs/", "](", text)
