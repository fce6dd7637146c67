# SPDX-License-Identifier: ISC
"""writ parse and writ test."""

import json
import os
import sys

from command import (COMMANDS, POLICY, SHIPPED, control_free, folder, parse, path_of, policy, tap,
                     writ)


def parses():
    status, out, _ = parse("--json", "--", "/opt/tool/bin/tool", "-H", "x", "run", "-ftv",
                           "data:/b", "--tty=false",
                           "--cap", "sys_admin", "--maybe", "--mount",
                           "type=volume,target=/d,volume-opt=a=b",
                           "--network", "name=n,alias=p,alias=q", "img", "sh", "-c", "x y")
    tap.equal([status, json.loads(out)], [0, {
        "command": "tool run", "program": "/opt/tool/bin/tool",
        "options": [
            {"name": "host", "of": "tool", "value": "x"},
            {"name": "flag", "value": True},
            {"name": "tty", "value": True},
            {"name": "volume", "value": "data:/b",
             "fields": {"kind": "volume", "source": "data", "target": "/b"}},
            {"name": "tty", "value": False},
            {"name": "cap", "value": "sys_admin", "normal": "CAP_SYS_ADMIN"},
            {"name": "maybe", "value": None},
            {"name": "mount", "value": "type=volume,target=/d,volume-opt=a=b",
             "fields": {"type": "volume", "target": "/d", "volume-opt": ["a=b"]}},
            {"name": "network", "value": "name=n,alias=p,alias=q",
             "fields": {"name": "n", "alias": ["p", "q"]}}],
        "operands": {"IMAGE": ["img"], "COMMAND": ["sh", "-c", "x y"]}}], "parse: the whole object")
    status, out, _ = parse("--json", "--", "tool", "begin", "a", "b", "-f", "c")
    tap.equal([status, json.loads(out)["operands"], json.loads(out)["program"]],
              [0, {"NAME": ["a", "b", "c"]}, "/usr/bin/tool"], "parse: a repeated operand")
    status, out, err = parse("--json", "--", "tool", "run", "--privilegde", "img")
    tap.ok(status == 1 and list(json.loads(out)) == ["error"]
           and "--privilegde" in json.loads(out)["error"]
           and not err, "parse: what cannot be read", repr(out))
    status, out, err = parse("--", "tool", "run", "--privilegde", "img")
    tap.ok(status == 1 and not out and b"--privilegde" in err, "parse: the same for people")
    status, out, err = parse("--json", "--", "no-such-program", "x")
    tap.ok(status == 1 and "error" in json.loads(out) and not err,
           "parse: a program without a command file")
    status, out, err = parse("--json", "--", "../commands/tool", "x")
    tap.ok(status == 1 and "error" in json.loads(out), "parse: a relative path")
    status, out, err = parse("--json", "--", "")
    tap.ok(status == 1 and "error" in json.loads(out), "parse: no name")
    status, out, err = parse("--", "tool", "-H", "x\x1b", "run", "-v", "/:/h", "img", "sh", "a b")
    tap.ok(status == 0 and control_free(out) and b"--host" in out and b"(tool)" in out
           and b"source /" in out and b"COMMAND sh 'a b'" in out, "parse: for people", repr(out))
    broken = os.path.join(folder, "broken-commands")
    os.mkdir(broken)
    with open(os.path.join(broken, "tool.json"), "w", encoding="utf-8") as f:
        f.write('{\n"command": "tool",\n"sintax": "pflag" }\n')
    for extra in ([], ["--json"]):
        status, out, err = writ("parse", "--commands", broken, *extra, "--", "tool")
        tap.ok(status == 2 and not out and b"tool.json:3: $.sintax: unknown key 'sintax'" in err,
               "parse: a broken command file " + " ".join(extra), "%d %r %r" % (status, out, err))
    lines = [b'["tool","begin","a"]', b'["tool"]', b'[]', b'{"argv":["tool"]}', b'',
             b'["tool","begin",1]',
             b'["none"]', b"x" * (2 << 20), b'["tool","group","list"]']
    status, out, err = writ("parse", "--commands", COMMANDS, "--batch", "--json",
                            stdin=b"\n".join(lines))
    answers = [json.loads(line) for line in out.splitlines()]
    tap.equal([status, ["error" in a for a in answers], err],
              [0, [False, True, True, True, True, True, True, True, False], b""], "parse --batch")
    status, out, _ = writ("parse", "--commands", SHIPPED, "--json", "--", "docker", "run",
                          "-itv=/:/h", "alpine")
    tap.equal([status, json.loads(out)["command"], [o["name"] for o in json.loads(out)["options"]]],
              [0, "docker container run", ["interactive", "tty", "volume"]],
              "parse: the shipped docker.json")


