/* SPDX-License-Identifier: ISC */
/* Options of a table by their names, and which of them a command knows. */
#include <string.h>

#include "table.h"

bool table_has_name(const struct table_option *option, const char *name)
{
	if (strcmp(option->own, name) == 0)
		return true;
	for (size_t i = 0; i < option->n_names; i++)
		if (strcmp(option->names[i], name) == 0)
			return true;
	return false;
}

static bool is_hidden(const struct table_option *const *seen, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (table_has_name(seen[i], name))
			return true;
	return false;
}

/* Options by nearness, of the command itself only those that are handed down unless own. */
static size_t collect(const struct table_command *command, bool own,
		      const struct table_option **ret, size_t max)
{
	size_t n = 0;

	for (const struct table_command *c = command; c; c = c->parent) {
		size_t nearer = n;

		for (size_t i = 0; i < c->n_options && n < max; i++)
			if ((!c->options[i].here || (own && c == command)) &&
			    !is_hidden(ret, nearer, c->options[i].own))
				ret[n++] = &c->options[i];
	}
	return n;
}

size_t table_visible(const struct table_command *command, const struct table_option **ret,
		     size_t max)
{
	return collect(command, true, ret, max);
}

size_t table_inherited(const struct table_command *command, const struct table_option **ret,
		       size_t max)
{
	return collect(command, false, ret, max);
}

bool table_is_taken(const struct table_command *command, const char *name)
{
	for (const struct table_command *c = command; c; c = c->parent)
		for (size_t i = 0; i < c->n_options; i++)
			if (table_has_name(&c->options[i], name))
				return true;
	return false;
}
