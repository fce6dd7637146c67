/* SPDX-License-Identifier: ISC */
/* Values that are one word: paths, names, units, strings; and environment variables. */
#include "values.h"

static void test_strings(void **state)
{
	static const struct value_row rows[] = {
		{"", "", 0},
		{"a\nb", "a\nb", 0},
		{"\xff", "\xff", 0},
		{"-x", "-x", 0},
	};

	(void)state;
	value_check("string", rows);
	value_check("text", rows);
	value_check("path", rows);
}

static void test_path_inside(void **state)
{
	static const struct value_row rows[] = {
		{"/", "/", 0},
		{"/root/.ollama/x.modelfile", "/root/.ollama/x.modelfile", 0},
		{"//a///b/./c/", "/a/b/c", 0},
		{"/a/..b/c..", "/a/..b/c..", 0},
		{"/a/...", "/a/...", 0},
		{"/a/../b", NULL, 0},
		{"/..", NULL, 0},
		{"/a/..", NULL, 0},
		{"a/b", NULL, 0},
		{"", NULL, 0},
		{"~/x", NULL, 0},
	};

	(void)state;
	value_check("path.inside", rows);
}

static void test_env(void **state)
{
	static const struct value_row rows[] = {
		{"A=1", "{name=A,value=1}", 0},
		{"HOME", "{name=HOME}", 0},
		{"A=", "{name=A,value=}", 0},
		{"A=b=c", "{name=A,value=b=c}", 0},
		{"A B=c\nd", "{name=A B,value=c\nd}", 0},
		{"--rm", "{name=--rm}", 0},
		{"FOO=bar alpine echo", "{name=FOO,value=bar alpine echo}", 0},
		{"=x", NULL, 0},
		{"", NULL, 0},
		{"A=\xff", NULL, 0},
	};

	(void)state;
	value_check("env", rows);
}

static void test_docker_names(void **state)
{
	static const struct value_row rows[] = {
		{"ollama", "ollama", 0},
		{"bench-1", "bench-1", 0},
		{"a_b.C", "a_b.C", 0},
		{"0", "0", 0},
		{"3f4cdeadbeef", "3f4cdeadbeef", 0},
		{"", NULL, 0},
		{".", NULL, 0},
		{"..", NULL, 0},
		{"/db", NULL, 0},
		{"db ", NULL, 0},
		{" db", NULL, 0},
		{"db\n", NULL, 0},
		{"\xc2\xa0"
		 "db",
		 NULL, 0},
		{"../images/foo", NULL, 0},
		{"bench-1/../db", NULL, 0},
		{"-f", NULL, 0},
		{"_a", NULL, 0},
		{"a%2f", NULL, 0},
		{"a?b", NULL, 0},
		{"d\xc3\xa9", NULL, 0},
	};

	(void)state;
	value_check("docker.name", rows);
}

static void test_capabilities(void **state)
{
	static const struct value_row rows[] = {
		{"sys_admin", "CAP_SYS_ADMIN", 0},
		{"SYS_ADMIN", "CAP_SYS_ADMIN", 0},
		{"cap_sys_admin", "CAP_SYS_ADMIN", 0},
		{"CAP_SYS_ADMIN", "CAP_SYS_ADMIN", 0},
		{"all", "ALL", 0},
		{"ALL", "ALL", 0},
		{"cap_all", "CAP_ALL", 0},
		{" sys_admin", "CAP_ SYS_ADMIN", 0},
		{"", "CAP_", 0},
		{"\xc5\xbfys_admin", NULL, 0}, /* long s: upper case is S */
		{"sys_adm\xc4\xb1n", NULL, 0}, /* dotless i: upper case is I */
	};

	(void)state;
	value_check("docker.capability", rows);
}

static void test_units(void **state)
{
	static const struct value_row rows[] = {
		{"nginx", "nginx", 0},
		{"nginx.service", "nginx", 0},
		{"ssh.socket", "ssh.socket", 0},
		{"ssh.socket.service", "ssh.socket.service", 0},
		{"a.b", "a.b", 0},
		{"a.b.service", "a.b", 0},
		{"getty@tty1.service", "getty@tty1", 0},
		{"-.mount", "-.mount", 0},
		{"dev-disk-by\\x2dlabel.device", "dev-disk-by\\x2dlabel.device", 0},
		{".service", ".service", 0},
		{"1a", "1a", 0},
		{"", NULL, 0},
		{"ssh*", NULL, 0},
		{"ssh?", NULL, 0},
		{"ss[h]", NULL, 0},
		{"/dev/sda", NULL, 0},
		{"a/b", NULL, 0},
		{"1234", NULL, 0}, /* to systemctl status a process */
		{"a b", NULL, 0},
		{"a\n", NULL, 0},
		{"\xc3\xa9", NULL, 0},
	};

	(void)state;
	value_check("systemd.unit", rows);
}

#define SECOND INT64_C(1000000000)

static void test_systemd_durations(void **state)
{
	static const struct value_row rows[] = {
		{"5", "5", 5 * SECOND},
		{"5s", "5s", 5 * SECOND},
		{"5min 20s", "5min 20s", 320 * SECOND},
		{"1h30min", "1h30min", 5400 * SECOND},
		{"1 hour", "1 hour", 3600 * SECOND},
		{"1.5", "1.5", 3 * SECOND / 2},
		{".5", ".5", SECOND / 2},
		{"2ms", "2ms", 2000000},
		{"2m", "2m", 120 * SECOND},
		{"1M", "1M", 2629800 * SECOND},
		{"3us", "3us", 3000},
		{"infinity", "infinity", INT64_MAX},
		{" 1d ", " 1d ", 86400 * SECOND},
		{"1w", "1w", 604800 * SECOND},
		{"1y", "1y", 31557600 * SECOND},
		{"0", "0", 0},
		{"", NULL, 0},
		{" ", NULL, 0},
		{"-1", NULL, 0},
		{"1.", NULL, 0},
		{"1.s", NULL, 0},
		{"12.34.56", NULL, 0},
		{"1x", NULL, 0},
		{"s", NULL, 0},
		{"infinityx", NULL, 0},
		{"5S", NULL, 0},
		{"9999999999999999999", NULL, 0},
		{"9223372036854775", NULL, 0},
	};

	(void)state;
	value_check_numbers("duration.systemd", rows);
}

static void test_images(void **state)
{
	static const struct value_row rows[] = {
		{"alpine", "alpine", 0},
		{"docker.io/library/alpine:3.20", "docker.io/library/alpine:3.20", 0},
		{"Alpine", NULL, 0},
		{"alpine ", NULL, 0},
		{"", NULL, 0},
		{"-v", NULL, 0},
	};

	(void)state;
	value_check("image", rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_strings),
		cmocka_unit_test(test_path_inside),
		cmocka_unit_test(test_env),
		cmocka_unit_test(test_docker_names),
		cmocka_unit_test(test_capabilities),
		cmocka_unit_test(test_units),
		cmocka_unit_test(test_systemd_durations),
		cmocka_unit_test(test_images),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
