"""What several processes of the tests look at is made by one of them."""

import fcntl
import json
import os
from collections.abc import Callable
from typing import Any

import pytest


def made_once(factory: pytest.TempPathFactory, name: str, make: Callable[[], Any]) -> Any:
    """What `make` returns (JSON): the first process that asks for `name` makes it, others wait and read it."""
    base = factory.getbasetemp()
    shared = base.parent if "PYTEST_XDIST_WORKER" in os.environ else base
    with open(shared / f"{name}.json", "a+") as answer:
        fcntl.flock(answer, fcntl.LOCK_EX)
        answer.seek(0)
        text = answer.read()
        if not text:
            text = json.dumps(make())
            answer.write(text)
    return json.loads(text)
