/* SPDX-License-Identifier: ISC */
/* writ check: what a policy says to one request, or to each line of standard input. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "arena.h"
#include "batch.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "decision.h"
#include "error.h"
#include "json.h"
#include "json_write.h"
#include "pin.h"
#include "policy.h"
#include "prose.h"
#include "request.h"
#include "request_json.h"
#include "users.h"

struct args {
	const char *policy, *commands, *user, *runas, *cwd;
	bool json, batch;
};

static const struct cli_option options[] = {
	{"policy", "FILE", offsetof(struct args, policy), "the policy (" WRIT_POLICY_FILE ")"},
	{"commands", "DIR", offsetof(struct args, commands),
	 "the command files (" WRIT_COMMANDS_DIR ")"},
	{"user", "NAME", offsetof(struct args, user), "who asks (default: whoever calls)"},
	{"runas", "NAME", offsetof(struct args, runas), "whom it is to run as, as by sudo -u"},
	{"cwd", "DIR", offsetof(struct args, cwd), "where it is asked (default: here)"},
	{"json", NULL, offsetof(struct args, json), "print the decision as a JSON object"},
	{"batch", NULL, offsetof(struct args, batch),
	 "read a JSON request a line, print a decision a line"},
};

struct checker {
	struct writ_policy *policy;
	struct writ_arena *arena;
	struct cli_users *users;
	struct writ_request defaults; /* what a request has that does not say otherwise */
};

/* The decision on a request whose user is set; the groups are looked up here. */
static void decide(struct checker *c, struct writ_request *request, struct writ_decision *ret)
{
	const struct cli_user *user = request->user ? cli_users_find(c->users, request->user)
						    : cli_users_caller(c->users);

	if (!user) {
		writ_decision_refuse(ret, request, WRIT_CODE_POLICY_ERROR, "out of memory",
				     writ_policy_path(c->policy));
		return;
	}
	request->user = user->name;
	request->groups = user->groups;
	request->n_groups = user->n_groups;
	writ_decide(c->policy, c->arena, request, ret);
	/* Nothing is run here: the files that the program would have been given are let go. */
	writ_pins_close(ret);
}

static void write_decision(const struct writ_decision *decision, struct writ_json_writer *out)
{
	writ_json_object_begin(out, NULL);
	writ_decision_write(decision, false, out);
	writ_json_object_end(out);
}

/* Reads a line as a request; 0, or -1 with err. */
static int read_request(struct checker *c, const char *line, size_t length,
			struct writ_request *request, struct writ_error *err)
{
	const struct writ_json *json =
		writ_json_parse(c->arena, "standard input", line, length, err);

	return json ? cli_request_parse(c->arena, json, request, err) : -1;
}

static void answer(void *context, const char *line, size_t length, struct writ_json_writer *out)
{
	struct checker *c = context;
	struct writ_request request = c->defaults;
	struct writ_decision decision = {0};
	struct writ_error err = {0};
	const char *path = writ_policy_path(c->policy), *reason;

	writ_arena_reset(c->arena);
	if (!line) {
		writ_decision_refuse(&decision, &request, WRIT_CODE_TOO_LARGE,
				     "the line is longer than any request may be", path);
	} else if (read_request(c, line, length, &request, &err) < 0) {
		/* A request that was read in part is no request: nothing of it is repeated. */
		request = c->defaults;
		reason = writ_arena_printf(c->arena, "the line is no request: %s%s%s", err.path,
					   err.path[0] ? ": " : "", err.message);
		writ_decision_refuse(&decision, &request, WRIT_CODE_POLICY_ERROR,
				     reason ? reason : "out of memory", path);
	} else {
		decide(c, &request, &decision);
	}
	if (!decision.policy_sha256)
		decision.policy_sha256 = writ_policy_sha256(c->policy);
	write_decision(&decision, out);
}

static enum cli_status check_one(struct checker *c, bool json, int argc, char **argv)
{
	struct writ_request request = c->defaults;
	struct writ_decision decision = {0};
	struct writ_json_writer *out = NULL;
	const char *text;

	request.argv = argv;
	request.argc = (size_t)argc;
	decide(c, &request, &decision);
	if (!json) {
		cli_decision_print(c->arena, &decision);
	} else {
		out = writ_json_writer_new();
		if (out)
			write_decision(&decision, out);
		text = out ? writ_json_writer_text(out, NULL) : NULL;
		if (!text) {
			writ_json_writer_free(out);
			fputs("writ: out of memory\n", stderr);
			return CLI_FAILED;
		}
		puts(text);
		writ_json_writer_free(out);
	}
	return decision.verdict == WRIT_VERDICT_ALLOW ? CLI_YES : CLI_NO;
}

static enum cli_status check(struct checker *c, const struct args *args, int argc, char **argv)
{
	struct writ_policy_options load = {.path = args->policy, .commands = args->commands};
	struct writ_error err = {0};
	auto_free char *here = args->cwd ? NULL : getcwd(NULL, 0);

	c->arena = writ_arena_new();
	c->users = cli_users_new();
	if (!c->arena || !c->users) {
		writ_error_set(&err, "out of memory");
		return cli_error(&err);
	}
	c->policy = writ_policy_load(&load, &err);
	if (!c->policy)
		return cli_error(&err);
	c->defaults.user = args->user;
	c->defaults.runas_user = args->runas;
	/* A folder that was removed has no name (Linux: "(unreachable)…"): relative paths are
	 * unsure. */
	c->defaults.cwd = args->cwd ? args->cwd : here && here[0] == '/' ? here : NULL;
	return args->batch ? cli_batch(answer, c) : check_one(c, args->json, argc, argv);
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.policy = WRIT_POLICY_FILE, .commands = WRIT_COMMANDS_DIR};
	struct checker checker = {0};
	enum cli_status status;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	if (args.batch && argc > 0)
		return cli_usage_error(self, "--batch takes its requests from standard input");
	if (!args.batch && argc == 0)
		return cli_usage_error(self, "no command is given");
	if (args.cwd && args.cwd[0] != '/')
		return cli_usage_error(self, "--cwd: %s is no absolute path", args.cwd);
	if ((args.user && !args.user[0]) || (args.runas && !args.runas[0]))
		return cli_usage_error(self, "a user's name is empty");
	status = check(&checker, &args, argc, argv);
	cli_users_free(checker.users);
	writ_arena_free(checker.arena);
	writ_policy_free(checker.policy);
	return status;
}

const struct cli_command cli_check = {
	.name = "check",
	.operands = "-- ARGV...",
	.doc = "what the policy says to a command, and why",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.run = run,
};
