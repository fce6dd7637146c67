/* SPDX-License-Identifier: ISC */
/*
 * writer SEED COUNT: when its standard input ends, appends COUNT events of every kind to the event
 * log, with arguments as an attacker would choose them, and prints a line for each that is there:
 * what makes it unique, the id of the event (or "KIND SESSION" for those of sessions). Status 1 if
 * one could not be recorded.
 */
#include <errno.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "decision.h"
#include "error.h"
#include "event.h"
#include "session_event.h"
#include "session_record.h"

#define WORDS 12
#define WORD_MAX 5000

static uint64_t state;

/* splitmix64 */
static uint64_t draw(uint64_t below)
{
	uint64_t z = state += 0x9e3779b97f4a7c15;

	z = (z ^ z >> 30) * 0xbf58476d1ce4e5b9;
	z = (z ^ z >> 27) * 0x94d049bb133111eb;
	return (z ^ z >> 31) % below;
}

/* One argument: what could end a line, a string or an object, or is no text at all. */
static char *draw_word(char word[WORD_MAX])
{
	static const char *const parts[] = {
		"\n",       "\"",       "\\",
		"}\n{",     "\xff\xfe", "\xe2\x80\xae",
		"\x1b[2J",  "\xc2\x85", "\",\"event\":\"exit\",\"id\":\"",
		"restart",  "\t",       "\xed\xa0\x80",
		"\\u0000",  "\x7f",     "{\"time\":",
		"\xf0\x9f", "\r",       "--",
	};
	size_t n = 0, want = draw(8) == 0 ? draw(WORD_MAX - 64) : draw(60);

	do {
		const char *part = parts[draw(sizeof(parts) / sizeof(parts[0]))];

		memcpy(word + n, part, strlen(part));
		n += strlen(part);
	} while (n < want);
	word[n] = '\0';
	return word;
}

static int decision(const struct writ_event *event, struct writ_error *err)
{
	static char words[WORDS][WORD_MAX], reason[WORD_MAX];
	char *argv[WORDS];
	struct writ_decision d = {
		.verdict = draw(2) ? WRIT_VERDICT_ALLOW : WRIT_VERDICT_DENY,
		.argv = argv,
		.argc = 1 + draw(WORDS),
		.program = "/usr/bin/docker",
		.runas = "root",
		.reason = draw_word(reason),
		.policy_path = "/etc/writ/policy.json",
		.policy_sha256 = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef",
	};
	struct writ_event_decision what = {
		.decision = &d, .plugin = "writ_policy", .cwd = words[1]};

	d.code = d.verdict == WRIT_VERDICT_ALLOW ? WRIT_CODE_RULE : WRIT_CODE_NO_RULE;
	d.rule = d.verdict == WRIT_VERDICT_ALLOW ? "restart" : NULL;
	d.told = d.reason;
	for (size_t i = 0; i < d.argc; i++)
		argv[i] = draw_word(words[i]);
	return writ_event_record_decision(event, &what, err);
}

static int audit(const struct writ_event *event, struct writ_error *err)
{
	char reason[WORD_MAX], word[WORD_MAX], *argv[] = {draw_word(word)};
	struct writ_event_audit what = {.kind = "reject",
					.plugin = "sudoers_policy",
					.plugin_type = "policy",
					.argv = argv,
					.argc = 1,
					.reason = draw_word(reason)};

	return writ_event_record_audit(event, &what, err);
}

static int ended(const struct writ_event *event, struct writ_error *err)
{
	struct writ_event_exit what = {.decision = event->id,
				       .started = draw(2),
				       .status = (int)draw(256) << 8,
				       .error = ENOENT,
				       .microseconds = (int64_t)draw(1000000000)};

	return writ_event_record_exit(event, &what, err);
}

static int session(struct writ_error *err)
{
	struct writ_session_record record = {
		.user = "ai-worker",
		.uid = 59001,
		.service = "sshd",
		.host = "writ-host",
		.boot = "01234567-89ab-cdef-0123-456789abcdef",
		.audit_session = 7,
		.leader = {.pid = getpid(), .start = 1},
		.tty = "ssh",
		.from = "10.0.0.7",
	};

	if (writ_session_record_init(&record, err) < 0 ||
	    writ_session_event_open(&record, err) < 0 ||
	    printf("session-open %s\n", record.id) < 0 || fflush(stdout) != 0)
		return -1;
	record.closed = "logout";
	if (writ_session_event_close(&record, (int64_t)draw(1000000), err) < 0)
		return -1;
	return printf("session-close %s\n", record.id) < 0 ? -1 : 0;
}

static int record(struct writ_error *err)
{
	static int (*const kinds[])(const struct writ_event *, struct writ_error *) = {
		decision, decision, decision, audit, ended};
	struct writ_event event = {.host = "writ-host", .user = "ai-worker", .uid = 59001};
	size_t kind = draw(sizeof(kinds) / sizeof(kinds[0]) + 1);

	if (kind == sizeof(kinds) / sizeof(kinds[0]))
		return session(err);
	if (writ_event_init(&event, err) < 0 || kinds[kind](&event, err) < 0)
		return -1;
	return printf("%s\n", event.id) < 0 ? -1 : 0;
}

int main(int argc, char *argv[])
{
	struct writ_error err = {0};

	if (argc != 3)
		return 2;
	state = strtoull(argv[1], NULL, 10);
	while (getchar() != EOF)
		;
	for (unsigned long n = strtoul(argv[2], NULL, 10); n > 0; n--)
		if (record(&err) < 0 || fflush(stdout) != 0) {
			fprintf(stderr, "%s\n", err.message);
			return 1;
		}
	return 0;
}
