"""The common workload of the peers: `workload.py FOLDER [--census-n N]`.

The survey (60,000 children, 340 areas, 15 model terms, strata, PSUs, weights, FPC) and the census come from the project's
benchmark generator `gen.py`, found in CLRISK_BENCH (default: ../shared/bench beside the repository). The areas of the
Fay-Herriot model, the values to classify and the country of local Moran are small and are drawn here. All is seeded.
"""
import argparse
import os
import pathlib
import subprocess
import sys

import numpy as np

SEED = 20240612


def table(path, columns, digits=".17g"):
    np.savetxt(path, np.column_stack(list(columns.values())), delimiter=",", fmt="%" + digits,
               header=",".join(columns), comments="")


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("folder", type=pathlib.Path)
    arguments.add_argument("--census-n", type=int, default=10_000_000)
    a = arguments.parse_args()
    repository = pathlib.Path(__file__).resolve().parents[2]
    generator = pathlib.Path(os.environ.get("CLRISK_BENCH", repository.parent / "shared" / "bench")) / "gen.py"
    if not generator.is_file():
        sys.exit(f"there is no {generator}: set CLRISK_BENCH to the folder of gen.py")
    a.folder.mkdir(parents=True, exist_ok=True)
    subprocess.run([sys.executable, generator, "--out", a.folder, "--seed", str(SEED), "--census-n", str(a.census_n)],
                   check=True, stdout=subprocess.DEVNULL)

    random = np.random.default_rng([SEED, 11])
    areas = 340
    x = random.normal(size=(areas, 8))
    v = random.gamma(4, 0.25, areas) * 0.0005
    y = 0.08 + 0.005 * x.sum(axis=1) + random.normal(0, 0.02, areas) + random.normal(0, np.sqrt(v))
    table(a.folder / "fay_herriot.csv", {"y": y, "v": v, **{f"x{j + 1}": x[:, j] for j in range(8)}})

    # Risks of 10,000 areas, rounded, so that some are equal.
    table(a.folder / "values.csv", {"x": random.beta(2, 18, 10_000)}, ".6f")

    # A hot corner in a country of 5,550 municipalities; places at random, so that no two distances are equal.
    row, column = np.divmod(np.arange(74 * 75), 75)
    corner = 0.8 * ((row < 20) & (column < 20))
    table(a.folder / "municipalities.csv", {
        "x": column + random.uniform(0, 0.6, row.size), "y": row + random.uniform(0, 0.6, row.size),
        "value": corner + 0.002 * row + random.uniform(size=row.size)})


if __name__ == "__main__":
    main()
