#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Every option of sudo, tried by a subject against the real sudo: refused with code option-of-sudo and
# one sentence, granted by a policy that names what it may ask for, or without effect. The manual's table
# (writ_sudo.8) and this test must know every option that the installed sudo has.

# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"

# Prints itself as JSON: who it is, where, its environment, and all of its standard input.
e2e_program show <<'PROGRAM'
#!/usr/bin/python3 -I
import json, os, sys
print(json.dumps({'user': [os.getuid(), os.geteuid()], 'group': [os.getgid(), os.getegid()],
                  'groups': os.getgroups(), 'cwd': os.getcwd(), 'env': dict(os.environ),
                  'argv': sys.argv[1:], 'input': sys.stdin.read()}))
PROGRAM
e2e_program wait-for-signal <<'PROGRAM'
#!/bin/sh
exec sleep 600
PROGRAM
mkfifo -m 600 "$E2E/background"
e2e_program tell <<'PROGRAM'
#!/bin/sh
echo "told by $(id -un)" >/run/e2e/background
PROGRAM
e2e_policy '
{ "id": "plain", "effect": "allow", "program": ["/usr/bin/show", "/usr/bin/tell"], "argv": [["plain"]] },
{ "id": "users", "effect": "allow", "program": "/usr/bin/show", "argv": [["users"]],
  "run": { "runas": { "user": ["carol", "root", "bob"], "group": ["adm", "bob"] } } },
{ "id": "folders", "effect": "allow", "program": "/usr/bin/show", "argv": [["folders"]],
  "run": { "cwd": { "path": { "under": ["/srv/a", "/srv/b"], "kind": "dir" } }, "runas": { "user": ["root", "bob"] } } },
{ "id": "times", "effect": "allow", "program": ["/usr/bin/show", "/usr/bin/wait-for-signal"], "argv": [["times"]],
  "run": { "timeout": "10m" } },
{ "id": "variables", "effect": "allow", "program": "/usr/bin/show", "argv": [["variables"]],
  "run": { "env": { "set": { "MODE": "fixed" }, "allow": {
    "CUDA_VISIBLE_DEVICES": { "regex": "[0-9,]+" }, "MODE": ["a", "b"], "TEXT": true } } } },'
groupadd --gid 59900 crew && usermod -aG crew carol && usermod -aG crew ai-worker
mkdir -p /srv/a/deep /srv/b && ln -s /etc /srv/a/out && : >/srv/a/file
mkdir -m 777 /srv/a/open

tried=''
decisions() { grep -c '"event": *"decision"' /var/log/writ/events.jsonl 2>/dev/null; }

# about OPTION...: what the tests below try
about() {
	local option
	for option in "$@"; do
		tried+=" $option "
	done
}

# turned_down LINE [REGEX]: refused, in prose and as JSON, each with its event and one sentence
turned_down() {
	local before
	before=$(decisions)
	refused "refused: $1" ai-worker "$1" option-of-sudo None
	like "one sentence: $1" "${err%%$'\n'*}" "^writ: refused: [^:]+: [^.]*${2-}[^.]*\\[option-of-sudo\\]$"
	is "two decisions are recorded: $1" "$(decisions)" $((before + 2))
}

# shows LINE EXPRESSION WANT: it runs, with one event, and the Python expression over what it printed (p)
# gives that.
shows() {
	local before got
	before=$(decisions)
	as ai-worker "$1"
	got=$(python3 -c 'import json, sys; p = json.load(sys.stdin); print(eval(sys.argv[1]))' "$2" <<<"$out" 2>&1)
	if [ "$status" -eq 0 ] && [ "$got" = "$3" ] && [ "$(decisions)" -eq $((before + 1)) ]; then
		pass "$1: $2"
	else
		fail "$1: $2" "status: $status" "got: $got" "want: $3" "out: $out" "err: $err" \
			"decisions: $(($(decisions) - before))"
	fi
}

# no_request LINE STATUS: sudo itself or nobody answers; nothing is decided, and nothing runs
no_request() {
	local before
	before=$(decisions)
	as ai-worker "$1"
	is "nothing is decided: $1" "$status $(($(decisions) - before))" "$2 0"
}

uid_of() { id -u "$1"; }
plain_user="$(uid_of root)"

about -u --user
shows 'sudo show plain' 'p["user"]' "[$plain_user, $plain_user]"
shows 'sudo -u root show plain' 'p["user"]' "[$plain_user, $plain_user]"
for user in bob ai-worker "#$(uid_of bob)"; do
	turned_down "sudo -u '$user' show plain" 'may not be run as the user'
