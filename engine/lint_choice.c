/* SPDX-License-Identifier: ISC */
/* What an allow rule leaves to the subject. */
#include <string.h>

#include "arena.h"
#include "cleanup.h"
#include "command.h"
#include "glob.h"
#include "json.h"
#include "lint_check.h"
#include "matcher.h"
#include "policy_data.h"
#include "regex.h"
#include "session_rule.h"

static const char check[] = "free-choice";

/* A regex that takes all of the words of one list leaves nothing out that an attacker could want,
 * whatever marks it does without. */
static const char *const any_word[] = {
	"/etc/shadow", "../../root/.ssh/id_ed25519", "x", "host", "0", NULL};
static const char *const any_path[] = {"/", "/etc/shadow", "/root/.ssh/id_ed25519", "/proc/1/mem",
				       NULL};
static const char *const any_mount[] = {"/:/x", "/etc/shadow:/x", "/root/.ssh:/x:ro",
					"/var/run/docker.sock:/x", NULL};

static bool takes_all(const struct writ_regex *regex, const char *const *words)
{
	for (; *words; words++)
		if (writ_regex_match(regex, *words, strlen(*words), false) != WRIT_YES)
			return false;
	return true;
}

static enum writ_freedom regex_freedom(const struct writ_regex *regex)
{
	bool any = takes_all(regex, any_word) || takes_all(regex, any_path) ||
		   takes_all(regex, any_mount);

	return any ? WRIT_FREEDOM_FULL : WRIT_FREEDOM_NONE;
}

/* "*", and what asks for some character, or for none in particular: "?*", "[!x]*". */
static enum writ_freedom glob_freedom(const char *glob)
{
	static const char *const words[] = {"host", "root", "-x", "0123", "some-longer.word"};

	for (size_t i = 0; i < ARRAY_SIZE(words); i++)
		if (!writ_glob_match(glob, words[i]))
			return WRIT_FREEDOM_NONE;
	return WRIT_FREEDOM_FULL;
}

static enum writ_freedom path_freedom(const struct writ_path_rule *path)
{
	bool whole = false;

	for (size_t i = 0; i < path->n_under; i++)
		whole = whole || strcmp(path->under[i], "/") == 0;
	if (path->n_exact || (path->n_under && !whole))
		return WRIT_FREEDOM_NONE;
	return path->n_not_under ? WRIT_FREEDOM_EXCEPT : WRIT_FREEDOM_FULL;
}

static enum writ_freedom list_freedom(const struct writ_matcher *m)
{
	bool any = m->kind == WRIT_MATCH_ANY;
	enum writ_freedom all = any ? WRIT_FREEDOM_NONE : WRIT_FREEDOM_FULL;

	for (size_t i = 0; i < m->list.n; i++) {
		enum writ_freedom one = writ_lint_freedom(m->list.items[i]);

		if (any ? one > all : one < all)
			all = one;
	}
	return all;
}

static enum writ_freedom fields_freedom(const struct writ_matcher *m)
{
	enum writ_freedom all = WRIT_FREEDOM_FULL;

	for (size_t i = 0; i < m->fields.n; i++) {
		enum writ_freedom one = writ_lint_freedom(m->fields.items[i].matcher);

		/* Where it comes from on the host is what counts. */
		if (strcmp(m->fields.items[i].name, "source") == 0)
			return one;
		if (one < all)
			all = one;
	}
	return all;
}

enum writ_freedom writ_lint_freedom(const struct writ_matcher *m)
{
	if (m->kind == WRIT_MATCH_TRUE)
		return WRIT_FREEDOM_FULL;
	if (m->kind == WRIT_MATCH_GLOB)
		return glob_freedom(m->glob);
	if (m->kind == WRIT_MATCH_REGEX)
		return regex_freedom(m->regex.compiled);
	if (m->kind == WRIT_MATCH_PATH)
		return path_freedom(&m->path);
	if (m->kind == WRIT_MATCH_ANY || m->kind == WRIT_MATCH_ALL)
		return list_freedom(m);
	if (m->kind == WRIT_MATCH_FIELDS)
		return fields_freedom(m);
	if (m->kind == WRIT_MATCH_NOT)
		return writ_lint_freedom(m->inner) == WRIT_FREEDOM_FULL ? WRIT_FREEDOM_NONE
									: WRIT_FREEDOM_EXCEPT;
	return WRIT_FREEDOM_NONE;
}

static const char *how(enum writ_freedom freedom)
{
	return freedom == WRIT_FREEDOM_FULL ? "freely" : "among all but what is named";
}

