/* SPDX-License-Identifier: MIT */
/* turns.c -- runs the same command of several runtimes in turns and prints, for
 * each, lines "NAME KEY VALUE":
 *   turns [-n ROUNDS] [-w US] [-b BLOCK] [-k KEEP] MODE BUNDLE NAME=CMD...
 * Every round has each runtime once, and each time another one comes first.
 *   -w US     sleep that long before each, and on until nobody else works
 *   -b BLOCK  each that often in a row, of which the last one counts: what a
 *             neighbour left in the kernel (an RCU grace period under way) is
 *             not what it finds
 *   -k KEEP   so many created containers of each runtime are there meanwhile
 *   -i ID     what the ids of containers begin with
 * CMD beginning with @ is executed from a sealed memory file, in which wherry's
 * shield sees that there is nothing to do.
 * Modes: run; life, which is create, start, the end of the program, delete;
 * create (and, not counted, delete --force); state and exec, of one that is
 * kept; list; many=N, which is N times run at once.
 *
 * Keys: wall, cpu (medians, us), p10, p90, ratio and cpu-ratio (medians of what
 * it took to what the first runtime took in the same round); of life create,
 * start, wait and delete; failed, if it did. */
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/sendfile.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

enum { RUNTIMES = 8, WORDS = 96, PARTS = 4, BUSY_PERCENT = 20, TRIES = 50 };

struct took {
	double wall, cpu, part[PARTS];
};

static struct runtime {
	const char *name;
	char *words[WORDS];
	unsigned n_words, failed;
	struct took *took;      /* of each round */
} runtimes[RUNTIMES];
static unsigned n_runtimes, rounds = 20, block = 1, keep, many = 1;
static unsigned long gap;
static const char *mode, *bundle, *prefix = "turns";
static int null;

static void
die(const char *what)
{
	perror(what);
	exit(1);
}

static double
now(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (double)t.tv_sec * 1e6 + (double)t.tv_nsec / 1e3;
}

static double
us(const struct timeval *t)
{
	return (double)t->tv_sec * 1e6 + (double)t->tv_usec;
}

/* --- One command ---------------------------------------------------------- */

static pid_t
begin(const struct runtime *r, const char *const args[])
{
	char *argv[WORDS + 8];
	unsigned n = r->n_words;
	pid_t pid;

	memcpy(argv, r->words, n * sizeof(*argv));
	for (; *args; args++)
		argv[n++] = strdup(*args);
	argv[n] = NULL;
	pid = vfork();
	if (pid < 0)
		die("turns: vfork");
	if (pid == 0) {
		dup2(null, 0);
		dup2(null, 1);
		execve(argv[0], argv, environ);
		_exit(127);
	}
	while (n-- > r->n_words)
		free(argv[n]);
	return pid;
}

/* pid -1: whichever ends. */
static int
end(pid_t pid, struct took *t)
{
	struct rusage used;
	int status;

	while (wait4(pid, &status, 0, &used) < 0) {
		if (errno != EINTR)
			return -1;
	}
	t->cpu += us(&used.ru_utime) + us(&used.ru_stime);
	return status;
}

#define ARGS(...) (const char *const []) { __VA_ARGS__, NULL }

static int
one(const struct runtime *r, const char *const args[], struct took *t)
{
	return end(begin(r, args), t);
}

/* --- The modes ------------------------------------------------------------ */

static int
life(const struct runtime *r, const char *id, struct took *t)
{
	double from = now(), to;
	int bad = 0;

	for (unsigned i = 0; i < PARTS && !bad; i++, from = to) {
		switch (i) {
		case 0:
			bad = one(r, ARGS("create", "--bundle", bundle, id), t);
			break;
		case 1:
			bad = one(r, ARGS("start", id), t);
			break;
		case 2:         /* orphans come to us */
			bad = end(-1, t);
			break;
		case 3:
			bad = one(r, ARGS("delete", id), t);
			break;
		}
		to = now();
		t->part[i] = to - from;
	}
	return bad;
}

