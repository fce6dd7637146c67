#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Argument vectors that no well-meaning caller would send. Each is either run with exactly these
# arguments or refused in the usual shape; never a crash, a hang, or a raw control character.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

# Runs as ai-worker. One line of TAP-free JSON a vector: name, status, whether the output is clean.
cat >"$E2E/hostile" <<'EOF'
import json, os, re, subprocess
RAW = re.compile(rb'[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]')
many = [b'a'] * 10000
vectors = {
    '10,000 arguments': (b'show-arguments', *many),
    '10,000 arguments to docker': (b'docker', b'restart', *many),
    '10,000 empty arguments': (b'show-arguments', *([b''] * 10000)),
    '1 MB in eight arguments': (b'show-arguments', *([b'x' * 131000] * 8)),
    '1 MB to docker': (b'docker', b'restart', *([b'x' * 131000] * 8)),
    'just over 64 KiB': (b'show-arguments', b'x' * 65537),
    'empty strings': (b'show-arguments', b'', b'x', b''),
    'an empty operand': (b'docker', b'restart', b''),
    'an empty program name': (b'',),
    'a blank program name': (b' ',),
    'invalid UTF-8': (b'show-arguments', b'\xff\xfe', b'a\x80b'),
    'invalid UTF-8 to docker': (b'docker', b'restart', b'ollama\xff'),
    'invalid UTF-8 as the program': (b'\xff',),
    'an overlong slash': (b'docker', b'restart', b'\xc0\xaf'),
    'a surrogate': (b'docker', b'restart', b'\xed\xa0\x80'),
    'an escape sequence': (b'docker', b'restart', b'\x1b]0;owned\x07'),
    'a C1 control': (b'docker', b'restart', b'\xc2\x9b31m'),
    'a right-to-left override': (b'docker', b'restart', '\u202eamallo'.encode()),
    'a forged second line': (b'docker', b'restart', b'db\nwrit: allowed'),
    'a carriage return': (b'docker', b'restart', b'ollama\r'),
    'a newline at the end': (b'docker', b'restart', b'ollama\n'),
    'a control character in an option': (b'docker', b'restart', b'--\x1b[2J', b'ollama'),
    'a control character as the program': (b'/usr/bin/\x1b[2J',),
    'every byte': (b'docker', b'restart', bytes(range(1, 256))),
    'a thousand options': (b'docker', b'restart', *([b'--time', b'1'] * 1000), b'ollama'),
    'a deep path': (b'docker', b'run', b'-v', b'/' + b'../' * 1300 + b':/h', b'alpine'),
    'blanks': (b'docker restart ollama',),
    'a percent sign': (b'docker', b'restart', b'%s%n%x'),
}
for name, vector in vectors.items():
    for form in ('text', 'json'):
        env = {'PATH': '/usr/bin:/bin', **({'WRIT_OUTPUT': 'json'} if form == 'json' else {})}
        try:
            p = subprocess.run([b'sudo', b'-n', b'--', *vector], executable='/usr/bin/sudo', env=env,
                               stdin=subprocess.DEVNULL, capture_output=True, timeout=120)
        except OSError as error:
            print(json.dumps({'name': name, 'form': form, 'verdict': f'cannot be sent: {error}'}))
            continue
        lines = p.stderr.decode('utf-8', 'strict').splitlines()
        verdict = 'neither run nor refused'
        if p.returncode == 0:
            if vector[0] == b'docker':
                exact = p.stderr.endswith(b'] ' + b' '.join(vector) + b'\n')
            else:
                exact = p.stdout == repr(list(vector[1:])).encode() + b'\n'
            verdict = 'run' if exact else 'run otherwise than asked'
        elif p.returncode == 1 and not p.stdout and RAW.search(p.stderr):
            verdict = 'raw control characters'
        elif p.returncode == 1 and not p.stdout and form == 'text':
            if lines[0].startswith('writ: refused: ') and len(lines) <= 3:
                verdict = 'refused'
        elif p.returncode == 1 and not p.stdout and len(lines) == 1:
            verdict = 'refused: ' + json.loads(lines[0])['code']
        print(json.dumps({'name': name, 'form': form, 'verdict': verdict, 'status': p.returncode,
                          'stdout': ascii(p.stdout[:200]), 'stderr': ascii(p.stderr[:400])}), flush=True)
EOF
HOST_STDIN=$E2E/hostile runs 'all vectors were tried' ai-worker 'python3 -'
answers=$out
check 'and answered' [ "$(wc -l <<<"$answers")" -eq 56 ]
while IFS=$'\t' read -r name verdict answer; do
	case $verdict in
	run | refused | refused:*) pass "$name: $verdict" ;;
	*) fail "$name: $verdict" "$answer" ;;
	esac
done < <(json '"\n".join("%s (%s)\t%s\t%s" % (x["name"], x["form"], x["verdict"], x) for x in e)' <<<"$answers")

# verdict NAME: what became of that vector, as JSON
verdict() {
	json '[x["verdict"] for x in e if x["name"] == "'"$1"'" and x["form"] == "json"][0]' <<<"$answers"
}
is '10,000 arguments are not too many' "$(verdict '10,000 arguments')" run
is 'empty strings arrive' "$(verdict 'empty strings')" run
is '1 MB is too large' "$(verdict '1 MB in eight arguments')" 'refused: too-large'
is 'so is anything over 64 KiB' "$(verdict 'just over 64 KiB')" 'refused: too-large'
for name in '1 MB to docker' 'invalid UTF-8 to docker' 'an escape sequence' 'a newline at the end' \
	'a carriage return' 'blanks' 'an empty operand' 'a forged second line' 'every byte' 'a deep path'; do
	like "never run: $name" "$(verdict "$name")" '^refused: '
done

is 'one decision each' "$(events 'sum(x["event"] == "decision" for x in e)')" 56
is 'no raw control character in the log' \
	"$(LC_ALL=C tr -dc '\001-\011\013-\037\177' </var/log/writ/events.jsonl | cat -v)" ''
is 'arguments that are no UTF-8 are kept as bytes' \
	"$(events '[__import__("base64").b64decode(x["argv_raw"][2]) for x in e if "argv_raw" in x
		and x["argv"][:2] == ["docker", "restart"]][0]')" "b'ollama\\xff'"
is 'long vectors are cut, with size and digest' \
	"$(events '[(x["argv_bytes"] > 1000000, len(x["argv_sha256"])) for x in e if x.get("code") == "too-large"][0]')" '(True, 64)'
is 'no process is left' "$(pgrep -x sudo)" ''
runs 'and it still works' ai-worker 'sudo docker restart ollama' ollama
done_testing
