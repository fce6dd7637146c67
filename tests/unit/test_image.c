/* SPDX-License-Identifier: ISC */
/* engine/image.c: references as docker reads them, and which entry of a policy covers which. */
#include "table.h"

#include "arena.h"
#include "image.h"

#define HEX32 "0123456789abcdef0123456789abcdef"
#define HEX64 HEX32 HEX32
#define SHA256 "sha256:" HEX64
#define A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"
#define A240 A50 A50 A50 A50 "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa"

/* repository NULL: no reference */
static const struct parse_row {
	const char *text, *repository, *tag, *digest;
	bool maybe_id;
} parse_rows[] = {
	{"alpine", "docker.io/library/alpine", NULL, NULL, false},
	{"alpine:3.20", "docker.io/library/alpine", "3.20", NULL, false},
	{"library/alpine", "docker.io/library/alpine", NULL, NULL, false},
	{"docker.io/alpine", "docker.io/library/alpine", NULL, NULL, false},
	{"docker.io/library/alpine", "docker.io/library/alpine", NULL, NULL, false},
	{"index.docker.io/alpine:3", "docker.io/library/alpine", "3", NULL, false},
	{"index.docker.io/a/b", "docker.io/a/b", NULL, NULL, false},
	{"ollama/ollama", "docker.io/ollama/ollama", NULL, NULL, false},
	{"ollama/ollama:0.5-rocm", "docker.io/ollama/ollama", "0.5-rocm", NULL, false},
	{"a/b/c", "docker.io/a/b/c", NULL, NULL, false},
	{"localhost/x", "localhost/x", NULL, NULL, false},
	{"localhost:5000/x:y", "localhost:5000/x", "y", NULL, false},
	{"foo:5000/x", "foo:5000/x", NULL, NULL, false},
	{"foo:5000", "docker.io/library/foo", "5000", NULL, false},
	{"foo.bar/x", "foo.bar/x", NULL, NULL, false},
	{"Foo.Bar:80/x/y", "Foo.Bar:80/x/y", NULL, NULL, false},
	{"127.0.0.1:80/x", "127.0.0.1:80/x", NULL, NULL, false},
	{"[::1]:5000/x", "[::1]:5000/x", NULL, NULL, false},
	{"[fe80:1]/x", "[fe80:1]/x", NULL, NULL, false},
	{"Foo/bar", "Foo/bar", NULL, NULL, false},
	{"foo_bar.com/x", "foo_bar.com/x", NULL, NULL, false},
	{"foo.bar", "docker.io/library/foo.bar", NULL, NULL, false},
	{"a__b.c_d--e-f", "docker.io/library/a__b.c_d--e-f", NULL, NULL, false},
	{"alpine@" SHA256, "docker.io/library/alpine", NULL, SHA256, false},
	{"alpine:3@" SHA256, "docker.io/library/alpine", "3", SHA256, false},
	{"alpine@sha512:" HEX64 HEX64, "docker.io/library/alpine", NULL, "sha512:" HEX64 HEX64,
	 false},
	{"alpine@sha384:" HEX64 HEX32, "docker.io/library/alpine", NULL, "sha384:" HEX64 HEX32,
	 false},
	{"x:_a.b-C", "docker.io/library/x", "_a.b-C", NULL, false},
	{"x:" A50 A50 "1234567890123456789012345678", "docker.io/library/x",
	 A50 A50 "1234567890123456789012345678", NULL, false},
	{"a.b/" A240 "123456789012345", "a.b/" A240 "123456789012345", NULL, NULL, false},
	{A240 "123456z", "docker.io/library/" A240 "123456z", NULL, NULL, false},
	/* what could be an id */
	{"cafe", "docker.io/library/cafe", NULL, NULL, true},
	{"1", "docker.io/library/1", NULL, NULL, true},
	{"0123456789ab", "docker.io/library/0123456789ab", NULL, NULL, true},
	{HEX64, HEX64, NULL, NULL, true},
	{HEX64 "0", "docker.io/library/" HEX64 "0", NULL, NULL, true},
	{"sha256:abc", "docker.io/library/sha256", "abc", NULL, true},
	{SHA256, "docker.io/library/sha256", HEX64, NULL, true},
	{"cafe:latest", "docker.io/library/cafe", "latest", NULL, false},
	{"library/cafe", "docker.io/library/cafe", NULL, NULL, false},
	{"sha256", "docker.io/library/sha256", NULL, NULL, false},
	{"cafe@" SHA256, "docker.io/library/cafe", NULL, SHA256, false},
	/* no reference */
	{"", NULL, NULL, NULL, false},
	{"Alpine", NULL, NULL, NULL, false},
	{"foo/Bar", NULL, NULL, NULL, false},
	{"CAFE", NULL, NULL, NULL, false},
	{" alpine", NULL, NULL, NULL, false},
	{"alpine ", NULL, NULL, NULL, false},
	{"alpine\n", NULL, NULL, NULL, false},
	{"/alpine", NULL, NULL, NULL, false},
	{"alpine/", NULL, NULL, NULL, false},
	{"a//b", NULL, NULL, NULL, false},
	{"../alpine", NULL, NULL, NULL, false},
	{"./alpine", NULL, NULL, NULL, false},
	{"-alpine", NULL, NULL, NULL, false},
	{"alpine-", NULL, NULL, NULL, false},
	{"a..b", NULL, NULL, NULL, false},
	{"a___b", NULL, NULL, NULL, false},
	{"a.-b", NULL, NULL, NULL, false},
	{"a+b", NULL, NULL, NULL, false},
	{"alpine:", NULL, NULL, NULL, false},
	{"alpine:.3", NULL, NULL, NULL, false},
	{"alpine:-3", NULL, NULL, NULL, false},
	{"alpine:a b", NULL, NULL, NULL, false},
	{"alpine:a:b", NULL, NULL, NULL, false},
	{"x:" A50 A50 "12345678901234567890123456789", NULL, NULL, NULL, false},
	{":tag", NULL, NULL, NULL, false},
	{"alpine@", NULL, NULL, NULL, false},
	{"alpine@sha256", NULL, NULL, NULL, false},
	{"alpine@sha256:abc", NULL, NULL, NULL, false},
	{"alpine@sha256:" HEX64 "0", NULL, NULL, NULL, false},
	{"alpine@sha256:" HEX32 "0123456789ABCDEF0123456789ABCDEF", NULL, NULL, NULL, false},
	{"alpine@md5:" HEX32, NULL, NULL, NULL, false},
	{"alpine@SHA256:" HEX64, NULL, NULL, NULL, false},
	{"alpine@" SHA256 "@" SHA256, NULL, NULL, NULL, false},
	{"@" SHA256, NULL, NULL, NULL, false},
	{"foo:5000/", NULL, NULL, NULL, false},
	{"foo:x/y", NULL, NULL, NULL, false},
	{"foo:/y", NULL, NULL, NULL, false},
	{":5000/y", NULL, NULL, NULL, false},
	{"-foo.bar/x", NULL, NULL, NULL, false},
	{"foo-.bar/x", NULL, NULL, NULL, false},
	{"foo..bar/x", NULL, NULL, NULL, false},
	{"foo./x", NULL, NULL, NULL, false},
	{"Foo_bar/x", NULL, NULL, NULL, false},
	{"foo_bar:80/x", NULL, NULL, NULL, false},
	{"[]:80/x", NULL, NULL, NULL, false},
	{"[::1/x", NULL, NULL, NULL, false},
	{"[::1%eth0]:80/x", NULL, NULL, NULL, false},
	{"http://foo/x", NULL, NULL, NULL, false},
	{"caf\xc3\xa9", NULL, NULL, NULL, false},
	{"a.b/" A240 "1234567890123456", NULL, NULL, NULL, false},
	{A240 "1234567z", NULL, NULL, NULL, false},
};

