"""What the environment says of Runware: the key, the address, the network between."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from renderer.providers import LOCAL, RUNWARE
from renderer.sanitize import visible

if TYPE_CHECKING:  # a plan needs none of these
    from renderer.adapters.net.client import Client, Secret
    from renderer.adapters.net.network import Network
    from renderer.api.provider_sessions import RunwareProvider
    from renderer.app.rendering.sessions import ProviderSession
    from renderer.app.workspace import Workspace

API = "https://api.runware.ai/v1"
_ADDRESS = "RUNWARE_BASE_URL"


def _silent(_: str) -> None:
    """Say nothing."""


@dataclass(frozen=True, slots=True, kw_only=True, eq=False, repr=False)  # the key is in it
class Environment:
    """The environment's variables; `say` gets what is in force, `trace` a line a request."""

    variables: Mapping[str, str] = field(default_factory=dict)
    say: Callable[[str], None] = _silent
    trace: Callable[[str], None] | None = None

    def provider_session(self, workspace: "Workspace") -> "ProviderSession":
        """Return where the takes of a workspace's provider are made; a paid one needs its key."""
        return ADAPTERS[workspace.provider](self, workspace)

    def local(self, workspace: "Workspace") -> "ProviderSession":
        """Return where animatics are made."""
        from renderer.api.provider_sessions import LocalProvider

        self.say("provider: local, the embedded engine in this process")
        return LocalProvider(workspace=workspace)

    def runware(self, workspace: "Workspace") -> "RunwareProvider":
        """Return where paid takes are made; needs the key."""
        from renderer.api.provider_sessions import RunwareProvider

        return RunwareProvider(
            workspace=workspace,
            address=self.address(),
            key=self.key(),
            own_engine=bool(self.variables.get(_ADDRESS, "")),
            trace=self.trace,
            network=self.network(),
        )

    def network(self) -> "Network":
        """Return how others are reached."""
        from renderer.adapters.net.network import Network

        return Network.of(self.variables)

    def key(self) -> "Secret":
        """Return the key for Runware: from the environment, else from the system's keyring."""
        from renderer.adapters.net.api_key import find_key

        return find_key(self.variables)

    def client(self) -> "Client":
        """Return a client of the API that needs no project."""
        from renderer.adapters.clock import SystemClock
        from renderer.adapters.net.transports import api

        address, network = self.address(), self.network()
        return api(address, self.key(), SystemClock(), trace=self.trace, network=network)

    def address(self) -> str:
        """Return the API's address, checked to be one that a key may go to."""
        from renderer.adapters.net.client import checked_address
        from renderer.sanitize import host_of

        address = checked_address(self.variables.get(_ADDRESS, "") or API)
        self.say(f"provider: runware at {address.partition(':')[0]}://{host_of(address)}")
        for line in self.network().said(address):
            self.say(visible(line))
        return address

    def endpoint(self) -> str:
        """Return where paid requests would go, as the journal names it; nothing is checked."""
        from renderer.adapters.net.endpoint import endpoint_of

        return endpoint_of(self.variables.get(_ADDRESS, "") or API)


# Where the takes of each row of the table of providers are made.
ADAPTERS: "dict[str, Callable[[Environment, Workspace], ProviderSession]]" = {
    LOCAL.name: Environment.local,
    RUNWARE.name: Environment.runware,
}
