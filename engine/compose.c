/* SPDX-License-Identifier: ISC */
/*
 * The YAML that is understood: block mappings with plain keys, block sequences, and scalars or flow
 * collections that end on their line; block scalars, which are skipped. Only keys matter, wherever
 * they stand, so that anchors and merges hide nothing: what they copy is in the file. Not
 * understood, and refused: quoted keys, explicit keys, tabs, odd line ends, several documents,
 * scalars over several lines, and "$", which stands for something from elsewhere.
 */
#include "compose.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "error.h"

/* What keys mean that make compose read something. */
enum meaning {
	PLAIN,
	REFUSED,  /* it reads a folder, or moves the ground that paths stand on */
	FILES,    /* a path, or a list of paths */
	INCLUDES, /* the same, of compose files */
	EXTENDS,  /* a service of this file, or an object with file and service */
	ONE_FILE, /* a path; of a compose file within EXTENDS */
};

static const struct {
	const char *key;
	enum meaning meaning;
} keys[] = {
	{"build", REFUSED},    {"develop", REFUSED}, {"project_directory", REFUSED},
	{"include", INCLUDES}, {"env_file", FILES},  {"label_file", FILES},
	{"extends", EXTENDS},  {"file", ONE_FILE},
};

struct reader {
	struct writ_arena *arena;
	struct writ_error *err;
	unsigned line;
	size_t column;  /* of the key or item at hand */
	size_t scalar;  /* in a block scalar: lines beyond this column belong to it; else NONE */
	size_t extends; /* in extends: its column; else NONE */
	size_t closed;  /* the column of what had its value on its line; else NONE */
	size_t list;    /* in a list of paths: the column of its key; else NONE */
	bool list_compose;
	bool begun; /* something was read */
	struct writ_compose_include **end;
};

#define NONE ((size_t)-1)

static int refuse(struct reader *r, const char *what)
{
	return writ_error_set(r->err, "line %u: %s", r->line, what);
}

static enum meaning meaning_of(const char *key, size_t length)
{
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		if (strlen(keys[i].key) == length && strncasecmp(keys[i].key, key, length) == 0)
			return keys[i].meaning;
	return PLAIN;
}

/* Bytes that would end a line, or mean nothing plain, to some readers of YAML. */
static bool is_plain_text(const char *text, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		const unsigned char *p = (const unsigned char *)text + i;
		size_t left = length - i;

		if ((*p < 0x20 && *p != '\n') || *p == 0x7f)
			return false;
		if (left > 1 && p[0] == 0xc2 && p[1] < 0xa0) /* C1, NEL among them */
			return false;
		if (left > 2 && p[0] == 0xe2 && p[1] == 0x80 && (p[2] | 1) == 0xa9) /* LS, PS */
			return false;
		if (left > 2 && p[0] == 0xef && p[1] == 0xbb && p[2] == 0xbf) /* BOM */
			return false;
	}
	return true;
}

/* A "$" that is not doubled is replaced by what a variable holds. */
static bool has_variable(const char *text)
{
	for (const char *p = text; (p = strchr(p, '$')); p += 2)
		if (p[1] != '$')
			return true;
	return false;
}

/* Behind a quoted scalar; NULL: it does not end here, or has escapes. */
static const char *skip_quoted(const char *text)
{
	for (const char *p = text + 1; *p; p++) {
		if (*p == '\\' && *text == '"')
			return NULL;
		if (*p == *text && *text == '\'' && p[1] == '\'')
			p++;
		else if (*p == *text)
			return p + 1;
	}
	return NULL;
}

/* Whether nothing but a comment is left. */
static bool is_over(const char *text)
{
	size_t blanks = strspn(text, " ");

	return !text[blanks] || (text[blanks] == '#' && blanks > 0);
}

/* Cuts a comment off a plain scalar, and blanks. */
static void cut_comment(char *text)
{
	char *comment = strstr(text, " #");
	size_t length;

	if (comment)
		*comment = '\0';
	for (length = strlen(text); length > 0 && text[length - 1] == ' ';)
		text[--length] = '\0';
}

