/* SPDX-License-Identifier: ISC */
/*
 * Signals, by name or number: "TERM", "SIGTERM", "sigterm" and "15" are "SIGTERM". Programs differ
 * in what they take beyond upper-case names; that is read here, and refused by those that do not.
 * Real-time signals are counted from SIGRTMIN. Linux's numbers, as glibc has them.
 */
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "arena.h"
#include "value_types.h"

/* A plain number up to max; -1: it is none. */
static int plain_number(const char *text, int max)
{
	size_t n = strspn(text, "0123456789");
	int number;

	if (n == 0 || n > 2 || text[n] || (text[0] == '0' && n > 1))
		return -1;
	number = atoi(text);
	return number <= max ? number : -1;
}

/* "RTMIN", "RTMIN+3", "RTMAX-2"; -1: none. */
static int real_time(const char *name)
{
	int base = strncasecmp(name, "RTMIN", 5) == 0   ? SIGRTMIN
		   : strncasecmp(name, "RTMAX", 5) == 0 ? SIGRTMAX
							: -1;
	int offset;

	if (base < 0 || !name[5])
		return base;
	if (name[5] != (base == SIGRTMIN ? '+' : '-'))
		return -1;
	offset = plain_number(name + 6, SIGRTMAX - SIGRTMIN);
	if (offset < 0)
		return -1;
	return base == SIGRTMIN ? base + offset : base - offset;
}

static int named(const char *name)
{
	for (int i = 1; i < SIGRTMIN; i++) {
		const char *known = sigabbrev_np(i);

		if (known && strcasecmp(name, known) == 0)
			return i;
	}
	/* Their other names. */
	if (strcasecmp(name, "IOT") == 0)
		return SIGABRT;
	if (strcasecmp(name, "CLD") == 0)
		return SIGCHLD;
	return strcasecmp(name, "IO") == 0 ? SIGIO : real_time(name);
}

static int read_signal(struct writ_arena *arena, struct writ_value *value, struct writ_error *err)
{
	const char *text = value->text, *known;
	int number = plain_number(text, SIGRTMAX);

	if (number < 0)
		number = named(strncasecmp(text, "SIG", 3) == 0 ? text + 3 : text);
	known = number > 0 ? sigabbrev_np(number) : NULL;
	if (number <= 0 || (!known && number < SIGRTMIN))
		return writ_value_fail(arena, value, err, "is no signal (such as TERM)");
	if (known)
		value->normal = writ_arena_printf(arena, "SIG%s", known);
	else if (number == SIGRTMIN)
		value->normal = "SIGRTMIN";
	else
		value->normal = writ_arena_printf(arena, "SIGRTMIN+%d", number - SIGRTMIN);
	return value->normal ? 0 : writ_value_no_memory(err);
}

const struct writ_value_type writ_type_signal = {
	.name = "signal",
	.kind = WRIT_VALUE_STRING,
	.read = read_signal,
};
