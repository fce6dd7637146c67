#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""trail.py WRIT FOLDER ROUNDS: times writ log and grep -c over FOLDER/events.jsonl, in turns; run by trail.sh.

Both are to give the same number. Memory is what the kernel says was resident at most, also for a tenth of the file.
"""
import json
import os
import statistics
import subprocess
import sys
import time

WRIT, FOLDER, ROUNDS = sys.argv[1], sys.argv[2], int(sys.argv[3])
FILE, TENTH = (os.path.join(FOLDER, name) for name in ('events.jsonl', 'tenth.jsonl'))
LOCALES = ('C', 'C.UTF-8')
LIMIT = 1.5


def run(argv, locale):
    """Seconds of processor time, elapsed seconds, the number printed, and the memory in KiB."""
    begin = time.monotonic()
    process = subprocess.Popen(argv, stdout=subprocess.PIPE, env={**os.environ, 'LC_ALL': locale, 'TZ': 'UTC'})
    out = process.stdout.read()
    _, _, usage = os.wait4(process.pid, 0)
    elapsed = time.monotonic() - begin
    process.returncode = 0
    return usage.ru_utime + usage.ru_stime, elapsed, int(out), usage.ru_maxrss


def questions():
    """What is asked of writ, and of grep: one session, one rule, an hour, a day, a third of the month."""
    with open(FILE, encoding='utf-8') as f:
        for _ in range(500000):
            session = json.loads(next(f))['session']
    return [('a session', ['--session', session], '"session":"%s"' % session),
            ('a rule', ['--rule', 'ollama-models'], '"rule":"ollama-models"'),
            ('an hour, whole file', ['--whole', '--since', '2026-11-15 12:00', '--until', '2026-11-15 12:59:59.999999'],
             '"time":"2026-11-15T12'),
            ('a day, whole file', ['--whole', '--since', '2026-11-15', '--until', '2026-11-15 23:59:59.999999'],
             '"time":"2026-11-15'),
            ('ten days, whole file', ['--whole', '--since', '2026-11-10', '--until', '2026-11-19 23:59:59.999999'],
             '"time":"2026-11-1'),
            ('the last hour', ['--since', '2026-11-30 23:00'], '"time":"2026-11-30T23')]


def main():
    missed = []
    print('%d rounds; seconds of processor time, median; grep -c is 1' % ROUNDS)
    print('%-24s %8s %8s %8s %8s  %s' % ('1,000,000 events', 'writ', 'grep', 'UTF-8', 'ratio', 'UTF-8'))
    for name, args, pattern in questions():
        times = {'writ': []} | {locale: [] for locale in LOCALES}
        counts = set()
        for _ in range(ROUNDS):
            for kind, series in times.items():
                argv = [WRIT, 'log', '--count', '--events', FILE, *args] if kind == 'writ' else ['grep', '-c', pattern, FILE]
                seconds, _, count, _ = run(argv, 'C.UTF-8' if kind == 'writ' else kind)
                series.append(seconds)
                counts.add(count)
        if len(counts) != 1:
            sys.exit('%s: writ and grep count differently: %s' % (name, counts))
        writ, plain, utf8 = (statistics.median(series) for series in times.values())
        if max(writ / plain, writ / utf8) > LIMIT:
            missed.append(name)
        print('%-24s %8.3f %8.3f %8.3f %8.2f  %.2f   (%d found)' % (name, writ, plain, utf8, writ / plain, writ / utf8, counts.pop()))
    for path, what in ((TENTH, '100,000'), (FILE, '1,000,000')):
        memory = max(run([WRIT, 'log', '--count', '--events', path], 'C.UTF-8')[3] for _ in range(3))
        print('memory for %s events: %d KiB' % (what, memory))
    if missed:
        sys.exit('more than %s times as long as grep -c: %s' % (LIMIT, ', '.join(missed)))


main()