# Lines of shipped programs: the command, options as NAME or NAME=VALUE, operands; or None.
LINES = [
    ("iptables -A INPUT ! -s 10.1.2.3/8 -p tcp -m tcp ! --dport 22 -j DROP", "iptables",
     ["append=INPUT", "!source=10.1.2.3/8", "protocol=tcp", "match=tcp", "!destination-port=22",
      "jump=DROP"], []),
    ("iptables -nvL INPUT 3", "iptables", ["numeric", "verbose", "list=INPUT", "rule-number=3"],
     []),
    ("iptables -P INPUT DROP", "iptables", ["policy=INPUT", "target=DROP"], []),
    ("iptables -A INPUT --dport 22 -p tcp", None, [], []),
    ("iptables -A INPUT -j NOSUCH -p tcp --dport 22", None, [], []),
    ("iptables -A INPUT -s example.org", None, [], []),
    ("ip6tables -S OUTPUT 1", "ip6tables", ["list-rules=OUTPUT", "rule-number=1"], []),
    ("grep -e a -e b /etc/hosts", "grep", ["regexp=a", "regexp=b"], ["FILE=/etc/hosts"]),
    ("grep a /etc/hosts", "grep", [], ["PATTERN=a", "FILE=/etc/hosts"]),
    ("grep -f/etc/shadow x", "grep", ["file=/etc/shadow"], ["FILE=x"]),
    ("nh os switch -n . -- --show-trace -- x", "nh os switch", ["dry"],
     ["INSTALLABLE=.", "NIX_ARGUMENT=--show-trace", "NIX_ARGUMENT=--", "NIX_ARGUMENT=x"]),
    ("nh os switch --option sandbox false", "nh os switch",
     ["option=sandbox", "option-value=false"], []),
    ("nh os switch --option=sandbox false", None, [], []),
    ("nh os switch -H --ask", None, [], []),
    ("nh os switch --show-trace --show-trace", None, [], []),
    ("nixos-rebuild switch --option sandbox false", "nixos-rebuild switch",
     ["option=sandbox", "option-value=false"], []),
    ("nvidia-smi --query-gpu=name,memory.used --format=csv", "nvidia-smi",
     ["query-gpu=name,memory.used", "format=csv"], []),
    ("nvidia-smi --query-gpu -r", None, [], []),
    ("nvidia-smi -lms 500", None, [], []),
    ("nvidia-smi topo -m", "nvidia-smi topo", ["matrix"], []),
    ("ss -tn state established ( dport = :22 or sport = :22 )", "ss", ["tcp", "numeric"],
     ["FILTER=state", "FILTER=established", "FILTER=(", "FILTER=dport", "FILTER==", "FILTER=:22",
      "FILTER=or", "FILTER=sport", "FILTER==", "FILTER=:22", "FILTER=)"]),
    ("journalctl -b -1 _SYSTEMD_UNIT=a + _UID=0", "journalctl", ["boot=-1"],
     ["MATCH=_SYSTEMD_UNIT=a", "MATCH=+", "MATCH=_UID=0"]),
    ("tail -5 /etc/hosts", "tail", ["lines=5"], ["FILE=/etc/hosts"]),
    ("systemctl --no-p sta nginx", None, [], []),
]


