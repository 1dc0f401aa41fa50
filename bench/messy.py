#!/usr/bin/env python3
"""Messy CSV files, read by Vigie, by DuckDB and by Python's csv module in one run: who gives exactly the right rows, who
refuses, and who loads something else in silence.

    bench/messy.py [--look build/bin/messy_look] [--data FOLDER] [--verbose] [--pollock FOLDER]

The files are those of $VIGIE_SHARED_DATA/messy (else ../shared/data/messy beside the clone), and --pollock may name the
benchmark's own polluted_files and survey_sample. Right is what their clean/ and json/ files say, header included; for the
two folders without such files, what RECIPES says a careful person does, read by the csv module. DuckDB is the PyPI
package; without it its column says so.

Compared as text. What the clean files themselves change is changed on both sides, and nothing else: rows are padded to the
widest; a line break within a field is a line feed (csv_spectrum lost its carriage returns on the way); 2004-2016.csv writes
"missing" as nothing.
"""
import argparse, collections, csv, gzip, io, json, os, re, subprocess, sys, tempfile, zipfile
from pathlib import Path

csv.field_size_limit(10**9)
REFUSE = "refuse"  # no reading of the file is right
RECIPES = {
    "messytables/complex.csv": dict(skipinitialspace=True),
    "messytables/excel_pasting.csv": dict(skip=3, notes=3),
    "messytables/long.csv": dict(header=False),
    "messytables/null.csv": dict(header=False),
    "messytables/skip_initials.csv": dict(),
    "messytables/spanish_chars.csv": dict(encoding="cp1252", notes=1),
    "messytables/utf8bom.csv": dict(encoding="utf-8-sig"),
    "messytables/weird_head_padding.csv": dict(delimiter=";", only_width=11),
    "messytables/example.tsv": dict(delimiter="\t"),
    "frictionless/accent.csv": dict(delimiter=";"),
    "frictionless/blank-cells.csv": dict(),
    "frictionless/blank-headers.csv": dict(),
    "frictionless/blank-rows.csv": dict(),
    "frictionless/bom.csv": dict(encoding="utf-8-sig"),
    "frictionless/defective-rows.csv": REFUSE,
    "frictionless/delimiter.csv": dict(delimiter=";"),
    "frictionless/doublequote.csv": dict(),
    "frictionless/duplicate-column.csv": dict(),
    "frictionless/duplicate-headers.csv": dict(),
    "frictionless/empty.csv": dict(),
    "frictionless/encoding-issue-274.csv": dict(),
    "frictionless/escaping.csv": dict(skipinitialspace=True, escapechar="\\"),
    "frictionless/explicit.csv.gz": dict(unpack=gzip.decompress),
    "frictionless/explicit.csv.zip": dict(unpack=lambda b: (z := zipfile.ZipFile(io.BytesIO(b))).read(z.namelist()[0])),
}


def rows_of(text, **dialect):
    return list(csv.reader(io.StringIO(text, newline=""), **dialect))


def files_of(data):
    for folder in ("polluted", "real_files"):
        yield from (f"{folder}/csv/{name}" for name in sorted(os.listdir(data / folder / "csv")))
    yield from (f"csv_spectrum/csvs/{name}" for name in sorted(os.listdir(data / "csv_spectrum" / "csvs")))
    yield from RECIPES


def recipe_of(raw, unpack=bytes, encoding="utf-8", skip=0, notes=0, header=True, only_width=None, **dialect):
    rows = rows_of(unpack(raw).decode(encoding), **dialect)[skip:]
    rows = rows[: len(rows) - notes]
    rows = [r for r in rows if any(c.strip() for c in r) and (only_width is None or len(r) == only_width)]
    if not rows:
        return [], []
    return (rows[0], rows[1:]) if header else (None, rows)


def truth_of(data, name):
    """(names or None, rows), or REFUSE."""
    path = data / name
    if path.parent.name == "csv":
        folder = path.parent.parent
        parameters = json.loads((folder / "parameters" / f"{path.name}_parameters.json").read_text())
        rows = rows_of((folder / "clean" / path.name).read_text(encoding="utf-8"))
        if not rows:
            return [], []
        if str(parameters["header_lines"]) == "0":  # clean/ has col_0, col_1 …, or nothing, above the rows
            return None, rows[1:] if re.fullmatch(r"col_\d+", rows[0][0]) else rows
        return rows[0], rows[1:]
    if path.parent.name == "csvs":
        records = json.loads((path.parent.parent / "json" / f"{path.stem}.json").read_text(encoding="utf-8"))
        return list(records[0]), [list(r.values()) for r in records]
    recipe = RECIPES[name]
    return recipe if recipe == REFUSE else recipe_of(path.read_bytes(), **recipe)


def comparable(name, table):
    names, rows = table
    width = max([len(names or [])] + [len(r) for r in rows])

    def cell(c):
        c = c.replace("\r\n", "\n")
        return "" if name.endswith("2004-2016.csv") and c == "missing" else c

    def row(r):
        return [cell(c) for c in r] + [""] * (width - len(r))

    return None if names is None else row(names), [row(r) for r in rows]


