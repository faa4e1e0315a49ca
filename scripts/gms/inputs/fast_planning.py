"""What makes plans of thousands of cases fast: each function works around a cost inside Snakemake 9.27.

Measured by ./gms benchmark plan. Remove one when Snakemake no longer needs it.
"""

import gc
import inspect
from collections.abc import Callable
from typing import TypeVar

Function = TypeVar("Function", bound=Callable)


def with_cached_signature(function: Function) -> Function:
    """Attach the signature, so that Snakemake's repeated `inspect.signature` calls are cheap.

    It asks for it a dozen times per job: 1/6 of planning time at 1,000 cases (Snakemake 9.27).
    """
    function.__signature__ = inspect.signature(function)
    return function


def read_scripts_once() -> None:
    """Let Snakemake read the script of a rule once instead of for every job: 1/5 of planning time (Snakemake 9.27).

    The names of our scripts hold no wildcards, so a path means one file. The cost is in `smart_open`, whose URI parser
    makes a namedtuple class at every call.
    """
    from snakemake import script

    original, known = script.get_source, {}

    def get_source(path, sourcecache, basedir=None, wildcards=None, params=None):
        key = (str(path), str(basedir))
        if key not in known:
            known[key] = original(path, sourcecache, basedir, wildcards, params)
        return known[key]

    script.get_source = get_source


def search_little_garbage() -> Callable[[], None]:
    """Search only the newest objects for garbage: 1/6 of planning time, as nearly all that a plan makes is kept.

    Returns the function that ends this, for when jobs start.
    """
    usual = gc.get_threshold()
    gc.set_threshold(50_000, 1_000_000, 1_000_000)

    def search_as_usual() -> None:
        gc.freeze()
        gc.set_threshold(*usual)

    return search_as_usual