static bool is_harmless(enum writ_class class)
{
	return class == WRIT_CLASS_DISPLAY || class == WRIT_CLASS_LIMIT ||
	       class == WRIT_CLASS_DETAIL;
}

static void check_option(struct writ_linting *lint, const struct writ_json *node,
			 const struct writ_option_rule *rule)
{
	const struct writ_option *option = rule->option;
	const char *dashes = writ_option_dashes(option);
	enum writ_freedom freedom = writ_lint_freedom(rule->matcher);

	if (is_harmless(option->class) || freedom == WRIT_FREEDOM_NONE)
		return;
	if (!option->type)
		writ_lint_warn(lint, node, check, "lets the subject give %s%s, of class %s", dashes,
			       option->name, writ_class_to_string(option->class));
	else
		writ_lint_warn(lint, node, check,
			       "lets the subject choose the value of %s%s, of class %s, %s", dashes,
			       option->name, writ_class_to_string(option->class), how(freedom));
}

/* Programs that run what their arguments say. */
static bool is_interpreter(const char *program)
{
	static const char *const names[] = {
		"sh",     "bash",        "dash",     "zsh",
		"ksh",    "fish",        "busybox",  "env",
		"nice",   "timeout",     "xargs",    "find",
		"awk",    "gawk",        "mawk",     "sed",
		"perl",   "ruby",        "node",     "lua",
		"php",    "tclsh",       "expect",   "ssh",
		"sudo",   "su",          "nsenter",  "unshare",
		"chroot", "vi",          "vim",      "make",
		"git",    "tar",         "nohup",    "setsid",
		"stdbuf", "ionice",      "taskset",  "chrt",
		"flock",  "watch",       "script",   "strace",
		"gdb",    "systemd-run", "runuser",  "setpriv",
		"pkexec", "doas",        "parallel", "less",
		"more",   "man",         "nano",     "emacs",
		"ed",     "ex",          "view",     "screen",
		"tmux",   "socat",       "rsync",    "scp",
		"sftp",   "crontab",     "at",       "start-stop-daemon",
		"ip",     "docker",      "podman",
	};
	const char *slash = strrchr(program, '/'), *name = slash ? slash + 1 : program;

	for (size_t i = 0; i < ARRAY_SIZE(names); i++)
		if (strcmp(names[i], name) == 0)
			return true;
	return strncmp(name, "python", 6) == 0;
}

static bool has_free_word(const struct writ_vector *vector, size_t from)
{
	for (size_t i = from; i < vector->n; i++)
		if (writ_lint_freedom(vector->elements[i]) != WRIT_FREEDOM_NONE)
			return true;
	return vector->rest && writ_lint_freedom(vector->rest) != WRIT_FREEDOM_NONE;
}

/* Whether a word is free and could be an option: nothing says that it is none. */
static bool has_free_option(const struct writ_vector *vector)
{
	for (size_t i = 0; i < vector->n; i++) {
		const struct writ_matcher *m = vector->elements[i];

		if (m->kind == WRIT_MATCH_TEXT && strcmp(m->text.text, "--") == 0)
			return false;
		if (writ_lint_freedom(m) != WRIT_FREEDOM_NONE)
			return true;
	}
	return false;
}

/* The words of a COMMAND... operand, the program's name first. */
static void check_words(struct writ_linting *lint, const struct writ_json *node,
			const struct writ_matcher *m)
{
	for (size_t i = 0; i < m->argv.n; i++) {
		const struct writ_vector *v = &m->argv.vectors[i];
		const struct writ_matcher *first = v->n ? v->elements[0] : v->rest;

		if (first && writ_lint_freedom(first) != WRIT_FREEDOM_NONE)
			writ_lint_warn(lint, node, check, "lets the subject choose the program");
		else if (first && first->kind == WRIT_MATCH_TEXT && v->n &&
			 is_interpreter(first->text.text) && has_free_word(v, 1))
			writ_lint_warn(lint, node, check,
				       "%s runs what its arguments say, and one of them is free",
				       first->text.text);
	}
}

static void check_cover(struct writ_linting *lint, const struct writ_json *json,
			const struct writ_cover *cover);

