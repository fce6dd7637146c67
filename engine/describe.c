/* SPDX-License-Identifier: ISC */
/* Matchers in words. */
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "command.h"
#include "matcher.h"
#include "text.h"

#define SHOWN_MAX 400 /* bytes of one matcher's description */

/* Texts joined by ", ", the last by " or ". */
static const char *join(struct writ_arena *arena, const char *const *texts, size_t n)
{
	const char *out = "";

	for (size_t i = 0; out && i < n; i++) {
		if (!texts[i])
			return NULL;
		if (strlen(out) > SHOWN_MAX)
			return writ_arena_printf(arena, "%s, …", out);
		out = writ_arena_printf(arena, "%s%s%s", out, i == 0 ? "" : ", ", texts[i]);
	}
	return out;
}

/* What a list says, each thing once. */
struct said {
	const char *texts[32];
	size_t n;
	bool more, no_memory;
};

/* Lists in lists of one kind are one. */
static void say(struct writ_arena *arena, const struct writ_matcher *m, enum writ_matcher_kind kind,
		struct said *said)
{
	static const char one_of[] = "one of ";
	const char *text;

	if (m->kind == kind) {
		for (size_t i = 0; i < m->list.n; i++)
			say(arena, m->list.items[i], kind, said);
		return;
	}
	text = writ_matcher_describe(arena, m);
	said->no_memory |= !text;
	if (text && kind == WRIT_MATCH_ANY && strncmp(text, one_of, strlen(one_of)) == 0)
		text += strlen(one_of);
	for (size_t i = 0; text && i < said->n; i++)
		if (strcmp(said->texts[i], text) == 0)
			return;
	if (said->n < sizeof(said->texts) / sizeof(said->texts[0]))
		said->texts[said->n++] = text;
	else
		said->more = true;
}

static const char *describe_list(struct writ_arena *arena, const struct writ_matcher *m,
				 const char *word)
{
	struct said said = {0};
	const char *joined;

	say(arena, m, m->kind, &said);
	if (said.no_memory)
		return NULL;
	if (said.n == 1 && !strstr(said.texts[0], ", "))
		return said.texts[0];
	joined = join(arena, said.texts, said.n);
	return joined ? writ_arena_printf(arena, "%s%s%s", word, joined, said.more ? ", …" : "")
		      : NULL;
}

static const char *describe_path(struct writ_arena *arena, const struct writ_path_rule *path)
{
	const char *kind = path->kind == WRIT_PATH_FILE  ? "a file"
			   : path->kind == WRIT_PATH_DIR ? "a directory"
							 : "a path";
	const char *under = path->n_under ? join(arena, path->under, path->n_under) : NULL;
	const char *exact = path->n_exact ? join(arena, path->exact, path->n_exact) : NULL;

	if (exact && under)
		return writ_arena_printf(arena, "%s, or %s under %s", exact, kind, under);
	if (exact)
		return path->n_exact > 1 ? writ_arena_printf(arena, "one of %s", exact) : exact;
	if (under)
		return writ_arena_printf(arena, "%s under %s", kind, under);
	return kind;
}

static const char *describe_fields(struct writ_arena *arena, const struct writ_matcher *m)
{
	const char *texts[32];
	size_t n = m->fields.n < 32 ? m->fields.n : 32;

	for (size_t i = 0; i < n; i++) {
		const struct writ_field_matcher *item = &m->fields.items[i];

		texts[i] = writ_arena_printf(arena, "%s %s", item->name,
					     writ_matcher_describe(arena, item->matcher));
	}
	return join(arena, texts, n);
}

static const char *describe_vectors(struct writ_arena *arena, const struct writ_vector *vectors,
				    size_t n)
{
	const char *out = "";

	for (size_t i = 0; out && i < n && i < 8; i++) {
		out = writ_arena_printf(arena, "%s%s", out, i ? " | " : "");
		for (size_t j = 0; out && j < vectors[i].n; j++)
			out = writ_arena_printf(
				arena, "%s%s%s", out, j ? " " : "",
				writ_matcher_describe(arena, vectors[i].elements[j]));
		if (out && vectors[i].rest)
			out = writ_arena_printf(arena, "%s … (each %s)", out,
						writ_matcher_describe(arena, vectors[i].rest));
	}
	return out;
}

