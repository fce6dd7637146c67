/* SPDX-License-Identifier: ISC */
#include "json_write.h"

#include <stdlib.h>
#include <string.h>

#include "json.h"

struct writ_json_writer {
	char *text;
	size_t length, size;
	bool failed;
	bool complete; /* the value at the top is there */
	bool more;     /* the innermost container has a member */
	unsigned depth;
	bool object[WRIT_JSON_DEPTH_MAX]; /* per open container: an object, not an array */
};

struct writ_json_writer *writ_json_writer_new(void)
{
	return calloc(1, sizeof(struct writ_json_writer));
}

void writ_json_writer_free(struct writ_json_writer *w)
{
	if (!w)
		return;
	free(w->text);
	free(w);
}

void writ_json_writer_reset(struct writ_json_writer *w)
{
	w->length = 0;
	w->depth = 0;
	w->failed = w->complete = w->more = false;
}

/* Room for n more bytes, and one for the final NUL. */
static char *room(struct writ_json_writer *w, size_t n)
{
	if (w->failed)
		return NULL;
	if (n >= w->size - w->length) {
		size_t size = w->size ? w->size : 512;
		char *text;

		while (n >= size - w->length) {
			if (size > SIZE_MAX / 2) {
				w->failed = true;
				return NULL;
			}
			size *= 2;
		}
		text = realloc(w->text, size);
		if (!text) {
			w->failed = true;
			return NULL;
		}
		w->text = text;
		w->size = size;
	}
	return w->text + w->length;
}

static void put(struct writ_json_writer *w, const char *s, size_t n)
{
	char *to = room(w, n);

	if (!to)
		return;
	memcpy(to, s, n);
	w->length += n;
}

static void put_char(struct writ_json_writer *w, char c)
{
	put(w, &c, 1);
}

/* \uXXXX, a character above the first plane as its two surrogates. */
static void put_escape(struct writ_json_writer *w, uint32_t c)
{
	static const char hex[] = "0123456789abcdef";
	char text[6];

	if (c > 0xffff) {
		put_escape(w, 0xd800 + ((c - 0x10000) >> 10));
		c = 0xdc00 + (c & 0x3ff);
	}
	text[0] = '\\';
	text[1] = 'u';
	for (size_t i = 0; i < 4; i++)
		text[2 + i] = hex[c >> (12 - 4 * i) & 15];
	put(w, text, sizeof(text));
}

static void put_ascii_escape(struct writ_json_writer *w, unsigned char c)
{
	switch (c) {
	case '"':
		put(w, "\\\"", 2);
		break;
	case '\\':
		put(w, "\\\\", 2);
		break;
	case '\n':
		put(w, "\\n", 2);
		break;
	case '\t':
		put(w, "\\t", 2);
		break;
	case '\r':
		put(w, "\\r", 2);
		break;
	default:
		put_escape(w, c);
	}
}

/* The bytes from s on that are one character (RFC 3629: shortest form, no surrogates, nothing over
 * U+10FFFF), or, with *ret_valid false, that are to become one U+FFFD: what could have begun a
 * character, as Unicode (section 3.9) and WHATWG recommend. */
static size_t sequence(const unsigned char *s, size_t n, bool *ret_valid)
{
	unsigned char lead = s[0], low = 0x80, high = 0xbf;
	size_t need = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : 2;

	*ret_valid = false;
	if (lead < 0xc2 || lead > 0xf4)
		return 1;
	if (lead == 0xe0)
		low = 0xa0;
	else if (lead == 0xed)
		high = 0x9f;
	else if (lead == 0xf0)
		low = 0x90;
	else if (lead == 0xf4)
		high = 0x8f;
	for (size_t i = 1; i < need; i++) {
		if (i >= n || s[i] < low || s[i] > high)
			return i;
		low = 0x80;
		high = 0xbf;
	}
	*ret_valid = true;
	return need;
}

/* C1, and what reorders or hides the text around it. */
static bool speaks_to_terminal(uint32_t c)
{
	return c < 0xa0 || c == 0x61c || (c >= 0x200b && c <= 0x200f) ||
	       (c >= 0x2028 && c <= 0x202e) || (c >= 0x2060 && c <= 0x206f) || c == 0xfeff ||
	       (c >= 0xe0000 && c <= 0xe007f);
}

/* The character of a valid sequence of two bytes or more. */
static uint32_t code_point(const unsigned char *s, size_t length)
{
	uint32_t c = s[0] & (0x7fu >> length);

	for (size_t i = 1; i < length; i++)
		c = c << 6 | (s[i] & 0x3fu);
	return c;
}

static size_t put_multibyte(struct writ_json_writer *w, const unsigned char *s, size_t n)
{
	bool valid;
	size_t length = sequence(s, n, &valid);

	if (!valid)
		put(w, "\xef\xbf\xbd", 3);
	else if (speaks_to_terminal(code_point(s, length)))
		put_escape(w, code_point(s, length));
	else
		put(w, (const char *)s, length);
	return length;
}

