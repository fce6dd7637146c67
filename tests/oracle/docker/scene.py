# SPDX-License-Identifier: ISC
"""What surrounds one run of one client: its version, its environment and files, and what it sends
when no option is given at all (asked of the client itself at the start)."""

import json
import os
import re
import time

from client import environment

# What the client sends without options, by the names of the scene's attributes.
BASELINES = ("baseline", "empty_endpoint", "exec_baseline", "update_baseline", "network_baseline",
             "volume_baseline", "connect_baseline")


class Scene:
    def __init__(self, client, scratch):
        self.place(client, scratch)
        self.baseline = self.ask("create", "base", path="/containers/create")
        networks = self.ask("create", "--network", "first", "--network", "second", "base",
                            path="/containers/create")["NetworkingConfig"]["EndpointsConfig"]
        self.empty_endpoint = networks["second"]
        self.exec_baseline = self.ask("exec", "base", "true", path="/containers/base/exec")
        self.update_baseline = self.ask("update", "--cpu-shares", "0", "base",
                                        path="/containers/base/update")
        self.network_baseline = self.ask("network", "create", "base", path="/networks/create")
        self.volume_baseline = self.ask("volume", "create", path="/volumes/create")
        self.connect_baseline = self.ask("network", "connect", "N", "C", path="/networks/N/connect")

    def place(self, client, scratch):
        self.client = client
        self.scratch = scratch
        self.cwd = os.path.join(scratch, "cwd")
        self.socket_path = os.path.join(scratch, "engine.sock")
        self.environment = environment(os.path.join(scratch, "home"), self.socket_path)
        self.now = None  # seconds; the clock's where it is None

    def baselines(self):
        return {name: getattr(self, name) for name in BASELINES}

    def time(self):
        return time.time() if self.now is None else self.now

    def ask(self, *args, path):
        outcome = self.client.run(["docker"] + list(args), self.scratch)
        for request in outcome.requests:
            if request.path == path and request.method == "POST":
                return request.json
        raise SystemExit("docker %s: no request for %s was seen; the client said: %s"
                         % (" ".join(args), path, outcome.error))

    def read(self, name):
        with open(os.path.join(self.cwd, name), encoding="utf-8") as file:
            return file.read()

    def file_lines(self, name):
        """Lines of an --env-file or --label-file."""
        return [line for line in self.read(name).split("\n") if line and not line.startswith("#")]

    def file_pairs(self, name):
        return dict(line.partition("=")[::2] for line in self.file_lines(name))

    def security_option(self, text):
        """seccomp=FILE is replaced by what stands in the file."""
        match = re.fullmatch(r"seccomp[=:](.*)", text, re.S)
        builtin = {"unconfined"} if self.client.major < 23 else {"unconfined", "builtin"}
        if not match or text.startswith("seccomp:") and "=" in text or match.group(1) in builtin:
            return text
        profile = json.loads(self.read(match.group(1)))
        return "seccomp=" + json.dumps(profile, separators=(",", ":"), ensure_ascii=False)
