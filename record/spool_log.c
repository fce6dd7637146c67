/* SPDX-License-Identifier: ISC */
#include "spool_log.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "argv_record.h"
#include "cleanup.h"
#include "spool.h"
#include "text.h"

/* What sudo writes of a command without a terminal. */
#define NO_TTY "unknown"
#define NO_LINES 24
#define NO_COLUMNS 80

/* A string, every character that this reader could stumble over as \u00NN. */
static void put_string(FILE *out, const char *text)
{
	size_t left = strlen(text);

	putc('"', out);
	while (left > 0) {
		size_t valid = writ_text_valid_prefix(text, left);

		for (size_t i = 0; i < valid; i++) {
			unsigned char c = (unsigned char)text[i];

			if (c < 0x20 || c == 0x7f || c == '"' || c == '\\')
				fprintf(out, "\\u%04x", c);
			else
				putc(c, out);
		}
		text += valid;
		left -= valid;
		if (left > 0) {
			fputs("\xef\xbf\xbd", out);
			text++;
			left--;
		}
	}
	putc('"', out);
}

static void put_member(FILE *out, const char *key, const char *value)
{
	fprintf(out, ",\n    \"%s\": ", key);
	put_string(out, value);
}

static void put_element(FILE *out, const char *value, bool first)
{
	fputs(first ? "\n        " : ",\n        ", out);
	put_string(out, value);
}

static void put_argv(FILE *out, const struct writ_argv_record *argv)
{
	fputs(",\n    \"runargv\": [", out);
	for (size_t i = 0; i < argv->argc; i++)
		put_element(out, argv->argv[i], i == 0);
	fputs("\n    ]", out);
}

/* What an event says of a vector that is cut has no other place in an I/O log. */
static void put_env(FILE *out, char *const *env, const struct writ_argv_record *argv)
{
	char text[128];
	bool first = true;

	fputs(",\n    \"runenv\": [", out);
	for (; env && *env; env++, first = false)
		put_element(out, *env, first);
	if (argv->cut) {
		snprintf(text, sizeof(text), "WRIT_ARGV_BYTES=%zu", argv->bytes);
		put_element(out, text, first);
		snprintf(text, sizeof(text), "WRIT_ARGV_SHA256=%s", argv->sha256);
		put_element(out, text, false);
	}
	fputs("\n    ]", out);
}

/* The server wants a command; sudo_sendlog cuts this one at its first space. */
static const char *command(const struct writ_spool_item *item)
{
	const char *name = item->program;

	if (!name && item->argc > 0)
		name = item->argv[0];
	return name && *name ? name : "-";
}

static void put_item(FILE *out, const struct writ_spool_item *item,
		     const struct writ_argv_record *argv)
{
	fprintf(out, "{\n    \"timestamp\": {\n        \"seconds\": %lld,\n",
		(long long)item->time.tv_sec);
	fprintf(out, "        \"nanoseconds\": %ld\n    },\n", item->time.tv_nsec);
	fprintf(out, "    \"columns\": %d,\n    \"lines\": %d", NO_COLUMNS, NO_LINES);
	put_member(out, "submituser", item->user);
	put_member(out, "submithost", item->host ? item->host : "-");
	put_member(out, "submitcwd", item->cwd ? item->cwd : "unknown");
	put_member(out, "ttyname", item->tty ? item->tty : NO_TTY);
	put_member(out, "command", command(item));
	put_member(out, "runuser", item->runas);
	if (item->runas_group)
		put_member(out, "rungroup", item->runas_group);
	if (item->runas_uid != (uid_t)-1)
		fprintf(out, ",\n    \"runuid\": %u", (unsigned)item->runas_uid);
	put_argv(out, argv);
	put_env(out, item->env, argv);
	fputs("\n}\n", out);
}

char *writ_spool_log_text(const struct writ_spool_item *item, size_t *ret_length)
{
	auto_arena struct writ_arena *arena = writ_arena_new();
	struct writ_argv_record argv;
	char *text = NULL;
	FILE *out;

	if (!arena || writ_argv_record_make(&argv, arena, item->argv, item->argc) < 0)
		return NULL;
	out = open_memstream(&text, ret_length);
	if (!out)
		return NULL;
	put_item(out, item, &argv);
	if (!ferror(out) && fclose(out) == 0)
		return text;
	free(text);
	return NULL;
}
