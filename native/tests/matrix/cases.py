"""The cases: programs that nobody here wrote, each with the bytes it must print and exit 0.

A command is run by bash in the client's namespace, in an empty folder of its own. `via PROGRAM ...` runs a program the way of the
column (alone, under proxychains4, under igsrun). Variables: what servers.py calls facts, $CLIENTS (the programs beside this file), and
$SLOT (a number of the column's own, so that columns do not meet at one port).
"""

from dataclasses import dataclass

IPERF_TCP, IPERF_UDP = 5200, 5300

_CHROMIUM = ("chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking"
             " --disable-component-update --disable-sync --user-data-dir=$PWD/profile --dump-dom")
_PAGE = "<!DOCTYPE html>\n<html><head></head><body>hello</body></html>\n"
_S_CLIENT = "openssl s_client -quiet -connect $S:443 -servername $NAME -verify_return_error -CAfile $SSL_CERT_FILE"

# Reads the report of iperf3 -J. UDP: what arrived is counted by the server, and on a busy machine some may be lost.
_IPERF_TCP = """$PYTHON -c 'import json, sys; end = json.load(sys.stdin)["end"]; print("ok" if end["sum_received"]["bytes"] > 1e6 else end)'"""
_IPERF_UDP = """$PYTHON -c 'import json, sys; end = json.load(sys.stdin)["end"]["sum"]; '\
'print("ok" if end["packets"] > 100 and end["lost_percent"] < 20 else end)'"""

_NGINX = """cat > nginx.conf <<END
daemon off; user root; pid $PWD/pid; error_log stderr; events { }
http { access_log off;
  client_body_temp_path $PWD/body; proxy_temp_path $PWD/proxy; fastcgi_temp_path $PWD/f; uwsgi_temp_path $PWD/u; scgi_temp_path $PWD/s;
  server { listen unix:$PWD/socket; location / { proxy_pass http://$S; } } }
END
via nginx -e stderr -c $PWD/nginx.conf & trap "kill $!" EXIT
until [ -S socket ]; do sleep 0.05; done
curl -sSf -m 30 --unix-socket socket --retry 5 --retry-connrefused --retry-delay 1 http://any/hello"""


@dataclass(frozen=True)
class Case:
    program: str
    title: str
    command: str
    expect: str = "hello\n"
    """All of standard output; $BIG_SHA256 and the other facts may stand in it."""
    server: str = "nginx"
    needs: str = ""
    """Programs besides the one it is about."""
    slow: bool = False
    """Takes seconds of processor time; --quick leaves it out."""

    @property
    def name(self) -> str:
        return f"{self.program} {self.title}"


def _client(program: str, title: str, command: str, server: str = "echo", **more) -> Case:
    return Case(program, title, command, server=server, **more)


