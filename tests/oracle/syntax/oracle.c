/* SPDX-License-Identifier: ISC */
/*
 * Every syntax of the engine against its real implementation: random tables, random vectors, writ's
 * reading beside the peer's. One line of TAP a mode (mode.c). They must agree on every option in
 * order, its value and what is made of it, on every operand, or both refuse. What writ must refuse
 * whatever the program does is marked by the peer (reading.h), counted, and printed.
 */
#include <getopt.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

#include "mode.h"
#include "peer.h"
#include "reading.h"
#include "show.h"
#include "shrink.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Vectors of one mode where --vectors does not say otherwise, and of one table. */
#define VECTORS 20000
#define VECTORS_A_TABLE (2 * PEER_BATCH)

/* Differences shown in full, each made as small as can be. */
#define SHOWN 3

static const char *const marks[] = {"abbreviated", "unlisted", "unsure-next",
				    "old-form",    "dropped",  "versions"};

struct run {
	const struct mode *mode;
	struct peer *peer;
	uint64_t seed;
	size_t vectors, read, refused, excepted, differences, shown;
	size_t marked[COUNT(marks)];
};

struct options {
	const char *getopt_peer, *go_peer, *clap_peer, *only;
	uint64_t seed;
	size_t vectors;
};

static void bail_out(const char *why)
{
	printf("Bail out! %s\n", why);
	exit(2);
}

/* One vector by both; false if writ cannot load the table. */
static bool read_both(struct peer *peer, const struct table *table, const struct vector *vector,
		      struct reading *writ, struct reading *real)
{
	char error[600];
	struct writ_side *side = writ_side_new(table, error, sizeof(error));

	if (!side)
		return false;
	if (peer_table(peer, table) < 0 || peer_read(peer, vector, 1, real) < 0)
		bail_out("the peer does not answer");
	writ_side_read(side, vector, writ);
	writ_side_free(side);
	return true;
}

static bool differs(void *context, const struct table *table, const struct vector *vector)
{
	struct run *run = context;
	struct reading writ, real;
	bool result;

	if (!read_both(run->peer, table, vector, &writ, &real))
		return false;
	result = !reading_agrees(&writ, &real) && !reading_is_none(&real);
	reading_done(&writ);
	reading_done(&real);
	return result;
}

static void show_difference(struct run *run, struct table *table, const struct vector *vector)
{
	struct vector least = *vector;
	struct reading writ, real;

	shrink(table, &least, differs, run);
	if (!read_both(run->peer, table, &least, &writ, &real))
		bail_out("a difference went away");
	printf("# seed %" PRIu64 ", mode '%s'\n# table:     ", run->seed, run->mode->name);
	table_write_json(table, stdout);
	fputs("\n# vector:   ", stdout);
	for (size_t i = 0; i < least.n; i++) {
		putchar(' ');
		show_word(stdout, least.words[i]);
	}
	fputs("\n# writ:      ", stdout);
	reading_print(stdout, &writ);
	fputs("# real:      ", stdout);
	reading_print(stdout, &real);
	reading_done(&writ);
	reading_done(&real);
}

static void count(struct run *run, const struct reading *real)
{
	run->vectors++;
	if (real->marks[0])
		run->excepted++;
	else if (real->read)
		run->read++;
	else
		run->refused++;
	for (size_t i = 0; i < COUNT(marks); i++)
		run->marked[i] += strstr(real->marks, marks[i]) != NULL;
}

/* A batch of new vectors for a table; whether one of them is read differently, and which. */
static bool run_batch(struct run *run, struct dice *dice, struct writ_side *side,
		      const struct table *table, struct vector *ret_different)
{
	struct vector vectors[PEER_BATCH];
	struct reading real[PEER_BATCH], writ;
	bool different = false;

	for (size_t i = 0; i < PEER_BATCH; i++)
		vector_new(dice, table, &vectors[i]);
	if (peer_read(run->peer, vectors, PEER_BATCH, real) < 0)
		bail_out("the peer does not answer");
	for (size_t i = 0; i < PEER_BATCH; i++) {
		writ_side_read(side, &vectors[i], &writ);
		count(run, &real[i]);
		if (!reading_agrees(&writ, &real[i])) {
			run->differences++;
			different = true;
			*ret_different = vectors[i];
		}
		reading_done(&writ);
		reading_done(&real[i]);
	}
	return different;
}

static void run_table(struct run *run, struct dice *dice)
{
	struct table *table = table_new(dice, run->mode);
	struct vector vector;
	bool different = false;
	char error[600];
	struct writ_side *side = writ_side_new(table, error, sizeof(error));

	if (!side) {
		fputs("# ", stdout);
		table_write_json(table, stdout);
		putchar('\n');
		bail_out(error);
	}
	if (peer_table(run->peer, table) < 0)
		bail_out("the peer does not answer");
	for (size_t i = 0; i < VECTORS_A_TABLE / PEER_BATCH; i++)
		if (run_batch(run, dice, side, table, &vector))
			different = true;
	writ_side_free(side);
	if (different && run->shown++ < SHOWN)
		show_difference(run, table, &vector);
	table_free(table);
}

