/* SPDX-License-Identifier: ISC */
#include "table.h"

#include <stdalign.h>

#include "arena.h"

static bool is_zero(const unsigned char *p, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (p[i])
			return false;
	return true;
}

/* Memory is zeroed and aligned, also where it was used before, and large pieces get room of their
 * own. */
static void test_alloc(void **state)
{
	static const size_t sizes[] = {0, 1, 15, 16, 17, 1000, 16384, 100000, 5000000};
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	assert_non_null(arena);
	for (int round = 0; round < 3; round++) {
		for (size_t i = 0; i < ARRAY_SIZE(sizes); i++) {
			unsigned char *p = writ_arena_alloc(arena, 1, sizes[i]);

			assert_non_null(p);
			table_true(&t, "alloc", "zeroed", is_zero(p, sizes[i]));
			table_int(&t, "alloc", "alignment",
				  (int64_t)((uintptr_t)p % alignof(max_align_t)), 0);
			memset(p, 0xff, sizes[i]);
		}
		writ_arena_reset(arena);
	}
	table_true(&t, "overflow", "NULL", !writ_arena_alloc(arena, SIZE_MAX / 2, 3));
	table_true(&t, "too much", "NULL", !writ_arena_alloc(arena, 1, SIZE_MAX - 3));
	writ_arena_free(arena);
	writ_arena_free(NULL);
	table_done(&t);
}

static void test_strings(void **state)
{
	struct writ_arena *arena = writ_arena_new();

	(void)state;
	assert_non_null(arena);
	assert_string_equal(writ_arena_strdup(arena, ""), "");
	assert_string_equal(writ_arena_strdup(arena, "abc"), "abc");
	assert_string_equal(writ_arena_strndup(arena, "abc", 2), "ab");
	assert_string_equal(writ_arena_concat(arena, "a", "", "bc", NULL), "abc");
	assert_string_equal(writ_arena_printf(arena, "%d-%s", 5, "x"), "5-x");
	writ_arena_free(arena);
}

static char released[8];

static void release(void *object)
{
	strncat(released, object, 1);
}

/* What is deferred is released once, last first, when the arena is reset or freed. */
static void test_defer(void **state)
{
	static char a[] = "a", b[] = "b", c[] = "c";
	struct writ_arena *arena = writ_arena_new();

	(void)state;
	assert_non_null(arena);
	assert_int_equal(writ_arena_defer(arena, release, a), 0);
	assert_int_equal(writ_arena_defer(arena, release, b), 0);
	assert_string_equal(released, "");
	writ_arena_reset(arena);
	assert_string_equal(released, "ba");
	assert_int_equal(writ_arena_defer(arena, release, c), 0);
	writ_arena_free(arena);
	assert_string_equal(released, "bac");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_alloc),
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_defer),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