static int add(struct reader *r, const char *path, bool compose)
{
	struct writ_compose_include *item = writ_arena_alloc(r->arena, 1, sizeof(*item));

	if (path[0] != '/')
		return refuse(r, "only absolute paths of other files are understood");
	if (!item)
		return refuse(r, "out of memory");
	item->path = path;
	item->compose = compose;
	*r->end = item;
	r->end = &item->next;
	return 0;
}

/* A scalar that is a path, to the end of the line, of what stands in that column. */
static int add_path(struct reader *r, char *text, bool compose, size_t column)
{
	r->closed = column;
	if (*text == '"' || *text == '\'') {
		const char *end = skip_quoted(text);
		char *path;

		if (!end || !is_over(end) || strstr(text, "''"))
			return refuse(r, "a path that is not plain");
		path = writ_arena_strndup(r->arena, text + 1, (size_t)(end - text) - 2);
		return path ? add(r, path, compose) : refuse(r, "out of memory");
	}
	if (strchr("[]{}&*!|>?@`%#,", *text))
		return refuse(r, "a path that is not plain");
	cut_comment(text);
	return add(r, text, compose);
}

/* A flow collection: closed on this line, and without keys that matter. */
static int check_flow(struct reader *r, const char *text)
{
	int depth = 0;

	for (const char *p = text; *p;) {
		const char *word = p;

		if (*p == '"' || *p == '\'') {
			p = skip_quoted(p);
			if (!p)
				return refuse(r, "a quoted text that is not plain");
			word++;
			if (p[strspn(p, " ")] == ':' &&
			    meaning_of(word, (size_t)(p - word) - 1) != PLAIN)
				return refuse(r, "a key in braces that names files");
			continue;
		}
		depth += (*p == '[' || *p == '{') - (*p == ']' || *p == '}');
		if (depth == 0)
			return is_over(p + 1) ? 0 : refuse(r, "text behind a bracket");
		if (strchr("?&*!#", *p))
			return refuse(r, "a flow collection that is not plain");
		p += strcspn(p, "\"'[]{}?&*!#:, ");
		if (p > word && p[strspn(p, " ")] == ':' &&
		    meaning_of(word, (size_t)(p - word)) != PLAIN)
			return refuse(r, "a key in braces that names files");
		p += p == word;
	}
	return refuse(r, "a bracket that is not closed on its line");
}

/* The value of a key without a meaning of its own, or an item, in that column. */
static int skip_value(struct reader *r, const char *text, size_t column)
{
	const char *end;

	if (*text == '&') { /* an anchor */
		text += strcspn(text, " ");
		text += strspn(text, " ");
	}
	r->closed = is_over(text - (*text == '#')) ? NONE : column;
	if (*text == '[' || *text == '{')
		return check_flow(r, text);
	if (*text == '"' || *text == '\'') {
		end = skip_quoted(text);
		/* Escapes in what is no key do no harm, if the text ends. */
		if (!end && *text == '"' && strchr(text, '\\')) {
			for (end = text + 1; *end && *end != '"'; end++)
				end += *end == '\\' && end[1];
			end = *end ? end + 1 : NULL;
		}
		return end && is_over(end)
			       ? 0
			       : refuse(r, "a quoted text over several lines, or a key");
	}
	if (*text == '|' || *text == '>') {
		text++;
		text += *text == '-' || *text == '+';
		if (!is_over(text))
			return refuse(r, "a block text with an indentation of its own");
		r->scalar = column;
		r->closed = NONE;
		return 0;
	}
	if (*text && strchr("?@`%!", *text))
		return refuse(r, "a value that is not plain");
	return 0;
}

static int read_key(struct reader *r, const char *key, size_t length, char *value)
{
	enum meaning meaning = meaning_of(key, length);
	bool in_extends = r->extends != NONE;

	if (in_extends && meaning != ONE_FILE && !(length == 7 && strncmp(key, "service", 7) == 0))
		return refuse(r, "extends has file and service");
	if (is_over(value - (value[0] == '#')))
		*value = '\0';
	switch (meaning) {
	case PLAIN:
		return skip_value(r, value, r->column);
	case REFUSED:
		return refuse(r, "a key that reads folders (build, develop, project_directory)");
	case FILES:
	case INCLUDES:
		if (*value)
			return add_path(r, value, meaning == INCLUDES, r->column);
		r->list = r->column;
		r->list_compose = meaning == INCLUDES;
		return 0;
	case EXTENDS:
		if (!*value)
			r->extends = r->column;
		return *value && strchr("[{&*!|>?", *value) ? refuse(r, "extends that is not plain")
							    : skip_value(r, value, r->column);
	case ONE_FILE:
		return *value ? add_path(r, value, in_extends, r->column)
			      : refuse(r, "a path that is not plain");
	}
	return -1;
}

