#!/usr/bin/env python3
"""A census scored to municipal rates, side by side: clrisk, DuckDB, Polars, R.

usage: scores.py FOLDER [--runs N] [--without R] [--write]
FOLDER/data (and, where it is, FOLDER/data100 of 100 million rows) are of the generator; CLRISK_WORKLOAD names the built example
`workload` of clrisk-population (cargo build -p clrisk-population --example workload).
The jobs alternate; each is a process of its own. Seconds are of the work alone (from opening the file to the rates), memory is the peak
of the process. Rates must agree with DuckDB's to 1e-9. --write puts the table into ../README.md.
"""
import argparse, csv, json, os, platform, re, statistics, subprocess, sys, time

HERE = os.path.dirname(os.path.abspath(__file__))
LINEAR = ["female", "urban", "indigenous", "attends", "hhsize", "under5", "head_female", "head_informal", "internet", "wealth"]


def coefficients(folder):
    """The generator's true coefficients, as JSON for Python and R and as CSV for clrisk."""
    beta = json.load(open(f"{folder}/data/truth.json"))["beta"]
    effects = [float(row["u"]) for row in csv.DictReader(open(f"{folder}/data/areas.csv"))]
    os.makedirs(f"{folder}/out", exist_ok=True)
    json.dump({"beta": beta, "u": effects}, open(f"{folder}/out/coefficients.json", "w"))
    with open(f"{folder}/out/coefficients.csv", "w") as file:
        file.writelines(f"{name},{value!r}\n" for name, value in beta.items())
        file.writelines(f"area_{area},{effect!r}\n" for area, effect in enumerate(effects))


def score(engine, folder, census, out):
    """One peer, in this process: prints its seconds."""
    given = json.load(open(f"{folder}/out/coefficients.json"))
    beta, effects = given["beta"], given["u"]
    schooling = [0.0] + [beta[f"edu{level}"] for level in range(1, 5)]
    if engine == "duckdb":
        import duckdb
        begin = time.perf_counter()
        connection = duckdb.connect()
        connection.execute("create table effects as select unnest(range(len(?)))::integer as area, unnest(?) as u", [effects, effects])
        linear = " + ".join(f"{beta[name]!r}::double * {name}" for name in LINEAR)
        age = "((age - 11) / 6.0::double)"
        cases = " ".join(f"when {level} then {value!r}::double" for level, value in enumerate(schooling))
        predictor = (f"{beta['intercept']!r}::double + {beta['age1']!r}::double * {age} + {beta['age2']!r}::double * {age} * {age} + "
                     f"{linear} + case edu_head {cases} end + u")
        rows = connection.execute(f"select area, count(*), avg(1 / (1 + exp(-({predictor})))) from '{census}' join effects using (area) "
                                  "group by area order by area").fetchall()
    else:
        import polars as pl
        begin = time.perf_counter()
        age = (pl.col("age").cast(pl.Float64) - 11) / 6
        predictor = beta["intercept"] + beta["age1"] * age + beta["age2"] * age * age
        for name in LINEAR:
            predictor = predictor + beta[name] * pl.col(name).cast(pl.Float64)
        predictor = predictor + pl.col("edu_head").replace_strict(list(range(5)), schooling, return_dtype=pl.Float64)
        areas = pl.LazyFrame({"area": list(range(len(effects))), "u": effects}, schema={"area": pl.Int32, "u": pl.Float64})
        query = (pl.scan_parquet(census).join(areas, on="area").with_columns(p=1 / (1 + (-(predictor + pl.col("u"))).exp()))
                 .group_by("area").agg(n=pl.len(), p=pl.col("p").mean()))
        rows = query.collect(engine="streaming").sort("area").rows()
    seconds = time.perf_counter() - begin
    with open(out, "w") as file:
        file.write("area,n,p\n")
        file.writelines(f"{area},{count},{rate!r}\n" for area, count, rate in rows)
    print(json.dumps({"total_s": seconds}))


# R of Debian has no reader of Parquet: its time is of the arithmetic alone, from columns in memory (flattering to R).
R = r"""
suppressMessages({library(data.table); library(jsonlite)})
arguments <- commandArgs(TRUE); given <- fromJSON(arguments[1]); b <- given$beta; d <- fread(arguments[2]); begin <- proc.time()[[3]]
age <- (d$age - 11) / 6
e <- b$intercept + b$age1 * age + b$age2 * age^2 + c(0, b$edu1, b$edu2, b$edu3, b$edu4)[d$edu_head + 1L] + given$u[d$area + 1L]
for (v in c("female", "urban", "indigenous", "attends", "hhsize", "under5", "head_female", "head_informal", "internet", "wealth"))
  e <- e + b[[v]] * d[[v]]
r <- data.table(area = d$area, p = plogis(e))[, .(n = .N, p = mean(p)), keyby = area]
seconds <- proc.time()[[3]] - begin
fwrite(r, arguments[3]); cat(toJSON(list(total_s = seconds), auto_unbox = TRUE, digits = 10), "\n")
"""


