"""Compares every cell, label and missing code that clrisk reads from SPSS, Stata and SAS files with what pyreadstat reads.

    pip install pyreadstat pandas
    cargo build -p clrisk-readers --example dump
    python checks/readers/compare.py FILE ...

Prints one line a file and ends with 1 when anything differs. pyreadstat wraps ReadStat, a C library that shares no code with clrisk.
"""

import datetime
import json
import math
import os
import subprocess
import sys

import pandas
import pyreadstat

TARGET = os.environ.get("CARGO_TARGET_DIR", os.path.join(os.path.dirname(__file__), "../../target"))
DUMP = os.path.join(TARGET, "debug/examples/dump")
EPOCH = datetime.date(1970, 1, 1)
READERS = {
    "sav": pyreadstat.read_sav,
    "zsav": pyreadstat.read_sav,
    "por": pyreadstat.read_por,
    "dta": pyreadstat.read_dta,
    "xpt": pyreadstat.read_xport,
    "sas7bdat": pyreadstat.read_sas7bdat,
}


def plain(value, kind):
    """A value of pyreadstat in the form of the dump."""
    if value is None or value is pandas.NaT or (isinstance(value, float) and math.isnan(value)):
        return None
    if isinstance(value, str):
        # A text of blanks is null in clrisk.
        return value.split("\0")[0].rstrip(" ") or None
    if isinstance(value, datetime.datetime):
        if kind.startswith("Date"):
            return (value.date() - EPOCH).days
        moment = value - datetime.datetime(1970, 1, 1)
        return moment // datetime.timedelta(microseconds=1)
    if isinstance(value, datetime.date):
        return (value - EPOCH).days
    if isinstance(value, datetime.time):
        return ((value.hour * 60 + value.minute) * 60 + value.second) * 1_000_000 + value.microsecond
    return float(value)


def same(ours, theirs):
    if isinstance(ours, (int, float)) and isinstance(theirs, (int, float)):
        return ours == theirs or abs(ours - theirs) <= 1e-13 * abs(theirs)
    return ours == theirs


def compare(path, keep):
    extension = path.rsplit(".", 1)[-1].lower()
    options = {"user_missing": True} if keep and extension in ("sav", "zsav") else {}
    command = [DUMP] + (["--keep"] if keep else []) + [path]
    lines = subprocess.run(command, capture_output=True, text=True, check=False).stdout.split("\n")
    header = json.loads(lines[0])
    if "error" in header:
        return [f"not read: {header['error']}"], 0
    rows = [json.loads(line) for line in lines[1:] if line]
    if extension == "dta":
        # Releases before 118 do not say their encoding, and pyreadstat takes the Latin alphabet for granted.
        options["encoding"] = header["encoding"]
    frame, meta = READERS[extension](path, **options)
    problems = []
    variables = header["variables"]
    if [v["name"] for v in variables] != list(meta.column_names):
        problems.append(f"names {[(v['name'], n) for v, n in zip(variables, meta.column_names) if v['name'] != n][:3]}")
    if len(rows) != len(frame):
        problems.append(f"{len(rows)} rows instead of {len(frame)}")
    cells = 0
    for position, (variable, name) in enumerate(zip(variables, meta.column_names)):
        label = (meta.column_names_to_labels.get(name) or "").split("\0")[0].rstrip(" ") or None
        if variable["label"] != label:
            problems.append(f"{name}: label {variable['label']!r} instead of {label!r}")
        theirs = {
            (k if isinstance(k, str) else float(k)): v.rstrip(" ")
            for k, v in meta.variable_value_labels.get(name, {}).items()
        }
        ours = {
            (k[1:] if isinstance(k, str) and k.startswith(".") else k if isinstance(k, str) else float(k)): v
            for k, v in variable["labels"]
        }
        if ours != theirs:
            problems.append(f"{name}: value labels {str(ours)[:80]} instead of {str(theirs)[:80]}")
        if extension in ("sav", "zsav"):
            declared = meta.missing_ranges.get(name, []) if keep else None
            if declared is not None:
                singles = [r["lo"] for r in declared if r["lo"] == r["hi"]]
                numbers = sorted(float(s) for s in singles if not isinstance(s, str))
                texts = sorted(s.rstrip(" ") for s in singles if isinstance(s, str))
                if sorted(variable["missing"]) != numbers or sorted(variable["missing_texts"]) != texts:
                    problems.append(f"{name}: missing {variable['missing']} {variable['missing_texts']} instead of {declared}")
                if variable["missing_ranges"] != len(declared) - len(singles):
                    problems.append(f"{name}: {variable['missing_ranges']} missing ranges instead of {declared}")
        for row, (found, value) in enumerate(zip(rows, frame[name])):
            cells += 1
            wanted = plain(value, variable["type"])
            if not same(found[position], wanted):
                # The place only: the value belongs to a person.
                problems.append(f"{name} ({variable['type']}, {variable['format']}): row {row + 1} differs")
                break
    return problems, cells


def main():
    failed = False
    for path in sys.argv[1:]:
        for keep in (False, True):
            problems, cells = compare(path, keep)
            failed |= bool(problems)
            what = "missing kept" if keep else "missing null"
            print(f"{os.path.basename(path)} ({what}): {cells} cells, {len(problems)} differences")
            for problem in problems[:12]:
                print(f"    {problem}")
    sys.exit(failed)


main()
