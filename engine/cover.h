/* SPDX-License-Identifier: ISC */
/*
 * What an allow rule names of a command: the body that a rule and a nested { "command": … } matcher
 * have in common. It covers a parsed command only if it names everything in it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "truth.h"

struct writ_arena;
struct writ_command;
struct writ_error;
struct writ_eval;
struct writ_json;
struct writ_loader;
struct writ_matcher;
struct writ_operand;
struct writ_option;
struct writ_parsed;

/* A name in a rule, resolved over all of the rule's commands: the options and operands that it
 * means. */
struct writ_part {
	const char *name;
	const struct writ_option *const *options;
	size_t n_options;
	const struct writ_operand *const *operands;
	size_t n_operands;
	uint64_t bits; /* writ_option_bit() of its options */
};

/* One option or operand with the matcher loaded for its type. */
struct writ_option_rule {
	const struct writ_option *option;
	const struct writ_matcher *matcher;
};

struct writ_operand_rule {
	const struct writ_operand *operand;
	const struct writ_matcher *matcher;
};

/* One of these must be given. */
struct writ_required {
	const struct writ_part *parts;
	size_t n;
};

struct writ_cover {
	const struct writ_command *const *commands; /* "docker *" stands for all below */
	size_t n_commands;
	const char *const *command_names; /* as the policy writes them, n_command_names of them */
	size_t n_command_names;
	const struct writ_option_rule *options;
	size_t n_options;
	const struct writ_operand_rule *operands;
	size_t n_operands;
	const struct writ_required *required;
	size_t n_required;
	unsigned classes; /* bit 1 << enum writ_class */
};

/* Resolves "command": names → commands. 0 or -1 with err. */
int writ_cover_load_commands(struct writ_loader *loader, const struct writ_json *json,
			     struct writ_cover *cover, struct writ_error *err);

/* Reads options, operands, require and classes (each may be NULL) for the commands in cover. */
struct writ_cover_json {
	const struct writ_json *options, *operands, *require, *classes;
};
int writ_cover_load(struct writ_loader *loader, const struct writ_cover_json *json, bool open,
		    struct writ_cover *cover, struct writ_error *err);

/* Resolves one name over the cover's commands; no command with that part: an error at json. */
int writ_part_load(struct writ_loader *loader, const struct writ_json *json, const char *name,
		   const struct writ_cover *cover, bool options, bool operands,
		   struct writ_part *ret, struct writ_error *err);

/* Why a cover does not cover; filled only where it is asked for. */
struct writ_shortfall {
	unsigned covered, parts; /* how much of the request was covered, for the nearest rule */
	const char *failed;      /* "operand CONTAINER: 'db' is not in set containers" */
	const char *people;      /* "CONTAINER 'db' is not one of ollama, open-webui" */
	const char *instead; /* "CONTAINER one of …", to stand behind "docker stop with"; or, with
				whole, a sentence of its own; NULL: nothing to say */
	bool whole;
	const char *command; /* of a nested command: its path */
	bool path;           /* it failed on a path: the subject is not told why */
};

/* Whether a is nearer to covering its request than b; anything is nearer than a b without a reason.
 */
bool writ_shortfall_is_nearer(const struct writ_shortfall *a, const struct writ_shortfall *b);

/* YES only if everything in parsed is named by the cover. shortfall may be NULL. */
enum writ_truth writ_cover_eval(const struct writ_cover *cover, const struct writ_parsed *parsed,
				struct writ_eval *eval, struct writ_shortfall *shortfall);

/* In a deny rule: whether the named parts hold, the others not mattering. */
enum writ_truth writ_cover_eval_open(const struct writ_cover *cover,
				     const struct writ_parsed *parsed, struct writ_eval *eval);

/* Whether an option or operand is the one that a name means. */
bool writ_part_is_option(const struct writ_part *part, const struct writ_option *option);
bool writ_part_is_operand(const struct writ_part *part, const struct writ_operand *operand);

/* Whether the value of one occurrence, or one operand (COMMAND... included), matches. */
struct writ_occurrence;
struct writ_parsed_operand;
enum writ_truth writ_occurrence_eval(const struct writ_matcher *matcher,
				     const struct writ_occurrence *occurrence,
				     struct writ_eval *eval);
enum writ_truth writ_operand_eval(const struct writ_matcher *matcher,
				  const struct writ_parsed_operand *operand,
				  struct writ_eval *eval);

/* Whether the cover's commands include this one. */
bool writ_cover_has_command(const struct writ_cover *cover, const struct writ_command *command);
