#!/usr/bin/env bash
# Classifies ten million invented children with clrisk-definitions and with Polars; the counts must agree.
# Needs Python with numpy and polars.
set -euo pipefail
cd "$(dirname "$0")/../.."
folder=${1:-$(mktemp -d)}
python3 benches/definitions/classify.py write "$folder"
cargo run --quiet -p clrisk-definitions --example classify_workload -- "$folder"
python3 benches/definitions/classify.py time "$folder"
