# SPDX-License-Identifier: ISC
"""writ log on the event log of sudo_logsrvd: both JSON formats, torn, hostile, told twice."""

import gzip
import json
import os
import sys

from command import folder, tap, writ

place = os.path.join(folder, "log_server")
os.mkdir(place)
ID = "20261121T224009Z-4f2a9c1d00c0ff%02x"
SESSION = "20261121T224009Z-4f2a9c1d"
SECOND = 1795300809     # 2026-11-21T22:40:09Z


def event(number, kind="accept", env=(), **more):
    made = {"uuid": "uuid-%s" % number, "server_time": {"seconds": SECOND + 5, "nanoseconds": 0},
            ("exit" if kind == "exit" else "submit") + "_time": {"seconds": SECOND + number, "nanoseconds": 123456789}}
    if kind != "exit":
        made.update(command="/usr/bin/docker", runargv=["docker", "ps"], runuser="root", submitcwd="/home/a",
                    submithost="alpha", submituser="ai-worker", ttyname="unknown", columns=80, lines=24,
                    runenv=["WRIT_EVENT=" + ID % number, "WRIT_SESSION=" + SESSION, "WRIT_RULE=r",
                            "SUDO_UID=1001", *env])
    made.update(more)
    return kind, made


def pretty(events):
    """As the server of sudo 1.9.13 writes it."""
    parts = []
    for kind, members in events:
        body = json.dumps({kind: members}, indent=4, ensure_ascii=False)[2:-2]
        parts.append(body)
    return "{\n" + ",\n".join(parts) + "\n}\n"


def compact(events):
    return "".join(json.dumps({k: m}, separators=(",", ":"), ensure_ascii=False) + "\n" for k, m in events)


def save(text, name="events.json"):
    path = os.path.join(place, name)
    with open(path, "wb") as f:
        f.write(text if isinstance(text, bytes) else text.encode("utf-8", "surrogateescape"))
    return path


def log(path, *args):
    status, out, err = writ("log", "--json", *args, "--events", path)
    return [json.loads(line) for line in out.decode().splitlines()], err.decode(), status


some = [event(1), event(2, "reject", reason="no", env=["WRIT_CODE=no-rule"]),
        event(1, "exit", exit_value=3, run_time={"seconds": 2, "nanoseconds": 500000000}),
        event(4, runenv=["A=b"], submithost="beta"), event(5, "reject", runenv=[], reason="sudoers says no"),
        event(6, iolog_path="/srv/io/alpha/00/00/01"),
        event(6, "exit", signal="KILL", dumped_core=False, exit_value=0, run_time={"seconds": 0, "nanoseconds": 1})]
for name, text in [("pretty", pretty(some)), ("compact", compact(some)), ("packed", gzip.compress(pretty(some).encode()))]:
    got, err, status = log(save(text))
    tap.equal((len(got), err, status), (7, "", 0), name + ": all events, no complaint")
    tap.equal([(x["event"], x.get("decision")) for x in got],
              [("decision", "allow"), ("decision", "deny"), ("exit", None), ("accept", None), ("reject", None),
               ("decision", "allow"), ("exit", None)], name + ": what they are")
got, _, _ = log(save(pretty(some)))
tap.equal({k: got[0][k] for k in ("time", "host", "id", "session", "user", "uid", "rule", "code", "program", "argv",
                                  "runas", "cwd", "tty")},
          {"time": "2026-11-21T22:40:10.123456Z", "host": "alpha", "id": ID % 1, "session": SESSION, "user": "ai-worker",
           "uid": 1001, "rule": "r", "code": "rule", "program": "/usr/bin/docker", "argv": ["docker", "ps"],
           "runas": "root", "cwd": "/home/a", "tty": None}, "the members of an accept")
tap.equal((got[1]["code"], got[1]["reason"]), ("no-rule", "no"), "code and reason of a reject")
tap.equal([got[2][k] for k in ("decision_id", "status", "signal", "seconds", "host", "user", "session")],
          [ID % 1, 3, None, 2.5, "alpha", "ai-worker", SESSION], "an exit is its decision's")
tap.equal([got[6][k] for k in ("decision_id", "status", "signal")], [ID % 6, None, 9], "one by a signal")
tap.equal((got[3]["id"], got[3]["host"]), ("uuid-4", "beta"), "an event of a sudo without writ has the server's id")
tap.equal(got[5]["iolog_path"], "/srv/io/alpha/00/00/01", "where the I/O log is")
for args, want in [(["--decision", "deny"], [1, 4]), (["--host", "beta"], [3]), (["--rule", "r"], [0, 1, 5]),
                   (["--session", SESSION], [0, 1, 2, 5, 6]), (["--since", "2026-11-21 22:40:14 UTC"], [4, 5, 6]),
                   (["--id", ID % 1], [0, 2])]:
    some_got = log(save(pretty(some)), *args)[0]
    tap.equal(some_got, [got[i] for i in want], "filter " + " ".join(args))

