/* SPDX-License-Identifier: ISC */
#include "table.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <time.h>
#include <unistd.h>
#include <wchar.h>

#include "arena.h"
#include "text.h"

/* What is shown of one text at most, in bytes; --json has all of it. */
#define TEXT_MAX 16384
/* Narrower than this, columns have no room: the terminal breaks the lines. */
#define WIDTH_MIN 40
/* Narrower than this, a time has no year. */
#define NARROW 100

static unsigned terminal_width(void)
{
	const char *columns = getenv("COLUMNS");
	struct winsize size;
	long width = columns ? strtol(columns, NULL, 10) : 0;

	if (width <= 0 && ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0)
		width = size.ws_col;
	return width <= 0          ? 80
	       : width < WIDTH_MIN ? WIDTH_MIN
	       : width > 10000     ? 10000
				   : (unsigned)width;
}

static bool wants_colours(void)
{
	const char *no = getenv("NO_COLOR"), *term = getenv("TERM");

	return !(no && *no) && term && *term && strcmp(term, "dumb") != 0;
}

bool cli_table_init(struct cli_table *table, bool utc)
{
	/* For wcwidth: what is printed is UTF-8, whatever the locale. */
	locale_t utf8 = newlocale(LC_CTYPE_MASK, "C.UTF-8", (locale_t)0);

	if (utf8 != (locale_t)0)
		uselocale(utf8);
	*table = (struct cli_table) {.characters = utf8,
				     .terminal = isatty(STDOUT_FILENO),
				     .utc = utc,
				     .arena = writ_arena_new()};
	if (table->terminal) {
		table->width = terminal_width();
		table->colours = wants_colours();
	}
	tzset();
	return table->arena != NULL;
}

void cli_table_done(struct cli_table *table)
{
	writ_arena_free(table->arena);
	free(table->rest);
	if (table->characters != (locale_t)0) {
		uselocale(LC_GLOBAL_LOCALE);
		freelocale(table->characters);
	}
}

/* The character at s, which is valid UTF-8 and printable; its columns. */
static unsigned columns_of(const char *s, size_t *ret_length)
{
	unsigned char lead = (unsigned char)*s;
	size_t n = lead >= 0xf0 ? 4 : lead >= 0xe0 ? 3 : lead >= 0xc0 ? 2 : 1;
	wchar_t c = n == 1 ? lead : lead & (0x7f >> n);
	int width;

	for (size_t i = 1; i < n; i++)
		c = c << 6 | ((unsigned char)s[i] & 0x3f);
	*ret_length = n;
	width = wcwidth(c);
	return width < 0 ? 1 : (unsigned)width;
}

/* How many bytes of text fit into so many columns; *ret_columns of them are taken. */
static size_t fit(const char *text, unsigned columns, unsigned *ret_columns)
{
	size_t at = 0, n;

	*ret_columns = 0;
	while (text[at]) {
		unsigned width = columns_of(text + at, &n);

		if (*ret_columns + width > columns)
			break;
		*ret_columns += width;
		at += n;
	}
	return at;
}

static const char *const colour_codes[] = {
	[CLI_PLAIN] = "",           [CLI_GOOD] = "\033[32m", [CLI_BAD] = "\033[31m",
	[CLI_ALARM] = "\033[1;31m", [CLI_FAINT] = "\033[2m", [CLI_HEAD] = "\033[1m",
};

static void print(const struct cli_table *table, enum cli_colour colour, const char *text,
		  size_t length)
{
	bool coloured = table->colours && colour != CLI_PLAIN && length > 0;

	if (coloured)
		fputs(colour_codes[colour], stdout);
	fwrite(text, 1, length, stdout);
	if (coloured)
		fputs("\033[0m", stdout);
}

/* Prints as much as fits into so many columns, with an ellipsis if that is not all. */
static unsigned print_cut(struct cli_table *table, enum cli_colour colour, unsigned columns,
			  const char *text)
{
	unsigned taken;
	size_t length = fit(text, columns, &taken);

	if (!text[length]) {
		print(table, colour, text, length);
		return taken;
	}
	if (columns == 0)
		return 0;
	length = fit(text, columns - 1, &taken);
	print(table, colour, text, length);
	fputs("…", stdout);
	return taken + 1;
}

