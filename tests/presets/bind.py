#!/usr/bin/env python3
"""Gives the files of a folder to the objects of a preset, as docs/presets.md says it; a stand-in for the door in C++.

bind.py PRESET.YAML OUT FILE…       OBJECT=FILE says it by hand

Writes OUT/OBJECT for every object: a CSV with the object's own columns, in the order of the preset; header only where no file
was found. Prints to standard output the maps that run, in their order, a name a line; to standard error what was given to what.
"""
import csv
import gzip
import io
import json
import os
import re
import sys

import yaml

csv.field_size_limit(1 << 27)


def bare(name):
    """A name without its separators: StageName, stage_name and "Stage name" are one."""
    return "".join(c for c in name.casefold() if c.isalnum())


def stop(text):
    sys.exit("bind: " + text)


class Object:
    def __init__(self, name, spec, common, read):
        self.name, self.spec = name, spec
        self.names = [name] + spec.get("names", [])
        self.needed, self.by_name = spec.get("needed", False), spec.get("by_name", False)
        self.read = {**read, **spec.get("read", {})}
        self.columns = {}
        for column, aliases in {**spec["columns"], **common}.items():
            gather = isinstance(aliases, dict)
            self.columns[column] = (gather, aliases["gather"] if gather else [column] + (aliases or []))
        for column in spec["known_by"]:
            if column not in self.columns:
                stop(f"{name}: known_by names {column}, which is no column of it")
        unknown = set(spec) - {"label", "names", "needed", "by_name", "read", "known_by", "columns"}
        if unknown:
            stop(f"{name}: unknown words {unknown}")


def text_of(value):
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False)
    return str(value)


def opened(path, encoding):
    raw = gzip.open(path, "rb") if path.endswith(".gz") else open(path, "rb")
    return io.TextIOWrapper(raw, encoding=encoding, newline="")


def records(path, read):
    """The header and the rows (dicts of texts) of a CSV file or of JSON lines. Singer messages are taken apart."""
    stem = path[:-3] if path.endswith(".gz") else path
    encoding = {"utf-8": "utf-8-sig", "windows-1252": "cp1252", "utf-16": "utf-16"}[read.get("encoding", "utf-8")]
    with opened(path, encoding) as file:
        if stem.endswith((".jsonl", ".ndjson")):
            header, rows = {}, []
            for line in file:
                if not line.strip():
                    continue
                record = json.loads(line, parse_float=str, parse_int=str)
                if record.get("type") in ("SCHEMA", "STATE"):
                    continue
                if record.get("type") == "RECORD" and "record" in record:
                    record = record["record"]
                rows.append({k: text_of(v) for k, v in record.items()})
                header.update(dict.fromkeys(record))
            return list(header), rows
        for _ in range(read.get("skip", 0)):
            file.readline()
        text = file.read()
    delimiter = {"tab": "\t"}.get(read.get("delimiter"), read.get("delimiter"))
    if delimiter is None:
        first = text.split("\n", 1)[0]
        delimiter = max(",;\t|", key=first.count)
    lines = list(csv.reader(io.StringIO(text), delimiter=delimiter))
    if not lines:
        return [], []
    nulls = set(read.get("null_values", []))
    seen, header = {}, []
    for name in lines[0]:
        seen[name] = seen.get(name, 0) + 1
        header.append(name if seen[name] == 1 else f"{name} ({seen[name]})")
    width = len(header)
    rows = []
    for line in lines[1:]:
        if not line or line == [""]:
            continue
        line += [""] * (width - len(line))
        rows.append({h: ("" if v.strip() in nulls else v) for h, v in zip(header, line)})
    return header, rows


def is_object(text):
    return text.startswith("{")


class Source:
    """Where the columns of an object are in one file."""

    def __init__(self, object, header, rows):
        self.by_name = {}
        for name in header:
            self.by_name.setdefault(bare(name), name)
        self.header, self.rows, self.object = header, rows, object

    def finder(self, alias):
        """A function of a row that gives the alias's value, or None where the file has no such column."""
        found = self.by_name.get(bare(alias))
        if found is not None:
            return lambda row: row.get(found, "")
        if "." not in alias:
            return None
        outer, rest = alias.split(".", 1)
        found = self.by_name.get(bare(outer))
        if found is None or not any(is_object(r.get(found, "")) for r in self.rows):
            return None
        path = rest.split(".")

        def member(row):
            value = json.loads(row[found], parse_float=str, parse_int=str) if is_object(row.get(found, "")) else None
            for step in path:
                value = value.get(step) if isinstance(value, dict) else None
            return text_of(value)
        return member if any(member(r) for r in self.rows) else None

    def column(self, name):
        gather, aliases = self.object.columns[name]
        if gather:
            return self.gathered(aliases)
        for alias in aliases:
            find = self.finder(alias)
            if find:
                return find
        return None

    def gathered(self, patterns):
        """All columns whose name begins as the pattern does, as one JSON object: what follows → value."""
        columns, inside = {}, []
        for pattern in patterns:
            begin = pattern.rstrip("*")
            want = bare(begin)
            for name in self.header:
                if bare(name).startswith(want):
                    end = next(i for i in range(len(name) + 1) if bare(name[:i]) == want)
                    columns.setdefault(name, name[end:].lstrip("_. -"))
            if "." in begin:
                outer, rest = begin.split(".", 1)
                found = self.by_name.get(bare(outer))
                if found:
                    inside.append((found, rest))

        def collect(row):
            out = {rest: row[name] for name, rest in columns.items() if rest and row.get(name)}
            for found, rest in inside:
                if is_object(row.get(found, "")):
                    for k, v in json.loads(row[found], parse_float=str, parse_int=str).items():
                        if k.startswith(rest) and text_of(v):
                            out[k[len(rest):]] = text_of(v)
            return json.dumps(out) if out else ""
        return collect

    def lacks(self):
        return [c for c in self.object.spec["known_by"] if self.column(c) is None]


