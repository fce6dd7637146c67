#!/usr/bin/python3
# SPDX-License-Identifier: ISC
"""decisions.py WORK WRIT POLICIES ROUNDS: prints what decisions cost; run by decisions.sh.

All times are CPU seconds of the process that is measured, so that a busy machine counts for less;
each is the median of ROUNDS, and every figure also stands as a ratio to something plain that was
measured in the same round: reading the same line as JSON, or a loop of Python's that does so.
"""
import json
import os
import resource
import statistics
import subprocess
import sys

RUN = ['docker', 'run', '--rm', '-it', '--name', 'bench-1', '-e', 'A=b', '--network', 'none', '-m', '64m',
       '--cpus', '1', '--read-only', '--cap-drop', 'ALL', '--security-opt', 'no-new-privileges',
       '-u', '1000:1000', '--init', 'alpine:3.20', 'echo', 'done']       # 12 options
LINES = {'docker run, 12 options': RUN, 'docker restart ollama': ['docker', 'restart', 'ollama'],
         'the same, --privileged': RUN[:3] + ['--privileged'] + RUN[3:],
         'docker exec, ollama run': ['docker', 'exec', '-i', 'ollama', 'ollama', 'run', 'qwen3', 'text']}
OTHERS = (0, 10, 1000, 100000)   # rules that are added to the shipped policy
DECISIONS = 100000
BATCH = 100000
LOOP = [sys.executable, '-c', 'import json, sys\nfor line in sys.stdin: json.loads(line)']


class Bench:
    def __init__(self, work, writ, policies):
        self.work, self.writ = work, writ
        self.commands = os.path.join(policies, 'commands')
        self.shipped = os.path.join(policies, 'ai-worker.json')

    def path(self, name):
        return os.path.join(self.work, name)

    def decide(self, policy, argv, count=DECISIONS):
        """What decisions.c prints about one line."""
        done = subprocess.run([self.path('decisions'), policy, self.commands, str(count)],
                              input=json.dumps(argv).encode() + b'\n', stdout=subprocess.PIPE, check=True)
        return json.loads(done.stdout)

    def with_rules(self, count, make):
        """The shipped policy with more rules in front of its own."""
        path = self.path('policy-%d-%s.json' % (count, make.__name__))
        if not os.path.exists(path):
            with open(self.shipped, encoding='utf-8') as file:
                policy = json.load(file)
            policy['rules'] = [make(number) for number in range(count)] + policy['rules']
            with open(path, 'w', encoding='utf-8') as file:
                json.dump(policy, file)
        return path

    def cpu_of(self, command, lines):
        """CPU seconds of a command that reads the lines; its output is thrown away."""
        with open(lines, 'rb') as stdin:
            before = resource.getrusage(resource.RUSAGE_CHILDREN)
            subprocess.run(command, stdin=stdin, stdout=subprocess.DEVNULL, check=True)
            after = resource.getrusage(resource.RUSAGE_CHILDREN)
        return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def other_command(number):
    return {'id': 'unit-%d' % number, 'effect': 'allow', 'command': 'systemctl status',
            'operands': {'UNIT': 'unit-%d.service' % number}}


def same_command(number):
    return {'id': 'bench-%d' % number, 'effect': 'allow', 'command': 'docker run',
            'options': {'name': 'bench-%d' % number}, 'operands': {'IMAGE': 'bench-%d' % number}}


def median(rounds, measure):
    """Of each key of what is measured."""
    found = [measure() for _ in range(rounds)]
    return {key: statistics.median(one[key] for one in found) for key in found[0]}


def decisions(bench, rounds):
    print('decisions in process, one core, policies/ai-worker.json')
    print(f'  {"":<26} {"a second":>10} {"× reading the line as JSON":>28}')
    for name, argv in LINES.items():
        seen = median(rounds, lambda argv=argv: bench.decide(bench.shipped, argv))
        print(f'  {name:<26} {seen["decisions"] / seen["decide"]:10,.0f} '
              f'{seen["decide"] / seen["json"]:28.2f}')
    print('  (aim: 300,000 a second for docker run with 12 options)')


def batches(bench, rounds):
    print('\nwrit check --batch, 100,000 lines')
    print(f'  {"":<26} {"lines a second":>15} {"× json.loads of each":>25}')
    command = [bench.writ, 'check', '--batch', '--policy', bench.shipped, '--commands', bench.commands,
               '--user', 'ai-worker', '--cwd', '/']
    for name, argv in LINES.items():
        lines = bench.path('lines')
        with open(lines, 'w', encoding='utf-8') as file:
            file.write((json.dumps(argv) + '\n') * BATCH)
        seen = median(rounds, lambda: {'writ': bench.cpu_of(command, lines),
                                       'loop': bench.cpu_of(LOOP, lines)})
        print(f'  {name:<26} {BATCH / seen["writ"]:15,.0f} {seen["writ"] / seen["loop"]:25.2f}')
    print('  (aim: 100,000 a second)')


def rules(bench, rounds):
    print('\nrules added to the shipped policy: what they cost')
    print(f'  {"":<36} {"a second":>10} {"× none added":>13} {"MiB":>8} {"load, s":>8}')
    base = None
    for make in (other_command, same_command):
        for count in OTHERS if make is other_command else OTHERS[1:]:
            policy = bench.with_rules(count, make)
            turns = max(1, DECISIONS // max(1, count // 100 if make is same_command else 1))
            seen = median(max(1, rounds // 2), lambda policy=policy, turns=turns:
                          bench.decide(policy, RUN, turns))
            speed = seen['decisions'] / seen['decide']
            base = base or speed
            name = '%s for %s' % (f'{count:,}', 'other commands' if make is other_command
                                  else 'this very command')
            print(f'  {name:<36} {speed:10,.0f} {base / speed:13.2f} {seen["kib"] / 1024:8.1f} '
                  f'{seen["load"]:8.3f}')


def main(work, writ, policies, rounds):
    bench = Bench(work, writ, policies)
    decisions(bench, rounds)
    batches(bench, rounds)
    rules(bench, rounds)


if __name__ == '__main__':
    main(*sys.argv[1:4], int(sys.argv[4]))
