/* SPDX-License-Identifier: ISC */
/* Matching whole argument vectors: literal ones, and the words of a COMMAND... operand. */
#include <string.h>

#include "arena.h"
#include "command.h"
#include "error.h"
#include "matcher.h"
#include "parsed.h"
#include "policy_data.h"
#include "request.h"
#include "text.h"

static enum writ_truth eval_word(const struct writ_matcher *m, const char *word,
				 struct writ_eval *eval)
{
	const struct writ_value value = {.type = &writ_type_string, .text = word, .normal = word};

	return writ_matcher_eval(m, &value, eval);
}

static enum writ_truth eval_vector(const struct writ_vector *vector, char *const *argv, size_t argc,
				   struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_YES;
	size_t pins = writ_eval_pins(eval);

	if (argc < vector->n || (argc > vector->n && !vector->rest))
		return WRIT_NO;
	for (size_t i = 0; i < argc && truth != WRIT_NO; i++)
		truth = writ_and(truth,
				 eval_word(i < vector->n ? vector->elements[i] : vector->rest,
					   argv[i], eval));
	return writ_eval_settle(eval, pins, truth);
}

enum writ_truth writ_vectors_eval(const struct writ_vector *vectors, size_t n, char *const *argv,
				  size_t argc, struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_NO;

	for (size_t i = 0; i < n && truth != WRIT_YES; i++)
		truth = writ_or(truth, eval_vector(&vectors[i], argv, argc, eval));
	return truth;
}

static const char *base_name(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static const struct writ_command *find_program(const struct writ_cover *cover, const char *name)
{
	for (size_t i = 0; i < cover->n_commands; i++)
		if (strcmp(cover->commands[i]->program->name, name) == 0)
			return cover->commands[i]->program;
	return NULL;
}

/* The words as the command file of their first word reads them. Where that cannot be told, an allow
 * rule is not satisfied and a deny rule is. */
static enum writ_truth eval_command(const struct writ_matcher *m, char *const *words, size_t n,
				    struct writ_eval *eval)
{
	const struct writ_command *program;
	struct writ_parsed parsed = {0};
	size_t pins = writ_eval_pins(eval);

	if (n == 0)
		return WRIT_NO;
	program = find_program(&m->cover, words[0]);
	if (!program)
		return find_program(&m->cover, base_name(words[0])) ? WRIT_UNSURE : WRIT_NO;
	if (writ_parse(eval->arena, program, words, n, &parsed, NULL) < 0)
		return WRIT_UNSURE;
	if (eval->deny)
		return writ_cover_eval_open(&m->cover, &parsed, eval);
	return writ_eval_settle(eval, pins, writ_cover_eval(&m->cover, &parsed, eval, NULL));
}

static enum writ_truth eval_all_words(char *const *words, size_t n, struct writ_eval *eval)
{
	static const struct writ_matcher anything = {.kind = WRIT_MATCH_TRUE};
	enum writ_truth truth = WRIT_YES;

	for (size_t i = 0; i < n && truth != WRIT_NO; i++)
		truth = writ_and(truth, eval_word(&anything, words[i], eval));
	return truth;
}

static enum writ_truth eval_words(const struct writ_matcher *m, char *const *words, size_t n,
				  struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_NO;

	if (m->kind == WRIT_MATCH_TRUE)
		return eval_all_words(words, n, eval);
	if (m->kind == WRIT_MATCH_COMMAND)
		return eval_command(m, words, n, eval);
	if (m->kind == WRIT_MATCH_ARGV)
		return writ_vectors_eval(m->argv.vectors, m->argv.n, words, n, eval);
	if (m->kind != WRIT_MATCH_ANY)
		return WRIT_NO; /* the loader lets no other kind stand here */
	for (size_t i = 0; i < m->list.n && truth != WRIT_YES; i++)
		truth = writ_or(truth, eval_words(m->list.items[i], words, n, eval));
	return truth;
}

/* Fewest parts left uncovered; of equals, the one that covers more; of equals, the first. */
bool writ_shortfall_is_nearer(const struct writ_shortfall *a, const struct writ_shortfall *b)
{
	unsigned missing_a = a->parts - a->covered, missing_b = b->parts - b->covered;

	if (!b->failed)
		return true;
	return missing_a != missing_b ? missing_a < missing_b : a->covered > b->covered;
}

static void command_shortfall(const struct writ_matcher *m, char *const *words, size_t n,
			      struct writ_eval *eval, struct writ_shortfall *best)
{
	const struct writ_command *program = find_program(&m->cover, words[0]);
	struct writ_shortfall one = {0};
	struct writ_parsed parsed = {0};
	struct writ_error err = {0};

	if (!program)
		return;
	if (writ_parse(eval->arena, program, words, n, &parsed, &err) < 0) {
		one.failed = one.people = writ_arena_strdup(eval->arena, err.message);
		one.parts = 1;
	} else if (writ_cover_has_command(&m->cover, parsed.command)) {
		one.command = parsed.command->path;
		writ_cover_eval(&m->cover, &parsed, eval, &one);
	}
	if (one.failed && one.people && writ_shortfall_is_nearer(&one, best))
		*best = one;
}

void writ_words_explain(const struct writ_matcher *matcher, char *const *words, size_t n,
			struct writ_eval *eval, struct writ_shortfall *best)
{
	bool people = eval->people;

	if (n == 0)
		return;
	eval->people = true;
	if (matcher->kind == WRIT_MATCH_COMMAND)
		command_shortfall(matcher, words, n, eval, best);
	for (size_t i = 0; matcher->kind == WRIT_MATCH_ANY && i < matcher->list.n; i++)
		writ_words_explain(matcher->list.items[i], words, n, eval, best);
	eval->people = people;
}

enum writ_truth writ_matcher_eval_words(const struct writ_matcher *matcher, char *const *words,
					size_t n, struct writ_eval *eval)
{
	bool people = eval->people;
	enum writ_truth truth;

	eval->people = true;
	truth = eval_words(matcher, words, n, eval);
	eval->people = people;
	return truth;
}