def file_name(path, products):
    """What a file is called: hubspot_Deals-2025-01-31.csv.gz is "deals"."""
    name = os.path.basename(path)
    while re.search(r"\.(csv|tsv|txt|jsonl|ndjson|parquet|gz|zst)$", name, re.I):
        name = name.rsplit(".", 1)[0]
    name = bare(re.sub(r"([-_. ]+(\d[-_.\dTZ]*|data|export))+$", "", name, flags=re.I))
    for product in sorted(map(bare, products), key=len, reverse=True):
        if name.startswith(product) and name != product:
            return name[len(product):]
    return name


def choose(objects, path, products):
    """The object of a file: by its name and header, or by its header alone where no name is like it."""
    def source(o):
        header, rows = records(path, o.read)
        return Source(o, header, rows)
    name = file_name(path, products)
    called = [o for o in objects if name in map(bare, o.names)]
    fits = [s for s in map(source, called or [o for o in objects if not o.by_name]) if not s.lacks()]
    if len(fits) == 1:
        return fits[0]
    if len(fits) > 1:
        print(f"  {os.path.basename(path)} may be {' or '.join(s.object.name for s in fits)}: left alone; say OBJECT=FILE", file=sys.stderr)
        return None
    for o in called:
        print(f"  {os.path.basename(path)} is called like {o.name}, but has no column {', '.join(source(o).lacks())}: left alone", file=sys.stderr)
    if not called:
        print(f"  {os.path.basename(path)}: of no object of this preset, left alone", file=sys.stderr)
    return None


def main():
    preset_file, out, files = sys.argv[1], sys.argv[2], sys.argv[3:]
    preset = yaml.safe_load(open(preset_file))
    common = preset.get("common", {})
    products = [preset["preset"]] + preset.get("known_as", [])
    unknown = set(preset) - {"preset", "label", "known_as", "read", "common", "objects", "maps", "notes"}
    if unknown:
        stop(f"unknown words {unknown}")
    objects = [Object(n, s, common, preset.get("read", {})) for n, s in preset["objects"].items()]
    os.makedirs(out, exist_ok=True)
    given = {}
    for file in sorted(files):
        if "=" in file and not os.path.exists(file):
            name, path = file.split("=", 1)
            object = next((o for o in objects if o.name == name), None) or stop(f"no object {name}")
            found = Source(object, *records(path, object.read))
            if found.lacks():
                stop(f"{path} has no column {', '.join(found.lacks())} of {name}")
        else:
            found, path = choose(objects, file, products), file
        if found:
            given.setdefault(found.object.name, []).append((path, found))
    missing = [o.name for o in objects if o.needed and o.name not in given]
    if missing:
        stop(f"needed and not there: {', '.join(missing)}")
    for object in objects:
        with open(os.path.join(out, object.name), "w", newline="", encoding="utf-8") as file:
            writer = csv.writer(file)
            writer.writerow(object.columns)
            for path, source in given.get(object.name, []):
                finders = [source.column(c) for c in object.columns]
                for row in source.rows:
                    writer.writerow([f(row) if f else "" for f in finders])
                absent = [c for c, f in zip(object.columns, finders) if not f]
                print(f"  {os.path.basename(path)} → {object.name} ({len(source.rows)} rows)" + (f"; without {', '.join(absent)}" if absent else ""), file=sys.stderr)
    names = {o.name for o in objects}
    if not given:
        stop("no file is of an object of this preset")
    for step in preset["maps"]:
        for word in ("needs", "any", "unless"):
            for name in step.get(word, []):
                if name not in names:
                    stop(f"map {step['map']}: {name} is no object")
        if all(n in given for n in step.get("needs", [])) and not any(n in given for n in step.get("unless", [])) \
                and ("any" not in step or any(n in given for n in step["any"])):
            print(step["map"])


main()
