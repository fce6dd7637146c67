/* SPDX-License-Identifier: ISC */
/* writ lint: what can be said about a policy without a request. */
#include "lint.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "decision.h"
#include "error.h"
#include "json_write.h"
#include "policy.h"
#include "policy_test.h"
#include "users.h"

struct args {
	const char *commands;
	bool json;
};

static const struct cli_option options[] = {
	{"commands", "DIR", offsetof(struct args, commands),
	 "the command files (" WRIT_COMMANDS_DIR ")"},
	{"json", NULL, offsetof(struct args, json), "print a JSON object for each finding"},
};

struct linter {
	const char *commands;
	struct writ_json_writer *json; /* NULL: prose */
	struct writ_arena *arena;      /* one test, one file's findings */
	struct cli_users *users;
};

/* For each rule whether some test is decided by it; the caller's. NULL without memory. */
static bool *find_exercised(struct linter *l, const struct writ_policy *policy)
{
	size_t n_rules = writ_policy_n_rules(policy), n;
	const struct writ_policy_test *tests = writ_policy_tests(policy, &n);
	bool *exercised = calloc(n_rules + 1, sizeof(*exercised));

	for (size_t i = 0; exercised && i < n; i++) {
		struct writ_decision decision = {0};

		writ_arena_reset(l->arena);
		cli_policy_test_decide(policy, &tests[i], l->users, l->arena, &decision);
		if (decision.rule)
			exercised[writ_policy_rule_index(policy, decision.rule)] = true;
	}
	writ_arena_reset(l->arena);
	return exercised;
}

static bool print_json(struct writ_json_writer *out, const struct writ_lint_finding *f)
{
	const char *text;

	writ_json_writer_reset(out);
	writ_json_object_begin(out, NULL);
	writ_json_add_string(out, "file", f->at.file);
	writ_json_add_int(out, "line", f->at.line);
	writ_json_add_string(out, "path", f->at.path);
	writ_json_add_string(out, "level", f->error ? "error" : "warning");
	writ_json_add_string(out, "check", f->check);
	writ_json_add_string(out, "message", f->at.message);
	writ_json_object_end(out);
	text = writ_json_writer_text(out, NULL);
	if (text)
		puts(text);
	return text != NULL;
}

static bool print(struct linter *l, const struct writ_lint_finding *f)
{
	struct writ_error at = f->at;
	char line[sizeof(at) + 64];

	if (l->json)
		return print_json(l->json, f);
	writ_error_set(&at, "%s: %s", f->error ? "error" : "warning", f->at.message);
	writ_error_string(&at, line, sizeof(line));
	for (char *p = line; *p; p++) /* the file's name is anybody's */
		if ((unsigned char)*p < 0x20 || *p == 0x7f)
			*p = '?';
	puts(line);
	return true;
}

static enum cli_status lint_policy(struct linter *l, const struct writ_policy *policy)
{
	auto_free bool *exercised = find_exercised(l, policy);
	const struct writ_lint_finding *findings = NULL;
	struct writ_error err = {0};
	enum cli_status status = CLI_YES;

	if (!exercised)
		return cli_error(&(struct writ_error) {.message = "out of memory"});
	if (writ_lint(policy, exercised, l->arena, &findings, &err) < 0)
		return cli_error(&err);
	for (const struct writ_lint_finding *f = findings; f; f = f->next) {
		if (!print(l, f))
			return cli_error(&(struct writ_error) {.message = "out of memory"});
		if (f->error)
			status = CLI_NO;
	}
	return status;
}

static enum cli_status lint_file(struct linter *l, const char *path)
{
	struct writ_policy_options load = {.path = path, .commands = l->commands, .tests = true};
	struct writ_error err = {0};
	struct writ_policy *policy = writ_policy_load(&load, &err);
	enum cli_status status;

	if (!policy)
		return cli_error(&err);
	status = lint_policy(l, policy);
	writ_policy_free(policy);
	return status;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.commands = WRIT_COMMANDS_DIR};
	struct linter l = {0};
	enum cli_status status = CLI_YES;
	bool ready;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	if (argc == 0)
		return cli_usage_error(self, "no policy file is given");
	l.commands = args.commands;
	l.arena = writ_arena_new();
	l.users = cli_users_new();
	l.json = args.json ? writ_json_writer_new() : NULL;
	ready = l.arena && l.users && (l.json || !args.json);
	if (!ready)
		status = cli_error(&(struct writ_error) {.message = "out of memory"});
	for (int i = 0; ready && i < argc; i++) {
		enum cli_status one = lint_file(&l, argv[i]);

		if (one > status)
			status = one;
	}
	writ_json_writer_free(l.json);
	writ_arena_free(l.arena);
	cli_users_free(l.users);
	return status;
}

const struct cli_command cli_lint = {
	.name = "lint",
	.operands = "FILE...",
	.doc = "what can be said about policy files without running them",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.mixed = true,
	.run = run,
};
