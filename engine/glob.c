/* SPDX-License-Identifier: ISC */
/*
 * Matching remembers only the last star. That is enough: what stands between two stars may be
 * matched at its first fit, since the second star can take everything that a later fit would have
 * left to the first (neither ever takes a "/", and a literal "/" in between has only one place to
 * go).
 */
#include "glob.h"

#include <stdint.h>
#include <string.h>

#include "error.h"
#include "text.h"

/* Stands for a byte that is no character; above every code point. */
#define NO_CHARACTER 0x110000u

struct span {
	const char *at, *end;
};

/* Takes one character, or one byte that is none. The span is not empty. */
static uint32_t take(struct span *s)
{
	unsigned char first = (unsigned char)*s->at;
	size_t length = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
	uint32_t c;

	if (first < 0x80) {
		s->at++;
		return first;
	}
	if (length > (size_t)(s->end - s->at) ||
	    (writ_text_scan(s->at, length) & WRIT_TEXT_INVALID)) {
		s->at++;
		return NO_CHARACTER + first;
	}
	c = first & (0x7fu >> length);
	for (size_t i = 1; i < length; i++)
		c = c << 6 | ((unsigned char)s->at[i] & 0x3f);
	s->at += length;
	return c;
}

/* A character of a pattern, after a backslash if there is one. -1 if that is the last byte. */
static int take_literal(struct span *pattern, uint32_t *ret)
{
	if (*pattern->at == '\\') {
		pattern->at++;
		if (pattern->at == pattern->end)
			return -1;
	}
	*ret = take(pattern);
	return 0;
}

/*
 * Reads a bracket, pattern->at just after "[", and says whether it takes c. -1 if it is malformed,
 * with err set; pattern is then where reading stopped.
 */
static int take_bracket(struct span *pattern, uint32_t c, struct writ_error *err)
{
	bool negated = false, found = false, first = true;

	if (pattern->at < pattern->end && *pattern->at == '^')
		return writ_error_set(err, "write [!...] for a negated bracket, not [^...]");
	if (pattern->at < pattern->end && *pattern->at == '!') {
		negated = true;
		pattern->at++;
	}
	for (; pattern->at < pattern->end && (first || *pattern->at != ']'); first = false) {
		uint32_t low, high;
		bool class = *pattern->at == '[' && pattern->end - pattern->at > 1 &&
			     strchr(":.=", pattern->at[1]);

		if (class || *pattern->at == '/')
			return writ_error_set(err, "a bracket takes neither classes nor \"/\"");
		if (take_literal(pattern, &low) < 0)
			break;
		high = low;
		if (pattern->end - pattern->at > 1 && pattern->at[0] == '-' &&
		    pattern->at[1] != ']') {
			pattern->at++;
			if (take_literal(pattern, &high) < 0)
				break;
			if (high < low)
				return writ_error_set(err, "a range in a bracket runs backwards");
		}
		found |= low <= c && c <= high;
	}
	if (pattern->at >= pattern->end)
		return writ_error_set(err, "\"[\" without \"]\"");
	pattern->at++;
	return found != negated && c != '/';
}

/* Whether the pattern's next element takes the text's next character; moves both if so. */
static bool take_one(struct span *pattern, struct span *text)
{
	struct span p = *pattern, t = *text;
	uint32_t c = take(&t), want;
	bool matches;

	switch (*p.at) {
	case '?':
		p.at++;
		matches = c != '/';
		break;
	case '[':
		p.at++;
		matches = take_bracket(&p, c, NULL) == 1;
		break;
	default:
		matches = take_literal(&p, &want) == 0 && want == c;
	}
	if (!matches)
		return false;
	*pattern = p;
	*text = t;
	return true;
}

static bool match(struct span pattern, struct span text)
{
	struct span star = {NULL, NULL}, star_text = text;

	while (text.at < text.end) {
		if (pattern.at < pattern.end && *pattern.at == '*') {
			pattern.at++;
			star = pattern;
			star_text = text;
			continue;
		}
		if (pattern.at < pattern.end && take_one(&pattern, &text))
			continue;
		if (!star.at || take(&star_text) == '/')
			return false;
		pattern = star;
		text = star_text;
	}
	while (pattern.at < pattern.end && *pattern.at == '*')
		pattern.at++;
	return pattern.at == pattern.end;
}

int writ_glob_check(const char *pattern, struct writ_error *err)
{
	struct span p = {pattern, pattern + strlen(pattern)};
	unsigned flags = writ_text_scan(pattern, (size_t)(p.end - p.at));
	uint32_t c;

	if (flags & WRIT_TEXT_INVALID)
		return writ_error_set(err, "a glob that is not UTF-8");
	if (flags != 0)
		return writ_error_set(err, "a glob never matches a control character");
	while (p.at < p.end) {
		if (*p.at == '[') {
			p.at++;
			if (take_bracket(&p, 0, err) < 0)
				return -1;
		} else if (take_literal(&p, &c) < 0) {
			return writ_error_set(err, "a glob ends with a backslash");
		}
	}
	return 0;
}

bool writ_glob_match(const char *pattern, const char *text)
{
	size_t length = strlen(text);

	if (writ_text_scan(text, length) != 0)
		return false;
	return match((struct span) {pattern, pattern + strlen(pattern)},
		     (struct span) {text, text + length});
}

enum writ_truth writ_glob_match_name(const char *pattern, size_t pattern_length, const char *name,
				     size_t length)
{
	if (!match((struct span) {pattern, pattern + pattern_length},
		   (struct span) {name, name + length}))
		return WRIT_NO;
	return writ_text_scan(name, length) == 0 ? WRIT_YES : WRIT_UNSURE;
}

bool writ_glob_is_pattern(const char *s)
{
	return s[strcspn(s, "*?[\\")] != '\0';
}