/* The colon that ends a plain key; NULL: there is none. */
static char *find_colon(char *text)
{
	for (char *p = text; (p = strchr(p, ':')); p++)
		if (p[1] == ' ' || p[1] == '\0')
			return p;
	return NULL;
}

/* What stands on a line behind its blanks and dashes. */
static int read_entry(struct reader *r, char *text, bool item, size_t dash)
{
	static const char characters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
					 "0123456789_.-/<";
	char *colon = strchr("\"'[{|>", *text) ? NULL : find_colon(text);
	size_t length;

	if (r->list != NONE) {
		if (!item || colon)
			return refuse(r, "a list of files that is not plain");
		return *text ? add_path(r, text, r->list_compose, dash)
			     : refuse(r, "a list of files that is not plain");
	}
	if (!colon) {
		if (!item)
			return refuse(r, "neither a key nor an item");
		return skip_value(r, text, dash);
	}
	length = strspn(text, characters);
	if (length == 0 || text + length + strspn(text + length, " ") != colon)
		return refuse(r, "a key that is not plain");
	colon++;
	return read_key(r, text, length, colon + strspn(colon, " "));
}

static void leave(struct reader *r, bool item)
{
	if (r->extends != NONE && r->column <= r->extends)
		r->extends = NONE;
	/* An item may stand at the column of the key whose list it is in. */
	if (r->list != NONE && (r->column < r->list || (r->column == r->list && !item)))
		r->list = NONE;
}

static bool is_dash(const char *text)
{
	return text[0] == '-' && (text[1] == ' ' || !text[1]);
}

static int read_line(struct reader *r, char *text)
{
	size_t indent = strspn(text, " "), dash = 0;
	bool in_scalar = r->scalar != NONE && indent > r->scalar;

	if (!text[indent] || (text[indent] == '#' && !in_scalar))
		return 0;
	if (has_variable(text))
		return refuse(r, "a variable, which stands for something from elsewhere");
	if (in_scalar)
		return 0;
	r->scalar = NONE;
	if (indent == 0 && strncmp(text, "---", 3) == 0)
		return !r->begun && is_over(text + 3) ? 0 : refuse(r, "several documents");
	if (r->closed != NONE && indent > r->closed)
		return refuse(r, "a value over several lines");
	r->closed = NONE;
	r->begun = true;
	r->column = indent;
	if (!is_dash(text + indent)) {
		leave(r, false);
		return read_entry(r, text + indent, false, indent);
	}
	/* Of a list that follows a key, the dash counts, not what stands behind it. */
	leave(r, true);
	while (is_dash(text + indent)) {
		dash = indent++;
		indent += strspn(text + indent, " ");
	}
	r->column = indent;
	if (r->extends != NONE)
		return refuse(r, "extends has file and service");
	return text[indent] == '#' ? 0 : read_entry(r, text + indent, true, dash);
}

int writ_compose_read(struct writ_arena *arena, const char *text, size_t length,
		      struct writ_compose_include **ret, struct writ_error *err)
{
	struct writ_compose_include *first = NULL;
	struct reader r = {
		.arena = arena,
		.err = err,
		.scalar = NONE,
		.extends = NONE,
		.list = NONE,
		.closed = NONE,
		.end = &first,
	};
	char *copy, *line;

	if (memchr(text, '\0', length) || !is_plain_text(text, length))
		return writ_error_set(err, "not plain text: a tab, a control character or a BOM");
	copy = writ_arena_strndup(arena, text, length);
	if (!copy)
		return writ_error_set(err, "out of memory");
	while ((line = strsep(&copy, "\n"))) {
		r.line++;
		if (read_line(&r, line) < 0)
			return -1;
	}
	*ret = first;
	return 0;
}
