/* SPDX-License-Identifier: ISC */
/*
 * A parsed command: one argument vector as its program reads it. Syntaxes fill it, matchers read
 * it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "command.h"
#include "value.h"

/* One occurrence of an option. A flag's value is of type bool (number.boolean), its text what was
 * given after "=" or "true". An option given without its optional value has `absent` set, and a
 * value of its type with empty text that was not read. */
struct writ_occurrence {
	const struct writ_option *option;
	bool absent;
	struct writ_value value;
};

/* One operand; a COMMAND... operand appears once, with rest and n_rest, and no value. */
struct writ_parsed_operand {
	const struct writ_operand *operand;
	struct writ_value value;
	char *const *rest; /* a part of the argument vector */
	size_t n_rest;
};

struct writ_parsed {
	const struct writ_command *command;
	struct writ_occurrence *options; /* in the order given, parents' included */
	size_t n_options;
	struct writ_parsed_operand *operands; /* in the order given */
	size_t n_operands;
	uint64_t present; /* writ_option_bit() of all options given: what is not in it is absent */
};

/* A bit that stands for the option; others may share it. */
static inline uint64_t writ_option_bit(const struct writ_option *option)
{
	return UINT64_C(1) << ((uintptr_t)option / sizeof(*option) % 64);
}

/*
 * Splits argv (argv[0] is the program's name and is not looked at) by the syntax of root's file,
 * down through its subcommands, reads every value by its type and assigns the operands. All from
 * the arena; strings point into argv or the arena. 0, or -1: what cannot be read, in err->message,
 * in words for the agent, with the command as typed ("docker run has no option --priv", "docker
 * stop: CONTAINER is missing", "docker run: --publish: '80:x' has no container port"). No best
 * guess. *ret is written on success only; err may be NULL.
 */
int writ_parse(struct writ_arena *arena, const struct writ_command *root, char *const *argv,
	       size_t argc, struct writ_parsed *ret, struct writ_error *err);
