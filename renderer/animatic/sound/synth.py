"""Instruments made of noise and sines: beds that last, and moments that ring out."""

from collections.abc import Callable

import numpy as np

from renderer.animatic.sound.loudness import RATE, Samples

Rng = np.random.Generator


def band(rng: Rng, length: int, low: float, high: float, tilt: float = 0.5) -> Samples:
    """Return stereo noise between two frequencies, falling by f**-tilt, at a level of 1."""
    spots = np.fft.rfftfreq(length, 1 / RATE)
    shape = 1 / (1 + (low / np.maximum(spots, 1)) ** 4) / (1 + (spots / high) ** 4)
    shape *= np.maximum(spots, 20.0) ** -tilt
    noise = np.fft.rfft(rng.standard_normal((2, length), dtype=np.float32), axis=1) * shape
    found = np.fft.irfft(noise, length)
    return (found / max(float(found.std()), 1e-9)).astype(np.float32)


def sway(rng: Rng, length: int, per_second: float, low: float = 0.0) -> Samples:
    """Return a slow curve from `low` to 1, another on each side."""
    knots = max(4, int(length / RATE * per_second) + 4)
    places = np.linspace(0, knots - 1.001, length)
    start = places.astype(np.intp)
    part = (1 - np.cos((places - start) * np.pi)) / 2
    sides = []
    for _ in range(2):
        values = rng.random(knots + 1)
        sides.append(values[start] * (1 - part) + values[start + 1] * part)
    return (low + (1 - low) * np.array(sides)).astype(np.float32)


def clock(length: int) -> Samples:
    """Return the time of each sample in seconds."""
    return (np.arange(length) / RATE).astype(np.float32)


def tone(length: int, pitch: float, phase: float = 0.0) -> Samples:
    """Return a sine; pitch in hertz."""
    return np.sin(2 * np.pi * pitch * np.arange(length) / RATE + phase).astype(np.float32)


def arch(length: int) -> Samples:
    """Return a curve from 0 over 1 to 0."""
    return np.clip(np.sin(np.linspace(0, np.pi, length)), 0, 1).astype(np.float32)


def scatter(rng: Rng, length: int, per_second: float, grain: Callable[[Rng], Samples]) -> Samples:
    """Strew grains (stereo) over the time, by chance."""
    bed = np.zeros((2, length), np.float32)
    for start in rng.integers(0, length, max(1, int(length / RATE * per_second))).tolist():
        part = grain(rng)
        stop = min(length, start + part.shape[1])
        bed[:, start:stop] += part[:, : stop - start]
    return bed


def placed(rng: Rng, mono: Samples, level: float) -> Samples:
    """Put a mono sound somewhere between left and right."""
    side = rng.uniform(0.15, 0.85)
    return np.stack([mono * np.sqrt(1 - side), mono * np.sqrt(side)]).astype(
        np.float32
    ) * np.float32(level)


def _drop(rng: Rng) -> Samples:
    length = int(RATE * rng.uniform(0.02, 0.05))
    t = clock(length)
    pitch = rng.uniform(900, 2600) * (1 + 6 * t)
    return placed(rng, np.sin(2 * np.pi * pitch * t) * np.exp(-t * 130), 0.5 * rng.random() ** 2)


def _bubble(rng: Rng) -> Samples:
    length = int(RATE * rng.uniform(0.06, 0.16))
    t = clock(length)
    pitch = rng.uniform(220, 640) * (1 + 5 * t)
    shape = arch(length) ** 0.6
    return placed(rng, np.sin(2 * np.pi * pitch * t) * shape, 0.34 * rng.random())


def _chirp(rng: Rng) -> Samples:
    notes, gap = int(rng.integers(2, 6)), int(RATE * rng.uniform(0.07, 0.13))
    song = np.zeros(notes * gap, np.float32)
    pitch = rng.uniform(2400, 4600)
    for note in range(notes):
        t = clock(int(gap * 0.7))
        bend = 1 + rng.uniform(-0.25, 0.25) * t * 8
        song[note * gap : note * gap + len(t)] = (
            np.sin(2 * np.pi * pitch * bend * t) * arch(len(t)) ** 2
        )
    return placed(rng, song, rng.uniform(0.1, 0.45))


def _croak(rng: Rng) -> Samples:
    length = int(RATE * rng.uniform(0.18, 0.4))
    t = clock(length)
    pulse = np.clip(np.sin(2 * np.pi * rng.uniform(22, 36) * t), 0, 1) ** 2
    body = np.sin(2 * np.pi * rng.uniform(180, 420) * t) + 0.5 * np.sin(
        2 * np.pi * rng.uniform(600, 900) * t
    )
    return placed(rng, body * pulse * arch(length), rng.uniform(0.1, 0.5))