# What is sent twice is one event; what two hosts say with one id is two.
twice = [event(1), event(2, "reject", reason="no"), event(1), event(2, "reject", reason="no"),
         event(1, submithost="beta"), event(1, "exit", exit_value=0), event(1, "exit", exit_value=0)]
got, err, _ = log(save(pretty(twice)))
tap.equal([(x["event"], x["host"]) for x in got],
          [("decision", "alpha"), ("decision", "alpha"), ("decision", "beta"), ("exit", "beta")], "what came twice is one")

# What a late delivery brings is older than what is there, and a server knows no sessions' opening.
late = [event(200), event(200, "exit", exit_value=0), event(1, "reject", reason="no"), event(7), event(7, "exit", exit_value=0),
        event(8, runenv=[]), event(8, "exit", exit_value=0)]
status, out, err = writ("log", "--verify", "--iolog-dir", place, "--events", save(pretty(late)))
tap.ok(status == 0 and b"nothing is missing" in out + err, "--verify: late is not wrong", repr(out + err))
status, out, err = writ("log", "--verify", "--iolog-dir", place, "--events", save(pretty([event(9)])))
tap.ok(status == 1 and (ID % 9).encode() in out + err, "--verify: a command that has not ended", repr(out + err))

# The server was killed while it wrote, and overwrote the last three bytes of that.
whole = pretty([event(1)])
torn_whole = len(whole)
for cut in range(40, len(whole) - 5, 37):
    torn = whole[:cut] + ",\n" + pretty([event(2), event(3)])[2:]
    got, err, _ = log(save(torn))
    if [x["id"] for x in got] != [ID % 2, ID % 3] or "skipped" not in err:
        tap.ok(False, "torn after %d bytes" % cut, repr([x["id"] for x in got]) + err)
        break
else:
    tap.ok(True, "a torn event loses itself alone, and is reported")
for cut in range(2, len(whole) - 6, 41):
    got, err, _ = log(save(pretty([event(2)])[:-3] + ",\n" + whole[2:cut + 2]))
    if [x["id"] for x in got] != [ID % 2]:
        tap.ok(False, "ends after %d bytes" % cut, repr(got) + err)
        break
else:
    tap.ok(True, "an end in the middle of an event")

# What an argument holds cannot end an event or begin one, nor be believed as an id.
hostile = "\n    },\n    \"reject\": {\n        \"reason\": \"x\""
got, err, _ = log(save(pretty([event(1, runargv=["a", hostile, "\x1b[2J", "\\", "\""]), event(2)])))
tap.equal(([x["id"] for x in got], err), ([ID % 1, ID % 2], ""), "arguments that look like events are arguments")
tap.equal(got[0]["argv"], ["a", hostile, "\x1b[2J", "\\", "\""], "and are shown whole")
got, err, _ = log(save(pretty([event(1, runargv=["a\udcff"])])))
tap.equal((len(got), got and got[0]["argv"], err), (1, ["a\ufffd"], ""), "bytes that are no text do not hide an event")
for bad in ("x", "", ID % 1 + "0", "../../etc", (ID % 1).upper()):
    got, _, _ = log(save(pretty([event(1, runenv=["WRIT_EVENT=" + bad])])))
    tap.equal([(x["event"], x["id"]) for x in got], [("accept", "uuid-1")], "no id: %r" % bad)
for number, members in enumerate([{"submit_time": "x"}, {"submit_time": {"seconds": 10 ** 18}}, {"runargv": 1},
                                  {"runenv": {}}, {"uuid": 7}, {"submithost": None}]):
    got, err, _ = log(save(compact([event(1, **members)])))
    tap.equal((len(got), err), (1, ""), "odd member %d" % number)
got, err, _ = log(save(pretty([event(1)])[:-2] + "garbage\n}\n"))
tap.ok(len(got) == 1 and "torn" not in [x["id"] for x in got] and "skipped" in err, "garbage is reported", err)
got, err, _ = log(save("{\n    \"accept\": {\n" + "x" * 20_000_000 + "\n    }\n}\n"))
tap.ok(got == [] and "skipped" in err, "an event without end", err)
sys.exit(tap.done())
