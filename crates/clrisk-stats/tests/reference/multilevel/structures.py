"""Crossed, nested and correlated random effects on cbpp with the Python package glmm. Run here: python structures.py"""
import csv
import importlib.metadata
import json

import glmm
import numpy as np

rows = list(csv.DictReader(open("cbpp.csv")))
size = np.array([float(row["size"]) for row in rows])
data = {
    "share": np.array([float(row["incidence"]) for row in rows]) / size,
    "time": np.array([float(row["period"]) - 1 for row in rows]),
    "herd": np.array(["h%02d" % int(row["herd"]) for row in rows]),
    "period": np.array(["p" + row["period"] for row in rows]),
    "record": np.array(["r%02d" % number for number in range(len(rows))]),
}
models = {
    "crossed": "share ~ 1 + (1|herd) + (1|period)",
    "nested": "share ~ time + (1|herd) + (1|record)",
    "correlated": "share ~ time + (1+time|herd)",
    "correlated_and_nested": "share ~ time + (1+time|herd) + (1|record)",
    "no_variance": "share ~ time + (1|herd) + (1|period)",
}
found = {"_peer": "glmm " + importlib.metadata.version("glmm")}
for name, formula in models.items():
    fit = glmm.fit(data, formula, family="binomial", weights=size)
    found[name] = {
        "formula": formula,
        "logLik": float(fit.loglik),
        "coef": [float(value) for value in fit.beta],
        "se": [float(value) for value in fit.se][: len(fit.beta)],
        "covariance": [[float(value) for value in term] for term in fit.varcorr],
        "singular": bool(fit.singular) if not callable(fit.singular) else bool(fit.singular()),
    }
json.dump(found, open("structures.json", "w"), indent=1)