def _voice(rng: Rng) -> Samples:
    length = int(RATE * rng.uniform(0.1, 0.24))
    t = clock(length)
    pitch = rng.uniform(95, 240) * (1 + rng.uniform(-0.4, 0.4) * t)
    buzz = sum(np.sin(2 * np.pi * pitch * k * t) / k for k in range(1, 9))
    vowel = 0.5 + 0.5 * np.sin(2 * np.pi * rng.uniform(2, 6) * t)
    return placed(rng, np.asarray(buzz) * vowel * arch(length) ** 1.4, 0.2 * rng.random())


def _crackle(rng: Rng) -> Samples:
    length = int(RATE * rng.uniform(0.004, 0.02))
    burst = rng.standard_normal(length) * np.exp(-np.linspace(0, 7, length))
    return placed(rng, burst.astype(np.float32), 0.9 * rng.random() ** 2)


def _call(rng: Rng) -> Samples:
    length = int(RATE * rng.uniform(1.4, 2.6))
    t = clock(length) / (length / RATE)
    pitch = rng.uniform(160, 300) * (1 + 0.6 * np.sin(np.pi * t * rng.uniform(0.6, 1.6)))
    phase = np.cumsum(2 * np.pi * pitch / RATE)
    song = np.sin(phase) + 0.35 * np.sin(2 * phase) + 0.15 * np.sin(3 * phase)
    return placed(rng, (song * arch(length) ** 1.3).astype(np.float32), 0.7)


def _rain(rng: Rng, length: int) -> Samples:
    hiss = band(rng, length, 700, 9000, 0.55) * sway(rng, length, 1.2, 0.75)
    return hiss * 0.55 + band(rng, length, 120, 700, 0.8) * 0.22 + scatter(rng, length, 70, _drop)


def _wind(rng: Rng, length: int) -> Samples:
    low = band(rng, length, 70, 420, 1.0) * sway(rng, length, 0.7, 0.25)
    return low * 0.9 + band(rng, length, 500, 1500, 1.0) * sway(rng, length, 0.9) ** 2 * 0.45


def _water(rng: Rng, length: int) -> Samples:
    flow = band(rng, length, 300, 2400, 0.8) * sway(rng, length, 3.5, 0.35)
    return flow * 0.4 + scatter(rng, length, 16, _bubble)


def _waves(rng: Rng, length: int) -> Samples:
    swell = (0.5 - 0.5 * np.cos(2 * np.pi * clock(length) / 5.2 + rng.uniform(0, 6))) ** 1.6
    surf = band(rng, length, 150, 3500, 0.9) * (0.2 + 0.9 * swell).astype(np.float32)
    return np.asarray(surf + band(rng, length, 60, 300, 1.0) * 0.3, np.float32)


def _under(rng: Rng, length: int) -> Samples:
    return band(rng, length, 40, 260, 1.2) * sway(rng, length, 0.8, 0.5) + scatter(
        rng, length, 5, _bubble
    )


def _whale(rng: Rng, length: int) -> Samples:
    return echo(scatter(rng, length, 0.32, _call))


