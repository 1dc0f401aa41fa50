#!/usr/bin/env bash
# How long a command takes from its start to its first byte on the demo workspace, and what each command holds in memory at
# most. Goals: 150 ms, 300 MiB.
#
#   bench/start.sh [WORKSPACE]     a workspace that is there, else a demo made in a temporary folder
set -euo pipefail
shopt -s inherit_errexit
cd "$(dirname "$0")/.."
vigie=build/bin/vigie
workspace=${1:-}
if [ -z "$workspace" ]; then
  folder=$(mktemp -d "${TMPDIR:-/tmp}/vigie-start-XXXXXX")
  trap 'rm -rf "$folder"' EXIT
  workspace=$folder/demo
  "$vigie" demo "$workspace" >/dev/null
fi
first_byte() {
  local begun ended
  begun=$(date +%s%N)
  "$@" | { head -c 1 >/dev/null; date +%s%N; cat >/dev/null; } >"$log"
  ended=$(cat "$log")
  echo $(((ended - begun) / 1000000))
}
peak() { # MiB of the process at its largest
  python3 - "$@" <<'PY'
import resource, subprocess, sys
subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, check=True)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss // 1024)
PY
}
log=$(mktemp)
best=999999
for _ in 1 2 3 4 5 6 7; do
  took=$(first_byte "$vigie" kpi revenue -w "$workspace")
  best=$((took < best ? took : best))
done
echo "vigie kpi revenue: first byte after $best ms (goal 150)"
most=0
while read -r -a words; do
  [ "${#words[@]}" -gt 0 ] || continue
  mib=$(peak "$vigie" "${words[@]}" -w "$workspace")
  echo "vigie ${words[*]}: $mib MiB"
  most=$((mib > most ? mib : most))
done <<'COMMANDS'
kpi revenue
board
board --by channel --compare previous_year
board --by channel,segment --grain week
kpi conversion_rate --by channel,owner --grain day
explain churn_rate --rows 100
why revenue --compare previous_period
reconcile churn_rate:default churn_rate:leavers_over_opening_plus_new
check
kpis
COMMANDS
rm -f "$log"
echo "at most $most MiB (goal 300)"
[ "$best" -le 150 ] && [ "$most" -le 300 ]
