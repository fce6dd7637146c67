# SPDX-License-Identifier: ISC
"""writ lint: a table of small policies with what is to be found in each, and the shipped ones."""

import glob
import json
import os
import sys

from command import SHIPPED, control_free, path_of, tap, writ

BASH = "/usr/bin/bash"
# What the grants of the shipped policies demand: the benchmark's docker exec --privileged, and
# docker system prune -f.
JUSTIFIED = {"ai-worker.json": ["$.rules[11].options.privileged"],
             "diag.json": ["$.rules[1].options.unit"],  # the journal of any unit
             "whitelist.json": ["$.rules[5].options.force"]}


def lint(*args):
    status, out, err = writ("lint", "--commands", SHIPPED, *args)
    return status, out.decode(), err.decode()


def allow(identifier="r", **members):
    return dict({"id": identifier, "effect": "allow"}, **members)


def deny(identifier="d", **members):
    return dict({"id": identifier, "effect": "deny"}, **members)


def run(options=None, **members):
    """A docker run of alpine with these options."""
    return allow(command="docker run", operands={"IMAGE": "alpine"}, options=options or {},
                 **members)


def execute(command, **members):
    return allow(command="docker exec", operands={"CONTAINER": "a", "COMMAND": command}, **members)


def shell(*argv):
    return allow(program=BASH, argv=list(argv))


PS = allow("ps", command="docker ps", classes=["display"])

