# SPDX-License-Identifier: ISC
"""writ check --batch: every line is answered, in order, at once."""

import json
import subprocess
import sys

from command import COMMANDS, WRIT, batch, policy, tap


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
    tap.ok(status == 0 and not err, "batch: status 0 though lines were refused", "%d %r"
           % (status, err))
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
                               b'{"argv":["tool","group","end"],"user":"nobody"}\n', "--user",
                               "someone")
    tap.equal([d["decision"] for d in answers], ["allow", "allow", "deny"],
              "batch: --user where the line says none")
    count = 20000
    status, answers, _ = batch(b"".join(b'["tool","begin","%d"]\n' % i for i in range(count)))
    tap.ok([d["argv"][2] for d in answers] == [str(i) for i in range(count)],
           "batch: many, in order")
    users = b"".join(b'{"argv":["tool","group","end"],"user":"%s"}\n' %
                     (b"someone" if i % 7 == 0 else b"u%d" % i) for i in range(2000))
    status, answers, _ = batch(users)
    tap.equal([d["decision"] for d in answers],
              ["allow" if i % 7 == 0 else "deny" for i in range(2000)],
              "batch: more users than are remembered")


def coprocess():
    """Each answer must be there before the next question is asked."""
    for command, question, key in (
            (["check", "--policy", policy, "--commands", COMMANDS, "--batch"],
             ["tool", "begin", "%d"], "argv"),
            (["parse", "--commands", COMMANDS, "--batch", "--json"], ["tool", "begin", "%d"],
             "operands")):
        with subprocess.Popen([WRIT, *command], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as p:
            right = 0
            for i in range(200):
                p.stdin.write(json.dumps([w.replace("%d", "n%d" % i) for w in question]).encode()
                              + b"\n")
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


for part in (batches, coprocess):
    part()
sys.exit(tap.done())
