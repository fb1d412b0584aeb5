#!/usr/bin/env bash
# Our statistics beside their peers: ./run.sh [--install] [options of compare.py]. Writes the table of benches/README.md.
#   --install   first installs the peers: R packages from Debian or Ubuntu, Python packages from PyPI into PEERS
# PEERS: folder of the Python environment (default: peers-python beside the repository); WORKLOAD: folder of the data
# (default: the target folder); CLRISK_BENCH: folder of gen.py. lme4 alone takes one to five minutes: --without-slow.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
peers=${PEERS:-$root/../peers-python}
target=${CARGO_TARGET_DIR:-$root/target}
workload=${WORKLOAD:-$target/peers-workload}
if [ "${1:-}" = --install ]; then
    shift
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends r-base-core r-cran-survey r-cran-lme4 \
        r-cran-glmmtmb r-cran-nlme r-cran-metafor r-cran-classint r-cran-spdep r-cran-data.table r-cran-jsonlite \
        python3-venv >/dev/null
    [ -x "$peers/bin/python" ] || python3 -m venv "$peers"
    "$peers/bin/pip" install -q numpy pyarrow polars svy samplics glmm jenkspy mapclassify numba libpysal esda
fi
cargo build --quiet --release --manifest-path "$root/Cargo.toml" -p clrisk-stats --examples
[ -s "$workload/municipalities.csv" ] || "$peers/bin/python" "$here/workload.py" "$workload"
exec "$peers/bin/python" -W ignore "$here/compare.py" "$workload" "$target/release/examples" --table "$root/benches/README.md" "$@"