/* A COMMAND... operand: lists in the JSON and in the matcher run in step, but for sets. */
static void check_command(struct writ_linting *lint, const struct writ_json *node,
			  const struct writ_matcher *m)
{
	const struct writ_json *member = node->type == WRIT_JSON_ARRAY ? node->first : NULL;

	if (m->kind == WRIT_MATCH_TRUE)
		writ_lint_warn(lint, node, check, "lets the subject run any command");
	else if (m->kind == WRIT_MATCH_COMMAND)
		check_cover(lint, node, &m->cover);
	else if (m->kind == WRIT_MATCH_ARGV)
		check_words(lint, node, m);
	for (size_t i = 0; m->kind == WRIT_MATCH_ANY && i < m->list.n; i++) {
		check_command(lint, member ? member : node, m->list.items[i]);
		member = member ? member->next : NULL;
	}
}

static void check_operand(struct writ_linting *lint, const struct writ_json *node,
			  const struct writ_operand_rule *rule)
{
	enum writ_freedom freedom = writ_lint_freedom(rule->matcher);

	if (rule->operand->command)
		check_command(lint, node, rule->matcher);
	else if (freedom != WRIT_FREEDOM_NONE && rule->operand->type->kind == WRIT_VALUE_PATH)
		writ_lint_warn(lint, node, check, "lets the subject choose the path %s %s",
			       rule->operand->name, how(freedom));
}

/* The member of "options" that means this option; the object itself where it stands elsewhere. */
static const struct writ_json *option_node(const struct writ_json *json,
					   const struct writ_cover *cover,
					   const struct writ_option *option)
{
	const struct writ_json *options = writ_json_get(json, "options");

	for (const struct writ_json *m = options ? options->first : NULL; m; m = m->next)
		for (size_t i = 0; i < cover->n_commands; i++)
			if (writ_command_option(cover->commands[i], m->key, true) == option)
				return m;
	return json;
}

static const struct writ_json *operand_node(const struct writ_json *json,
					    const struct writ_operand *operand)
{
	const struct writ_json *operands = writ_json_get(json, "operands");
	const struct writ_json *node = operands ? writ_json_get(operands, operand->name) : NULL;

	return node ? node : json;
}

/* A name that means options of several commands is looked at once. */
static void check_cover(struct writ_linting *lint, const struct writ_json *json,
			const struct writ_cover *cover)
{
	const struct writ_json *last = NULL, *node;

	for (size_t i = 0; i < cover->n_options; i++) {
		node = option_node(json, cover, cover->options[i].option);
		if (node != last || node == json)
			check_option(lint, node, &cover->options[i]);
		last = node;
	}
	last = NULL;
	for (size_t i = 0; i < cover->n_operands; i++) {
		node = operand_node(json, cover->operands[i].operand);
		if (node != last || node == json)
			check_operand(lint, node, &cover->operands[i]);
		last = node;
	}
}

static void check_programs(struct writ_linting *lint, const struct writ_json *json,
			   const struct writ_rule *rule)
{
	const struct writ_json *argv = writ_json_get(json, "argv");
	const struct writ_json *node = argv ? argv->first : json;
	const char *interpreter = NULL;

	for (size_t i = 0; i < rule->n_programs && !interpreter; i++)
		if (is_interpreter(rule->programs[i]))
			interpreter = rule->programs[i];
	for (size_t i = 0; i < rule->n_vectors; i++) {
		const struct writ_vector *v = &rule->vectors[i];

		if (interpreter && has_free_word(v, 0))
			writ_lint_warn(lint, node ? node : json, check,
				       "%s runs what its arguments say, and one of them is free",
				       interpreter);
		else if (v->rest && writ_lint_freedom(v->rest) != WRIT_FREEDOM_NONE)
			writ_lint_warn(lint, node ? node : json, check,
				       "lets the subject give %s any further arguments, options "
				       "included",
				       rule->programs[0]);
		else if (has_free_option(v))
			writ_lint_warn(lint, node ? node : json, check,
				       "lets the subject choose an argument of %s, which may be "
				       "an option",
				       rule->programs[0]);
		node = node ? node->next : NULL;
	}
}

void writ_lint_choices(struct writ_linting *lint, const struct writ_rule *rule,
		       const struct writ_json *json)
{
	const struct writ_json *session = writ_json_get(json, "session");

	if (rule->n_programs)
		check_programs(lint, json, rule);
	else
		check_cover(lint, json, &rule->cover);
	if (session && rule->session && rule->session->n_keys)
		writ_lint_warn(lint, writ_json_get(session, "key"), "session-key",
			       "a key tells who asked, for the log; agents on one account are not "
			       "isolated by it");
	if (session && rule->session && rule->session->tagged_given && !rule->session->tagged)
		writ_lint_warn(
			lint, writ_json_get(session, "tagged"), "session-untagged",
			"a subject can leave its login's session, and so be untagged when it "
			"likes");
}
