"""Our statistics beside their peers: `compare.py WORKLOAD EXAMPLES [--runs 5] [--without-slow] [--table FILE]`.

Runs each job in turn, ours and the peers alternating, checks that the results are equal and writes the table. Seconds are
of the work alone (the data are in memory; estimates and standard errors at the end), as each program takes them itself;
memory is the peak of the whole process. Ends with an error when a result differs.
"""
import argparse
import datetime
import importlib.metadata
import json
import os
import pathlib
import platform
import statistics
import subprocess
import sys
import tempfile

import numpy as np

HERE = pathlib.Path(__file__).resolve().parent
WITHOUT_LIMIT = 0


class Failed(Exception):
    """A result that differs from ours, or a job that did not end well."""


def run(command):
    """Result of one process and its peak memory in megabytes."""
    with tempfile.TemporaryFile("w+") as messages:
        process = subprocess.Popen(list(map(str, command)), stdout=subprocess.PIPE, stderr=messages, text=True)
        out = process.stdout.read()
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode != 0:
            messages.seek(0)
            raise Failed(f"{' '.join(map(str, command))} ended with {process.returncode}: {messages.read()[-2000:]}")
    result = json.loads([line for line in out.splitlines() if line.startswith("{")][-1])
    result.setdefault("seconds", result.get("fit_s"))
    return result, usage.ru_maxrss / 1024


def largest(differences):
    return float(np.max(np.abs(differences)))


def within(what, value, limit):
    if not value <= limit:
        raise Failed(f"{what}: {value:.3g} is above {limit:.3g}")
    return f"{what} {value:.1e}"


def survey(ours, peer, _):
    """Coefficients in standard errors; the errors relative. svyglm stops at 1e-8 of the deviance, one step before us."""
    b, se = np.array(ours["coefficients"]), np.array(ours["standard_errors"])
    said = [within("coefficients differ by (standard errors)", largest((b - peer["coefficients"]) / se), 1e-5)]
    if "standard_errors" in peer:
        said.append(within("standard errors by (share)", largest(se / peer["standard_errors"] - 1), 5e-5))
    return "; ".join(said)


def replicates(ours, peer, _):
    """The draws differ: with 200 replicates a standard error has a relative error of 5 %, their mean over 17 less."""
    b, se = np.array(ours["coefficients"]), np.array(ours["standard_errors"])
    ratio = se / peer["standard_errors"]
    return "; ".join([
        within("coefficients differ by (standard errors)", largest((b - peer["coefficients"]) / se), 1e-5),
        within("standard errors by (share, mean)", abs(float(ratio.mean()) - 1), 0.08),
        within("(share, largest)", largest(ratio - 1), 0.25)])


def multilevel(ours, peer, name):
    """Our log-likelihood is at least the peer's; where the peer has reached it too, the coefficients agree."""
    short = ours["loglik"] - peer["loglik"]
    said = within("peer's log-likelihood is above ours by", max(-short, 0.0), 1e-6)
    if name == "glmmTMB" or short < 1e-6:
        b, se = np.array(ours["coefficients"]), np.array(ours["standard_errors"])
        said = within("coefficients differ by", largest(b - peer["coefficients"]), 1e-4)
        said += "; " + within("standard errors by (share)", largest(se / peer["standard_errors"] - 1), 0.01)
        said += "; " + within("deviation of the areas by", abs(ours["sd"][0] - peer["sd"]), 1e-4)
    return f"log-likelihood {peer['loglik']:.4f}, ours higher by {short:.1e}; {said}"


def restricted_likelihood(folder, variance):
    data = np.genfromtxt(folder / "fay_herriot.csv", delimiter=",", skip_header=1)
    y, v, x = data[:, 0], data[:, 1] + variance, np.column_stack([np.ones(len(data)), data[:, 2:]])
    information = x.T @ (x / v[:, None])
    residual = y - x @ np.linalg.solve(information, x.T @ (y / v))
    return -0.5 * (np.log(v).sum() + np.linalg.slogdet(information)[1] + (residual**2 / v).sum())


def area(ours, peer, name):
    better = restricted_likelihood(FOLDER, ours["variance"]) - restricted_likelihood(FOLDER, peer["variance"])
    said = within("peer's restricted likelihood is above ours by", max(-better, 0.0), 1e-9)
    loose = 1000 if name == "nlme" else 1  # nlme stops short of the maximum: the difference of the likelihoods shows it
    return "; ".join([
        f"restricted likelihood: ours higher by {better:.1e}", said,
        within("variance differs by (share)", abs(peer["variance"] / ours["variance"] - 1), 2e-6 * loose),
        within("estimates by", largest(np.subtract(ours["estimates"], peer["estimates"])), 1e-7 * loose)])