def verdict(data, name, got):
    if got is None:
        return "refused"
    truth = truth_of(data, name)
    if truth == REFUSE:
        return "wrong"
    names, rows = comparable(name, truth)
    got_names, got_rows = comparable(name, got)
    if names is not None and (got_names or []) != names:
        return "wrong"
    return "right" if got_rows == rows else "wrong"


# --- the three readers: (names or None, rows), or None where they refuse


def read_by_vigie(look, paths):
    with tempfile.TemporaryDirectory(prefix="vigie-messy-") as folder:
        done = subprocess.run([look, folder], input="\n".join(map(str, paths)), capture_output=True, text=True, check=True)
        for line in done.stdout.splitlines():
            answer = json.loads(line)
            if "message" in answer:
                yield None, answer
                continue
            with open(answer["table"], encoding="utf-8", newline="") as text:
                rows = rows_of(text.read())
            names, rows = (rows[0], rows[1:]) if rows else ([], [])
            yield (names if answer["found"]["header_rows"] or not rows else None, rows), answer


def read_by_duckdb(duckdb, path):
    try:
        found = duckdb.connect().execute("SELECT HasHeader FROM sniff_csv(?)", [str(path)]).fetchone()
        answer = duckdb.connect().execute("SELECT * FROM read_csv(?, all_varchar = true)", [str(path)])
        names = [d[0] for d in answer.description]
        rows = [["" if c is None else c for c in r] for r in answer.fetchall()]
    except duckdb.Error:
        return None
    # a name that is not there, or twice, is made up by DuckDB: that is no fault
    names = ["" if re.fullmatch(r"column\d+", n) else n for n in names]
    return (names if found[0] else None), rows


def read_by_sniffer(path):
    raw = path.read_bytes()
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = raw.decode("latin-1")
    try:
        dialect = csv.Sniffer().sniff(text)
        rows = [r for r in rows_of(text, dialect=dialect) if r]
        header = csv.Sniffer().has_header(text)
    except (csv.Error, StopIteration, ValueError):
        return None
    return (rows[0], rows[1:]) if header else (None, rows)


def without_twins(names):
    """DuckDB writes the second "id" as id_1: compared without that."""
    seen, out = collections.Counter(), []
    for n in names:
        out.append(n if not seen[n] else f"{n}_{seen[n]}")
        seen[n] += 1
    return out


def main():
    here = Path(__file__).resolve().parent.parent
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--look", default=here / "build/bin/messy_look")
    parser.add_argument("--data", type=Path, default=None)
    parser.add_argument("--pollock", type=Path, default=None)
    parser.add_argument("--verbose", action="store_true")
    said = parser.parse_args()
    data = said.data or Path(os.environ.get("VIGIE_SHARED_DATA", here / "../shared/data")) / "messy"
    names = list(files_of(data))
    if said.pollock:
        data = said.pollock
        names = [f"{f}/csv/{n}" for f in ("polluted_files", "survey_sample") for n in sorted(os.listdir(data / f / "csv"))
                 if (data / f / "clean" / n).exists() and (data / f / "parameters" / f"{n}_parameters.json").exists()]
    try:
        import duckdb
    except ImportError:
        duckdb = None
    tally = {reader: collections.Counter() for reader in ("vigie", "duckdb", "csv.Sniffer")}
    for name, (got, answer) in zip(names, read_by_vigie(said.look, [data / n for n in names]), strict=True):
        mine = verdict(data, name, got)
        if mine == "wrong" and answer["found"]["names_in_doubt"]:
            truth = comparable(name, truth_of(data, name))
            mine = "names in doubt, told" if comparable(name, got)[1] == truth[1] else mine
        tally["vigie"][mine] += 1
        if mine == "refused" and said.pollock and not said.verbose:
            pass
        elif mine == "refused":
            print(f"refused: {name}: line {answer['line']}: {answer['message']}")
        elif mine != "right":
            print(f"{mine}: {name}: {[n['sentence'] for n in answer['found']['notices']]}")
        if duckdb and not said.pollock:
            table = read_by_duckdb(duckdb, data / name)
            theirs = verdict(data, name, table)
            truth = truth_of(data, name)
            if theirs == "wrong" and truth != REFUSE and truth[0] and table[0] == without_twins([n.strip() for n in truth[0]]):
                theirs = verdict(data, name, (truth[0], table[1]))
            tally["duckdb"][theirs] += 1
        if not said.pollock:
            tally["csv.Sniffer"][verdict(data, name, read_by_sniffer(data / name))] += 1
    print(f"\n{len(names)} files")
    for reader, counts in tally.items():
        if counts:
            parts = ", ".join(f"{counts[k]} {k}" for k in ("right", "refused", "wrong", "names in doubt, told") if counts[k] or k != "names in doubt, told")
            print(f"{reader:12} {100 * counts['right'] / len(names):5.1f} %  {parts}")
        else:
            print(f"{reader:12} not asked" + ("" if duckdb or reader != "duckdb" else ": no package duckdb here"))
    best = max(t["right"] for t in tally.values())
    return 0 if tally["vigie"]["wrong"] == 0 and tally["vigie"]["right"] == best else 1


if __name__ == "__main__":
    sys.exit(main())
