# SPDX-License-Identifier: ISC
"""Asks `writ … --batch` about many argument vectors at once."""

import json
import subprocess


def encode(argv):
    """JSON, with bytes that are no UTF-8 as they are: that is how they reach writ."""
    return json.dumps(argv, ensure_ascii=False).encode("utf-8", "surrogateescape")


def ask(command, vectors):
    """One object per vector, in order."""
    lines = b"".join(encode(argv) + b"\n" for argv in vectors)
    done = subprocess.run(command, input=lines, stdout=subprocess.PIPE, check=False)
    lines = done.stdout.decode("utf-8").split("\n")[:-1]
    if len(lines) != len(vectors):
        raise SystemExit("%s answered %d of %d vectors (exit status %d); the next was %s"
                         % (" ".join(command[:2]), len(lines), len(vectors), done.returncode,
                            json.dumps(vectors[len(lines):len(lines) + 1])))
    return [json.loads(line) for line in lines]


def parse_all(writ, commands, vectors):
    """What writ reads."""
    return ask([writ, "parse", "--batch", "--json", "--commands", commands], vectors)
