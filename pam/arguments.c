/* SPDX-License-Identifier: ISC */
#include "arguments.h"

#include <stddef.h>
#include <string.h>

#include "cleanup.h"
#include "config.h"

enum kind { FLAG, LIST, PATH };

static const struct {
	const char *name;
	enum kind kind;
	size_t offset;
} arguments_known[] = {
	{"subjects", LIST, offsetof(struct writ_pam_arguments, subjects)},
	{"dir", PATH, offsetof(struct writ_pam_arguments, dir)},
	{"all", FLAG, offsetof(struct writ_pam_arguments, all)},
	{"debug", FLAG, offsetof(struct writ_pam_arguments, debug)},
};

/* Only the first problem is kept. */
static void problem(struct writ_pam_arguments *arguments, const char *argument, const char *what)
{
	if (!*arguments->problem.message)
		writ_error_set(&arguments->problem, "argument '%.100s': %s", argument, what);
}

static void set(struct writ_pam_arguments *ret, size_t row, const char *argument, const char *value)
{
	char *member = (char *)ret + arguments_known[row].offset;

	if (arguments_known[row].kind == FLAG) {
		if (value)
			problem(ret, argument, "it takes no value");
		else
			*(bool *)member = true;
		return;
	}
	if (!value)
		problem(ret, argument, "it needs a value");
	else if (arguments_known[row].kind == PATH && *value != '/')
		problem(ret, argument, "an absolute path is needed");
	else
		*(const char **)(void *)member = value;
}

static void read_one(struct writ_pam_arguments *ret, const char *argument, unsigned *seen)
{
	const char *equals = strchrnul(argument, '=');
	size_t length = (size_t)(equals - argument);

	for (size_t i = 0; i < ARRAY_SIZE(arguments_known); i++) {
		const char *name = arguments_known[i].name;

		if (strlen(name) != length || strncmp(argument, name, length) != 0)
			continue;
		if (*seen & 1u << i)
			problem(ret, argument, "it is given twice");
		else
			set(ret, i, argument, *equals ? equals + 1 : NULL);
		*seen |= 1u << i;
		return;
	}
	problem(ret, argument, "there is no such argument");
}

void writ_pam_arguments_read(struct writ_pam_arguments *ret, int argc, const char *const argv[])
{
	unsigned seen = 0;

	*ret = (struct writ_pam_arguments) {.dir = WRIT_SESSION_DIR};
	for (int i = 0; i < argc; i++)
		read_one(ret, argv[i], &seen);
}
