import pytest

from renderer.spec import names


@pytest.mark.parametrize(
    "name", ["a", "7", "bell", "bell-2", "a_b", "x" * 63, "con1", "auxiliary"]
)
def test_an_id_is_safe_on_every_system(name: str) -> None:
    assert names.identifier(name) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("", "is empty"),
        ("Hero", "has capital letters"),
        ("-rf", "starts or ends with '-' or '_'"),
        ("a-", "starts or ends with"),
        ("A_", "starts or ends with"),
        ("x" * 64, "has 64 characters"),
        ("a b", "contains a character"),
        ("a\n", "contains a character"),
        ("\uff41", "contains a character"),
        ("com¹", "contains a character"),
        ("a.b", "contains a character"),
        ("../a", "contains a character"),
        ("con", "reserved name on Windows"),
        ("lpt9", "reserved name on Windows"),
    ],
)
def test_a_bad_id_is_refused_with_its_reason(name: str, why: str) -> None:
    with pytest.raises(names.NameFaultError) as caught:
        names.identifier(name)
    assert why in caught.value.what
    assert caught.value.todo


@pytest.mark.parametrize(
    ("name", "todo"),
    [("Hero", "write hero"), ("Old Pier!", "old-pier"), ("x" * 64, "shorten it")],
)
def test_a_bad_id_comes_with_a_good_one(name: str, todo: str) -> None:
    with pytest.raises(names.NameFaultError) as caught:
        names.identifier(name)
    assert todo in caught.value.todo


@pytest.mark.parametrize("name", ["a.j2", "market/rain.j2", "a_b/c-d/e.j2"])
def test_a_template_is_named_below_its_folder(name: str) -> None:
    assert names.template(name) == name


@pytest.mark.parametrize(
    ("name", "why"),
    [
        ("../secrets.j2", "does not stay inside templates/"),
        ("/etc/passwd", "does not stay inside templates/"),
        ("~/a.j2", "does not stay inside templates/"),
        ("a\\b.j2", "does not stay inside templates/"),
        ("c:a.j2", "does not stay inside templates/"),
        ("a.txt", "does not end in .j2"),
        ("Rain.j2", "has capital letters"),
        ("a//b.j2", "is not the name of a template"),
        ("a b.j2", "is not the name of a template"),
        ("a/.j2", "is not the name of a template"),
        ("templates/a.j2", "relative to templates/"),
        ("nul.j2", "a reserved name on Windows"),
        ("aux/a.j2", "a reserved name on Windows"),
    ],
)
def test_a_bad_template_name_is_refused_with_its_reason(name: str, why: str) -> None:
    with pytest.raises(names.NameFaultError) as caught:
        names.template(name)
    assert why in caught.value.what
    assert caught.value.todo
