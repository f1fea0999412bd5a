"""The network of the matrix: three namespaces in a row, whose first one has no route to the servers of the last one.

    client --- 10.213.1.0/30 --- calling side's gateway --- 10.213.2.0/30 --- called side's gateway, servers on its lo

The middle namespace has no route to the servers either: only a link between the gateways gets there.
"""

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

PROXY_ADDRESS = "10.213.1.1"
LINK_ADDRESS = "10.213.2.2"
SERVER = "198.51.100.10"
SERVER6 = "2001:db8:100::10"
SERVER_NAME = "server.plant.example"

_PREFIX = "igsmatrix"

# The files that the C library looks names up with, put over the machine's own for one process and its children.
_ENTER = 'd=$1; shift; for f in hosts resolv.conf nsswitch.conf; do mount --bind "$d/$f" "/etc/$f" || exit 125; done; exec "$@"'


def why_not() -> str | None:
    """Why namespaces cannot be made here; None where they can."""
    if sys.platform != "linux":
        return "needs Linux"
    if os.geteuid() != 0:
        return "needs root, to make network namespaces"
    name = f"{_PREFIX}-{os.getpid()}-probe"
    try:
        made = subprocess.run(["ip", "netns", "add", name], capture_output=True, text=True)
    except FileNotFoundError:
        return "needs the program ip (Debian package iproute2)"
    if made.returncode != 0:
        return f"cannot make a network namespace: {made.stderr.strip()}"
    subprocess.run(["ip", "netns", "del", name], check=True)
    return None


class Network:
    """Makes the namespaces, runs programs in them, and takes all of it away again."""

    def __init__(self, directory: Path):
        self._directory = directory
        self.client, self.calling, self.called = (f"{_PREFIX}-{os.getpid()}-{side}" for side in ("client", "calling", "called"))
        self._names = (self.client, self.calling, self.called)

    def __enter__(self) -> "Network":
        _remove_left_behind()
        try:
            self._make()
        except BaseException:
            self.remove()
            raise
        return self

    def __exit__(self, *_):
        self.remove()

    def command(self, namespace: str, args: list[str]) -> list[str]:
        """How to run a program there, with name look-up files of that namespace. The process keeps its PID throughout."""
        return ["ip", "netns", "exec", namespace, "sh", "-c", _ENTER, "enter", str(self._directory / namespace), *args]

    def start(self, namespace: str, args: list[str], **options) -> subprocess.Popen:
        options.setdefault("stdin", subprocess.DEVNULL)
        return subprocess.Popen(self.command(namespace, args), start_new_session=True, **options)

    def remove(self):
        for name in self._names:
            _remove(name)

    def _make(self):
        for name in self._names:
            _ip("netns", "add", name)
            _ip("-n", name, "link", "set", "lo", "up")
        _join(self.client, "10.213.1.2/30", self.calling, f"{PROXY_ADDRESS}/30")
        _join(self.calling, "10.213.2.1/30", self.called, f"{LINK_ADDRESS}/30")
        _ip("-n", self.called, "address", "add", f"{SERVER}/32", "dev", "lo")
        _ip("-n", self.called, "address", "add", f"{SERVER6}/128", "dev", "lo", "nodad")
        for name in self._names:
            files = self._directory / name
            files.mkdir()
            (files / "hosts").write_text("127.0.0.1 localhost\n::1 localhost\n")
            (files / "nsswitch.conf").write_text("passwd: files\ngroup: files\nshadow: files\nhosts: files dns\nservices: files\n")
            # The same server for all, which only the called side reaches.
            (files / "resolv.conf").write_text(f"nameserver {SERVER}\noptions timeout:1 attempts:1\n")


def wait_until(is_done, what: str, seconds: float):
    """Asks again until it is so; a deadline, not a length."""
    deadline = time.monotonic() + seconds
    while not is_done():
        if time.monotonic() > deadline:
            raise TimeoutError(f"{what}: not within {seconds:g} s")
        time.sleep(0.01)


def _join(left: str, left_address: str, right: str, right_address: str):
    _ip("-n", left, "link", "add", f"to-{_end(right)}", "type", "veth", "peer", "name", f"to-{_end(left)}", "netns", right)
    for name, other, address in ((left, right, left_address), (right, left, right_address)):
        _ip("-n", name, "address", "add", address, "dev", f"to-{_end(other)}")
        _ip("-n", name, "link", "set", f"to-{_end(other)}", "up")


def _end(name: str) -> str:
    return name.rsplit("-", 1)[1]


def _ip(*args: str):
    done = subprocess.run(["ip", *args], capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"ip {' '.join(args)}: {done.stderr.strip()}")


def _remove(name: str):
    """Ends, by its PID, every process that is still in the namespace, then the namespace itself."""
    if not Path("/run/netns", name).exists():
        return
    wait_until(lambda: not _end_processes(name), f"the processes of {name} end", 10)
    subprocess.run(["ip", "netns", "del", name], capture_output=True)


def _end_processes(name: str) -> bool:
    listed = subprocess.run(["ip", "netns", "pids", name], capture_output=True, text=True).stdout.split()
    for pid in listed:
        try:
            os.kill(int(pid), signal.SIGKILL)
        except ProcessLookupError:
            pass
    return bool(listed)


def _remove_left_behind():
    """Those of a run that was killed: their names tell its PID."""
    folder = Path("/run/netns")
    for entry in folder.iterdir() if folder.exists() else ():
        found = re.fullmatch(rf"{_PREFIX}-(\d+)-\w+", entry.name)
        if found and not Path("/proc", found[1]).exists():
            _remove(entry.name)
