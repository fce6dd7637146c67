/* SPDX-License-Identifier: ISC */
#include "help_page.h"

#include <ctype.h>
#include <string.h>

#include "arena.h"

/* How far an option's line may be indented; further right begin the second lines of descriptions.
 */
#define INDENT_MAX 8
/* Most long names on one line. */
#define NAMES_MAX 8

enum section { SECTION_OTHER, SECTION_COMMANDS, SECTION_ALIASES, SECTION_USAGE };

struct parser {
	struct writ_arena *arena;
	struct help_page *page;
	struct help_option **option_end;
	struct help_word **command_end, **alias_end, **unread_end;
	enum section section;
	bool failed;
};

static void add_word(struct parser *p, struct help_word ***end, const char *s, size_t length)
{
	struct help_word *word = writ_arena_alloc(p->arena, 1, sizeof(*word));

	if (word)
		word->text = writ_arena_strndup(p->arena, s, length);
	if (!word || !word->text) {
		p->failed = true;
		return;
	}
	**end = word;
	*end = &word->next;
}

static bool is_name(char c)
{
	return isalnum((unsigned char)c) || c == '-' || c == '_' || c == '.';
}

/* "N", "<file>", "BYTES": what GNU-style help calls a value behind a blank. */
static bool is_placeholder(const char *s, size_t length)
{
	if (length > 2 && s[0] == '<' && s[length - 1] == '>')
		return true;
	for (size_t i = 0; i < length; i++)
		if (!isupper((unsigned char)s[i]) && !isdigit((unsigned char)s[i]) && s[i] != '_' &&
		    s[i] != '-')
			return false;
	return true;
}

/* The value that stands behind a name: "=X", "[=X]", " X", " x[=y]" or nothing. False if
 * unreadable. */
static bool read_value(struct parser *p, const char *s, size_t length, struct help_option *option)
{
	enum help_kind kind = HELP_VALUE;

	if (length == 0)
		return true;
	if (length > 2 && s[0] == '[' && s[1] == '=') {
		kind = HELP_OPTIONAL;
	} else if (s[0] == '=' && s[length - 1] == ':') {
		/* kubectl: --name=DEFAULT: */
		if ((length == 6 && memcmp(s, "=true:", 6) == 0) ||
		    (length == 7 && memcmp(s, "=false:", 7) == 0))
			return true;
	} else if (s[0] == ' ' && memmem(s, length, "[=", 2)) {
		kind = HELP_OPTIONAL;
	} else if (s[0] != '=' && s[0] != ' ') {
		return false;
	} else if (s[0] == ' ' && !p->page->cobra && !is_placeholder(s + 1, length - 1)) {
		return false; /* a value, or the description already */
	}
	option->kind = kind;
	option->word = writ_arena_strndup(p->arena, s + 1, length - 1);
	if (!option->word)
		p->failed = true;
	return true;
}

/* Letters and names of one line, until its description. */
struct forms {
	struct help_option first;
	const char *names[NAMES_MAX]; /* long ones */
	size_t n_names;
};

/* "-x", "--name", each with its value or not. */
static bool read_form(struct parser *p, const char *s, size_t length, struct forms *forms)
{
	size_t n = 2;

	if (length < 2 || s[0] != '-')
		return false;
	if (s[1] != '-') {
		if (!isalnum((unsigned char)s[1]) || forms->first.letter || forms->n_names)
			return false;
		forms->first.letter = s[1];
		return read_value(p, s + 2, length - 2, &forms->first);
	}
	while (n < length && is_name(s[n]))
		n++;
	if (n == 2 || forms->n_names == NAMES_MAX)
		return false;
	forms->names[forms->n_names] = writ_arena_strndup(p->arena, s + 2, n - 2);
	if (!forms->names[forms->n_names++])
		p->failed = true;
	return read_value(p, s + n, length - n, &forms->first);
}

/* Where the names end and the description begins: two blanks, or a tab, but for "-c  --format". */
static size_t names_length(const char *s, size_t length)
{
	for (size_t i = 0; i + 1 < length; i++)
		if (s[i] == '\t' ||
		    (s[i] == ' ' && s[i + 1] == ' ' && !(i == 2 && strncmp(s + i, "  --", 4) == 0)))
			return i;
	return length;
}

/* The next form's end: ", -" or " --" behind a letter. */
static size_t form_length(const char *s, size_t length, size_t *ret_skip)
{
	const char *comma = memmem(s, length, ", -", 3);
	size_t blanks = length > 2 && s[1] != '-' ? strspn(s + 2, " ") : 0;

	*ret_skip = 0;
	if (blanks && strncmp(s + 2 + blanks, "--", 2) == 0) {
		*ret_skip = blanks;
		return 2;
	}
	if (comma)
		*ret_skip = 2;
	return comma ? (size_t)(comma - s) : length;
}

static void add_option(struct parser *p, const struct help_option *form, const char *name)
{
	struct help_option *option = writ_arena_alloc(p->arena, 1, sizeof(*option));

	if (!option) {
		p->failed = true;
		return;
	}
	*option = *form;
	option->name = name;
	*p->option_end = option;
	p->option_end = &option->next;
}