# name, rules (or a whole policy), the findings as (check, path), errors marked by !
TABLE = [
    ("nothing to say", [PS], []),
    # A file that can be another one when it is opened.
    ("a path that can be turned", [run({"env-file": {"path": {"under": ["/srv"]}}})],
     ["path-race $.rules[0].options[\"env-file\"].path"]),
    ("trusted false", [run({"env-file": [{"path": {"exact": ["/a"], "trusted": False}}]})],
     ["path-race $.rules[0].options[\"env-file\"][0].path"]),
    ("a trusted path", [run({"env-file": {"path": {"under": ["/srv"], "trusted": True}}})], []),
    ("trusted folders", [run({"env-file": {"path": {"under": ["/srv"], "trusted": "directories"}}})], []),
    ("in a set", {"version": 1, "sets": {"s": [{"path": {"exact": ["/a"]}}]},
                  "rules": [run({"env-file": {"set": "s"}})]}, ["path-race $.rules[0].options[\"env-file\"].set"]),
    ("in a set of deny rules", {"version": 1, "sets": {"s": [{"path": {"under": ["/a"]}}]}, "rules": [PS, deny(
        command="docker run", when=[{"option": "env-file", "value": {"set": "s"}}])]}, []),
    ("in a deny rule", [PS, deny(command="docker run", when=[
        {"option": "env-file", "value": {"path": {"under": ["/etc"]}}}])], []),
    # What an option of a dangerous class may be.
    ("true", [run({"volume": True})], ["free-choice $.rules[0].options.volume"]),
    ("regex .*", [run({"volume": {"regex": ".*"}})], ["free-choice $.rules[0].options.volume"]),
    ("regex (.|a)+", [run({"env-file": {"regex": "(.|a)+"}})],
     ["free-choice $.rules[0].options[\"env-file\"]"]),
    ("a regex that says something", [run({"volume": {"regex": "data:/.*"}})], []),
    ("any word", [run({"volume": {"regex": "\\S+"}})], ["free-choice $.rules[0].options.volume"]),
    ("any plain word", [run({"network": {"regex": "[A-Za-z0-9/:._-]+"}})],
     ["free-choice $.rules[0].options.network"]),
    ("any path", [run({"env-file": {"regex": "/.*"}})],
     ["free-choice $.rules[0].options[\"env-file\"]"]),
    ("a path below", [run({"env-file": {"regex": "/srv/.*"}})], []),
    ("any mount", [run({"volume": {"regex": "/[^:]*:/x(:ro)?"}})],
     ["free-choice $.rules[0].options.volume"]),
    ("regex [^/]*", [run({"volume": {"regex": "[^/]*"}})], []),
    ("glob *", [run({"user": {"glob": "*"}})], ["free-choice $.rules[0].options.user"]),
    ("glob ?*", [run({"user": {"glob": "?*"}})], ["free-choice $.rules[0].options.user"]),
    ("glob [!x]*", [run({"user": {"glob": "[!x]*"}})], ["free-choice $.rules[0].options.user"]),
    ("a word behind a value", [allow(command="nixos-rebuild switch", options={
        "option": "sandbox", "option-value": True})],
     ["free-choice $.rules[0].options[\"option-value\"]"]),
    ("a negated option", [allow(command="iptables", options={
        "check": "INPUT", "!source": {"not": "10.0.0.0/8"}})],
     ["free-choice $.rules[0].options[\"!source\"]"]),
    ("an option in an operand's place", [allow(command="grep", options={"file": "/srv/patterns"},
                                               operands={"FILE": "/srv/x"})], []),
    ("glob a*", [run({"user": {"glob": "a*"}})], []),
    ("all but one", [run({"network": {"not": "host"}})], ["free-choice $.rules[0].options.network"]),
    ("all but one of few", [run({"network": {"all": [["a", "b"], {"not": "b"}]}})], []),
    ("one of which is free", [run({"network": ["none", {"regex": ".*"}]})],
     ["free-choice $.rules[0].options.network"]),
    ("a harmless class", [run({"cpus": True, "name": True})], []),
    ("a flag", [run({"privileged": True})], ["free-choice $.rules[0].options.privileged"]),
    ("a flag that must not be set", [run({"privileged": False})], []),
    ("a set", {"sets": {"all": [True]}, "rules": [run({"volume": {"set": "all"}})]},
     ["free-choice $.rules[0].options.volume"]),
    ("any source", [run({"volume": {"fields": {"kind": "bind", "source": True, "target": "/x"}}})],
     ["free-choice $.rules[0].options.volume"]),
    ("a source", [run({"volume": {"fields": {"kind": "bind", "source": "/srv", "target": True}}})],
     []),
    ("an option of several commands is said once",
     [allow(command=["docker run", "docker create"], operands={"IMAGE": "alpine"},
            options={"volume": True})], ["free-choice $.rules[0].options.volume"]),
    ("another daemon", [allow(command="docker ps", options={"host": True})],
     ["free-choice $.rules[0].options.host"]),
    # Operands.
    ("any file", [allow(command="cat", operands={"FILE": True})],
     ["free-choice $.rules[0].operands.FILE"]),
    ("any file below /", [allow(command="cat", operands={"FILE": {"path": {"under": ["/"], "trusted": True}}})],
     ["free-choice $.rules[0].operands.FILE"]),
    ("any file but", [allow(command="cat", operands={"FILE": {"path": {"not_under": ["/etc"], "trusted": True}}})],
     ["free-choice $.rules[0].operands.FILE"]),
    ("a folder", [allow(command="cat", operands={"FILE": {"path": {"under": ["/srv"], "trusted": True}}})], []),
    ("any command", [execute(True)], ["free-choice $.rules[0].operands.COMMAND"]),
    ("any command among some", [execute([{"command": "ollama ps"}, True])],
     ["free-choice $.rules[0].operands.COMMAND[1]"]),
    ("any arguments of echo", [execute({"argv": [["echo", {"rest": True}]]})], []),
    ("any arguments of sh", [execute({"argv": [["sh", "-c", True]]})],
     ["free-choice $.rules[0].operands.COMMAND"]),
    ("any program", [execute({"argv": [[True, "x"]]})], ["free-choice $.rules[0].operands.COMMAND"]),
    ("below a command", [execute({"command": "docker ps", "options": {"host": True}})],
     ["free-choice $.rules[0].operands.COMMAND.options.host"]),
    # Rules of programs.
    ("a shell", [shell(["-c", True])], ["free-choice $.rules[0].argv[0]"]),
    ("a shell by a regex", [shell(["-x"], ["-c", {"regex": ".*"}])],
     ["free-choice $.rules[0].argv[1]"]),
    ("a shell and a script", [shell(["/srv/x.sh"])], []),
    ("any further arguments", [allow(program="/usr/bin/id", argv=[["-u", {"rest": True}]])],
     ["free-choice $.rules[0].argv[0]"]),
    ("an argument that may be an option", [allow(program="/usr/bin/cat", argv=[[True]])],
     ["free-choice $.rules[0].argv[0]"]),
    ("any one argument", [allow(program="/usr/bin/id", argv=[["--", True]])], []),
    # Without effect.
    ("shadowed", [PS, allow("again", command="docker container ls", options={"all": True})],
     ["shadowed $.rules[1]"]),
    ("not shadowed: another option", [PS, allow("b", command="docker ps", options={"host": "x"})],
     []),
    ("not shadowed: other settings", [PS, dict(PS, id="b", run={"umask": "077"})], []),
    ("shadowed: the same settings", [dict(PS, run={"umask": "077"}),
                                     dict(PS, id="b", run={"umask": "077", "note": "x"})],
     ["shadowed $.rules[1]"]),
    ("not shadowed: the first one asks more", [dict(PS, require=["all"]), dict(PS, id="b")], []),
    ("shadowed: the second one asks more", [PS, dict(PS, id="b", require=["all"])],
     ["shadowed $.rules[1]"]),
    ("not shadowed: the first one is for a session",
     [dict(PS, session={"tagged": True}), dict(PS, id="b")], []),
    ("not shadowed: the first one is for some",
     {"subjects": {"s": {"users": ["u"]}}, "rules": [dict(PS, subjects=["s"]), dict(PS, id="b")]},
     []),
    ("shadowed by values", [allow(command="docker stop", operands={"CONTAINER": ["a", "b"]},
                                  options={"timeout": {"int": [0, 9]}}),
                            allow("b", command="docker stop", operands={"CONTAINER": "b"},
                                  options={"timeout": {"int": [1, 5]}})], ["shadowed $.rules[1]"]),
    ("not shadowed by values", [allow(command="docker stop", operands={"CONTAINER": "a"}),
                                allow("b", command="docker stop", operands={"CONTAINER": "b"})],
     []),
    ("shadowed by a regex", [allow(command="docker stop", operands={"CONTAINER": {"regex": "b.*"}}),
                             allow("b", command="docker stop", operands={"CONTAINER": "b"})],
     ["shadowed $.rules[1]"]),
    ("a shadowed program", [shell(["-x"], ["-y"]), dict(shell(["-y"]), id="b")],
     ["shadowed $.rules[1]"]),
    ("a shadowed nested command",
     [execute([{"command": "ollama ps"}, {"command": "ollama list"}]),
      dict(execute({"command": "ollama list"}), id="b")], ["shadowed $.rules[1]"]),
    ("an operand is missing", [allow(command="docker restart")], ["!no-effect $.rules[0].command"]),
    ("an operand is missing for one of two", [allow(command=["docker ps", "docker restart"])],
     ["no-effect $.rules[0].command"]),
    ("requires what it does not allow", [allow(command="docker ps", require=["all"])],
     ["!no-effect $.rules[0].require[0]"]),
    ("requires what a class allows", [dict(PS, require=["all"])], []),
    ("for nobody", {"subjects": {"s": {"users": []}}, "rules": [dict(PS, subjects=["s"])]},
     ["!no-effect $.rules[0].subjects"]),
    ("denies nothing", [deny(command="docker run", when=[
        {"option": "volume", "fields": {"kind": "mount"}}])], ["no-effect $.rules[0].when[0]"]),
    ("denies nothing: a value that must be there",
     [deny(command="docker run", when=[{"option": "name", "value": None}])],
     ["no-effect $.rules[0].when[0]"]),
    ("denies nothing: a contradiction",
     [deny(command="docker run", when=[{"option": "privileged"}, {"all": [
         {"option": "name"}, {"not": {"option": "name"}}]}])], ["no-effect $.rules[0].when[1]"]),
    ("denies something", [deny(command="docker run", when=[{"all": [
        {"option": "name"}, {"not": {"option": "name", "value": "x"}}]}])], []),
    ("denied already", [deny(command="docker *"), deny("e", command="docker run",
                                                       when=[{"option": "privileged"}])],
     ["no-effect $.rules[1]"]),
    # Sets, sessions, regexes.
    ("a set that is not used", {"sets": {"a": ["x"]}, "rules": [PS]}, ["unused-set $.sets.a"]),
    ("a set that a set uses", {"sets": {"a": ["x"], "b": [{"set": "a"}]}, "rules": [
        run({"name": {"set": "b"}})]}, []),
    ("by a key", [dict(PS, session={"key": ["SHA256:" + "A" * 43]})],
     ["session-key $.rules[0].session.key"]),
    ("for the untagged", [dict(PS, session={"tagged": False})],
     ["session-untagged $.rules[0].session.tagged"]),
    ("for the tagged", [dict(PS, session={"tagged": True, "from": ["10.0.0.0/8"]})], []),
    ("a dot", [run({"name": {"regex": "a.example.com"}})], ["regex-dot $.rules[0].options.name.regex"]),
    ("dots that are meant", [run({"name": {"regex": "a\\.com|[.]com|x.+|.com|a.comb|[a.com]"}})],
     []),
    ("a dot in a set", {"sets": {"a": [{"regex": "x.service"}]}, "rules": [
        run({"name": {"set": "a"}})]}, ["regex-dot $.sets.a[0].regex"]),
    # Log servers.
    ("a log server by TLS", {"defaults": {"iolog": {"log_servers": "h(tls)", "log_server_peer_cert": "/c"}}, "rules": [PS]}, []),
    ("a log server through a tunnel", {"defaults": {"iolog": {"log_servers": ["127.0.0.1:30343", "[::1]"]}}, "rules": [PS]}, []),
    ("one in the clear", {"defaults": {"iolog": {"log_servers": ["h:30344"]}}, "rules": [PS]},
     ["log-server $.defaults.iolog"]),
    ("one in the clear with files for TLS",
     {"defaults": {"iolog": {"log_servers": "localhost", "log_server_cabundle": "/c"}}, "rules": [PS]},
     ["log-server $.defaults.iolog"]),
    ("TLS without a certificate, and without a check",
     {"defaults": {"iolog": {"log_servers": "h(tls)", "log_server_verify": False}}, "rules": [PS]},
     ["log-server $.defaults.iolog"] * 2),
    ("a log server of a rule alone", [dict(PS, run={"iolog": {"log_servers": "localhost"}})],
     ["log-server $.rules[0].run.iolog"]),
]


