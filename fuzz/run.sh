#!/usr/bin/env bash
# Runs fuzz targets until each has had so many seconds of processor time, and prints what came of it as rows of the table in README.md.
#
#     ./run.sh SECONDS [TARGET ...]
#
# Processor time and not time of day, so that a run beside other work (nice 19) is as long as one alone. Inputs are kept in corpus/, what
# is found in artifacts/; neither belongs to the project.
set -euo pipefail
cd "$(dirname "$0")"
seconds=${1:?seconds of processor time}
shift
here=(spss portable stata transport sas delimited fixed_width dbf workbook archive form redatam)
boundaries=(document geopackage_geometry well_known_text shapefile flatgeobuf)
targets=("$@")
[ ${#targets[@]} -gt 0 ] || targets=("${here[@]}" "${boundaries[@]}")

# The compiler's own instrumentation, as cargo-fuzz sets it, which the stable compiler has as well.
flags="--cfg fuzzing -Cpasses=sancov-module"
for option in level=4 inline-8bit-counters pc-table trace-compares; do flags+=" -Cllvm-args=-sanitizer-coverage-$option"; done
flags+=" -Cdebug-assertions -Coverflow-checks"
host=$(rustc -vV | sed -n 's/^host: //p')
build=${CARGO_TARGET_DIR:-$PWD/target}
for place in . ../crates/clrisk-geography/fuzz; do
  (cd $place && RUSTFLAGS="$flags" CARGO_TARGET_DIR="$build" cargo build --release --target "$host" --quiet)
done

python3 seeds.py corpus
ticks=$(getconf CLK_TCK)

run() {
  local target=$1 log="artifacts/$1.log" longest=32768 process used=0 now
  mkdir -p "corpus/$target" "artifacts/$target"
  [ "$target" = sas ] && longest=140000
  nice -n "${NICE:-19}" "$build/$host/release/$target" "corpus/$target" -max_len=$longest -timeout=60 -rss_limit_mb=1536 \
    -report_slow_units=20 -print_final_stats=1 -artifact_prefix="artifacts/$target/" >"$log" 2>&1 &
  process=$!
  while kill -0 $process 2>/dev/null; do
    now=$(awk -v ticks="$ticks" '{print int(($14 + $15) / ticks)}' /proc/$process/stat 2>/dev/null) || now=
    used=${now:-$used}
    [ "$used" -lt "$seconds" ] || kill -INT $process 2>/dev/null || true
    sleep 2
  done
  wait $process || true
  rm -rf "/dev/shm/clrisk-fuzz-$process" "/dev/shm/clrisk-geography-fuzz-$process"
  local runs covered found
  runs=$(sed -n 's/^stat::number_of_executed_units: *//p' "$log" | tail -1)
  covered=$(grep -o 'cov: [0-9]*' "$log" | tail -1 | cut -c6-)
  found=$(find "artifacts/$target" -type f | wc -l)
  echo "| \`$target\` | $(date +%F) | $used | ${runs:-?} | ${covered:-?} | $found |"
}

# As many at a time as there are processors.
for target in "${targets[@]}"; do
  while [ "$(jobs -rp | wc -l)" -ge "${AT_ONCE:-$(nproc)}" ]; do wait -n || true; done
  run "$target" &
done
wait
