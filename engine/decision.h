/* SPDX-License-Identifier: ISC */
/*
 * A decision and its explanation. The agent's message, `writ check` and the log print this one
 * record; only `told` differs from `reason`, where root looked at files on the subject's behalf.
 * Everything in it belongs to the arena of the decision, or to the policy.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

struct writ_arena;
struct writ_json_writer;
struct writ_parsed;
struct writ_run;

enum writ_verdict { WRIT_VERDICT_DENY = 0, WRIT_VERDICT_ALLOW };

enum writ_code {
	WRIT_CODE_POLICY_ERROR = 0, /* "policy-error" */
	WRIT_CODE_RULE,
	WRIT_CODE_NO_RULE,
	WRIT_CODE_UNPARSED,
	WRIT_CODE_UNKNOWN_PROGRAM,
	WRIT_CODE_OPTION_OF_SUDO,
	WRIT_CODE_TOO_LARGE,
};

/* A path that the program gets as a descriptor instead (matcher key `pin`, pin.h). */
struct writ_pin {
	size_t index;       /* element of the argument vector that holds the value */
	const char *prefix; /* what stands before the path in that element ("--file=") */
	const char *typed;  /* the path as typed */
	const char *path;   /* as resolved, for the log */
	bool directory;     /* it is one */
	const char *name;   /* fd is of the folder, this is the name in it; NULL: of the thing */
	int fd;             /* O_PATH, close-on-exec, the caller's to close; -1: an imagined file */
};

struct writ_decision {
	enum writ_verdict verdict;
	enum writ_code code;
	const char *rule;    /* id, or NULL */
	const char *command; /* "docker container run", or NULL */
	const char *program; /* absolute path, or NULL */
	char *const *argv;   /* as asked */
	size_t argc;
	const char *runas;       /* user; never NULL once the policy was read */
	const char *runas_group; /* NULL: the user's own */
	const char *reason;      /* for the log; one sentence without a final stop; never NULL */
	const char *told;        /* for the subject; == reason unless hidden */
	bool hidden; /* the outcome came from files that root looked at: the subject is told one and
			the same sentence whatever was found there, and neither rule nor nearest */
	const char *hint;                          /* NULL: none */
	const char *nearest_rule, *nearest_failed; /* both NULL, or both there */
	const char *policy_path, *policy_sha256;
	const struct writ_run *run;       /* allow: the settings of what is started */
	const char *cwd;                  /* allow: where it is started; NULL: the caller's */
	unsigned timeout;                 /* allow: seconds, 0 none (-T within the rule's bound) */
	const struct writ_parsed *parsed; /* NULL if it was not parsed by a command file */
	struct writ_pin *pins;            /* allow */
	size_t n_pins;
};

const char *writ_verdict_to_string(enum writ_verdict verdict); /* "deny", "allow" */
const char *writ_code_to_string(enum writ_code code);
int writ_code_from_string(const char *name, enum writ_code *ret);

/* Adds the decision's members (decision, code, rule, command, program, argv, runas, reason, hint,
 * nearest, policy, in this order, and pins if there are any) to the object that is open in the
 * writer. For the subject, reason and nearest are what it is told. */
void writ_decision_write(const struct writ_decision *decision, bool for_subject,
			 struct writ_json_writer *writer);

/* The refusal as the subject reads it, two lines at most with their newlines:
 *   writ: refused: docker run: --volume mounts … [no-host-root]
 *   writ: allowed instead: … (see: sudo -l)
 * No raw control characters. From the arena; NULL without memory. */
const char *writ_decision_refusal(struct writ_arena *arena, const struct writ_decision *decision);
