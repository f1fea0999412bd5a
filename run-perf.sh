#!/usr/bin/env bash
# Builds the gateway and the load test (Release) and runs the load test. --help lists the options; perf/README.md explains the results.
set -euo pipefail

top="$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")" && pwd)"
gateway="$top/src/IgsNetty.Gateway"
perf="$top/perf/IgsNetty.Perf"
published="$top/perf/out/igsnetty"

quietly() { # build|publish PROJECT OPTIONS...
  # From the repository's folder, because global.json is looked for upwards from where dotnet runs.
  local messages
  messages="$(cd -- "$top" && dotnet "$@" --configuration Release --nologo --verbosity quiet 2>&1)" ||
    { printf '%s\nrun-perf.sh: %s does not build\n' "$messages" "$2" >&2; exit 1; }
}

# Installs the relays that --against can name. Debian starts a service as soon as it is installed, unless a policy says no.
install_peers() {
  local policy=/usr/sbin/policy-rc.d
  [ "$(id -u)" = 0 ] || { echo "run-perf.sh: --install-peers installs packages: run it as root" >&2; exit 1; }
  command -v apt-get >/dev/null || { echo "run-perf.sh: --install-peers is for Debian: there is no apt-get" >&2; exit 1; }
  if [ -e "$policy" ]; then
    "$policy" haproxy start >/dev/null 2>&1 && allowed=yes || { [ $? = 101 ] && allowed=no || allowed=yes; }
    [ "$allowed" = no ] || { echo "run-perf.sh: $policy would let the installed services start; let it exit with 101" >&2; exit 1; }
  else
    trap 'rm -f /usr/sbin/policy-rc.d' EXIT
    printf '#!/bin/sh\nexit 101\n' >"$policy"
    chmod 755 "$policy"
  fi
  apt-get update
  DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends \
    haproxy nginx libnginx-mod-stream openssh-client openssh-server socat v2ray dante-server
}

for arg in "$@"; do
  [ "$arg" != --install-peers ] || { install_peers; exit; }
done

command -v dotnet >/dev/null || { echo "run-perf.sh: dotnet (.NET SDK 10) is not installed" >&2; exit 1; }

# The gateway is built unless it is not needed or another one is given.
needs_gateway=yes
for arg in "$@"; do
  case "$arg" in
    -h | --help | --direct-only | --forward-* | --gateway | --gateway=* | --with | --with=*) needs_gateway=no ;;
  esac
done

[ "$needs_gateway" = no ] || { echo "Building the gateway (Release, as it is deployed)" >&2; quietly publish "$gateway" --output "$published"; }
echo "Building the load test (Release)" >&2
quietly build "$perf"
[ "$needs_gateway" = no ] || set -- --gateway "$published/igsnetty.dll" "$@"

# exec: signals reach the load test itself, and it stops its gateways.
exec dotnet "$perf/bin/Release/net10.0/igsnetty-perf.dll" "$@"
