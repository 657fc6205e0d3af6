"""The quick way to a fingerprint and to a verdict is the plain way, only quicker."""

from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from renderer.adapters.disk.resources import model_texts
from renderer.catalog.catalog import Catalog
from renderer.catalog.check import check
from renderer.catalog.defaults import picture
from renderer.catalog.load import load_model
from renderer.catalog.price import estimate
from renderer.expand.fast.shared_request import Skeletons
from renderer.expand.fingerprint import fields, fingerprint, former

CATALOG = Catalog.of(load_model(text, name) for name, text in model_texts().items())
MODEL = CATALOG.get("bytedance:seedance@1.5-pro")
REQUESTS = st.fixed_dictionaries(
    {
        "taskType": st.just("videoInference"),
        "model": st.just(MODEL.air),
        "positivePrompt": st.text(max_size=40)
        | st.sampled_from(["rain on stone", "é", "e\u0301", "ra\u200cin", "\u200f\u2068x\u2069"]),
    },
    optional={
        "seed": st.integers(-1, 2**65) | st.just(7.0),
        "numberResults": st.integers(1, 4),
        "duration": st.sampled_from([4, 5, 8, 3, "auto", 4.0]),
        "resolution": st.sampled_from(["480p", "720p", "8k"]),
        "width": st.just(1280),
        "height": st.just(720),
        "outputFormat": st.sampled_from(["MP4", "WEBM"]),
        "ttl": st.just(60),
        "providerSettings": st.just({"bytedance": {"audio": False}}),
    },
)


@settings(max_examples=300)
@given(st.lists(REQUESTS, min_size=1, max_size=4))
def test_shared_work_gives_what_unshared_work_gives(requests: list[dict[str, Any]]) -> None:
    shared = Skeletons()
    for request in requests:
        plain = check(MODEL, request)
        assert shared.faults(MODEL, request) == plain
        if plain:
            continue
        whole = picture(MODEL, request)
        seen = shared.seen(MODEL, request)
        assert seen.fingerprint == fingerprint(whole)
        assert seen.fields == fields(whole)
        assert seen.former == former(whole)
        assert seen.cost == estimate(MODEL, request)
        seedless = {name: value for name, value in request.items() if name != "seed"}
        expected = fingerprint(picture(MODEL, seedless)) if "seed" in request else ""
        assert (seen.seed, seen.seedless) == (request.get("seed"), expected)
