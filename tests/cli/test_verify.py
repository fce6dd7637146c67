# SPDX-License-Identifier: ISC
"""writ log --verify and writ sessions: what is missing from a trail, and what became of sessions."""

import json
import os
import subprocess
import sys

import trail
from command import folder, tap, writ

KEY = trail.fingerprint("one")


def where(*parts):
    return os.path.join(folder, *parts)


logs = where("iologs")
os.mkdir(logs)


def iolog(tsid, event=None, dir=logs):
    """An I/O log as sudo begins it."""
    path = os.path.join(dir, tsid)
    os.makedirs(path)
    info = {"timestamp": {"seconds": 1795219200, "nanoseconds": 0}, "submituser": "ai-worker", "command": "/usr/bin/true",
            "runargv": ["true"], "runuser": "root", "runenv": ["PATH=/bin"] + (["WRIT_EVENT=" + event] if event else [])}
    with open(os.path.join(path, "log.json"), "w", encoding="utf-8") as f:
        json.dump(info, f)
    open(os.path.join(path, "timing"), "wb").close()
    return tsid


def verify(path, *args, dir=logs):
    status, out, err = writ("log", "--verify", "--json", "--events", path, "--iolog-dir", dir, *args)
    findings = [json.loads(line) for line in out.split(b"\n")[:-1]]
    return status, [(f["finding"], f["line"], f["id"]) for f in findings], err.decode()


def check(name, lines, wanted, wanted_status=None, **more):
    path = trail.save(where("events.jsonl"), lines)
    status, findings, err = verify(path, **more)
    tap.ok(findings == wanted and status == (1 if wanted else 0) and err == "", name,
           "status %d, %r instead of %r, %s" % (status, findings, wanted, err))


# --- a trail that is whole

m = trail.Maker(seed=5)
s = m.open(key=KEY)
d = m.decision(s)
m.exit(d)
m.decision(s, allow=False)
child = m.decision(s, parent=d["id"])
approved = m.decision(s, plugin="writ_approval")
m.close(s)
whole = list(m.events)
check("a whole trail", whole, [])
path = trail.save(where("events.jsonl"), whole)
status, out, err = writ("log", "--verify", "--events", path, "--iolog-dir", logs)
tap.equal((status, out, err), (0, b"7 events, 0 I/O logs: nothing is missing\n", b""), "and what is said of it")

# --- one thing missing at a time

m = trail.Maker(seed=6)
s = m.open()
m.decision(s)
m.close(s)
check("an allowed command without end", m.events, [("no-exit", 2, m.events[1]["id"])])
status, out, err = writ("log", "--verify", "--events", where("events.jsonl"), "--iolog-dir", logs)
tap.ok(b"events.jsonl:2: the allowed command " + m.events[1]["id"].encode() in out and out.endswith(b": 1 finding\n"),
       "named with file and line", repr(out))
status, findings, err = verify(where("events.jsonl"), "--since", m.events[2]["time"])
tap.equal((status, findings), (0, []), "findings of another time are not told")
status, findings, err = verify(where("events.jsonl"), "--until", m.events[1]["time"])
tap.equal((status, len(findings)), (1, 1), "those of that time are")

m = trail.Maker(seed=7)
s = m.open()
d = m.decision(s, iolog="ai-worker/%s/000001" % s)
m.exit(d)
m.close(s)
check("an allowed command without I/O log", m.events, [("no-iolog", 2, d["id"])])
iolog(d["iolog"], d["id"])
check("and with it", m.events, [])
moved = where("server")
os.mkdir(moved)
iolog("here/00/00/01", d["id"], dir=moved)
check("a server's tree, where logs have other names", m.events, [], dir=moved)
check("a command that was not started has none", m.events[:1] + [
    {**d, "iolog": "ai-worker/x/000009"}, {**m.events[2], "status": None, "error": "no such program"}] + m.events[3:],
      [], dir=where("nothing-there"))
alone = iolog("ai-worker/%s/000002" % s, "20261121T235959Z-00000000000000aa")
check("an I/O log without decision", m.events, [("iolog-alone", None, "20261121T235959Z-00000000000000aa")])
unnamed = iolog("ai-worker/untagged/000003")
iolog("00/00/07")
status, findings, err = verify(where("events.jsonl"))
tap.equal([f[0] for f in findings], ["iolog-alone", "iolog-alone"], "also one that names no event; sudoers' own do not count")

m = trail.Maker(seed=8)
s = m.open()
d = m.decision(s)
m.exit(d)
m.close(s)
empty = where("no-logs")
os.mkdir(empty)
check("an end without decision", [m.events[0]] + m.events[2:], [("no-decision", 2, m.events[2]["id"])], dir=empty)
check("unless it is older than the trail", m.events[2:], [], dir=empty)
check("an event twice", m.events + [m.events[1]] + m.events[2:3],
      [("duplicate", 5, d["id"]), ("duplicate", 6, m.events[2]["id"])], dir=empty)
