"""One job of a peer in Python: peers.py JOB FOLDER. Prints one JSON line; `seconds` is the work without start and reading."""
import json
import statistics
import sys
import time
import warnings

import numpy as np

warnings.simplefilter("ignore")
TERMS = ("age1 age2 edu1 edu2 edu3 edu4 female urban indigenous attends hhsize under5 head_female head_informal internet "
         "wealth").split()


def children(folder):
    import polars as pl

    age = (pl.col("age") - 11) / 6
    levels = [(pl.col("edu_head") == level).cast(pl.Float64).alias(f"edu{level}") for level in range(1, 5)]
    data = pl.read_csv(f"{folder}/survey.csv").with_columns(pl.col("y").cast(pl.Float64))
    return data.with_columns(age.alias("age1"), (age * age).alias("age2"), *levels)


def rows(path):
    return np.genfromtxt(path, delimiter=",", names=True)


def timed(work, repeats):
    seconds = []
    for _ in range(repeats):
        begun = time.perf_counter()
        result = work()
        seconds.append(time.perf_counter() - begun)
    return statistics.median(seconds), result


def survey_svy(folder):
    import svy

    data = children(folder)

    def work():
        sample = svy.Sample(data, svy.Design(stratum="stratum", psu="psu", wgt="weight", pop_size="fpc"))
        return sample.glm.fit(y="y", x=TERMS, family="binomial")

    seconds, fit = timed(work, 1)
    return {"seconds": seconds, **svy_coefficients(fit)}


def svy_coefficients(fit):
    found = {c.term: c for c in fit.coefs}
    order = [found[name] for name in ["_intercept_", *TERMS]]
    return {"coefficients": [float(c.est) for c in order], "standard_errors": [float(c.se) for c in order]}


def survey_samplics(folder):
    from samplics import ModelType, SurveyGLM

    data = children(folder)
    x = np.column_stack([np.ones(len(data))] + [data[name].to_numpy() for name in TERMS]).astype(float)

    def work():
        model = SurveyGLM(ModelType.LOGISTIC)
        model.estimate(y=data["y"].to_numpy(), x=x, samp_weight=data["weight"].to_numpy(),
                       stratum=data["stratum"].to_numpy(), psu=data["psu"].to_numpy())
        return model.beta

    seconds, beta = timed(work, 1)
    # Its finite population is another one (sizes of records, not of units); without it the errors are not ours to compare.
    return {"seconds": seconds, "coefficients": beta["point_est"].tolist()}


def multilevel_glmm(folder):
    import glmm

    data = children(folder)
    columns = {name: data[name].to_numpy().astype(float) for name in [*TERMS, "y"]}
    columns["area"] = np.array([f"a{area}" for area in data["area"]])
    formula = f"y ~ {' + '.join(TERMS)} + (1|area)"
    seconds, fit = timed(lambda: glmm.fit(columns, formula, family="binomial"), 1)
    return {"seconds": seconds, "coefficients": list(fit.beta), "standard_errors": list(fit.se), "loglik": fit.loglik,
            "sd": float(np.sqrt(fit.tau2[0]))}


def area_samplics(folder):
    from samplics.sae import EblupAreaModel
    from samplics.utils.types import FitMethod

    data = rows(f"{folder}/fay_herriot.csv")
    areas = np.arange(len(data))
    x = np.column_stack([data[name] for name in data.dtype.names[2:]])

    def work():
        model = EblupAreaModel(FitMethod.reml)
        model.fit(yhat=data["y"], X=x, area=areas, error_std=np.sqrt(data["v"]), tol=1e-10)
        model.predict(X=x, area=areas)
        return model

    seconds, model = timed(work, 1)
    return {"seconds": seconds, "variance": model.re_std**2, "coefficients": list(model.fixed_effects),
            "estimates": [float(model.area_est[area]) for area in areas]}


def middle(values, tops):
    """Limits midway between the largest value of a class and the next value."""
    values = np.unique(values)
    at = np.searchsorted(values, np.asarray(tops) * (1 + 1e-12), side="right")
    return list((values[at - 1] + values[at]) / 2)


def classes_jenkspy(folder):
    import jenkspy

    values = rows(f"{folder}/values.csv")["x"]
    seconds, breaks = timed(lambda: jenkspy.jenks_breaks(values, 5), 5)
    return {"seconds": seconds, "limits": middle(values, breaks[1:-1])}


def classes_mapclassify(folder):
    import mapclassify

    values = rows(f"{folder}/values.csv")["x"]
    mapclassify.FisherJenks(values[:500], 5)  # compiled at the first call, which is not counted
    seconds, found = timed(lambda: mapclassify.FisherJenks(values, 5), 5)
    return {"seconds": seconds, "limits": middle(values, found.bins[:-1])}


def moran_esda(folder):
    from esda.moran import Moran, Moran_Local
    from libpysal.weights import KNN

    data = rows(f"{folder}/municipalities.csv")
    weights = KNN.from_array(np.column_stack([data["x"], data["y"]]), k=6)
    weights.transform = "r"
    Moran_Local(data["value"], weights, permutations=9, n_jobs=1)  # compiled at the first call, which is not counted
    seconds, local = timed(lambda: Moran_Local(data["value"], weights, permutations=999, seed=1, n_jobs=1), 3)
    return {"seconds": seconds, "moran": Moran(data["value"], weights, permutations=0).I, "local": local.Is.tolist(),
            "p": local.p_sim.tolist()}


JOBS = {function.__name__: function for function in (
    survey_svy, survey_samplics, multilevel_glmm, area_samplics, classes_jenkspy, classes_mapclassify, moran_esda)}

if __name__ == "__main__":
    print(json.dumps(JOBS[sys.argv[1]](sys.argv[2])))
