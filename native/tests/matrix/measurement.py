"""What going through the gateway costs a program: round trips on connect, time on connect, bytes per second, and its event loop's time."""

import json
import statistics
import subprocess
import sys
from pathlib import Path

import columns
from gateways import FORWARD_PORT, PASSWORD, PROXY_PORT, USER
from network import PROXY_ADDRESS, SERVER, Network, wait_until
from servers import ECHO

FAR, SLOW = 20401, 20402
ONE_WAY_SECONDS = 0.02
HOLD_SECONDS = 1.0
IPERF_SECONDS = 2
CONNECTS = 5

_CLIENTS = Path(__file__).with_name("clients")
_SOCKS5 = "a plain SOCKS5 client"


class Measurement:
    def __init__(self, network: Network, directory: Path, igsrun: Path, with_proxychains: bool):
        self._network, self._directory, self._igsrun = network, directory, igsrun
        self._names = [columns.PROXYCHAINS] * with_proxychains + [columns.IGSRUN]
        self.passed = self.failed = 0

    def round_trips(self):
        """How often a connect, one byte and its answer go to the gateway and back, on a path of 40 ms."""
        print(f"Round trips to the gateway for a connect and one byte there and back, and how long it took, at {2000 * ONE_WAY_SECONDS:.0f} ms each:")
        counted = {}
        for name in (_SOCKS5, *self._names):
            output, log = self._slow_gateway(FAR, ONE_WAY_SECONDS, 0)
            microseconds = int(self._connects(name, CONNECTS, FAR))
            # igsrun has asked the gateway what it is before the program began: that is one connection more, and the longest talk.
            connections = CONNECTS + (name == columns.IGSRUN)
            wait_until(lambda: len(log.read_text().split()) > connections, "the round trips are told", 10)
            counted[name] = sorted(map(int, log.read_text().split()[1:]))[CONNECTS - 1]
            output.kill()
            output.wait()
            print(f"  {name:24} {counted[name]}   {microseconds / 1000:.1f} ms")
        self._judge(counted[columns.IGSRUN] <= 2, "igsrun: a connect costs no more than one round trip besides the byte's own")

    def connect_time(self, rounds: int = 5):
        """Next to each other in turn, so that what else the machine does meets all of them."""
        names = (_SOCKS5, *self._names)
        times = {name: [] for name in names}
        for _ in range(rounds):
            for name in names:
                times[name].append(int(self._connects(name, 200, PROXY_PORT)))
        print(f"Connect and one byte there and back, microseconds, median of {rounds} medians of 200:")
        for name in names:
            print(f"  {name:24} {statistics.median(times[name]):.0f}")

    def bytes_per_second(self, rounds: int = 5):
        """A forward of the same gateways to the same server is what there would be without any library."""
        rates = {"forward": [], "igsrun": []}
        for _ in range(rounds):
            rates["forward"].append(self._iperf(self._via_forward()))
            rates["igsrun"].append(self._iperf(self._via(columns.IGSRUN, PROXY_PORT) + ["iperf3", "-c", SERVER, "-p", str(FORWARD_PORT)]))
        forward, igsrun = (statistics.median(rates[name]) for name in rates)
        print(f"iperf3, one stream, Gbit/s, median of {rounds}: by a forward {forward / 1e9:.2f}, under igsrun {igsrun / 1e9:.2f}; ratio {igsrun / forward:.2f}")
        self._judge(igsrun > 0.8 * forward, "igsrun: bytes cost nothing that iperf3 notices")

    def event_loop(self):
        """Three connects at once through a gateway that takes a second to answer."""
        print(f"Three connects at once in python3's asyncio, the gateway's first answer takes {HOLD_SECONDS:g} s:")
        for name in self._names:
            output, _ = self._slow_gateway(SLOW, 0, HOLD_SECONDS)
            total, longest = map(float, self._run(self._via(name, SLOW) + [sys.executable, str(_CLIENTS / "stall.py"), SERVER, str(ECHO)]).split())
            output.kill()
            output.wait()
            print(f"  {name:24} {total:.2f} s in all, the loop was held up for {longest:.3f} s")
            if name == columns.IGSRUN:
                self._judge(total < 1.5 * HOLD_SECONDS, "igsrun: the connects wait side by side")
                self._judge(longest < 0.2 * HOLD_SECONDS, "igsrun: the event loop goes on meanwhile")

    def _judge(self, is_good: bool, what: str):
        self.passed, self.failed = self.passed + is_good, self.failed + (not is_good)
        print(f"  {'ok' if is_good else 'FAILED'}: {what}")

    def _connects(self, name: str, count: int, port: int) -> str:
        program = [sys.executable, str(_CLIENTS / "connects.py"), str(count), SERVER, str(ECHO)]
        if name == _SOCKS5:
            return self._run([*program, PROXY_ADDRESS, str(port), USER, PASSWORD])
        return self._run(self._via(name, port) + program)

    def _via_forward(self) -> list[str]:
        return ["iperf3", "-c", PROXY_ADDRESS, "-p", str(FORWARD_PORT)]

    def _iperf(self, command: list[str]) -> float:
        report = json.loads(self._run([*command, "-J", "-t", str(IPERF_SECONDS)]))
        return report["end"]["sum_received"]["bits_per_second"]

    def _via(self, name: str, port: int) -> list[str]:
        folder = self._directory / f"via-{name}-{port}"
        if not folder.exists():
            columns.make(name, folder, self._igsrun, PROXY_ADDRESS, port)
        return [str(folder / "via")]

    def _slow_gateway(self, port: int, delay: float, hold: float) -> tuple[subprocess.Popen, Path]:
        log = self._directory / f"slowgate-{port}.out"
        with log.open("w") as output:
            process = self._network.start(
                self._network.calling,
                [sys.executable, str(Path(__file__).with_name("slowgate.py")), PROXY_ADDRESS, str(port), str(PROXY_PORT), str(delay), str(hold)],
                stdout=output)
        wait_until(lambda: log.read_text().startswith("ready"), "the slow gateway is ready", 10)
        return process, log

    def _run(self, command: list[str]) -> str:
        done = subprocess.run(self._network.command(self._network.client, command), stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60)
        if done.returncode != 0:
            raise RuntimeError(f"{' '.join(command)} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
        return done.stdout
