"""Two real gateways: one at the clients' side, one at the servers', and the link between them."""

import json
import subprocess
from pathlib import Path

from network import LINK_ADDRESS, PROXY_ADDRESS, SERVER, SERVER6, Network, wait_until

PROXY_PORT = 20304
FORWARD_PORT = 5400
USER = "matrix"
PASSWORD = "for-this-run"

_ROOT = Path(__file__).resolve().parents[3]
_PROJECT = _ROOT / "src" / "IgsNetty.Gateway"


def build() -> Path:
    """The gateway's Release build."""
    done = subprocess.run(["dotnet", "build", str(_PROJECT), "-c", "Release", "--nologo", "-v", "q"], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"the gateway cannot be built: {done.stdout[-2000:]}")
    return _PROJECT / "bin" / "Release" / "net10.0" / "igsnetty.dll"


class Gateways:
    def __init__(self, network: Network, directory: Path, program: Path):
        self._network, self._directory, self._program = network, directory, program
        (directory / "link.key").write_text("a key for the length of one run of the matrix")
        (directory / "link.key").chmod(0o600)
        self._called = self._start(network.called, "called", {
            "Gateway": {"Name": "called"},
            "Links": {"Listen": [f"{LINK_ADDRESS}:22280"], "Security": {"Mode": "shared-key", "Key": "link.key"}},
            "Allow": [{"From": "calling", "Destination": target} for target in (f"{SERVER}/32", f"{SERVER6}/128")],
        })
        self._calling = self._start(network.calling, "calling", {
            "Gateway": {"Name": "calling"},
            "Links": {"Dial": [{"Peer": "called", "Address": f"{LINK_ADDRESS}:22280"}],
                      "Security": {"Mode": "shared-key", "Key": "link.key"},
                      "Reconnect": {"InitialSeconds": 0.05}},
            "Proxy": {"Listen": f"{PROXY_ADDRESS}:{PROXY_PORT}", "Users": {USER: PASSWORD}},
            # What measure.py compares with: the same way, and no library.
            "Forwards": [{"Name": "iperf3", "Listen": f"{PROXY_ADDRESS}:{FORWARD_PORT}", "Target": f"{SERVER}:{FORWARD_PORT}"}],
            "Routes": [{"Destination": "*", "Via": "called"}],
        })

    def wait_until_ready(self):
        for process, name in ((self._called, "called"), (self._calling, "calling")):
            wait_until(lambda: self._is_ready(process, name), f"the gateway of the {name} side is ready", 60)

    def _is_ready(self, process: subprocess.Popen, name: str) -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"the gateway of the {name} side ended: {(self._directory / f'{name}.log').read_text()}")
        return (self._directory / f"{name}.out").read_text().startswith("ready")

    def _start(self, namespace: str, name: str, config: dict) -> subprocess.Popen:
        file = self._directory / f"{name}.json"
        file.write_text(json.dumps(config, indent=2))
        with (self._directory / f"{name}.out").open("w") as output, (self._directory / f"{name}.log").open("w") as log:
            return self._network.start(
                namespace, ["dotnet", str(self._program), "run", "--config", str(file)], stdout=output, stderr=log)
