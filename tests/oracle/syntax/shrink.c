/* SPDX-License-Identifier: ISC */
#include "shrink.h"

#include <string.h>

/* Rounds at most: each takes something away, or is the last. */
#define ROUNDS 20

struct shrinking {
	struct table *table;
	struct vector *vector;
	shrink_test *differs;
	void *context;
	bool smaller; /* something was taken away in this round */
};

static bool still_differs(struct shrinking *s, const struct vector *vector)
{
	return s->differs(s->context, s->table, vector);
}

static void drop_words(struct shrinking *s)
{
	for (size_t i = s->vector->n; i-- > 0;) {
		struct vector less = *s->vector;

		vector_remove(&less, i);
		if (still_differs(s, &less)) {
			*s->vector = less;
			s->smaller = true;
		}
	}
}

static void cut_words(struct shrinking *s)
{
	for (size_t i = 0; i < s->vector->n; i++) {
		struct vector less = *s->vector;
		size_t length = strlen(less.words[i]);

		if (length < 2)
			continue;
		less.words[i][length - 1] = '\0';
		if (still_differs(s, &less)) {
			*s->vector = less;
			s->smaller = true;
		}
	}
}

static void drop_options(struct shrinking *s, struct table_command *command)
{
	for (size_t i = command->n_options; i-- > 0;) {
		struct table_option kept = command->options[i];

		/* -N needs its option, and cobra adds --help where there is none. */
		if (strcmp(kept.own, s->table->digits) == 0 || strcmp(kept.own, "help") == 0)
			continue;
		command->options[i] = command->options[--command->n_options];
		if (still_differs(s, s->vector)) {
			s->smaller = true;
			continue;
		}
		command->options[command->n_options++] = command->options[i];
		command->options[i] = kept;
	}
	for (size_t i = 0; i < command->n_subs; i++)
		drop_options(s, command->subs[i]);
}

static void drop_subs(struct shrinking *s, struct table_command *command)
{
	for (size_t i = command->n_subs; i-- > 0;) {
		struct table_command *kept = command->subs[i];

		command->subs[i] = command->subs[--command->n_subs];
		if (still_differs(s, s->vector)) {
			table_command_free(kept);
			s->smaller = true;
			continue;
		}
		command->subs[command->n_subs++] = command->subs[i];
		command->subs[i] = kept;
	}
	for (size_t i = 0; i < command->n_subs; i++)
		drop_subs(s, command->subs[i]);
}

void shrink(struct table *table, struct vector *vector, shrink_test *differs, void *context)
{
	struct shrinking s = {table, vector, differs, context, true};

	for (int round = 0; s.smaller && round < ROUNDS; round++) {
		s.smaller = false;
		drop_words(&s);
		cut_words(&s);
		drop_subs(&s, table->root);
		drop_options(&s, table->root);
	}
}
