"""The derived taskUUID, frozen for ever."""

import uuid

from renderer.render.task_uuid import task_uuid

LINEAGE = "5d219290-7a7d-4859-ae06-0404ac3c6296"


def made(**changes: object) -> str:
    words: dict[str, object] = {
        "lineage": LINEAGE,
        "fingerprint": "sha256:" + "ab" * 32,
        "take": 0,
        "attempt": 0,
    }
    return task_uuid(**{**words, **changes})  # type: ignore[arg-type]


def test_the_rule_never_changes() -> None:
    assert made() == "fc75ee88-8560-4279-9808-0033f50de54d"
    assert made(take=1) == "b87bd5aa-5398-42a7-96d0-f61c84e0d4b8"
    assert made(attempt=1) == "5302e2bf-0219-466e-b070-a3dfe6ae4f7f"
    assert made(lineage="local") == "1fd43f35-773c-4916-af3b-456e6e3cc44a"


def test_it_is_a_version_4_uuid() -> None:
    for take in range(200):
        made_one = uuid.UUID(made(take=take))
        assert made_one.version == 4
        assert made_one.variant == uuid.RFC_4122


def test_every_word_counts_and_none_runs_into_the_next() -> None:
    ids = {made(take=t, attempt=a) for t in range(20) for a in range(20)}
    assert len(ids) == 400
    assert made(take=1, attempt=11) != made(take=11, attempt=1)