def with_tests(policy):
    """Tests for every rule would make the table unreadable: those findings have their own part."""
    return dict({"version": 1, "tests": [{"run": "docker", "expect": "deny"}]}, **policy)


def findings(*args):
    status, out, err = lint("--json", *args)
    lines = [json.loads(line) for line in out.splitlines()]
    return status, ["%s%s %s" % ("!" if f["level"] == "error" else "", f["check"], f["path"])
                    for f in lines], err


def table():
    for name, policy, want in TABLE:
        policy = with_tests(policy if isinstance(policy, dict) else {"rules": policy})
        status, found, err = findings(path_of("lint.json", policy))
        found = [f for f in found if not f.startswith("untested ")]
        tap.equal(found, want, "lint: " + name)
        tap.equal([status, err], [1 if any(f[0] == "!" for f in want) else 0, ""],
                  "lint: %s: exit status" % name)


def tests_of_policies():
    rules = [PS, deny(command="docker rm", reason="no")]
    path = path_of("lint.json", {"version": 1, "rules": rules})
    tap.equal(findings(path)[1], ["no-tests $"], "no tests: said once, not for each rule")
    tests = [{"run": "docker ps", "expect": "allow"}]
    path = path_of("lint.json", {"version": 1, "rules": rules, "tests": tests})
    tap.equal(findings(path)[1], ["untested $.rules[1]"], "a rule that decides no test")
    tests.append({"run": "docker rm x", "expect": "deny"})
    path = path_of("lint.json", {"version": 1, "rules": rules, "tests": tests})
    tap.equal(findings(path), (0, [], ""), "every rule decides a test, named there or not")
    for test, where in (({"expect": "deny", "rule": "nosuch"}, "rule"),
                        ({"expect": "deny", "rule": "ps"}, "rule"),
                        ({"expect": "allow", "rule": "d"}, "rule"),
                        ({"expect": "allow", "code": "no-rule"}, "code")):
        path = path_of("lint.json", {"version": 1, "rules": rules,
                                     "tests": tests + [dict(test, run="docker x")]})
        tap.equal(findings(path), (1, ["!test $.tests[2].%s" % where], ""),
                  "a test that can never hold: %s" % test)