static int
run_many(const struct runtime *r, const char *id, struct took *t)
{
	int bad = 0;
	char name[96];

	for (unsigned i = 0; i < many; i++) {
		snprintf(name, sizeof(name), "%s-%u", id, i);
		begin(r, ARGS("run", "--bundle", bundle, name));
	}
	for (unsigned i = 0; i < many; i++)
		bad |= end(-1, t);
	return bad;
}

static void
kept(char *name, size_t size, const struct runtime *r, unsigned i)
{
	snprintf(name, size, "%s-%s-%u", prefix, r->name, i);
}

static void
reap_orphans(void)
{
	while (waitpid(-1, NULL, WNOHANG) > 0)
		;
}

static void
measure(struct runtime *r, struct took *t)
{
	static unsigned n;
	char id[80], held[80];
	double from;
	int bad;

	snprintf(id, sizeof(id), "%s-%u", prefix, n++);
	kept(held, sizeof(held), r, keep / 2);
	*t = (struct took) { 0 };
	from = now();
	if (!strcmp(mode, "run"))
		bad = one(r, ARGS("run", "--bundle", bundle, id), t);
	else if (!strcmp(mode, "life"))
		bad = life(r, id, t);
	else if (!strcmp(mode, "create"))
		bad = one(r, ARGS("create", "--bundle", bundle, id), t);
	else if (!strcmp(mode, "list"))
		bad = one(r, ARGS("list"), t);
	else if (!strcmp(mode, "exec"))
		bad = one(r, ARGS("exec", held, "true"), t);
	else if (!strcmp(mode, "state"))
		bad = one(r, ARGS("state", held), t);
	else
		bad = run_many(r, id, t);
	t->wall = now() - from;
	r->failed += bad != 0;
	if (bad || !strcmp(mode, "create")) {
		one(r, ARGS("delete", "--force", id), &(struct took) { 0 });
		reap_orphans();
	}
}

/* --- Waiting for a quiet machine ------------------------------------------ */

static void
ticks(unsigned long long *busy, unsigned long long *all)
{
	unsigned long long v[8] = { 0 };
	FILE *f = fopen("/proc/stat", "r");

	if (!f || fscanf(f, "cpu %llu %llu %llu %llu %llu %llu %llu %llu",
	    &v[0], &v[1], &v[2], &v[3], &v[4], &v[5], &v[6], &v[7]) != 8)
		die("turns: /proc/stat");
	fclose(f);
	*all = 0;
	for (int i = 0; i < 8; i++)
		*all += v[i];
	*busy = *all - v[3] - v[4];
}

static void
rest(void)
{
	struct timespec t = { (time_t)(gap / 1000000),
		(long)(gap % 1000000) * 1000 };
	unsigned long long busy[2], all[2];

	for (int i = 0; gap && i < TRIES; i++) {
		ticks(&busy[0], &all[0]);
		nanosleep(&t, NULL);
		ticks(&busy[1], &all[1]);
		if ((busy[1] - busy[0]) * 100 <=
		    (all[1] - all[0]) * BUSY_PERCENT)
			return;
	}
}

/* --- Results -------------------------------------------------------------- */

static int
by_value(const void *a, const void *b)
{
	double x = *(const double *)a, y = *(const double *)b;

	return (x > y) - (x < y);
}

enum what { WALL, CPU, RATIO, CPU_RATIO, PART };

static double
pick(const struct runtime *r, unsigned round, unsigned what)
{
	const struct took *t = &r->took[round], *base = &runtimes->took[round];

	switch (what) {
	case WALL:
		return t->wall;
	case CPU:
		return t->cpu;
	case RATIO:
		return t->wall / base->wall;
	case CPU_RATIO:
		return base->cpu > 0 ? t->cpu / base->cpu : 0;
	default:
		return t->part[what - PART];
	}
}

static double
share(const struct runtime *r, unsigned what, double of)
{
	static double *v;
	unsigned i;

	if (!v && !(v = calloc(rounds, sizeof(*v))))
		die("turns");
	for (i = 0; i < rounds; i++)
		v[i] = pick(r, i, what);
	qsort(v, rounds, sizeof(*v), by_value);
	return v[(unsigned)(of * (rounds - 1) + 0.5)];
}

