#!/usr/bin/env bash
# Load on the site of a project: pages asked for the first time, then mixed pages at a steady rate, then as many as it can, with the memory of
# the server before and after. Prints a table; --write puts it into docs/site.md. Loopback only.
# usage: load.sh PROGRAM PROJECT [--rate 500] [--seconds 60] [--write]
set -euo pipefail
program=$1 project=$2; shift 2
rate=500 seconds=60 write=
while [ $# -gt 0 ]; do
    case $1 in
    --rate) rate=$2; shift 2 ;;
    --seconds) seconds=$2; shift 2 ;;
    --write) write=1; shift ;;
    *) echo "load.sh: $1?" >&2; exit 2 ;;
    esac
done
here=$(cd "$(dirname "$0")" && pwd)
for tool in wrk node curl; do command -v $tool >/dev/null || { echo "needs $tool" >&2; exit 3; }; done
work=$(mktemp -d)
"$program" serve -p "$project" --listen 127.0.0.1:0 --language en >"$work/log" 2>&1 &
server=$!
trap 'kill $server 2>/dev/null; rm -rf "$work"' EXIT
address=
for _ in $(seq 600); do
    address=$(grep -om1 'http://[0-9.:]*' "$work/log" || true)
    [ -z "$address" ] || break
    sleep 0.1
done
[ -n "$address" ] || { cat "$work/log" >&2; exit 1; }
memory() { awk '/VmRSS/ {printf "%.0f", $2 / 1024}' "/proc/$server/status"; }
{
    echo "Measured on $(date +%F) on $(nproc) cores ($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -1)), load of the machine $(cut -d' ' -f1 /proc/loadavg) before."
    echo
    echo "| what | measured |"
    echo "|---|---|"
    node "$here/load.mjs" "$address" "$server" "$rate" "$seconds" "$work/codes"
    for round in 1 2; do
        before=$(memory)
        line=$(CODES="$work/codes" wrk -t2 -c16 -d10s --latency -s "$here/mixed.lua" "$address" |
            awk '/Requests\/sec/ {rate = $2} $1 == "99%" {p99 = $2} /Non-2xx/ {bad = $NF} END {printf "%.0f requests/s, p99 %s, %d refused", rate, p99, bad}')
        echo "| as many as it can, 16 connections for 10 seconds, round $round | $line, memory $before to $(memory) MiB |"
    done
} | tee "$work/table"
if [ -n "$write" ]; then
    node -e '
        const fs = require("fs");
        const [, page, table] = process.argv;
        const text = fs.readFileSync(page, "utf8");
        const [begin, end] = ["<!-- load.sh -->\n", "<!-- end of load.sh -->"];
        const [from, to] = [text.indexOf(begin) + begin.length, text.indexOf(end)];
        if (from < begin.length || to < 0) throw new Error(`${page} has no place for the table`);
        fs.writeFileSync(page, text.slice(0, from) + fs.readFileSync(table, "utf8") + text.slice(to));
    ' "$here/../../docs/site.md" "$work/table"
fi
