#!/usr/bin/env python3
"""What must hold of every preset by its form alone (docs/presets.md). lint.py [PRESET…]   (wants PyYAML and duckdb of PyPI)"""
import pathlib
import re
import sys

import duckdb
import yaml

ROOT = pathlib.Path(__file__).resolve().parents[2] / "presets"
WORDS = {
    "preset": {"preset", "label", "known_as", "read", "common", "objects", "maps", "notes"},
    "object": {"label", "names", "needed", "by_name", "read", "known_by", "columns"},
    "read": {"delimiter", "quote", "encoding", "skip", "short_rows", "null_values"},
    "step": {"map", "needs", "any", "unless"},
}
NAME = re.compile(r"[A-Za-z][A-Za-z0-9_]*\Z")  # the FEC has names of the law: JournalCode


def wrong_in(folder):
    preset = yaml.safe_load((folder / "preset.yaml").read_text(encoding="utf-8"))
    name = folder.name

    def words(what, given, allowed):
        for word in set(given) - WORDS[allowed]:
            yield f"{what}: unknown word {word}"

    def both(what, text):
        if not isinstance(text, dict) or set(text) != {"en", "fr"} or not all(isinstance(t, str) and t for t in text.values()):
            yield f"{what}: wants en and fr"

    yield from words("preset", preset, "preset")
    yield from both("label", preset["label"])
    yield from words("read", preset.get("read", {}), "read")
    if preset["preset"] != name:
        yield f"preset is {preset['preset']}, its folder {name}"
    for note in preset["notes"]:
        yield from both(f"note {note}", note)
    common = preset.get("common", {})
    columns = {}
    for object, spec in preset["objects"].items():
        yield from words(object, spec, "object")
        yield from both(object, spec["label"])
        yield from words(f"{object}.read", spec.get("read", {}), "read")
        for column, aliases in {**spec["columns"], **common}.items():
            if not NAME.match(column):
                yield f"{object}.{column}: a name is of letters, 0-9 and _"
            if isinstance(aliases, dict) and (set(aliases) != {"gather"} or not all(p.endswith("*") for p in aliases["gather"])):
                yield f"{object}.{column}: gather is a list of beginnings that end in *"
            elif not isinstance(aliases, (dict, list)):
                yield f"{object}.{column}: a list of other names"
        for column in set(spec["columns"]) & set(common):
            yield f"{object}.{column}: is common already"
        for column in spec["known_by"]:
            if column not in spec["columns"]:
                yield f"{object}: known_by {column} is no column of it"
        columns[object] = list(spec["columns"]) + list(common)
    listed = [step["map"] for step in preset["maps"]]
    files = {path.stem for path in folder.glob("*.yaml")} - {"preset"}
    for lost in files ^ set(listed):
        yield f"{lost}: listed without a file, or a file that is not listed"
    if len(listed) != len(set(listed)):
        yield "a map is listed twice"
    used = set()
    for step in preset["maps"]:
        where = step["map"]
        yield from words(where, step, "step")
        map = yaml.safe_load((folder / f"{where}.yaml").read_text(encoding="utf-8"))
        if map["map"] != f"{name}_{where}" or map["source"] != name:
            yield f"{where}: the map is {map['map']} of {map['source']}, not {name}_{where} of {name}"
        inputs = map.get("inputs") or {"": map["input"]}
        used |= set(inputs.values())
        for word in ("needs", "any", "unless"):
            for object in step.get(word, []):
                if object not in columns:
                    yield f"{where}: {word} {object} is no object"
        for object in step.get("needs", []) + step.get("any", []):
            if object not in inputs.values():
                yield f"{where}: needs {object}, which it does not read"
        if not step.get("needs") and not step.get("any"):
            yield f"{where}: needs nothing"
        for alias, object in inputs.items():
            if object not in columns:
                yield f"{where}: {object} is no object"
        if "query" in map:
            engine = duckdb.connect()
            for alias, object in inputs.items():
                engine.execute(f'CREATE TABLE "{alias}" (' + ", ".join(f'"{c}" VARCHAR' for c in columns[object]) + ")")
            try:
                given = {c[0] for c in engine.execute(map["query"]).description}
            except duckdb.Error as error:
                yield f"{where}: {error}"
                continue
        else:
            given = set(columns[inputs[""]])
        for column, spec in map["columns"].items():
            from_ = spec if isinstance(spec, (str, list)) else spec.get("from", [])
            for one in [from_] if isinstance(from_, str) else from_:
                if one not in given:
                    yield f"{where}: {column} comes from {one}, which is not there"
    for object in set(columns) - used:
        yield f"{object}: no map reads it"
    texts = {step["map"]: (folder / f"{step['map']}.yaml").read_text(encoding="utf-8") for step in preset["maps"]}
    for object, spec in preset["objects"].items():
        readers = "".join(text for text in texts.values() if re.search(rf"(: |\b){object}\b", text))
        for column in spec["columns"]:
            if column not in spec["known_by"] and not re.search(rf"\b{column}\b", readers):
                yield f"{object}.{column}: no map reads it"


def main():
    wanted = sys.argv[1:] or sorted(p.parent.name for p in ROOT.glob("*/preset.yaml"))
    wrong = [f"{name}: {text}" for name in wanted for text in wrong_in(ROOT / name)]
    print("\n".join(wrong) or f"{len(wanted)} presets: nothing wrong found")
    sys.exit(1 if wrong else 0)


main()
