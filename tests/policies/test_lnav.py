# SPDX-License-Identifier: ISC
"""The lnav format: what the real lnav makes of one event of every shape.

    test_lnav.py PRINT_EVENTS FORMAT
"""

import gzip
import json
import os
import shutil
import subprocess
import sys
import tempfile

from tap import Tap

COLUMNS = ('event', 'decision', 'code', 'rule', 'user', 'host', 'session', 'argv', 'runas',
           'reason', 'cwd', 'iolog', 'decision_id', 'status', 'signal', 'error', 'seconds')
LEVELS = {'allow': 'info', 'deny': 'warning', 'reject': 'warning', 'error': 'error'}
SESSION = {'time': '2026-11-21T22:40:09.123456Z', 'host': 'host', 'event': 'session-open',
           'id': '20261121T224009Z-4f2a9c1d00c0ffee', 'session': '20261121T224009Z-4f2a9c1d',
           'user': 'agent', 'uid': 1001, 'service': 'sshd', 'opened': '2026-11-21T22:40:09.123456Z',
           'boot': '01234567-89ab-cdef-0123-456789abcdef', 'audit_session': 42,
           'leader': {'pid': 12889, 'start': 912345}, 'tty': 'ssh', 'from': '10.0.0.7',
           'key': {'type': 'ssh-ed25519', 'fingerprint': 'SHA256:' + 43 * 'A'}, 'by': None}
tap = Tap()


class Lnav:
    """lnav in a home of its own that knows no format but the tested one and those built in."""

    def __init__(self, home, form):
        self.config = os.path.join(home, 'config')
        self.env = {'HOME': home, 'PATH': os.environ['PATH'], 'TERM': 'dumb', 'LC_ALL': 'C.UTF-8', 'TZ': 'UTC'}
        os.makedirs(self.config + '/formats/writ')
        shutil.copy(form, self.config + '/formats/writ/writ.json')

    def run(self, *arguments):
        return subprocess.run(['lnav', '-I', self.config, *arguments], stdin=subprocess.DEVNULL, env=self.env,
                              stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)

    def select(self, columns, *paths):
        out = self.run('-n', '-c', ';select %s from writ_log' % columns, '-c', ':write-json-to -', *paths).stdout
        try:
            return json.loads(out)
        except ValueError:
            tap.bail_out(out.decode(errors='replace'))
        return None


def level(event):
    return LEVELS.get(event.get('decision', event['event']), 'info')


def same(got, want):
    """lnav hands out some numbers as text, and a body that is null as that word."""
    if isinstance(want, (int, float)):
        return got is not None and float(got) == want
    return got == want or (want is None and got == 'null')


def rows(lnav, events, path):
    # what a format calls its body is log_body
    got = lnav.select('log_level, log_time, %s' % ', '.join(COLUMNS).replace('reason', 'log_body as reason'), path)
    if not tap.equal(len(got), len(events), 'a row for each event'):
        return
    for row, event in zip(got, events):
        name = '%s %s' % (event['event'], event.get('code', event.get('error')))
        tap.equal(row['log_level'], level(event), name + ': its level')
        tap.equal(row['log_time'][:23], event['time'][:23].replace('T', ' '), name + ': its time')
        tap.equal([(c, row[c], event.get(c)) for c in COLUMNS if not same(row[c], event.get(c))], [],
                  name + ': its fields')
    got = lnav.select('"policy/path" as policy, "key/fingerprint" as key, jget(log_raw_text, "/from") as peer', path)
    tap.equal([got[0]['policy'], got[-1]['key'], got[-1]['peer']],
              [events[0]['policy']['path'], SESSION['key']['fingerprint'], SESSION['from']],
              'what is within others')


def main(print_events, form):
    lines = subprocess.run([print_events], stdout=subprocess.PIPE, check=True).stdout
    events = [json.loads(line) for line in lines.splitlines()]
    session = dict(SESSION, time=events[-1]['time'])
    events.append(session)
    text = lines + json.dumps(session).encode() + b'\n'
    with tempfile.TemporaryDirectory() as home:
        lnav = Lnav(home, form)
        checked = lnav.run('-C')
        tap.equal((checked.returncode, checked.stdout), (0, b''), 'lnav finds nothing wrong with the format')
        path = os.path.join(home, 'events.jsonl')
        with open(path, 'wb') as f:
            f.write(text)
        rows(lnav, events, path)
        shown = lnav.run('-n', path).stdout.decode()
        tap.ok('deny' in shown and not any(c < ' ' and c != '\n' or '\x7f' <= c < '\xa0' for c in shown),
               'nothing that it shows speaks to a terminal', shown)
        with gzip.open(path + '.2.gz', 'wb') as f:
            f.write(text)
        tap.equal(lnav.select('count(*) as n', path + '.2.gz'), [{'n': len(events)}], 'a rotated, compressed file')
        with open(path, 'ab') as f:
            f.write(b'{"time":"2026-11-22T03:45:10.380672Z","host":"ho\n' + text.splitlines(True)[-1])
        tap.equal(lnav.select('count(*) as n', path)[0]['n'] >= len(events) + 1, True, 'a torn line loses only itself')
    return tap.done()


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
