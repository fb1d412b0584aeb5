#!/usr/bin/env bash
# Load on a running site: latencies of a cold and a warm page, then `wrk` with mixed pages for a bounded time, and the memory of the server
# before and after. Loopback only. usage: load.sh ADDRESS SERVER_PID [SECONDS]
set -euo pipefail
address=$1 pid=$2 seconds=${3:-20}
here=$(cd "$(dirname "$0")" && pwd)
command -v wrk >/dev/null || { echo "needs wrk (Debian: apt-get install wrk)" >&2; exit 3; }
memory() { awk '/VmRSS/ {printf "%.0f MiB", $2 / 1024}' "/proc/$pid/status"; }
curl -s "$address/es/areas.json" | grep -o '"code": "[^"]*"' | cut -d'"' -f4 > "$here/codes.tmp"
trap 'rm -f "$here/codes.tmp"' EXIT
echo "load of the machine: $(cut -d' ' -f1-3 /proc/loadavg); memory $(memory)"
cold() { curl -s -o /dev/null -H 'Accept-Encoding: br' -w '%{time_total}' "$address$1"; }
echo "first time / again, seconds:"
for page in "/es/?show=class" "/es/areas?sort=count" "/es/area/$(tail -1 "$here/codes.tmp")" /es/how /es/docs/statistics; do
    echo "  $page $(cold "$page") $(cold "$page")"
done
for round in 1 2 3; do
    CODES="$here/codes.tmp" wrk -t2 -c16 -d"${seconds}s" --latency -s "$here/mixed.lua" "$address" | grep -E 'requests in|Requests/sec|50%|99%|Non-2xx' | tr '\n' ';'
    echo " memory $(memory)"
done
