/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "../fdinfo/source.h"
#include "feed.h"
#include "options.h"

#define MAX_FINDERS 16
#define MAX_PASSES 100000
#define NSEC_PER_SEC 1000000000ULL

/* Long enough that reading the clock does not count. */
#define RECORDS_TIME_NS (NSEC_PER_SEC / 4)

/* A finder with what each of its passes cost. */
struct runner {
	const char *name;
	struct source *source;
	struct table *table;
	uint64_t *wall_ns, *cpu_ns;	/* n passes each, in the bench's samples */
	size_t n;
	struct scan scan;	/* of the last pass */
	size_t n_clients, n_holders;
};

struct bench {
	struct live_options live;
	unsigned int majors[FINDER_MAX_MAJORS];
	size_t passes;
	const char *recording;
	struct runner runners[MAX_FINDERS];
	size_t n_runners;
	uint64_t *samples;
};

static int compare_ns(const void *a, const void *b)
{
	uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

	return (x > y) - (x < y);
}

static uint64_t now_ns(void)
{
	struct timespec t;

	clock_gettime(CLOCK_MONOTONIC, &t);
	return (uint64_t)t.tv_sec * NSEC_PER_SEC + (uint64_t)t.tv_nsec;
}

static void runner_done(struct runner *r)
{
	source_free(r->source);
	table_free(r->table);
	*r = (struct runner){ 0 };
}

static int runner_init(struct runner *r, const struct bench *b, const char *name)
{
	struct live_options live = b->live;
	int err;

	*r = (struct runner){ .name = name };
	live.finder = name;
	err = source_live_new(&live, &r->source);
	if (!err)
		err = table_new(&r->table);
	if (err)
		runner_done(r);
	return err;
}

static int runner_pass(struct runner *r, bool is_warm)
{
	int err = source_next(r->source, r->table);
	const struct snapshot *s;

	if (err < 0)
		return err;
	s = table_snapshot(r->table);
	r->scan = s->frame.scan;
	r->n_clients = s->n_clients;
	r->n_holders = 0;
	for (size_t i = 0; i < s->n_clients; i++)
		r->n_holders += s->clients[i].n_holders;
	if (is_warm) {
		r->wall_ns[r->n] = r->scan.wall_ns;
		r->cpu_ns[r->n++] = r->scan.cpu_ns;
	}
	return 0;
}

static uint64_t count_syscalls(const struct scan *scan)
{
	uint64_t sum = 0;

	for (size_t i = 0; i < N_SYSCALL_KINDS; i++)
		sum += scan->syscalls[i];
	return sum;
}

static double ms(uint64_t ns)
{
	return (double)ns / 1e6;
}

static void print_runner(struct runner *r)
{
	size_t middle = r->n / 2;

	qsort(r->wall_ns, r->n, sizeof(*r->wall_ns), compare_ns);
	qsort(r->cpu_ns, r->n, sizeof(*r->cpu_ns), compare_ns);
	printf("%-8s %9.3f %9.3f  %9.3f %9.3f  %9" PRIu64 " %9" PRIu64 " %9" PRIu64 " %7" PRIu64 " %7zu %7zu\n",
	       r->name, ms(r->wall_ns[0]), ms(r->wall_ns[middle]), ms(r->cpu_ns[0]), ms(r->cpu_ns[middle]),
	       count_syscalls(&r->scan),
	       r->scan.processes, r->scan.fds, r->scan.denied, r->n_holders, r->n_clients);
}

/*
 * Pass by pass in turn, so that what else the machine does meanwhile falls on all finders alike. The first
 * pass of each is not counted: it allocates and fills caches.
 */
