/* SPDX-License-Identifier: ISC */
/*
 * decisions POLICY COMMANDS ROUNDS: loads a policy, decides each request of standard input (a JSON
 * argument vector a line) ROUNDS times, and prints as JSON what that cost on one core: CPU seconds
 * for the decisions, for reading the same lines as JSON (what all is compared with), and for
 * loading; and by how many KiB the process grew with the policy.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "arena.h"
#include "decision.h"
#include "error.h"
#include "json.h"
#include "policy.h"
#include "request.h"

#define LINES_MAX 64

static struct writ_arena *lines_arena, *arena;
static struct writ_request requests[LINES_MAX];
static char *texts[LINES_MAX];
static size_t n_requests;

static _Noreturn void fail(const char *what)
{
	fprintf(stderr, "decisions: %s\n", what);
	exit(1);
}

static double cpu_seconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
	return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* What of this process is in memory. */
static long resident_kib(void)
{
	FILE *file = fopen("/proc/self/statm", "re");
	long size, resident;

	if (!file || fscanf(file, "%ld %ld", &size, &resident) != 2)
		fail("/proc/self/statm cannot be read");
	fclose(file);
	return resident * (sysconf(_SC_PAGESIZE) / 1024);
}

static void read_requests(void)
{
	struct writ_error err = {0};
	char *line = NULL;
	size_t room = 0;

	while (n_requests < LINES_MAX && getline(&line, &room, stdin) > 0) {
		struct writ_request *request = &requests[n_requests];
		const struct writ_json *json;
		const char *const *words;

		texts[n_requests] = writ_arena_strdup(lines_arena, line);
		json = writ_json_parse(lines_arena, "input", line, strlen(line), &err);
		if (!texts[n_requests] || !json ||
		    writ_json_strings(lines_arena, json, false, &words, &request->argc, &err) < 0)
			fail("a line is no argument vector");
		request->argv = (char *const *)words;
		request->user = "ai-worker";
		request->cwd = "/";
		n_requests++;
	}
	free(line);
	if (n_requests == 0)
		fail("no line to decide");
}

static double time_decisions(const struct writ_policy *policy, long rounds, size_t *ret_allowed)
{
	double begin = cpu_seconds();

	*ret_allowed = 0;
	for (long round = 0; round < rounds; round++) {
		for (size_t i = 0; i < n_requests; i++) {
			struct writ_decision decision = {0};

			writ_arena_reset(arena);
			writ_decide(policy, arena, &requests[i], &decision);
			*ret_allowed += decision.verdict == WRIT_VERDICT_ALLOW;
		}
	}
	return cpu_seconds() - begin;
}

static double time_json(long rounds)
{
	double begin = cpu_seconds();
	struct writ_error err = {0};

	for (long round = 0; round < rounds; round++) {
		for (size_t i = 0; i < n_requests; i++) {
			writ_arena_reset(arena);
			if (!writ_json_parse(arena, "input", texts[i], strlen(texts[i]), &err))
				fail("a line is no JSON any more");
		}
	}
	return cpu_seconds() - begin;
}

int main(int argc, char **argv)
{
	struct writ_policy_options options = {.path = argv[1]};
	struct writ_error err = {0};
	struct writ_policy *policy;
	long rounds, before, after;
	double load, decide, json;
	size_t allowed;

	if (argc != 4 || (rounds = strtol(argv[3], NULL, 10)) < 1)
		fail("usage: decisions POLICY COMMANDS ROUNDS");
	options.commands = argv[2];
	lines_arena = writ_arena_new();
	arena = writ_arena_new();
	if (!lines_arena || !arena)
		fail("out of memory");
	read_requests();
	before = resident_kib();
	load = cpu_seconds();
	policy = writ_policy_load(&options, &err);
	load = cpu_seconds() - load;
	after = resident_kib();
	if (!policy)
		fail(err.message);
	time_decisions(policy, 1 + rounds / 20, &allowed); /* warms up */
	decide = time_decisions(policy, rounds, &allowed);
	json = time_json(rounds);
	printf("{\"decisions\": %zu, \"allowed\": %zu, \"decide\": %.6f, \"json\": %.6f, "
	       "\"load\": %.6f, \"kib\": %ld}\n",
	       n_requests * (size_t)rounds, allowed, decide, json, load, after - before);
	writ_policy_free(policy);
	return 0;
}