def squares_within(limits):
    values = np.loadtxt(FOLDER / "values.csv", skiprows=1)
    return sum(((part - part.mean()) ** 2).sum() for part in np.split(np.sort(values), np.searchsorted(np.sort(values), limits)))


def classes(ours, peer, name):
    mine, theirs = squares_within(ours["limits"]), squares_within(peer["limits"])
    said = within("peer's sum of squares is below ours by (share)", max(1 - theirs / mine, 0.0), 1e-12)
    differ = largest(np.subtract(ours["limits"], peer["limits"]))
    if theirs > mine * (1 + 1e-12):
        return f"limits differ by {differ:.1e}: the peer's classes are not the best, their sum of squares is {theirs / mine - 1:.1e} larger"
    return said + "; " + within("limits differ by", differ, 1e-12)


def moran(ours, peer, name):
    """The peers divide by n - 1 or n. Two p-values of 999 permutations each differ by 0.012 on average by chance alone, and
    their mean by 0.0023: esda draws the same permutations for all areas, so the errors of its areas are one (the standard
    deviation of its mean p-value over eight seeds was 0.0023; the limit is four of them)."""
    local = np.array(peer["local"])
    factor = float(local @ np.array(ours["local"]) / (local @ local))
    said = [within("Moran's I differs by", abs(ours["moran"] - peer["moran"]), 1e-10),
            within("factor of the local values from 1 by", abs(factor - 1), 1 / 5000),
            within("local values by", largest(factor * local - ours["local"]), 1e-8)]
    p = np.subtract(ours["p"], peer["p"])
    said += [within("p-values by (mean size)", float(np.mean(np.abs(p))), 0.02),
             within("(mean)", abs(float(np.mean(p))), 0.01)]
    return "; ".join(said)


def works(examples, folder):
    """Title, check, target, our command, peers: (name, target, runs allowed, command)."""
    r = lambda job: ["Rscript", HERE / "peers.R", job, folder]
    python = lambda job: [sys.executable, HERE / "peers.py", job, folder]
    ours = lambda example, file, *more: [examples / example, folder / file, *more]
    return [
        ("Survey logit, 60,000 children, 17 coefficients, variance of the design with FPC", survey,
         ours("survey_logit_workload", "survey.csv"), [
             ("R survey", 10, WITHOUT_LIMIT, r("survey")), ("svy", None, WITHOUT_LIMIT, python("survey_svy")),
             ("samplics", None, WITHOUT_LIMIT, python("survey_samplics"))]),
        ("the same with 200 replicates (Rao and Wu)", replicates, ours("survey_logit_workload", "survey.csv", "200"), [
            ("R survey (200 replicates)", None, 1, r("survey200"))]),
        ("Multilevel logit, 340 areas, Laplace", multilevel, ours("multilevel_workload", "survey.csv"), [
            ("glmm", 2, WITHOUT_LIMIT, python("multilevel_glmm")), ("lme4 nAGQ=0", None, WITHOUT_LIMIT, r("lme4_0")),
            ("glmmTMB", None, 2, r("glmmTMB")), ("lme4 nAGQ=1", 30, 1, r("lme4"))]),
        ("Fay-Herriot, REML, 340 areas, 8 covariates", area, ours("fay_herriot_workload", "fay_herriot.csv", "25"), [
            ("nlme", 1, WITHOUT_LIMIT, r("nlme")), ("metafor", 1, WITHOUT_LIMIT, r("metafor")),
            ("samplics", 1, 2, python("area_samplics"))]),
        ("Jenks-Fisher, exact, 10,000 values, 5 classes", classes, ours("jenks_workload", "values.csv", "5", "25"), [
            ("jenkspy", 1, WITHOUT_LIMIT, python("classes_jenkspy")), ("classInt", 1, WITHOUT_LIMIT, r("classInt")),
            ("mapclassify", 1, WITHOUT_LIMIT, python("classes_mapclassify"))]),
        ("Local Moran, 5,550 areas, 6 neighbours, 999 conditional permutations", moran,
         ours("local_moran", "municipalities.csv"), [
             ("esda", 1, WITHOUT_LIMIT, python("moran_esda")), ("spdep", 1, 2, r("spdep"))]),
    ]


def measure(ours, peers, runs):
    """Alternates us and every peer; returns for each the results, memories and loads."""
    names = ["clrisk", *(name for name, *_ in peers)]
    measured = {name: [] for name in names}
    for turn in range(runs):
        for name, limit, command in [("clrisk", 0, ours), *((n, allowed, c) for n, _, allowed, c in peers)]:
            if limit and turn >= limit:
                continue
            load = os.getloadavg()[0]
            result, memory = run(command)
            measured[name].append((result, memory, load))
            print(f"  {name}: {result['seconds']:.6f} s, load {load:.1f}", file=sys.stderr)
    return measured