late = trail.Maker(seed=9, start=m.now)
late.tick(600)
late.decision(None, allow=False)
check("events out of order", m.events + late.events + [{**m.events[1], "id": "20261121T000000Z-00000000000000bb", "decision": "deny"}],
      [("backwards", 6, "20261121T000000Z-00000000000000bb")], dir=empty)
check("a torn line", [m.events[0], trail.write(m.events[1])[:300]] + m.events[1:], [("bad-line", 2, None)], dir=empty)

# --- the same over several files and hosts

m = trail.Maker(seed=10)
s = m.open()
open_decisions = []
for i in range(200):
    d = m.decision(s)
    if i % 10 == 3:
        open_decisions.append(("no-exit", d["id"]))
    else:
        m.exit(d)
m.close(s)
rotated = trail.rotate(where("rotated"), m.events, 4)
status, findings, err = verify(rotated, dir=empty)
tap.equal([(f[0], f[2]) for f in findings], open_decisions, "rotated and packed copies are one trail")
server = trail.save(where("server.jsonl"), m.events)
status, findings, err = verify(rotated, "--events", server, dir=empty)
tap.equal([(f[0], f[2]) for f in findings if f[0] != "no-exit"], [], "the copy that a server has is no duplicate")

# --- a command that runs now

m = trail.Maker(seed=11)
s = m.open()
d = m.decision(s)
runs = subprocess.Popen(["sleep", "100"], env={**os.environ, "WRIT_EVENT": d["id"]})
while True:
    with open("/proc/%d/environ" % runs.pid, "rb") as f:
        if ("WRIT_EVENT=" + d["id"]).encode() in f.read():
            break
check("a command that runs", m.events, [], dir=empty)
runs.kill()
runs.wait()
check("and when it was killed with its sudo", m.events, [("no-exit", 2, d["id"])], dir=empty)

# --- sessions

boot = open("/proc/sys/kernel/random/boot_id", encoding="ascii").read().strip()
m = trail.Maker(host=os.uname().nodename, seed=12)
a = m.open(key=KEY, boot=trail.BOOT)
m.decision(a, allow=False)
b = m.open(user="diag", boot=trail.BOOT)
m.close(b, user="diag")
c = m.open(boot=trail.BOOT)
m.close(c, closed="lost")
n = m.open(boot=boot)
m.decision("20261121T235900Z-0000aaaa", allow=False)
away = trail.Maker(host="there", seed=13)
x = away.open(boot="11111111-3c0a-4a52-9a4c-0d8d6a5d1b11")
y = away.open(boot="22222222-3c0a-4a52-9a4c-0d8d6a5d1b11")
events = sorted(m.events + away.events, key=lambda e: e["time"])
path = trail.save(where("sessions.jsonl"), events)


def sessions(*args):
    status, out, err = writ("sessions", "--json", "--events", path, *args)
    return status, [json.loads(line) for line in out.split(b"\n")[:-1]], err


status, listed, err = sessions()
states = {e["session"]: e["state"] for e in listed}
tap.equal(states, {a: "lost", b: "closed", c: "lost", n: "lost", "20261121T235900Z-0000aaaa": "unknown", x: "lost", y: "open"},
          "what became of each")
tap.equal([(e["user"], e["key"], e["from"], e["allowed"], e["denied"]) for e in listed if e["session"] == a],
          [("ai-worker", KEY, "10.0.0.7", 0, 1)], "who, by which key, from where, and what was asked")
status, listed, err = sessions("--active")
tap.equal((status, [e["session"] for e in listed]), (0, [y]), "--active")
for args, wanted in ((["--user", "diag"], [b]), (["--key", KEY], [a]), (["--host", "there"], [x, y]),
                     (["--session", c], [c]), (["--session", "nobody"], [])):
    status, listed, err = sessions(*args)
    tap.equal((status, sorted(e["session"] for e in listed)), (0 if wanted else 1, sorted(wanted)), " ".join(args))
first_line = {}
for number, event in enumerate(events, 1):
    first_line.setdefault(event["session"], number)
check("sessions that are over without a close, or were never opened", events, sorted(
    [("no-close", first_line[a], a), ("no-close", first_line[x], x), ("no-close", first_line[n], n),
     ("no-open", first_line["20261121T235900Z-0000aaaa"], "20261121T235900Z-0000aaaa")], key=lambda f: f[1]), dir=empty)
path = trail.save(where("sessions.jsonl"), events)
status, out, err = writ("sessions", "--events", path, "--utc")
tap.ok(status == 0 and out.count(b"\n") == 7 and b"with " + KEY.encode() in out and b"; 0 allowed, 1 refused\n" in out,
       "the table", repr(out))

sys.exit(tap.done())
