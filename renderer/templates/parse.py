"""Text to Jinja2's syntax tree, within budgets; only here and below is Jinja2 imported."""

import re
from collections.abc import Iterator
from functools import cache

from jinja2 import Environment, TemplateSyntaxError, nodes
from jinja2.exceptions import TemplateError
from jinja2.ext import Extension
from jinja2.lexer import Token, TokenStream

from renderer.templates.errors import BLOCKS, BRACKETS, TOKENS, PromptError

_OPEN = frozenset({"lparen", "lbracket", "lbrace"})
_CLOSE = frozenset({"rparen", "rbracket", "rbrace"})
_BLOCKS = frozenset({"if", "for", "macro", "with", "filter", "call", "block", "autoescape"})
_UNCLOSED = re.compile(r"expected 'end of (print statement|statement block)'")


class _Guard(Extension):
    """Stops the parser before it has read, or nested, more than any prompt needs."""

    def filter_stream(self, stream: TokenStream) -> Iterator[Token]:
        brackets = blocks = 0
        before = ""
        for count, token in enumerate(stream):
            kind = token.type
            brackets += (kind in _OPEN) - (kind in _CLOSE)
            if before == "block_begin" and kind == "name":
                blocks += (token.value in _BLOCKS) - token.value.startswith("end")
            if count >= TOKENS or brackets > BRACKETS or blocks > BLOCKS:
                raise _stopped(count, brackets).at("", token.lineno)
            before = kind
            yield token


def _stopped(count: int, brackets: int) -> PromptError:
    if count >= TOKENS:
        return PromptError(f"the template has more than {TOKENS} words and signs", "split it")
    if brackets > BRACKETS:
        return PromptError(f"brackets nest deeper than {BRACKETS}", "use {% set %} in between")
    return PromptError(f"blocks nest deeper than {BLOCKS}", "move the inner ones to a macro")


@cache
def _environment() -> Environment:
    # Only its parser is used: no code is generated, so nothing is escaped or looked up by it.
    return Environment(  # noqa: S701
        trim_blocks=True, lstrip_blocks=True, extensions=[_Guard], cache_size=0
    )


def parse(text: str, name: str) -> nodes.Template:
    """Return the syntax tree of a text that `template_text` found fit to read."""
    try:
        return _environment().parse(text)
    except PromptError as fault:
        line, fault.line = fault.line, 0
        raise fault.at(name, line) from None
    except TemplateSyntaxError as error:
        raise _syntax(error).at(name, error.lineno) from None
    except RecursionError:
        raise PromptError("the template nests too deeply", "split it").at(name, 1) from None
    except (TemplateError, ValueError, OverflowError) as error:
        what = f"the template cannot be read: {type(error).__name__}"
        raise PromptError(what, "look for a very long number").at(name, 1) from None


def _syntax(error: TemplateSyntaxError) -> PromptError:
    message = " ".join((error.message or "").split())[:300].rstrip(".")
    if message.startswith("unexpected end of template") and _UNCLOSED.search(message):
        sign = "{{" if "print" in message else "{%"
        close = {"{{": "}}", "{%": "%}"}[sign]
        return PromptError(f"unclosed {sign}", f"close it with {close}")
    if "comment tag" in message:
        return PromptError("unclosed {#", "close it with #}")
    return PromptError(message[:1].lower() + message[1:], "correct the template")