static bool plain(unsigned char c)
{
	return c >= 0x20 && c < 0x7f && c != '"' && c != '\\';
}

static void put_string(struct writ_json_writer *w, const char *value, size_t length)
{
	const unsigned char *s = (const unsigned char *)value, *end = s + length;

	put_char(w, '"');
	while (s < end && !w->failed) {
		const unsigned char *start = s;

		while (s < end && plain(*s))
			s++;
		if (s > start)
			put(w, (const char *)start, (size_t)(s - start));
		if (s == end)
			break;
		if (*s < 0x80)
			put_ascii_escape(w, *s++);
		else
			s += put_multibyte(w, s, (size_t)(end - s));
	}
	put_char(w, '"');
}

/* What stands before a value: comma and key. False if no value may stand here. */
static bool begin(struct writ_json_writer *w, const char *key)
{
	bool member = w->depth && w->object[w->depth - 1];

	if (w->failed || member != (key != NULL) || (!w->depth && w->complete)) {
		w->failed = true;
		return false;
	}
	if (w->more)
		put_char(w, ',');
	w->more = true;
	w->complete = true;
	if (key) {
		put_string(w, key, strlen(key));
		put_char(w, ':');
	}
	return true;
}

static void open_container(struct writ_json_writer *w, const char *key, bool object)
{
	if (!begin(w, key))
		return;
	if (w->depth == WRIT_JSON_DEPTH_MAX) {
		w->failed = true;
		return;
	}
	w->object[w->depth++] = object;
	w->more = false;
	put_char(w, object ? '{' : '[');
}

static void close_container(struct writ_json_writer *w, bool object)
{
	if (!w->depth || w->object[w->depth - 1] != object) {
		w->failed = true;
		return;
	}
	w->depth--;
	w->more = true;
	put_char(w, object ? '}' : ']');
}

void writ_json_object_begin(struct writ_json_writer *w, const char *key)
{
	open_container(w, key, true);
}

void writ_json_object_end(struct writ_json_writer *w)
{
	close_container(w, true);
}

void writ_json_array_begin(struct writ_json_writer *w, const char *key)
{
	open_container(w, key, false);
}

void writ_json_array_end(struct writ_json_writer *w)
{
	close_container(w, false);
}

void writ_json_add_stringn(struct writ_json_writer *w, const char *key, const char *value,
			   size_t length)
{
	if (!value)
		writ_json_add_null(w, key);
	else if (begin(w, key))
		put_string(w, value, length);
}

void writ_json_add_string(struct writ_json_writer *w, const char *key, const char *value)
{
	writ_json_add_stringn(w, key, value, value ? strlen(value) : 0);
}

void writ_json_add_decimal(struct writ_json_writer *w, const char *key, int64_t value,
			   unsigned digits)
{
	char text[48], *end = text + sizeof(text), *s = end;
	uint64_t rest = value < 0 ? -(uint64_t)value : (uint64_t)value;

	if (!begin(w, key))
		return;
	for (unsigned n = 0; n <= digits || rest; n++, rest /= 10) {
		if (n == digits && n > 0)
			*--s = '.';
		*--s = (char)('0' + rest % 10);
	}
	if (value < 0)
		*--s = '-';
	put(w, s, (size_t)(end - s));
}

void writ_json_add_int(struct writ_json_writer *w, const char *key, int64_t value)
{
	writ_json_add_decimal(w, key, value, 0);
}

void writ_json_add_bool(struct writ_json_writer *w, const char *key, bool value)
{
	if (begin(w, key))
		put(w, value ? "true" : "false", value ? 4 : 5);
}

void writ_json_add_null(struct writ_json_writer *w, const char *key)
{
	if (begin(w, key))
		put(w, "null", 4);
}

void writ_json_add_json(struct writ_json_writer *w, const char *key, const char *value,
			size_t length)
{
	const unsigned char *s = (const unsigned char *)value, *end = s + length;

	if (!begin(w, key))
		return;
	/* What is no ASCII stands in strings only, and so does 0x7f; C0 are blanks between values.
	 */
	while (s < end && !w->failed) {
		if (*s >= 0x80) {
			s += put_multibyte(w, s, (size_t)(end - s));
			continue;
		}
		if (*s == 0x7f)
			put_escape(w, *s);
		else
			put_char(w, *s < 0x20 ? ' ' : (char)*s);
		s++;
	}
}

const char *writ_json_writer_text(struct writ_json_writer *w, size_t *ret_length)
{
	if (w->failed || w->depth || !w->complete || !room(w, 0))
		return NULL;
	w->text[w->length] = '\0';
	if (ret_length)
		*ret_length = w->length;
	return w->text;
}
