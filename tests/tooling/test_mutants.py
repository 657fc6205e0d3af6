"""Small faults in what decides over money are noticed by the tests of it."""

import ast
import subprocess
import sys

import pytest

from bench.mutants import ROOT, TESTS, mutants

SOURCE = '''\
"""A module."""


def least(values: list[int], most: int = 3) -> int:
    """Return something."""
    found = [value for value in values if value > 0]
    if not found or len(found) >= most:
        return most - 1
    return min(found)
'''


def test_each_mutant_is_a_module_with_one_change_at_its_line() -> None:
    found = list(mutants(SOURCE))
    whole = ast.unparse(ast.parse(SOURCE)).splitlines()

    assert len(found) > 8
    assert len({one.source for one in found}) == len(found)
    for one in found:
        lines = one.source.splitlines()
        assert lines != whole
        assert len(lines) == len(whole)
        assert sum(new != old for new, old in zip(lines, whole, strict=True)) == 1


@pytest.mark.campaign
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("module", TESTS)
def test_no_mutant_survives_but_those_that_mean_the_same(module: str) -> None:
    command = [sys.executable, "-m", "bench.mutants", module]
    ran = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ran.returncode == 0, ran.stdout + ran.stderr
