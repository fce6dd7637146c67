/* SPDX-License-Identifier: ISC */
#include "prose.h"

#include <stdio.h>
#include <string.h>

#include "decision.h"
#include "parsed.h"
#include "run.h"
#include "text.h"

/* Longest value and command line shown; the JSON output has all of it. */
#define SHOWN_MAX 2000

const char *cli_show(struct writ_arena *arena, const char *s)
{
	const char *shown = writ_text_show(arena, s, SHOWN_MAX);

	return shown ? shown : "(out of memory)";
}

static const char *quote(struct writ_arena *arena, const char *s)
{
	const char *shown = writ_text_quote(arena, s, SHOWN_MAX);

	return shown ? shown : "(out of memory)";
}

static void line(const char *name, const char *text)
{
	if (text)
		printf("  %-9s %s\n", name, text);
}

static void print_command_line(struct writ_arena *arena, const struct writ_decision *d)
{
	const char *asked = writ_text_command_line(arena, d->argv, d->argc, SHOWN_MAX);

	line("asked", asked ? asked : "(out of memory)");
	if (d->command)
		line("command", cli_show(arena, d->command));
}

static void print_run(struct writ_arena *arena, const struct writ_decision *d)
{
	printf("  %-9s %s as %s", "runs", cli_show(arena, d->program), cli_show(arena, d->runas));
	if (d->runas_group)
		printf(", group %s", cli_show(arena, d->runas_group));
	if (d->cwd)
		printf(", in %s", cli_show(arena, d->cwd));
	if (d->timeout)
		printf(", for at most %u s", d->timeout);
	putchar('\n');
}

/* What the program would get as descriptors. */
static void print_pins(struct writ_arena *arena, const struct writ_decision *d)
{
	for (size_t i = 0; i < d->n_pins; i++)
		printf("  %-9s %s, as argument %zu\n", i ? "" : "pins",
		       quote(arena, d->pins[i].path), d->pins[i].index);
}

void cli_decision_print(struct writ_arena *arena, const struct writ_decision *d)
{
	if (d->verdict == WRIT_VERDICT_ALLOW)
		fputs("allowed", stdout);
	else
		fputs("refused", stdout);
	if (d->rule)
		printf(" by rule %s\n", cli_show(arena, d->rule));
	else
		printf(" (%s)\n", writ_code_to_string(d->code));
	print_command_line(arena, d);
	if (d->verdict == WRIT_VERDICT_ALLOW) {
		print_run(arena, d);
		print_pins(arena, d);
	} else {
		line("reason", cli_show(arena, d->reason));
	}
	if (d->hint)
		line("instead", cli_show(arena, d->hint));
	if (d->nearest_rule) {
		line("nearest", cli_show(arena, d->nearest_rule));
		line("", cli_show(arena, d->nearest_failed));
	}
	if (d->policy_path)
		line("policy", cli_show(arena, d->policy_path));
}

static void print_fields(struct writ_arena *arena, const struct writ_value *value)
{
	for (size_t i = 0; i < value->n_fields; i++)
		for (size_t j = 0; j < value->fields[i].n; j++)
			printf("      %s %s\n", value->fields[i].name,
			       quote(arena, value->fields[i].values[j]));
}

static void print_occurrence(struct writ_arena *arena, const struct writ_parsed *parsed,
			     const struct writ_occurrence *o)
{
	const struct writ_option *option = o->option;
	bool flag = !option->type;

	printf("  %s%s", writ_option_dashes(option), option->name);
	if (flag && !o->value.number.boolean)
		fputs(" false", stdout);
	else if (!flag && !o->absent)
		printf(" %s", quote(arena, o->value.text));
	if (option->owner != parsed->command)
		printf("  (%s)", option->owner->path);
	putchar('\n');
	if (!flag && !o->absent)
		print_fields(arena, &o->value);
}

void cli_parsed_print(struct writ_arena *arena, const struct writ_parsed *parsed,
		      const char *program)
{
	printf("%s (%s)\n", parsed->command->path, cli_show(arena, program));
	for (size_t i = 0; i < parsed->n_options; i++)
		print_occurrence(arena, parsed, &parsed->options[i]);
	for (size_t i = 0; i < parsed->n_operands; i++) {
		const struct writ_parsed_operand *o = &parsed->operands[i];
		const char *text =
			o->operand->command
				? writ_text_command_line(arena, o->rest, o->n_rest, SHOWN_MAX)
				: quote(arena, o->value.text);

		printf("  %s %s\n", o->operand->name, text ? text : "(out of memory)");
	}
}