def _night(rng: Rng, length: int) -> Samples:
    trill = np.clip(tone(length, 16), 0, 1) * np.clip(
        tone(length, 0.8, rng.uniform(0, 6)) + 0.6, 0, 1
    )
    cricket = tone(length, rng.uniform(3900, 4600)) * trill * 0.16
    return (
        np.stack([cricket, np.roll(cricket, RATE // 90)])
        + scatter(rng, length, 1.4, _croak)
        + band(rng, length, 200, 900, 1.0) * 0.07
    )


def _crowd(rng: Rng, length: int) -> Samples:
    return (
        scatter(rng, length, 60, _voice)
        + band(rng, length, 200, 1400, 0.9) * sway(rng, length, 3, 0.5) * 0.24
    )


def _hum(rng: Rng, length: int) -> Samples:
    base = rng.uniform(54, 66)
    parts = sum(tone(length, base * k * (1 + 0.002 * k), k) / k for k in (1, 2, 3, 5))
    pulse = 0.7 + 0.3 * tone(length, 0.55, rng.uniform(0, 6))
    return np.stack([parts * pulse, np.roll(np.asarray(parts), 320) * pulse]).astype(
        np.float32
    ) * np.float32(0.5)


def _birds(rng: Rng, length: int) -> Samples:
    return echo(scatter(rng, length, 1.5, _chirp)) + band(rng, length, 300, 2500, 1.0) * 0.1


def _city(rng: Rng, length: int) -> Samples:
    return (
        band(rng, length, 40, 380, 1.1) * sway(rng, length, 0.5, 0.6) * 0.8
        + band(rng, length, 800, 2500, 1.0) * sway(rng, length, 0.6) ** 2 * 0.2
    )


def _fire(rng: Rng, length: int) -> Samples:
    return band(rng, length, 60, 500, 1.0) * sway(rng, length, 5, 0.5) * 0.4 + scatter(
        rng, length, 26, _crackle
    )


def _music(rng: Rng, length: int) -> Samples:
    root = float(rng.choice([196.0, 220.0, 233.08, 261.63]))
    scale = root * 2 ** (np.array([0, 3, 5, 7, 10, 12, 15]) / 12)

    def note(rng: Rng) -> Samples:
        t = clock(int(RATE * 2.4))
        pitch = float(rng.choice(scale)) * float(rng.choice([1, 2]))
        glass = np.sin(2 * np.pi * pitch * t) + 0.3 * np.sin(
            2 * np.pi * pitch * 2.01 * t
        ) * np.exp(-t * 3)
        return placed(rng, glass * np.minimum(t * 9, 1) * np.exp(-t * 1.7), 0.3)

    pad = sum(tone(length, root / 2 * step) for step in (1, 1.498, 2.003))
    return echo(scatter(rng, length, 1.3, note)) + np.asarray(pad, np.float32) * sway(
        rng, length, 0.5, 0.3
    ) * np.float32(0.09)


def _room(rng: Rng, length: int) -> Samples:
    return (
        band(rng, length, 60, 900, 1.2) * 0.4
        + np.stack([tone(length, 60), tone(length, 60, 0.5)]) * 0.1
    )


def echo(samples: Samples) -> Samples:
    """Add a few late copies, left and right exchanged: a large space."""
    wet = samples.copy()
    for delay, level in ((0.13, 0.42), (0.29, 0.3), (0.47, 0.2)):
        shift = int(delay * RATE)
        wet[:, shift:] += samples[::-1, : samples.shape[1] - shift] * np.float32(level)
    return wet


def _bell(rng: Rng) -> Samples:
    t = clock(int(RATE * 4.5))
    base = 174.6 * 2 ** (float(rng.integers(0, 2)) / 12)
    parts = (
        (0.5, 0.5, 0.7),
        (1, 0.8, 1.0),
        (1.19, 0.6, 1.4),
        (1.5, 0.3, 1.8),
        (2, 0.6, 1.8),
        (2.66, 0.35, 3),
        (4.1, 0.2, 5),
    )
    ring = sum(
        level * np.sin(2 * np.pi * base * ratio * t) * np.exp(-t * decay)
        for ratio, level, decay in parts
    )
    strike = rng.standard_normal(len(t)) * np.exp(-t * 240) * 0.3
    mono = (np.asarray(ring) * 0.5 + strike) * np.minimum(t * 900, 1)
    return np.stack([mono, np.roll(mono, 60)]).astype(np.float32) * np.float32(1.15)


def _thunder(rng: Rng) -> Samples:
    length = int(RATE * 3.6)
    t = clock(length)
    crack = band(rng, length, 200, 2400, 0.6) * np.exp(-t * 9) * 0.6
    roll = band(rng, length, 30, 220, 0.8) * np.exp(-t * 1.1) * sway(rng, length, 5, 0.4)
    onset = np.minimum(t * 600, 1)
    return np.asarray((crack + roll) * onset * 0.9, np.float32)


def _spark(rng: Rng) -> Samples:
    t = clock(int(RATE * 0.9))
    pitch = float(rng.uniform(1100, 1900))
    ring = sum(np.sin(2 * np.pi * pitch * k * t) * np.exp(-t * 5 * k) / k for k in (1, 1.5, 2.76))
    return placed(rng, np.asarray(ring, np.float32) * np.minimum(t * 2000, 1), 0.55)


def _step(rng: Rng) -> Samples:
    length = int(RATE * 0.2)
    t = clock(length)
    thump = np.sin(2 * np.pi * (78 - 90 * t) * t) * np.exp(-t * 34)
    scrape = band(rng, length, 900, 5200, 0.4)[0] * np.exp(-t * 46) * 0.5
    return placed(rng, ((thump + scrape) * np.minimum(t * 1500, 1)).astype(np.float32), 0.95)


def _drum(rng: Rng) -> Samples:
    t = clock(int(RATE * 0.8))
    body = np.sin(2 * np.pi * (52 + 60 * np.exp(-t * 26)) * t) * np.exp(-t * 6)
    skin = rng.standard_normal(len(t)) * np.exp(-t * 70) * 0.25
    return np.stack([body + skin] * 2).astype(np.float32) * np.float32(1.1)


BEDS: dict[str, Callable[[Rng, int], Samples]] = {
    "rain": _rain,
    "wind": _wind,
    "water": _water,
    "waves": _waves,
    "under": _under,
    "whale": _whale,
    "night": _night,
    "crowd": _crowd,
    "hum": _hum,
    "birds": _birds,
    "city": _city,
    "fire": _fire,
    "music": _music,
    "room": _room,
}
MOMENTS: dict[str, Callable[[Rng], Samples]] = {
    "bell": _bell,
    "thunder": _thunder,
    "spark": _spark,
    "steps": _step,
    "drum": _drum,
}
