/* SPDX-License-Identifier: ISC */
#include "reading.h"

/* A systemctl: options anywhere, verbs as subcommands, every long option listed. */
static const char systemctl[] =
	"{'command': 'systemctl', 'programs': ['/usr/bin/systemctl'], 'syntax': 'getopt_long',"
	" 'complete': true, 'options': {"
	"  'no-pager': {}, 'no-legend': {}, 'full': {'short': 'l'}, 'quiet': {'short': 'q',"
	"   'aliases': ['silent', 'quit']}, 'property': {'short': 'p', 'value': 'string'},"
	"  'boot': {'short': 'b', 'value': 'string', 'optional': true, 'next': '[+-]?[0-9]+'},"
	"  'color': {'value': 'string', 'optional': true}, 'colored': {},"
	"  'lines': {'short': 'n', 'value': 'string', 'optional': true, 'next': 'all|[0-9]+'},"
	"  '4': {}},"
	" 'subcommands': {'status': {'operands': ['[UNIT:systemd.unit...]']},"
	"  'daemon-reload': {}},"
	" 'operands': []}";

static void test_long(void **state)
{
	static const struct reading_row rows[] = {
		{"exact", WORDS("systemctl", "--no-pager"), "systemctl --no-pager"},
		{"abbreviated", WORDS("systemctl", "--no-p"), "systemctl --no-pager"},
		{"exact wins over longer ones", WORDS("systemctl", "--color"),
		 "systemctl --color()"},
		{"ambiguous", WORDS("systemctl", "--no"),
		 "error: systemctl: '--no' could be several options"},
		{"ambiguous with a value", WORDS("systemctl", "--col=x"),
		 "error: systemctl: '--col=x' could be several options"},
		{"names of one option are no ambiguity", WORDS("systemctl", "--qui"),
		 "systemctl --quiet"},
		{"an alias", WORDS("systemctl", "--silent"), "systemctl --quiet"},
		{"unknown", WORDS("systemctl", "--nopager"),
		 "error: systemctl has no option --nopager (did you mean --no-pager?)"},
		{"value by equals", WORDS("systemctl", "--prop=a=b"), "systemctl --property=a=b"},
		{"empty value", WORDS("systemctl", "--property="), "systemctl --property="},
		{"value in the next word", WORDS("systemctl", "--property", "--full"),
		 "systemctl --property=--full"},
		{"-- as a value", WORDS("systemctl", "--property", "--", "status"),
		 "systemctl status --property=--"},
		{"no value", WORDS("systemctl", "--property"),
		 "error: systemctl: --property needs a value"},
		{"a flag with a value", WORDS("systemctl", "--full=yes"),
		 "error: systemctl: --full takes no value"},
		{"a flag with an empty value", WORDS("systemctl", "--full="),
		 "error: systemctl: --full takes no value"},
		{"optional, by equals", WORDS("systemctl", "--color=x"), "systemctl --color=x"},
		{"optional, empty", WORDS("systemctl", "--color="), "systemctl --color="},
		{"optional, left out", WORDS("systemctl", "--color", "status"),
		 "systemctl status --color()"},
		{"no name abbreviates all", WORDS("systemctl", "--=x"),
		 "error: systemctl: '--=x' could be several options"},
		{"three dashes", WORDS("systemctl", "---full"),
		 "error: systemctl has no option ---full (did you mean --full?)"},
		{"a letter is no long option", WORDS("systemctl", "--4"),
		 "error: systemctl has no option --4"},
		{"case", WORDS("systemctl", "--Full"),
		 "error: systemctl has no option --Full (did you mean --full?)"},
	};

	(void)state;
	reading_check(systemctl, rows, ARRAY_SIZE(rows));
}

