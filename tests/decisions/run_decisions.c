/* SPDX-License-Identifier: ISC */
/*
 * Runs files of decisions: run_decisions COMMANDS_DIR... -- FILE.json..., TAP on standard output.
 * Every policy is written to a folder of its own and loaded from there as writ check loads it.
 */
#include <errno.h>
#include <ftw.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arena.h"
#include "case.h"
#include "cleanup.h"
#include "decision.h"
#include "error.h"
#include "file.h"
#include "json.h"
#include "json_write.h"
#include "pin.h"
#include "policy.h"
#include "text.h"

static unsigned count, failures;

static void tap(bool ok, const char *file, unsigned line, const char *name, const char *why)
{
	count++;
	failures += !ok;
	printf("%s %u - %s:%u: ", ok ? "ok" : "not ok", count, file, line);
	for (; *name; name++)
		printf(*name == '#' ? "\\%c" : "%c", *name);
	putchar('\n');
	while (!ok && *why) {
		size_t n = strcspn(why, "\n");

		printf("#   %.*s\n", (int)n, why);
		why += n + (why[n] == '\n');
	}
}

__attribute__((noreturn, format(printf, 1, 2))) static void bail_out(const char *format, ...)
{
	va_list args;

	printf("Bail out! ");
	va_start(args, format);
	vprintf(format, args);
	va_end(args);
	putchar('\n');
	exit(1);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

/* Writes a JSON tree out again. */
static void write_tree(const struct writ_json *json, struct writ_json_writer *out)
{
	switch (json->type) {
	case WRIT_JSON_NULL:
		writ_json_add_null(out, json->key);
		break;
	case WRIT_JSON_FALSE:
	case WRIT_JSON_TRUE:
		writ_json_add_bool(out, json->key, json->type == WRIT_JSON_TRUE);
		break;
	case WRIT_JSON_INTEGER:
		writ_json_add_int(out, json->key, json->integer);
		break;
	case WRIT_JSON_REAL:
		bail_out("%s:%u: write numbers with a fraction as text", json->source->file,
			 writ_json_line(json));
	case WRIT_JSON_STRING:
		writ_json_add_string(out, json->key, json->string);
		break;
	case WRIT_JSON_ARRAY:
		writ_json_array_begin(out, json->key);
		writ_each (member, json)
			write_tree(member, out);
		writ_json_array_end(out);
		break;
	case WRIT_JSON_OBJECT:
		writ_json_object_begin(out, json->key);
		writ_each (member, json)
			write_tree(member, out);
		writ_json_object_end(out);
		break;
	}
}

/* A file given as an object, or as an array of its lines, which need be no JSON. */
static void write_file(const char *dir, const char *name, const struct writ_json *json)
{
	char path[PATH_MAX];
	FILE *f;

	snprintf(path, sizeof(path), "%s/%s", dir, name);
	unlink(path);
	f = fopen(path, "w");
	if (!f)
		bail_out("%s: %s", path, strerror(errno));
	if (json->type == WRIT_JSON_ARRAY) {
		writ_each (line, json)
			fprintf(f, "%s\n", line->string);
	} else {
		struct writ_json_writer *out = writ_json_writer_new();
		struct writ_json top = *json;

		top.key = NULL;
		write_tree(&top, out);
		if (!writ_json_writer_text(out, NULL))
			bail_out("%s:%u: cannot be written", json->source->file,
				 writ_json_line(json));
		fputs(writ_json_writer_text(out, NULL), f);
		writ_json_writer_free(out);
	}
	if (fclose(f) != 0)
		bail_out("%s: %s", path, strerror(errno));
}

static void link_commands(const char *dir, const char *from)
{
	auto_closedir DIR *d = opendir(from);
	auto_free char *whole = realpath(from, NULL);
	char target[PATH_MAX], path[PATH_MAX];

	if (!d || !whole)
		bail_out("%s: %s", from, strerror(errno));
	for (struct dirent *e; (e = readdir(d));) {
		if (e->d_name[0] == '.')
			continue;
		snprintf(target, sizeof(target), "%s/%s", whole, e->d_name);
		snprintf(path, sizeof(path), "%s/commands/%s", dir, e->d_name);
		if (symlink(target, path) < 0)
			bail_out("%s: %s", path, strerror(errno));
	}
}

/* The refusal as it is shown: two lines at most, no raw control characters. */
static const char *check_refusal(struct writ_arena *arena, const struct writ_decision *d)
{
	const char *text = writ_decision_refusal(arena, d);
	unsigned lines = 0;

	if (!text || strncmp(text, "writ: refused: ", 15) != 0)
		return "the refusal does not begin with 'writ: refused: '\n";
	for (const char *p = text; *p; p++) {
		lines += *p == '\n';
		if (*p != '\n' && (writ_text_scan(p, 1) & WRIT_TEXT_CONTROL))
			return "the refusal holds a control character\n";
	}
	return lines == 0 || lines > 2 ? "the refusal is not one or two lines\n" : "";
}

/* What holds for every decision. */
static const char *check_shape(struct writ_arena *arena, const struct writ_decision *d)
{
	struct writ_json_writer *out = writ_json_writer_new();
	const char *why = "", *text;
	size_t length;

	for (int subject = 0; subject <= 1; subject++) {
		writ_json_writer_reset(out);
		writ_json_object_begin(out, NULL);
		writ_decision_write(d, subject, out);
		writ_json_object_end(out);
		text = writ_json_writer_text(out, &length);
		if (!text || !writ_json_parse(arena, "decision", text, length, NULL))
			why = "the decision is no JSON\n";
	}
	writ_json_writer_free(out);
	if (*why)
		return why;
	if (!d->reason || !d->told)
		return "a decision without a reason\n";
	if ((d->nearest_rule != NULL) != (d->nearest_failed != NULL))
		return "half a nearest rule\n";
	if (d->verdict != WRIT_VERDICT_ALLOW)
		return check_refusal(arena, d);
	if (!d->run || !d->program || d->program[0] != '/' || !d->runas || !d->rule ||
	    d->code != WRIT_CODE_RULE)
		return "an allow without program, rule or settings\n";
	return "";
}

/* Groups with "one_answer": what the subject is told must be the same in all cases. */
static const char *compare_answer(struct writ_arena *arena, const struct writ_decision *d,
				  char answer[static 1024])
{
	const char *refusal = writ_decision_refusal(arena, d);

	if (!answer[0])
		snprintf(answer, 1024, "%s", refusal);
	return strcmp(answer, refusal) == 0 ? "" : "the subject is told something else\n";
}

/* answer: NULL, or what was told in the group's earlier cases. */
static void run_case(const struct writ_policy *policy, const char *file,
		     const struct writ_json *json, char *answer)
{
	struct writ_arena *arena = writ_arena_new();
	struct decision_case c;
	struct writ_decision d = {0};
	struct writ_error err = {0};
	char message[2048];
	const char *name, *why;

	if (case_parse(arena, json, &c, &err) < 0)
		bail_out("%s", writ_error_string(&err, message, sizeof(message)));
	writ_decide(policy, arena, &c.request, &d);
	name = c.name ? c.name : writ_text_command_line(arena, c.request.argv, c.request.argc, 160);
	why = case_compare(arena, &c, &d);
	if (!*why)
		why = check_shape(arena, &d);
	if (!*why && answer)
		why = compare_answer(arena, &d, answer);
	if (*why)
		why = writ_arena_printf(arena, "%scode %s, rule %s, reason: %s\nnearest %s: %s",
					why, writ_code_to_string(d.code), d.rule ? d.rule : "none",
					d.reason ? d.reason : "none",
					d.nearest_rule ? d.nearest_rule : "none",
					d.nearest_failed ? d.nearest_failed : "none");
	tap(!*why, file, c.line, name, why);
	writ_pins_close(&d);
	writ_arena_free(arena);
}

static bool has_text(const struct writ_json *want, const char *got)
{
	return !want || strstr(got, want->string) != NULL;
}

/* The policy must not load, and the error must say where and what. */
static void check_error(const char *file, const struct writ_json *group, const char *name,
			const struct writ_policy *policy, const struct writ_error *err)
{
	const struct writ_json *want = writ_json_get(group, "error");
	const struct writ_json *in = writ_json_get(want, "file"),
			       *line = writ_json_get(want, "line"),
			       *path = writ_json_get(want, "path"),
			       *message = writ_json_get(want, "message");
	const char *base = strrchr(err->file, '/');
	char got[2048];
	bool ok = !policy;

	writ_error_string(err, got, sizeof(got));
	base = base ? base + 1 : err->file;
	ok = ok && (in && strcmp(in->string, "*") == 0
			    ? err->file[0] != '\0'
			    : strcmp(base, in ? in->string : "policy.json") == 0);
	ok = ok && (!line || err->line == (int)line->integer);
	ok = ok && (!path || strcmp(err->path, path->string) == 0);
	ok = ok && has_text(message, err->message) && err->message[0];
	tap(ok, file, writ_json_line(group), name, policy ? "the policy was loaded" : got);
}

static void write_files(const char *dir, const char *commands, const struct writ_json *group)
{
	const struct writ_json *beside = writ_json_get(group, "beside"),
			       *extra = writ_json_get(group, "commands");

	if (!writ_json_get(group, "policy"))
		bail_out("%s:%u: no policy", group->source->file, writ_json_line(group));
	write_file(dir, "policy.json", writ_json_get(group, "policy"));
	for (const struct writ_json *m = beside ? beside->first : NULL; m; m = m->next)
		write_file(dir, m->key, m);
	for (const struct writ_json *m = extra ? extra->first : NULL; m; m = m->next)
		write_file(commands, m->key, m);
}

static void run_group(const char *file, char **command_dirs, int n_dirs,
		      const struct writ_json *group)
{
	char dir[] = "/tmp/writ-decisions-XXXXXX", path[PATH_MAX], commands[PATH_MAX];
	const struct writ_json *cases = writ_json_get(group, "cases");
	const struct writ_json *name = writ_json_get(group, "name");
	struct writ_policy_options load = {.path = path, .commands = commands, .tests = true};
	struct writ_error err = {0};
	struct writ_policy *policy;
	char got[2048], answer[1024] = "";
	bool one = writ_json_get(group, "one_answer") != NULL;
	const struct writ_json *lacking = writ_json_get(group, "lacking");
	const char *names[8];

	load.lacking = names;
	for (const struct writ_json *m = lacking ? lacking->first : NULL; m; m = m->next)
		if (load.n_lacking < ARRAY_SIZE(names))
			names[load.n_lacking++] = m->string;
	if (!mkdtemp(dir))
		bail_out("%s: %s", dir, strerror(errno));
	snprintf(path, sizeof(path), "%s/policy.json", dir);
	snprintf(commands, sizeof(commands), "%s/commands", dir);
	if (mkdir(commands, 0755) < 0)
		bail_out("%s: %s", commands, strerror(errno));
	for (int i = 0; i < n_dirs; i++)
		link_commands(dir, command_dirs[i]);
	write_files(dir, commands, group);
	policy = writ_policy_load(&load, &err);
	if (writ_json_get(group, "error"))
		check_error(file, group, name ? name->string : "error", policy, &err);
	else if (!policy)
		tap(false, file, writ_json_line(group), name ? name->string : "policy",
		    writ_error_string(&err, got, sizeof(got)));
	for (const struct writ_json *c = cases && policy ? cases->first : NULL; c; c = c->next)
		run_case(policy, file, c, one ? answer : NULL);
	writ_policy_free(policy);
	nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

static void run_file(const char *path, char **command_dirs, int n_dirs)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_error err = {0};
	auto_free char *text = NULL;
	const struct writ_json *json;
	const char *base = strrchr(path, '/');
	size_t length;
	char message[2048];

	if (writ_file_read(path, false, &text, &length, &err) < 0)
		bail_out("%s", writ_error_string(&err, message, sizeof(message)));
	json = writ_json_parse(arena, path, text, length, &err);
	if (!json || json->type != WRIT_JSON_ARRAY)
		bail_out("%s: %s", path, writ_error_string(&err, message, sizeof(message)));
	writ_each (group, json)
		run_group(base ? base + 1 : path, command_dirs, n_dirs, group);
	writ_arena_free(arena);
}

int main(int argc, char **argv)
{
	int n_dirs = 0;

	while (1 + n_dirs < argc && strcmp(argv[1 + n_dirs], "--") != 0)
		n_dirs++;
	for (int i = n_dirs + 2; i < argc; i++)
		run_file(argv[i], argv + 1, n_dirs);
	printf("1..%u\n", count);
	return failures || !count ? 1 : 0;
}
