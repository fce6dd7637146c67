#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""summary.py TESTLOG STATUS: reads meson's testlog.json, counts the TAP lines of every test program.

Prints what failed, what was skipped and why, and as the last line "N passed, N failed, N skipped".
A program that crashed, ran out of time, broke its plan or spoke no TAP counts as a failure, even if
no line of it says "not ok"; so does a STATUS of "meson test" that nothing else explains. Exit status
0 only if something passed, nothing failed and, where CI is set, nothing was skipped.
"""
import json
import os
import re
import sys

LINE = re.compile(r'(not )?ok\b\s*(\d+)?\s*(?:-\s*)?([^#]*)(?:#\s*(\S+)\s*(.*))?$')
PLAN = re.compile(r'1\.\.(\d+)\s*(?:#\s*skip\S*\s*(.*))?$', re.I)
SHOWN_LINES = 200


class Program:
    """What one test program said."""

    def __init__(self, record):
        self.name = record['name']
        self.result = record.get('result', '')
        self.output = record.get('stdout') or ''
        self.errors = record.get('stderr') or ''
        self.passed, self.failed, self.skipped = 0, [], []
        plans = []
        for line in self.output.splitlines():
            if line.startswith('Bail out!'):
                self.failed.append(line)
            elif plan := PLAN.match(line):
                plans.append(int(plan.group(1)))
                if plans == [0]:
                    self.skipped.append(('all of it', plan.group(2) or 'no reason given'))
            elif test := LINE.match(line):
                self.count(*test.groups())
        said = self.passed + len(self.failed) + (len(self.skipped) if plans != [0] else 0)
        if len(plans) != 1:
            self.failed.append('no plan: it died, or spoke no TAP' if not plans else 'several plans')
        elif plans[0] != said:
            self.failed.append(f'planned {plans[0]} tests, {said} were run')
        if self.result not in ('OK', 'SKIP') and not self.failed:
            self.failed.append(f'ended as {self.result} (status {record.get("returncode")})')

    def count(self, negated, _number, name, directive, reason):
        name = name.strip() or 'unnamed'
        if negated:
            self.failed.append(name)
        elif directive and directive.upper().startswith('SKIP'):
            self.skipped.append((name, reason))
        else:
            self.passed += 1

    def show(self):
        for name, reason in self.skipped:
            print(f'SKIPPED {self.name}: {name}: {reason}')
        if not self.failed:
            return
        for name in self.failed:
            print(f'FAILED {self.name}: {name}')
        lines = [line for line in (self.output + '\n' + self.errors).splitlines()
                 if line.strip() and not re.match(r'ok\b|1\.\.', line)]
        for line in lines[-SHOWN_LINES:]:
            print('    ' + line)


def load(path):
    try:
        with open(path, encoding='utf-8', errors='replace') as log:
            return [Program(json.loads(line)) for line in log if line.strip()]
    except FileNotFoundError:
        return []


def main(path, meson_status):
    programs = load(path)
    for program in programs:
        program.show()
    passed = sum(p.passed for p in programs)
    failed = sum(len(p.failed) for p in programs)
    skipped = sum(len(p.skipped) for p in programs)
    if meson_status != '0' and not failed:
        print(f'FAILED meson test: ended with status {meson_status}')
        failed += 1
    in_ci = os.environ.get('CI', '') not in ('', '0', 'false')
    if skipped and in_ci:
        print('In CI nothing may be skipped.')
    if not passed:
        print('No test passed: was there any?')
    print(f'{passed} passed, {failed} failed, {skipped} skipped')
    return 0 if passed and not failed and not (skipped and in_ci) else 1


if __name__ == '__main__':
    sys.exit(main(*sys.argv[1:]))
