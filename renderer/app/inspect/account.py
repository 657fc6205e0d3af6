"""Use case: whose key this is, and what is left to spend."""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal

from renderer.adapters.net.client import Client
from renderer.adapters.net.lenient_json import safe_text
from renderer.adapters.net.refusal import refused
from renderer.errors import NetworkError, ProviderError
from renderer.json_types import Json
from renderer.render.answers.calls import Answered, Call
from renderer.runware.messages import Item

_LONGEST = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """An account as the provider reports it; what it does not report is None or empty."""

    organization: str
    balance: Decimal | None
    free: Decimal | None
    currency: str


async def account(client: Client, uuid: str) -> Account:
    """Ask for the account of a key; ProviderError has the provider's own words."""
    call = await client.account(uuid)
    for item in _answered(call).answer.items:
        if "balance" in item.raw:
            return _read(item)
    errors = _answered(call).answer.errors
    raise (
        refused(errors[0])
        if errors
        else ProviderError(
            "the response contains no balance", "check RUNWARE_BASE_URL: is this Runware's API?"
        )
    )


def _answered(call: Call) -> Answered:
    if isinstance(call, Answered):
        return call
    raise NetworkError(
        f"no response from the provider: {call.why}", "check the network, try again"
    )


def _read(item: Item) -> Account:
    balance = item.raw["balance"]
    fields = balance if isinstance(balance, Mapping) else {"amount": balance}
    return Account(
        organization=_text(item.raw.get("organizationName")),
        balance=_amount(fields.get("amount")),
        free=_amount(fields.get("freeBalance")),
        currency=_text(fields.get("currency")) or "USD",
    )


def _text(value: Json) -> str:
    return safe_text(value)[:_LONGEST] if isinstance(value, str) else ""


def _amount(value: Json) -> Decimal | None:
    if isinstance(value, bool) or not isinstance(value, int | Decimal | str):
        return None
    try:
        amount = Decimal(value)
    except ArithmeticError:
        return None
    return amount if amount.is_finite() and abs(amount) < 10**12 else None
