/* SPDX-License-Identifier: ISC */
/* Times and sizes as systemd reads them, and signals. What the rows say of times is what
 * systemd-analyze timestamp of systemd 252 takes. */
#include "values.h"

static void test_times(void **state)
{
	static const struct value_row rows[] = {
		{"now", "now", 0},
		{"today", "today", 0},
		{"yesterday", "yesterday", 0},
		{"tomorrow", "tomorrow", 0},
		{"today UTC", "today UTC", 0},
		{"-1h", "-1h", 0},
		{"+5min", "+5min", 0},
		{"-5days 3h", "-5days 3h", 0},
		{"-1.5h", "-1.5h", 0},
		{"2 days ago", "2 days ago", 0},
		{"1h left", "1h left", 0},
		{"@1395716396", "@1395716396", 0},
		{"@1.5", "@1.5", 0},
		{"2012-11-23 11:12:13", "2012-11-23 11:12:13", 0},
		{"2012-11-23 11:12:13.654321", "2012-11-23 11:12:13.654321", 0},
		{"2012-11-23 11:12", "2012-11-23 11:12", 0},
		{"2012-11-23", "2012-11-23", 0},
		{"12-11-23", "12-11-23", 0},
		{"2012-1-2 3:4", "2012-1-2 3:4", 0},
		{"11:12:13", "11:12:13", 0},
		{"11:12:13.5", "11:12:13.5", 0},
		{"11:12", "11:12", 0},
		{" 2012-11-23", " 2012-11-23", 0},
		{"Fri 2012-11-23 11:12:13 UTC", "Fri 2012-11-23 11:12:13 UTC", 0},
		{"friday 2012-11-23", "friday 2012-11-23", 0},
		{"2012-11-23 11:12:13 Europe/Berlin", "2012-11-23 11:12:13 Europe/Berlin", 0},
		{"11:12 CET", "11:12 CET", 0},
		{"", NULL, 0},
		{" ", NULL, 0},
		{"whenever", NULL, 0},
		{"Today", NULL, 0},
		{"now UTC", NULL, 0},
		{"-1h UTC", NULL, 0},
		{"1h", NULL, 0},
		{"1h ago ", NULL, 0},
		{"- 5 h", "- 5 h", 0},
		{"--1h", NULL, 0},
		{"-", NULL, 0},
		{"@-5", NULL, 0},
		{"@", NULL, 0},
		{"2012-11-23 ", NULL, 0},
		{"2012-13-23", NULL, 0},
		{"2012-11-23T11:12:13Z", NULL, 0},
		{"2012-11-23 11:12:13 +0200", NULL, 0},
		{"2012-11-23 11:12.5", NULL, 0},
		{"2012-11-23 11:12:13.", NULL, 0},
		{"2012-11-23.5", NULL, 0},
		{"25:00", NULL, 0},
		{"Fri", NULL, 0},
		{"Fri2012-11-23", NULL, 0},
		{"UTC", NULL, 0},
		{"2012-11-23\n", NULL, 0},
	};

	(void)state;
	value_check("time", rows);
}

static void test_long_time(void **state)
{
	static char text[100000];
	const struct value_row rows[] = {{text, NULL, 0}};

	(void)state;
	memset(text, '1', sizeof(text) - 1);
	value_check("time", rows);
	memcpy(text, "@", 1);
	value_check("time", rows);
}

static void test_sizes(void **state)
{
	static const struct value_row rows[] = {
		{"0", "0", 0},
		{"500", "500", 500},
		{"500B", "500B", 500},
		{"1K", "1K", 1024},
		{"500M", "500M", INT64_C(500) << 20},
		{"1G", "1G", INT64_C(1) << 30},
		{"2T", "2T", INT64_C(2) << 40},
		{"3P", "3P", INT64_C(3) << 50},
		{"4E", "4E", INT64_C(4) << 60},
		{"1.5K", "1.5K", 1536},
		{"10.M", "10.M", INT64_C(10) << 20},
		{"1 K", "1 K", 1024},
		{" 1G 512M", " 1G 512M", (INT64_C(1) << 30) + (INT64_C(512) << 20)},
		{"1G1", "1G1", (INT64_C(1) << 30) + 1},
		{"+5", "+5", 5},
		{"5B3", "5B3", 8},
		{"", NULL, 0},
		{"K", NULL, 0},
		{"-1", NULL, 0},
		{"1k", NULL, 0},
		{"1KB", NULL, 0},
		{"1KiB", NULL, 0},
		{"1M 1G", NULL, 0},
		{"1M 1M", NULL, 0},
		{"5 3", NULL, 0},
		{"0x10", NULL, 0},
		{"9E", NULL, 0},
		{"99999999999999999999", NULL, 0},
		{"1G ", NULL, 0},
		{"1 ", "1 ", 1},
		{"1\n", "1\n", 1},
	};

	(void)state;
	value_check_numbers("size", rows);
}

static void test_signals(void **state)
{
	static const struct value_row rows[] = {
		{"TERM", "SIGTERM", 0},
		{"SIGTERM", "SIGTERM", 0},
		{"sigterm", "SIGTERM", 0},
		{"Term", "SIGTERM", 0},
		{"15", "SIGTERM", 0},
		{"9", "SIGKILL", 0},
		{"HUP", "SIGHUP", 0},
		{"1", "SIGHUP", 0},
		{"IOT", "SIGABRT", 0},
		{"CLD", "SIGCHLD", 0},
		{"RTMIN", "SIGRTMIN", 0},
		{"SIGRTMIN+3", "SIGRTMIN+3", 0},
		{"rtmin+30", "SIGRTMIN+30", 0},
		{"RTMAX", "SIGRTMIN+30", 0},
		{"RTMAX-30", "SIGRTMIN", 0},
		{"34", "SIGRTMIN", 0},
		{"64", "SIGRTMIN+30", 0},
		{"", NULL, 0},
		{"SIG", NULL, 0},
		{"0", NULL, 0},
		{"32", NULL, 0},
		{"65", NULL, 0},
		{"015", NULL, 0},
		{"-9", NULL, 0},
		{"9 ", NULL, 0},
		{"SIGSIGTERM", NULL, 0},
		{"NOSUCH", NULL, 0},
		{"RTMIN+31", NULL, 0},
		{"RTMIN-1", NULL, 0},
		{"RTMAX+1", NULL, 0},
		{"RTMIN+", NULL, 0},
		{"help", NULL, 0},
	};

	(void)state;
	value_check("signal", rows);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_times),
		cmocka_unit_test(test_long_time),
		cmocka_unit_test(test_sizes),
		cmocka_unit_test(test_signals),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
