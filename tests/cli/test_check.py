# SPDX-License-Identifier: ISC
"""writ check on one request, usage, and the manual."""

import json
import os
import re
import sys
import tempfile

from command import COMMANDS, MAN, check, control_free, decision, folder, path_of, policy, tap, writ


def usage():
    for args in (["--help"], ["check", "--help"], ["parse", "--help"], ["test", "--help"],
                 ["lint", "--help"], ["grammar", "--help"]):
        status, out, err = writ(*args)
        tap.ok(status == 0 and out.startswith(b"usage: writ") and not err, " ".join(args))
    for args in ([], ["chek"], ["--nonsense"], ["check"], ["check", "--policy", policy],
                 ["check", "--policy", policy, "--"], ["check", "--polici", policy, "--", "tool"],
                 ["check", "-p", policy, "--", "tool"], ["check", "--policy"],
                 ["check", "--json=yes", "--", "tool"], ["check", "--batch", "--", "tool"],
                 ["check", "--policy", policy, "--cwd", "etc", "--", "tool"],
                 ["check", "--policy", policy, "--user", "", "--", "tool"],
                 ["parse"], ["parse", "--policy", policy, "--", "tool"], ["parse", "--batch", "x"],
                 ["test"], ["test", "--json", policy]):
        status, out, err = writ(*args)
        tap.ok(status == 2 and not out and b"usage: writ" in err, "usage: writ " + " ".join(args),
               "status %d, output %r, error %r" % (status, out, err))
    status, out, err = writ("chek")
    tap.ok(b"'check'" in err, "an unknown subcommand: the nearest one is named")
    status, out, err = writ("check", "--\x1b[2J", "--", "tool")
    tap.ok(status == 2 and control_free(err), "a usage error shows no control character")
    status, out, err = writ("--version")
    tap.ok(status == 0 and re.fullmatch(rb"writ [0-9.]+\n", out), "--version")


def manual():
    with open(MAN, encoding="utf-8") as f:
        text = f.read()
    for command in ("check", "parse", "test", "lint", "grammar"):
        _, out, _ = writ(command, "--help")
        options = re.findall(r"^  --([a-z-]+)", out.decode(), re.M)
        missing = [o for o in options if "Fl -" + o not in text]
        tap.ok(options and not missing, "the man page has every option of " + command,
               "missing: %s" % missing)


def one_request():
    status, out, err = check("--", "tool", "group", "list")
    tap.ok(status == 0 and out.startswith(b"allowed by rule list\n") and not err, "allow: status 0")
    status, out, err = check("--", "tool", "begin", "b")
    tap.ok(status == 1 and b"refused (no-rule)" in out and b"'b'" in out and not err,
           "deny: status 1, on standard output", "%r %r" % (out, err))
    status, out, err = check("--", "tool", "--verbose", "group", "list")
    tap.ok(status == 1 and b"refused by rule no-verbose" in out and b"it says too much" in out
           and b"be quiet" in out, "deny by a rule: rule, reason and hint are shown")
    status, out, err = check("tool", "group", "list")
    tap.equal(status, 0, "the first word that is no option begins the command")
    status, out, err = check("tool", "group", "list", "--json")
    tap.equal(status, 1, "and what follows it is no option of writ")
    status, out, err = writ("check", "--policy=" + policy, "--commands=" + COMMANDS, "--",
                            "tool", "group", "list")
    tap.equal(status, 0, "--option=VALUE")
    status, out, err = check("--", "tool", "run", "img", "a\x1b[2J\nb\u202e", "é")
    tap.ok(status == 1 and control_free(out) and "é".encode() in out,
           "prose without control characters",
           repr(out))
    status, out, err = check("--", "tool", "run", "img", os.fsdecode(b"\xff\xfe"))
    tap.ok(status == 1 and b"\\xff\\xfe" in out, "prose of bytes that are no UTF-8", repr(out))


def one_object():
    status, d, _ = decision("--", "tool", "begin", "b")
    tap.equal(status, 1, "--json: the status is the decision's")
    tap.equal(list(d), ["decision", "code", "rule", "command", "program", "argv", "runas", "reason",
                        "hint", "nearest", "policy"], "the keys of a decision, in their order")
    tap.equal([d["decision"], d["code"], d["rule"], d["command"], d["program"], d["argv"],
               d["runas"]],
              ["deny", "no-rule", None, "tool group begin", "/usr/bin/tool", ["tool", "begin", "b"],
               "root"], "what they say")
    tap.equal(d["nearest"], {"rule": "begin", "failed": "operand NAME: 'b' is not a"}, "nearest")
    tap.equal(d["policy"]["path"], policy, "policy.path is the path as given")
    tap.ok(re.fullmatch("[0-9a-f]{64}", d["policy"]["sha256"]), "policy.sha256")
    status, out, _ = check("--json", "--", "tool", "run", "img", "a\x1b\x7f\u009b\u202eb\n",
                           os.fsdecode(b"\xff"))
    tap.ok(control_free(out[:-1]) and out.count(b"\n") == 1 and b"\\u009b" in out,
           "one line without control characters", repr(out))
    tap.equal(json.loads(out)["argv"][3:], ["a\x1b\x7f\u009b\u202eb\n", "\ufffd"],
              "but all of the arguments, as far as they are UTF-8")
    status, d, _ = decision("--", "tool", "run", "img", "x" * 66000)
    tap.equal([status, d.get("code")], [1, "too-large"], "over 64 KiB: too-large")
    status, d, _ = decision("--", "tool", "run", "img", *["x"] * 10000)
    tap.equal([status, d.get("decision")], [0, "allow"], "10,000 arguments")
    status, d, _ = decision("--", *[""] * 3)
    tap.equal([status, d.get("decision")], [1, "deny"], "empty words")
    status, d, _ = decision("--", "--", "tool", "group", "list")
    tap.equal([status, d.get("code")], [1, "unknown-program"], "-- after -- is the program")