static void read_option(struct parser *p, const char *line, size_t all)
{
	struct forms forms = {0};
	size_t length = names_length(line, all), skip;
	bool ok = true;

	for (size_t at = 0; ok && at < length; at += skip) {
		size_t n = form_length(line + at, length - at, &skip);

		ok = read_form(p, line + at, n, &forms);
		at += n;
	}
	if (!ok || (!forms.n_names && !forms.first.letter)) {
		add_word(p, &p->unread_end, line, all);
		return;
	}
	add_option(p, &forms.first, forms.n_names ? forms.names[0] : NULL);
	forms.first.letter = 0;
	for (size_t i = 1; i < forms.n_names; i++)
		add_option(p, &forms.first, forms.names[i]);
}

static bool ends_with(const char *s, size_t length, const char *end)
{
	size_t n = strlen(end);

	return length >= n && strncasecmp(s + length - n, end, n) == 0;
}

static bool holds(const char *s, size_t length, const char *word)
{
	for (size_t i = 0; i + strlen(word) <= length; i++)
		if (strncasecmp(s + i, word, strlen(word)) == 0)
			return true;
	return false;
}

/* A line that begins at the margin: a heading, or text. */
static void read_heading(struct parser *p, const char *line, size_t length)
{
	bool heading = ends_with(line, length, ":") || !memchr(line, '.', length);

	p->section = SECTION_OTHER;
	if (strcmp(line, "USAGE") == 0) { /* gh */
		p->section = SECTION_USAGE;
	} else if (strncasecmp(line, "usage:", 6) == 0) {
		size_t blanks = 6 + strspn(line + 6, " ");

		p->section = SECTION_USAGE;
		if (!p->page->usage && length > blanks)
			p->page->usage =
				writ_arena_strndup(p->arena, line + blanks, length - blanks);
	} else if (heading && holds(line, length, "commands") && length < 60) {
		p->section = SECTION_COMMANDS;
	} else if (strncasecmp(line, "aliases", 7) == 0) {
		p->section = SECTION_ALIASES;
	}
}

static void read_command(struct parser *p, const char *s, size_t length)
{
	size_t n = strcspn(s, " \t\n");

	if (n > length)
		n = length;
	if (n > 1 && s[n - 1] == ':') /* gh */
		n--;
	if (n == 0 || s[n - 1] == '*' || !isalnum((unsigned char)s[0]))
		return;
	for (size_t i = 0; i < n; i++)
		if (!is_name(s[i]))
			return;
	add_word(p, &p->command_end, s, n);
}

static void read_line(struct parser *p, const char *line, size_t length)
{
	size_t indent = strspn(line, " ");
	const char *s = line + indent;

	while (length > 0 && (line[length - 1] == ' ' || line[length - 1] == '\r'))
		length--;
	if (length <= indent)
		return;
	length -= indent;
	if (indent == 0 && s[0] != '-') {
		read_heading(p, s, length);
	} else if (s[0] == '-' && s[1] != ' ' && indent <= INDENT_MAX &&
		   p->section != SECTION_USAGE) {
		read_option(p, s, length);
	} else if (p->section == SECTION_USAGE && !p->page->usage) {
		p->page->usage = writ_arena_strndup(p->arena, s, length);
	} else if (p->section == SECTION_COMMANDS && (indent == 2 || indent == 4)) {
		read_command(p, s, length);
	} else if (p->section == SECTION_ALIASES) {
		for (size_t at = 0; at < length;) {
			const char *comma = memmem(s + at, length - at, ", ", 2);
			size_t n = comma ? (size_t)(comma - s) - at : length - at;

			add_word(p, &p->alias_end, s + at, n);
			at += n + (comma ? 2 : 0);
		}
	}
}

/* docker, kubectl, helm, gh and podman each say one of these. */
static bool is_cobra(const char *text)
{
	static const char *const marks[] = {
		"[flags]",          "COMMAND --help",        "[command] --help",
		"<command> --help", "[OPTIONS] COMMAND",     "\nFlags:\n",
		"\nFLAGS\n",        "Available Commands:\n", "[options] [command]",
		" [OPTIONS]\n"};

	for (size_t i = 0; i < sizeof(marks) / sizeof(marks[0]); i++)
		if (strstr(text, marks[i]))
			return true;
	return false;
}

const struct help_page *help_page_parse(struct writ_arena *arena, const char *text, bool cobra)
{
	struct help_page *page = writ_arena_alloc(arena, 1, sizeof(*page));
	struct parser p = {.arena = arena, .page = page};

	if (!page)
		return NULL;
	page->cobra = cobra || is_cobra(text);
	p.option_end = &page->options;
	p.command_end = &page->commands;
	p.alias_end = &page->aliases;
	p.unread_end = &page->unread;
	while (*text) {
		size_t length = strcspn(text, "\n");
		char *line = writ_arena_strndup(arena, text, length);

		if (!line)
			return NULL;
		read_line(&p, line, length);
		text += length + (text[length] == '\n');
	}
	return p.failed ? NULL : page;
}