static void
report(const struct runtime *r)
{
	static const char *const parts[] = { "create", "start", "wait",
		"delete" };
	const char *name = r->name;

	if (r->failed)
		printf("%s failed %u\n", name, r->failed);
	printf("%s wall %.0f\n", name, share(r, WALL, 0.5));
	printf("%s p10 %.0f\n", name, share(r, WALL, 0.1));
	printf("%s p90 %.0f\n", name, share(r, WALL, 0.9));
	printf("%s cpu %.0f\n", name, share(r, CPU, 0.5));
	printf("%s ratio %.2f\n", name, share(r, RATIO, 0.5));
	printf("%s cpu-ratio %.2f\n", name, share(r, CPU_RATIO, 0.5));
	for (unsigned i = 0; i < PARTS && !strcmp(mode, "life"); i++)
		printf("%s %s %.0f\n", name, parts[i],
			share(r, PART + i, 0.5));
}

/* --- What is measured ----------------------------------------------------- */

static void
keep_all(bool there)
{
	char id[80];

	for (unsigned k = 0; k < n_runtimes * keep; k++) {
		struct runtime *r = &runtimes[k % n_runtimes];
		struct took t;
		int bad;

		kept(id, sizeof(id), r, k / n_runtimes);
		bad = there ? one(r, ARGS("create", "--bundle", bundle, id),
			&t) : one(r, ARGS("delete", "--force", id), &t);
		r->failed += there && bad;
		reap_orphans();
	}
}

static char *
sealed(const char *path)
{
	enum { SEALS = F_SEAL_SEAL | F_SEAL_SHRINK | F_SEAL_GROW |
		F_SEAL_WRITE };
	int from = open(path, O_RDONLY | O_CLOEXEC);
	int to = memfd_create("sealed", MFD_CLOEXEC | MFD_ALLOW_SEALING);
	char *name = malloc(64);

	if (from < 0 || to < 0 || !name)
		die(path);
	while (sendfile(to, from, NULL, 1 << 20) > 0)
		;
	if (fchmod(to, 0555) || fcntl(to, F_ADD_SEALS, SEALS))
		die("turns: seal");
	close(from);
	snprintf(name, 64, "/proc/self/fd/%d", to);
	return name;
}

static void
add_runtime(char *arg)
{
	struct runtime *r = &runtimes[n_runtimes++];
	char *words = strchr(arg, '=');

	if (!words || n_runtimes > RUNTIMES)
		exit(2);
	*words++ = '\0';
	r->name = arg;
	for (char *w = strtok(words, " \n"); w; w = strtok(NULL, " \n")) {
		if (r->n_words < WORDS)
			r->words[r->n_words++] = w;
	}
	if (*r->words[0] == '@')
		r->words[0] = sealed(r->words[0] + 1);
	r->took = calloc(rounds, sizeof(*r->took));
	if (!r->took)
		die("turns");
}

int
main(int argc, char **argv)
{
	int c;

	while ((c = getopt(argc, argv, "n:w:b:k:i:")) != -1) {
		unsigned long v = optarg ? strtoul(optarg, NULL, 10) : 0;

		switch (c) {
		case 'n': rounds = (unsigned)v; break;
		case 'w': gap = v; break;
		case 'b': block = (unsigned)v; break;
		case 'k': keep = (unsigned)v; break;
		case 'i': prefix = optarg; break;
		default: return 2;
		}
	}
	if (argc - optind < 3 || !rounds || !block)
		return 2;
	mode = argv[optind++];
	bundle = argv[optind++];
	if (!strncmp(mode, "many=", 5))
		many = (unsigned)strtoul(mode + 5, NULL, 10);
	while (optind < argc)
		add_runtime(argv[optind++]);
	null = open("/dev/null", O_RDWR | O_CLOEXEC);
	if (null < 0 || prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0))
		die("turns");
	keep_all(true);
	/* the first round is not counted: caches fill */
	for (unsigned i = 0; i <= rounds; i++) {
		for (unsigned j = 0; j < n_runtimes * block; j++) {
			struct runtime *r = &runtimes[(i + j / block) %
				n_runtimes];

			rest();
			measure(r, &r->took[i ? i - 1 : 0]);
		}
	}
	keep_all(false);
	for (unsigned j = 0; j < n_runtimes; j++)
		report(&runtimes[j]);
	return 0;
}
