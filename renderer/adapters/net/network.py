"""How this machine reaches others: proxies, authorities and media hosts of the environment.

Only the environment may say this, never a file of a project: who is in between reads what
is not encrypted, and an authority can pass for any host.
"""

import ipaddress
import re
import ssl
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from renderer.errors import InputError

HOSTS = "RENDERER_MEDIA_HOSTS"
_PROXIES = ("https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY")  # the first that is set
_EXCEPT = ("no_proxy", "NO_PROXY")
_SCHEMES = ("http", "https", "socks5", "socks5h")
_LOCAL = frozenset({"localhost", "127.0.0.1", "::1"})
_NAME = re.compile(r"[a-z0-9]([a-z0-9.-]*[a-z0-9])?", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Network:
    """The settings in force; without any, everything is reached directly.

    `proxy` may hold a password. `authorities` are a file and folders of certificates, in place
    of those that ship with the program.
    """

    proxy: str = ""
    named: str = ""  # the variable that names the proxy
    directly: tuple[str, ...] = ()
    authorities: tuple[str, str] = ("", "")
    media_hosts: frozenset[str] = frozenset()

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> "Network":
        """Read the environment; raise InputError for a setting that cannot be used."""
        named = next((name for name in _PROXIES if environment.get(name, "").strip()), "")
        exceptions = next(filter(None, (environment.get(name, "") for name in _EXCEPT)), "")
        return cls(
            proxy=_proxy(environment[named].strip(), named) if named else "",
            named=named,
            directly=tuple(exceptions.replace(",", " ").lower().split()),
            authorities=(
                environment.get("SSL_CERT_FILE", ""),
                environment.get("SSL_CERT_DIR", ""),
            ),
            media_hosts=frozenset(_hosts(environment.get(HOSTS, ""))),
        )

    def proxy_for(self, url: str) -> str:
        """Return the proxy through which a URL is reached; "" for none."""
        parts = urlsplit(url)
        host = (parts.hostname or "").rstrip(".")
        if not self.proxy or parts.scheme != "https" or host in _LOCAL:
            return ""
        port = parts.port or 443
        return "" if any(_covers(one, host, port) for one in self.directly) else self.proxy

    def tls(self) -> ssl.SSLContext:
        """Return whom to trust; reading the authorities takes time. Or raise InputError."""
        file, folders = self.authorities
        if not (file or folders):
            return httpx.create_ssl_context(trust_env=False)
        for name, place, there in _places(file, folders):
            if not there:
                raise InputError(
                    f"{name} names {place}, which is not there", f"set or unset {name}"
                )
        try:
            return ssl.create_default_context(cafile=file or None, capath=folders or None)
        except (ssl.SSLError, OSError) as error:
            raise InputError(
                f"SSL_CERT_FILE {file} holds no certificates ({error})", "name a file in PEM form"
            ) from None

    def transport(self, url: str) -> httpx.AsyncHTTPTransport:
        """Return a transport to the host of a URL, through the proxy if there is one."""
        secure = url.startswith("https:")
        trusted = self.tls() if secure else ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
        proxy = self.proxy_for(url)
        try:
            return httpx.AsyncHTTPTransport(verify=trusted, trust_env=False, proxy=proxy or None)
        except ImportError:
            raise InputError(
                f"{self.named} names a SOCKS proxy, for which a package is missing",
                "run pip install 'httpx[socks]', or name an http:// proxy",
            ) from None

    def said(self, url: str) -> Iterator[str]:
        """Yield what of it is used for a URL, for verbose output."""
        if not url.startswith("https:"):
            return
        if self.proxy:
            used = self.proxy_for(url)
            way = f"through the proxy {self.shown}" if used else "directly"
            yield f"network: {way} ({self.named}{'' if used else ' is not for this host'})"
        for name, value in zip(("SSL_CERT_FILE", "SSL_CERT_DIR"), self.authorities, strict=True):
            if value:
                yield f"network: trusts {value} ({name})"
        if self.media_hosts:
            yield f"network: videos from {', '.join(sorted(self.media_hosts))} too ({HOSTS})"

    @property
    def shown(self) -> str:
        """The host and port of the proxy, without its user."""
        return urlsplit(self.proxy).netloc.rpartition("@")[2]


def _proxy(text: str, name: str) -> str:
    """Return a proxy's address, checked; what is wrong with it may hold a password."""
    full = text if "://" in text else f"http://{text}"
    try:
        parts = urlsplit(full)
        sound = parts.hostname and parts.scheme in _SCHEMES and (parts.port or 0) >= 0
    except ValueError:
        sound = False
    if not sound or not full.isprintable() or " " in full:
        raise InputError(f"{name} is not the address of a proxy", f"set {name}=http://HOST:PORT")
    return full


def _places(file: str, folders: str) -> Iterator[tuple[str, str, bool]]:
    """Yield each place that is named, with its variable and whether it is there."""
    if file:
        yield "SSL_CERT_FILE", file, Path(file).is_file()
    yield from (("SSL_CERT_DIR", one, Path(one).is_dir()) for one in folders.split(":") if one)


def _hosts(text: str) -> Iterator[str]:
    for host in text.replace(",", " ").split():
        if not _NAME.fullmatch(host):
            raise InputError(
                f"{HOSTS} holds {host!r}, which is not a host name",
                "write names such as videos.example.com, with commas between them",
            )
        yield host.lower()


def _covers(one: str, host: str, port: int) -> bool:
    """Whether an exception of NO_PROXY covers a host: by name, ending, address or network."""
    if one == "*":
        return True
    name, colon, number = one.rpartition(":")
    if colon and number.isdecimal() and ("]" in name or ":" not in name):
        return port == int(number) and _covers(name, host, port)
    one = one.strip("[]")
    try:
        return ipaddress.ip_address(host) in ipaddress.ip_network(one, strict=False)
    except ValueError:
        ending = one.removeprefix("*").lstrip(".")
        return bool(ending) and (host == ending or host.endswith(f".{ending}"))
