#!/usr/bin/env bash
# Runs clrisk on the common workload and prints the seconds of each step and the peak memory.
# usage: benches/population/run.sh FOLDER      FOLDER/data holds survey.csv and census.parquet of the generator
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
folder=${1:?folder with data/survey.csv and data/census.parquet}
cp "$here/clrisk.toml" "$folder/clrisk.toml"
python3 - "$folder/boundaries.geojson" <<'PYTHON'
import json, sys
# 340 squares in rows of twenty; ten to a department.
features = []
for area in range(340):
    x, y = area % 20 * 0.1, area // 20 * 0.1
    ring = [[x, y], [x + 0.1, y], [x + 0.1, y + 0.1], [x, y + 0.1], [x, y]]
    ring = [[round(a, 5), round(b, 5)] for a, b in ring]
    properties = {"area": str(area), "dept": f"d{area // 10:02}"}
    features.append({"type": "Feature", "properties": properties, "geometry": {"type": "Polygon", "coordinates": [ring]}})
json.dump({"type": "FeatureCollection", "features": features}, open(sys.argv[1], "w"))
PYTHON
program=${CLRISK:-"${CARGO_TARGET_DIR:-$here/../../target}/debug/clrisk"}
uptime
/usr/bin/time -f '%e s in all, %M KiB at most, %P of a core' "$program" run -p "$folder" --language en 2>&1 |
    stdbuf -oL tr '\r' '\n' | while IFS= read -r line; do printf '%s %s\n' "$(date +%T.%1N)" "$line"; done | grep -v ' rows$' || true
python3 -c "
import json, sys
card = json.load(open(sys.argv[1]))
print('bins:', card['population']['cells'], ' largest error of the bins, points:', card['population']['approximation_error_points'])
" "$folder/out/draft/model.json"
