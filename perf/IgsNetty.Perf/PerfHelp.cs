namespace IgsNetty.Perf;

/// <summary>What <c>--help</c> prints.</summary>
internal static class PerfHelp
{
    public const string Text = """
        Usage: run-perf.sh [options]

        Starts two gateways on 127.0.0.1, joined by links, and compares traffic through them with traffic
        that takes no relay ("direct"), in turns. perf/README.md says how to read the table.

          --scenario NAME      one of the list below, or all; may be repeated (default: those with *)
          --duration S         measured seconds of each load run, 0.2 to 86400 (default 1.25)
          --rounds N           how often each case runs with each contender, 1 to 100 (default 3)
          --streams LIST       numbers of streams, flows, or connections at a time, instead of the list's
          --rate N             requests (open-loop, default 10000) or datagrams (udp-rate, default 20000) a
                               second, of all streams together, 1 to 10000000
          --far RTT,RATE,LOSS  the link of far (default 60ms,1gbit,0%)
          --size B             bytes of a ping-pong message, 1 to 65536 (default 64)
          --transports LIST    compare gateways that differ in Gateway:Transport, in turns: sockets,epoll
                               (default: one pair, as its settings say)
          --variant NAME[=X;X] compare gateways, a pair for each --variant. X is a setting (Pipeline:BufferKiB=64), another
                               build (gateway=PATH), or a variable of the environment (DOTNET_TieredPGO=0)
          --tls                TLS links, and beside the others haproxy-tls: two haproxy with TLS between them
          --against LIST       what the gateways are compared with: bare (two plain relays), haproxy, nginx, ssh,
                               socat, v2ray, dante (of socks), or all; those that are not installed are left
                               out; direct is always there (default: direct,bare)
          --install-peers      install those relays (run-perf.sh only; root, Debian; starts no service), and end
          --connections N      links between the gateways, 0 to 64 (default 0: the gateway's own choice)
          --json FILE          write every sample and the medians to FILE
          --html FILE          write the report to FILE (default: perf/out/report-DATE.html)
          --no-html            no report, only the tables
          --no-allocations     leave out the load runs that measure what the gateways allocate
          --compare OLD.json   say what got better or worse since OLD.json (written by --json)
          --with NEW.json      with --compare: compare the two files, no traffic
          --direct-only        no relays: only the load generator against its own targets
          --gateway PATH       the gateway's program or .dll (default: run-perf.sh builds it and passes it)
          --help               this text

        Scenarios, and their numbers of streams:
          bulk *               1,16; as many bytes as go through: up, down, both ways at once
          ping-pong *          1,64,1000; a message there and back
          connect *            1,16 at a time; a connection for each byte
          udp *                1,64 flows; a datagram there and back
          mixed *              4; ping-pong beside so many bulk streams
          open-loop *          64; requests at a fixed rate, latency from when each was to be sent
          stopped-readers *    100; what bulk streams lose beside one whose reader stops
          idle *               20000, or as many as the limit of open files allows; streams that carry nothing
          far *                1; over a slow far link (root; when not named: upload only)
          udp-rate             1,64 flows; datagrams one way at a fixed rate, and what is lost
          socks                1,16; bulk and connections by way of SOCKS5: the gateways' proxy port, dante
          http                 1000; keep-alive connections, a small request and its answer
          soak                 32 at a time; random streams, every byte compared

        With relays that run already (no gateways are started, their CPU and memory are not measured; idle
        and far, which start gateways of their own, are left out):

          --target-NAME ADDR   where the target listens, such as --target-echo 127.0.0.1:7001
          --forward-NAME ADDR  where the relay listens that leads to it
          --forward-socks ADDR where the relay takes SOCKS5, for socks
          --remote             the addresses may be other machines': without it, all lie in 127.0.0.0/8

        NAME: echo (of ping-pong), bulk, connect, udp, http. Variables such as IGSNETTY__Gateway__Transport reach the gateways.
        Exit code: 0 done, 1 something failed, 2 wrong command line, 3 something is worse (--compare), 130 stopped.
        """;
}