CASES = [
    Case("curl", "http", "via curl -sS http://$S/hello"),
    Case("curl", "https", "via curl -sS https://$S/hello"),
    Case("curl", "by name", "via curl -sS https://$NAME/hello"),
    Case("curl", "by a name with an IPv6 address only", "via curl -sS http://v6.plant.example/hello"),
    Case("curl", "IPv6 literal", "via curl -sS -g http://[$S6]/hello"),
    Case("curl", "5 MB", "via curl -sS http://$S/big | sha256sum", "$BIG_SHA256  -\n"),
    Case("wget", "http", "via wget -q --tries=1 -O- http://$S/hello"),
    Case("wget", "https by name", "via wget -q --tries=1 --ca-certificate=$SSL_CERT_FILE -O- https://$NAME/hello"),
    Case("ssh", "command", "via ssh $SSH_OPTIONS root@$S cat <<< hello", server="sshd"),
    Case("ssh", "by name", "via ssh $SSH_OPTIONS root@$NAME echo hello", server="sshd"),
    Case("git", "over ssh", 'GIT_SSH_COMMAND="ssh $SSH_OPTIONS" via git clone -q ssh://root@$S$REPOSITORY copy && cat copy/file', server="sshd"),
    Case("git", "over http", "via git clone -q http://$S/repository.git copy && cat copy/file"),
    Case("psql", "by address", "via psql -h $S -U postgres -Atc 'select 6*7'", "42\n", "postgres"),
    Case("psql", "by name", "via psql -h $NAME -U postgres -Atc 'select 6*7'", "42\n", "postgres"),
    Case("mysql", "query", "via mysql -h $S -u matrix -pmatrix -Ne 'select 6*7'", "42\n", "mariadbd"),
    Case("redis-cli", "ping", "via redis-cli -h $S ping", "PONG\n", "redis-server"),
    _client("python3", "socket", "via $PYTHON $CLIENTS/sockets.py tcp $S $ECHO"),
    _client("python3", "getpeername", "via $PYTHON $CLIENTS/sockets.py peer $S $ECHO", expect="('$S', $ECHO) hello\n"),
    _client("python3", "getaddrinfo", "via $PYTHON $CLIENTS/sockets.py getaddrinfo $NAME $ECHO"),
    _client("python3", "ECONNREFUSED", "via $PYTHON $CLIENTS/sockets.py refused $S $ECHO"),
    _client("python3", "asyncio TCP, ten at once", "via $PYTHON $CLIENTS/sockets.py asyncio_tcp $S $ECHO"),
    _client("python3", "UDP", "via $PYTHON $CLIENTS/sockets.py udp $S $ECHO"),
    _client("python3", "UDP connected", "via $PYTHON $CLIENTS/sockets.py udp_connected $S $ECHO"),
    _client("python3", "UDP IPv6", "via $PYTHON $CLIENTS/sockets.py udp $S6 $ECHO"),
    _client("python3", "UDP 9,000 bytes", "via $PYTHON $CLIENTS/sockets.py udp_large $S $ECHO"),
    _client("python3", "asyncio UDP", "via $PYTHON $CLIENTS/sockets.py asyncio_udp $S $ECHO"),
    _client("node", "http", "via node $CLIENTS/sockets.js http $S 80", server="nginx"),
    _client("node", "fetch by name", "via node $CLIENTS/sockets.js fetch $NAME 80", server="nginx"),
    _client("node", "net", "via node $CLIENTS/sockets.js net $S $ECHO"),
    _client("node", "dgram", "via node $CLIENTS/sockets.js dgram $S $ECHO"),
    _client("node", "dgram connected", "via node $CLIENTS/sockets.js dgramConnected $S $ECHO"),
    _client("node", "dns (c-ares)", "via node $CLIENTS/sockets.js dns $S 53", expect="$S\n", server="dnsmasq"),
    *(_client("node24", title, f"via node24 $CLIENTS/sockets.js {way} $S {port}", **more) for title, way, port, more in (
        ("http", "http", "80", {"server": "nginx"}),
        ("net, ten at once", "many", "$ECHO", {}),
        ("ECONNREFUSED", "refused", "9", {}),
        ("dgram", "dgram", "$ECHO", {}),
        ("dgram connected", "dgramConnected", "$ECHO", {}),
        ("dns (c-ares)", "dns", "53", {"server": "dnsmasq", "expect": "$S\n"}))),
    _client("java", "URL", "via java -cp $BUILT Sockets url $S 80", server="nginx", slow=True),
    _client("java", "HttpClient by name", "via java -cp $BUILT Sockets httpclient $NAME 80", server="nginx", slow=True),
    _client("java", "NIO", "via java -cp $BUILT Sockets nio $S $ECHO", slow=True),
    _client("java", "DatagramSocket", "via java -cp $BUILT Sockets udp $S $ECHO", slow=True),
    _client("dotnet", "HttpClient", "via dotnet $BUILT/sockets.dll http $S 80", server="nginx", slow=True),
    _client("dotnet", "HttpClient https by name", "via dotnet $BUILT/sockets.dll https $NAME 443", server="nginx", slow=True),
    _client("dotnet", "TcpClient", "via dotnet $BUILT/sockets.dll tcp $S $ECHO", slow=True),
    _client("dotnet", "UdpClient", "via dotnet $BUILT/sockets.dll udp $S $ECHO", slow=True),
    _client("dotnet", "UdpClient connected", "via dotnet $BUILT/sockets.dll udp-connected $S $ECHO", slow=True),
    Case("nginx", "as a proxying client", _NGINX, needs="curl"),
    Case("dig", "UDP", "via dig +short +tries=1 +time=30 @$S $NAME A", "$S\n", "dnsmasq"),
    Case("dig", "UDP over IPv6", "via dig +short +tries=1 +time=30 @$S6 $NAME AAAA", "$S6\n", "dnsmasq"),
    Case("dig", "TCP", "via dig +tcp +short +tries=1 +time=30 @$S $NAME A", "$S\n", "dnsmasq"),
    Case("snmpget", "v2c", "via snmpget -v2c -c public -r0 -t30 -Ovq $S .1.3.6.1.2.1.1.5.0", '"matrix"\n', "snmpd"),
    Case("iperf3", "TCP", f"via iperf3 -J -t 1 -c $S -p $(({IPERF_TCP} + SLOT)) | {_IPERF_TCP}", "ok\n", "iperf3"),
    Case("iperf3", "UDP", f"via iperf3 -J -t 1 -u -l 1200 -b 5M -c $S -p $(({IPERF_UDP} + SLOT)) | {_IPERF_UDP}", "ok\n", "iperf3"),
    Case("nc", "TCP", "via nc -N $S $ECHO <<< hello", server="echo"),
    Case("nc", "UDP", "via nc -u -w 30 -W 1 $S $ECHO <<< hello", server="echo"),
    Case("telnet", "session", "coproc via telnet -E $S 6379; echo PING >&${COPROC[1]}; grep -m1 PONG <&${COPROC[0]};"
         " exec {COPROC[1]}>&-; wait $COPROC_PID", "+PONG\n", "redis-server"),
    Case("chromium", "page", f"via {_CHROMIUM} http://$S/hello.html", _PAGE, slow=True),
    Case("chromium", "page by name", f"via {_CHROMIUM} http://$NAME/hello.html", _PAGE, slow=True),
    Case("perl", "IO::Socket", """via perl -MIO::Socket::INET -e '$s = IO::Socket::INET->new("$ENV{S}:7") or die $!;"""
         """ print $s "hello\\n"; print scalar <$s>'""", server="echo"),
    Case("perl", "UDP", """via perl -MIO::Socket::INET -e '$SIG{ALRM} = sub { die }; alarm 30;"""
         """ $s = IO::Socket::INET->new(Proto => "udp", PeerAddr => "$ENV{S}:7") or die $!;"""
         """ $s->send("hello\\n") or die $!; $s->recv($d, 100); print $d'""", server="echo"),
    Case("openssl", "s_client", f"printf 'GET /hello HTTP/1.0\\r\\n\\r\\n' | via {_S_CLIENT} -ign_eof 2> log | tail -n 1"),
]
