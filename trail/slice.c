/* SPDX-License-Identifier: ISC */
#include "slice.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "scan.h"

bool writ_slice_is_string(struct writ_slice slice)
{
	return slice.n >= 2 && slice.s[0] == '"';
}

bool writ_slice_is_null(struct writ_slice slice)
{
	return slice.n == 0 || slice.s[0] == 'n';
}

/* The characters of a string, one after the other. */
struct decoder {
	const char *at, *end;
};

static unsigned hex(const char *s)
{
	unsigned value = 0;

	for (int i = 0; i < 4; i++) {
		unsigned char c = (unsigned char)s[i];

		value = value << 4 | (c <= '9' ? c - (unsigned)'0' : (c | 0x20u) - 'a' + 10u);
	}
	return value & 0xffff;
}

static size_t put_utf8(unsigned c, char out[4])
{
	if (c < 0x80) {
		out[0] = (char)c;
		return 1;
	}
	if (c < 0x800) {
		out[0] = (char)(0xc0 | c >> 6);
		out[1] = (char)(0x80 | (c & 0x3f));
		return 2;
	}
	if (c < 0x10000) {
		out[0] = (char)(0xe0 | c >> 12);
		out[1] = (char)(0x80 | (c >> 6 & 0x3f));
		out[2] = (char)(0x80 | (c & 0x3f));
		return 3;
	}
	out[0] = (char)(0xf0 | c >> 18);
	out[1] = (char)(0x80 | (c >> 12 & 0x3f));
	out[2] = (char)(0x80 | (c >> 6 & 0x3f));
	out[3] = (char)(0x80 | (c & 0x3f));
	return 4;
}

/* \uXXXX, and the other half of a pair. What is no pair is one "?", as writ_json_parse has it. */
static size_t decode_unicode(struct decoder *d, char out[4])
{
	unsigned c = hex(d->at + 1), low;

	d->at += 5;
	if (c < 0xd800 || c > 0xdfff)
		return put_utf8(c, out);
	if (c <= 0xdbff && d->end - d->at >= 6 && d->at[0] == '\\' && d->at[1] == 'u') {
		low = hex(d->at + 2);
		d->at += 6;
		return put_utf8(0x10000 + ((c & 0x3ff) << 10 | (low & 0x3ff)), out);
	}
	out[0] = '?';
	return 1;
}

/* The next one to four bytes of the content; 0 at the end. */
static size_t decode(struct decoder *d, char out[4])
{
	static const char from[] = "bfnrt", to[] = "\b\f\n\r\t";
	const char *escape;

	if (d->at >= d->end)
		return 0;
	if (*d->at != '\\') {
		out[0] = *d->at++;
		return 1;
	}
	d->at++;
	if (*d->at == 'u' && d->end - d->at >= 5)
		return decode_unicode(d, out);
	escape = *d->at ? strchr(from, *d->at) : NULL;
	out[0] = escape ? to[escape - from] : *d->at;
	d->at++;
	return 1;
}

static struct decoder decoder_of(struct writ_slice slice)
{
	return (struct decoder) {slice.s + 1, slice.s + slice.n - 1};
}

bool writ_slice_equals_bytes(struct writ_slice slice, const char *text, size_t length)
{
	struct decoder d;
	char part[4];
	size_t n;

	if (!writ_slice_is_string(slice) || slice.n - 2 < length)
		return false;
	if (slice.n - 2 == length && memcmp(slice.s + 1, text, length) == 0)
		return !memchr(text, '\\', length);
	if (!memchr(slice.s, '\\', slice.n))
		return false;
	d = decoder_of(slice);
	while ((n = decode(&d, part)) > 0) {
		if (length < n || memcmp(text, part, n) != 0)
			return false;
		text += n;
		length -= n;
	}
	return length == 0;
}

bool writ_slice_equals(struct writ_slice slice, const char *text)
{
	return writ_slice_equals_bytes(slice, text, strlen(text));
}

char *writ_slice_string(struct writ_arena *arena, struct writ_slice slice)
{
	struct decoder d;
	char *text, *out, part[4];
	size_t n;

	if (!writ_slice_is_string(slice))
		return NULL;
	if (!memchr(slice.s, '\\', slice.n))
		return writ_arena_strndup(arena, slice.s + 1, slice.n - 2);
	/* No escape is shorter than what it stands for. */
	text = out = writ_arena_alloc(arena, slice.n, 1);
	if (!text)
		return NULL;
	d = decoder_of(slice);
	while ((n = decode(&d, part)) > 0) {
		memcpy(out, part, n);
		out += n;
	}
	return text;
}

ptrdiff_t writ_slice_copy(struct writ_slice slice, char *out, size_t size, bool *ret_cut)
{
	struct decoder d;
	char part[4];
	size_t n, length = 0;

	*out = '\0';
	*ret_cut = false;
	if (!writ_slice_is_string(slice))
		return -1;
	d = decoder_of(slice);
	while ((n = decode(&d, part)) > 0) {
		if (n >= size - length) {
			*ret_cut = true;
			break;
		}
		memcpy(out + length, part, n);
		length += n;
	}
	out[length] = '\0';
	return (ptrdiff_t)length;
}

int writ_slice_integer(struct writ_slice slice, int64_t *ret)
{
	char digits[24], *end;
	long long value;

	if (slice.n == 0 || slice.n >= sizeof(digits))
		return -1;
	memcpy(digits, slice.s, slice.n);
	digits[slice.n] = '\0';
	if (digits[0] != '-' && (digits[0] < '0' || digits[0] > '9'))
		return -1;
	errno = 0;
	value = strtoll(digits, &end, 10);
	if (errno != 0 || *end)
		return -1;
	*ret = value;
	return 0;
}

struct wanted {
	const char *key;
	struct writ_slice value;
};

static bool look(void *data, struct writ_slice key, struct writ_slice value)
{
	struct wanted *wanted = data;

	if (!writ_slice_equals(key, wanted->key))
		return true;
	wanted->value = value;
	return false;
}

struct writ_slice writ_slice_member(struct writ_slice object, const char *key)
{
	struct wanted wanted = {.key = key};
	struct writ_scanner scanner;

	if (object.n == 0 || object.s[0] != '{')
		return wanted.value;
	scanner = (struct writ_scanner) {object.s, object.s + object.n, true, 0};
	writ_scan_object(&scanner, look, &wanted);
	return wanted.value;
}

bool writ_slice_element(struct writ_slice array, size_t *at, struct writ_slice *ret)
{
	struct writ_scanner scanner;

	if (array.n == 0 || array.s[0] != '[' || *at >= array.n)
		return false;
	scanner = (struct writ_scanner) {array.s + *at + 1, array.s + array.n, true, 0};
	if (writ_scan_at_end(&scanner) || !writ_scan_value(&scanner, ret))
		return false;
	/* Where the comma stands, or the bracket that ends it; as '[' stood before the first. */
	writ_scan_at_end(&scanner);
	*at = (size_t)(scanner.at - array.s);
	return true;
}
