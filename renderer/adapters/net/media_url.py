"""Which URLs media may be fetched from: listed hosts, https, public addresses, no key."""

import ipaddress
import socket
from dataclasses import dataclass
from urllib.parse import SplitResult, urlsplit

from renderer.errors import ProviderError

_LONGEST = 4096
_PORTS = {"http": 80, "https": 443}


class RefusedMediaError(ProviderError):
    """The media will not be fetched: its URL, its host or its size is not allowed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaRules:
    """`hosts`: where media may lie; `engine`: an address that is trusted as it is, or ""."""

    hosts: frozenset[str] = frozenset()
    engine: str = ""

    def check(self, url: str) -> SplitResult:
        """Return the parts of a URL that may be fetched; raise RefusedMediaError."""
        if len(url) > _LONGEST:
            raise RefusedMediaError(f"its URL is longer than {_LONGEST} characters")
        if not url.isascii() or not url.isprintable() or " " in url or "\\" in url:
            raise RefusedMediaError("its URL has characters not allowed in a URL")
        parts = _split(url)
        if parts.username is not None or parts.password is not None:
            raise RefusedMediaError("its URL contains a user name")
        if self.is_engine(parts):
            return parts
        if parts.scheme != "https":
            raise RefusedMediaError(f"its URL is {parts.scheme or 'no'}: only https is fetched")
        if parts.hostname not in self.hosts or _port(parts) != 443:
            raise RefusedMediaError(
                f"its host {_named(parts)} is not one of the provider's; if the provider has"
                " moved, set RENDERER_MEDIA_HOSTS to it: what was paid for is fetched then"
            )
        return parts

    def is_engine(self, parts: SplitResult) -> bool:
        """Whether the URL lies at the very address that the person configured."""
        engine = urlsplit(self.engine)
        return bool(self.engine) and (engine.scheme, engine.hostname, _port(engine)) == (
            parts.scheme,
            parts.hostname,
            _port(parts),
        )

    def addresses(self, parts: SplitResult) -> list[tuple[socket.AddressFamily, tuple[str, int]]]:
        """Resolve the host; raise RefusedMediaError if a remote provider's is not public."""
        host, port = parts.hostname or "", _port(parts)
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        places: list[tuple[socket.AddressFamily, tuple[str, int]]] = [
            (family, (str(place[0]), port)) for family, _, _, _, place in found
        ]
        if not self.is_engine(parts) and not all(is_public(place[0]) for _, place in places):
            raise RefusedMediaError(f"its host {host} leads to a private address")
        return places


def is_public(address: str) -> bool:
    """Whether an IP address is of the open internet, also where one hides in another."""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo and ip.teredo[1])
        if inner:
            return is_public(str(inner))
        if ip in ipaddress.ip_network("64:ff9b::/96"):
            return is_public(str(ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)))
    return ip.is_global and not ip.is_multicast


def _split(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        _port(parts)
    except ValueError as error:
        raise RefusedMediaError("its URL cannot be read") from error
    return parts


def _named(parts: SplitResult) -> str:
    return f"{parts.hostname}{'' if _port(parts) == 443 else f':{_port(parts)}'}"


def _port(parts: SplitResult) -> int:
    return parts.port or _PORTS.get(parts.scheme, 0)
