/* SPDX-License-Identifier: ISC */
#include "matcher.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "error.h"
#include "glob.h"
#include "matcher_fields.h"
#include "parsed.h"
#include "path_cache.h"
#include "pin.h"
#include "policy_data.h"
#include "regex.h"
#include "request.h"
#include "text.h"

/* Whether tab and newline are ordinary in this value. */
static bool is_for_people(const struct writ_value *value, const struct writ_eval *eval)
{
	return eval->people || value->type->kind == WRIT_VALUE_TEXT;
}

/* Whether the text holds what only a matcher that writes it may match. */
static enum writ_truth judge_characters(const char *text, bool people)
{
	unsigned flags = writ_text_scan(text, strlen(text));

	if (flags & WRIT_TEXT_INVALID)
		return WRIT_UNSURE;
	if (flags & WRIT_TEXT_CONTROL || (flags & WRIT_TEXT_TAB_NEWLINE && !people))
		return WRIT_NO;
	return WRIT_YES;
}

/* The text that plain text, glob and regex see: as the program understands it; a path as typed; of
 * a structured value the main field, if that is all there is. */
static const char *plain_text(const struct writ_value *value)
{
	const struct writ_field *main_field;

	if (value->type->kind == WRIT_VALUE_PATH)
		return value->text;
	if (value->type->kind != WRIT_VALUE_STRUCTURED || !value->type->main_field)
		return value->normal;
	main_field = writ_value_field(value, value->type->main_field);
	if (main_field && value->n_fields == 1 && main_field->n == 1)
		return main_field->values[0];
	return value->normal;
}

static enum writ_truth eval_text(const struct writ_matcher *m, const struct writ_value *value,
				 const char *text, const struct writ_eval *eval)
{
	const struct writ_value_type *type = value->type;

	(void)eval;
	if (type->kind == WRIT_VALUE_STRUCTURED && type->main_field &&
	    (value->n_fields != 1 || !writ_value_field(value, type->main_field)))
		return WRIT_NO;
	return strcmp(text, m->text.text) == 0 || strcmp(text, m->text.normal) == 0 ? WRIT_YES
										    : WRIT_NO;
}

static enum writ_truth eval_glob(const struct writ_matcher *m, const struct writ_value *value,
				 const char *text, const struct writ_eval *eval)
{
	enum writ_truth readable = judge_characters(text, false);

	(void)value;
	(void)eval;
	if (readable != WRIT_YES)
		return readable;
	return writ_glob_match(m->glob, text) ? WRIT_YES : WRIT_NO;
}

static enum writ_truth eval_regex(const struct writ_matcher *m, const struct writ_value *value,
				  const char *text, const struct writ_eval *eval)
{
	return writ_regex_match(m->regex.compiled, text, strlen(text), is_for_people(value, eval));
}

/* Plain text, glob and regex; in a deny rule the text as typed counts too (ground rule 6), but not
 * under `not`, where it could only take away. */
static enum writ_truth eval_textual(const struct writ_matcher *m, const struct writ_value *value,
				    const struct writ_eval *eval)
{
	enum writ_truth (*leaf)(const struct writ_matcher *, const struct writ_value *,
				const char *, const struct writ_eval *) =
		m->kind == WRIT_MATCH_TEXT   ? eval_text
		: m->kind == WRIT_MATCH_GLOB ? eval_glob
					     : eval_regex;
	const char *text = plain_text(value);
	enum writ_truth truth = leaf(m, value, text, eval);

	if (!eval->deny || eval->negated || truth == WRIT_YES || text == value->text)
		return truth;
	if (m->kind == WRIT_MATCH_TEXT) /* typed in full, as "data:/data" for a volume */
		return strcmp(value->text, m->text.text) == 0 ? WRIT_YES : truth;
	return writ_or(truth, leaf(m, value, value->text, eval));
}

/* "0700" is 448 to Go and 700 to others: a number in another spelling is unsure. */
static enum writ_truth eval_int(const struct writ_matcher *m, const struct writ_value *value)
{
	const char *text = value->text, *digits = text + (*text == '-');
	size_t n = strspn(digits, "0123456789");
	long long number;

	if (n == 0 || digits[n] != '\0' || (digits[0] == '0' && (n > 1 || digits != text))) {
		text += strspn(text, "+- \t\n\v\f\r");
		return value->type->kind == WRIT_VALUE_INT || (*text >= '0' && *text <= '9')
			       ? WRIT_UNSURE
			       : WRIT_NO;
	}
	errno = 0;
	number = strtoll(text, NULL, 10);
	if (errno != 0)
		return WRIT_UNSURE;
	return number >= m->range.low && number <= m->range.high ? WRIT_YES : WRIT_NO;
}

static enum writ_truth eval_range(const struct writ_matcher *m, const struct writ_value *value)
{
	const struct writ_value_type *type = value->type;
	int64_t low = m->range.low, high = m->range.high;

	if (type->kind != WRIT_VALUE_DURATION && type->kind != WRIT_VALUE_SIZE)
		return WRIT_UNSURE;
	if (!m->range.known && (!type->bound || type->bound(m->range.low_text, &low) < 0 ||
				type->bound(m->range.high_text, &high) < 0))
		return WRIT_UNSURE;
	return value->number.integer >= low && value->number.integer <= high ? WRIT_YES : WRIT_NO;
}

/* Notes a path that is to be pinned. False where that cannot be: for a child of an intercepted
 * command, for a part of an argument. */
static bool pin(const struct writ_matcher *m, const struct writ_value *value,
		struct writ_eval *eval)
{
	const struct writ_path_look *look;

