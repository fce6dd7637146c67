/* SPDX-License-Identifier: ISC */
#include "search.h"

#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "error.h"
#include "visible.h"

#define CHUNK 32768

/* Where and when a byte was written. */
struct mark {
	uint64_t position;
	int64_t nanoseconds; /* iolog_timing.c bounds them */
	bool untimed;
};

/* Looks for the text in a sequence of bytes that comes one by one (Knuth, Morris, Pratt): `matched`
 * of its bytes have been seen last, and the marks of these are kept in a ring. */
struct matcher {
	size_t matched;
	size_t next; /* in the ring */
	struct mark *ring;
};

/* One stream: as it stands, and as it is read. */
struct lane {
	struct matcher exact, visible;
	struct writ_visible reading;
	uint64_t position;
	uint64_t free_from; /* no hit may begin before this: the one before reaches so far */
};

struct writ_search {
	char *text;
	size_t length;
	size_t *border; /* of every beginning of the text: its longest proper end that begins it */
	struct mark *rings;
	struct lane lanes[WRIT_IOLOG_STREAMS];
	struct writ_search_hit *hits;
	size_t n_hits, allocated, max;
	bool stops[256]; /* bytes that can change anything while nothing is matched */
	char chunk[CHUNK];
};

static void fill_borders(struct writ_search *search)
{
	size_t k = 0;

	search->border[0] = 0;
	for (size_t i = 1; i < search->length; i++) {
		while (k > 0 && search->text[i] != search->text[k])
			k = search->border[k - 1];
		if (search->text[i] == search->text[k])
			k++;
		search->border[i] = k;
	}
}

struct writ_search *writ_search_new(const char *text, size_t length, struct writ_error *err)
{
	struct writ_search *search;

	if (length == 0 || length > WRIT_SEARCH_TEXT_MAX) {
		writ_error_set(err, length == 0 ? "the text to be found is empty"
						: "the text to be found is too long");
		return NULL;
	}
	search = calloc(1, sizeof(*search));
	if (search) {
		search->text = malloc(length);
		search->length = length;
		search->border = malloc(length * sizeof(*search->border));
		search->rings = malloc(2 * WRIT_IOLOG_STREAMS * length * sizeof(struct mark));
	}
	if (!search || !search->text || !search->border || !search->rings) {
		writ_search_free(search);
		writ_error_set(err, "no memory");
		return NULL;
	}
	memcpy(search->text, text, length);
	fill_borders(search);
	search->stops[(unsigned char)text[0]] = true;
	search->stops[WRIT_VISIBLE_ESC] = true;
	search->stops['\r'] = true;
	return search;
}

void writ_search_free(struct writ_search *search)
{
	if (!search)
		return;
	free(search->text);
	free(search->border);
	free(search->rings);
	free(search->hits);
	free(search);
}

/* Takes the next byte; the mark of the text's first byte if it ends here, else NULL. */
static const struct mark *match(const struct writ_search *search, struct matcher *m, char byte,
				const struct mark *mark)
{
	m->ring[m->next] = *mark;
	m->next = m->next + 1 < search->length ? m->next + 1 : 0;
	while (m->matched > 0 && search->text[m->matched] != byte)
		m->matched = search->border[m->matched - 1];
	if (search->text[m->matched] == byte)
		m->matched++;
	if (m->matched < search->length)
		return NULL;
	m->matched = 0;
	return &m->ring[m->next]; /* the oldest of as many as the text has bytes */
}

static void keep(struct writ_search *search, enum writ_iolog_kind stream, const struct mark *first)
{
	struct lane *lane = &search->lanes[stream];

	if (first->position < lane->free_from)
		return;
	lane->free_from = lane->position + 1;
	if (search->n_hits == search->allocated) {
		size_t more = search->allocated ? search->allocated * 2 : 16;
		struct writ_search_hit *hits = realloc(search->hits, more * sizeof(*hits));

		if (!hits) {
			search->max = search->n_hits;
			return;
		}
		search->hits = hits;
		search->allocated = more;
	}
	search->hits[search->n_hits++] = (struct writ_search_hit) {
		.stream = stream,
		.position = first->position,
		.offset = {first->nanoseconds / 1000000000, first->nanoseconds % 1000000000},
		.untimed = first->untimed,
	};
}

