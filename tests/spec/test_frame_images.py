import base64

import pytest

from renderer.spec.frames import FrameFaultError, Source, classify

PNG = b"\x89PNG\r\n\x1a\n" + b"\0" * 8


def data_uri(media: str, data: bytes) -> str:
    return f"data:{media};base64,{base64.b64encode(data).decode()}"


@pytest.mark.parametrize(
    "path", ["a.png", "assets/reef/first.jpg", "Straße/über uns.JPEG", "a.b.webp"]
)
def test_a_file_is_a_path_below_the_project(path: str) -> None:
    image = classify(path)
    assert (image.source, image.text) == (Source.FILE, path)
    assert image.media.startswith("image/")


def test_a_path_is_read_in_composed_form() -> None:
    assert classify("e\u0301.png").text == "\u00e9.png"


def test_a_url_is_encrypted_and_names_a_public_host() -> None:
    text = "https://images.example.com:8443/a%20b.jpg?x=1"
    assert classify(text).source is Source.URL


def test_a_uuid_of_version_4_is_an_uploaded_image() -> None:
    image = classify("AAC49721-1964-481A-AE78-8A4E29B91402")
    assert (image.source, image.text) == (Source.UUID, "aac49721-1964-481a-ae78-8a4e29b91402")


@pytest.mark.parametrize(
    ("media", "data"),
    [
        ("image/png", PNG),
        ("image/jpeg", b"\xff\xd8\xff\xe0" + b"\0" * 8),
        ("image/webp", b"RIFF\0\0\0\0WEBPVP8 "),
    ],
)
def test_a_data_uri_gives_its_type_and_its_bytes(media: str, data: bytes) -> None:
    image = classify(data_uri(media, data))
    assert (image.source, image.media, image.data) == (Source.DATA, media, data)


def test_a_data_uri_may_be_wrapped() -> None:
    text = data_uri("image/png", PNG)
    assert classify(text[:30] + "\n  " + text[30:]).data == PNG


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("", "is empty"),
        (" a.png", "stray spaces"),
        ("../a.png", "leaves the project"),
        ("assets/../../a.png", "leaves the project"),
        ("/etc/passwd.png", "not inside the project"),
        ("~/a.png", "not inside the project"),
        ("C:/a.png", "not inside the project"),
        ("C:\\a.png", "holds '\\'"),
        ("\\\\host\\share\\a.png", "holds '\\'"),
        ("assets\\a.png", "holds '\\'"),
        ("./a.png", "empty folder name"),
        ("assets//a.png", "empty folder name"),
        ("assets/", "empty folder name"),
        ("nul", "reserved name on Windows"),
        ("assets/con.png", "reserved name on Windows"),
        ("AUX/a.png", "reserved name on Windows"),
        ("a./b.png", "not every system has"),
        ("a /b.png", "not every system has"),
        ("a.png.", "not every system has"),
        ("a?.png", "not every system has"),
        ("what*.png", "not every system has"),
        ("a\nb.png", "not every system has"),
        ("x" * 252 + ".png", "longer than 255 bytes"),
        ("é" * 126 + ".png", "longer than 255 bytes"),
        ("a/" * 600 + "b.png", "longer than 1024 characters"),
        ("a.svg", "is an SVG"),
        ("a.gif", "is not a supported image file"),
        ("clip.mp4", "is not a supported image file"),
        ("png", "is not a supported image file"),
        (".png", "is not a supported image file"),
        ("{{ hero }}.png", "frames are not templates"),
        ("iVBORw0KGgoAAAA=", "is bare Base64"),
        ("a.png:stream", "has the scheme"),
        ("file:///etc/passwd", "has the scheme file:"),
        ("ftp://example.com/a.png", "has the scheme ftp:"),
        ("javascript:alert(1)", "has the scheme javascript:"),
        ("https:example.com/a.png", "has the scheme https:"),
        ("http://example.com/a.png", "is not encrypted"),
        ("http://169.254.169.254/latest", "is not encrypted"),
        ("https://169.254.169.254/latest", "by its number"),
        ("https://[::1]/a.png", "by its number"),
        ("https://2130706433/a.png", "by its number"),
        ("https://0x7f.1/a.png", "by its number"),
        ("https://localhost/a.png", "cannot reach"),
        ("https://db.internal/a.png", "cannot reach"),
        ("https:///a.png", "cannot reach"),
        ("https://user:word@example.com/a.png", "contains a user name"),
        ("https://example.com:99999/a.png", "is not a valid URL"),
        ("https://[bad/a.png", "is not a valid URL"),
        ("https://example.com/a b.png", "characters not allowed in a URL"),
        ("https://exämple.com/a.png", "characters not allowed in a URL"),
        ("https://example.com/" + "x" * 2048, "longer than 2048"),
        ("aac49721-1964-181a-ae78-8a4e29b91402", "not of version 4"),
        ("data:image/png,abc", "is not a data URI of an image"),
        ("data:text/html;base64,AAAA", "has the type text/html"),
        ("data:image/svg+xml;base64,AAAA", "is an SVG"),
        ("data:image/png;base64,A", "is not valid Base64"),
        ("data:image/png;base64,é", "is not valid Base64"),
        (data_uri("image/png", b"\xff\xd8\xff\xe0"), "its bytes are image/jpeg"),
        (data_uri("image/png", b"<svg/>"), "its bytes are not a supported image"),
    ],
)
def test_what_names_no_usable_image_is_refused_with_its_reason(text: str, why: str) -> None:
    with pytest.raises(FrameFaultError) as caught:
        classify(text)
    assert why in caught.value.what
    assert caught.value.todo
