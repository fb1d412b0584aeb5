"""Penalised weighted logits by scikit-learn, for ElasticNet: python3 elastic_net.py > elastic_net.json

The objective of scikit-learn is C sum(w l) + (1 - r) |b|^2 / 2 + r |b|_1 with the intercept free; with weights of sum one and
columns scaled to weighted mean zero and variance one, C = 1 / penalty is the objective of ElasticNet.
"""
import json
import sys

import numpy as np
import sklearn
from sklearn.linear_model import LogisticRegression

i = np.arange(400)
x = np.column_stack([
    np.sin(1.3 * i),
    np.cos(0.7 * i) + 0.3 * np.sin(1.3 * i),
    ((37 * i) % 11) / 11,
    (i % 5 == 0).astype(float),
    np.sin(0.11 * i),
])
y = (((53 * i) % 97) / 97 < 1 / (1 + np.exp(1.0 - 1.2 * x[:, 0] - 0.6 * x[:, 2]))).astype(float)
w = 1 + (i % 7)
share = w / w.sum()
mean = share @ x
sd = np.sqrt(share @ (x - mean) ** 2)
z = (x - mean) / sd

cases = []
for mixing in (1.0, 0.9, 0.5):
    for penalty in (0.1, 0.03, 0.005):
        fit = LogisticRegression(
            penalty="elasticnet", l1_ratio=mixing, C=1 / penalty, solver="saga", tol=1e-13, max_iter=1_000_000
        ).fit(z, y, sample_weight=share)
        b = fit.coef_[0] / sd
        cases.append({"mixing": mixing, "penalty": penalty,
                      "coefficients": [float(fit.intercept_[0] - b @ mean)] + [float(v) for v in b]})
json.dump({"_peer": f"scikit-learn {sklearn.__version__}", "cases": cases}, sys.stdout, indent=1)
