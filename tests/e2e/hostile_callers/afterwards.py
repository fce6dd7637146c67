# SPDX-License-Identifier: ISC
"""What is left when all requests are over, and what the log says about them."""

import collections
import errno
import os
import re
import subprocess
import sys

import tap as tap_library

from asking import HOME, answers, events, is_refusal, ran, tap


def processes():
    found = []
    for pid in os.listdir('/proc'):
        if not pid.isdigit():
            continue
        try:
            with open('/proc/%s/stat' % pid, encoding='ascii', errors='replace') as f:
                line = f.read()
        except (FileNotFoundError, ProcessLookupError):
            continue
        name, state = line[line.index('(') + 1:line.rindex(')')], line[line.rindex(')') + 2]
        if name in ('sudo', 'sudoedit', 'report') or state == 'Z':
            found.append((pid, name, state))
    return found


def files():
    """All files outside the folders in which something is to be written."""
    ours = (HOME, '/run/writ', '/var/log/writ', '/var/log/sudo-io', '/run/e2e', '/run/host',
            '/usr/share/doc', '/usr/lib/python3')
    found = set()
    for start in ('/etc', '/run', '/var', '/usr', '/srv', '/home', '/dev/shm'):
        for top, below, names in os.walk(start):
            below[:] = [d for d in below if os.path.join(top, d) not in ours]
            found.update(os.path.join(top, name) for name in names + below)
    for folder in ('/', '/root', '/tmp', '/dev'):
        found.update(os.path.join(folder, name) for name in os.listdir(folder))
    return found


def settle():
    """Reaps what the tests orphaned: this process is their reaper."""
    while True:
        try:
            if os.waitpid(-1, 0) == (0, 0):
                return
        except OSError as error:
            if error.errno == errno.ECHILD:
                return


def syslog():
    recorder = os.path.join(os.path.dirname(tap_library.__file__), 'logsocket.py')
    subprocess.run([sys.executable, recorder, 'flush', '/dev/log'], check=True)
    with open('/run/host/syslog', encoding='utf-8', errors='replace') as f:
        return f.read()


def account():
    """What was decided, ran and ended, of all of the above."""
    log, count = events(), ran()
    decided = collections.Counter(token for e in log if e['event'] == 'decision'
                                  for token in set(re.findall(r'\bt\d+\b', ' '.join(e['argv']))))
    allowed = {e['id']: e for e in log if e['event'] == 'decision' and e['decision'] == 'allow'}
    ended = collections.Counter(e['decision_id'] for e in log if e['event'] == 'exit')
    tap.equal([t for t, n in count.items() if n != 1], [], 'nothing ran twice')
    by_token = {e['argv'][1]: e for e in allowed.values() if len(e['argv']) > 1}
    tap.equal([t for t in count if t not in by_token], [], 'all that ran was decided')
    visible = [a for a in answers if a.joined and (a.status in (0, 7) or is_refusal(a))]
    tap.ok(len(visible) > 300, 'most requests came to an answer', str(len(visible)))
    # Where root may not raise the caller's limits the log cannot be written: refused, and in syslog
    unrecorded = [a for a in visible if is_refusal(a) and decided[a.token] == 0 and
                  re.match('RLIMIT_(FSIZE|NOFILE)', a.name)]
    tap.equal([a for a in visible if decided[a.token] != 1 and a not in unrecorded], [],
              'each with one decision')
    tap.ok(syslog().count('a decision cannot be recorded') >= len(unrecorded),
           'those that could not be recorded are in syslog', str(len(unrecorded)))
    tap.equal([a for a in answers if decided[a.token] > 1], [], 'and no other has more than one')
    tap.equal([i for i, n in ended.items() if n != 1 or i not in allowed], [],
              'every end belongs to one allowed decision')
    normal = {a.token for a in answers if a.status in (0, 7)}
    tap.equal([t for t, e in by_token.items() if t in normal and ended[e['id']] != 1], [],
              'every command that came to its end has one')
    bad = [e for e in log if e['event'] == 'exit' and e['error'] is None and e['signal'] is None
           and e['status'] not in (0, 7)]
    tap.equal(bad, [], 'and the status that it had')


