/* SPDX-License-Identifier: ISC */
#include "argv_record.h"

#include <nettle/base16.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>
#include <string.h>

#include "arena.h"
#include "json_write.h"
#include "text.h"

static void digest(struct writ_argv_record *record, char *const argv[], size_t argc)
{
	uint8_t bytes[SHA256_DIGEST_SIZE];
	struct sha256_ctx sha;

	sha256_init(&sha);
	for (size_t i = 0; i < argc; i++)
		sha256_update(&sha, strlen(argv[i]) + 1, (const uint8_t *)argv[i]);
	sha256_digest(&sha, sizeof(bytes), bytes);
	base16_encode_update(record->sha256, sizeof(bytes), bytes);
	record->sha256[BASE16_ENCODE_LENGTH(sizeof(bytes))] = '\0';
}

/* The longest beginning of s that has at most max bytes and ends between two characters of UTF-8.
 */
static size_t whole_characters(const char *s, size_t max)
{
	size_t n = max;

	while (n > 0 && max - n < 4 && ((unsigned char)s[n] & 0xc0) == 0x80)
		n--;
	return max - n < 4 ? n : max;
}

/* As many arguments as fit, the last of them cut. */
static int cut(struct writ_argv_record *record, struct writ_arena *arena, char *const argv[],
	       size_t argc)
{
	size_t left = WRIT_ARGV_RECORD_MAX, n = 0;
	char **kept;

	for (size_t need; n < argc && left > 0; n++, left -= need) {
		need = strlen(argv[n]) + 1;
		if (need > left)
			need = left;
	}
	kept = writ_arena_alloc(arena, n + 1, sizeof(*kept));
	if (!kept)
		return -1;
	left = WRIT_ARGV_RECORD_MAX;
	for (size_t i = 0; i < n; i++) {
		size_t length = strlen(argv[i]);

		if (length + 1 > left)
			length = whole_characters(argv[i], left - 1);
		kept[i] = writ_arena_strndup(arena, argv[i], length);
		if (!kept[i])
			return -1;
		left -= length + 1;
	}
	record->argv = kept;
	record->argc = n;
	return 0;
}

int writ_argv_record_make(struct writ_argv_record *ret, struct writ_arena *arena,
			  char *const argv[], size_t argc)
{
	*ret = (struct writ_argv_record) {.argv = argv, .argc = argc};
	for (size_t i = 0; i < argc; i++)
		ret->bytes += strlen(argv[i]) + 1;
	ret->cut = ret->bytes > WRIT_ARGV_RECORD_MAX;
	if (ret->cut) {
		digest(ret, argv, argc);
		if (cut(ret, arena, argv, argc) < 0)
			return -1;
	}
	for (size_t i = 0; i < ret->argc; i++)
		if (writ_text_scan(ret->argv[i], strlen(ret->argv[i])) & WRIT_TEXT_INVALID)
			ret->raw = true;
	return 0;
}

static void add_base64(struct writ_json_writer *writer, const char *s)
{
	char text[BASE64_ENCODE_RAW_LENGTH(WRIT_ARGV_RECORD_MAX) + 1];

	base64_encode_raw(text, strlen(s), (const uint8_t *)s);
	writ_json_add_stringn(writer, NULL, text, BASE64_ENCODE_RAW_LENGTH(strlen(s)));
}

void writ_argv_record_write(const struct writ_argv_record *record, struct writ_json_writer *writer)
{
	if (record->raw) {
		writ_json_array_begin(writer, "argv_raw");
		for (size_t i = 0; i < record->argc; i++)
			add_base64(writer, record->argv[i]);
		writ_json_array_end(writer);
	}
	if (record->cut) {
		writ_json_add_int(writer, "argv_bytes", (int64_t)record->bytes);
		writ_json_add_string(writer, "argv_sha256", record->sha256);
	}
}