/* Enough of both kinds, or nothing much was tested. */
static bool is_telling(const struct run *run)
{
	return run->read * 5 >= run->vectors && run->refused * 20 >= run->vectors;
}

static bool run_mode(const struct options *options, size_t index, struct peer *peer)
{
	struct run run = {.mode = &mode_list[index], .peer = peer, .seed = options->seed};
	struct dice dice = {options->seed * 1000003 + index};

	while (run.vectors < options->vectors)
		run_table(&run, &dice);
	printf("# %zu vectors: %zu read alike, %zu refused by both, %zu read differently",
	       run.vectors, run.read, run.refused, run.differences);
	if (run.excepted > 0)
		printf("; %zu that writ must refuse:", run.excepted);
	for (size_t i = 0; i < COUNT(marks); i++)
		if (run.marked[i] > 0)
			printf(" %s %zu", marks[i], run.marked[i]);
	putchar('\n');
	if (!is_telling(&run))
		puts("# too few of them were read, or refused, to tell anything");
	return run.differences == 0 && is_telling(&run);
}

static void usage(void)
{
	fputs("usage: syntax_oracle --getopt PEER [--go PEER] [--clap PEER] [--seed N] [--vectors "
	      "N] [--only TEXT]\n",
	      stderr);
	exit(2);
}

static uint64_t random_seed(void)
{
	uint32_t seed;

	if (getrandom(&seed, sizeof(seed), 0) != sizeof(seed))
		bail_out("no random numbers");
	return seed;
}

static struct options read_options(int argc, char **argv)
{
	static const struct option table[] = {
		{"getopt", required_argument, NULL, 'g'},
		{"go", required_argument, NULL, 'G'},
		{"seed", required_argument, NULL, 's'},
		{"only", required_argument, NULL, 'o'},
		{"vectors", required_argument, NULL, 'v'},
		{"clap", required_argument, NULL, 'c'},
		{0},
	};
	struct options options = {.seed = random_seed(), .vectors = VECTORS};
	int c;

	while ((c = getopt_long(argc, argv, "", table, NULL)) != -1) {
		switch (c) {
		case 'g':
			options.getopt_peer = optarg;
			break;
		case 'G':
			options.go_peer = optarg;
			break;
		case 'c':
			options.clap_peer = optarg;
			break;
		case 's':
			options.seed = strtoull(optarg, NULL, 10);
			break;
		case 'o':
			options.only = optarg;
			break;
		case 'v':
			options.vectors = strtoul(optarg, NULL, 10);
			break;
		default:
			usage();
		}
	}
	if (optind != argc || !options.getopt_peer || options.vectors == 0)
		usage();
	return options;
}

int main(int argc, char **argv)
{
	struct options options = read_options(argc, argv);
	struct peer getopt_peer, go_peer = {0}, clap_peer = {0};
	unsigned tests = 0, failed = 0;

	if (peer_start(&getopt_peer, options.getopt_peer) < 0 ||
	    (options.go_peer && peer_start(&go_peer, options.go_peer) < 0) ||
	    (options.clap_peer && peer_start(&clap_peer, options.clap_peer) < 0))
		bail_out("a peer does not start");
	printf("# seed %" PRIu64 " (to repeat: --seed %" PRIu64 ")\n", options.seed, options.seed);
	for (size_t i = 0; i < mode_count; i++) {
		const struct mode *mode = &mode_list[i];
		bool ok;

		if (options.only && !strstr(mode->name, options.only))
			continue;
		tests++;
		if (mode->go && !options.go_peer) {
			printf("ok %u - %s # SKIP no Go compiler with pflag and cobra\n", tests,
			       mode->name);
			continue;
		}
		if (mode->clap && !options.clap_peer) {
			printf("ok %u - %s # SKIP no Rust compiler with clap\n", tests, mode->name);
			continue;
		}
		ok = run_mode(&options, i,
			      mode->go     ? &go_peer
			      : mode->clap ? &clap_peer
					   : &getopt_peer);
		failed += !ok;
		printf("%s %u - %s\n", ok ? "ok" : "not ok", tests, mode->name);
		fflush(stdout);
	}
	printf("1..%u\n", tests);
	if (peer_stop(&getopt_peer) < 0 || (options.go_peer && peer_stop(&go_peer) < 0) ||
	    (options.clap_peer && peer_stop(&clap_peer) < 0))
		bail_out("a peer ended badly");
	return failed > 0;
}
