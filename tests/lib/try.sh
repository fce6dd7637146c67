#!/bin/bash
# SPDX-License-Identifier: ISC
#
# try.sh BUILD [--here]: the main job on the real sudo. In a throwaway host, or with --here in place.
# `./dev try` builds first and then runs this.

set -u
# shellcheck source=tests/lib/host.sh
. "$(dirname "$0")/host.sh"

# printed as a terminal shows it: the line as typed, what came back, the exit status if it is not 0
show_in_session() {
	# shellcheck disable=SC2016
	printf 'prompt=%q\nbold=%q\ndim=%q\nplain=%q\n' "$1" "$bold" "$dim" "$plain"
	cat <<-'EOF'
		while IFS= read -r line <&3; do
			printf '%s%s%s%s\n' "$bold" "$prompt" "$line" "$plain"
			(eval "$line") 3<&-
			status=$?
			[ $status -eq 0 ] || printf '%s(exit status %d)%s\n' "$dim" "$status" "$plain"
			echo
		done
	EOF
}

# session USER: one login of USER, in which the lines of standard input are typed.
session() {
	local sign='$'
	[ "$1" != root ] || sign='#'
	show_in_session "$1$sign " >"$scratch/driver"
	cat >"$scratch/lines"
	su - "$1" -c "exec bash $scratch/driver 3<$scratch/lines" </dev/null 2>&1
}

# What the throwaway host has from the start, made on this machine itself; what it replaces is kept.
prepare_here() {
	local user
	for user in ai-worker carol; do
		id "$user" >/dev/null 2>&1 || useradd --create-home --shell /bin/bash "$user" || exit 1
	done
	keep_aside /etc/sudo.conf
	keep_aside /etc/writ/policy.json
	echo "This machine now has writ, the accounts ai-worker and carol, and a rule for carol in"
	echo "/etc/sudoers.d/carol. Files that were replaced are beside the new ones, as *.before-writ."
	echo
}

keep_aside() {
	[ ! -e "$1" ] || [ -e "$1.before-writ" ] || cp -a "$1" "$1.before-writ"
}

# A version of an engine comes back (a stand-in from before has none), and where writ looks for docker.
docker_answers() {
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root timeout 10 docker version \
		--format '{{.Server.Version}}' 2>/dev/null | grep -q '^[0-9]'
}

introduce() {
	local engine='the engine of this machine'
	if ! docker_answers; then
		engine='no engine answers, so a stand-in is run in its place'
		[ -n "${HOST_INSIDE-}" ] || keep_aside /usr/bin/docker
		host_standin_docker
	fi
	cat <<-EOF
		writ, the main job, on sudo $(sudo -V | sed -n '1s/.* //p'), $where
		subject: ai-worker    policy: /etc/writ/policy.json, from policies/ai-worker.json
		docker:  $engine; the decisions are writ's, and real
		loaded by these lines of sudo.conf:
		$(sed 's/^/  /' /etc/sudo.conf)

	EOF
}

show_main_job() {
	session ai-worker <<-'EOF'
		sudo docker restart ollama
		sudo docker run --rm alpine echo test
		sudo docker run -v /:/host alpine
		sudo docker run -itv=/:/host alpine
		sudo docker container run --privileged alpine
		sudo docker exec ollama bash
		sudo -l
	EOF
	echo "${dim}carol is no subject: sudoers decides, as ever$plain"
	session carol <<-'EOF'
		sudo id -un
	EOF
	session root <<-'EOF'
		writ log
		sudoreplay -l
	EOF
}

main() {
	local build=$1 bold='' dim='' plain='' scratch where
	if [ -t 1 ] && [ -z "${NO_COLOR-}" ]; then
		bold=$'\e[1m' dim=$'\e[2m' plain=$'\e[0m'
	fi
	if [ "${2-}" = --here ]; then
		[ "$(id -u)" -eq 0 ] || host_die 'root is needed'
		where='on this machine itself'
		prepare_here
	else
		HOST_DOCKER=engine host_enter "$@"
		where='in a throwaway copy of this machine'
	fi
	echo 'carol ALL=(root) NOPASSWD: /usr/bin/id' | host_install_file 440 /etc/sudoers.d/carol
	host_install_build "$build"
	host_install_file 644 /etc/writ/policy.json <"$HOST_ROOT/policies/ai-worker.json"
	host_load_writ ''
	scratch=$(mktemp -d) && chmod 755 "$scratch"
	introduce
	show_main_job
	rm -rf "$scratch"
}

case $#${2-} in
1 | 2--here) ;;
*)	echo 'usage: ./dev try [--here]' >&2
	exit 2 ;;
esac
if [ "${2-}" != --here ] && [ -z "${HOST_INSIDE-}" ] && obstacle=$(host_obstacle) && [ -n "$obstacle" ]; then
	echo "dev try: $obstacle" >&2
	echo 'On a machine that can be thrown away, "./dev try --here" does the same in place.' >&2
	exit 1
fi
main "$@"