	if (eval->cleaned || eval->request->child || !eval->paths)
		return false;
	if (!eval->pins)
		return true;
	look = writ_path_cache_look(eval->paths, eval->cwd, value->text);
	return look && writ_pins_add(eval->pins, &m->path, value->text, look) == 0;
}

static enum writ_truth eval_path(const struct writ_matcher *m, const struct writ_value *value,
				 struct writ_eval *eval)
{
	const struct writ_path_context context = {
		.cwd = eval->cwd,
		.files = eval->request->files,
		.deny = eval->deny,
		.cleaned = eval->cleaned,
		.cache = eval->paths,
	};
	enum writ_truth truth = writ_path_match(eval->arena, &m->path, value->text, &context);

	/* What the text alone tells is no secret; anything else was seen with root's eyes. */
	if (!eval->looked &&
	    writ_path_match_text(eval->arena, &m->path, value->text, &context) != truth)
		eval->looked = true;
	if (m->path.pin == WRIT_PIN_NONE || eval->deny)
		return truth;
	if (eval->negated || (truth == WRIT_YES && !pin(m, value, eval)))
		return WRIT_UNSURE;
	return truth;
}

static enum writ_truth eval_image(const struct writ_matcher *m, const struct writ_value *value,
				  struct writ_eval *eval)
{
	enum writ_truth truth = WRIT_NO;
	struct writ_image image;

	if (writ_image_parse(eval->arena, value->text, &image) < 0)
		return WRIT_UNSURE;
	for (size_t i = 0; i < m->image.n; i++)
		truth = writ_or(truth, writ_image_match(&image, &m->image.entries[i]));
	return truth;
}

static enum writ_truth eval_list(const struct writ_matcher *m, const struct writ_value *value,
				 struct writ_eval *eval)
{
	bool any = m->kind == WRIT_MATCH_ANY;
	enum writ_truth truth = any ? WRIT_NO : WRIT_YES;

	for (size_t i = 0; i < m->list.n; i++) {
		enum writ_truth one = writ_matcher_eval(m->list.items[i], value, eval);

		truth = any ? writ_or(truth, one) : writ_and(truth, one);
		if (truth == (any ? WRIT_YES : WRIT_NO))
			break;
	}
	return truth;
}

/* `not` of what nobody could have matched (an absent value, a control character, bytes that are no
 * text) is unsure, or it would be the one matcher that takes everything. */
static enum writ_truth eval_not(const struct writ_matcher *m, const struct writ_value *value,
				struct writ_eval *eval)
{
	enum writ_truth truth;

	eval->negated = !eval->negated;
	truth = writ_not(writ_matcher_eval(m->inner, value, eval));
	eval->negated = !eval->negated;
	if (truth == WRIT_YES &&
	    (!value || judge_characters(value->text, is_for_people(value, eval)) != WRIT_YES))
		return WRIT_UNSURE;
	return truth;
}

static enum writ_truth eval_flag(const struct writ_value *value, bool wanted)
{
	if (value->type->kind != WRIT_VALUE_BOOL)
		return WRIT_NO;
	return value->number.boolean == wanted ? WRIT_YES : WRIT_NO;
}

static enum writ_truth eval_leaf(const struct writ_matcher *m, const struct writ_value *value,
				 struct writ_eval *eval)
{
	switch (m->kind) {
	case WRIT_MATCH_TRUE:
		return judge_characters(value->text, is_for_people(value, eval));
	case WRIT_MATCH_FALSE:
		return eval_flag(value, false);
	case WRIT_MATCH_TEXT:
	case WRIT_MATCH_GLOB:
	case WRIT_MATCH_REGEX:
		return eval_textual(m, value, eval);
	case WRIT_MATCH_INT:
		return eval_int(m, value);
	case WRIT_MATCH_RANGE:
		return eval_range(m, value);
	case WRIT_MATCH_PATH:
		return eval_path(m, value, eval);
	case WRIT_MATCH_IMAGE:
		return eval_image(m, value, eval);
	case WRIT_MATCH_FIELDS:
		return writ_matcher_fields_eval(m, value, eval);
	case WRIT_MATCH_NULL:
	case WRIT_MATCH_COMMAND:
	case WRIT_MATCH_ARGV:
	case WRIT_MATCH_ANY:
	case WRIT_MATCH_ALL:
	case WRIT_MATCH_NOT:
		break;
	}
	return WRIT_NO;
}

static enum writ_truth eval_any_kind(const struct writ_matcher *matcher,
				     const struct writ_value *value, struct writ_eval *eval)
{
	if (matcher->kind == WRIT_MATCH_ANY || matcher->kind == WRIT_MATCH_ALL)
		return eval_list(matcher, value, eval);
	if (matcher->kind == WRIT_MATCH_NOT)
		return eval_not(matcher, value, eval);
	if (!value)
		return matcher->kind == WRIT_MATCH_NULL || matcher->kind == WRIT_MATCH_TRUE
			       ? WRIT_YES
			       : WRIT_NO;
	return eval_leaf(matcher, value, eval);
}

size_t writ_eval_pins(const struct writ_eval *eval)
{
	return eval->pins ? eval->pins->n : 0;
}

enum writ_truth writ_eval_settle(struct writ_eval *eval, size_t n, enum writ_truth truth)
{
	if (truth != WRIT_YES && eval->pins)
		eval->pins->n = n;
	return truth;
}

enum writ_truth writ_matcher_eval(const struct writ_matcher *matcher,
				  const struct writ_value *value, struct writ_eval *eval)
{
	size_t pins = writ_eval_pins(eval);

	return writ_eval_settle(eval, pins, eval_any_kind(matcher, value, eval));
}
