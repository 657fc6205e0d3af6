"""`renderer account`: whose key this is, and what is left to spend."""

import asyncio
import sys
from decimal import Decimal
from typing import TypedDict

import click

from renderer.app.inspect.account import Account
from renderer.catalog.money import Money, exactly_or_none
from renderer.cli.output import write_json
from renderer.cli.wiring import Session
from renderer.sanitize import visible

_MOST = 4096  # characters of stdin


class AccountMoney(TypedDict):
    """What is left, and what of it is free; null where the provider does not say."""

    balance: Money | None
    free: Money | None


class AccountData(TypedDict):
    """The account of the key in force."""

    version: int
    organization: str
    balance: str | None
    free: str | None
    currency: str
    money: AccountMoney


class SavedKeyData(TypedDict):
    """The key was put into the keyring."""

    version: int
    saved: bool


@click.command("account")
@click.option("--save-key", is_flag=True, help="Prompt for a key and save it in the keyring.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text")
@click.pass_obj
def command(session: Session, form: str, *, save_key: bool) -> None:
    """Show the balance of the current Runware key; free."""
    if save_key:
        _save()
        saved: SavedKeyData = {"version": 1, "saved": True}
        if form == "json":
            write_json(saved)
        else:
            click.echo(
                "The key is saved in the system's keyring. RUNWARE_API_KEY, if set, takes precedence."
            )
        return
    found = asyncio.run(_ask(session))
    if form == "json":
        write_json(_data(found))
        return
    click.echo(f"Organisation: {visible(found.organization) or '(not reported)'}")
    click.echo(f"Balance:      {_money(found.balance)} {visible(found.currency)}")
    if found.free:
        click.echo(f"of it free:   {_money(found.free)}")


async def _ask(session: Session) -> Account:
    from renderer.adapters.chance import new_lineage
    from renderer.app.inspect.account import account

    client = session.environment.client()
    try:
        return await account(client, new_lineage())
    finally:
        await client.close()


def _save() -> None:
    from renderer.adapters.net.api_key import checked, save_key

    if sys.stdin.isatty():
        typed = click.prompt("Key for Runware", hide_input=True, err=True)
    else:
        typed = sys.stdin.read(_MOST)
    save_key(checked(str(typed).strip(), "the key that was given"))


def _money(amount: Decimal | None) -> str:
    return "not reported" if amount is None else f"{amount:f}"


def _data(found: Account) -> AccountData:
    money = exactly_or_none(found.balance, found.currency)
    return {
        "version": 1,
        "organization": found.organization,
        "balance": None if found.balance is None else f"{found.balance:f}",
        "free": None if found.free is None else f"{found.free:f}",
        "currency": found.currency,
        "money": {"balance": money, "free": exactly_or_none(found.free, found.currency)},
    }
