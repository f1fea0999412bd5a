"""The servers of the target network: real ones, made from nothing in the run's directory, on addresses only the called side has."""

import glob
import hashlib
import os
import shutil
import socket
import subprocess
import sys
from pathlib import Path

from network import SERVER, SERVER6, SERVER_NAME, Network, wait_until

HTTP, HTTPS, SSH, POSTGRES, MYSQL, REDIS, DNS, SNMP, ECHO = 80, 443, 22, 5432, 3306, 6379, 53, 161, 7
BIG_FILE_BYTES = 5_000_000


class Servers:
    """Starts those wanted that are installed. `missing` says which are not; `facts` is what a client has to know of the others."""

    def __init__(self, network: Network, directory: Path, wanted: set[str], iperf_ports: list[int]):
        self._network, self._directory = network, directory
        self._processes: dict[str, subprocess.Popen] = {}
        self._ports: dict[str, int] = {}
        self.missing: set[str] = set()
        self.facts = {"S": SERVER, "S6": SERVER6, "NAME": SERVER_NAME, "ECHO": str(ECHO)}
        self._make_certificate()
        self._make_site()
        self._start("echo", [sys.executable, str(Path(__file__).with_name("echo.py")), SERVER, SERVER6], ECHO)
        if not find("iperf3"):
            self.missing.add("iperf3")
        for name, start in (("nginx", self._nginx), ("sshd", self._sshd), ("postgres", self._postgres), ("mariadbd", self._mariadb),
                            ("redis-server", self._redis), ("dnsmasq", self._dnsmasq), ("snmpd", self._snmpd)):
            if not find(name):
                self.missing.add(name)
            elif name in wanted:
                start(find(name))
        for port in iperf_ports if "iperf3" in wanted - self.missing else ():
            self._start(f"iperf3-{port}", [find("iperf3"), "-s", "-B", SERVER, "-p", str(port)], port)

    def wait_until_ready(self):
        for name, process in self._processes.items():
            wait_until(lambda: self._is_ready(name, process), f"{name} is ready", 120)

    def _is_ready(self, name: str, process: subprocess.Popen) -> bool:
        if process.poll() is not None:
            raise RuntimeError(f"{name} ended with {process.returncode}: {(self._directory / f'{name}.log').read_text()[-2000:]}")
        wanted = f"{socket.inet_pton(socket.AF_INET, SERVER)[::-1].hex().upper()}:{self._ports[name]:04X}"
        # 0A: listens; 07: a UDP socket.
        return any(fields[1] == wanted and fields[3] in ("0A", "07")
                   for table in ("tcp", "udp") for fields in map(str.split, Path(f"/proc/{process.pid}/net/{table}").open()))

    def _start(self, name: str, args: list[str], port: int, **options):
        with (self._directory / f"{name}.log").open("w") as log:
            self._processes[name] = self._network.start(self._network.called, args, stdout=log, stderr=log, **options)
        self._ports[name] = port

    def _make_certificate(self):
        certificate, key = self._directory / "certificate.pem", self._directory / "certificate.key"
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "2", "-subj", "/CN=matrix",
            "-addext", f"subjectAltName=DNS:{SERVER_NAME},IP:{SERVER},IP:{SERVER6}", "-keyout", str(key), "-out", str(certificate))
        self.facts["SSL_CERT_FILE"] = str(certificate)

    def _make_site(self):
        site = self._directory / "site"
        site.mkdir()
        (site / "hello").write_text("hello\n")
        (site / "hello.html").write_text("<!DOCTYPE html><html><head></head><body>hello</body></html>")
        big = os.urandom(BIG_FILE_BYTES)
        (site / "big").write_bytes(big)
        self.facts["BIG_SHA256"] = hashlib.sha256(big).hexdigest()
        if find("git"):
            self._make_repository(site / "repository.git")

    def _make_repository(self, repository: Path):
        """A bare one, which a web server can serve as plain files too."""
        work = self._directory / "work"
        git = ["git", "-c", "user.name=matrix", "-c", "user.email=matrix@plant.example", "-C", str(work)]
        run("git", "init", "--quiet", str(work))
        (work / "file").write_text("hello\n")
        run(*git, "add", "file")
        run(*git, "commit", "--quiet", "--message", "one file")
        run("git", "clone", "--quiet", "--bare", str(work), str(repository))
        run("git", "-C", str(repository), "update-server-info")
        self.facts["REPOSITORY"] = str(repository)

    def _nginx(self, program: str):
        temporary = "".join(f"  {kind}_temp_path {self._directory}/nginx-{kind};\n" for kind in ("client_body", "proxy", "fastcgi", "uwsgi", "scgi"))
        config = self._directory / "nginx.conf"
        config.write_text(f"""daemon off;
user root;
pid {self._directory}/nginx.pid;
error_log stderr;
events {{ }}
http {{
{temporary}  access_log off;
  default_type text/plain;
  types {{ text/html html; }}
  server {{
    listen {SERVER}:{HTTP};
    listen [{SERVER6}]:{HTTP};
    listen {SERVER}:{HTTPS} ssl;
    ssl_certificate {self._directory}/certificate.pem;
    ssl_certificate_key {self._directory}/certificate.key;
    root {self._directory}/site;
  }}
}}
""")
        self._start("nginx", [program, "-e", "stderr", "-c", str(config)], HTTP)

    def _sshd(self, program: str):
        # Debian's sshd wants it and leaves it to the service manager to make.
        os.makedirs("/run/sshd", exist_ok=True)
        for name in ("host_key", "user_key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(self._directory / name))
        config = self._directory / "sshd_config"
        config.write_text(f"""ListenAddress {SERVER}:{SSH}
HostKey {self._directory}/host_key
AuthorizedKeysFile {self._directory}/user_key.pub
PidFile none
PermitRootLogin yes
PasswordAuthentication no
UsePAM no
StrictModes no
""")
        host_key = (self._directory / "host_key.pub").read_text()
        (self._directory / "known_hosts").write_text(f"matrix {host_key}")
        self.facts["SSH_OPTIONS"] = (f"-F none -i {self._directory}/user_key -o BatchMode=yes -o HostKeyAlias=matrix"
                                     f" -o UserKnownHostsFile={self._directory}/known_hosts -o ConnectTimeout=10")
        self._start("sshd", [program, "-D", "-e", "-f", str(config)], SSH)

    def _postgres(self, program: str):
        """It refuses to be root; its own user needs a way into the directory and a part of it."""
        data, user = self._directory / "postgres", ["setpriv", "--reuid=postgres", "--regid=postgres", "--clear-groups"]
        data.mkdir()
        shutil.chown(data, "postgres", "postgres")
        run(*user, str(Path(program).with_name("initdb")), "--auth=trust", "--no-sync", "--username=postgres", "-D", str(data / "cluster"))
        with (data / "cluster" / "pg_hba.conf").open("a") as access:
            access.write("host all all 0.0.0.0/0 trust\nhost all all ::0/0 trust\n")
        self._start("postgres", [*user, program, "-F", "-D", str(data / "cluster"), "-k", str(data), "-h", SERVER, "-p", str(POSTGRES)], POSTGRES)

    def _mariadb(self, program: str):
        data, init = self._directory / "mariadb", self._directory / "mariadb.sql"
        run("mariadb-install-db", "--no-defaults", "--user=root", f"--datadir={data}", "--skip-test-db", "--auth-root-authentication-method=normal")
        init.write_text("CREATE USER matrix@'%' IDENTIFIED BY 'matrix';\n")
        self._start("mariadbd", [
            program, "--no-defaults", "--user=root", f"--datadir={data}", f"--init-file={init}", f"--bind-address={SERVER}",
            f"--port={MYSQL}", f"--socket={data}/socket", "--innodb-buffer-pool-size=16M", "--skip-name-resolve"], MYSQL)

    def _redis(self, program: str):
        self._start("redis-server", [
            program, "--bind", SERVER, "--port", str(REDIS), "--save", "", "--protected-mode", "no", "--dir", str(self._directory)], REDIS)

    def _dnsmasq(self, program: str):
        self._start("dnsmasq", [
            program, "--keep-in-foreground", "--conf-file=/dev/null", "--user=root", "--pid-file=", "--log-facility=-", "--no-resolv", "--no-hosts",
            f"--listen-address={SERVER},{SERVER6}", "--bind-interfaces", f"--host-record={SERVER_NAME},{SERVER},{SERVER6}",
            f"--host-record=v6.plant.example,{SERVER6}", "--local=/plant.example/"], DNS)

    def _snmpd(self, program: str):
        config = self._directory / "snmpd.conf"
        config.write_text("rocommunity public\nsysName matrix\n")
        self._start("snmpd", [program, "-f", "-Lo", "-C", "-c", str(config), "-I", "-smux", f"udp:{SERVER}:{SNMP}"], SNMP,
                    env={**os.environ, "SNMP_PERSISTENT_DIR": str(self._directory / "snmp")})


def find(program: str) -> str | None:
    """Servers are kept out of a plain user's PATH, and PostgreSQL's even further."""
    return shutil.which(program, path=os.environ["PATH"] + ":/usr/sbin:/sbin") or max(glob.glob(f"/usr/lib/postgresql/*/bin/{program}"), default=None)


def run(*args: str):
    done = subprocess.run(args, stdin=subprocess.DEVNULL, capture_output=True, text=True)
    if done.returncode != 0:
        raise RuntimeError(f"{args[0]} ended with {done.returncode}: {done.stderr.strip() or done.stdout.strip()}")
