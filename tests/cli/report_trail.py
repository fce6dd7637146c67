# SPDX-License-Identifier: ISC
"""A trail made by hand: an event file, and I/O logs in sudo's form beside it."""

import base64
import gzip
import hashlib
import json
import os
from datetime import datetime, timedelta, timezone

SESSION = "20261121T224009Z-4f2a9c1d"


class Trail:
    def __init__(self, folder, host="lazyworkhorse", user="ai-worker"):
        self.folder = folder
        self.events = os.path.join(folder, "events.jsonl")
        self.iologs = os.path.join(folder, "iologs")
        os.makedirs(self.iologs)
        self.time = datetime(2026, 11, 21, 22, 40, 9, 123456, timezone.utc)
        self.host, self.user, self.session = host, user, SESSION
        self.number = 0
        self.lines = []

    def write(self):
        with open(self.events, "wb") as f:
            f.write(b"".join(self.lines))

    def raw(self, line):
        self.lines.append(line)

    def event(self, kind, **members):
        """One event, a second after the last one; the members may replace any. Its id."""
        self.time += timedelta(seconds=1)
        self.number += 1
        event = {"time": self.time.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "host": self.host,
                 "event": kind, "id": self.time.strftime("%Y%m%dT%H%M%SZ-") + "%016x" % self.number,
                 "session": self.session, "user": self.user, "uid": 1001}
        event.update(members)
        self.raw(json.dumps(event, ensure_ascii=self.number % 2 == 0).encode() + b"\n")
        return event["id"]

    def session_open(self, **members):
        return self.event("session-open", **{
            "service": "sshd", "opened": self.time.strftime("%Y-%m-%dT%H:%M:%S.%fZ"), "boot": "b" * 36,
            "audit_session": 42, "leader": {"pid": 12889, "start": 912345}, "tty": "ssh", "from": "10.0.0.7",
            "key": {"type": "ssh-ed25519", "fingerprint": "SHA256:uR8gk3lkPjY9N6uK0Vg3fYk5m0sI2u8nTq3v0cQ1xZk"},
            "by": None, **members})

    def session_close(self, **members):
        return self.event("session-close", **{"service": "sshd", "closed": "closed", "seconds": 61.5, **members})

    def decision(self, argv, allow=True, rule="restart", **members):
        """A decision on bytes or texts; argv_raw where one is not UTF-8."""
        words = [os.fsencode(word) for word in argv]
        event = {"decision": "allow" if allow else "deny", "code": "rule" if rule else "no-rule", "rule": rule,
                 "command": "docker restart", "program": "/usr/bin/docker",
                 "argv": [word.decode(errors="replace") for word in words], "runas": "root",
                 "reason": "because", "hint": None, "nearest": None,
                 "policy": {"path": "/etc/writ/policy.json", "sha256": hashlib.sha256(b"x").hexdigest()},
                 "cwd": "/home/ai-worker", "tty": None, "claims": {}, "plugin": "writ_policy", "iolog": None}
        if any(b"\xef\xbf\xbd" in word.decode(errors="replace").encode() for word in words):
            event["argv_raw"] = [base64.b64encode(word).decode() for word in words]
        event.update(members)
        return self.event("decision", **event)

    def exit(self, decision, status=0, signal=None, error=None, seconds=0.25, **members):
        return self.event("exit", decision_id=decision, status=status, signal=signal, error=error,
                          seconds=seconds, **members)

    def iolog(self, tsid, records, lines=24, columns=80, pack=False, complete=True, **members):
        """A log of (seconds, stream, bytes), (seconds, "winsize", (lines, columns)) and (seconds, "suspend", signal)."""
        folder = os.path.join(self.iologs, tsid)
        os.makedirs(folder)
        kinds = ["stdin", "stdout", "stderr", "ttyin", "ttyout", "winsize", "", "suspend"]
        streams, timing = {}, []
        for seconds, kind, what in records:
            if kind == "winsize":
                what = "%d %d" % what
            elif kind != "suspend":
                streams[kind] = streams.get(kind, b"") + what
                what = str(len(what))
            timing.append("%d %.9f %s\n" % (kinds.index(kind), seconds, what))
        log = {"timestamp": {"seconds": int(self.time.timestamp()), "nanoseconds": 0}, "columns": columns,
               "command": "/usr/bin/docker", "lines": lines, "runargv": ["docker"], "runenv": [], "runuid": 0,
               "runuser": "root", "submitcwd": "/", "submithost": self.host, "submituser": self.user,
               "ttyname": "/dev/pts/1", **members}
        self._file(folder, "log.json", json.dumps(log, indent=4).encode(), False)
        self._file(folder, "timing", "".join(timing).encode(), pack)
        for name, content in streams.items():
            self._file(folder, name, content, pack)
        if complete:
            os.chmod(os.path.join(folder, "timing"), 0o400)
        return tsid

    @staticmethod
    def _file(folder, name, content, pack):
        with open(os.path.join(folder, name), "wb") as f:
            f.write(gzip.compress(content) if pack else content)
        os.chmod(os.path.join(folder, name), 0o600)