def run(command):
    begin = time.perf_counter()
    done = subprocess.run(["/usr/bin/time", "-f", "%M %U %S", *command], capture_output=True, text=True)
    if done.returncode:
        sys.exit(f"{command} failed: {done.stderr[-2000:]}")
    kib, user, system = done.stderr.strip().splitlines()[-1].split()
    said = [line for line in done.stdout.splitlines() if line.startswith("{")]
    return {"seconds": json.loads(said[-1])["total_s"], "whole": time.perf_counter() - begin, "mib": int(kib) / 1024,
            "cpu": float(user) + float(system), "load": os.getloadavg()[0]}


def rates(path):
    return [(int(float(row["n"])), float(row["p"])) for row in csv.DictReader(open(path))]


def version(command):
    return subprocess.run(command, capture_output=True, text=True).stdout.strip()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("folder")
    parser.add_argument("--runs", type=int, default=5)
    parser.add_argument("--without", nargs="*", default=[])
    parser.add_argument("--write", action="store_true")
    given = parser.parse_args()
    folder = os.path.abspath(given.folder)
    workload = os.environ.get("CLRISK_WORKLOAD") or sys.exit("CLRISK_WORKLOAD names the built example `workload`")
    coefficients(folder)
    script = f"{folder}/out/scores.R"
    open(script, "w").write(R)
    lines = []
    for name, label in [("data", "10 million rows"), ("data100", "100 million rows")]:
        census = f"{folder}/{name}/census.parquet"
        if not os.path.exists(census):
            continue
        runs = given.runs if name == "data" else 1
        out = lambda job: f"{folder}/out/scores_{job}_{name}.csv"
        clrisk = lambda purpose: [workload, purpose, census, f"{folder}/out/coefficients.csv", out(purpose)]
        peer = lambda engine: [sys.executable, __file__, "--score", engine, folder, census, out(engine)]
        jobs = {"rates": clrisk("rates"), "duckdb": peer("duckdb"), "polars": peer("polars"), "summary": clrisk("summary")}
        if name == "data" and "R" not in given.without:
            table = f"{folder}/out/census.csv"
            if not os.path.exists(table):
                import duckdb
                duckdb.execute(f"copy (select * from '{census}') to '{table}' (header)")
            jobs["R"] = ["Rscript", script, f"{folder}/out/coefficients.json", table, out("R")]
        results = {job: [] for job in jobs}
        for _ in range(runs):
            for job, command in jobs.items():
                results[job].append(run(command))
        reference = rates(out("duckdb"))
        ours = statistics.median(result["seconds"] for result in results["rates"])
        titles = {"rates": "**clrisk: rates of 340 areas**", "summary": "**clrisk: summary for posterior draws, by sex and age group**",
                  "duckdb": "DuckDB", "polars": "Polars, streaming", "R": "R data.table, columns already in memory"}
        for job, list_of in results.items():
            found = rates(out(job))
            if [count for count, _ in found] != [count for count, _ in reference]:
                sys.exit(f"{job} counts other children than DuckDB")
            difference = max(abs(a[1] - b[1]) for a, b in zip(found, reference))
            if difference > 1e-9:
                sys.exit(f"{job} differs from DuckDB by {difference}")
            of = lambda key, how: how(result[key] for result in list_of)
            loads = f"{of('load', min):.1f}–{of('load', max):.1f}"
            median = of("seconds", statistics.median)
            lines.append(f"| {label} | {titles[job]} | {median:.2f} | {of('seconds', min):.2f} | {of('cpu', statistics.median):.2f} | "
                         f"{of('mib', max):.0f} | {median / ours:.2f} | {loads} | {runs} | {difference:.0e} |")
    import duckdb, polars
    processor = re.search(r"model name\s*: (.*)", open("/proc/cpuinfo").read()).group(1)
    head = (f"{time.strftime('%Y-%m-%d')}, {os.environ.get('CLRISK_BUILD', 'clrisk, development profile')}; {processor}, {os.cpu_count()} cores, "
            f"{platform.system()}. DuckDB {duckdb.__version__}, Polars {polars.__version__}, {version(['Rscript', '--version']) or 'R'}.\n\n"
            "| census | program | seconds, median | least | processor seconds | MiB | times ours | load | runs | differs from DuckDB |\n"
            "|---|---|---:|---:|---:|---:|---:|---|---:|---:|\n")
    text = head + "\n".join(lines) + "\n"
    print(text)
    if given.write:
        path = os.path.join(HERE, "..", "README.md")
        page = open(path).read()
        page = re.sub(r"<!-- scores -->\n.*?<!-- /scores -->", lambda _: f"<!-- scores -->\n{text}<!-- /scores -->", page, flags=re.S)
        open(path, "w").write(page)


if __name__ == "__main__":
    if sys.argv[1:2] == ["--score"]:
        score(*sys.argv[2:])
    else:
        main()