static void feed(struct writ_search *search, enum writ_iolog_kind stream, unsigned char byte,
		 struct mark *mark)
{
	struct lane *lane = &search->lanes[stream];
	const struct mark *first = match(search, &lane->exact, (char)byte, mark);
	unsigned char text[2];
	size_t n = writ_visible_feed(&lane->reading, byte, text);

	if (first)
		keep(search, stream, first);
	for (size_t i = 0; i < n; i++) {
		first = match(search, &lane->visible, (char)text[i], mark);
		if (first)
			keep(search, stream, first);
	}
}

static void start(struct writ_search *search, size_t max)
{
	memset(search->lanes, 0, sizeof(search->lanes));
	for (size_t i = 0; i < WRIT_IOLOG_STREAMS; i++) {
		search->lanes[i].exact.ring = search->rings + 2 * i * search->length;
		search->lanes[i].visible.ring = search->rings + (2 * i + 1) * search->length;
	}
	search->n_hits = 0;
	search->max = max;
}

static int by_time(const void *a, const void *b)
{
	const struct writ_search_hit *left = a, *right = b;

	if (left->offset.tv_sec != right->offset.tv_sec)
		return left->offset.tv_sec < right->offset.tv_sec ? -1 : 1;
	if (left->offset.tv_nsec != right->offset.tv_nsec)
		return left->offset.tv_nsec < right->offset.tv_nsec ? -1 : 1;
	if (left->stream != right->stream)
		return left->stream < right->stream ? -1 : 1;
	return left->position < right->position ? -1 : left->position > right->position;
}

/* How many of the bytes neither begin the text nor an escape sequence: most of most outputs. */
static size_t skippable(const struct writ_search *search, const struct lane *lane,
			const char *bytes, size_t n)
{
	size_t i = 0;

	if (lane->exact.matched > 0 || lane->visible.matched > 0 ||
	    lane->reading.state != WRIT_VISIBLE_TEXT)
		return 0;
	while (i < n && !search->stops[(unsigned char)bytes[i]])
		i++;
	return i;
}

static void search_chunk(struct writ_search *search, enum writ_iolog_kind stream, size_t n,
			 struct mark *mark)
{
	struct lane *lane = &search->lanes[stream];

	for (size_t i = 0; i < n && search->n_hits < search->max;) {
		size_t skipped = skippable(search, lane, search->chunk + i, n - i);

		i += skipped;
		lane->position += skipped;
		if (i == n)
			break;
		mark->position = lane->position;
		feed(search, stream, (unsigned char)search->chunk[i++], mark);
		lane->position++;
	}
}

static void search_record(struct writ_search *search, struct writ_iolog_reader *reader,
			  const struct writ_iolog_record *record)
{
	struct mark mark = {
		.nanoseconds = record->offset.tv_sec * INT64_C(1000000000) + record->offset.tv_nsec,
		.untimed = record->untimed,
	};
	size_t n;

	while (search->n_hits < search->max &&
	       (n = writ_iolog_read(reader, search->chunk, sizeof(search->chunk))) > 0)
		search_chunk(search, record->kind, n, &mark);
}

size_t writ_search_iolog(struct writ_search *search, struct writ_iolog_reader *reader, size_t max,
			 const struct writ_search_hit **ret_hits)
{
	struct writ_iolog_record record;

	start(search, max);
	while (search->n_hits < search->max && writ_iolog_next(reader, &record))
		if (writ_iolog_kind_is_output(record.kind))
			search_record(search, reader, &record);
	if (search->n_hits > 0)
		qsort(search->hits, search->n_hits, sizeof(*search->hits), by_time);
	*ret_hits = search->hits;
	return search->n_hits;
}
