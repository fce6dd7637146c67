/* SPDX-License-Identifier: ISC */
#include "table.h"

#include "arena.h"
#include "error.h"
#include "json.h"

/* Texts that are refused: where the error is, and what it says. */
static void test_refused(void **state)
{
	static const struct {
		const char *name, *text;
		int line;
		const char *path, *message;
	} rows[] = {
		{"empty", "", 1, "", "empty"},
		{"blank", " \n\n", 1, "", "empty"},
		{"a quote behind the end", "{}\n\"", 1, "", "trailing garbage"},
		{"half a word behind the end", "[] t", 1, "", "trailing garbage"},
		{"trailing comma in an object", "{\n\"a\": 1,\n}", 3, "", "not JSON"},
		{"trailing comma in a list", "[1,\n2,\n]", 3, "", "not JSON"},
		{"two values", "{}\n{}", 2, "", "not JSON"},
		{"comment", "{} // no", 1, "", "not JSON"},
		{"single quotes", "{'a': 1}", 1, "", "not JSON"},
		{"unfinished", "{\"a\": [1, 2", 1, "", "not JSON"},
		{"raw newline in a string", "{\"a\": \"b\nc\"}", 1, "", "not JSON"},
		{"invalid UTF-8", "{\n\"a\": \"\xff\"}", 2, "", "not UTF-8"},
		{"overlong UTF-8", "[\"\xc0\xaf\"]", 1, "", "not JSON"},
		{"NUL in a string", "[1,\n\"a\\u0000b\"]", 2, "", "NUL"},
		{"NUL in a key", "{\"a\\u0000\": 1}", 1, "", "NUL"},
		{"same key twice", "{\n\"a\": 1,\n\"a\": 2\n}", 3, "$.a", "given twice"},
		{"same key twice, one escaped", "{\n\"a\": 1,\n\"\\u0061\": 2\n}", 3, "$.a",
		 "given twice"},
		{"same key twice, deeper", "{\"x\": [0, {\"k\": 1, \"k\": 1}]}", 1, "$.x[1].k",
		 "given twice"},
		{"bare word", "yes", 1, "", "not JSON"},
		{"leading zero", "[01]", 1, "", "not JSON"},
		{"byte order mark", "\xef\xbb\xbf{}", 1, "", "not JSON"},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_arena *arena = writ_arena_new();
		struct writ_error err = {0};
		const struct writ_json *json =
			writ_json_parse(arena, "f.json", rows[i].text, strlen(rows[i].text), &err);

		table_true(&t, rows[i].name, "it is refused", json == NULL);
		table_string(&t, rows[i].name, "file", err.file, "f.json");
		table_int(&t, rows[i].name, "line", err.line, rows[i].line);
		table_string(&t, rows[i].name, "path", err.path, rows[i].path);
		table_contains(&t, rows[i].name, "message", err.message, rows[i].message);
		writ_arena_free(arena);
	}
	table_done(&t);
}

static void test_many_keys(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct writ_error err = {0};
	struct table t = {0};
	char text[4096];
	size_t n = 0;

	(void)state;
	n += (size_t)sprintf(text + n, "{");
	for (int i = 0; i < 100; i++)
		n += (size_t)sprintf(text + n, "\"k%d\": %d,\n", i, i);
	sprintf(text + n, "\"k7\": 1}");
	table_true(&t, "twice among many", "it is refused",
		   writ_json_parse(arena, "f", text, strlen(text), &err) == NULL);
	table_int(&t, "twice among many", "line", err.line, 101);
	table_string(&t, "twice among many", "path", err.path, "$.k7");
	writ_arena_free(arena);
	table_done(&t);
}

static void test_depth(void **state)
{
	struct table t = {0};

	(void)state;
	for (size_t depth = WRIT_JSON_DEPTH_MAX - 1; depth <= WRIT_JSON_DEPTH_MAX + 1; depth++) {
		struct writ_arena *arena = writ_arena_new();
		struct writ_error err = {0};
		char text[4 * WRIT_JSON_DEPTH_MAX] = "";
		bool fits = depth <= WRIT_JSON_DEPTH_MAX;

		memset(text, '[', depth);
		memset(text + depth, ']', depth);
		table_true(&t, "nesting", "accepted up to the bound",
			   (writ_json_parse(arena, "f", text, 2 * depth, &err) != NULL) == fits);
		if (!fits)
			table_contains(&t, "nesting", "message", err.message, "too deeply");
		writ_arena_free(arena);
	}
	table_done(&t);
}

