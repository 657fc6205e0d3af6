"""Loudness after ITU-R BS.1770: measured, set to -18 LUFS, peaks held below full scale."""

import numpy as np
from numpy.typing import NDArray

Samples = NDArray[np.float32]
RATE = 48_000
TARGET = -18.0
CEILING = 0.7  # -3 dBFS: what a lossy coder adds stays below -1 dBFS


def levelled(samples: Samples) -> Samples:
    """Return the samples at the target loudness, peaks bent softly below the ceiling."""
    for _ in range(2):  # the second round makes up for what the bending took
        level = loudness(samples)
        if not np.isfinite(level):
            return samples
        samples = _bent(samples * np.float32(10 ** ((TARGET - level) / 20)))
    return samples


def _bent(samples: Samples) -> Samples:
    knee = CEILING * 0.6
    size = np.abs(samples)
    over = knee + (CEILING - knee) * np.tanh((size - knee) / (CEILING - knee))
    return np.where(size > knee, np.sign(samples) * over, samples).astype(np.float32)


def loudness(samples: Samples) -> float:
    """Return the gated loudness in LUFS of channels x samples; -inf for silence."""
    weighted = np.fft.irfft(
        np.fft.rfft(samples, axis=1) * _weights(samples.shape[1]), samples.shape[1]
    )
    step = RATE // 10
    count = weighted.shape[1] // step
    if count < 4:
        return -np.inf
    tenths = (weighted[:, : count * step] ** 2).reshape(2, count, step).mean(axis=2).sum(axis=0)
    blocks = np.convolve(tenths, np.full(4, 0.25), "valid")
    for gate in (1e-7 * 1.17, None):
        floor = gate if gate is not None else float(blocks.mean()) * 0.1
        blocks = blocks[blocks > floor]
        if not len(blocks):
            return -np.inf
    return float(-0.691 + 10 * np.log10(blocks.mean()))


def _weights(length: int) -> NDArray[np.float32]:
    """Return the K curve: a shelf that lifts the treble by 4 dB, and a cut below 40 Hz."""
    ratio = np.fft.rfftfreq(length, 1 / RATE)
    shelf = (1 + 10 ** (4 / 20) * (ratio / 1700) ** 2) / (1 + (ratio / 1700) ** 2)
    cut = ratio**2 / (ratio**2 + 38.0**2)
    return (shelf * cut).astype(np.float32)
