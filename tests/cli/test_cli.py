# SPDX-License-Identifier: ISC
"""The writ command as other programs see it: exit statuses, output, errors, batches.

    test_cli.py WRIT SHIPPED_COMMANDS TEST_COMMANDS MAN_PAGE
"""

import json
import os
import re
import resource
import subprocess
import sys
import tempfile

from tap import Tap

WRIT, SHIPPED, COMMANDS, MAN = (os.path.abspath(path) for path in sys.argv[1:5])
tap = Tap()
folder = tempfile.mkdtemp(prefix="writ-cli-")
os.chmod(folder, 0o755)

POLICY = {
    "version": 1,
    "subjects": {"only": {"users": ["someone"], "groups": ["root"]}},
    "rules": [
        {"id": "list", "effect": "allow", "command": "tool group list"},
        {"id": "begin", "effect": "allow", "command": "tool begin", "operands": {"NAME": "a"}},
        {"id": "some", "effect": "allow", "subjects": ["only"], "command": "tool group end"},
        {"id": "copy", "effect": "allow", "command": "tool copy",
         "operands": {"SOURCE": {"path": {"exact": ["/etc/hosts"]}}}},
        {"id": "run", "effect": "allow", "command": "tool run",
         "operands": {"IMAGE": "img", "COMMAND": True},
         "run": {"env": {"allow": {"MODE": "x"}}, "runas": {"user": ["root", "daemon"]}}},
        {"id": "no-verbose", "effect": "deny", "command": "tool *", "when": [{"option": "verbose"}],
         "reason": "it says too much", "hint": "be quiet"},
    ],
}


def path_of(name, content):
    path = os.path.join(folder, name)
    with open(path, "w", encoding="utf-8") as f:
        f.write(content if isinstance(content, str) else json.dumps(content))
    return path


policy = path_of("policy.json", POLICY)


def writ(*args, stdin=b"", env=None, **more):
    """Runs writ; (exit status, standard output, standard error) as bytes."""
    environment = dict(os.environ, **(env or {}))
    done = subprocess.run([WRIT, *args], input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
                          env=environment, check=False, **more)
    return done.returncode, done.stdout, done.stderr


def check(*args, **more):
    return writ("check", "--policy", policy, "--commands", COMMANDS, *args, **more)


def decision(*args, **more):
    status, out, err = check("--json", *args, **more)
    try:
        return status, json.loads(out), err
    except ValueError:
        tap.diag("no JSON: %r, standard error %r" % (out, err))
        return status, {}, err


def batch(stdin, *args):
    status, out, err = check("--batch", *args, stdin=stdin)
    lines = out.split(b"\n")
    return status, [json.loads(line) for line in lines[:-1]], err


def control_free(text):
    decoded = text.decode("utf-8")
    return not re.search("[\x00-\x09\x0b-\x1f\x7f-\x9f]", decoded)


def usage():
    for args in (["--help"], ["check", "--help"], ["parse", "--help"], ["test", "--help"]):
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
    for command in ("check", "parse", "test"):
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
    tap.ok(status == 1 and control_free(out) and "é".encode() in out, "prose without control characters",
           repr(out))
    status, out, err = check("--", "tool", "run", "img", os.fsdecode(b"\xff\xfe"))
    tap.ok(status == 1 and b"\\xff\\xfe" in out, "prose of bytes that are no UTF-8", repr(out))


