#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Holds a job file against the schema of the system that reads it: validate.py github|gitlab FILE

Ends with 0 where it is valid, 1 with a line for each fault, 77 with the reason where it cannot be told here.
"""
import json
import os
import pathlib
import sys

project = pathlib.Path(__file__).resolve().parents[2]
deps = pathlib.Path(os.environ.get("REPRISE_DEPS", project / ".deps"))
sys.path.insert(0, str(deps / "jsonschema"))
schemas = deps / "schemas/check_jsonschema/builtin_schemas/vendor"
names = {"github": "github-workflows.json", "gitlab": "gitlab-ci.json"}

try:
    import jsonschema
    import yaml
except ImportError as error:
    print(f"no jsonschema in .deps/jsonschema (scripts/setup.sh fetches it): {error}")
    sys.exit(77)
if not schemas.is_dir():
    print("no schemas in .deps/schemas (scripts/setup.sh fetches them)")
    sys.exit(77)


class Loader(yaml.SafeLoader):
    """YAML 1.2 as these systems read it: `on` is a word and no truth value."""


Loader.yaml_implicit_resolvers = {
    first: [(tag, what) for tag, what in found if tag != "tag:yaml.org,2002:bool" or first in "tTfF"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}

schema = json.loads((schemas / names[sys.argv[1]]).read_text())
document = yaml.load(pathlib.Path(sys.argv[2]).read_text(), Loader)
faults = list(jsonschema.Draft7Validator(schema).iter_errors(document))
for fault in faults:
    print(f"{sys.argv[2]}: {'/'.join(map(str, fault.path))}: {fault.message[:300]}")
sys.exit(1 if faults else 0)
