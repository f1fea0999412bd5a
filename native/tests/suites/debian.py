"""Unpacks packages and sources of Debian's archive in a folder. Nothing is installed."""

import subprocess
from pathlib import Path

_AS_ROOT = ("-o", "APT::Sandbox::User=root")


class Skipped(Exception):
    """A suite cannot run here; the message says why."""


def command(*args, cwd: Path | None = None) -> str:
    try:
        done = subprocess.run([str(arg) for arg in args], cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    except FileNotFoundError:
        raise Skipped(f"the program {args[0]} is missing") from None
    if done.returncode != 0:
        lines = (done.stderr.strip() or done.stdout.strip()).splitlines()
        raise Skipped(f"{args[0]} ended with {done.returncode}: {lines[-1] if lines else 'it said nothing'}")
    return done.stdout


def succeeds(*args: str) -> bool:
    return subprocess.run(args, stdin=subprocess.DEVNULL, capture_output=True).returncode == 0


def unpack(packages: list[str], version: str, folder: Path, into: Path):
    """Unpacks packages of one version into one folder."""
    folder.mkdir()
    for package in packages:
        command("apt-get", *_AS_ROOT, "download", f"{package}={version}", cwd=folder)
    for file in folder.glob("*.deb"):
        command("dpkg", "-x", file, into)


def newest(package: str) -> str:
    """Returns the newest version of a package in the archive."""
    versions = [line.split("|")[1].strip() for line in command("apt-cache", "madison", package).splitlines() if line.endswith("Packages")]
    if not versions:
        raise Skipped(f"Debian's archive has no {package}; has 'apt-get update' run?")
    return versions[0]


def source(name: str, version: str | None, folder: Path) -> Path:
    """Unpacks a source package, without a version the newest one. The machine's own list of sources stays as it is."""
    (folder / "lists").mkdir(parents=True)
    lines = {f"deb-src {line}" for line in command(
        "apt-get", "indextargets", "--format", "$(SITE) $(RELEASE) $(COMPONENT)", "Created-By: Packages").splitlines() if line.endswith(" main")}
    (folder / "sources.list").write_text("\n".join(sorted(lines)) + "\n")
    apt = ["apt-get", "-q", *_AS_ROOT, "-o", f"Dir::Etc::SourceList={folder}/sources.list", "-o", "Dir::Etc::SourceParts=-",
           "-o", f"Dir::State::Lists={folder}/lists"]
    command(*apt, "update")
    command(*apt, "source", "--only-source", f"{name}={version}" if version else name, cwd=folder)
    return next(each for each in folder.glob(f"{name}-*") if each.is_dir())