def who_and_where():
    status, d, _ = decision("--user", "someone", "--", "tool", "group", "end")
    tap.equal([status, d.get("rule")], [0, "some"],
              "--user: a name that this machine does not know")
    status, d, _ = decision("--user", "nobody", "--", "tool", "group", "end")
    tap.equal(status, 1, "--user: another one")
    status, d, _ = decision("--user", "root", "--", "tool", "group", "end")
    tap.equal([status, d.get("rule")], [0, "some"], "groups are those of the named user")
    status, d, _ = decision("--", "tool", "group", "end",
                            env={"SUDO_USER": "someone", "USER": "someone"},
                            user="nobody" if os.geteuid() == 0 else None, cwd="/")
    tap.equal(status, 1, "no variable says who calls")
    status, d, _ = decision("--runas", "daemon", "--", "tool", "run", "img")
    tap.equal([status, d.get("runas")], [0, "daemon"], "--runas")
    status, d, _ = decision("--runas", "bin", "--", "tool", "run", "img")
    tap.equal([status, d.get("code")], [1, "option-of-sudo"], "--runas that is not granted")
    status, d, _ = decision("--cwd", "/etc", "--", "tool", "copy", "hosts")
    tap.equal(status, 0, "--cwd")
    status, d, _ = decision("--cwd", "/", "--", "tool", "copy", "hosts")
    tap.equal(status, 1, "--cwd elsewhere")
    status, d, _ = decision("--", "tool", "copy", "hosts", cwd="/etc")
    tap.equal(status, 0, "without --cwd it is the present folder")
    gone = tempfile.mkdtemp(prefix="writ-cli-")
    status, d, _ = decision("--", "tool", "copy", "/etc/hosts",
                            preexec_fn=lambda: (os.chdir(gone), os.rmdir(gone)))
    tap.equal(status, 0, "a folder that is no more: absolute paths are decided all the same")


def bad_policies():
    bad = path_of("bad.json",
                  '{\n  "version": 1,\n  "rules": [\n    { "id": "x", "effect": "allow",\n'
                              '      "command": "tool group list",\n      "option": {} }\n  ]\n}\n')
    want = (bad
            + ":6: $.rules[0].option: unknown key 'option' (did you mean 'options'?)\n").encode()
    request = json.dumps(["tool", "group", "list"]).encode() + b"\n"
    for extra, stdin in ((["--", "tool"], b""), (["--json", "--", "tool"], b""),
                         (["--batch"], request)):
        status, out, err = writ("check", "--policy", bad, "--commands", COMMANDS, *extra,
                                stdin=stdin)
        tap.ok(status == 2 and not out and err == want, "a policy with a typo: check "
               + " ".join(extra),
               "%d %r %r" % (status, out, err))
    status, out, err = writ("test", "--commands", COMMANDS, bad)
    tap.ok(status == 2 and not out and err == want, "a policy with a typo: test")
    for name, content in (("missing", None), ("empty", ""), ("trailing comma", '{"version": 1,}'),
                          ("nesting", "[" * 1000000), ("not UTF-8", None), ("a folder", None)):
        bad = os.path.join(folder, "no-such.json")
        if content is not None:
            bad = path_of("bad.json", content)
        elif name == "not UTF-8":
            bad = path_of("bad.json", "")
            with open(bad, "wb") as f:
                f.write(b'{"version": 1, "note": "\xff"}')
        elif name == "a folder":
            bad = folder
        status, out, err = writ("check", "--policy", bad, "--commands", COMMANDS, "--json", "--",
                                "tool")
        tap.ok(status == 2 and not out and err.startswith(bad.encode() + b":")
               and err.count(b"\n") == 1,
               "a policy that cannot be loaded: " + name, "%d %r %r" % (status, out, err[:300]))
    status, out, err = writ("check", "--policy", policy, "--commands", folder + "/none", "--",
                            "tool")
    tap.ok(status == 2 and not out and b"tool" in err and err.startswith(policy.encode() + b":"),
           "no folder of command files", repr(err))
    odd = path_of("odd\x1b\n.json", "")
    status, out, err = writ("check", "--policy", odd, "--commands", COMMANDS, "--", "tool")
    tap.ok(status == 2 and control_free(err) and err.count(b"\n") == 1,
           "an error about a file with an odd name is one clean line", repr(err))


for part in (usage, manual, one_request, one_object, who_and_where, bad_policies):
    part()
sys.exit(tap.done())
