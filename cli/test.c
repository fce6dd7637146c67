/* SPDX-License-Identifier: ISC */
/* writ test: do the examples in policy files hold? */
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "cli.h"
#include "config.h"
#include "decision.h"
#include "error.h"
#include "policy.h"
#include "policy_test.h"
#include "prose.h"
#include "text.h"
#include "users.h"

/* Longest command line in a report. */
#define SHOWN_MAX 400

struct args {
	const char *commands;
};

static const struct cli_option options[] = {
	{"commands", "DIR", offsetof(struct args, commands),
	 "the command files (" WRIT_COMMANDS_DIR ")"},
};

struct tester {
	const char *commands;
	struct writ_arena *arena; /* one test */
	struct cli_users *users;
};

static bool holds(const struct writ_policy_test *test, const struct writ_decision *d)
{
	if (test->allow != (d->verdict == WRIT_VERDICT_ALLOW))
		return false;
	if (test->rule && (!d->rule || strcmp(test->rule, d->rule) != 0))
		return false;
	return !test->code || strcmp(test->code, writ_code_to_string(d->code)) == 0;
}

static void report(struct tester *t, const struct writ_policy_test *test,
		   const struct writ_decision *d)
{
	const char *asked = writ_text_command_line(t->arena, test->argv, test->argc, SHOWN_MAX);

	printf("%s:%d: %s: expected %s", cli_show(t->arena, test->file), test->line,
	       asked ? asked : "(out of memory)", test->allow ? "allow" : "deny");
	if (test->rule)
		printf(" by rule %s", cli_show(t->arena, test->rule));
	if (test->code)
		printf(" with code %s", test->code);
	printf(", got %s", writ_verdict_to_string(d->verdict));
	if (d->rule)
		printf(" by rule %s", cli_show(t->arena, d->rule));
	else
		printf(" with code %s", writ_code_to_string(d->code));
	printf(": %s", cli_show(t->arena, d->reason));
	if (d->nearest_rule)
		printf(" (nearest: %s: %s)", cli_show(t->arena, d->nearest_rule),
		       cli_show(t->arena, d->nearest_failed));
	putchar('\n');
}

static bool run_one(struct tester *t, const struct writ_policy *policy,
		    const struct writ_policy_test *test)
{
	struct writ_decision decision = {0};

	writ_arena_reset(t->arena);
	cli_policy_test_decide(policy, test, t->users, t->arena, &decision);
	if (holds(test, &decision))
		return true;
	report(t, test, &decision);
	return false;
}

static enum cli_status test_file(struct tester *t, const char *path)
{
	struct writ_policy_options load = {.path = path, .commands = t->commands, .tests = true};
	struct writ_error err = {0};
	struct writ_policy *policy = writ_policy_load(&load, &err);
	const struct writ_policy_test *tests;
	size_t n, failed = 0;

	if (!policy)
		return cli_error(&err);
	tests = writ_policy_tests(policy, &n);
	for (size_t i = 0; i < n; i++)
		failed += !run_one(t, policy, &tests[i]);
	writ_policy_free(policy);
	writ_arena_reset(t->arena);
	if (failed)
		printf("%s: %zu of %zu tests failed\n", cli_show(t->arena, path), failed, n);
	else
		printf("%s: %zu tests, all hold\n", cli_show(t->arena, path), n);
	return failed ? CLI_NO : CLI_YES;
}

static enum cli_status run(const struct cli_command *self, int argc, char **argv)
{
	struct args args = {.commands = WRIT_COMMANDS_DIR};
	struct tester t = {0};
	enum cli_status status = CLI_YES;

	if (!cli_options_read(self, argc, argv, &args, &argc, &status))
		return status;
	if (argc == 0)
		return cli_usage_error(self, "no policy file is given");
	t.commands = args.commands;
	t.arena = writ_arena_new();
	t.users = cli_users_new();
	if (!t.arena || !t.users)
		status = cli_error(&(struct writ_error) {.message = "out of memory"});
	for (int i = 0; t.arena && t.users && i < argc; i++) {
		enum cli_status one = test_file(&t, argv[i]);

		if (one > status)
			status = one;
	}
	writ_arena_free(t.arena);
	cli_users_free(t.users);
	return status;
}

const struct cli_command cli_test = {
	.name = "test",
	.operands = "FILE...",
	.doc = "run the examples in policy files",
	.options = options,
	.n_options = ARRAY_SIZE(options),
	.mixed = true,
	.run = run,
};
