# SPDX-License-Identifier: ISC
"""writ show: what belongs to a request or a session, from event files and I/O logs of several hosts."""

import gzip
import json
import os
import subprocess
import sys

from command import WRIT, check_manual, control_free, folder, tap, writ
from report_trail import SESSION, Trail

here = Trail(os.path.join(folder, "here"))
there = Trail(os.path.join(folder, "there"), host="otherhost", user="agent-b")
there.session = "20261121T230000Z-00000002"
there.number = 1000

HOSTILE = ["docker", "a\nb", "\x1b[2J", "\u202egnp", "<b>", "\u009b31m", b"\xff"]

opened = here.session_open(key={"type": "ssh-ed25519-cert", "fingerprint": "SHA256:abc", "key_id": "agent 7",
                                "serial": "12"})
before = here.decision(["docker", "ps"], iolog=None)
log = here.iolog("ai-worker/%s/Ab3dEf" % SESSION, [(1, "ttyout", b"shown\r\n"), (0.25, "ttyin", b"x")])
asked = here.decision(["docker", "restart", "a b"], iolog=log, tty="/dev/pts/3", hint="no hint",
                      claims={"WRIT_TASK": "job 7"})
child = here.decision(["docker", "kill"], parent=asked)
ended = here.exit(asked, status=3)
accept = here.event("accept", plugin="sudoers", plugin_type="policy", program="/usr/bin/docker",
                    argv=["docker", "restart", "a b"], runas="root", iolog_path="/var/log/sudo-io/" + log)
again = here.event("accept", plugin="sudo", plugin_type="front-end", program="/usr/bin/docker",
                   argv=["docker", "restart", "a b"], runas="root", iolog_path="/var/log/sudo-io/" + log)
accept_exit = here.exit(again, status=7)
after = here.decision(["docker", "run", *HOSTILE], allow=False, rule=None, code="no-rule",
                      reason="no rule allows it", nearest={"rule": "near", "failed": "not a, but b"})
killed = here.exit(child, status=None, signal=9)
not_started = here.decision(["docker", "pull"], iolog="ai-worker/%s/Gone00" % SESSION)
here.exit(not_started, status=None, error="Exec format error")
closed = here.session_close(closed="logout")
here.raw(b'{"time":"2026-11-21T22:40:09Z","torn\n')
untagged = here.event("decision", session=None, decision="deny", code="no-rule", rule=None, argv=["x"],
                      reason="r", argv_bytes=9000, argv_sha256="0" * 64, iolog=None)
lone_exit = here.exit("20200101T000000Z-000000000000beef")
here.iolog("moved/elsewhere", [(1, "ttyout", b"x")], runenv=["A=", "WRIT_EVENT=20200101T000000Z-000000000000beef"])
here.write()

there.session_open()
remote = there.decision(["docker", "logs"], iolog="agent-b/%s/Xy12Zz" % there.session)
there.exit(remote)
before_remote = there.decision(["docker", "top"], iolog="agent-b/%s/Lost00" % there.session)
there.write()
# The server's tree has its own names; log.json says whose log it is.
server = Trail(os.path.join(folder, "server"))
server.iolog("otherhost/agent-b/00/00/01", [(2, "stdout", b"remote")], submituser="agent-b", runenv=["WRIT_EVENT=" + remote])
nobodys = server.iolog("otherhost/agent-b/00/00/02", [(2, "stdout", b"?")], submituser="\x1b[1mu",
                       command="/bin/\nx", runenv=[])


def show(word, *more, trail=here):
    more = more or ("--events", trail.events, "--iolog-dir", trail.iologs)
    status, out, err = writ("show", word, *more)
    return status, out.decode(), err.decode()


def show_json(word, *more, trail=here):
    status, out, err = show(word, "--json", *(more or ("--events", trail.events, "--iolog-dir", trail.iologs)))
    return json.loads(out) if status == 0 and out.count("\n") == 1 else {"failed": [status, out, err]}


def event(identifier, trail=here):
    return next((json.loads(line) for line in trail.lines if identifier.encode() in line
                 and json.loads(line)["id"] == identifier), None)


