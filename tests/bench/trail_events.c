/* SPDX-License-Identifier: ISC */
/* trail_events COUNT: prints so many events as a busy month of ten agents would leave them, one
 * every 2.592 s from 2026-11-01 on; the same ones each time. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define FIRST INT64_C(1793491200000000)

static uint64_t state = 1;

/* splitmix64 */
static uint64_t next(void)
{
	uint64_t z = (state += UINT64_C(0x9e3779b97f4a7c15));

	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static void put_head(int64_t time, const char *kind, unsigned long n, unsigned agent)
{
	time_t seconds = time / 1000000;
	char text[32], second[32];
	struct tm tm;

	gmtime_r(&seconds, &tm);
	strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &tm);
	strftime(second, sizeof(second), "%Y%m%dT%H%M%SZ", &tm);
	/* Each agent logs in once in some 1,000 events. */
	printf("{\"time\":\"%s.%06dZ\",\"host\":\"lazyworkhorse\",\"event\":\"%s\",\"id\":\"%s-%"
	       "016llx\","
	       "\"session\":\"20261101T%06luZ-%08lx\",\"user\":\"ai-worker%u\",\"uid\":%u",
	       text, (int)(time % 1000000), kind, second, (unsigned long long)next(),
	       n / 10000 % 240000, n / 10000 * 10 + agent, agent, 1001 + agent);
}

static void put_decision(unsigned long n)
{
	static const char *const rules[] = {"read", "control", "ollama-models", "logs",
					    "pull-images"};
	static const char policy[] =
		"{\"path\":\"/etc/writ/policy.json\",\"sha256\":"
		"\"5f0c1b8f4e2d9a7c3b6e8d1f0a2c4b6d8e0f1a3c5b7d9e1f3a5c7b9d1e3f5a7c\"}";
	uint64_t dice = next();
	const char *rule = rules[dice % 5];

	if (dice % 16 == 0)
		printf(",\"decision\":\"deny\",\"code\":\"no-rule\",\"rule\":null,\"command\":"
		       "\"docker "
		       "run\",\"program\":null,\"argv\":[\"docker\",\"run\",\"-v\",\"/:/"
		       "host\",\"image%lu\"],"
		       "\"runas\":\"root\",\"reason\":\"no rule allows 'docker run' with the "
		       "option "
		       "volume "
		       "'/:/"
		       "host'\",\"hint\":null,\"nearest\":{\"rule\":\"trial\",\"failed\":\"option "
		       "volume is not in "
		       "it\"},\"policy\":%s,\"cwd\":\"/home/ai-worker\",\"tty\":null,"
		       "\"claims\":{},\"plugin\":\"writ_policy\",\"iolog\":null}\n",
		       n % 100, policy);
	else
		printf(",\"decision\":\"allow\",\"code\":\"rule\",\"rule\":\"%s\",\"command\":"
		       "\"docker "
		       "exec\",\"program\":\"/usr/bin/"
		       "docker\",\"argv\":[\"docker\",\"exec\",\"ollama\","
		       "\"ollama\",\"show\",\"model%lu\"],\"runas\":\"root\",\"reason\":\"the rule "
		       "%s allows "
		       "it\",\"hint\":null,\"nearest\":null,\"policy\":%s,\"cwd\":\"/home/"
		       "ai-worker\","
		       "\"tty\":\"/dev/pts/3\",\"claims\":{\"WRIT_TASK\":\"benchmark "
		       "%lu\"},\"plugin\":"
		       "\"writ_policy\",\"iolog\":\"ai-worker/20261101T000000Z-00000000/%06lX\"}\n",
		       rule, n % 1000, rule, policy, n / 5000, n & 0xffffff);
}

int main(int argc, char **argv)
{
	unsigned long count = argc > 1 ? strtoul(argv[1], NULL, 10) : 0;

	for (unsigned long n = 0; n < count; n++) {
		int64_t time = FIRST + (int64_t)n * 2592000;
		unsigned agent = (unsigned)(next() % 10);

		if (n % 2 == 0) {
			put_head(time, "decision", n, agent);
			put_decision(n);
		} else {
			put_head(time, "exit", n, agent);
			printf(",\"decision_id\":\"20261101T000000Z-%016llx\",\"status\":%d,"
			       "\"signal\":null,"
			       "\"error\":null,\"seconds\":%lu.%06lu}\n",
			       (unsigned long long)next(), n % 7 == 0, n % 30, n % 1000000);
		}
	}
	return fflush(stdout) != 0 || ferror(stdout);
}
