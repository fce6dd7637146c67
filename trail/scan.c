/* SPDX-License-Identifier: ISC */
#include "scan.h"

#include <stdint.h>
#include <string.h>
#ifdef __SSE2__
#include <emmintrin.h>
#endif

#include "json.h"
#include "text.h"

/* Keys of one object that are compared in pairs, to see that none is there twice. */
#define KEYS_MAX 16

#if !defined __SSE2__ && __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
#define EACH_BYTE(b) (UINT64_C(0x0101010101010101) * (b))

/* Sets the top bit of each byte that is zero; exact for the lowest of them and those below. */
static uint64_t zero_bytes(uint64_t word)
{
	return (word - EACH_BYTE(1)) & ~word & EACH_BYTE(0x80);
}
#endif

/* How many bytes from s on are in a string and stand for themselves: ASCII, no control character,
 * neither quote nor backslash. Several at a time. */
static inline const char *skip_plain(const char *s, const char *end)
{
#if defined __SSE2__
	const __m128i quote = _mm_set1_epi8('"'), backslash = _mm_set1_epi8('\\'),
		      blank = _mm_set1_epi8(' ');

	for (; end - s >= 16; s += 16) {
		__m128i bytes = _mm_loadu_si128((const __m128i *)(const void *)s), stop;
		unsigned mask;

		/* As signed numbers, what is not ASCII is less than a blank too. */
		stop = _mm_or_si128(_mm_cmpeq_epi8(bytes, quote), _mm_cmpeq_epi8(bytes, backslash));
		stop = _mm_or_si128(stop, _mm_cmplt_epi8(bytes, blank));
		mask = (unsigned)_mm_movemask_epi8(stop);
		if (mask)
			return s + __builtin_ctz(mask);
	}
#elif __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
	for (; end - s >= 8; s += 8) {
		uint64_t word, stop;

		memcpy(&word, s, sizeof(word));
		stop = zero_bytes(word ^ EACH_BYTE('"')) | zero_bytes(word ^ EACH_BYTE('\\')) |
		       ((word - EACH_BYTE(0x20)) & ~word & EACH_BYTE(0x80)) |
		       (word & EACH_BYTE(0x80));
		if (stop)
			return s + (__builtin_ctzll(stop) >> 3);
	}
#endif
	while (s < end && (unsigned char)*s >= 0x20 && (unsigned char)*s < 0x80 && *s != '"' &&
	       *s != '\\')
		s++;
	return s;
}

/* writ_json_parse takes vertical tabs and form feeds in some places as well. */
static inline bool is_blank(const struct writ_scanner *p, char c)
{
	return c == ' ' || c == '\t' || c == '\n' || c == '\r' ||
	       (p->trusted && (c == '\v' || c == '\f'));
}

static inline void skip_blanks(struct writ_scanner *p)
{
	while (p->at < p->end && *p->at <= ' ' && is_blank(p, *p->at))
		p->at++;
}

bool writ_scan_at_end(struct writ_scanner *p)
{
	skip_blanks(p);
	return p->at == p->end;
}

static inline bool take(struct writ_scanner *p, char c)
{
	skip_blanks(p);
	if (p->at == p->end || *p->at != c)
		return false;
	p->at++;
	return true;
}

/* Four hexadecimal digits, or -1. */
static int32_t hex4(const char *s)
{
	int32_t value = 0;

	for (int i = 0; i < 4; i++) {
		char c = s[i];
		int digit = c >= '0' && c <= '9'   ? c - '0'
			    : c >= 'a' && c <= 'f' ? c - 'a' + 10
			    : c >= 'A' && c <= 'F' ? c - 'A' + 10
						   : -1;

		if (digit < 0)
			return -1;
		value = value << 4 | digit;
	}
	return value;
}

/* Behind the backslash. Surrogates that are no pair, and NUL, are writ_json_parse's to judge. */
static bool take_escape(struct writ_scanner *p)
{
	int32_t c;

	if (p->at == p->end)
		return false;
	if (*p->at != 'u')
		return *p->at && strchr("\"\\/bfnrt", *p->at++);
	if (p->end - p->at < 5)
		return false;
	c = hex4(p->at + 1);
	p->at += 5;
	if (p->trusted)
		return true;
	if (c >= 0xd800 && c <= 0xdbff && p->end - p->at >= 6 && p->at[0] == '\\' &&
	    p->at[1] == 'u') {
		c = hex4(p->at + 2);
		p->at += 6;
		return c >= 0xdc00 && c <= 0xdfff;
	}
	return c > 0 && (c < 0xd800 || c > 0xdfff);
}

