#!/usr/bin/env python3
"""Holds a workspace against the golden figures of a file. check.py VIGIE WORKSPACE EXPECTED.md   (wants duckdb of PyPI for `sql`)

Lines that begin with four blanks are checks, everything else is told to people:

    kpi ARGS => VALUE              total.value of `vigie kpi ARGS`; `=> PATH VALUE` another member (total.n)
    sql SELECT => A | B ; C | D    rows of the warehouse; moments as to_timestamp says them are for the query to write
"""
import json
import subprocess
import sys

import duckdb


def written(value):
    if value is None:
        return "null"
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    text = str(value)
    return text.rstrip("0").rstrip(".") if "." in text and text.replace(".", "").lstrip("-").isdigit() else text


def main():
    vigie, workspace, expected = sys.argv[1:4]
    failed = count = 0
    for number, line in enumerate(open(expected, encoding="utf-8"), 1):
        if not line.startswith(("    kpi ", "    sql ")):
            continue
        kind, rest = line.strip().split(" ", 1)
        asked, want = (part.strip() for part in rest.rsplit("=>", 1))
        count += 1
        if kind == "kpi":
            path, want = want.split(" ", 1) if " " in want else ("total.value", want)
            run = subprocess.run([vigie, "kpi", "-w", workspace, "--format", "json", *asked.split()], capture_output=True, text=True)
            if run.returncode:
                got = run.stderr.strip()
            else:
                value = json.loads(run.stdout)
                for step in path.split("."):
                    value = value[int(step)] if step.isdigit() else value[step]
                got = written(value)
        else:
            with duckdb.connect(f"{workspace}/data/warehouse.duckdb", read_only=True) as store:
                got = " ; ".join(" | ".join(map(written, row)) for row in store.execute(asked).fetchall())
        if got != want:
            failed += 1
            print(f"{expected}:{number}: {asked}\n  expected {want}\n  got      {got}")
    print(f"{expected}: {count - failed} of {count} right")
    sys.exit(1 if failed or not count else 0)


main()