static void test_tree(void **state)
{
	static const char text[] = "{\n"
				   "  \"s\": \"a\\nb\",\n"
				   "  \"n\": -12, \"r\": 1.5, \"big\": 99999999999999999999,\n"
				   "  \"l\": [true, false, null,\n"
				   "        {\"odd key\": 1}]\n"
				   "}\n";
	struct writ_arena *arena = writ_arena_new();
	struct writ_error err = {0};
	struct table t = {0};
	const struct writ_json *json =
		writ_json_parse(arena, "f.json", text, sizeof(text) - 1, &err);
	const struct writ_json *list, *odd;

	(void)state;
	assert_non_null(json);
	table_int(&t, "top", "type", json->type, WRIT_JSON_OBJECT);
	table_int(&t, "top", "members", (int64_t)json->length, 5);
	table_string(&t, "s", "string", writ_json_get(json, "s")->string, "a\nb");
	table_int(&t, "s", "line", writ_json_line(writ_json_get(json, "s")), 2);
	table_int(&t, "n", "integer", writ_json_get(json, "n")->integer, -12);
	table_int(&t, "r", "type", writ_json_get(json, "r")->type, WRIT_JSON_REAL);
	table_int(&t, "big", "type", writ_json_get(json, "big")->type, WRIT_JSON_REAL);
	list = writ_json_get(json, "l");
	table_int(&t, "l", "members", (int64_t)list->length, 4);
	odd = list->first->next->next->next->first;
	table_int(&t, "odd", "line", writ_json_line(odd), 5);
	writ_json_error(odd, &err, "no");
	table_string(&t, "odd", "path", err.path, "$.l[3][\"odd key\"]");
	table_true(&t, "absent", "no member", writ_json_get(json, "x") == NULL);
	writ_arena_free(arena);
	table_done(&t);
}

struct object {
	bool flag;
	const char *name;
};

static int read_flag(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_bool(json, &((struct object *)object)->flag, err);
}

static int read_name(const struct writ_json *json, void *object, struct writ_error *err)
{
	return writ_json_string(json, &((struct object *)object)->name, err);
}

static void test_fields(void **state)
{
	static const struct writ_json_field fields[] = {{"flag", false, read_flag},
							{"name", true, read_name}};
	static const struct {
		const char *name, *text, *path, *message; /* message NULL: accepted */
	} rows[] = {
		{"all there", "{\"flag\": true, \"name\": \"x\"}", "", NULL},
		{"a note", "{\"note\": \"for people\", \"name\": \"x\"}", "", NULL},
		{"a note that is no string", "{\"note\": 1, \"name\": \"x\"}", "$.note",
		 "expected a string, not an integer"},
		{"unknown", "{\"name\": \"x\", \"zzz\": 1}", "$.zzz", "unknown key 'zzz'"},
		{"misspelt", "{\"nmae\": \"x\"}", "$.nmae", "did you mean 'name'"},
		{"missing", "{\"flag\": true}", "$", "the key 'name' is missing"},
		{"wrong type", "{\"flag\": \"yes\", \"name\": \"x\"}", "$.flag",
		 "expected true or false, not a string"},
		{"no object", "[]", "$", "expected an object, not an array"},
	};
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(rows); i++) {
		struct writ_arena *arena = writ_arena_new();
		struct writ_error err = {0};
		struct object object = {0};
		const struct writ_json *json =
			writ_json_parse(arena, "f", rows[i].text, strlen(rows[i].text), &err);
		int status = writ_json_fields(json, fields, ARRAY_SIZE(fields), &object, &err);

		table_int(&t, rows[i].name, "status", status, rows[i].message ? -1 : 0);
		table_string(&t, rows[i].name, "path", err.path, rows[i].path);
		if (rows[i].message)
			table_contains(&t, rows[i].name, "message", err.message, rows[i].message);
		writ_arena_free(arena);
	}
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_refused), cmocka_unit_test(test_many_keys),
		cmocka_unit_test(test_depth),   cmocka_unit_test(test_tree),
		cmocka_unit_test(test_fields),
	};

	return cmocka_run_group_tests_name("json", tests, NULL, NULL);
}
