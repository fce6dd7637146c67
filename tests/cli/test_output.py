# SPDX-License-Identifier: ISC
"""Answers that do not get out, and standard descriptors that are closed."""

import json
import os
import resource
import subprocess
import sys

from command import COMMANDS, WRIT, policy, tap


def output_errors():
    request = b'["tool","group","list"]\n'
    commands = (
        (["check", "--policy", policy, "--commands", COMMANDS, "--", "tool", "group", "list"], b""),
        (["check", "--policy", policy, "--commands", COMMANDS, "--json", "--", "tool", "group",
          "list"], b""),
        (["check", "--policy", policy, "--commands", COMMANDS, "--batch"], request),
        (["check", "--policy", policy, "--commands", COMMANDS, "--batch"], request * 20000),
        (["parse", "--commands", COMMANDS, "--json", "--", "tool", "group", "list"], b""),
        (["parse", "--commands", COMMANDS, "--batch", "--json"], request),
        (["test", "--commands", COMMANDS, policy], b""),
        (["check", "--help"], b""), (["--version"], b""))
    for args, stdin in commands:
        name = " ".join(a for a in args if "/" not in a)[:50]
        with open("/dev/full", "wb") as full:
            done = subprocess.run([WRIT, *args], input=stdin, stdout=full, stderr=subprocess.PIPE,
                                  check=False)
        tap.ok(done.returncode == 2 and b"standard output" in done.stderr, "a full disk: " + name,
               "%d %r" % (done.returncode, done.stderr))
        done = subprocess.run([WRIT, *args], input=stdin, stderr=subprocess.PIPE, check=False,
                              preexec_fn=lambda: os.close(1))
        tap.ok(done.returncode == 2 and b"standard output" in done.stderr,
               "standard output is closed: " + name,
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
    tap.ok(done.returncode == 0
           and json.loads(done.stdout.splitlines()[0])["code"] == "policy-error",
           "batch from a regular file")
    name = "a line of 64 MiB is skipped in bounded memory"
    with open(WRIT, "rb") as f:
        if b"__asan_init" in f.read():
            tap.skip(name, "the address sanitizer takes all of the address space")
            return
    limit = 256 << 20
    done = subprocess.run([WRIT, *commands[2][0]], input=b"x" * (64 << 20) + b"\n" + request,
                          stdout=subprocess.PIPE, check=False,
                          preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_AS, (limit, limit)))
    tap.equal([json.loads(line)["code"] for line in done.stdout.splitlines()],
              ["too-large", "rule"], name)


for part in (output_errors,):
    part()
sys.exit(tap.done())
