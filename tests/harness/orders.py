"""Orders in few words: what a test asks of a provider, without the world around it."""

from dataclasses import replace
from decimal import Decimal
from typing import Any

from renderer.catalog.money import Cost
from renderer.render.order import Expected, Order


def order(
    name: str = "bell",
    *,
    count: int = 1,
    seed: int | None = None,
    inputs: dict[str, str] | None = None,
    **changes: Any,
) -> Order:
    """Return an order for `count` takes of a picture; `inputs` as in the request."""
    request: dict[str, Any] = {
        "model": "bytedance:seedance@1.5-pro",
        "positivePrompt": name,
        "duration": 1,
    }
    if count > 1:
        request["numberResults"] = count
    if seed is not None:
        request["seed"] = seed
    if inputs:
        request["inputs"] = inputs
    made = Order(
        address=f"clocktower/{name}",
        scene="clocktower",
        shot=name,
        fingerprint=f"sha256:{name}",
        number=1,
        count=count,
        index=0,
        request=request,
        files={},
        estimate=Cost(low=Decimal("0.1"), high=Decimal("0.1")),
        expected=Expected(width=64, height=48, fps=24),
        seconds=2.0,
    )
    return replace(made, **changes)