void cli_table_cell(struct cli_table *table, enum cli_colour colour, unsigned width,
		    const char *text)
{
	unsigned columns = table->width ? width : UINT32_MAX, taken;

	if (!*text)
		text = "-";
	taken = print_cut(table, colour, columns, text);
	printf("%*s", (int)((taken < width ? width - taken : 0) + 1), "");
	table->at += (taken > width ? taken : width) + 1;
}

void cli_table_rest(struct cli_table *table, enum cli_colour colour, const char *text)
{
	unsigned columns;
	size_t length = fit(text, UINT32_MAX, &columns), need = table->rest_length + length + 1;
	char *rest;

	/* What does not fit is not kept either, but for its beginning, which is cut in the end. */
	if (table->width && table->at + table->rest_columns > table->width)
		return;
	if (need > table->rest_size) {
		rest = realloc(table->rest, need * 2);
		if (!rest)
			return;
		table->rest = rest;
		table->rest_size = need * 2;
	}
	memcpy(table->rest + table->rest_length, text, length + 1);
	table->rest_length += length;
	table->rest_columns += columns;
	table->rest_colour = colour;
}

/* A text that is no text, or no memory for it, is shown as nothing. */
static const char *or_nothing(const char *text)
{
	return text ? text : "";
}

void cli_table_text(struct cli_table *table, const char *text)
{
	cli_table_rest(table, CLI_PLAIN, or_nothing(writ_text_show(table->arena, text, TEXT_MAX)));
}

void cli_table_slice(struct cli_table *table, struct writ_slice slice)
{
	cli_table_text(table, or_nothing(writ_slice_string(table->arena, slice)));
}

void cli_table_words(struct cli_table *table, struct writ_slice array)
{
	struct writ_slice word;
	size_t at = 0;
	bool first = true;

	while (writ_slice_element(array, &at, &word)) {
		const char *text = or_nothing(writ_slice_string(table->arena, word));

		if (!first)
			cli_table_rest(table, CLI_PLAIN, " ");
		first = false;
		cli_table_rest(table, CLI_PLAIN,
			       or_nothing(writ_text_quote(table->arena, text, TEXT_MAX)));
	}
}

void cli_table_name(struct cli_table *table, enum cli_colour colour, unsigned width,
		    struct writ_slice slice)
{
	const char *text = or_nothing(writ_slice_string(table->arena, slice));

	cli_table_cell(table, colour, width,
		       or_nothing(writ_text_show(table->arena, text, TEXT_MAX)));
}

void cli_table_end(struct cli_table *table)
{
	unsigned left = UINT32_MAX;

	if (table->width)
		left = table->at < table->width ? table->width - table->at : 0;
	if (table->rest_length > 0)
		print_cut(table, table->rest_colour, left, table->rest);
	putchar('\n');
	table->at = table->rest_columns = 0;
	table->rest_length = 0;
	writ_arena_reset(table->arena);
}

/* How many bytes of text make one line of so many columns: up to a blank, if there is one. */
static size_t line_length(const char *text, unsigned columns)
{
	unsigned taken;
	size_t n = fit(text, columns, &taken), end = n;

	if (!text[n])
		return n;
	while (end > 0 && text[end] != ' ')
		end--;
	return end > 0 ? end : n > 0 ? n : strlen(text);
}

void cli_table_paragraph(struct cli_table *table, unsigned indent, const char *text)
{
	const char *at = or_nothing(writ_text_show(table->arena, or_nothing(text), TEXT_MAX));

	if (table->width && indent + WIDTH_MIN / 2 > table->width)
		indent = 2;
	while (*at) {
		size_t n = table->width ? line_length(at, table->width - indent) : strlen(at);

		printf("%*s", (int)indent, "");
		print(table, CLI_FAINT, at, n);
		putchar('\n');
		at += n + strspn(at + n, " ");
	}
}

unsigned cli_table_time_width(const struct cli_table *table)
{
	return table->width && table->width < NARROW ? 15 : 19;
}

void cli_table_time(struct cli_table *table, int64_t when)
{
	time_t seconds = (time_t)(when / 1000000 - (when % 1000000 < 0));
	unsigned width = cli_table_time_width(table);
	char text[64];
	struct tm tm;

	if (table->utc)
		gmtime_r(&seconds, &tm);
	else
		localtime_r(&seconds, &tm);
	strftime(text, sizeof(text), width < 19 ? "%b %d %H:%M:%S" : "%Y-%m-%d %H:%M:%S", &tm);
	cli_table_cell(table, CLI_PLAIN, width, text);
}
