import pytest

from renderer.errors import InputError
from renderer.spec.reader import read
from tests.harness.inside import inside


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ("0", 0),
        ("-7", -7),
        ("9223372036854775808", 9223372036854775808),
        ("0.5", 0.5),
        ("-12.250", -12.25),
        ("y", "y"),
        ("No one", "No one"),
        ("12 lanterns", "12 lanterns"),
        ("1.2.3", "1.2.3"),
        ("720p", "720p"),
        ("bytedance:seedance@1.5-pro", "bytedance:seedance@1.5-pro"),
        ("1280x720", "1280x720"),
        ("2024 in rain", "2024 in rain"),
        ("a:b", "a:b"),
        ("-", None),
        ("+", "+"),
        ("Nan", "Nan"),
        ("...and then", "...and then"),
        ("'yes'", "yes"),
        ('"0777"', "0777"),
    ],
)
def test_a_plain_value_that_all_readers_read_alike_is_taken(written: str, value: object) -> None:
    if written == "-":
        assert read("a:\n  -\n", "s").value == {"a": [None]}
        return
    found = inside(read(f"a: {written}\n", "s").value, "a")
    assert found == value
    assert type(found) is type(value)


@pytest.mark.parametrize(
    ("written", "how"),
    [
        ("yes", "write true"),
        ("No", "write false"),
        ("ON", "write true"),
        ("off", "write false"),
        ("True", "write true"),
        ("NULL", "write null"),
        ("~", "write null"),
        ("0777", "write 777"),
        ("-007", "write -7"),
        ("0o17", "write 15"),
        ("0x1F", "write 31"),
        ("0b101", "write 5"),
        ("1_000", "write 1000"),
        ("1_000.5", "write 1000.5"),
        ("1:30", "or 90 if a number is meant"),
        ("16:9", 'write "16:9" in quotes'),
        ("1:30:00", "5400"),
        ("1:30.5", "in quotes"),
        ("2024-01-01", "in quotes"),
        ("2024-13-45", "in quotes"),
        ("2024-01-01T10:00:00Z", "in quotes"),
        (".inf", "in quotes"),
        ("-.INF", "in quotes"),
        (".nan", "in quotes"),
        ("1e5", "in quotes"),
        ("1e999", "in quotes"),
        ("1.5e-3", "in quotes"),
        (".5", "write 0.5"),
        ("5.", "write 5.0"),
        ("+5", "write 5"),
        ("+0.5", "write 0.5"),
        ("00.5", "write 0.5"),
        ("123456789012345678901", "in quotes"),
        ("0." + "1" * 60, "in quotes"),
        ("0x" + "f" * 100, "in quotes"),
        ("1" + ":00" * 50, "in quotes"),
        ("1" + "_" * 60_000, "in quotes"),
    ],
)
def test_a_look_alike_is_told_with_the_way_to_write_it(written: str, how: str) -> None:
    with pytest.raises(InputError) as caught:
        read(f"a: {written}\n", "s")
    (problem,) = caught.value.problems
    assert str(problem.place) == "s:1:4"
    assert how in problem.todo
    assert "quotes" in problem.todo
    assert len(str(problem)) < 200


@pytest.mark.parametrize("written", ["yes", "0777", "1:30", ".inf", "2024-01-01", "~"])
def test_a_look_alike_in_quotes_is_text(written: str) -> None:
    assert read(f"a: '{written}'\n", "s").value == {"a": written}
