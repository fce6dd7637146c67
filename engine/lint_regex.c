/* SPDX-License-Identifier: ISC */
/* A "." in a regex that was most likely meant as a full stop: "registry.example.com". */
#include <string.h>

#include "cleanup.h"
#include "json.h"
#include "lint_check.h"

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_word(char c)
{
	return is_letter(c) || (c >= '0' && c <= '9') || c == '_' || c == '-';
}

/* Endings of host names, units and files; none of them is a likely word behind a wildcard. */
static bool is_suffix(const char *s)
{
	static const char *const suffixes[] = {
		"com",    "org",  "net",  "io",  "dev",       "service", "socket", "timer",
		"target", "json", "yaml", "yml", "toml",      "conf",    "log",    "txt",
		"gz",     "sock", "sh",   "py",  "modelfile", "gguf",    "tar",    "zip",
	};

	for (size_t i = 0; i < ARRAY_SIZE(suffixes); i++) {
		size_t n = strlen(suffixes[i]);

		/* Quantified, its last letter is none of the word. */
		if (strncmp(s, suffixes[i], n) == 0 && !is_word(s[n]) &&
		    !(s[n] && strchr("*+?{", s[n])))
			return true;
	}
	return false;
}

/* The first such "."; NULL if there is none. Classes and escapes are passed over. */
static const char *find_dot(const char *pattern)
{
	bool in_class = false;

	for (const char *p = pattern; *p; p++) {
		if (*p == '\\' && p[1]) {
			p++;
		} else if (in_class) {
			in_class = *p != ']';
		} else if (*p == '[') {
			in_class = true;
			p += p[1] == '^';
			p += p[1] == ']';
		} else if (*p == '.' && p > pattern && is_word(p[-1]) &&
			   (p - 1 == pattern || p[-2] != '\\') && is_suffix(p + 1)) {
			return p;
		}
	}
	return NULL;
}

void writ_lint_regexes(struct writ_linting *lint, const struct writ_json *json)
{
	const char *dot;

	if (json->type != WRIT_JSON_OBJECT && json->type != WRIT_JSON_ARRAY)
		return;
	writ_each (member, json) {
		writ_lint_regexes(lint, member);
		if (!member->key || strcmp(member->key, "regex") != 0 ||
		    member->type != WRIT_JSON_STRING)
			continue;
		dot = find_dot(member->string);
		if (dot)
			writ_lint_warn(lint, member, "regex-dot",
				       "the '.' before '%.20s' takes any character: write \\. for "
				       "a full stop",
				       dot + 1);
	}
}
