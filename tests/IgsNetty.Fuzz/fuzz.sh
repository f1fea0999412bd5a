#!/usr/bin/env bash
# Coverage-guided fuzzing of one target: afl-fuzz (Debian: afl++) drives it, SharpFuzz tells it which branches an input took.
#   tests/IgsNetty.Fuzz/fuzz.sh TARGET [SECONDS [FOLDER]]      600 s and artifacts/fuzz unless told otherwise
# A second run with the same folder goes on where the first one stopped. Exit 1: something was found. See docs/fuzzing.md.
set -euo pipefail
root=$(cd -- "$(dirname -- "${BASH_SOURCE[0]}")/../.." && pwd)
target=${1:?TARGET is missing; igsnetty-fuzz list tells them}
seconds=${2:-600}
folder=$(mkdir -p "${3:-$root/artifacts/fuzz}" && cd "${3:-$root/artifacts/fuzz}" && pwd)
command -v afl-fuzz >/dev/null || { echo "afl-fuzz is missing; on Debian: apt-get install afl++" >&2; exit 2; }
export DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

cd "$root"
dotnet tool restore >/dev/null
dotnet build tests/IgsNetty.Fuzz --configuration Release --verbosity quiet
plain=$root/tests/IgsNetty.Fuzz/bin/Release/net10.0
if [ ! -e "$folder/bin/instrumented" ] || [ -n "$(find "$plain" -name '*.dll' -newer "$folder/bin/instrumented" -print -quit)" ]; then
  rm -rf "$folder/bin"
  cp -r "$plain" "$folder/bin"
  for assembly in IgsNetty.Protocol IgsNetty.Relay IgsNetty.Endpoints IgsNetty.Transport igsnetty; do
    dotnet sharpfuzz "$folder/bin/$assembly.dll"
  done
  touch "$folder/bin/instrumented"
fi

# What is not instrumented writes the seeds; what is runs under afl-fuzz only.
dotnet "$plain/igsnetty-fuzz.dll" seeds "$target" "$folder/$target/seeds"

# .NET is a program of its own to afl-fuzz: it cannot see that what it runs is instrumented, nor how long its start takes. Code
# that is compiled again while it runs would look like a path of its own.
export AFL_SKIP_BIN_CHECK=1 AFL_FORKSRV_INIT_TMOUT=60000 AFL_HANG_TMOUT=10000 AFL_AUTORESUME=1 AFL_NO_UI=1 AFL_SKIP_CPUFREQ=1
export AFL_I_DONT_CARE_ABOUT_MISSING_CRASHES=1 AFL_NO_AFFINITY=1 DOTNET_TieredPGO=0
afl-fuzz -i "$folder/$target/seeds" -o "$folder/$target" -m none -t 5000 -V "$seconds" -- \
  "$(command -v dotnet)" "$folder/bin/igsnetty-fuzz.dll" afl "$target" >"$folder/$target/log" 2>&1 || { tail -n 20 "$folder/$target/log" >&2; exit 2; }
grep -E '^(run_time|execs_done|corpus_count|bitmap_cvg|stability|saved_crashes|saved_hangs)' "$folder/$target/default/fuzzer_stats"

mapfile -t found < <(find "$folder/$target/default/crashes" "$folder/$target/default/hangs" -name 'id:*' 2>/dev/null)
if [ ${#found[@]} -gt 0 ]; then
  echo "found; to see what: dotnet $plain/igsnetty-fuzz.dll replay $target FILE" >&2
  printf '%s\n' "${found[@]}" >&2
  exit 1
fi
