/* SPDX-License-Identifier: ISC */
#include "pin.h"

#include <fcntl.h>
#include <stdbool.h>
#include <string.h>
#include <sys/stat.h>

#include "arena.h"
#include "cleanup.h"
#include "path.h"
#include "path_cache.h"

/* The element of argv that text is the end of; argc: none. */
static size_t find_element(const struct writ_pins *pins, const char *text)
{
	size_t i = 0;

	for (; i < pins->argc; i++)
		if (text >= pins->argv[i] && text <= pins->argv[i] + strlen(pins->argv[i]))
			break;
	return i;
}

static bool has_element(const struct writ_pins *pins, size_t index)
{
	for (size_t i = 0; i < pins->n; i++)
		if (pins->items[i].index == index)
			return true;
	return false;
}

int writ_pins_add(struct writ_pins *pins, const struct writ_path_rule *rule, const char *text,
		  const struct writ_path_look *look)
{
	const struct writ_place *last = writ_resolved_last(&look->path);
	bool directory = S_ISDIR(last->mode), entry = !directory && rule->pin == WRIT_PIN_ENTRY;
	size_t index = find_element(pins, text);
	struct writ_pin pin = {
		.index = index,
		.typed = text,
		.path = look->path.text,
		.directory = directory,
		.fd = directory || entry ? look->fds.directory : look->fds.file,
	};

	if (index == pins->argc || (pin.fd < 0 && !last->imagined))
		return -1;
	if (has_element(pins, index))
		return 0;
	if (!pins->items)
		pins->items = writ_arena_alloc(pins->arena, WRIT_PINS_MAX, sizeof(*pins->items));
	if (!pins->items || pins->n == WRIT_PINS_MAX)
		return -1;
	pin.prefix = writ_arena_strndup(pins->arena, pins->argv[index],
					(size_t)(text - pins->argv[index]));
	if (!pin.prefix)
		return -1;
	if (entry)
		pin.name = strrchr(pin.path, '/') + 1;
	pins->items[pins->n++] = pin;
	return 0;
}

int writ_pins_take(struct writ_pin *pins, size_t n)
{
	for (size_t i = 0; i < n; i++) {
		if (pins[i].fd < 0)
			continue;
		/* 0 to 2 are never the program's to lose. */
		pins[i].fd = fcntl(pins[i].fd, F_DUPFD_CLOEXEC, 3);
		if (pins[i].fd >= 0)
			continue;
		while (i-- > 0)
			writ_cleanup_close(&pins[i].fd);
		return -1;
	}
	return 0;
}

void writ_pins_close(struct writ_decision *decision)
{
	for (size_t i = 0; i < decision->n_pins; i++) {
		writ_cleanup_close(&decision->pins[i].fd);
		decision->pins[i].fd = -1;
	}
}

char *writ_pin_argument(struct writ_arena *arena, const struct writ_pin *pin, int fd)
{
	return writ_arena_printf(arena, "%s/proc/self/fd/%d%s%s", pin->prefix, fd,
				 pin->directory || pin->name ? "/" : "",
				 pin->name ? pin->name : "");
}
