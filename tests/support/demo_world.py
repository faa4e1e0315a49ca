"""The genome and the population of the demo, made once for all tests of a process: half a second."""

from functools import cache

from gms.validation.demo_data.__main__ import make_world

world = cache(make_world)
