# SPDX-License-Identifier: ISC
"""Trails for the tests: events as writ writes them, and files of them."""

import base64
import datetime
import gzip
import hashlib
import json
import os
import random

EPOCH = datetime.datetime(2026, 11, 21, 0, 0, 0, tzinfo=datetime.timezone.utc)
BOOT = "6f6cf1d4-3c0a-4a52-9a4c-0d8d6a5d1b11"
RULES = ["read", "control", "ollama-models", "logs"]
HOSTILE = ["plain", "two words", "new\nline", "\x1b]0;title\x07\x1b[2J", "\u202eevil", "漢字カナ", "é\u0301",
           "<script>", "'quoted' \"twice\"", "back\\slash", "tab\there", "\u200bhidden", "a" * 300, ""]


def stamp(when):
    return when.strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def fingerprint(name):
    return "SHA256:" + base64.b64encode(hashlib.sha256(name.encode()).digest()).decode().rstrip("=")


def write(line):
    """As writ writes it: control and deceptive characters escaped, no blanks."""
    text = json.dumps(line, ensure_ascii=False, separators=(",", ":"))
    return "".join("\\u%04x" % ord(c) if c in "\x7f\u202e\u200b" else c for c in text)


class Maker:
    """Events of one host, each later than the one before."""

    def __init__(self, host="here", seed=1, start=EPOCH):
        self.random = random.Random(seed)
        self.host = host
        self.now = start
        self.sessions = []
        self.events = []

    def tick(self, seconds=None):
        self.now += datetime.timedelta(seconds=self.random.uniform(0.5, 40) if seconds is None else seconds)

    def event(self, kind, session, user, **members):
        self.tick()
        event = {"time": stamp(self.now), "host": self.host, "event": kind,
                 "id": self.now.strftime("%Y%m%dT%H%M%SZ-") + "%016x" % self.random.getrandbits(64),
                 "session": session, "user": user, "uid": 1001, **members}
        self.events.append(event)
        return event

    def open(self, user="ai-worker", key=None, boot=BOOT, **more):
        session = self.now.strftime("%Y%m%dT%H%M%SZ-") + "%08x" % self.random.getrandbits(32)
        self.sessions.append((session, user))
        self.event("session-open", session, user, service="sshd", opened=stamp(self.now), boot=boot,
                   audit_session=42, leader={"pid": 17, "start": 99}, tty="ssh",
                   **{"from": "10.0.0.7"},
                   key={"type": "ssh-ed25519", "fingerprint": key} if key else None, by=None, **more)
        return session

    def close(self, session, user="ai-worker", closed="logout"):
        return self.event("session-close", session, user, service="sshd", closed=closed, seconds=12.5)

    def decision(self, session=None, user="ai-worker", allow=True, argv=("docker", "ps"), **more):
        members = {
            "decision": "allow" if allow else "deny", "code": "rule" if allow else "no-rule",
            "rule": self.random.choice(RULES) if allow else None,
            "command": "docker container restart", "program": "/usr/bin/docker" if allow else None,
            "argv": list(argv), "runas": "root", "reason": "the reason of it", "hint": None,
            "nearest": None, "policy": {"path": "/etc/writ/policy.json", "sha256": "0" * 64},
            "cwd": "/home/agent", "tty": None, "claims": {}, "plugin": "writ_policy", "iolog": None}
        members.update(more)
        return self.event("decision", session, user, **members)

    def exit(self, decision, status=0, **more):
        members = {"decision_id": decision["id"], "status": status, "signal": None, "error": None,
                   "seconds": 1.25, **more}
        return self.event("exit", decision["session"], decision["user"], **members)

    def fill(self, n, keys=()):
        """Sessions, requests and their ends, with arguments of every kind."""
        keys = list(keys) or [None]
        while len(self.events) < n:
            dice = self.random.random()
            if dice < 0.05 or not self.sessions:
                self.open(user=self.random.choice(["ai-worker", "diag"]), key=self.random.choice(keys))
                continue
            session, user = self.random.choice(self.sessions + [(None, "ai-worker")])
            if dice < 0.1:
                self.event("reject", session, user, plugin="sudoers_policy", plugin_type="policy",
                           program=None, argv=["id"], runas=None, runas_group=None,
                           reason="user NOT in sudoers", cwd="/", runcwd=None, tty=None, claims={},
                           iolog_path=None)
                continue
            decision = self.decision(
                session, user, allow=self.random.random() < 0.8,
                argv=["docker", self.random.choice(HOSTILE)], reason=self.random.choice(HOSTILE) or "?",
                command=self.random.choice(["docker container restart", "docker containers", "docker", None]),
                claims=self.random.choice([{}, {"WRIT_TASK": "task é %d" % self.random.randrange(4)}]))
            if decision["decision"] == "allow":
                self.exit(decision, self.random.choice([0, 1]))
        return self.events


def save(path, events, packed=False, mode="w"):
    lines = "".join((e if isinstance(e, str) else write(e)) + "\n" for e in events).encode("utf-8", "surrogateescape")
    with (gzip.open(path, mode + "b") if packed else open(path, mode + "b")) as f:
        f.write(lines)
    return path


def rotate(folder, events, pieces):
    """One log in several files, oldest first: the first ones packed, the last one is being written."""
    os.makedirs(folder, exist_ok=True)
    size = len(events) // pieces + 1
    for i in range(pieces):
        part, age = events[i * size:(i + 1) * size], pieces - 1 - i
        name = "events.jsonl" + (".%d" % age if age else "") + (".gz" if age > 1 else "")
        save(os.path.join(folder, name), part, packed=age > 1)
    return folder