static int bench_finders(struct bench *b)
{
	b->samples = calloc(b->n_runners * b->passes * 2, sizeof(*b->samples));
	if (!b->samples) {
		warnx("%s", strerror(ENOMEM));
		return EXIT_FAILED;
	}
	for (size_t i = 0; i < b->n_runners; i++) {
		b->runners[i].wall_ns = b->samples + i * 2 * b->passes;
		b->runners[i].cpu_ns = b->runners[i].wall_ns + b->passes;
	}
	for (size_t pass = 0; pass <= b->passes; pass++)
		for (size_t i = 0; i < b->n_runners; i++) {
			int err = runner_pass(&b->runners[i], pass > 0);

			if (err) {
				warnx("finder %s: %s", b->runners[i].name, strerror(-err));
				return EXIT_FAILED;
			}
		}
	printf("%zu passes each; ms\n%-8s %9s %9s  %9s %9s  %9s %9s %9s %7s %7s %7s\n", b->passes, "finder",
	       "wall min", "median", "CPU min", "median", "syscalls", "processes", "fds", "denied",
	       "holders", "clients");
	for (size_t i = 0; i < b->n_runners; i++)
		print_runner(&b->runners[i]);
	return EXIT_OK;
}

/* The records of a recording, parsed, with the text they borrow from. */
struct records {
	char *text;
	size_t len;
	struct record *records;
	size_t n;
};

static int read_file(const char *path, struct records *ret)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC), err = 0;
	struct stat st;
	ssize_t n = 0;

	if (fd < 0)
		return -errno;
	if (fstat(fd, &st) || !(ret->text = malloc((size_t)st.st_size + 1)))
		err = -errno;
	while (!err && ret->len < (size_t)st.st_size &&
	       (n = read(fd, ret->text + ret->len, (size_t)st.st_size - ret->len)) > 0)
		ret->len += (size_t)n;
	if (n < 0)
		err = -errno;
	close(fd);
	return err;
}

/* Takes the next record, up to its blank line, off @rest. */
static bool next_record(struct str *rest, struct str *ret)
{
	const char *end = rest->len ? memmem(rest->ptr, rest->len, "\n\n", 2) : NULL;

	if (!end)
		return false;
	*ret = (struct str){ rest->ptr, (size_t)(end + 1 - rest->ptr) };
	rest->len -= (size_t)(end + 2 - rest->ptr);
	rest->ptr = end + 2;
	return true;
}

static int parse_records(struct records *r)
{
	struct str rest = { r->text, r->len }, text;
	size_t n = 0;
	int err;

	while (next_record(&rest, &text))
		n++;
	r->records = calloc(n + 1, sizeof(*r->records));
	if (!r->records)
		return -ENOMEM;
	rest = (struct str){ r->text, r->len };
	while (next_record(&rest, &text)) {
		err = record_parse(&r->records[r->n++], text);
		if (err)
			return err;
	}
	return r->n ? 0 : -EPROTO;
}

static void records_done(struct records *r)
{
	for (size_t i = 0; i < r->n; i++)
		record_done(&r->records[i]);
	free(r->records);
	free(r->text);
}

static int time_parse(const struct records *r, double *ret_ns)
{
	struct fdinfo fi = { 0 };
	uint64_t start = now_ns(), n = 0;
	int err = 0;

	do {
		for (size_t i = 0; i < r->n && !err; i++)
			if (r->records[i].kind == RECORD_CLIENT) {
				err = fdinfo_parse(&fi, r->records[i].text);
				n++;
			}
	} while (!err && n > 0 && now_ns() - start < RECORDS_TIME_NS);
	*ret_ns = (double)(now_ns() - start) / (double)(n ? n : 1);
	fdinfo_done(&fi);
	return err;
}

/* A table of its own for each time through, so that time goes forward. */
static int time_table(const struct records *r, double *ret_ns)
{
	uint64_t start = now_ns(), n = 0;
	int err = 0;

	do {
		struct table *t;

		err = table_new(&t);
		if (err)
			return err;
		for (size_t i = 0; i < r->n && err >= 0; i++, n++)
			err = table_add(t, &r->records[i]);
		table_free(t);
	} while (err >= 0 && now_ns() - start < RECORDS_TIME_NS);
	*ret_ns = (double)(now_ns() - start) / (double)n;
	return err < 0 ? err : 0;
}

static int bench_records(const struct bench *b)
{
	struct records r = { 0 };
	double parse_ns, table_ns;
	int err = read_file(b->recording, &r);

	if (!err)
		err = parse_records(&r);
	if (!err)
		err = time_parse(&r, &parse_ns);
	if (!err)
		err = time_table(&r, &table_ns);
	if (err)
		warnx("%s: %s", b->recording, strerror(-err));
	else
		printf("\nns per record of %s\nparse    %9.0f\ntable    %9.0f\n", b->recording, parse_ns, table_ns);
	records_done(&r);
	return err ? EXIT_FAILED : EXIT_OK;
}

