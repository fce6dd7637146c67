/* SPDX-License-Identifier: ISC */
#include "text.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"

/* Decodes one code point of at most `left` bytes (RFC 3629). Returns its length, 0 if invalid. */
static size_t decode(const unsigned char *s, size_t left, uint32_t *ret)
{
	static const uint32_t smallest[] = {0, 0, 0x80, 0x800, 0x10000};
	size_t length, i;
	uint32_t c;

	if (s[0] < 0x80) {
		*ret = s[0];
		return 1;
	}
	length = s[0] >= 0xf0 ? 4 : s[0] >= 0xe0 ? 3 : 2;
	if (s[0] < 0xc2 || s[0] > 0xf4 || left < length)
		return 0;
	c = s[0] & (0x7fu >> length);
	for (i = 1; i < length; i++) {
		if ((s[i] & 0xc0) != 0x80)
			return 0;
		c = c << 6 | (s[i] & 0x3f);
	}
	if (c < smallest[length] || c > 0x10ffff || (c >= 0xd800 && c <= 0xdfff))
		return 0;
	*ret = c;
	return length;
}

static bool is_control(uint32_t c)
{
	return c < 0x20 || (c >= 0x7f && c <= 0x9f);
}

/* Characters that reorder or hide what stands around them on a terminal. */
static bool is_deceptive(uint32_t c)
{
	return (c >= 0x200b && c <= 0x200f) || (c >= 0x2028 && c <= 0x202e) ||
	       (c >= 0x2060 && c <= 0x206f) || c == 0xfeff || c == 0x061c ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

unsigned writ_text_scan(const char *s, size_t length)
{
	const unsigned char *p = (const unsigned char *)s;
	unsigned flags = 0;
	size_t i = 0;

	while (i < length) {
		uint32_t c;
		size_t n;

		if (p[i] >= 0x20 && p[i] < 0x7f) {
			i++;
			continue;
		}
		n = decode(p + i, length - i, &c);
		if (n == 0)
			return flags | WRIT_TEXT_INVALID;
		if (c == '\t' || c == '\n')
			flags |= WRIT_TEXT_TAB_NEWLINE;
		else if (is_control(c))
			flags |= WRIT_TEXT_CONTROL;
		i += n;
	}
	return flags;
}

size_t writ_text_valid_prefix(const char *s, size_t length)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t i = 0;

	while (i < length) {
		uint64_t eight;
		uint32_t c;
		size_t n;

		if (length - i >= sizeof(eight)) {
			memcpy(&eight, p + i, sizeof(eight));
			if (!(eight & UINT64_C(0x8080808080808080))) {
				i += sizeof(eight);
				continue;
			}
		}
		n = decode(p + i, length - i, &c);
		if (n == 0)
			break;
		i += n;
	}
	return i;
}

/* One character of the text, made harmless, into out (at least 16 bytes). Returns bytes consumed.
 */
static size_t show_one(const unsigned char *p, size_t left, char *out, size_t *ret_length)
{
	uint32_t c = 0;
	size_t n = decode(p, left, &c);

	if (n == 0)
		*ret_length = (size_t)sprintf(out, "\\x%02x", p[0]);
	else if (c == '\n')
		*ret_length = (size_t)sprintf(out, "\\n");
	else if (c == '\t')
		*ret_length = (size_t)sprintf(out, "\\t");
	else if (is_control(c) && c < 0x80)
		*ret_length = (size_t)sprintf(out, "\\x%02x", (unsigned)c);
	else if (is_control(c) || is_deceptive(c))
		*ret_length = (size_t)sprintf(out, "\\u{%04x}", (unsigned)c);
	else {
		memcpy(out, p, n);
		*ret_length = n;
	}
	return n ? n : 1;
}

static size_t show_into(char *out, size_t max, const char *s, bool *ret_cut)
{
	const unsigned char *p = (const unsigned char *)s;
	size_t left = strlen(s), used = 0;

	*ret_cut = false;
	while (left > 0) {
		char one[16];
		size_t length, consumed = show_one(p, left, one, &length);

		if (used + length > max) {
			*ret_cut = true;
			break;
		}
		memcpy(out + used, one, length);
		used += length;
		p += consumed;
		left -= consumed;
	}
	return used;
}

static const char ellipsis[] = "…";

const char *writ_text_show(struct writ_arena *arena, const char *s, size_t max)
{
	size_t length = strlen(s), worst = length > max / 10 ? max : length * 10;
	char *out = writ_arena_alloc(arena, worst + sizeof(ellipsis), 1);
	bool cut;
	size_t used;

	if (!out)
		return NULL;
	used = show_into(out, worst, s, &cut);
	if (cut)
		memcpy(out + used, ellipsis, sizeof(ellipsis));
	return out;
}

static bool is_bare(const char *s)
{
	static const char safe[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
				   "0123456789@%+=:,./_-";

	return s[0] && s[strspn(s, safe)] == '\0';
}

const char *writ_text_quote(struct writ_arena *arena, const char *s, size_t max)
{
	const char *shown = writ_text_show(arena, s, max), *p;
	char *out, *o;

	if (!shown || is_bare(shown))
		return shown;
	out = writ_arena_alloc(arena, strlen(shown) * 4 + 3, 1);
	if (!out)
		return NULL;
	o = out;
	*o++ = '\'';
	for (p = shown; *p; p++) {
		if (*p == '\'')
			o = stpcpy(o, "'\\''");
		else
			*o++ = *p;
	}
	*o++ = '\'';
	return out;
}

const char *writ_text_command_line(struct writ_arena *arena, char *const *argv, size_t argc,
				   size_t max)
{
	char *out = writ_arena_alloc(arena, max + sizeof(ellipsis) + 1, 1);
	size_t used = 0, i;

	if (!out)
		return NULL;
	for (i = 0; i < argc; i++) {
		const char *word = writ_text_quote(arena, argv[i], max);
		size_t length;

		if (!word)
			return NULL;
		length = strlen(word);
		if (used + length + 1 > max) {
			strcpy(out + used, ellipsis);
			return out;
		}
		if (i > 0)
			out[used++] = ' ';
		memcpy(out + used, word, length);
		used += length;
	}
	return out;
}

#define NEAREST_MAX 64

/* Optimal string alignment distance of two words of at most NEAREST_MAX bytes. */
static size_t distance(const char *a, size_t na, const char *b, size_t nb)
{
	size_t rows[3][NEAREST_MAX + 1], i, j;
	size_t *before = rows[0], *above = rows[1], *row = rows[2];

	for (j = 0; j <= nb; j++)
		above[j] = j;
	for (i = 1; i <= na; i++) {
		size_t *spare = before;

		row[0] = i;
		for (j = 1; j <= nb; j++) {
			size_t best = above[j - 1] + (a[i - 1] != b[j - 1]);

			if (above[j] + 1 < best)
				best = above[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1] &&
			    before[j - 2] + 1 < best)
				best = before[j - 2] + 1;
			row[j] = best;
		}
		before = above;
		above = row;
		row = spare;
	}
	return above[nb];
}

const char *writ_text_nearest(const char *word, const char *const *candidates, size_t n)
{
	size_t length = strlen(word), best, i;
	const char *nearest = NULL;

	if (length == 0 || length > NEAREST_MAX)
		return NULL;
	best = (length / 3 ? length / 3 : 1) + 1;
	for (i = 0; i < n; i++) {
		size_t other = strlen(candidates[i]), d;

		if (other > NEAREST_MAX)
			continue;
		d = distance(word, length, candidates[i], other);
		if (d < best) {
			best = d;
			nearest = candidates[i];
		}
	}
	return nearest;
}
