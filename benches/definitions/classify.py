"""Ten million invented children with the raw answers of MICS6, classified by Polars.

classify.py write FOLDER [N]   writes the columns as little-endian arrays for the Rust workload
classify.py time FOLDER        classifies them with Polars by the rule of UNICEF's syntax and prints counts and seconds
"""
import sys
import time
from pathlib import Path

import numpy as np

COLUMNS = {"age": "<i2", "economic_hours": "<f4"}
COLUMNS |= {f"economic{i}": "u1" for i in range(4)} | {f"chores{i}": "u1" for i in range(9)}
COLUMNS |= {f"chores_hours{i}": "<f4" for i in range(3)} | {f"condition{i}": "u1" for i in range(8)}


def write(folder, n):
    random = np.random.default_rng(87)

    def answers(share):
        # 1 yes, 0 no, 2 missing
        return random.choice(np.array([1, 0, 2], "u1"), n, p=[share, 0.95 - share, 0.05])

    def hours(mean):
        values = np.minimum(random.exponential(mean, n), 80).round().astype("<f4")
        values[random.random(n) < 0.02] = 98
        values[random.random(n) < 0.10] = np.nan
        return values

    for name, kind in COLUMNS.items():
        if name == "age":
            column = random.integers(3, 20, n)
        elif "hours" in name:
            column = hours(18 if name.startswith("economic") else 7)
        else:
            column = answers(0.12 if name.startswith("economic") else 0.25 if name.startswith("chores") else 0.04)
        column.astype(kind).tofile(folder / f"{name}.bin")


def timed(folder):
    import polars as pl

    frame = pl.DataFrame({name: np.fromfile(folder / f"{name}.bin", kind) for name, kind in COLUMNS.items()})
    start = time.perf_counter()
    yes = lambda prefix, count: pl.any_horizontal([pl.col(f"{prefix}{i}") == 1 for i in range(count)])
    age, hours = pl.col("age"), pl.col("economic_hours")
    threshold = pl.when(age <= 11).then(1).when(age <= 14).then(14).otherwise(43)
    known = [pl.col(f"chores_hours{i}") for i in range(3)]
    known = [pl.when(c.is_nan() | c.is_in([97.0, 98.0, 99.0])).then(0).otherwise(c) for c in known]
    in_scope = age.is_between(5, 17)
    flags = frame.select(
        ea=in_scope & yes("economic", 4) & hours.is_not_nan() & (hours >= threshold) & (hours < 97),
        hhc=in_scope & (age <= 14) & yes("chores", 9) & (known[0] + known[1] + known[2] >= 21),
        hazard=in_scope & yes("condition", 8),
    )
    counts = flags.select(
        plain=(pl.col("ea") | pl.col("hhc")).sum(),
        economic=pl.col("ea").sum(),
        hazardous=(pl.col("ea") | pl.col("hhc") | pl.col("hazard")).sum(),
        economic_hazardous=(pl.col("ea") | pl.col("hazard")).sum(),
    ).row(0, named=True)
    elapsed = time.perf_counter() - start
    print(f"polars {pl.__version__}: {frame.height} children, {counts}, {elapsed:.2f} s for both definitions")


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    if sys.argv[1] == "write":
        write(folder, int(sys.argv[3]) if len(sys.argv) > 3 else 10_000_000)
    else:
        timed(folder)
