"""Snakemake as its own command starts it, without libraries that take two fifths of its start and that our runs do not
use: the Slurm executor writes its efficiency report with pandas, and smart_open reads from the web with requests and
from S3 with boto3."""

import importlib.util
import re
import sys
from types import ModuleType
from typing import Any


class Later(ModuleType):
    """A library that is loaded when something in it is first asked for.

    importlib's LazyLoader of Python 3.11 loads it on `import`, as that looks at its `__spec__`.
    """

    def __getattr__(self, name: str) -> Any:
        if sys.modules.get(self.__name__) is self:
            del sys.modules[self.__name__]
        return getattr(importlib.import_module(self.__name__), name)


def load_later(name: str) -> None:
    """Let a library be loaded when it is used, where it is installed."""
    spec = importlib.util.find_spec(name)
    if spec is not None:
        sys.modules[name] = Later(name)
        sys.modules[name].__spec__ = spec  # by which others see that it is installed


def load_without(name: str, absent: str) -> None:
    """Load a library as if another one, which it can do without, were not installed."""
    sys.modules[absent] = None
    importlib.import_module(name)
    del sys.modules[absent]


if __name__ == "__main__":
    load_later("pandas")
    load_later("numpy")
    load_later("requests")
    load_without("smart_open", "boto3")

    from snakemake.cli import main

    sys.argv[0] = re.sub(r"quick_snakemake\.py$", "snakemake", sys.argv[0])
    sys.exit(main())
