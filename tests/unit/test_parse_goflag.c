/* SPDX-License-Identifier: ISC */
#include "reading.h"

static void test_goflag(void **state)
{
	static const char file[] =
		"{'command': 'p', 'programs': ['/p'], 'syntax': 'goflag', 'options': {"
		" 'name': {'value': 'string', 'aliases': ['n']}, 'v': {}, 'count': {'value': "
		"'int'},"
		" 'wait': {'value': 'duration.go'}},"
		" 'subcommands': {'sub': {'options': {'x': {}}, 'operands': ['[WORD...]']}},"
		" 'operands': ['[WORD...]']}";
	static const struct reading_row rows[] = {
		{"one dash", WORDS("p", "-name", "x"), "p --name=x"},
		{"two dashes", WORDS("p", "--name", "x"), "p --name=x"},
		{"equals", WORDS("p", "-name=x=y"), "p --name=x=y"},
		{"an empty value", WORDS("p", "-name="), "p --name="},
		{"an alias", WORDS("p", "-n", "-v"), "p --name=-v"},
		{"-- as a value", WORDS("p", "-name", "--", "a"), "p --name=-- WORD=a"},
		{"a flag", WORDS("p", "-v", "--v"), "p -v -v"},
		{"a flag's value by equals", WORDS("p", "-v=false", "-v=T"), "p -v=false -v"},
		{"a flag's next word is an operand", WORDS("p", "-v", "false"), "p -v WORD=false"},
		{"no clusters", WORDS("p", "-vn", "x"),
		 "error: p has no option -vn (did you mean -n?)"},
		{"nothing is attached", WORDS("p", "-nx"),
		 "error: p has no option -nx (did you mean -n?)"},
		{"no abbreviation", WORDS("p", "-nam", "x"),
		 "error: p has no option -nam (did you mean -name?)"},
		{"no value", WORDS("p", "-name"), "error: p: -name needs a value"},
		{"not a boolean", WORDS("p", "-v=2"),
		 "error: p: -v: '2' is neither true nor false"},
		{"no name", WORDS("p", "-=x"), "error: p: '-=x' is no option"},
		{"three dashes", WORDS("p", "---v"), "error: p: '---v' is no option"},
		{"--=", WORDS("p", "--=x"), "error: p: '--=x' is no option"},
		{"int", WORDS("p", "-count", "0x10", "-wait", "1m"), "p --count=16 --wait=1m"},
		{"the first operand ends options", WORDS("p", "a", "-v", "--"),
		 "p WORD=a WORD=-v WORD=--"},
		{"-- ends options", WORDS("p", "-v", "--", "-v", "--"), "p -v WORD=-v WORD=--"},
		{"- is an operand", WORDS("p", "-", "-v"), "p WORD=- WORD=-v"},
		{"an empty word is an operand", WORDS("p", "", "-v"), "p WORD= WORD=-v"},
		{"a subcommand reads options anew", WORDS("p", "-v", "sub", "-x", "a", "-x"),
		 "p sub -v -x WORD=a WORD=-x"},
		{"alone", WORDS("p"), "p"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

static void test_literal(void **state)
{
	static const char file[] =
		"{'command': 'ip', 'programs': ['/ip'], 'syntax': 'literal', 'subcommands': {"
		" 'link': {'operands': ['[WORD...]']}}, 'operands': ['[WORD...]']}";
	static const struct reading_row rows[] = {
		{"all are operands", WORDS("ip", "-4", "--", "a"), "ip WORD=-4 WORD=-- WORD=a"},
		{"a subcommand", WORDS("ip", "link", "link", "--x"), "ip link WORD=link WORD=--x"},
		{"an empty word", WORDS("ip", ""), "ip WORD="},
		{"alone", WORDS("ip"), "ip"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_goflag),
		cmocka_unit_test(test_literal),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