def seconds_text(seconds):
    for unit, factor in (("s", 1), ("ms", 1e3)):
        if seconds * factor >= 1 or unit == "ms":
            return f"{seconds * factor:.3g} {unit}"


def table_rows(title, check, peers, measured):
    def summary(name):
        runs = measured[name]
        seconds = [result["seconds"] for result, _, _ in runs]
        loads = [load for _, _, load in runs]
        return (statistics.median(seconds), min(seconds), len(runs), statistics.median(m for _, m, _ in runs),
                f"{min(loads):.1f}–{max(loads):.1f}")

    ours, best, count, memory, load = summary("clrisk")
    rows = [f"| **{title}** | **clrisk** | {seconds_text(ours)} | {seconds_text(best)} | {count} | {memory:.0f} | {load} | | | |"]
    missed = []
    for name, target, _, _ in peers:
        theirs, least, count, memory, load = summary(name)
        said = check(measured["clrisk"][-1][0], measured[name][-1][0], name)
        ratio, cautious = theirs / ours, least / best
        verdict = "" if target is None else f"≥ {target}: " + ("met" if min(ratio, cautious) >= target else "**missed**")
        if target is not None and min(ratio, cautious) < target:
            missed.append(f"{title}: {name} {min(ratio, cautious):.2f} times, target {target}")
        rows.append(f"| | {name} | {seconds_text(theirs)} | {seconds_text(least)} | {count} | {memory:.0f} | {load} "
                    f"| {ratio:.3g} (minima {cautious:.3g}) | {verdict} | {said} |")
    return rows, missed


def heading(runs):
    r, _ = run(["Rscript", HERE / "peers.R", "versions", "."])
    python = {name: importlib.metadata.version(name) for name in
              ("svy", "samplics", "glmm", "jenkspy", "mapclassify", "esda", "numpy")}
    processor = next((line.split(":")[1].strip() for line in open("/proc/cpuinfo") if line.startswith("model name")), "unknown")
    rust = subprocess.run(["rustc", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    commit = subprocess.run(["git", "-C", HERE, "rev-parse", "--short", "HEAD"], capture_output=True, text=True).stdout.strip()
    listed = lambda packages: ", ".join(f"{name} {version}" for name, version in packages.items())
    return [
        f"{datetime.date.today()}, clrisk {commit} (rustc {rust}, release profile; the multilevel fit uses all cores, the rest one), {processor}, "
        f"{os.cpu_count()} cores, {platform.system()}.",
        f"R {r['R']} with {r['blas']}: {listed(r['packages'])}. Python {platform.python_version()}: {listed(python)}.",
        f"Up to {runs} runs each, alternating; the machine is shared, and the load (of others, of us) is beside each figure.",
    ]


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("workload", type=pathlib.Path)
    arguments.add_argument("examples", type=pathlib.Path)
    arguments.add_argument("--runs", type=int, default=5)
    arguments.add_argument("--without-slow", action="store_true", help="leave out peers that take minutes")
    arguments.add_argument("--only", default="", help="works whose title contains this")
    arguments.add_argument("--table", type=pathlib.Path, help="Markdown file whose part between the markers is replaced")
    a = arguments.parse_args()
    global FOLDER
    FOLDER = a.workload
    lines = heading(a.runs) + ["", "| work | program | median | least | runs | MB | load | times ours | target | results checked |",
                               "|---|---|---:|---:|---:|---:|---|---:|---|---|"]
    failures, missed = [], []
    for title, check, ours, peers in works(a.examples, a.workload):
        if a.only not in title:
            continue
        peers = [peer for peer in peers if not (a.without_slow and peer[2] == 1)]
        print(title, file=sys.stderr)
        try:
            rows, behind = table_rows(title, check, peers, measure(ours, peers, a.runs))
            lines += rows
            missed += behind
        except Failed as failure:
            failures.append(f"{title}: {failure}")
    lines += [""] + (
        [f"Targets missed: {'; '.join(missed)}."] if missed else [] if failures else ["All targets met."])
    print("\n".join(lines))
    if a.table and not failures:
        begin, end = "<!-- peers -->", "<!-- /peers -->"
        text = a.table.read_text()
        before, after = text.split(begin)[0], text.split(end)[1]
        a.table.write_text(before + begin + "\n" + "\n".join(lines) + "\n" + end + after)
    if failures:
        sys.exit("RESULTS DIFFER\n" + "\n".join(failures))


if __name__ == "__main__":
    main()
