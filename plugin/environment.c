/* SPDX-License-Identifier: ISC */
#include "environment.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "decision.h"
#include "glob.h"
#include "run.h"
#include "settings.h"
#include "strvec.h"
#include "target.h"
#include "text.h"

/* Of a variable's name. Spelt out: what isalnum(3) says depends on the caller's locale. */
#define NAME_CHARACTERS "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_"
#define ZONEINFO "/usr/share/zoneinfo/"
/* How much of the arguments SUDO_COMMAND shows, as sudo bounds it: it counts against ARG_MAX too.
 */
#define SUDO_COMMAND_ARGUMENTS 4096

/* Index of the variable that has the name of entry ("NAME=…"), or the vector's length. */
static size_t find(const struct writ_strvec *vector, const char *entry)
{
	size_t length = strcspn(entry, "=") + 1, i;

	for (i = 0; i < vector->n; i++)
		if (strncmp(vector->items[i], entry, length) == 0)
			break;
	return i;
}

/* Sets a variable, whatever it was before. */
static void put(struct writ_strvec *vector, const char *entry)
{
	size_t i = entry ? find(vector, entry) : vector->n;

	if (entry && i < vector->n)
		vector->items[i] = (char *)entry;
	else
		writ_strvec_add(vector, entry);
}

static void set(struct writ_strvec *vector, const char *name, const char *value)
{
	put(vector, writ_arena_printf(vector->arena, "%s=%s", name, value));
}

/* As sudoers judges it: TZ may be a path, which the C library then reads, as root. */
static bool is_safe_zone(const char *value)
{
	size_t length = strnlen(value, PATH_MAX);
	char last = '/';

	value += *value == ':';
	if (length >= PATH_MAX ||
	    (*value == '/' && strncmp(value, ZONEINFO, strlen(ZONEINFO)) != 0))
		return false;
	for (const char *c = value; *c; last = *c++) {
		if (*c <= ' ' || *c >= 0x7f)
			return false;
		if (last == '/' && c[0] == '.' && c[1] == '.' && (c[2] == '/' || !c[2]))
			return false;
	}
	return true;
}

/* Nothing that a C library, a shell or a format could take for more than plain text. */
static bool is_safe_value(const char *value)
{
	return !strpbrk(value, "/%") && strncmp(value, "()", 2) != 0 &&
	       writ_text_scan(value, strlen(value)) == 0;
}

/* Said by sudo and writ about the run, never by the caller. */
static bool is_reserved(const char *name)
{
	static const char *const ours[] = {"WRIT_SESSION", "WRIT_EVENT", "WRIT_RULE"};

	for (size_t i = 0; i < ARRAY_SIZE(ours); i++)
		if (strcmp(name, ours[i]) == 0)
			return true;
	return strncmp(name, "SUDO_", 5) == 0;
}

void writ_environment_add_below(struct writ_strvec *vector, const char *entry)
{
	size_t length = strcspn(entry, "=");
	const char *name = writ_arena_strndup(vector->arena, entry, length);

	if (!name)
		vector->failed = true;
	else if (entry[length] && length > 0 && !is_reserved(name) &&
		 find(vector, entry) == vector->n)
		writ_strvec_add(vector, writ_arena_strdup(vector->arena, entry));
}

/* One variable of the caller's: kept if the policy names it and its value is plain. Of two with one
 * name the first counts, as for getenv(3). */
static void keep(struct writ_strvec *vector, const struct writ_run *run, const char *entry)
{
	size_t length = strcspn(entry, "=");
	char name[128];

	if (!entry[length] || length == 0 || length >= sizeof(name) ||
	    strspn(entry, NAME_CHARACTERS) != length || strcspn(entry, "0123456789") == 0)
		return;
	memcpy(name, entry, length);
	name[length] = '\0';
	if (is_reserved(name))
		return;
	for (size_t i = 0; i < run->n_env_keep; i++) {
		if (!writ_glob_match(run->env_keep[i], name))
			continue;
		if (strcmp(name, "TZ") == 0 ? is_safe_zone(entry + 3)
					    : is_safe_value(entry + length + 1))
			if (find(vector, entry) == vector->n)
				writ_strvec_add(vector, entry);
		return;
	}
}

static void set_path(struct writ_strvec *vector, const struct writ_run *run)
{
	const char *path = "";

	for (size_t i = 0; i < run->n_path && path; i++)
		path = writ_arena_printf(vector->arena, "%s%s%s", path, *path ? ":" : "",
					 run->path[i]);
	if (path)
		set(vector, "PATH", path);
	else
		vector->failed = true;
}

static void set_sudo_command(struct writ_strvec *vector, const struct writ_decision *decision)
{
	char arguments[SUDO_COMMAND_ARGUMENTS + 1];
	size_t used = 0;

	for (size_t i = 1; i < decision->argc && used < SUDO_COMMAND_ARGUMENTS; i++) {
		size_t left = SUDO_COMMAND_ARGUMENTS - used - 1;
		size_t length = strnlen(decision->argv[i], left);

		arguments[used++] = ' ';
		memcpy(arguments + used, decision->argv[i], length);
		used += length;
	}
	arguments[used] = '\0';
	put(vector,
	    writ_arena_printf(vector->arena, "SUDO_COMMAND=%s%s", decision->program, arguments));
}

/* What is always there, whatever the policy says; see writ_sudo(8). */
static void set_last(struct writ_strvec *vector, const struct writ_environment *from)
{
	set_sudo_command(vector, from->decision);
	set(vector, "SUDO_USER", from->caller->user);
	put(vector, writ_arena_printf(vector->arena, "SUDO_UID=%u", from->caller->uid));
	put(vector, writ_arena_printf(vector->arena, "SUDO_GID=%u", from->caller->gid));
	if (from->caller_home)
		set(vector, "SUDO_HOME", from->caller_home);
	if (from->caller_tty)
		set(vector, "SUDO_TTY", from->caller_tty);
	if (from->session)
		set(vector, "WRIT_SESSION", from->session);
	set(vector, "WRIT_EVENT", from->event);
	set(vector, "WRIT_RULE", from->decision->rule);
}

char **writ_environment_build(const struct writ_environment *from, struct writ_arena *arena)
{
	/* No program may start another one as root merely to show its output. */
	static const char *const pagers[] = {
		"PAGER=cat",
		"SYSTEMD_PAGER=cat",
		"SYSTEMD_PAGERSECURE=1",
		"LESSSECURE=1",
	};
	const struct writ_run *run = from->decision->run;
	struct writ_strvec vector;

	writ_strvec_init(&vector, arena);
	for (char *const *entry = from->callers; entry && *entry; entry++)
		keep(&vector, run, *entry);
	set_path(&vector, run);
	set(&vector, "HOME", from->target->home);
	set(&vector, "USER", from->target->user);
	set(&vector, "LOGNAME", from->target->user);
	set(&vector, "SHELL", from->target->shell);
	for (size_t i = 0; i < ARRAY_SIZE(pagers); i++)
		put(&vector, pagers[i]);
	for (size_t i = 0; i < run->n_env_set; i++)
		set(&vector, run->env_set[i].name, run->env_set[i].value);
	for (char *const *entry = from->asked; entry && *entry; entry++)
		put(&vector, *entry);
	set_last(&vector, from);
	return writ_strvec_take(&vector);
}