static int add_runner(struct bench *b, const char *name)
{
	int err = b->n_runners == MAX_FINDERS ? -E2BIG : runner_init(&b->runners[b->n_runners], b, name);

	if (!err)
		b->n_runners++;
	return err;
}

static int open_chosen(struct bench *b, char *choice)
{
	const char *name;

	while ((name = strsep(&choice, ","))) {
		int err = add_runner(b, name);

		if (err) {
			warnx("finder %s: %s", name, err == -ENOENT ? "no such finder" : strerror(-err));
			return err == -ENOENT ? EXIT_USAGE : EXIT_FAILED;
		}
	}
	return EXIT_OK;
}

/* All that work here; those that do not are named, with the reason. */
static int open_all(struct bench *b)
{
	for (const struct finder_ops *const *f = finders; *f; f++) {
		int err = add_runner(b, (*f)->name);

		if (err)
			printf("%-8s not here: %s\n", (*f)->name, strerror(-err));
	}
	return b->n_runners ? EXIT_OK : EXIT_FAILED;
}

static const char usage[] =
	"usage: gputop bench [OPTION]...\n"
	"Measures what a pass costs with each finder, and what a record costs.\n\n"
	"      --passes N             passes of each finder (20)\n"
	"      --finder NAME,...      these finders only\n"
	"      --proc DIR, --sys DIR, --major N\n"
	"                             as without bench\n"
	"      --replay FILE          the recording whose records are measured (the demo)\n"
	"  -h, --help                 this text\n";

static int parse(struct bench *b, int argc, char *argv[], char **ret_finders)
{
	enum { PASSES = 256, FINDER, PROC, SYS, MAJOR, REPLAY };
	static const struct option options[] = {
		{ "passes", required_argument, NULL, PASSES }, { "finder", required_argument, NULL, FINDER },
		{ "proc", required_argument, NULL, PROC }, { "sys", required_argument, NULL, SYS },
		{ "major", required_argument, NULL, MAJOR }, { "replay", required_argument, NULL, REPLAY },
		{ "help", no_argument, NULL, 'h' }, { 0 },
	};
	uint64_t n;
	int key;

	optind = 0;
	while ((key = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		switch (key) {
		case PASSES:
			if (parse_number(str_of(optarg), 1, MAX_PASSES, &n)) {
				warnx("--passes: '%s' is not a number from 1 to %d", optarg, MAX_PASSES);
				return EXIT_USAGE;
			}
			b->passes = (size_t)n;
			break;
		case MAJOR:
			if (b->live.n_majors == FINDER_MAX_MAJORS || parse_number(str_of(optarg), 0, UINT32_MAX, &n)) {
				warnx("--major: '%s' is not a device major", optarg);
				return EXIT_USAGE;
			}
			b->majors[b->live.n_majors++] = (unsigned int)n;
			b->live.majors = b->majors;
			break;
		case FINDER:
			*ret_finders = optarg;
			break;
		case PROC:
			b->live.proc = optarg;
			break;
		case SYS:
			b->live.sys = optarg;
			break;
		case REPLAY:
			b->recording = optarg;
			break;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_OK);
		default:
			return EXIT_USAGE;
		}
	}
	if (optind < argc) {
		warnx("unexpected argument '%s' (see bench -h)", argv[optind]);
		return EXIT_USAGE;
	}
	return EXIT_OK;
}

int bench_main(int argc, char *argv[])
{
	struct bench b = { .passes = 20 };
	char demo[4096], *choice = NULL;
	int code = parse(&b, argc, argv, &choice);

	if (code)
		return code;
	if (!b.recording) {
		feed_demo_path(demo, sizeof(demo));
		b.recording = demo;
	}
	code = choice ? open_chosen(&b, choice) : open_all(&b);
	if (code == EXIT_OK)
		code = bench_finders(&b);
	if (code == EXIT_OK)
		code = bench_records(&b);
	for (size_t i = 0; i < b.n_runners; i++)
		runner_done(&b.runners[i]);
	free(b.samples);
	return code;
}
