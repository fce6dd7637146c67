/* SPDX-License-Identifier: ISC */
#include "pending.h"

#include <stdlib.h>
#include <string.h>

#include "entry.h"

/* One command, in a chain of its bucket and in the order of all. */
struct node {
	struct writ_pending_command command;
	uint64_t digest;
	struct node *chain;
	struct node *before, *after;
};

struct writ_pending {
	struct node **buckets;
	size_t n_buckets, n;
	struct node *first, *last;
};

struct writ_pending *writ_pending_new(void)
{
	struct writ_pending *pending = calloc(1, sizeof(*pending));

	if (!pending)
		return NULL;
	pending->n_buckets = 1024;
	pending->buckets = calloc(pending->n_buckets, sizeof(struct node *));
	if (!pending->buckets) {
		free(pending);
		return NULL;
	}
	return pending;
}

void writ_pending_command_done(struct writ_pending_command *command)
{
	free(command->id);
	free(command->tsid);
	free(command->host);
}

void writ_pending_free(struct writ_pending *pending)
{
	struct node *node = pending ? pending->first : NULL;

	while (node) {
		struct node *after = node->after;

		writ_pending_command_done(&node->command);
		free(node);
		node = after;
	}
	if (pending)
		free(pending->buckets);
	free(pending);
}

static struct node **bucket_of(const struct writ_pending *pending, uint64_t digest)
{
	return &pending->buckets[digest & (pending->n_buckets - 1)];
}

/* More buckets where there is memory; without, the chains are longer. */
static void grow(struct writ_pending *pending)
{
	size_t n = pending->n_buckets * 2;
	struct node **buckets = calloc(n, sizeof(struct node *));

	if (!buckets)
		return;
	free(pending->buckets);
	pending->buckets = buckets;
	pending->n_buckets = n;
	for (struct node *node = pending->first; node; node = node->after) {
		struct node **bucket = bucket_of(pending, node->digest);

		node->chain = *bucket;
		*bucket = node;
	}
}

/* The string's content on the heap; NULL if it is none. */
static char *copy(struct writ_slice slice)
{
	char *text = writ_slice_is_string(slice) ? malloc(slice.n) : NULL;
	bool cut;

	if (text)
		writ_slice_copy(slice, text, slice.n, &cut);
	return text;
}

int writ_pending_add(struct writ_pending *pending, uint64_t digest, const struct writ_entry *entry)
{
	struct node *node = calloc(1, sizeof(*node)), **bucket;

	if (!node)
		return -1;
	node->command.id = copy(entry->field[WRIT_ENTRY_ID]);
	node->command.tsid = copy(entry->field[WRIT_ENTRY_IOLOG]);
	node->command.host = copy(entry->field[WRIT_ENTRY_HOST]);
	if (!node->command.id) {
		writ_pending_command_done(&node->command);
		free(node);
		/* A decision without an id cannot be waited for. */
		return writ_slice_is_string(entry->field[WRIT_ENTRY_ID]) ? -1 : 0;
	}
	node->command.file = entry->file;
	node->command.offset = entry->offset;
	node->command.number = entry->number;
	node->command.time = entry->time;
	node->digest = digest;
	if (pending->n++ > pending->n_buckets)
		grow(pending);
	bucket = bucket_of(pending, digest);
	node->chain = *bucket;
	*bucket = node;
	node->before = pending->last;
	if (pending->last)
		pending->last->after = node;
	else
		pending->first = node;
	pending->last = node;
	return 0;
}

static void unlink_node(struct writ_pending *pending, struct node *node)
{
	if (node->before)
		node->before->after = node->after;
	else
		pending->first = node->after;
	if (node->after)
		node->after->before = node->before;
	else
		pending->last = node->before;
	pending->n--;
}

bool writ_pending_take(struct writ_pending *pending, uint64_t digest,
		       struct writ_pending_command *ret)
{
	struct node **at = bucket_of(pending, digest), *node;

	while (*at && (*at)->digest != digest)
		at = &(*at)->chain;
	node = *at;
	if (!node)
		return false;
	*at = node->chain;
	unlink_node(pending, node);
	*ret = node->command;
	free(node);
	return true;
}

void writ_pending_each(const struct writ_pending *pending,
		       void (*each)(void *data, const struct writ_pending_command *command),
		       void *data)
{
	for (const struct node *node = pending->first; node; node = node->after)
		each(data, &node->command);
}
