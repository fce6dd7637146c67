/* SPDX-License-Identifier: ISC */
#include "arguments.h"

#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "config.h"
#include "strvec.h"

struct reading {
	struct writ_arguments *ret;
	struct writ_arena *arena;
	struct writ_strvec subjects, handed_on;
	const char *argument; /* whole, for messages */
};

/* Only the first problem is kept. */
static void problem(struct reading *reading, const char *what)
{
	if (!*reading->ret->problem.message)
		writ_error_set(&reading->ret->problem, "plugin argument '%s' in sudo.conf: %s",
			       reading->argument, what);
}

static void read_subjects(struct reading *reading, const char *value)
{
	const char *end;

	for (; *value; value = *end ? end + 1 : end) {
		end = strchrnul(value, ',');
		if (end > value)
			writ_strvec_add(&reading->subjects,
					writ_arena_strndup(reading->arena, value, end - value));
	}
}

static void read_others(struct reading *reading, const char *value)
{
	/* A misspelt value stops nobody but subjects, as any other mistake here. */
	reading->ret->deny_others = strcmp(value, "deny") == 0;
	if (!reading->ret->deny_others && strcmp(value, "sudoers") != 0)
		problem(reading, "'others' is 'sudoers' or 'deny'");
}

static void read_policy(struct reading *reading, const char *value)
{
	reading->ret->policy = value;
	if (*value != '/')
		problem(reading, "an absolute path is needed");
}

static void read_commands(struct reading *reading, const char *value)
{
	reading->ret->commands = value;
	if (*value != '/')
		problem(reading, "an absolute path is needed");
}

static void read_sudoers(struct reading *reading, const char *value)
{
	reading->ret->sudoers = value;
}

static const struct {
	const char *name;
	void (*read)(struct reading *reading, const char *value);
} arguments_known[] = {
	{"subjects", read_subjects}, {"policy", read_policy},   {"commands", read_commands},
	{"others", read_others},     {"sudoers", read_sudoers},
};

static void read_one(struct reading *reading, const char *argument, unsigned *seen)
{
	const char *equals = strchrnul(argument, '=');
	size_t length = equals - argument;

	reading->argument = argument;
	if (*equals && strncmp(argument, "sudoers_", 8) == 0) {
		writ_strvec_add(&reading->handed_on, argument);
		return;
	}
	for (size_t i = 0; i < ARRAY_SIZE(arguments_known); i++) {
		const char *name = arguments_known[i].name;

		if (strlen(name) != length || strncmp(argument, name, length) != 0)
			continue;
		if (!*equals) {
			problem(reading, "it needs a value");
			return;
		}
		if (*seen & 1u << i)
			problem(reading, "it is given twice");
		*seen |= 1u << i;
		arguments_known[i].read(reading, equals + 1);
		return;
	}
	problem(reading, "there is no such argument");
}

int writ_arguments_read(struct writ_arguments *ret, struct writ_arena *arena, char *const options[])
{
	struct reading reading = {.ret = ret, .arena = arena};
	unsigned seen = 0;

	*ret = (struct writ_arguments) {
		.policy = WRIT_POLICY_FILE,
		.commands = WRIT_COMMANDS_DIR,
		.sudoers = "sudoers.so",
	};
	writ_strvec_init(&reading.subjects, arena);
	writ_strvec_init(&reading.handed_on, arena);
	for (; options && *options; options++)
		read_one(&reading, *options, &seen);
	ret->n_subjects = reading.subjects.n;
	ret->subjects = (const char *const *)writ_strvec_take(&reading.subjects);
	if (reading.handed_on.n || reading.handed_on.failed)
		ret->handed_on = writ_strvec_take(&reading.handed_on);
	return reading.subjects.failed || reading.handed_on.failed ? -1 : 0;
}
