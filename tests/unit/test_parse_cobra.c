/* SPDX-License-Identifier: ISC */
#include "reading.h"

/* What every tree here is made of: options handed down and not, a group that also runs alone. */
#define TREE                                                                                       \
	" 'options': {'file': {'short': 'f', 'value': 'string'}, 'all': {'short': 'a'},"           \
	"  'level': {'short': 'l', 'value': 'int', 'optional': true},"                             \
	"  'version': {'short': 'v', 'here': true}},"                                              \
	" 'subcommands': {"                                                                        \
	"  'up': {'options': {'wait': {'short': 'w'}, 'to': {'short': 't', 'value': 'string'},"    \
	"    'verbose': {'short': 'v', 'here': true}}, 'operands': ['[WORD...]'],"                 \
	"   'subcommands': {'now': {'operands': ['[WORD...]']}}},"                                 \
	"  'own': {'options': {'file': {'value': 'string'}}, 'operands': ['[WORD...]']},"          \
	"  'a-b': {'operands': ['[WORD...]']}},"                                                   \
	" 'operands': ['[WORD...]']}"

/* podman: TraverseChildren, and cobra reads the program's own options too. */
static const char traversing[] = "{'command': 'p', 'programs': ['/p'], 'syntax': 'pflag'," TREE;

/* docker: the program's own options are read before cobra is asked. */
static const char docker[] =
	"{'command': 'p', 'programs': ['/p'], 'syntax': 'pflag', 'interspersed': false," TREE;

/* ollama, kubectl: no TraverseChildren. */
static const char finding[] =
	"{'command': 'p', 'programs': ['/p'], 'syntax': 'pflag', 'traverse': false," TREE;

static void test_traverse(void **state)
{
	static const struct reading_row rows[] = {
		{"value", WORDS("p", "--file", "x", "up", "a"), "p up --file=x WORD=a"},
		{"attached", WORDS("p", "-fx", "-a", "up"), "p up --file=x --all"},
		{"equals", WORDS("p", "-af=-x", "up"), "p up --all --file=-x"},
		{"behind it", WORDS("p", "up", "-f", "-x", "a"), "p up --file=-x WORD=a"},
		{"the parent's -v, and its own", WORDS("p", "-v", "up", "-v"),
		 "p up --version --verbose"},
		{"the parent's is not handed down", WORDS("p", "own", "-v"),
		 "error: p own has no option -v"},
		{"the subcommand's, before it", WORDS("p", "--wait", "up", "x"),
		 "error: p has no option --wait"},
		{"a value like a flag", WORDS("p", "-f", "-a", "up"), "p up --file=-a"},
		{"a value like an option with a value", WORDS("p", "-f", "--file", "up", "x"),
		 "p --file=--file WORD=up WORD=x"},
		{"a value like an option, and a name further on", WORDS("p", "-f", "-t", "x", "up"),
		 "error: p: 'x' would be dropped"},
		{"a value with =", WORDS("p", "-f", "--x=y", "up"), "p up --file=--x=y"},
		{"a cluster's value, no name", WORDS("p", "-af", "x", "up"),
		 "p --all --file=x WORD=up"},
		{"a cluster's value, a name", WORDS("p", "-af", "up", "up"),
		 "error: p: --file needs a value"},
		{"an optional value is no word", WORDS("p", "--level", "up", "5"),
		 "p up --level() WORD=5"},
		{"an operand ends the search", WORDS("p", "-a", "x", "-f", "-a", "up"),
		 "p --all --file=-a WORD=x WORD=up"},
		{"- does too", WORDS("p", "-", "up"), "p WORD=- WORD=up"},
		{"an empty word does too", WORDS("p", "", "up"), "p WORD= WORD=up"},
		{"-- takes the next word along", WORDS("p", "--", "up", "x"), "p WORD=up WORD=x"},
		{"which is dropped", WORDS("p", "--", "x", "up"), "error: p: 'x' would be dropped"},
		{"-- as a value", WORDS("p", "-f", "--", "--all", "up"), "p up --file=-- --all"},
		{"a name like an option of old", WORDS("p", "a-b", "x"),
		 "error: p: versions of the program could read 'a-b' differently here"},
		{"a word like an option of old", WORDS("p", "x-y", "x"), "p WORD=x-y WORD=x"},
		{"before a name", WORDS("p", "x-y", "up"), "error: p: 'x-y' would be dropped"},
		{"as a value", WORDS("p", "-f", "a-b", "up"), "p up --file=a-b"},
	};

	(void)state;
	reading_check(traversing, rows, ARRAY_SIZE(rows));
}

