#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds exports of cards against the schemas of those who read them: validate.py FORM FILE...

Ends with 0 where all are valid, 1 with a line for each fault, 77 with the reason where it cannot be told here.
"""
import gzip
import json
import pathlib
import subprocess
import sys

here = pathlib.Path(__file__).resolve().parent
deps = here.parents[1] / ".deps"
sys.path.insert(0, str(deps / "jsonschema"))


def skip(reason):
    print(reason)
    sys.exit(77)


def packed(name):
    return json.loads(gzip.decompress((here / "schemas" / name).read_bytes()))


def strings(tree):
    """As the tool reads YAML: a date is the text that stands there."""
    import yaml

    class Loader(yaml.SafeLoader):
        pass

    Loader.yaml_implicit_resolvers = {
        first: [(tag, what) for tag, what in found if tag != "tag:yaml.org,2002:timestamp"]
        for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
    }
    return yaml.load(tree, Loader)


def validator(form):
    try:
        import jsonschema
        import referencing
        import yaml  # noqa: F401
    except ImportError as error:
        skip(f"no jsonschema in .deps/jsonschema (scripts/setup.sh fetches it): {error}")
    if form == "mot":
        schema = json.loads((here / "schemas/mof_schema.json").read_text())
        return jsonschema.Draft202012Validator(schema), strings
    others = [packed("spdx.schema.json.gz"), packed("jsf-0.82.schema.json.gz")]
    registry = referencing.Registry().with_resources(
        (one["$id"], referencing.Resource.from_contents(one)) for one in others
    )
    return jsonschema.Draft7Validator(packed("bom-1.6.schema.json.gz"), registry=registry), json.loads


def faults_by_schema(form, files):
    check, read = validator(form)
    for file in files:
        for error in check.iter_errors(read(pathlib.Path(file).read_text())):
            yield f"{file}: {'/'.join(map(str, error.absolute_path))}: {error.message[:300]}"


# Of the hub's page of licences (huggingface/hub-docs, docs/hub/repositories-licenses.md), those that cards here use.
hub_licences = {"apache-2.0", "mit", "cc0-1.0", "other"}


def faults_by_hub(files):
    python = deps / "venv/bin/python"
    code = (
        "import json, pathlib, sys\n"
        "from huggingface_hub import ModelCard\n"
        "for file in sys.argv[1:]:\n"
        "    print(json.dumps([file, ModelCard(pathlib.Path(file).read_text()).data.to_dict()]))\n"
    )
    if not python.exists():
        skip("no Python with huggingface_hub in .deps/venv (scripts/setup.sh makes it)")
    ran = subprocess.run([python, "-c", code, *files], capture_output=True, text=True)
    if ran.returncode != 0:
        yield ran.stderr[-500:]
    for line in ran.stdout.splitlines():
        file, data = json.loads(line)
        if not data.get("tags") or "openness-card" not in data["tags"]:
            yield f"{file}: tags {data.get('tags')}"
        if data.get("license", "other") not in hub_licences:
            yield f"{file}: the hub knows no licence '{data['license']}'"
        if data.get("license") == "other" and not data.get("license_name"):
            yield f"{file}: license is other, and has no license_name"


def main():
    form, files = sys.argv[1], sys.argv[2:]
    found = list(faults_by_hub(files) if form == "hugging-face" else faults_by_schema(form, files))
    for fault in found:
        print(fault)
    print(f"{len(files)} files, {len(found)} faults")
    sys.exit(1 if found or not files else 0)


main()