def one_object():
    status, d, _ = decision("--", "tool", "begin", "b")
    tap.equal(status, 1, "--json: the status is the decision's")
    tap.equal(list(d), ["decision", "code", "rule", "command", "program", "argv", "runas", "reason",
                        "hint", "nearest", "policy"], "the keys of a decision, in their order")
    tap.equal([d["decision"], d["code"], d["rule"], d["command"], d["program"], d["argv"], d["runas"]],
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
    tap.equal([status, d.get("rule")], [0, "some"], "--user: a name that this machine does not know")
    status, d, _ = decision("--user", "nobody", "--", "tool", "group", "end")
    tap.equal(status, 1, "--user: another one")
    status, d, _ = decision("--user", "root", "--", "tool", "group", "end")
    tap.equal([status, d.get("rule")], [0, "some"], "groups are those of the named user")
    status, d, _ = decision("--", "tool", "group", "end", env={"SUDO_USER": "someone", "USER": "someone"},
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
    status, d, _ = decision("--", "tool", "copy", "/etc/hosts", preexec_fn=lambda: (os.chdir(gone), os.rmdir(gone)))
    tap.equal(status, 0, "a folder that is no more: absolute paths are decided all the same")


def bad_policies():
    bad = path_of("bad.json", '{\n  "version": 1,\n  "rules": [\n    { "id": "x", "effect": "allow",\n'
                              '      "command": "tool group list",\n      "option": {} }\n  ]\n}\n')
    want = (bad + ":6: $.rules[0].option: unknown key 'option' (did you mean 'options'?)\n").encode()
    request = json.dumps(["tool", "group", "list"]).encode() + b"\n"
    for extra, stdin in ((["--", "tool"], b""), (["--json", "--", "tool"], b""), (["--batch"], request)):
        status, out, err = writ("check", "--policy", bad, "--commands", COMMANDS, *extra, stdin=stdin)
        tap.ok(status == 2 and not out and err == want, "a policy with a typo: check " + " ".join(extra),
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
        status, out, err = writ("check", "--policy", bad, "--commands", COMMANDS, "--json", "--", "tool")
        tap.ok(status == 2 and not out and err.startswith(bad.encode() + b":") and err.count(b"\n") == 1,
               "a policy that cannot be loaded: " + name, "%d %r %r" % (status, out, err[:300]))
    status, out, err = writ("check", "--policy", policy, "--commands", folder + "/none", "--", "tool")
    tap.ok(status == 2 and not out and b"tool" in err and err.startswith(policy.encode() + b":"),
           "no folder of command files", repr(err))
    odd = path_of("odd\x1b\n.json", "")
    status, out, err = writ("check", "--policy", odd, "--commands", COMMANDS, "--", "tool")
    tap.ok(status == 2 and control_free(err) and err.count(b"\n") == 1,
           "an error about a file with an odd name is one clean line", repr(err))


def batches():
    lines = [
        (b'["tool","group","list"]', "allow", "rule"),
        (b'["tool","begin","b"]', "deny", "no-rule"),
        (b'{"argv":["tool","group","end"],"user":"someone"}', "allow", "rule"),
        (b'{"argv":["tool","group","end"],"user":"nobody"}', "deny", "no-rule"),
        (b'{"argv":["tool","run","img"],"runas":"daemon"}', "allow", "rule"),
        (b'{"argv":["tool","run","img"],"runas":"bin"}', "deny", "option-of-sudo"),
        (b'{"argv":["tool","run","img"],"env":{"MODE":"x"}}', "allow", "rule"),
        (b'{"argv":["tool","run","img"],"env":{"MODE":"y"}}', "deny", "option-of-sudo"),
        (b'{"argv":["tool","run","img"],"env":{}}', "allow", "rule"),
        (b'{"argv":["tool","copy","hosts"],"cwd":"/etc"}', "allow", "rule"),
        (b'{"argv":["tool","copy","hosts"],"cwd":"/"}', "deny", "no-rule"),
        (b' [ "tool" , "group" , "list" ] \r', "allow", "rule"),
        (b'["tool","run","img","\\u001b\\u00e9\\n"]', "deny", "no-rule"),
        (b'["tool","run","img","\\n"]', "allow", "rule"),
        (b'["no-such-program"]', "deny", "unknown-program"),
        (b'', "deny", "policy-error"),
        (b'   ', "deny", "policy-error"),
        (b'tool group list', "deny", "policy-error"),
        (b'["tool","group","list"', "deny", "policy-error"),
        (b'["tool","group","list"] ["tool"]', "deny", "policy-error"),
        (b'["tool","group","list"],', "deny", "policy-error"),
        (b'"tool group list"', "deny", "policy-error"),
        (b'null', "deny", "policy-error"),
        (b'17', "deny", "policy-error"),
        (b'[]', "deny", "policy-error"),
        (b'{}', "deny", "policy-error"),
        (b'["tool","group","list",1]', "deny", "policy-error"),
        (b'["tool",["group"]]', "deny", "policy-error"),
        (b'["tool",null]', "deny", "policy-error"),
        (b'{"argv":"tool group list"}', "deny", "policy-error"),
        (b'{"argv":["tool"],"argv":["tool","group","list"]}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"usr":"x"}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"user":1}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"user":""}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"runas":""}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"cwd":"etc"}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"env":["A=1"]}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"env":{"A":1}}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"env":{"A=B":"1"}}', "deny", "policy-error"),
        (b'{"argv":["tool","group","list"],"env":{"":"1"}}', "deny", "policy-error"),
        (b'["tool","group","li\\u0000st"]', "deny", "policy-error"),
        (b'["tool","group","li\x00st"]', "deny", "policy-error"),
        (b'["tool","group","li\xffst"]', "deny", "policy-error"),
        (b'["tool","group","li\\ud800st"]', "deny", None),
        (b'[' * 5000, "deny", "policy-error"),
        (b'["tool","run","img","' + b"x" * 66000 + b'"]', "deny", "too-large"),
        (b'["tool","run","img","' + b"x" * 900000 + b'"]', "deny", "too-large"),
        (b'["tool","run","img","' + b"x" * (5 << 20) + b'"]', "deny", "too-large"),
        (b"x" * (3 << 20), "deny", "too-large"),
        (b'["tool","run","img","' + b"\\u0061" * 60000 + b'"]', "allow", "rule"),
        (b'["tool","group","list"]', "allow", "rule"),
    ]
    status, answers, err = batch(b"\n".join(line for line, _, _ in lines) + b"\n")
    tap.ok(status == 0 and not err, "batch: status 0 though lines were refused", "%d %r" % (status, err))
    tap.equal(len(answers), len(lines), "batch: a decision a line")
    for (line, verdict, code), d in zip(lines, answers):
        tap.ok(d["decision"] == verdict and code in (None, d["code"]), "batch: " + repr(line[:70]),
               "got %s %s: %s" % (d["decision"], d["code"], d["reason"]))
    tap.ok(all(list(d) == list(answers[0]) for d in answers), "batch: all have the same keys")
    tap.ok(all(d["policy"]["sha256"] for d in answers), "batch: the policy is named in all")
    status, answers, _ = batch(b'["tool","group","list"]\n["tool","begin","a"]')
    tap.equal([status, len(answers)], [0, 2], "batch: a last line without its newline")
    status, answers, _ = batch(b"")
    tap.equal([status, len(answers)], [0, 0], "batch: no line at all")
    status, answers, _ = batch(b'["tool","group","end"]\n["tool","group","end"]\n'
                               b'{"argv":["tool","group","end"],"user":"nobody"}\n', "--user", "someone")
    tap.equal([d["decision"] for d in answers], ["allow", "allow", "deny"], "batch: --user where the line says none")
    count = 20000
    status, answers, _ = batch(b"".join(b'["tool","begin","%d"]\n' % i for i in range(count)))
    tap.ok([d["argv"][2] for d in answers] == [str(i) for i in range(count)], "batch: many, in order")
    users = b"".join(b'{"argv":["tool","group","end"],"user":"%s"}\n' %
                     (b"someone" if i % 7 == 0 else b"u%d" % i) for i in range(2000))
    status, answers, _ = batch(users)
    tap.equal([d["decision"] for d in answers], ["allow" if i % 7 == 0 else "deny" for i in range(2000)],
              "batch: more users than are remembered")


def coprocess():
    """Each answer must be there before the next question is asked."""
    for command, question, key in (
            (["check", "--policy", policy, "--commands", COMMANDS, "--batch"], ["tool", "begin", "%d"], "argv"),
            (["parse", "--commands", COMMANDS, "--batch", "--json"], ["tool", "begin", "%d"], "operands")):
        with subprocess.Popen([WRIT, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
            right = 0
            for i in range(200):
                p.stdin.write(json.dumps([w.replace("%d", "n%d" % i) for w in question]).encode() + b"\n")
                p.stdin.flush()
                answer = json.loads(p.stdout.readline())
                got = answer[key][-1] if key == "argv" else answer[key]["NAME"][0]
                right += got == "n%d" % i
            # half a line, then the rest
            p.stdin.write(b'["tool","be')
            p.stdin.flush()
            p.stdin.write(b'gin","half"]\n')
            p.stdin.flush()
            right += "half" in p.stdout.readline().decode()
            p.stdin.close()
            rest = p.stdout.read()
        tap.equal([right, rest, p.returncode], [201, b"", 0], "coprocess: " + command[0])


def output_errors():
    request = b'["tool","group","list"]\n'
    commands = (
        (["check", "--policy", policy, "--commands", COMMANDS, "--", "tool", "group", "list"], b""),
        (["check", "--policy", policy, "--commands", COMMANDS, "--json", "--", "tool", "group", "list"], b""),
        (["check", "--policy", policy, "--commands", COMMANDS, "--batch"], request),
        (["check", "--policy", policy, "--commands", COMMANDS, "--batch"], request * 20000),
        (["parse", "--commands", COMMANDS, "--json", "--", "tool", "group", "list"], b""),
        (["parse", "--commands", COMMANDS, "--batch", "--json"], request),
        (["test", "--commands", COMMANDS, policy], b""),
        (["check", "--help"], b""), (["--version"], b""))
    for args, stdin in commands:
        name = " ".join(a for a in args if "/" not in a)[:50]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([WRIT, *args], input=stdin, stdout=full, stderr=subprocess.PIPE, check=False)
        tap.ok(done.returncode == 2 and b"standard output" in done.stderr, "a full disk: " + name,
               "%d %r" % (done.returncode, done.stderr))
        done = subprocess.run([WRIT, *args], input=stdin, stderr=subprocess.PIPE, check=False,
                              preexec_fn=lambda: os.close(1))
        tap.ok(done.returncode == 2 and b"standard output" in done.stderr, "standard output is closed: " + name,
               "%d %r" % (done.returncode, done.stderr))
    done = subprocess.run([WRIT, *commands[1][0]], stdout=subprocess.PIPE, check=False,
                          preexec_fn=lambda: (os.close(0), os.close(2)))
    tap.ok(done.returncode == 0 and json.loads(done.stdout)["decision"] == "allow",
           "standard input and error are closed: decided all the same")
    done = subprocess.run([WRIT, *commands[2][0]], stdout=subprocess.PIPE, check=False,
                          preexec_fn=lambda: os.close(0))
    tap.equal([done.returncode, done.stdout], [0, b""], "batch with standard input closed: no line")
    with open(policy, "rb") as f:
        done = subprocess.run([WRIT, *commands[2][0]], stdin=f, stdout=subprocess.PIPE, check=False)
    tap.ok(done.returncode == 0 and json.loads(done.stdout.splitlines()[0])["code"] == "policy-error",
           "batch from a regular file")
    limit = 256 << 20
    done = subprocess.run([WRIT, *commands[2][0]], input=b"x" * (64 << 20) + b"\n" + request,
                          stdout=subprocess.PIPE, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    tap.equal([json.loads(line)["code"] for line in done.stdout.splitlines()], ["too-large", "rule"],
              "a line of 64 MiB is skipped in bounded memory")


def parse(*args):
    status, out, err = writ("parse", "--commands", COMMANDS, *args)
    return status, out, err


def parses():
    status, out, _ = parse("--json", "--", "/opt/tool/bin/tool", "-H", "x", "run", "-ftv", "data:/b", "--tty=false",
                           "--cap", "sys_admin", "--maybe", "--mount", "type=volume,target=/d,volume-opt=a=b",
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
    tap.ok(status == 1 and list(json.loads(out)) == ["error"] and "--privilegde" in json.loads(out)["error"]
           and not err, "parse: what cannot be read", repr(out))
    status, out, err = parse("--", "tool", "run", "--privilegde", "img")
    tap.ok(status == 1 and not out and b"--privilegde" in err, "parse: the same for people")
    status, out, err = parse("--json", "--", "no-such-program", "x")
    tap.ok(status == 1 and "error" in json.loads(out) and not err, "parse: a program without a command file")
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
    lines = [b'["tool","begin","a"]', b'["tool"]', b'[]', b'{"argv":["tool"]}', b'', b'["tool","begin",1]',
             b'["none"]', b"x" * (2 << 20), b'["tool","group","list"]']
    status, out, err = writ("parse", "--commands", COMMANDS, "--batch", "--json", stdin=b"\n".join(lines))
    answers = [json.loads(line) for line in out.splitlines()]
    tap.equal([status, ["error" in a for a in answers], err],
              [0, [False, True, True, True, True, True, True, True, False], b""], "parse --batch")
    status, out, _ = writ("parse", "--commands", SHIPPED, "--json", "--", "docker", "run", "-itv=/:/h", "alpine")
    tap.equal([status, json.loads(out)["command"], [o["name"] for o in json.loads(out)["options"]]],
              [0, "docker container run", ["interactive", "tty", "volume"]], "parse: the shipped docker.json")


def tests_of_policies():
    good = path_of("good.json", dict(POLICY, tests=[
        {"run": "tool group list", "expect": "allow", "rule": "list"},
        {"run": ["tool", "begin", "b"], "expect": "deny", "code": "no-rule"},
        {"run": "tool group end", "expect": "allow", "as": "someone"},
        {"run": "tool group end", "expect": "deny"},
        {"run": "tool run img", "expect": "allow", "runas": "daemon"},
        {"run": "tool run img", "expect": "deny", "runas": "bin", "code": "option-of-sudo"},
        {"run": "tool copy hosts", "expect": "allow", "cwd": "/etc", "files": {"/etc/hosts": "root 0644"}},
        {"run": "tool copy link", "expect": "deny", "cwd": "/etc", "files": {"/etc/link": "-> /etc/shadow"}},
        {"run": "tool copy hosts", "expect": "deny"}]))
    status, out, err = writ("test", "--commands", COMMANDS, good, cwd="/etc")
    tap.ok(status == 0 and out == (good + ": 9 tests, all hold\n").encode() and not err,
           "test: all hold, wherever it is called", "%d %r %r" % (status, out, err))
    bad = path_of("failing.json", '{ "version": 1, "rules": [\n'
                  '{ "id": "list", "effect": "allow", "command": "tool group list" } ], "tests": [\n'
                  '{ "run": "tool group list", "expect": "allow" },\n'
                  '{ "run": "tool group list", "expect": "deny" },\n'
                  '{ "run": "tool begin a\u001bb", "expect": "allow", "rule": "list" },\n'
                  '{ "run": "tool group list", "expect": "allow", "rule": "other" },\n'
                  '{ "run": "tool group end", "expect": "deny", "code": "unparsed" } ] }\n')
    text = open(bad, encoding="utf-8").read().replace("\x1b", "\\u001b")
    path_of("failing.json", text)
    status, out, err = writ("test", bad, "--commands", COMMANDS)
    lines = out.decode().splitlines()
    tap.ok(status == 1 and not err and len(lines) == 5 and control_free(out), "test: some fail",
           "%d %r %r" % (status, out, err))
    for number, line, words in ((0, 4, ["tool group list", "expected deny", "got allow by rule list"]),
                                (1, 5, ["expected allow by rule list", "got deny", ": "]),
                                (2, 6, ["expected allow by rule other", "got allow by rule list"]),
                                (3, 7, ["expected deny with code unparsed", "got deny with code no-rule"])):
        tap.ok(lines[number].startswith("%s:%d: " % (bad, line)) and all(w in lines[number] for w in words),
               "test: the report of line %d" % line, lines[number])
    tap.equal(lines[4], bad + ": 4 of 5 tests failed", "test: the sum")
    status, out, _ = writ("test", "--commands", COMMANDS, good, bad, good)
    tap.ok(status == 1 and out.count(b"all hold") == 2, "test: several files, one fails")
    status, out, err = writ("test", "--commands", COMMANDS, bad, folder + "/none.json", good)
    tap.ok(status == 2 and b"none.json" in err and b"all hold" in out,
           "test: one cannot be loaded, the others are run")
    status, out, _ = writ("test", "--commands", COMMANDS, policy)
    tap.equal([status, out], [0, (policy + ": 0 tests, all hold\n").encode()], "test: none at all")


for part in (usage, manual, one_request, one_object, who_and_where, bad_policies, batches, coprocess,
             output_errors, parses, tests_of_policies):
    part()
subprocess.run(["rm", "-rf", folder], check=True)
sys.exit(tap.done())
