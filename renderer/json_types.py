"""The one type of JSON data."""

from typing import Any

Json = Any
