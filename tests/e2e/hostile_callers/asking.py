# SPDX-License-Identifier: ISC
"""Requests, and what came of them.

Every request carries a token of its own, so that what ran (/run/e2e/ran, written by report as root) and
what was decided (the event log) can be joined to what the caller saw.
"""

import collections
import itertools
import json
import os
import signal
import subprocess
from concurrent.futures import ThreadPoolExecutor

from tap import Tap

AGENT = 59001
HOME = '/home/ai-worker'
RAN, EVENTS = '/run/e2e/ran', '/var/log/writ/events.jsonl'
SUDO = '/usr/bin/sudo'
PLAIN = {'PATH': '/usr/bin:/bin', 'LANG': 'C.UTF-8'}

tap = Tap()
numbers = itertools.count(1)
# joined: the token is among the arguments
Answer = collections.namedtuple('Answer', 'name token status out err joined', defaults=[True])
answers = []


def request(name, words, prepare=None, env=None, argv0='sudo', stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, options=('-n',), meanwhile=None,
            **popen):
    """Asks as the agent. {} in words is the token. prepare runs in the child, right before sudo;
    meanwhile(process) in the caller, once sudo is there."""
    token = 't%d' % next(numbers)
    joined = any('{}' in w for w in words)
    line = [argv0, *options, *[w.format(token) if isinstance(w, str) else w for w in words]]
    popen.setdefault('cwd', HOME)
    try:
        process = subprocess.Popen(line, executable=SUDO, user=AGENT, group=AGENT, extra_groups=[],
                                   stdin=stdin, stdout=stdout, stderr=stderr, preexec_fn=prepare,
                                   env=PLAIN if env is None else env, **popen)
    except (OSError, subprocess.SubprocessError) as error:
        answer = Answer(name, token, 'not sent', '', str(error), joined)
    else:
        if meanwhile:
            meanwhile(process)
        out, err = process.communicate()
        answer = Answer(name, token, process.returncode, (out or b'').decode('utf-8', 'replace'),
                        (err or b'').decode('utf-8', 'replace'), joined)
    answers.append(answer)
    return answer


def all_at_once(makers, together=8):
    with ThreadPoolExecutor(together) as pool:
        return list(pool.map(lambda make: make(), makers))


def ran():
    try:
        with open(RAN, encoding='utf-8') as f:
            return collections.Counter(f.read().split())
    except FileNotFoundError:
        return collections.Counter()


def events():
    with open(EVENTS, encoding='utf-8') as f:
        return [json.loads(line) for line in f]


def is_refusal(answer):
    lines = answer.err.splitlines()
    return (answer.status == 1 and not answer.out and lines
            and lines[0].startswith('writ: refused: ') and len(lines) <= 3)


def runs(answer, out=None, status=0):
    want = answer.token + '\n' if out is None else out
    tap.ok(answer.status == status and answer.out == want and answer.err == '' and
           ran()[answer.token] == 1, answer.name + ': runs', str(answer))


def refused(answer):
    tap.ok(is_refusal(answer) and ran()[answer.token] == 0, answer.name + ': refused', str(answer))


def either(answer):
    """Run correctly or refused; where sudo itself or the kernel gave up, nothing ran. Where root may
    not raise a hard limit, the caller's limit on processor time can kill its waiting sudo."""
    count = ran()[answer.token]
    correct = answer.status == 0 and answer.out == answer.token + '\n' and count == 1
    gone = answer.status != 0 and not answer.out and count == 0
    late = (answer.status == -signal.SIGKILL and count == 1 and
            ('RLIMIT_CPU' in answer.name or 'every limit' in answer.name))
    tap.ok(correct or gone or late, answer.name + ': runs, or does not run',
           '%s\nran: %d' % (answer, count))