def shipped_lines():
    for line, command, options, operands in LINES:
        _, out, _ = writ("parse", "--commands", SHIPPED, "--json", "--", *line.split(" "))
        read = json.loads(out)
        got = [read.get("command"),
               [o["name"] if o["value"] is True else "%s=%s" % (o["name"], o["value"])
                for o in read.get("options", [])],
               ["%s=%s" % (name, word) for name, words in read.get("operands", {}).items()
                for word in words]]
        tap.equal(got, [command, options, operands], "parse: " + line)


def tests_of_policies():
    good = path_of("good.json", dict(POLICY, tests=[
        {"run": "tool group list", "expect": "allow", "rule": "list"},
        {"run": ["tool", "begin", "b"], "expect": "deny", "code": "no-rule"},
        {"run": "tool group end", "expect": "allow", "as": "someone"},
        {"run": "tool group end", "expect": "deny"},
        {"run": "tool run img", "expect": "allow", "runas": "daemon"},
        {"run": "tool run img", "expect": "deny", "runas": "bin", "code": "option-of-sudo"},
        {"run": "tool copy hosts", "expect": "allow", "cwd": "/etc",
         "files": {"/etc/hosts": "root 0644"}},
        {"run": "tool copy link", "expect": "deny", "cwd": "/etc",
         "files": {"/etc/link": "-> /etc/shadow"}},
        {"run": "tool copy hosts", "expect": "deny"}]))
    status, out, err = writ("test", "--commands", COMMANDS, good, cwd="/etc")
    tap.ok(status == 0 and out == (good + ": 9 tests, all hold\n").encode() and not err,
           "test: all hold, wherever it is called", "%d %r %r" % (status, out, err))
    bad = path_of("failing.json", '{ "version": 1, "rules": [ { "id": "list", "effect": "allow",\n'
                  '"command": "tool group list" } ], "tests": [\n'
                  '{ "run": "tool group list", "expect": "allow" },\n'
                  '{ "run": "tool group list", "expect": "deny" },\n'
                  '{ "run": "tool begin a\\u001bb", "expect": "allow", "rule": "list" },\n'
                  '{ "run": "tool group list", "expect": "allow", "rule": "other" },\n'
                  '{ "run": "tool group end", "expect": "deny", "code": "unparsed" } ] }\n')
    status, out, err = writ("test", bad, "--commands", COMMANDS)
    lines = out.decode().splitlines()
    tap.ok(status == 1 and not err and len(lines) == 5 and control_free(out), "test: some fail",
           "%d %r %r" % (status, out, err))
    reports = (
        (4, ["tool group list", "expected deny", "got allow by rule list"]),
        (5, ["expected allow by rule list", "got deny", ": "]),
        (6, ["expected allow by rule other", "got allow by rule list"]),
        (7, ["expected deny with code unparsed", "got deny with code no-rule"]))
    for number, (line, words) in enumerate(reports):
        tap.ok(lines[number].startswith("%s:%d: " % (bad, line))
               and all(w in lines[number] for w in words),
               "test: the report of line %d" % line, lines[number])
    tap.equal(lines[4], bad + ": 4 of 5 tests failed", "test: the sum")
    status, out, _ = writ("test", "--commands", COMMANDS, good, bad, good)
    tap.ok(status == 1 and out.count(b"all hold") == 2, "test: several files, one fails")
    status, out, err = writ("test", "--commands", COMMANDS, bad, folder + "/none.json", good)
    tap.ok(status == 2 and b"none.json" in err and b"all hold" in out,
           "test: one cannot be loaded, the others are run")
    status, out, _ = writ("test", "--commands", COMMANDS, policy)
    tap.equal([status, out], [0, (policy + ": 0 tests, all hold\n").encode()], "test: none at all")


for part in (parses, shipped_lines, tests_of_policies):
    part()
sys.exit(tap.done())
