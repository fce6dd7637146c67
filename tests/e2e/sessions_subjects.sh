#!/bin/bash
# SPDX-License-Identifier: ISC
#
# Plugin and PAM module read subjects= alike: whoever is a subject of the one is a subject of the other.

# shellcheck disable=SC2154
# shellcheck source=tests/lib/e2e.sh
. "$(dirname "$0")/../lib/e2e.sh"
# shellcheck source=tests/lib/sshd.sh
. "$(dirname "$0")/../lib/sshd.sh"
# Two names of one account: it counts by its number.
useradd --non-unique --uid "$(id -u ai-worker)" --gid ai-worker --no-create-home --home-dir /home/ai-worker \
	--shell /bin/bash alias
groupadd ai-workers && groupadd listed && groupadd empty
usermod -aG ai-workers carol
gpasswd -a bob listed >/dev/null

# Who is a subject by the module (a session is recorded), and by the plugin (a decision is).
by_module() {
	local user
	for user in ai-worker alias bob carol root; do
		rm -rf /run/writ/sessions
		as "$user" true
		[ -z "$(ls /run/writ/sessions 2>/dev/null)" ] || printf '%s ' "$user"
	done
}
by_plugin() {
	local user
	for user in ai-worker alias bob carol root; do
		rm -f /var/log/writ/events.jsonl
		as "$user" 'sudo -n docker restart db'
		! grep -qs '"event":"decision"' /var/log/writ/events.jsonl || printf '%s ' "$user"
	done
}

# subjects LIST WANT: with subjects=LIST; the accounts, each followed by a blank.
subjects() {
	PAM_WRIT="session required pam_writ.so subjects=$1" pam_stacks
	printf 'Plugin %s\n' "writ_policy writ.so subjects=$1" 'sudoers_io sudoers.so' | host_install_file 644 /etc/sudo.conf
	is "'$1': by the module" "$(by_module)" "$2"
	is "'$1': by the plugin" "$(by_plugin)" "$2"
}
both='ai-worker alias '
subjects ai-worker "$both"
subjects alias "$both"
subjects bob 'bob '
subjects 'bob,ai-worker' "${both}bob "
subjects ',bob,,' 'bob '
subjects nosuch ''
subjects 'nosuch,%nosuch,bob' 'bob '
subjects %ai-worker "$both"
subjects %ai-workers 'carol '
subjects %listed 'bob '
subjects %empty ''
subjects '%ai-workers,%listed' 'bob carol '
subjects root,%root ''
subjects % ''
subjects "#$(id -u bob)" ''
subjects "$(id -u bob)" ''
subjects 'BOB' ''
done_testing