/* Below the program Traverse knows the options handed down only of commands that Find came to. */
static void test_merged(void **state)
{
	static const char file[] =
		"{'command': 'p', 'programs': ['/p'], 'syntax': 'pflag', 'options': {"
		"  'file': {'short': 'f', 'value': 'string'}, 'all': {'short': 'a'}},"
		" 'subcommands': {'g': {'options': {'level': {'short': 'l', 'value': 'int',"
		"   'optional': true}, 'all': {'value': 'string'}},"
		"  'subcommands': {'h': {'operands': ['[WORD...]'],"
		"   'subcommands': {'set': {'operands': ['[WORD...]']}}}}}}}";
	static const struct reading_row rows[] = {
		{"Find came to it", WORDS("p", "g", "h", "-l", "set", "x"),
		 "p g h set --level() WORD=x"},
		{"with = nothing is to be known", WORDS("p", "--all", "g", "h", "-l=5", "set"),
		 "p g h set --all --level=5"},
		/* To g, --all has a value: Find thinks that h is it, and stops at g. */
		{"Find did not", WORDS("p", "--all", "g", "h", "-l", "set", "x"),
		 "p g h --all --level() WORD=set WORD=x"},
		/* New versions take the second g away and come to h; old ones the first, so that
		 * -fx is -f's value to them, and they stop at g. */
		{"the version matters", WORDS("p", "-f", "g", "-fx", "g", "h", "-l", "set"),
		 "error: p g h: versions of the program could read '-l' differently here"},
		{"it does not", WORDS("p", "-f", "g", "-fx", "g", "h", "set", "-l"),
		 "p g h set --file=g --file=x --level()"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

static void test_docker(void **state)
{
	static const struct reading_row rows[] = {
		{"a value like an option with a value", WORDS("p", "-f", "--file", "up", "x"),
		 "p up --file=--file WORD=x"},
		{"a cluster's value", WORDS("p", "-af", "x", "up"), "p up --all --file=x"},
		{"-- and the name", WORDS("p", "-a", "--", "up", "x"), "p up --all WORD=x"},
		{"options behind --", WORDS("p", "--", "-a", "up", "x"), "p up --all WORD=x"},
		{"-- twice", WORDS("p", "--", "--", "up", "x"), "p WORD=up WORD=x"},
		{"an operand ends all", WORDS("p", "x", "-a", "up"), "p WORD=x WORD=-a WORD=up"},
	};

	(void)state;
	reading_check(docker, rows, ARRAY_SIZE(rows));
}

static void test_find(void **state)
{
	static const struct reading_row rows[] = {
		{"behind the name", WORDS("p", "up", "-a", "x"), "p up --all WORD=x"},
		{"before it", WORDS("p", "--file", "x", "up", "a"), "p up --file=x WORD=a"},
		{"the program's own, before a name, is the name's", WORDS("p", "-v", "up"),
		 "p up --verbose"},
		{"or nobody's", WORDS("p", "-v", "own"), "error: p own has no option -v"},
		{"the program's own alone", WORDS("p", "-v"), "p --version"},
		{"the subcommand's, before it", WORDS("p", "--to", "x", "up", "y"),
		 "p up --to=x WORD=y"},
		{"its flag takes the name along", WORDS("p", "--wait", "up", "y"),
		 "error: p has no option --wait"},
		{"but not in a cluster", WORDS("p", "-wa", "up", "y"), "p up --wait --all WORD=y"},
		{"a cluster's value is a name", WORDS("p", "-af", "up", "x"),
		 "p up --all --file=x"},
		{"an empty word before the name", WORDS("p", "", "up", "y"), "p up WORD= WORD=y"},
		{"- before the name", WORDS("p", "-", "up", "y"), "p up WORD=- WORD=y"},
		{"-- ends the search", WORDS("p", "--", "up"), "p WORD=up"},
		{"the last word is a value", WORDS("p", "--file", "up"), "p --file=up"},
		{"a name that looks like an option of old", WORDS("p", "a-b", "x"), "p a-b WORD=x"},
		{"two levels", WORDS("p", "-a", "up", "-t", "x", "now", "y"),
		 "p up now --all --to=x WORD=y"},
		{"a name as a value", WORDS("p", "-f", "up", "-a", "up", "x"),
		 "error: p: versions of the program could read 'up' differently here"},
		{"where it does not matter", WORDS("p", "-f", "up", "up", "x"),
		 "p up --file=up WORD=x"},
		{"behind the name it does not matter", WORDS("p", "up", "up"), "p up WORD=up"},
	};

	(void)state;
	reading_check(finding, rows, ARRAY_SIZE(rows));
}

/* An option of a subcommand hides the parent's of the same name, its letter too. */
static void test_hidden(void **state)
{
	static const struct reading_row rows[] = {
		{"its name", WORDS("p", "own", "--file", "x"), "p own --file=x"},
		{"its letter is gone", WORDS("p", "own", "-f", "x"),
		 "error: p own has no option -f"},
		{"others' are not", WORDS("p", "own", "-a"), "p own --all"},
	};

	(void)state;
	reading_check(traversing, rows, ARRAY_SIZE(rows));
	reading_check(finding, rows, ARRAY_SIZE(rows));
}

static void test_load(void **state)
{
	struct table t = {0};
	struct reading r;

	(void)state;
	reading_open(&r, "{'command': 'p', 'programs': ['/p'], 'syntax': 'getopt_long',"
			 " 'traverse': true}");
	table_true(&t, "only for pflag", "refusal", !r.root);
	table_string(&t, "only for pflag", "message", r.err.message, "only pflag programs have it");
	reading_close(&r);
	table_done(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_traverse), cmocka_unit_test(test_merged),
		cmocka_unit_test(test_docker),   cmocka_unit_test(test_find),
		cmocka_unit_test(test_hidden),   cmocka_unit_test(test_load),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
