"""The takes of a lockfile, found by what they show and by their bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from renderer.lock.model import Lock, Take, replaced


@dataclass(frozen=True, slots=True, kw_only=True)
class Named:
    """A take with the address of the task that it belongs to."""

    address: str
    take: Take

    @property
    def name(self) -> str:
        """The take's name, `address#number`."""
        return f"{self.address}#{self.take.number}"


class Takes:
    """All takes of a lock, by picture and by bytes."""

    def __init__(self, lock: Lock) -> None:
        self.lock = lock
        self._shown: dict[str, list[Named]] = {}
        self._bytes: dict[str, list[Named]] = {}
        self.drafts = False  # whether there is any
        self.promoted: set[str] = set()  # the bytes of drafts that became finals
        # The bytes of lost takes that others were bought in place of.
        self.replaced = replaced(take for _, take in lock.takes())
        for address, take in lock.takes():
            named = Named(address=address, take=take)
            self._shown.setdefault(take.fingerprint, []).append(named)
            self._bytes.setdefault(take.sha256, []).append(named)
            self.drafts = self.drafts or bool(take.draft_id)
            if take.draft:
                self.promoted.add(take.draft)

    def of(self, address: str, fingerprint: str) -> Sequence[Named]:
        """Return the takes of a picture: those of this address, else those of any other.

        Less those that others were bought in place of.
        """
        found = self._shown.get(fingerprint, [])
        if self.replaced:
            found = [one for one in found if one.take.sha256 not in self.replaced]
        own = [one for one in found if one.address == address]
        return own or found

    def lost_of(self, address: str, fingerprint: str) -> Sequence[Named]:
        """Return the lost takes of a picture of an address that others were bought in place of."""
        found = self._shown.get(fingerprint, ()) if self.replaced else ()
        return [
            one for one in found if one.address == address and one.take.sha256 in self.replaced
        ]

    def all_of(self, fingerprint: str) -> Sequence[Named]:
        """Return the takes of a picture, of every address."""
        return self._shown.get(fingerprint, ())

    def with_bytes(self, sha256: str, name: str = "") -> Named | None:
        """Return the take of these bytes, the one of this name if several have them."""
        same = self._bytes.get(sha256, [])
        return next((one for one in same if one.name == name), next(iter(same), None))

    def shots(self, sha256: str) -> frozenset[str]:
        """Return the shots that have a take of these bytes."""
        return frozenset(one.address.partition("@")[0] for one in self._bytes.get(sha256, ()))

    def root(self, sha256: str) -> str:
        """Return what a pick of these bytes chose: the draft, where they are a final's."""
        found = self.with_bytes(sha256)
        return found.take.root if found else sha256

    def homes(self) -> Iterator[tuple[str, str]]:
        """Yield the bytes of each take with the shot of its address."""
        for sha256, found in self._bytes.items():
            yield sha256, found[0].address.partition("@")[0]