static void test_short(void **state)
{
	static const struct reading_row rows[] = {
		{"cluster", WORDS("systemctl", "-lq4"), "systemctl --full --quiet -4"},
		{"attached", WORDS("systemctl", "-lpx"), "systemctl --full --property=x"},
		{"= belongs to the value", WORDS("systemctl", "-p=x"), "systemctl --property==x"},
		{"next word", WORDS("systemctl", "-lp", "-q"), "systemctl --full --property=-q"},
		{"missing", WORDS("systemctl", "-lp"),
		 "error: systemctl: --property needs a value"},
		{"unknown", WORDS("systemctl", "-lZ"), "error: systemctl has no option -Z"},
		{"a dash in a cluster", WORDS("systemctl", "-l-q"),
		 "error: systemctl has no option --"},
		{"optional, attached", WORDS("systemctl", "-n50"), "systemctl --lines=50"},
		{"optional, attached letters are the value", WORDS("systemctl", "-nl"),
		 "systemctl --lines=l"},
		{"optional, left out", WORDS("systemctl", "-n"), "systemctl --lines()"},
		{"optional, the next word matches", WORDS("systemctl", "-ln", "50"),
		 "systemctl --full --lines=50"},
		{"long, the next word matches", WORDS("systemctl", "--lines", "all"),
		 "systemctl --lines=all"},
		{"a next word that looks like an option", WORDS("systemctl", "-b", "-1"),
		 "systemctl --boot=-1"},
		{"the next word matches in part", WORDS("systemctl", "-n", "50x"),
		 "error: systemctl has no command 50x"},
		{"the next word is --", WORDS("systemctl", "-n", "--", "status"),
		 "systemctl status --lines()"},
	};

	(void)state;
	reading_check(systemctl, rows, ARRAY_SIZE(rows));
}

static void test_verbs(void **state)
{
	static const struct reading_row rows[] = {
		{"options before", WORDS("systemctl", "--no-pager", "-n", "5", "status", "nginx"),
		 "systemctl status --no-pager --lines=5 UNIT=nginx"},
		{"options behind", WORDS("systemctl", "status", "nginx", "-n5", "a.service"),
		 "systemctl status --lines=5 UNIT=nginx UNIT=a"},
		{"-- before the verb ends all options",
		 WORDS("systemctl", "--", "status", "-.mount"), "systemctl status UNIT=-.mount"},
		{"-- behind the verb", WORDS("systemctl", "status", "--", "--full"),
		 "systemctl status UNIT=--full"},
		{"a second -- is an operand", WORDS("systemctl", "status", "--", "a", "--"),
		 "systemctl status UNIT=a UNIT=--"},
		{"a pattern", WORDS("systemctl", "status", "ssh*"),
		 "error: systemctl status: UNIT: 'ssh*' is a pattern: name one unit"},
		{"none", WORDS("systemctl", "-l"), "systemctl --full"},
		{"unknown", WORDS("systemctl", "statsu"),
		 "error: systemctl has no command statsu (did you mean status?)"},
		{"takes nothing", WORDS("systemctl", "daemon-reload", "x"),
		 "error: systemctl daemon-reload takes no operand, but 'x' is given"},
	};
	/* Without operands of its own systemctl would not run alone. */
	static const char group[] =
		"{'command': 'p', 'programs': ['/p'], 'syntax': 'getopt_long', 'subcommands':"
		" {'v': {}}}";
	static const struct reading_row alone[] = {
		{"group", WORDS("p"), "error: p needs a command of its own"},
		{"verb", WORDS("p", "v"), "p v"},
	};

	(void)state;
	reading_check(systemctl, rows, ARRAY_SIZE(rows));
	reading_check(group, alone, ARRAY_SIZE(alone));
}

