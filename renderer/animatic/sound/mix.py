"""Scratch sound from the words of a prompt: ambience, and moments in time with the picture."""

from collections.abc import Sequence

import numpy as np

from renderer.animatic.keywords import number, themes
from renderer.animatic.sound.loudness import RATE, Samples, levelled
from renderer.animatic.sound.synth import BEDS, MOMENTS
from renderer.animatic.timed_events import Cue

AMBIENCE = {
    "rain": "rain rains raining rainfall monsoon drizzle downpour rain-slick",
    "wind": "wind winds windy breeze* gust* storm* desert dune* mountain* blizzard snow*",
    "water": "water waters river stream* splash* ripple* lake marsh* wade* harbor harbour dock* puddle*",
    "waves": "sea ocean shore* beach wave* surf coast* sail*",
    "under": "underwater reef coral seabed submarine diver* muffled jellyfish",
    "whale": "whale* whale-song",
    "night": "frog* insect* cricket* cicada* night nighttime moonlit marsh* swamp* fireflies",
    "crowd": "crowd* market* chatter vendor* bazaar street* station cafe bar festival",
    "hum": "hum hums humming drone machine* engine* mechanical electric* neon portal reactor",
    "birds": "bird* birdsong forest* dawn morning meadow garden woodland",
    "city": "city traffic downtown urban skyline",
    "fire": "fire campfire flame* embers hearth burning",
    "music": "music* song* strings piano guitar crystal* crystalline magical mystical dream* lyrical surreal",
}


def sound(prompt: str, seed: int, length: int, cues: Sequence[Cue]) -> Samples:
    """Return stereo samples (2 x length, -1 to 1) at 48 kHz, about -18 LUFS."""
    names = themes(prompt, AMBIENCE)[:4] or ("room",)
    mixed = np.zeros((2, length), np.float32)
    for place, name in enumerate(names):
        rng = np.random.default_rng(number("bed", name, prompt, seed))
        mixed += BEDS[name](rng, length) * np.float32(0.8**place)
    mixed *= np.float32(0.6)
    for cue in cues:
        _lay(mixed, _moment(cue, seed), round(cue.at * RATE))
    return levelled(_faded(mixed))


def _moment(cue: Cue, seed: int) -> Samples:
    return MOMENTS[cue.kind](np.random.default_rng(number("moment", cue.kind, cue.at, seed)))


def _lay(mixed: Samples, part: Samples, start: int) -> None:
    stop = min(mixed.shape[1], start + part.shape[1])
    mixed[:, start:stop] += part[:, : stop - start]


def _faded(samples: Samples) -> Samples:
    ramp = np.linspace(0, 1, RATE // 12, dtype=np.float32)
    samples[:, : len(ramp)] *= ramp
    samples[:, -len(ramp) :] *= ramp[::-1]
    return samples