static const char *describe_cover(struct writ_arena *arena, const struct writ_cover *cover)
{
	const char *out = join(arena, cover->command_names, cover->n_command_names);

	for (size_t i = 0; out && i < cover->n_operands; i++)
		out = writ_arena_printf(arena, "%s, %s %s", out, cover->operands[i].operand->name,
					writ_matcher_describe(arena, cover->operands[i].matcher));
	return out;
}

static const char *describe_plain(struct writ_arena *arena, const struct writ_matcher *m)
{
	switch (m->kind) {
	case WRIT_MATCH_TEXT:
		return m->text.text[0] ? writ_text_quote(arena, m->text.text, SHOWN_MAX) : "''";
	case WRIT_MATCH_GLOB:
		return writ_text_show(arena, m->glob, SHOWN_MAX);
	case WRIT_MATCH_REGEX:
		return writ_arena_printf(arena, "matching /%s/",
					 writ_text_show(arena, m->regex.pattern, 120));
	case WRIT_MATCH_INT:
		return writ_arena_printf(arena, "a number from %" PRId64 " to %" PRId64,
					 m->range.low, m->range.high);
	case WRIT_MATCH_RANGE:
		return writ_arena_printf(arena, "from %s to %s", m->range.low_text,
					 m->range.high_text);
	case WRIT_MATCH_TRUE:
		return "anything";
	case WRIT_MATCH_FALSE:
		return "off";
	case WRIT_MATCH_NULL:
		return "without a value";
	case WRIT_MATCH_PATH:
	case WRIT_MATCH_IMAGE:
	case WRIT_MATCH_FIELDS:
	case WRIT_MATCH_COMMAND:
	case WRIT_MATCH_ARGV:
	case WRIT_MATCH_ANY:
	case WRIT_MATCH_ALL:
	case WRIT_MATCH_NOT:
		break;
	}
	return "?";
}

const char *writ_matcher_describe(struct writ_arena *arena, const struct writ_matcher *matcher)
{
	const char *inner;

	switch (matcher->kind) {
	case WRIT_MATCH_ANY:
		return describe_list(arena, matcher, "one of ");
	case WRIT_MATCH_ALL:
		return describe_list(arena, matcher, "all of ");
	case WRIT_MATCH_NOT:
		inner = writ_matcher_describe(arena, matcher->inner);
		return inner ? writ_arena_printf(arena, "not %s", inner) : NULL;
	case WRIT_MATCH_PATH:
		return describe_path(arena, &matcher->path);
	case WRIT_MATCH_IMAGE:
		inner = join(arena, matcher->image.texts, matcher->image.n);
		return inner ? writ_arena_printf(arena, "an image of %s", inner) : NULL;
	case WRIT_MATCH_FIELDS:
		return describe_fields(arena, matcher);
	case WRIT_MATCH_COMMAND:
		return describe_cover(arena, &matcher->cover);
	case WRIT_MATCH_ARGV:
		return describe_vectors(arena, matcher->argv.vectors, matcher->argv.n);
	case WRIT_MATCH_TRUE:
	case WRIT_MATCH_FALSE:
	case WRIT_MATCH_NULL:
	case WRIT_MATCH_TEXT:
	case WRIT_MATCH_GLOB:
	case WRIT_MATCH_REGEX:
	case WRIT_MATCH_INT:
	case WRIT_MATCH_RANGE:
		break;
	}
	return describe_plain(arena, matcher);
}

/* Adds to out the commands that one nested matcher speaks of. */
static const char *add_words(struct writ_arena *arena, const char *out,
			     const struct writ_matcher *m)
{
	const char *more = NULL;

	if (m->kind == WRIT_MATCH_ANY) {
		for (size_t i = 0; out && i < m->list.n; i++)
			out = add_words(arena, out, m->list.items[i]);
		return out;
	}
	if (m->kind == WRIT_MATCH_COMMAND)
		more = join(arena, m->cover.command_names, m->cover.n_command_names);
	else if (m->kind == WRIT_MATCH_ARGV)
		more = describe_vectors(arena, m->argv.vectors, m->argv.n);
	else
		more = "anything";
	return more ? writ_arena_printf(arena, "%s%s%s", out, out[0] ? ", " : "", more) : NULL;
}

const char *writ_matcher_describe_words(struct writ_arena *arena,
					const struct writ_matcher *matcher)
{
	return add_words(arena, "", matcher);
}
