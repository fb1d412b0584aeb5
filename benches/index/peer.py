"""Monte Carlo over the choices of an index with numpy: 5,570 areas, 30 indicators, 1,000 recipes. The same work as
`cargo run --release -p clrisk-stats --example index_uncertainty`: scale, weights and mean drawn anew, ranks of all areas, their
90 % ranges. Scales are computed once each, as there."""
import time
import numpy as np

AREAS, INDICATORS, DRAWS = 5570, 30, 1000
random = np.random.default_rng(1)
common = random.normal(size=(AREAS, 1))
values = np.exp(0.5 * common + random.normal(size=(AREAS, INDICATORS)))

start = time.perf_counter()
low, high = values.min(0), values.max(0)
order = values.argsort(0).argsort(0) + 1.0
scales = [1 + 99 * (values - low) / (high - low), 100 + 10 * (values - values.mean(0)) / values.std(0, ddof=1), order]
logs = [np.log(scale) for scale in scales]
ranks = np.empty((DRAWS, AREAS), dtype=np.int32)
for draw in range(DRAWS):
    scale = random.integers(3)
    weights = 1 + 0.25 * (2 * random.random(INDICATORS) - 1)
    weights /= weights.sum()
    scores = logs[scale] @ weights if random.random() < 0.5 else scales[scale] @ weights
    ranks[draw, np.argsort(-scores, kind="stable")] = np.arange(1, AREAS + 1)
ranges = np.quantile(ranks, [0.05, 0.95], axis=0)
print(f"{time.perf_counter() - start:.2f} s; median width {np.median(ranges[1] - ranges[0]):.0f}")