done
turned_down 'sudo --user=bob show plain' 'sudo -u'
shows 'sudo show users' 'p["user"], p["group"], p["groups"]' \
	"([$(uid_of carol), $(uid_of carol)], [4, 4], [4, $(uid_of carol), 59900])"
shows 'sudo -u bob show users' 'p["user"]' "[$(uid_of bob), $(uid_of bob)]"
shows 'sudo --user=bob show users' 'p["env"]["HOME"], p["env"]["USER"], p["env"]["LOGNAME"]' "('/home/bob', 'bob', 'bob')"
shows "sudo -u '#$(uid_of bob)' show users" 'p["user"]' "[$(uid_of bob), $(uid_of bob)]"
shows 'sudo -u root show users' 'p["user"]' '[0, 0]'
turned_down 'sudo -u daemon show users' daemon
no_request 'sudo -u "" show plain' 1

about -g --group
for group in root adm ai-worker '#0'; do
	turned_down "sudo -g '$group' show plain" 'may not be run as the group'
done
shows 'sudo -g bob show users' 'p["group"]' "[$(id -g bob), $(id -g bob)]"
shows 'sudo --group=adm -u root show users' 'p["user"], p["group"], p["groups"]' '([0, 0], [4, 4], [0, 4])'
shows "sudo -g '#4' show users" 'p["group"]' '[4, 4]'
shows 'sudo -u bob -g bob show users' 'p["user"], p["group"]' \
	"([$(uid_of bob), $(uid_of bob)], [$(id -g bob), $(id -g bob)])"
turned_down 'sudo -g root show users' root
turned_down 'sudo -u bob -g crew show users' crew

about -s --shell -i --login
for line in 'sudo -s' 'sudo --shell' 'sudo -s show plain' 'sudo -u root -s' 'SHELL=/usr/bin/show sudo -s' \
	'SHELL=/usr/bin/show sudo -s plain'; do
	turned_down "$line" "option -s"
done
for line in 'sudo -i' 'sudo --login' 'sudo -i show plain' 'SHELL=/usr/bin/show sudo -i plain'; do
	turned_down "$line" "option -i"
done
turned_down 'sudo' 'no command was given'
turned_down 'sudo -n' 'no command was given'
turned_down 'sudo -u root' 'no command was given'

about -e --edit
turned_down 'sudo -e /etc/hosts' 'option -e'
turned_down 'sudo --edit /etc/hosts /etc/passwd' 'option -e'
turned_down 'EDITOR=/usr/bin/show sudoedit /etc/hosts' 'option -e'
turned_down 'exec -a sudoedit sudo /etc/hosts' 'option -e'
turned_down 'sudo -u root -e plain' 'option -e'
no_request 'sudoedit' 1

about -E --preserve-env
turned_down 'sudo -E show plain' 'option -E'
turned_down 'sudo --preserve-env show plain' 'option -E'
turned_down 'sudo -E show variables' 'option -E'
turned_down 'DOCKER_HOST=tcp://192.0.2.1 sudo --preserve-env=DOCKER_HOST show plain' DOCKER_HOST
turned_down 'BASH_ENV=/tmp/x sudo --preserve-env=BASH_ENV show variables' BASH_ENV
shows 'LD_LIBRARY_PATH=/tmp sudo --preserve-env=LD_LIBRARY_PATH show variables' '"LD_LIBRARY_PATH" in p["env"]' False
turned_down 'CUDA_VISIBLE_DEVICES=0,x sudo --preserve-env=CUDA_VISIBLE_DEVICES show variables' CUDA_VISIBLE_DEVICES
turned_down 'CUDA_VISIBLE_DEVICES=0 sudo --preserve-env=CUDA_VISIBLE_DEVICES,HOME show variables' HOME
shows 'CUDA_VISIBLE_DEVICES=0,1 sudo --preserve-env=CUDA_VISIBLE_DEVICES show variables' \
	'p["env"]["CUDA_VISIBLE_DEVICES"]' 0,1
shows 'sudo --preserve-env=NOT_SET show plain' '"NOT_SET" in p["env"]' False
shows 'CUDA_VISIBLE_DEVICES=0 sudo show variables' '"CUDA_VISIBLE_DEVICES" in p["env"]' False

