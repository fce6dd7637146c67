/* SPDX-License-Identifier: ISC */
/* The lines of `timing`: "KIND SECONDS.NANOSECONDS WHAT". */
#include <string.h>

#include "cleanup.h"
#include "iolog_reader.h"

/* Written for terminal output by sudo 1.8.7 alone, whose streams are numbered from 2 on. */
#define KIND_TTYOUT_1_8_7 6
#define SHIFT_1_8_7 2
/* struct winsize has 16 bits. */
#define SIZE_MAX_OF_A_TERMINAL 65535
/* 285 years: more is no delay, and no sum of delays is more. In nanoseconds that fits 64 bits. */
#define SECONDS_MAX INT64_C(9000000000)

struct cursor {
	const char *at, *end;
};

static bool is_blank(char c)
{
	return c == ' ' || c == '\t';
}

static bool skip_blanks(struct cursor *c)
{
	const char *start = c->at;

	while (c->at < c->end && is_blank(*c->at))
		c->at++;
	return c->at > start;
}

static bool is_digit(char c)
{
	return c >= '0' && c <= '9';
}

/* Digits, at most max in value: no sign, no blank, nothing else. */
static bool read_number(struct cursor *c, uint64_t max, uint64_t *ret)
{
	const char *start = c->at;
	uint64_t value = 0;

	for (; c->at < c->end && is_digit(*c->at); c->at++) {
		unsigned digit = (unsigned)(*c->at - '0');

		if (digit > max || value > (max - digit) / 10)
			return false;
		value = value * 10 + digit;
	}
	*ret = value;
	return c->at > start;
}

/* sudo before 1.7.4 wrote the decimal point of the locale. */
static bool read_delay(struct cursor *c, struct timespec *ret)
{
	uint64_t seconds;
	long nanoseconds = 0, unit = 100000000;

	if (!read_number(c, SECONDS_MAX, &seconds))
		return false;
	if (c->at < c->end && (*c->at == '.' || *c->at == ',')) {
		for (c->at++; c->at < c->end && is_digit(*c->at); c->at++, unit /= 10)
			nanoseconds += (*c->at - '0') * unit;
	}
	ret->tv_sec = (time_t)seconds;
	ret->tv_nsec = nanoseconds;
	return true;
}

static bool read_size(struct cursor *c, struct writ_iolog_record *ret)
{
	uint64_t lines, columns;

	if (!read_number(c, SIZE_MAX_OF_A_TERMINAL, &lines) || !skip_blanks(c) ||
	    !read_number(c, SIZE_MAX_OF_A_TERMINAL, &columns))
		return false;
	ret->lines = (unsigned)lines;
	ret->columns = (unsigned)columns;
	return true;
}

/* "TSTP", "CONT", "RTMIN+1", "20" */
static bool read_signal(struct cursor *c, struct writ_iolog_record *ret)
{
	size_t n = 0;

	for (; c->at < c->end && n < sizeof(ret->signal) - 1; c->at++) {
		char letter = *c->at;

		if (!is_digit(letter) && !(letter >= 'A' && letter <= 'Z') && letter != '+' &&
		    letter != '-')
			break;
		ret->signal[n++] = letter;
	}
	ret->signal[n] = '\0';
	return n > 0;
}

static bool read_kind(struct cursor *c, bool *shifted, enum writ_iolog_kind *ret)
{
	uint64_t kind;

	if (!read_number(c, WRIT_IOLOG_SUSPEND, &kind))
		return false;
	if (kind == KIND_TTYOUT_1_8_7)
		*shifted = true;
	if (*shifted) {
		if (kind < SHIFT_1_8_7)
			return false;
		kind -= SHIFT_1_8_7;
	}
	*ret = (enum writ_iolog_kind)kind;
	return true;
}

int writ_iolog_timing_parse(const char *line, size_t length, bool *shifted,
			    struct writ_iolog_record *ret)
{
	struct cursor c = {line, line + length};
	bool ok;

	*ret = (struct writ_iolog_record) {0};
	if (!read_kind(&c, shifted, &ret->kind) || !skip_blanks(&c) ||
	    !read_delay(&c, &ret->delay) || !skip_blanks(&c))
		return -1;
	if (ret->kind == WRIT_IOLOG_WINSIZE)
		ok = read_size(&c, ret);
	else if (ret->kind == WRIT_IOLOG_SUSPEND)
		ok = read_signal(&c, ret);
	else
		ok = read_number(&c, INT64_MAX, &ret->length);
	skip_blanks(&c);
	return ok && c.at == c.end ? 0 : -1;
}

/* Has another line in the buffer; its length without the newline, or -1 at the end. A line that
 * does not fit is passed over, and so is one without an end. */
static ssize_t next_line(struct writ_iolog_reader *r, const char **ret)
{
	bool overlong = false;

	for (;;) {
		char *start = r->line + r->at;
		char *newline = memchr(start, '\n', r->used - r->at);
		size_t n;

		if (newline) {
			r->at = (size_t)(newline - r->line) + 1;
			r->line_number++;
			if (!overlong) {
				*ret = start;
				return newline - start;
			}
			writ_iolog_add_fault(r, "timing:%llu: is too long",
					     (unsigned long long)r->line_number);
			overlong = false;
			continue;
		}
		memmove(r->line, start, r->used - r->at);
		r->used -= r->at;
		r->at = 0;
		if (r->used == sizeof(r->line)) {
			overlong = true;
			r->used = 0;
		}
		n = writ_stream_read(r->timing, r->line + r->used, sizeof(r->line) - r->used);
		if (n == 0)
			break;
		r->used += n;
	}
	if (r->used > 0 || overlong)
		writ_iolog_add_fault(r, "timing: ends in the middle of line %llu",
				     (unsigned long long)r->line_number + 1);
	r->used = 0;
	return -1;
}

static void add_delay(struct timespec *sum, const struct timespec *delay)
{
	sum->tv_sec += delay->tv_sec;
	sum->tv_nsec += delay->tv_nsec;
	if (sum->tv_nsec >= 1000000000) {
		sum->tv_nsec -= 1000000000;
		sum->tv_sec++;
	}
	if (sum->tv_sec >= SECONDS_MAX)
		*sum = (struct timespec) {.tv_sec = SECONDS_MAX};
}

bool writ_iolog_timing_next(struct writ_iolog_reader *reader, struct writ_iolog_record *ret)
{
	const char *line;
	ssize_t length;

	if (!reader->timing)
		return false;
	while ((length = next_line(reader, &line)) >= 0) {
		if (writ_iolog_timing_parse(line, (size_t)length, &reader->shifted, ret) == 0) {
			add_delay(&reader->offset, &ret->delay);
			ret->offset = reader->offset;
			return true;
		}
		writ_iolog_add_fault(reader, "timing:%llu: is no record",
				     (unsigned long long)reader->line_number);
	}
	if (writ_stream_fault(reader->timing))
		writ_iolog_add_fault(reader, "timing: %s", writ_stream_fault(reader->timing));
	return false;
}
