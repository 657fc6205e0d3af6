"""The address that paid requests go to, as the journal names it."""

from urllib.parse import urlsplit

_PORTS = {"http": 80, "https": 443}


def endpoint_of(address: str) -> str:
    """Return an API address in one spelling: no user, query, default port or last slash."""
    try:
        parts = urlsplit(address)
        port = parts.port
    except ValueError:
        return address
    host = (parts.hostname or "").lower()
    host = f"[{host}]" if ":" in host else host
    shown = f":{port}" if port and port != _PORTS.get(parts.scheme) else ""
    return f"{parts.scheme}://{host}{shown}{parts.path.rstrip('/')}"
