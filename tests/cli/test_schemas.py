"""The schemas that ship are those of the types."""

from pathlib import Path

import pytest

from renderer.cli.main import run

SCHEMAS = Path(__file__).parents[2] / "schemas"


@pytest.mark.parametrize("kind", ["scene", "project"])
def test_the_schema_that_ships_is_written_from_the_types(
    kind: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["schema", kind]) == 0

    assert (SCHEMAS / f"{kind}.schema.json").read_text() == capsys.readouterr().out, (
        f"run: renderer schema {kind} > schemas/{kind}.schema.json"
    )
