# SPDX-License-Identifier: ISC
"""What is shipped holds: policies and command files fit their schemas, the policies' own tests
hold, and what writ prints is what the schemas of decisions and events say.

    test_policies.py WRIT PRINT_EVENTS POLICIES DECISIONS
"""

import glob
import json
import os
import subprocess
import sys
import tempfile

import jsonschema
from tap import Tap

WRIT, PRINT_EVENTS, POLICIES, DECISIONS = (os.path.abspath(path) for path in sys.argv[1:5])
KINDS = ("policy", "command", "decision", "event")
tap = Tap()


def load(path):
    with open(path, encoding="utf-8") as f:
        return json.load(f)


schemas = {kind: load(os.path.join(POLICIES, "schema", kind + ".schema.json")) for kind in KINDS}
store = {schema["$id"]: schema for schema in schemas.values()}
validators = {kind: jsonschema.Draft202012Validator(
    schema, resolver=jsonschema.RefResolver(schema["$id"], schema, store=store))
    for kind, schema in schemas.items()}


def why(kind, instance):
    """"" if the instance fits; otherwise where it does not."""
    error = jsonschema.exceptions.best_match(validators[kind].iter_errors(instance))
    return "%s: %s" % (error.json_path, error.message[:300]) if error else ""


def fits(kind, instance, name):
    reason = why(kind, instance)
    return tap.ok(not reason, name, reason)


def resolve(schema, node):
    while isinstance(node, dict) and "$ref" in node and "title" not in node:
        base, _, pointer = node["$ref"].partition("#")
        node = store[base] if base else schema
        for part in pointer.strip("/").split("/"):
            node = node[part]
        if base:
            schema = store[base]
    return node


def undocumented(schema, node, where="$"):
    """The properties without title and description."""
    found = []
    if isinstance(node, list):
        for i, item in enumerate(node):
            found += undocumented(schema, item, "%s[%d]" % (where, i))
    elif isinstance(node, dict):
        for key, value in node.items():
            if key == "properties" and where.rsplit(".", 1)[-1] not in ("if", "then", "else"):
                for name, prop in value.items():
                    target = resolve(schema, prop)
                    if "title" not in target or "description" not in target:
                        found.append("%s.%s" % (where, name))
            found += undocumented(schema, value, "%s.%s" % (where, key))
    return found


def open_objects(node, where="$"):
    """The objects with fixed keys that let others through."""
    found = []
    if isinstance(node, list):
        for i, item in enumerate(node):
            found += open_objects(item, "%s[%d]" % (where, i))
    elif isinstance(node, dict):
        fixed = "properties" in node and node.get("type") == "object"
        if fixed and node.get("additionalProperties") is not False:
            found.append(where)
        for key, value in node.items():
            found += open_objects(value, "%s.%s" % (where, key))
    return found


def check_schemas():
    for kind, schema in schemas.items():
        try:
            jsonschema.Draft202012Validator.check_schema(schema)
            problem = ""
        except jsonschema.SchemaError as e:
            problem = str(e)
        tap.ok(not problem, "%s.schema.json is a schema" % kind, problem)
        tap.equal(undocumented(schema, schema), [], "%s.schema.json describes every key" % kind)
        tap.equal(open_objects(schema), [], "%s.schema.json lets no unknown key through" % kind)