static void test_parse(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(parse_rows); i++) {
		const struct parse_row *row = &parse_rows[i];
		struct writ_image image = {0};

		table_int(&t, row->text, "result", writ_image_parse(arena, row->text, &image),
			  row->repository ? 0 : -1);
		table_string(&t, row->text, "repository", image.repository, row->repository);
		table_string(&t, row->text, "tag", image.tag, row->tag);
		table_string(&t, row->text, "digest", image.digest, row->digest);
		table_int(&t, row->text, "maybe an id", image.maybe_id, row->maybe_id);
	}
	writ_arena_free(arena);
	table_done(&t);
}

static const struct match_row {
	const char *entry, *text;
	enum writ_truth want;
} match_rows[] = {
	{"alpine", "alpine", WRIT_YES},
	{"alpine", "docker.io/library/alpine:3", WRIT_YES},
	{"alpine", "alpine@" SHA256, WRIT_YES},
	{"alpine", "alpine2", WRIT_NO},
	{"alpine", "evil/alpine", WRIT_NO},
	{"alpine", "localhost/alpine", WRIT_NO},
	{"alpine", "evil.example/library/alpine", WRIT_NO},
	{"alpine:3.20", "alpine:3.20", WRIT_YES},
	{"alpine:3.20", "alpine", WRIT_NO},
	{"alpine:3.20", "alpine:3.2", WRIT_NO},
	{"alpine:3.20", "alpine:3.20@" SHA256, WRIT_NO},
	{"alpine:latest", "alpine", WRIT_YES},
	{"alpine:latest", "alpine:latest", WRIT_YES},
	{"alpine:latest", "alpine@" SHA256, WRIT_NO},
	{"alpine@" SHA256, "alpine@" SHA256, WRIT_YES},
	{"alpine@" SHA256, "alpine:3@" SHA256, WRIT_YES},
	{"alpine@" SHA256, "alpine@sha512:" HEX64 HEX64, WRIT_NO},
	{"alpine@" SHA256, "alpine:3", WRIT_NO},
	{"alpine:3@" SHA256, "alpine@" SHA256, WRIT_YES},
	{"ollama/ollama", "ollama/ollama:rocm", WRIT_YES},
	{"ollama/ollama", "ollama", WRIT_NO},
	{"cafe", "cafe", WRIT_UNSURE},
	{"cafe", "library/cafe", WRIT_YES},
	{"alpine", "cafe", WRIT_UNSURE},
	{"alpine", "sha256:abc", WRIT_UNSURE},
	{"alpine", HEX64, WRIT_UNSURE},
	{HEX64, HEX64, WRIT_UNSURE},
};

static void test_match(void **state)
{
	struct writ_arena *arena = writ_arena_new();
	struct table t = {0};

	(void)state;
	for (size_t i = 0; i < ARRAY_SIZE(match_rows); i++) {
		const struct match_row *row = &match_rows[i];
		struct writ_image entry, image;

		assert_int_equal(writ_image_parse(arena, row->entry, &entry), 0);
		assert_int_equal(writ_image_parse(arena, row->text, &image), 0);
		table_int(&t, row->entry, row->text, writ_image_match(&image, &entry), row->want);
	}
	writ_arena_free(arena);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_parse),
		cmocka_unit_test(test_match),
	};

	return cmocka_run_group_tests_name("image", tests, NULL, NULL);
}
