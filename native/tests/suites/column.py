"""The three ways to run a suite: alone (the control), with the library but direct, and through gateways."""

import os
import subprocess
from pathlib import Path

ALONE, LOADED, THROUGH = NAMES = ("alone", "loaded", "through")
NOBODY = 65534
PROXY = "127.0.0.1:20304"

# libuv's tests use fixed names in /tmp, so each column gets its own /tmp. The run's folder may be there and is mounted again.
_OWN_TMP = 'mount --bind "$FOLDER" /mnt && mount -t tmpfs tmpfs /tmp && mkdir -p "$FOLDER" && mount --move /mnt "$FOLDER" || exit\n'

# The gateway runs in the column's namespace and ends with it. Its first line reports that it is ready.
_GATEWAY = ('exec 3< <(exec dotnet "$GATEWAY" run 2> "$COLUMN/gateway.log"); gateway=$!\ntrap "kill $gateway" EXIT\n'
            'read -r line <&3 && [[ $line == ready* ]] || exit\n')


class Unfinished(Exception):
    """A suite did not reach its end; the message says why."""


class Column:
    def __init__(self, name: str, folder: Path, igsrun: Path, gateway: Path):
        self.name, self.folder, self._igsrun, self._gateway, self._all = name, folder / name, igsrun, gateway, folder
        self._process: subprocess.Popen | None = None
        self.folder.mkdir()
        os.chown(self.folder, NOBODY, NOBODY)

    def work(self, name: str) -> Path:
        """A folder that the suite may write to. `NAME-work` is where the suite of that name is run."""
        folder = self.folder / name
        folder.mkdir(exist_ok=True)
        os.chown(folder, NOBODY, NOBODY)
        return folder

    def via(self, name: str, *lines: str) -> list[str]:
        """Returns the words before the suite's command: none for the control, else igsrun with this configuration."""
        if self.name == ALONE:
            return []
        file = self.folder / f"{name}.conf"
        file.write_text("".join(f"{line}\n" for line in lines))
        return [str(self._igsrun), "--config", str(file), "--"]

    def run_on_loopback(self, name: str, args: list, seconds: float) -> str:
        """Runs a suite in a network namespace of its own, through a gateway on loopback in the last column. Returns its output."""
        rule = "rule gateway 127.0.0.0/8" if self.name == THROUGH else "rule direct *"
        script = f'ip link set lo up || exit\n{_GATEWAY if self.name == THROUGH else ""}"$@"'
        command = ["unshare", "--net", "bash", "-c", script, "bash", *as_nobody(self.via(name, f"gateway {PROXY}", rule), args)]
        return self.run(name, command, seconds)

    def run(self, name: str, command: list[str], seconds: float) -> str:
        """Returns the suite's output. The caller judges its failures."""
        work = self.work(f"{name}-work")
        kept = {key: value for key, value in os.environ.items() if key == "PATH" or key.startswith("DOTNET_")}
        environment = {**kept, "LANG": "C.UTF-8", "HOME": str(work), "XDG_RUNTIME_DIR": str(self.folder),
                       "FOLDER": str(self._all), "COLUMN": str(self.folder), "GATEWAY": str(self._gateway)}
        with (self.folder / f"{name}.log").open("w+") as output:
            # Some suites start children in new sessions. In a PID namespace all of them end with its first process.
            self._process = process = subprocess.Popen(
                ["unshare", "--pid", "--fork", "--kill-child", "--mount-proc", "bash", "-c", f'{_OWN_TMP}cd "$HOME" && exec "$@"', "bash", *command],
                env=environment, stdin=subprocess.DEVNULL, stdout=output, stderr=subprocess.STDOUT, start_new_session=True)
            try:
                process.wait(seconds)
            except subprocess.TimeoutExpired:
                raise Unfinished(f"not ended after {seconds:g} s") from None
            finally:
                process.kill()
                process.wait()
            output.seek(0)
            return output.read()

    def stop(self):
        """Ends the suite that runs here. The caller of `run` gets the output so far."""
        if self._process:
            self._process.kill()


def as_nobody(via: list[str], args: list) -> list[str]:
    return ["setpriv", f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups", "--", *via, *map(str, args)]
