# SPDX-License-Identifier: ISC
"""The event log and its rotated copies, read as a whole."""

import grp
import gzip
import json
import os
import re
import stat

FOLDER = '/var/log/writ'
NAME = re.compile(r'events\.jsonl(?:\.(\d+)(\.gz)?)?')


def files():
    """The paths, oldest first. A file of another name among them is an error."""
    found = []
    for name in os.listdir(FOLDER):
        match = NAME.fullmatch(name)
        if not match:
            raise ValueError('what is %s?' % name)
        found.append((-int(match.group(1) or 0), os.path.join(FOLDER, name)))
    return [path for _, path in sorted(found)]


def content(path):
    with (gzip.open if path.endswith('.gz') else open)(path, 'rb') as f:
        return f.read()


def unfit():
    """Files that auditors cannot read, or that others can."""
    adm = grp.getgrnam('adm').gr_gid
    wrong = []
    for path in files():
        st = os.stat(path)
        if (stat.S_IMODE(st.st_mode), st.st_uid, st.st_gid) != (0o640, 0, adm):
            wrong.append('%s: %o %d:%d' % (path, st.st_mode, st.st_uid, st.st_gid))
    return wrong


def key(event):
    """What makes an event unique; the writer's word for it."""
    kind = event['event']
    return '%s %s' % (kind, event['session']) if kind.startswith('session-') else event['id']


def read(schema):
    """Events in the order of files and lines, torn lines, and what is wrong with the events."""
    events, torn, wrong = [], [], []
    for path in files():
        text = content(path)
        lines = text.split(b'\n')
        if lines.pop() != b'':
            wrong.append('%s ends without a newline' % path)
        for line in lines:
            try:
                event = json.loads(line)
            except ValueError:
                torn.append(line)
                continue
            why = schema.why_not(event)
            if why:
                wrong.append('%s: %s' % (why, line[:200]))
            events.append(event)
    return events, torn, wrong
