"""The ways a program is run: alone (which must fail: there is no route), under proxychains4, and under igsrun.

`direct` is for whoever writes a case: alone beside the servers, where it must work.
"""

from dataclasses import dataclass
from pathlib import Path
import shutil

from gateways import PASSWORD, PROXY_PORT, USER
from network import PROXY_ADDRESS

NONE, PROXYCHAINS, IGSRUN, DIRECT = "none", "proxychains4", "igsrun", "direct"
NAMES = (NONE, PROXYCHAINS, IGSRUN, DIRECT)
DEFAULT = (NONE, PROXYCHAINS, IGSRUN)


@dataclass(frozen=True)
class Column:
    name: str
    slot: int
    folder: Path
    """Holds the program `via`, and comes first in the PATH of the column's cases."""


def make(name: str, folder: Path, igsrun: Path, address: str = PROXY_ADDRESS, port: int = PROXY_PORT) -> Column:
    folder.mkdir()
    via = folder / "via"
    via.write_text(f"#!/bin/sh\nexec {_prefix(name, folder, igsrun, address, port)}\"$@\"\n")
    via.chmod(0o755)
    return Column(name, NAMES.index(name), folder)


def why_not(name: str, igsrun: Path) -> str | None:
    if name == PROXYCHAINS and not shutil.which("proxychains4"):
        return "proxychains4 is not installed"
    if name == IGSRUN and not igsrun.exists():
        return f"{igsrun} is not there; build it with: make -C native"
    return None


def _prefix(name: str, folder: Path, igsrun: Path, address: str, port: int) -> str:
    if name == PROXYCHAINS:
        config = folder / "proxychains.conf"
        config.write_text(f"strict_chain\nquiet_mode\nproxy_dns\nremote_dns_subnet 224\nlocalnet 127.0.0.0/255.0.0.0\n"
                          f"[ProxyList]\nsocks5 {address} {port} {USER} {PASSWORD}\n")
        return f"proxychains4 -q -f {config} "
    if name == IGSRUN:
        config = folder / "igsrun.conf"
        (folder / "password").write_text(f"{PASSWORD}\n")
        (folder / "password").chmod(0o600)
        config.write_text(f"gateway {address}:{port}\nuser {USER}\npassword-file {folder}/password\n")
        return f"{igsrun} --config {config} -- "
    return ""
