"""Work on many normals, on all processors that this process may use."""

import os
from collections.abc import Callable, Iterable, Sequence
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from multiprocessing import get_context
from typing import Any


def processors() -> int:
    """Processors that this process may use."""
    return len(os.sched_getaffinity(0))


def in_parallel(function: Callable, jobs: Iterable[Sequence[Any]]) -> list[Any]:
    """Results of Python work by the arguments of each job, in their order."""
    with ProcessPoolExecutor(processors(), mp_context=get_context("spawn")) as pool:
        return list(pool.map(function, *zip(*jobs, strict=True)))


def beside_tools(function: Callable, items: Iterable[Any]) -> list[Any]:
    """The same of work that waits for a tool, of one argument each."""
    with ThreadPoolExecutor(processors()) as pool:
        return list(pool.map(function, items))