# shellcheck disable=SC2016
for word in PATH=/tmp LD_PRELOAD=/tmp/x.so HOME=/tmp SUDO_USER=root SUDO_COMMAND=x WRIT_EVENT=1 WRIT_RULE=x X= =x= \
	CUDA_VISIBLE_DEVICES= 'CUDA_VISIBLE_DEVICES=0 1' 'CUDA_VISIBLE_DEVICES=$(id)' MODE=c TEXTS=x; do
	case $word in
	=*) turned=no ;;        # to sudo this is the command (up to 1.9.12 a variable)
	*) turned=yes ;;
	esac
	if [ $turned = yes ]; then
		turned_down "sudo '$word' show variables" "${word%%=*}"
	else
		refused "refused: sudo $word show variables" ai-worker "sudo '$word' show variables" '@(unknown-program|option-of-sudo)'
	fi
done
turned_down 'sudo CUDA_VISIBLE_DEVICES=0 show plain' CUDA_VISIBLE_DEVICES
turned_down 'sudo CUDA_VISIBLE_DEVICES=0 CUDA_VISIBLE_DEVICES=x show variables' CUDA_VISIBLE_DEVICES
turned_down 'sudo CUDA_VISIBLE_DEVICES=0 -u root PATH=/tmp show variables' PATH
shows 'sudo CUDA_VISIBLE_DEVICES=0 show variables' 'p["env"]["CUDA_VISIBLE_DEVICES"], p["env"]["MODE"]' "('0', 'fixed')"
shows 'sudo MODE=b TEXT="a b" show variables' 'p["env"]["MODE"], p["env"]["TEXT"]' "('b', 'a b')"

about -H --set-home
shows 'HOME=/tmp sudo -H show plain' 'p["env"]["HOME"]' /root
shows 'HOME=/tmp sudo --set-home show plain' 'p["env"]["HOME"]' /root
shows 'HOME=/tmp sudo show plain' 'p["env"]["HOME"]' /root

about -P --preserve-groups -C --close-from -R --chroot -h --host -r --role -t --type
turned_down 'sudo -P show plain' 'option -P'
turned_down 'sudo --preserve-groups show plain' 'option -P'
turned_down 'sudo -C 5 show plain' 'option -C'
turned_down 'sudo --close-from=100 show plain' 'option -C'
turned_down 'sudo -R / show plain' 'option -R'
turned_down 'sudo --chroot=/srv show folders' 'option -R'
for line in 'sudo -h other show plain' 'sudo -hother show plain' 'sudo --host=writ-host show plain'; do
	turned_down "$line" 'option -h'
done
if sudo --help | grep -q -- '--role'; then
	turned_down 'sudo -r sysadm_r show plain' 'option -r'
	turned_down 'sudo --role=sysadm_r show plain' 'option -r'
	turned_down 'sudo -t sysadm_t show plain' 'option -t'
	turned_down 'sudo --type=sysadm_t show plain' 'option -t'
fi

about -D --chdir
shows 'sudo show folders' 'p["cwd"]' /home/ai-worker
shows 'sudo -D /srv/a show folders' 'p["cwd"]' /srv/a
shows 'sudo --chdir=/srv/a/deep show folders' 'p["cwd"]' /srv/a/deep
shows 'sudo -D /srv/b/../a show folders' 'p["cwd"]' /srv/a
for folder in / /etc /srv /srv/a/out /srv/a/../../etc /srv/ab /srv/a/none /srv/a/file /root '~root' /srv/a/open/../../../etc; do
	turned_down "sudo -D '$folder' show folders" 'sudo -D'
done
mkdir -p /srv/a/closed/inner && chmod 700 /srv/a/closed
shows 'sudo -D /srv/a/closed/inner show folders' 'p["cwd"]' /srv/a/closed/inner
shows 'sudo -u bob -D /srv/a/deep show folders' 'p["cwd"], p["user"][0]' "('/srv/a/deep', $(uid_of bob))"
turned_down 'sudo -u bob -D /srv/a/closed/inner show folders' 'sudo -D'
shows 'sudo -D /srv/a show folders' 'p["cwd"]' /srv/a
is 'the decision says where it starts' "$(events '[x.get("runcwd") for x in e if x["event"] == "decision" and x["decision"] == "allow"][-1]')" \
	/srv/a
# A link of the caller's, turned elsewhere and back as fast as it goes: the folder that was judged is entered
cat >"$E2E/turn" <<'END'
import ctypes, os, signal, subprocess, sys
a, b = os.path.expanduser('~/turned').encode(), os.path.expanduser('~/turned.other').encode()
os.symlink('/srv/a/deep', a), os.symlink('/etc', b)
turner = os.fork()
if turner == 0:
    exchange = ctypes.CDLL(None).renameat2
    while True:
        exchange(-100, a, -100, b, 2)
