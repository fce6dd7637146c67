/* SPDX-License-Identifier: ISC */
/* Prints one event of every shape, as it would be appended to events.jsonl. */
#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>

#include "decision.h"
#include "error.h"
#include "event.h"
#include "event_log.h"

/* In place of the library's: the log is standard output. */
int writ_event_log_append(const char *line, size_t length, struct writ_error *err)
{
	(void)err;
	return printf("%.*s\n", (int)length, line) > 0 ? 0 : -1;
}

static int decisions(struct writ_event *event)
{
	char long_word[6000] = {0}, docker[] = "docker", restart[] = "restart", odd[] = "\xff\xfe";
	char escape[] = "\x1b[2J", *plain[] = {docker, restart}, *raw[] = {docker, odd, escape},
	     *cut[] = {docker, restart, long_word};
	struct writ_decision d = {
		.verdict = WRIT_VERDICT_ALLOW,
		.code = WRIT_CODE_RULE,
		.rule = "restart",
		.command = "docker container restart",
		.program = "/usr/bin/docker",
		.argv = plain,
		.argc = 2,
		.runas = "root",
		.reason = "the rule restart allows it",
		.told = "the rule restart allows it",
		.policy_path = "/etc/writ/policy.json",
		.policy_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	struct writ_event_decision what = {
		.decision = &d,
		.cwd = "/home/agent",
		.tty = "/dev/pts/1",
		.plugin = "writ_policy",
		.iolog = "agent/untagged/000001",
		.log_servers = (const char *const[]) {"logs.example:30344(tls)"},
		.n_log_servers = 1,
		.task = "task 17: \xc3\xa9",
		.traceparent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
	};
	struct writ_error err = {0};
	int failed = writ_event_record_decision(event, &what, &err);

	what.task = "\x1b";
	what.traceparent = "odd";
	what.cwd = what.tty = what.iolog = NULL;
	what.n_log_servers = 0;
	what.parent = event->id;
	event->session = "20261121T224009Z-4f2a9c1d";
	d.verdict = WRIT_VERDICT_DENY;
	d.code = WRIT_CODE_NO_RULE;
	d.rule = NULL;
	d.nearest_rule = "restart";
	d.nearest_failed = "operand CONTAINER: 'db' is not in set containers";
	d.argv = raw;
	d.argc = 3;
	failed |= writ_event_record_decision(event, &what, &err);
	memset(long_word, 'x', sizeof(long_word) - 1);
	d.argv = cut;
	d.code = WRIT_CODE_POLICY_ERROR;
	d.nearest_rule = d.nearest_failed = NULL;
	d.command = d.program = d.policy_sha256 = NULL;
	failed |= writ_event_record_decision(event, &what, &err);
	return failed;
}

static int audits(struct writ_event *event)
{
	char id[] = "id", odd[] = "\xff", *argv[] = {id, odd};
	struct writ_event_audit what = {
		.kind = "accept",
		.plugin = "sudo",
		.plugin_type = "front-end",
		.program = "/usr/bin/id",
		.argv = argv,
		.argc = 2,
		.runas = "root",
		.runas_group = "adm",
		.cwd = "/home/agent",
		.runcwd = "/srv",
		.tty = "/dev/pts/1",
		.iolog_path = "/var/log/sudo-io/00/00/01",
		.task = "task 17",
	};
	struct writ_error err = {0};
	int failed = writ_event_record_audit(event, &what, &err);

	what = (struct writ_event_audit) {.kind = "reject",
					  .plugin = "sudoers_policy",
					  .plugin_type = "policy",
					  .reason = "\x1b[2J\n"};
	failed |= writ_event_record_audit(event, &what, &err);
	what.kind = "error";
	failed |= writ_event_record_audit(event, &what, &err);
	return failed;
}

static int exits(struct writ_event *event)
{
	struct writ_event_exit what = {
		.decision = event->id, .started = true, .status = 3 << 8, .microseconds = 1234567};
	struct writ_error err = {0};
	int failed = writ_event_record_exit(event, &what, &err);

	what.status = SIGKILL;
	failed |= writ_event_record_exit(event, &what, &err);
	what.started = false;
	what.error = ENOENT;
	failed |= writ_event_record_exit(event, &what, &err);
	what.why = "no PAM session";
	failed |= writ_event_record_exit(event, &what, &err);
	return failed;
}

int main(void)
{
	struct writ_event event = {.host = "host", .user = "agent", .uid = 1001};
	struct writ_error err = {0};

	if (writ_event_init(&event, &err) < 0)
		return 1;
	return decisions(&event) || audits(&event) || exits(&event);
}