def request():
    got = show_json(asked)
    want = {"request": asked, "decision": event(asked), "copies": 1, "exit": event(ended), "parent": None,
            "session": {"open": event(opened), "close": event(closed)}, "children": [event(child)],
            "all_children": 1, "before": event(before), "after": event(after),
            "audit": [event(accept), event(again)]}
    tap.equal({k: got.get(k) for k in want}, want, "a request, its exit, session, children, neighbours")
    tap.equal(got.get("place"), {"file": here.events, "line": 3, "offset": sum(map(len, here.lines[:2]))},
              "where its line stands")
    tap.equal(got.get("iolog"), {"named": log, "of_parent": False, "tsid": log, "path": os.path.join(here.iologs, log),
                                 "host": "lazyworkhorse", "user": "ai-worker", "command": "/usr/bin/docker",
                                 "event": None, "complete": True, "seconds": 1.25,
                                 "streams": {"ttyin": 1, "ttyout": 7}, "faults": []}, "its I/O log")
    for name, word in (("exit", ended), ("I/O log", log), ("the beginning of the id", asked[:-1])):
        tap.equal(show_json(word).get("request"), asked, "the same request by its " + name)
    status, out, err = show(asked)
    tap.equal([status, err], [0, ""], "for people")
    for want in ("request   " + asked, "user      ai-worker (uid 1001), to run as root", "tty       /dev/pts/3",
                 "asked     docker restart 'a b'", "decision  allow by rule restart (rule)", "reason    because",
                 "instead   no hint", "claims    WRIT_TASK=job 7", "exit      status 3 after 0.25 s",
                 "session   " + SESSION, "          ai-worker by sshd from 10.0.0.7",
                 "          key ssh-ed25519-cert SHA256:abc, certificate agent 7", "(logout)",
                 "I/O log   " + log, "1.250 s, complete", "          ttyout: 7 bytes",
                 "          to see it: writ replay " + log, "children  " + child, "before    " + before,
                 "audit     " + accept, "after     " + after, "line      %s:3" % here.events):
        tap.ok(want in out, "for people: " + want[:30].strip(), out)
    got = show_json(child)
    tap.equal([got.get("parent"), got.get("exit")], [event(asked), event(killed)], "a child names its parent")
    tap.equal([got["iolog"]["tsid"], got["iolog"]["of_parent"]], [log, True], "and is in its I/O log")
    tap.ok("exit      signal 9 after" in show(child)[1], "a signal")
    got = show_json(not_started)
    tap.equal(got["iolog"], {"named": "ai-worker/%s/Gone00" % SESSION, "of_parent": False, "tsid": None, "path": None,
                              "error": "no I/O log ai-worker/%s/Gone00 below %s: No such file or directory"
                              % (SESSION, here.iologs)},
              "an I/O log that is gone")
    out = show(not_started)[1]
    tap.ok("not started: Exec format error" in out and "No such file or directory" in out, "and for people", out)
    got = show_json("20200101T000000Z-000000000000beef")
    tap.equal([got.get("decision"), got.get("exit"), got["iolog"]["tsid"]], [None, event(lone_exit), "moved/elsewhere"],
              "an exit whose decision is in no file, and the I/O log that names it")
    tap.ok("decision  not in these event files" in show(lone_exit)[1], "and for people")


def hostile():
    status, out, err = show(after)
    tap.ok(status == 0 and control_free(out.encode()) and "\u202e" not in out,
           "hostile arguments reach no terminal", repr(out))
    tap.ok("nearest   near: not a, but b" in out and "deny (no-rule)" in out, "why it was refused", out)
    status, out, err = show(after, "--json", "--events", here.events, "--iolog-dir", here.iologs)
    tap.ok(status == 0 and control_free(out.encode()) and "\u202e" not in out, "nor as JSON", repr(out))
    tap.equal(json.loads(out)["decision"], event(after), "and the JSON is the event")
    got = show_json(accept, "--events", here.events, "--iolog-dir", here.iologs)
    tap.equal([got["decision"], got["iolog"]["named"], got["audit"], got["exit"]],
              [event(accept), "var/log/sudo-io/" + log, [event(again)], event(accept_exit)],
              "what sudo told its audit plugins is a request as well, told twice, with one exit")
    out = show(untagged)[1]
    tap.ok("session   none" in out and "9000 bytes in all" in out, "no session; arguments cut", out)
    for word in ("\x1b[2J", "a\nb", "\u202e", "", "..", "/", "%s"):
        status, out, err = show(word)
        tap.ok(status == 1 and out == "" and control_free(err.encode()) and "\u202e" not in err, "no such thing: %r" % word,
               "%d %r %r" % (status, out, err))