seen = set()
for _ in range(60):
    done = subprocess.run(['sudo', '-n', '-D', a, 'show', 'folders'], stdin=subprocess.DEVNULL, capture_output=True)
    seen.add(done.stdout.split(b'"cwd": "')[1].split(b'"')[0].decode() if done.returncode == 0 else
             'refused' if done.stderr.startswith(b'writ: refused: show: it may not be run in the directory') else done.stderr.decode())
os.kill(turner, signal.SIGKILL)
os.waitpid(turner, 0)
print(*sorted(seen))
END
HOST_STDIN=$E2E/turn as ai-worker 'python3 -'
like 'a link that is turned elsewhere meanwhile' "$out" '^(/srv/a/deep refused|/srv/a/deep|refused)$'
is 'the refusal does not tell what exists' \
	"$(for folder in /etc /srv/a/none /srv/a/file /root/x; do as ai-worker "sudo -D $folder show folders"; echo "$err"; done | sort -u | wc -l)" 2
turned_down 'sudo -D /srv/a show plain' 'sudo -D'
no_request 'sudo -D "" show folders' 1

about -T --command-timeout
for time in 11m 601 0 00 1h; do
	turned_down "sudo -T $time show times" 'from 1 to 600 seconds'
done
turned_down 'sudo --command-timeout=1h show times' 'from 1 to 600 seconds'
turned_down 'sudo -T 5 show plain' 'may not be asked for'
for time in 1 1m 10m 600 600s 9m59s 5M; do
	shows "sudo -T $time show times" 'p["user"]' '[0, 0]'
done
as ai-worker 'sudo -T 1 wait-for-signal times'
check 'sudo -T 1 ends the command' [ "$status" -ne 0 ]
is 'by a signal, when its second was over' \
	"$(events '[(x["signal"] in (1, 15), x["seconds"] >= 1) for x in e if x["event"] == "exit"][-1]')" '(True, True)'

about -b --background
before=$(decisions)
as ai-worker 'sudo -b tell plain'
is 'sudo -b: sudo itself is back at once' "$status" 0
read -rt 60 told <>"$E2E/background"
is 'sudo -b: the command runs as decided' "$told" 'told by root'
is 'sudo -b: one decision' "$(decisions)" $((before + 1))
refused 'sudo -b: what is refused is refused' ai-worker 'sudo --background show else' no-rule

about -A --askpass -S --stdin -p --prompt -B --bell -n --non-interactive -N --no-update -k --reset-timestamp
for option in -A --askpass -S --stdin '-p x' '-p ""' --prompt=x -B --bell -n --non-interactive -N --no-update -k \
	--reset-timestamp; do
	printf 'all of it\n' >"$E2E/input"
	HOST_STDIN=$E2E/input shows "SUDO_ASKPASS=/usr/bin/show sudo $option show plain" 'p["input"] == "all of it\n"' True
	is "sudo $option: nobody is asked for anything" "$err" ''
done

about -k -K --remove-timestamp -v --validate -V --version -h --help
for line in 'sudo -k' 'sudo --reset-timestamp' 'sudo -K' 'sudo --remove-timestamp' 'sudo -v' 'sudo --validate' \
	'sudo -nv' 'sudo -v -u bob' 'sudo -v -k' 'sudo -v -h other' 'sudo -V' 'sudo --version' 'sudo -h' 'sudo --help'; do
	no_request "$line" 0
	is "nobody is asked for anything: $line" "$err" ''
done
is 'no ticket was made' "$(find /run/sudo -type f -newer "$E2E/input" 2>/dev/null)" ''
as ai-worker 'sudo -V'
like 'sudo -V names the plugin' "$out" 'writ policy plugin version'
unlike 'and no files' "$out" /etc/writ

about -l --list -U --other-user
for line in 'sudo -l' 'sudo --list' 'sudo -ll' 'sudo -l -U ai-worker' 'sudo -l show plain' 'sudo -l -u bob show users' \
	'sudo -l -k show plain' 'sudo -l -D /srv/a show folders'; do
	no_request "$line" 0
done
for line in 'sudo -l -U carol' 'sudo -l -U root' 'sudo -l --other-user=no-such-user' 'sudo -l -U bob show plain' \
	'sudo -l -u bob show plain' 'sudo -l -C 5 show plain' 'sudo -l -h other show plain' 'sudo -l -T 11m show times' \
	'sudo -l -D /etc show folders' 'sudo -l -R / show plain'; do
	no_request "$line" 1
	drop_warning
	like "refused with the code: $line" "$err" '^writ: refused: .*\[option-of-sudo\]'
