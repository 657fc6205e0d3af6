"""The quick ways of looking at a text find what the plain ways find."""

from hypothesis import given
from hypothesis import strategies as st

from renderer.expand.fingerprint import single_spaced
from renderer.spec.faults import first_refused, refused

# Letters, every control character, the white space of ASCII and beyond, and what is refused.
TEXTS = st.text(
    st.one_of(
        st.sampled_from(" \n\tab"),
        st.characters(max_codepoint=0x9F),
        st.sampled_from("\u2028\u200b\u2066\u2069\u3000\ufeff"),
    ),
    max_size=12,
)


@given(text=TEXTS)
def test_white_space_counts_as_one_space(text: str) -> None:
    assert single_spaced(text) == " ".join(text.split())


@given(text=TEXTS)
def test_the_first_refused_character_is_the_first_of_all_that_are(text: str) -> None:
    quick, every = first_refused(text), next(refused(text), None)

    assert (quick and quick.span()) == (every and every.span())
