"""Tests that make sense with the quick second implementations only."""

import pytest

from renderer.fast_paths import FAST

fast_only = pytest.mark.skipif(
    not FAST.on, reason="it is about the quick second implementations, and they are off"
)