def output():
    path = path_of("lint.json", json.dumps(
        {"version": 1, "rules": [run({"privileged": True})],
         "tests": [{"run": "docker run --privileged alpine", "expect": "allow"}]}, indent=1))
    with open(path, encoding="utf-8") as f:
        line = [i for i, text in enumerate(f, 1) if '"privileged"' in text][0]
    status, out, err = lint(path)
    tap.equal([status, out, err],
              [0, "%s:%d: $.rules[0].options.privileged: warning: lets the subject give "
               "--privileged, of class privilege\n" % (path, line), ""], "one line a finding")
    included = path_of("included.json", {"version": 1, "sets": {"spare": ["x"]}})
    path = path_of("lint.json", with_tests({"include": ["included.json"]}))
    status, out, _ = lint(path)
    tap.ok(status == 0 and out.startswith(included + ":1: $.sets.spare: warning: "),
           "a finding in an included file is said there", out)
    bad = path_of("bad.json", '{\n "version": 1,\n "rule": []\n}\n')
    tap.equal(lint(bad), (2, "", bad + ":3: $.rule: unknown key 'rule' (did you mean 'rules'?)\n"),
              "a policy that does not load: status 2")
    status, out, err = lint(bad, path)
    tap.ok(status == 2 and "spare" in out and "rule" in err, "the other files are looked at", out)
    odd = path_of("odd\x1b\n.json", {"version": 1})
    for extra in ([], ["--json"]):
        status, out, _ = lint(*extra, odd)
        tap.ok(status == 0 and control_free(out.encode()) and out.count("\n") == 1,
               "a file with an odd name: one clean line" + "".join(extra), repr(out))
    for args in ([], ["--policy", path], ["--json=x", path]):
        tap.equal(lint(*args)[0], 2, "usage: lint " + " ".join(args[:1]))
    many = [allow("r%d" % i, command="docker stop", operands={"CONTAINER": "c%d" % i})
            for i in range(2000)]
    status, found, _ = findings(path_of("many.json", with_tests({"rules": many})))
    tap.equal([status, len(found)], [0, 2000], "2,000 rules")


def shipped():
    for path in sorted(glob.glob(os.path.join(os.path.dirname(SHIPPED), "*.json"))):
        name = os.path.basename(path)
        status, out, err = lint("--json", path)
        found = [json.loads(line)["path"] for line in out.splitlines()]
        tap.equal([status, found, err], [0, JUSTIFIED.get(name, []), ""],
                  "%s has no findings but those that its grants demand" % name)


for part in (table, tests_of_policies, output, shipped):
    part()
sys.exit(tap.done())