/* With *ret_escaped: whether it holds a backslash. */
static bool take_string(struct writ_scanner *p, bool *ret_escaped)
{
	const char *start;
	bool high = false;

	*ret_escaped = false;
	if (!take(p, '"'))
		return false;
	start = p->at;
	for (;;) {
		p->at = skip_plain(p->at, p->end);
		if (p->at == p->end)
			return false;
		if (*p->at == '"')
			break;
		if (*p->at == '\\') {
			p->at++;
			*ret_escaped = true;
			if (!take_escape(p))
				return false;
		} else if ((unsigned char)*p->at >= 0x80) {
			high = true;
			p->at++;
		} else {
			return false;
		}
	}
	if (high && !p->trusted) {
		size_t n = (size_t)(p->at - start);

		if (writ_text_valid_prefix(start, n) != n)
			return false;
	}
	p->at++;
	return true;
}

static size_t take_digits(struct writ_scanner *p)
{
	const char *start = p->at;

	while (p->at < p->end && *p->at >= '0' && *p->at <= '9')
		p->at++;
	return (size_t)(p->at - start);
}

static bool next_is(const struct writ_scanner *p, char c)
{
	return p->at < p->end && *p->at == c;
}

static bool take_number(struct writ_scanner *p)
{
	if (next_is(p, '-'))
		p->at++;
	if (next_is(p, '0'))
		p->at++;
	else if (take_digits(p) == 0)
		return false;
	if (next_is(p, '.')) {
		p->at++;
		if (take_digits(p) == 0)
			return false;
	}
	if (next_is(p, 'e') || next_is(p, 'E')) {
		p->at++;
		if (next_is(p, '+') || next_is(p, '-'))
			p->at++;
		if (take_digits(p) == 0)
			return false;
	}
	return p->at == p->end || !((*p->at >= '0' && *p->at <= '9') || *p->at == '.');
}

static bool take_word(struct writ_scanner *p, const char *word)
{
	size_t n = strlen(word);

	if ((size_t)(p->end - p->at) < n || memcmp(p->at, word, n) != 0)
		return false;
	p->at += n;
	return true;
}

static bool take_array(struct writ_scanner *p)
{
	struct writ_slice element;

	if (!take(p, '[') || p->depth == WRIT_JSON_DEPTH_MAX)
		return false;
	p->depth++;
	if (!take(p, ']')) {
		do
			if (!writ_scan_value(p, &element))
				return false;
		while (take(p, ','));
		if (!take(p, ']'))
			return false;
	}
	p->depth--;
	return true;
}

/* The keys of an object so far. */
struct keys {
	struct writ_slice key[KEYS_MAX];
	size_t n;
};

static bool once(void *data, struct writ_slice key, struct writ_slice value)
{
	struct keys *keys = data;

	(void)value;
	if (keys->n == KEYS_MAX)
		return false;
	for (size_t i = 0; i < keys->n; i++)
		if (keys->key[i].n == key.n && memcmp(keys->key[i].s, key.s, key.n) == 0)
			return false;
	keys->key[keys->n++] = key;
	return true;
}

static bool any(void *data, struct writ_slice key, struct writ_slice value)
{
	(void)data;
	(void)key;
	(void)value;
	return true;
}

bool writ_scan_object(struct writ_scanner *p, writ_scan_member_fn *member, void *data)
{
	struct writ_slice key, value;
	bool escaped;

	if (!take(p, '{') || p->depth == WRIT_JSON_DEPTH_MAX)
		return false;
	p->depth++;
	if (!take(p, '}')) {
		do {
			skip_blanks(p);
			key.s = p->at;
			if (!take_string(p, &escaped) || (escaped && !p->trusted))
				return false;
			key.n = (size_t)(p->at - key.s);
			if (!take(p, ':') || !writ_scan_value(p, &value) ||
			    !member(data, key, value))
				return false;
		} while (take(p, ','));
		if (!take(p, '}'))
			return false;
	}
	p->depth--;
	return true;
}

static bool take_object(struct writ_scanner *p)
{
	struct keys keys;

	if (p->trusted)
		return writ_scan_object(p, any, NULL);
	keys.n = 0;
	return writ_scan_object(p, once, &keys);
}

bool writ_scan_value(struct writ_scanner *p, struct writ_slice *ret)
{
	const char *start;
	bool taken, escaped;

	skip_blanks(p);
	if (p->at == p->end)
		return false;
	start = p->at;
	switch (*start) {
	case '"':
		taken = take_string(p, &escaped);
		break;
	case '{':
		taken = take_object(p);
		break;
	case '[':
		taken = take_array(p);
		break;
	case 't':
		taken = take_word(p, "true");
		break;
	case 'f':
		taken = take_word(p, "false");
		break;
	case 'n':
		taken = take_word(p, "null");
		break;
	default:
		taken = take_number(p);
	}
	ret->s = start;
	ret->n = (size_t)(p->at - start);
	return taken;
}