/* Against a table that is not whole an abbreviation cannot be judged. */
static void test_incomplete(void **state)
{
	static const char file[] =
		"{'command': 'p', 'programs': ['/p'], 'syntax': 'getopt_long', 'options':"
		" {'verbose': {}, 'version': {}, 'quiet': {}}}";
	static const struct reading_row rows[] = {
		{"in full", WORDS("p", "--verbose"), "p --verbose"},
		{"abbreviated", WORDS("p", "--qui"),
		 "error: p: '--qui' must be written in full (--quiet?)"},
		{"ambiguous", WORDS("p", "--ver"), "error: p: '--ver' could be several options"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

/* Options end at the first operand: timeout, env, and Python's getopt with verbs. */
static void test_not_interspersed(void **state)
{
	static const char timeout[] =
		"{'command': 'timeout', 'programs': ['/usr/bin/timeout'], 'syntax': 'getopt_long',"
		" 'complete': true, 'interspersed': false, 'options': {'signal': {'short': 's',"
		" 'value': 'string'}, 'verbose': {'short': 'v'}},"
		" 'operands': ['DURATION', 'COMMAND...']}";
	static const struct reading_row commands[] = {
		{"plain", WORDS("timeout", "-s9", "5", "ls", "-l", "--", "x"),
		 "timeout --signal=9 DURATION=5 COMMAND=[ls,-l,--,x]"},
		{"--", WORDS("timeout", "-v", "--", "5", "ls", "--verb"),
		 "timeout --verbose DURATION=5 COMMAND=[ls,--verb]"},
		{"-- behind an operand is one", WORDS("timeout", "5", "--", "ls"),
		 "timeout DURATION=5 COMMAND=[--,ls]"},
		{"no command", WORDS("timeout", "5"), "error: timeout: COMMAND is missing"},
	};
	static const char client[] =
		"{'command': 'client', 'programs': ['/usr/bin/client'], 'syntax': 'getopt_long',"
		" 'complete': true, 'interspersed': false, 'options': {'v': {}, 'dp': {},"
		" 'd': {}}, 'subcommands': {'get': {'operands': ['[WORD...]']},"
		"  'own': {'options': {'x': {}}, 'operands': ['[WORD...]']}}}";
	static const struct reading_row verbs[] = {
		{"options first", WORDS("client", "-vd", "get", "a"), "client get -v -d WORD=a"},
		{"none behind the verb", WORDS("client", "get", "-v", "--", "--dp"),
		 "client get WORD=-v WORD=-- WORD=--dp"},
		{"but those of a verb that has its own", WORDS("client", "own", "-xv", "a", "-x"),
		 "client own -x -v -x WORD=a"},
		{"abbreviated", WORDS("client", "--d", "get"), "client get --dp"},
	};

	(void)state;
	reading_check(timeout, commands, ARRAY_SIZE(commands));
	reading_check(client, verbs, ARRAY_SIZE(verbs));
}

/* "W;" in the option string. */
static void test_w(void **state)
{
	static const char file[] =
		"{'command': 'p', 'programs': ['/p'], 'syntax': 'getopt_long', 'complete': true,"
		" 'w_is_long': true, 'options': {'verbose': {'short': 'v'}, 'file': {'short': 'f',"
		" 'value': 'string'}}, 'operands': ['[WORD...]']}";
	static const struct reading_row rows[] = {
		{"next word", WORDS("p", "-W", "verbose", "x"), "p --verbose WORD=x"},
		{"attached", WORDS("p", "-Wfile=a", "x"), "p --file=a WORD=x"},
		{"abbreviated, with its value behind", WORDS("p", "-Wfi", "a", "x"),
		 "p --file=a WORD=x"},
		{"at the end of a cluster", WORDS("p", "-vW", "file", "-v"),
		 "p --verbose --file=-v"},
		{"unknown", WORDS("p", "-W", "v=x"), "error: p: --verbose takes no value"},
		{"nothing", WORDS("p", "-W"), "error: p: -W needs the name of an option"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

/* A word that the pattern cannot be tried on may be the option's value or not. */
static void test_unsure_next(void **state)
{
	static const char file[] =
		"{'command': 'p', 'programs': ['/p'], 'syntax': 'getopt_long', 'options': {"
		" 'lines': {'short': 'n', 'value': 'string', 'optional': true, 'next': '[^-].*'}},"
		" 'operands': ['[WORD...]']}";
	static const struct reading_row rows[] = {
		{"plain", WORDS("p", "-n", "x"), "p --lines=x"},
		{"no match", WORDS("p", "-n", "-"), "p --lines() WORD=-"},
		{"a control character", WORDS("p", "-n", "a\x01"),
		 "error: p: whether 'a\\x01' belongs to --lines cannot be told"},
		{"no UTF-8", WORDS("p", "-n", "\xff"),
		 "error: p: whether '\\xff' belongs to --lines cannot be told"},
		{"not the next word", WORDS("p", "-n", "x", "\x01"), "p --lines=x WORD=\x01"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

/* GNU tail and head. */
static void test_digits(void **state)
{
	static const char file[] =
		"{'command': 'tail', 'programs': ['/usr/bin/tail'], 'syntax': 'getopt_long',"
		" 'complete': true, 'options': {'lines': {'short': 'n', 'value': 'string'},"
		" 'bytes': {'short': 'c', 'value': 'string'}, 'quiet': {'short': 'q'}, 'f': {}},"
		" 'digits': 'lines', 'operands': ['[FILE:path...]']}";
	static const struct reading_row rows[] = {
		{"alone", WORDS("tail", "-50"), "tail --lines=50"},
		{"a file", WORDS("tail", "-50", "/x"), "tail --lines=50 FILE=/x"},
		{"standard input", WORDS("tail", "-5", "-"), "tail --lines=5 FILE=-"},
		{"--", WORDS("tail", "-5", "--", "-x"), "tail --lines=5 FILE=-x"},
		{"-- alone", WORDS("tail", "-5", "--"), "tail --lines=5"},
		{"two files", WORDS("tail", "-5", "a", "b"), "error: tail has no option -5"},
		{"two files behind --", WORDS("tail", "-5", "--", "a", "b"),
		 "error: tail has no option -5"},
		{"an option behind it", WORDS("tail", "-5", "-q"), "error: tail has no option -5"},
		{"not first", WORDS("tail", "-q", "-5"), "error: tail has no option -5"},
		{"behind the file", WORDS("tail", "a", "-5"), "error: tail has no option -5"},
		{"with letters", WORDS("tail", "-5f"), "error: tail: '-5f' is an obsolete form"},
		{"bytes", WORDS("tail", "-5c", "a"), "error: tail: '-5c' is an obsolete form"},
		{"from the start", WORDS("tail", "+5", "a"),
		 "error: tail: '+5' is an obsolete form"},
		{"a plus", WORDS("tail", "+"), "error: tail: '+' is an obsolete form"},
		{"a file +5 among several", WORDS("tail", "+5", "a", "b"),
		 "tail FILE=+5 FILE=a FILE=b"},
		{"-cf is not -c with f", WORDS("tail", "-cf", "a"),
		 "error: tail: '-cf' is an obsolete form"},
		{"-c 5", WORDS("tail", "-c", "5"), "tail --bytes=5"},
		{"-f", WORDS("tail", "-f", "a"), "tail -f FILE=a"},
		{"-n", WORDS("tail", "-n", "-5", "a"), "tail --lines=-5 FILE=a"},
		{"a file that begins with +", WORDS("tail", "+x"), "tail FILE=+x"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

/* Short options alone, and none behind an operand. */
static void test_getopt(void **state)
{
	static const char file[] =
		"{'command': 'sshd', 'programs': ['/usr/sbin/sshd'], 'syntax': 'getopt',"
		" 'options': {'T': {}, 'd': {'repeat': true}, 'C': {'value': 'string'},"
		" 'x': {'value': 'string', 'optional': true}, 'config': {'short': 'f',"
		" 'value': 'path'}}, 'operands': ['[WORD...]']}";
	static const struct reading_row rows[] = {
		{"cluster", WORDS("sshd", "-Tdd"), "sshd -T -d -d"},
		{"attached", WORDS("sshd", "-TCuser=x"), "sshd -T -C=user=x"},
		{"next word", WORDS("sshd", "-f", "-T"), "sshd --config=-T"},
		{"optional", WORDS("sshd", "-x", "-xT"), "sshd -x() -x=T"},
		{"no long options", WORDS("sshd", "--config", "x"), "error: sshd has no option --"},
		{"no long options, with =", WORDS("sshd", "--T=x"), "error: sshd has no option --"},
		{"operands end options", WORDS("sshd", "-T", "a", "-d"), "sshd -T WORD=a WORD=-d"},
		{"--", WORDS("sshd", "--", "-T", "--"), "sshd WORD=-T WORD=--"},
		{"the letter's name is its spelling", WORDS("sshd", "-f"),
		 "error: sshd: -f needs a value"},
	};

	(void)state;
	reading_check(file, rows, ARRAY_SIZE(rows));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_long),
		cmocka_unit_test(test_short),
		cmocka_unit_test(test_verbs),
		cmocka_unit_test(test_incomplete),
		cmocka_unit_test(test_not_interspersed),
		cmocka_unit_test(test_w),
		cmocka_unit_test(test_unsure_next),
		cmocka_unit_test(test_digits),
		cmocka_unit_test(test_getopt),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
