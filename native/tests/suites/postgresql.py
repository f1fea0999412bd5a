"""PostgreSQL's regression and isolation tests, with the machine's server and psql. Each column has its own server on the called side.

The clients of the last column are in a network without a route to the servers. Two gateways are their only way.
"""

import contextlib
import os
import re
import shutil
import sys
from pathlib import Path

import debian
from column import NAMES, NOBODY, THROUGH, Column, Unfinished, as_nobody

sys.path.append(str(Path(__file__).resolve().parent.parent / "matrix"))

import gateways  # noqa: E402: found by the path above
import network  # noqa: E402
import servers  # noqa: E402

LIMIT_SECONDS = 900
FIRST_PORT = 5432
SUPERUSER = "postgres"

# pg_regress gives the first one to servers that it starts. The others make a server that only TCP reaches and that keeps nothing.
_SETTINGS = ("max_prepared_transactions=2", "fsync=off", "unix_socket_directories=", "log_min_messages=fatal")

# Folder in the source, driver, schedule.
_PARTS = (("regress", "pg_regress", "parallel_schedule"), ("isolation", "pg_isolation_regress", "isolation_schedule"))


class PostgreSQL:
    name = "postgresql"

    def __init__(self, folder: Path, gateway: Path):
        self._path = folder / self.name
        if reason := network.why_not():
            raise debian.Skipped(reason)
        program = servers.find("postgres")
        if not program:
            raise debian.Skipped("PostgreSQL is not installed (Debian package postgresql)")
        self._programs = Path(program).resolve().parent
        home, major = self._programs.parent, self._programs.parent.name
        package = f"postgresql-{major}"
        self.version, version = debian.command("dpkg-query", "-W", "-f", "${Version} ${source:Version}", package).split()
        self._drivers = {part: home / "lib" / "pgxs" / "src" / "test" / part / driver for part, driver, _ in _PARTS}
        for driver in self._drivers.values():
            if not driver.exists():
                raise debian.Skipped(f"{driver} is missing")
        self._source = debian.source(package, version, self._path) / "src" / "test"
        debian.unpack([f"postgresql-server-dev-{major}"], self.version, self._path / "packages", self._path / "files")
        self._libraries = self._path / "libraries"
        self._libraries.mkdir()
        debian.command("cc", "-shared", "-fPIC", "-O1", "-I", self._path / "files" / "usr" / "include" / "postgresql" / major / "server",
                       "-o", self._libraries / "regress.so", self._source / "regress" / "regress.c")
        for library in ("refint.so", "autoinc.so"):
            shutil.copy(home / "lib" / library, self._libraries)
        with contextlib.ExitStack() as stack:
            self._network = stack.enter_context(network.Network(self._path))
            gateways.Gateways(self._network, self._path, gateway).wait_until_ready()
            self._stack = stack.pop_all()

    def close(self):
        self._stack.close()

    def run(self, column: Column) -> dict[str, str]:
        port = FIRST_PORT + NAMES.index(column.name)
        self._start_server(column, port)
        # The last column proves nothing when its clients reach the server without a gateway.
        if self._answers(self._network.client, port):
            raise Unfinished("the clients' network has a route to the server")
        password = column.folder / "password"
        password.write_text(f"{gateways.PASSWORD}\n")
        password.chmod(0o600)
        os.chown(password, NOBODY, NOBODY)
        rules = [] if column.name == THROUGH else ["rule direct *"]
        via = column.via(self.name, f"gateway {network.PROXY_ADDRESS}:{gateways.PROXY_PORT}", f"user {gateways.USER}",
                         f"password-file {password}", *rules)
        namespace = self._network.client if column.name == THROUGH else self._network.called
        states = {}
        for part, _, schedule in _PARTS:
            tests = self._source / part
            # The server also reads and writes files in the output folder.
            args = [self._drivers[part], f"--inputdir={tests}", f"--outputdir={column.work(part)}", f"--bindir={self._programs}",
                    f"--dlpath={self._libraries}", f"--host={network.SERVER}", f"--port={port}", f"--user={SUPERUSER}",
                    f"--schedule={tests / schedule}", "--max-concurrent-tests=20"]
            command = self._network.command(namespace, as_nobody(via, args))
            states |= _states(part, column.run(f"{self.name}-{part}", command, LIMIT_SECONDS))
        return states

    def _start_server(self, column: Column, port: int):
        data, options = column.work("server"), [word for setting in _SETTINGS for word in ("-c", setting)]
        debian.command(*as_nobody([], [self._programs / "initdb", "--auth=trust", "--no-sync", "--locale=C", "--encoding=UTF8",
                                       f"--username={SUPERUSER}", "-D", data / "cluster"]))
        with (data / "cluster" / "pg_hba.conf").open("a") as access:
            access.write("host all all 0.0.0.0/0 trust\n")
        with (column.folder / "server.log").open("w") as log:
            server = self._network.start(self._network.called, as_nobody([], [
                self._programs / "postgres", "-D", data / "cluster", "-h", network.SERVER, "-p", port, *options]), stdout=log, stderr=log)

        def is_ready() -> bool:
            if server.poll() is not None:
                raise Unfinished(f"the server ended: {(column.folder / 'server.log').read_text()[-500:]}")
            return self._answers(self._network.called, port)

        network.wait_until(is_ready, "PostgreSQL's server answers", 120)

    def _answers(self, namespace: str, port: int) -> bool:
        program = [self._programs / "pg_isready", "-q", "-h", network.SERVER, "-p", port]
        return debian.succeeds(*self._network.command(namespace, [str(word) for word in program]))


def _states(part: str, text: str) -> dict[str, str]:
    if not re.search(r"^ *(All \d+ tests passed|\d+ of \d+ tests (passed|failed))", text, re.MULTILINE):
        raise Unfinished(f"{part}: {(text.strip().splitlines() or ['no output'])[-1]}")
    # pg_regress ignores failures of the test `random`, whose result depends on chance.
    return {f"{part}.{name}": "fails" if state == "FAILED" else "ok"
            for name, state in re.findall(r"^(?:test| +) *(\S+) +\.\.\. (ok|FAILED|failed \(ignored\))", text, re.MULTILINE)}
