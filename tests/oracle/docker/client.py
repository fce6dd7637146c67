# SPDX-License-Identifier: ISC
"""Runs a real docker client on one argument vector and tells what it sent and how it ended."""

import os
import pty
import shutil
import subprocess
import tempfile
import threading

from standin import StandIn

TIMEOUT = 20
# What a person would type: yes to each question, then the end of input.
TYPED = b"y\ny\ny\n\x04\x04"
# Files in the working directory that vectors name: each is something that a client opens itself.
FILES = {"env.list": "FROM_FILE=1\n", "label.list": "from.file=1\n",
         "seccomp.json": '{ "defaultAction": "SCMP_ACT_ALLOW" }\n', "Dockerfile": "FROM x\n",
         "archive.tar": "", "text": "text\n"}


class Outcome:
    """requests: all but the handshake. status: the exit status, None where the client had to be
    stopped (a command that runs until interrupted). files: what it made in its working directory.
    """

    def __init__(self, requests, status, output, error, files):
        self.requests = requests
        self.status = status
        self.output = output
        self.error = error
        self.files = files

    @property
    def refused(self):
        return self.status not in (0, None)


class Client:
    def __init__(self, path, version=None):
        self.path = path
        self.name = version or self.ask_version()
        self.major = int(self.name.split(".")[0])

    def ask_version(self):
        with tempfile.TemporaryDirectory() as home:
            done = subprocess.run(
                [self.path, "version", "--format", "{{.Client.Version}}"],
                env=environment(home, home + "/none.sock"), stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, timeout=TIMEOUT)
        version = done.stdout.decode().split("\n")[0].strip()
        if not version:
            raise SystemExit("%s does not run as a docker client" % self.path)
        return version

    def run(self, argv, scratch):
        """argv[0] is docker and is not used. scratch: a folder of this thread's own. The working
        directory of the client is scratch/cwd, always fresh, since clients can write files."""
        home = os.path.join(scratch, "home")
        cwd = os.path.join(scratch, "cwd")
        socket_path = os.path.join(scratch, "engine.sock")
        for folder in (home, cwd):
            shutil.rmtree(folder, ignore_errors=True)
            os.mkdir(folder)
        make_files(cwd)
        before = list_files(cwd)
        with StandIn(socket_path) as engine:
            status, output, error = run_on_terminal(
                [os.fsencode(self.path)] + [os.fsencode(arg) for arg in argv[1:]],
                environment(home, socket_path), cwd)
        requests = [r for r in engine.requests if r.path != "/_ping"]
        return Outcome(requests, status, output, error, sorted(list_files(cwd) - before))


def environment(home, socket_path):
    return {"HOME": home, "DOCKER_CONFIG": os.path.join(home, ".docker"), "PATH": "/usr/bin:/bin",
            "DOCKER_HOST": "unix://" + socket_path, "DOCKER_CLI_HINTS": "false", "TZ": "UTC",
            "LANG": "C.UTF-8", "TERM": "dumb", "ORACLE_SET": "from the environment"}


def make_files(cwd):
    for name, text in FILES.items():
        with open(os.path.join(cwd, name), "w", encoding="utf-8") as out:
            out.write(text)


def list_files(top):
    found = set()
    for folder, folders, names in os.walk(top):
        for name in folders + names:
            found.add(os.path.relpath(os.path.join(folder, name), top))
    return found


def run_on_terminal(argv, env, cwd):
    """The client's input is a terminal (so that -it is possible), its output is not."""
    master, slave = pty.openpty()
    os.write(master, TYPED)
    try:
        process = subprocess.Popen(argv, env=env, cwd=cwd, stdin=slave, stdout=subprocess.PIPE,
                                   stderr=subprocess.PIPE, start_new_session=True)
    finally:
        os.close(slave)
    drain = threading.Thread(target=drain_terminal, args=(master,))
    drain.start()
    try:
        output, error = process.communicate(timeout=TIMEOUT)
        status = process.returncode
    except subprocess.TimeoutExpired:
        process.kill()
        output, error = process.communicate()
        status = None
    drain.join()
    os.close(master)
    return status, output.decode("utf-8", "replace"), error.decode("utf-8", "replace")


def drain_terminal(master):
    """Takes what the terminal echoes, until the client has closed its side."""
    try:
        while os.read(master, 4096):
            pass
    except OSError:
        pass