def session():
    got = show_json(SESSION)
    decisions = [event(i) for i in (before, asked, child, after, not_started)]
    tap.equal([got["session"], got["allowed"], got["denied"], [r["decision"] for r in got["requests"]]],
              [{"open": event(opened), "close": event(closed)}, 4, 1, decisions], "a session and its requests")
    tap.equal([(r["exit"] or {}).get("id") for r in got["requests"]][1:3], [ended, killed], "and their exits")
    for word in (opened, closed):
        tap.equal(show_json(word).get("session"), got["session"], "by an event of it")
    status, out, _ = show(SESSION)
    tap.ok(status == 0 and "requests  5: 4 allowed, 1 denied" in out and asked in out and control_free(out.encode()),
           "for people", out)
    status, out, err = show(SESSION[:9])
    tap.ok(status == 2 and "several ids begin with" in err and opened in err, "ambiguous", err)
    status, out, err = show("20991231T000000Z-00000000")
    tap.ok(status == 1 and "no event, session or I/O log" in err, "no such session", err)


def other_places():
    both = ("--events", here.events, there.events, "--iolog-dir", server.iologs)
    got = show_json(remote, *both)
    tap.equal([got["decision"], got["iolog"]["tsid"], got["iolog"]["seconds"]],
              [event(remote, there), "otherhost/agent-b/00/00/01", 2.0],
              "another host's request, its log in the server's tree")
    forged = server.iolog("otherhost/mallory/00/00/03", [(2, "stdout", b"!")], submituser="mallory",
                          runenv=["WRIT_EVENT=" + before_remote])
    got = show_json(before_remote, *both)
    tap.equal([got["iolog"]["tsid"], got["iolog"]["error"]],
              [None, "the I/O log %s is another user's" % forged], "a log that claims to be another user's request")
    got = show_json("otherhost/agent-b/00/00/01", *both)
    tap.equal([got["request"], got["decision"]], [remote, event(remote, there)], "and back")
    status, out, err = show(nobodys, *both)
    tap.ok(status == 0 and control_free(out.encode()) and "not in these event files" in out and "otherhost" in out,
           "a log that no event names", out)
    tap.ok("docker ps" in show(before, *both)[1], "this host's, beside")

    rotated = os.path.join(folder, "rotated")
    os.mkdir(rotated)
    with gzip.open(os.path.join(rotated, "events.jsonl.2.gz"), "wb") as f:
        f.write(b"".join(here.lines[:3]))
    with open(os.path.join(rotated, "events.jsonl.1"), "wb") as f:
        f.write(b"".join(here.lines[3:6]))
    with open(os.path.join(rotated, "events.jsonl"), "wb") as f:
        f.write(b"".join(here.lines[6:]) + here.lines[2])
    got = show_json(asked, "--events", rotated, "--iolog-dir", here.iologs)
    tap.equal([got["exit"], got["children"], got["session"], got["before"], got["after"], got["copies"]],
              [event(ended), [event(child)], {"open": event(opened), "close": event(closed)}, event(before),
               event(after), 2], "across rotated and packed files, a line twice")
    tap.ok("and 1 times more" in show(asked, "--events", rotated, "--iolog-dir", here.iologs)[1],
           "which people are told")


def failures():
    for name, args, want in (("no file", [asked, "--events", "/nonexistent"], "/nonexistent"),
                             ("no word", ["--events", here.events], "nothing to be shown"),
                             ("two words", [asked, log], "more than one")):
        status, out, err = writ("show", *args)
        tap.ok(status == 2 and out == b"" and want in err.decode(), "wrong use: " + name, err.decode())
    with open("/dev/full", "wb") as full:
        done = subprocess.run([WRIT, "show", asked, "--events", here.events], stdout=full,
                              stderr=subprocess.PIPE, check=False)
    tap.equal(done.returncode, 2, "output that cannot be written")


def manual():
    check_manual("show")


for part in (manual, request, hostile, session, other_places, failures):
    part()
sys.exit(tap.done())