def shipped():
    commands = sorted(glob.glob(os.path.join(POLICIES, "commands", "*.json")))
    policies = sorted(glob.glob(os.path.join(POLICIES, "*.json")))
    tap.ok(len(commands) >= 8 and len(policies) >= 2, "there are shipped files")
    for path in commands + sorted(glob.glob(os.path.join(DECISIONS, "commands", "*.json"))):
        fits("command", load(path), "command file " + os.path.basename(path))
    for path in policies:
        name = os.path.basename(path)
        fits("policy", load(path), "policy " + name)
        done = subprocess.run([WRIT, "test", "--commands", os.path.join(POLICIES, "commands"),
                               path],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        tap.ok(done.returncode == 0 and b"all hold" in done.stdout, "the tests of " + name,
               done.stdout.decode("utf-8", "replace"))
        tap.ok(len(load(path).get("tests", [])) >= 60, name + " has at least 60 tests")


# Groups of errors.json that the schema must refuse as well: by the beginning or end of their names.
REFUSED = ("an unknown", "version", "a note that", "when in", "rules is", "an empty",
           "a matcher that", "a rule without")
REFUSED_END = (" in a deny rule", "may not stand here", "that writes")
# An unknown word in a place where any name may stand, and errors in other files.
LEFT_TO_WRIT = ("an unknown nested command", "an unknown option in a nested command",
                "an unknown key in",
                "an unknown syntax", "an unknown type", "an unknown class of")


def groups():
    """The policies of the decisions, and whether they are right."""
    for path in sorted(glob.glob(os.path.join(DECISIONS, "*.json"))):
        for group in load(path):
            if isinstance(group["policy"], dict):
                yield os.path.basename(path), group


def examples():
    refused = 0
    for file, group in groups():
        name = "%s: %s" % (file, group["name"])
        if "error" not in group:
            fits("policy", group["policy"], name)
            continue
        must = group["name"].startswith(REFUSED) or group["name"].endswith(REFUSED_END)
        if must and not group["name"].startswith(LEFT_TO_WRIT):
            refused += 1
            tap.ok(why("policy", group["policy"]), name + ": refused by the schema too")
    tap.ok(refused > 30, "enough wrong policies were tried", str(refused))


def decisions():
    with tempfile.TemporaryDirectory(prefix="writ-policies-") as folder:
        commands = os.path.join(folder, "commands")
        os.mkdir(commands)
        for source in (os.path.join(POLICIES, "commands"), os.path.join(DECISIONS, "commands")):
            for path in glob.glob(os.path.join(source, "*.json")):
                os.symlink(path, os.path.join(commands, os.path.basename(path)))
        for file, group in groups():
            if "error" in group or "commands" in group:
                continue
            for name, content in [("policy.json", group["policy"])] + list(group.get("beside",
                                                                                     {}).items()):
                with open(os.path.join(folder, name), "w", encoding="utf-8") as f:
                    json.dump(content, f)
            lines = ["not JSON"]
            for case in group["cases"]:
                words = case["run"].split(" ") if isinstance(case["run"], str) else case["run"]
                if all(isinstance(word, str) for word in words):
                    lines.append(json.dumps(words))
            done = subprocess.run([WRIT, "check", "--batch", "--policy",
                                   os.path.join(folder, "policy.json"),
                                   "--commands", commands], input="\n".join(lines).encode(),
                                  stdout=subprocess.PIPE, check=False)
            printed = [json.loads(line) for line in done.stdout.splitlines()]
            problems = [p for p in (why("decision", d) for d in printed) if p]
            tap.ok(len(printed) == len(lines) and not problems,
                   "%s: %s: %d decisions fit their schema" % (file, group["name"], len(lines)),
                   "%d printed\n%s" % (len(printed), "\n".join(problems[:3])))


def events():
    done = subprocess.run([PRINT_EVENTS], stdout=subprocess.PIPE, check=True)
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    tap.equal(len(lines), 10, "ten events")
    for line in lines:
        fits("event", line, "event %s %s" % (line["event"], line.get("code", line.get("error"))))
        tap.ok(why("event", dict(line, extra=1)), "an event with a key too many does not fit")


def types():
    """Every type of the command schema is one that writ knows."""
    known = schemas["command"]["$defs"]["option"]["properties"]["value"]["enum"]
    with tempfile.TemporaryDirectory(prefix="writ-policies-") as folder:
        file = {"command": "all", "programs": ["/usr/bin/all"], "syntax": "pflag",
                "options": {"o%d" % i: {"value": t, "class": "detail"} for i,
                            t in enumerate(known)}}
        with open(os.path.join(folder, "all.json"), "w", encoding="utf-8") as f:
            json.dump(file, f)
        fits("command", file, "a command file with every type")
        done = subprocess.run([WRIT, "parse", "--commands", folder, "--json", "--", "all"],
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
        tap.ok(done.returncode == 0, "writ knows every type of the schema", done.stdout.decode())


check_schemas()
shipped()
examples()
decisions()
events()
types()
sys.exit(tap.done())
