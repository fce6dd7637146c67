/* SPDX-License-Identifier: ISC */
#include "cli.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "error.h"

static const struct cli_option *find(const struct cli_command *command, const char *name,
				     size_t length)
{
	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *option = &command->options[i];

		if (strlen(option->name) == length && memcmp(option->name, name, length) == 0)
			return option;
	}
	return NULL;
}

static void set_flag(void *args, const struct cli_option *option)
{
	bool *slot = (void *)((char *)args + option->offset);

	*slot = true;
}

static void set_value(void *args, const struct cli_option *option, const char *value)
{
	const char **slot = (void *)((char *)args + option->offset);

	*slot = value;
}

/* Reads the option at argv[*i]; false after a usage error. */
static bool read_one(const struct cli_command *command, int argc, char **argv, int *i, void *args)
{
	const char *word = argv[*i], *name = word + 2, *equals = NULL;
	const struct cli_option *option = NULL;

	if (word[1] == '-') {
		equals = strchr(name, '=');
		option = find(command, name, equals ? (size_t)(equals - name) : strlen(name));
	}
	if (!option) {
		cli_usage_error(command, "unknown option %s", word);
		return false;
	}
	if (!option->value && !equals) {
		set_flag(args, option);
	} else if (!option->value) {
		cli_usage_error(command, "--%s takes no value", option->name);
		return false;
	} else if (equals) {
		set_value(args, option, equals + 1);
	} else if (*i + 1 < argc) {
		set_value(args, option, argv[++*i]);
	} else {
		cli_usage_error(command, "--%s needs a value: %s", option->name, option->value);
		return false;
	}
	return true;
}

bool cli_options_read(const struct cli_command *command, int argc, char **argv, void *args,
		      int *ret_n, enum cli_status *ret_status)
{
	int n = 0, i = 0;

	for (; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0) {
			cli_usage(command, false);
			*ret_status = CLI_YES;
			return false;
		}
		if (strcmp(argv[i], "--") == 0) {
			i++;
			break;
		}
		if (argv[i][0] == '-' && argv[i][1] != '\0') {
			if (!read_one(command, argc, argv, &i, args)) {
				*ret_status = CLI_FAILED;
				return false;
			}
			continue;
		}
		if (!command->mixed)
			break;
		argv[n++] = argv[i];
	}
	while (i < argc)
		argv[n++] = argv[i++];
	*ret_n = n;
	return true;
}

void cli_usage(const struct cli_command *command, bool to_stderr)
{
	FILE *out = to_stderr ? stderr : stdout;

	fprintf(out, "usage: writ %s", command->name);
	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *o = &command->options[i];

		fprintf(out, " [--%s%s%s]", o->name, o->value ? " " : "", o->value ? o->value : "");
	}
	fprintf(out, " %s\n", command->operands);
	if (to_stderr)
		return;
	fprintf(out, "\n%s\n\n", command->doc);
	for (size_t i = 0; i < command->n_options; i++) {
		const struct cli_option *o = &command->options[i];
		int used = fprintf(out, "  --%s%s%s", o->name, o->value ? " " : "",
				   o->value ? o->value : "");

		fprintf(out, "%*s%s\n", used < 22 ? 22 - used : 2, "", o->doc);
	}
	fprintf(out, "  --help              this text\n");
}

/* What is printed may quote an argument: one line of printable ASCII or UTF-8 bytes. */
static void print_safely(const char *s)
{
	for (; *s; s++)
		putc((unsigned char)*s < 0x20 || *s == 0x7f ? '?' : *s, stderr);
	putc('\n', stderr);
}

enum cli_status cli_usage_error(const struct cli_command *command, const char *format, ...)
{
	char message[512];
	va_list args;

	va_start(args, format);
	vsnprintf(message, sizeof(message), format, args);
	va_end(args);
	fprintf(stderr, "writ %s: ", command->name);
	print_safely(message);
	cli_usage(command, true);
	return CLI_FAILED;
}

enum cli_status cli_error(const struct writ_error *err)
{
	char line[sizeof(*err) + 64];

	if (!err->file[0])
		fputs("writ: ", stderr);
	print_safely(writ_error_string(err, line, sizeof(line)));
	return CLI_FAILED;
}
