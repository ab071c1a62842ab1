#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
"""manifests - look into Kubernetes manifests without a cluster.

    manifests.py check FILE...       errors against the API's own schema
    manifests.py unpack FILE DIR     ConfigMaps as DIR/NAME/KEY
    manifests.py show FILE KIND      objects of that kind, as JSON

The schema is that of the official client, which is generated from it; all
fields are checked, and unknown ones are errors as with kubectl's strict
validation.
"""
import json
import os
import re
import sys

import yaml


def objects(path):
    with open(path) as stream:
        return [entry for entry in yaml.safe_load_all(stream) if entry]


def model_of(entry):
    """The client's class for an object: V1Deployment of apps/v1."""
    from kubernetes import client
    version = entry["apiVersion"].split("/")[-1]
    return getattr(client, version.capitalize() + entry["kind"])


SCALARS = {"str": str, "int": int, "bool": bool, "float": (int, float)}


def faults(value, type_name, path):
    """What is wrong with a value that the schema has as this type."""
    from kubernetes import client
    listed = re.fullmatch(r"list\[(.*)\]", type_name)
    mapped = re.fullmatch(r"dict\(str, (.*)\)", type_name)
    if listed:
        if not isinstance(value, list):
            return [f"{path}: no list"]
        return [fault for index, entry in enumerate(value)
                for fault in faults(entry, listed[1], f"{path}[{index}]")]
    if mapped:
        if not isinstance(value, dict):
            return [f"{path}: no mapping"]
        return [fault for key, entry in value.items()
                for fault in faults(entry, mapped[1], f"{path}.{key}")]
    if type_name == "object":
        return []
    if type_name in SCALARS:
        right = isinstance(value, SCALARS[type_name]) and (
            type_name == "bool" or not isinstance(value, bool))
        return [] if right else [f"{path}: no {type_name}: {value!r}"]
    return model_faults(value, getattr(client, type_name), path)


def model_faults(value, model, path):
    if not isinstance(value, dict):
        return [f"{path}: no mapping"]
    names = {name: field for field, name in model.attribute_map.items()}
    found = [f"{path}.{key}: unknown" for key in value if key not in names]
    known = {names[key]: entry for key, entry in value.items()
             if key in names}
    for field, entry in known.items():
        found += faults(entry, model.openapi_types[field],
                        f"{path}.{model.attribute_map[field]}")
    try:
        model(**known)
    except ValueError as error:
        found.append(f"{path}: {error}")
    return found


def check(paths):
    found = []
    for path in paths:
        for entry in objects(path):
            where = f"{path}: {entry['kind']} {entry['metadata']['name']}"
            found += model_faults(entry, model_of(entry), where)
    print("\n".join(found), end="\n" if found else "")
    return 1 if found else 0


def unpack(path, directory):
    for entry in objects(path):
        if entry["kind"] != "ConfigMap":
            continue
        folder = os.path.join(directory, entry["metadata"]["name"])
        os.makedirs(folder, exist_ok=True)
        for key, text in entry["data"].items():
            with open(os.path.join(folder, key), "w") as stream:
                stream.write(text)


def show(path, kind):
    for entry in objects(path):
        if entry["kind"] == kind:
            print(json.dumps(entry))


if __name__ == "__main__":
    if sys.argv[1] == "check":
        sys.exit(check(sys.argv[2:]))
    elif sys.argv[1] == "unpack":
        unpack(*sys.argv[2:4])
    else:
        show(*sys.argv[2:4])
