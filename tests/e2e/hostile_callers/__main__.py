# SPDX-License-Identifier: ISC
"""Inside a throwaway host whose policy allows `report TOKEN [7]` and `cat /etc/hosts`, ai-worker
calls sudo in every way that could hurt. hostile_callers.sh runs this.
"""

import ctypes
import os
import sys

import afterwards
import process
import words
from asking import request, runs, tap

PR_SET_CHILD_SUBREAPER = 36


def main():
    # What the scenes orphan is this process's to reap.
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    os.umask(0o022)
    before = afterwards.files()
    for scene in (process.closed_descriptors, process.odd_descriptors, process.limits,
                  process.terminals, process.signals, process.inherited, process.many,
                  words.folders, words.environments, words.names_of_sudo, words.programs):
        scene()
    afterwards.settle()
    afterwards.account()
    tap.equal(afterwards.processes(), [], 'no process and no zombie is left')
    tap.equal(sorted(afterwards.files() - before), [], 'no stray file is left')
    runs(request('and it still works', ['report', '{}']))
    return tap.done()


if __name__ == '__main__':
    sys.exit(main())
