/* SPDX-License-Identifier: ISC */
#include "reading.h"

static const char nh[] =
	"{'command': 'nh', 'programs': ['/nh'], 'syntax': 'clap', 'options': {"
	"  'verbose': {'short': 'v', 'repeat': true}, 'ask': {'short': 'a'},"
	"  'root': {'short': 'R', 'here': true}},"
	" 'subcommands': {"
	"  'os': {'options': {'host': {'short': 'H', 'value': 'string'},"
	"    'include': {'short': 'I', 'value': 'string', 'repeat': true},"
	"    'scope': {'short': 's', 'value': 'string', 'optional': true},"
	"    'option': {'short': 'o', 'value': 'string', 'repeat': true},"
	"    'setting': {'value': 'string', 'behind': 'option'}},"
	"   'operands': ['[INSTALLABLE]', '[-- NIX...]']},"
	"  'search': {'operands': ['[QUERY...]'], 'subcommands': {'packages': {}}}}}";

static void test_options(void **state)
{
	static const struct reading_row rows[] = {
		{"next word", WORDS("nh", "os", "-H", "x"), "nh os --host=x"},
		{"attached", WORDS("nh", "os", "-Hx"), "nh os --host=x"},
		{"attached, =", WORDS("nh", "os", "-H=x"), "nh os --host=x"},
		{"long", WORDS("nh", "os", "--host", "x"), "nh os --host=x"},
		{"long, =", WORDS("nh", "os", "--host==x"), "nh os --host==x"},
		{"empty", WORDS("nh", "os", "--host="), "nh os --host="},
		{"empty word", WORDS("nh", "os", "-H", ""), "nh os --host="},
		{"a dash", WORDS("nh", "os", "-H", "-"), "nh os --host=-"},
		{"cluster", WORDS("nh", "os", "-avHx"), "nh os --ask --verbose --host=x"},
		{"behind an operand", WORDS("nh", "os", ".", "-a"), "nh os --ask INSTALLABLE=."},
		{"a value never looks like an option", WORDS("nh", "os", "-H", "-a"),
		 "error: nh os: --host needs a value"},
		{"nor like the end of options", WORDS("nh", "os", "--host", "--", "x"),
		 "error: nh os: --host needs a value"},
		{"unless it is attached", WORDS("nh", "os", "--host=--ask"), "nh os --host=--ask"},
		{"no value", WORDS("nh", "os", "-H"), "error: nh os: --host needs a value"},
		{"a flag with a value", WORDS("nh", "os", "--ask=true"),
		 "error: nh os: --ask takes no value"},
		{"a letter with a value", WORDS("nh", "os", "-a=true"),
		 "error: nh os has no option -="},
		{"abbreviated", WORDS("nh", "os", "--hos", "x"),
		 "error: nh os has no option --hos (did you mean --host?)"},
		{"optional, left out", WORDS("nh", "os", "--scope", "x"),
		 "nh os --scope() INSTALLABLE=x"},
		{"optional, =", WORDS("nh", "os", "--scope=x"), "nh os --scope=x"},
		{"optional, what is attached without = are letters", WORDS("nh", "os", "-sa"),
		 "nh os --scope() --ask"},
		{"optional letter, =", WORDS("nh", "os", "-s=a"), "nh os --scope=a"},
		{"two values", WORDS("nh", "os", "--option", "a", "b", "."),
		 "nh os --option=a setting=b INSTALLABLE=."},
		{"two values, one given", WORDS("nh", "os", "-o", "a"),
		 "error: nh os: --option needs a value"},
		{"two values, one attached", WORDS("nh", "os", "--option=a", "b"),
		 "error: nh os: the values of --option are words of their own"},
		{"two values, one an option", WORDS("nh", "os", "-o", "a", "-a"),
		 "error: nh os: --option needs a value"},
	};

	(void)state;
	reading_check(nh, rows, ARRAY_SIZE(rows));
}

static void test_repeat(void **state)
{
	static const struct reading_row rows[] = {
		{"flag", WORDS("nh", "os", "-aa"), "error: nh os: --ask is given more than once"},
		{"value", WORDS("nh", "os", "-Hx", "--host", "y"),
		 "error: nh os: --host is given more than once"},
		{"may", WORDS("nh", "os", "-vv", "-Ix", "-I", "y"),
		 "nh os --verbose --verbose --include=x --include=y"},
		{"two levels", WORDS("nh", "-v", "os", "-v"),
		 "error: nh os: --verbose is given more than once"},
		{"above", WORDS("nh", "-va", "os", "."), "nh os --verbose --ask INSTALLABLE=."},
		{"here", WORDS("nh", "-R", "os"), "nh os --root"},
		{"not here", WORDS("nh", "os", "-R"), "error: nh os has no option -R"},
	};

	(void)state;
	reading_check(nh, rows, ARRAY_SIZE(rows));
}

static void test_words(void **state)
{
	static const struct reading_row rows[] = {
		{"behind --", WORDS("nh", "os", ".", "--", "--host", "--"),
		 "nh os INSTALLABLE=. NIX=--host NIX=--"},
		{"only behind --", WORDS("nh", "os", "--", "x"), "nh os NIX=x"},
		{"too many", WORDS("nh", "os", "a", "b"),
		 "error: nh os: 'b' is an operand too many"},
		{"no command", WORDS("nh"), "error: nh needs a command of its own"},
		{"behind -- is no command", WORDS("nh", "--", "os"),
		 "error: nh: 'os' is not read as a command here"},
		{"unknown command", WORDS("nh", "oss"),
		 "error: nh has no command oss (did you mean os?)"},
		{"operands beside commands", WORDS("nh", "search", "a", "b"),
		 "nh search QUERY=a QUERY=b"},
		{"a command among operands", WORDS("nh", "search", "a", "packages"),
		 "error: nh search: 'packages' is not read as a command here"},
		{"a command", WORDS("nh", "search", "packages"), "nh search packages"},
	};

	(void)state;
	reading_check(nh, rows, ARRAY_SIZE(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_options),
		cmocka_unit_test(test_repeat),
		cmocka_unit_test(test_words),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