done
no_request 'sudo -U carol show plain' 1
no_request 'sudo -l -u bob' 1

about --
shows 'sudo -- show plain' 'p["argv"]' "['plain']"
refused 'after -- there are no options' ai-worker 'sudo -- -u' unknown-program
refused 'nor variables' ai-worker 'sudo -- X=y show plain' unknown-program

# The installed sudo's options, as its --help and its usage list them
known=$(sudo --help | sed -nE 's/^ +(-.), (--[a-z-]+)[ =].*/\1 \2/p; s/^ +(--[a-z-]+)[ =].*/\1/p; s/^ +(--) .*/\1/p')
# shellcheck disable=SC2046
known+=" $(sudo --help | grep -A5 '^usage' | grep -oE '\[-[A-Za-z]+\]' | tr -d '[]-' | fold -w1 | sed 's/^/-/' | tr '\n' ' ')"
check 'sudo --help was read' [ "$(wc -w <<<"$known")" -ge 50 ]
table=" $(sed -nE '/^\.Sh OPTIONS OF SUDO/,/^\.Sh/ s/^\.It (Fl.*)/\1/p' "$HOST_ROOT/plugin/writ_sudo.8" |
	grep -oE 'Fl [A-Za-z-]+' | sed 's/^Fl /-/' | tr '\n' ' ') "
for option in $(tr ' ' '\n' <<<"$known" | sort -u); do
	like "$option is tried here" "$tried" " $option "
	like "$option is in the manual's table" "$table" " $option "
done

# page NAME: the file of that page of section 5, also where there is no man to ask
page() {
	find /usr/share/man/man5 -name "$1.5*" -print -quit
}

# Every setting that sudo has for its plugins
manual=$(page sudo_plugin)
if [ -n "$manual" ]; then
	settings=$(zcat -f "$manual" | sed -nE '/^\.It Fa settings/,/^\.It Fa user_info/ s/^\.It ([a-z_]+)=.*/\1/p')
	check 'sudo_plugin(5) was read' [ "$(wc -w <<<"$settings")" -ge 25 ]
	for setting in $settings; do
		check "the setting $setting is in the manual" grep -qw "$setting" "$HOST_ROOT/plugin/writ_sudo.8"
	done
else
	skip 'every setting of sudo_plugin(5) is in the manual' 'that page is not installed'
fi
# And every line of sudo.conf
manual=$(page sudo.conf)
if [ -n "$manual" ]; then
	lines=$(zcat -f "$manual" | sed -nE '/^\.Ss Path settings/,/^\.Ss Debug/ s/^\.It ([a-z_]+)$/\1/p' |
		grep -vxE 'static|dynamic|adaptive')        # values of group_source
	check 'sudo.conf(5) was read' [ "$(wc -w <<<"$lines")" -ge 8 ]
	for line in $lines; do
		check "the line $line is in the manual" grep -qw "$line" "$HOST_ROOT/plugin/writ_sudo.8"
	done
else
	skip 'every line of sudo.conf(5) is in the manual' 'that page is not installed'
fi

# What sudoers_audit cannot read ends sudo before any policy is asked. Without that plugin, writ refuses it.
odd=("-u '#-1'" "-u '#4294967295'" "-u '#'" '-u no-such-user' '-u "\"root\""' '-u ROOT' "-g '#-1'" "-g '#4294967295'"
	'-g no-such-group' '-T 1x' "-T '1 '" "-T ' 1'" '-T -1' "-T ''" '-T 1m1h' '-T 99999999999999999999' '-T 1e1'
	'-D deep' '-D ./deep' '-R deep')
for option in "${odd[@]}"; do
	as ai-worker "cd /srv/a && sudo $option show times"
	is "refused by one or the other: sudo $option" "$status $out" '1 '
done
host_install_file 644 /etc/sudo.conf <<-EOF
	Plugin writ_policy writ.so subjects=ai-worker
	Plugin sudoers_io sudoers.so
EOF
for option in "${odd[@]}"; do
	turned_down "cd /srv/a && sudo $option show times"
	turned_down "cd /srv/a && sudo $option show folders"
done
host_load_writ ''
runs 'after all that the plain request runs' ai-worker 'sudo docker restart ollama' ollama
done_testing
