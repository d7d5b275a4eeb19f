/* SPDX-License-Identifier: MIT */
#include "bench.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <glob.h>
#include <malloc.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "../now.h"
#include "bench_report.h"
#include "options.h"
#include "print.h"

#define MAX_NODES 64
#define FRAME_CLIENTS 2000
#define FRAME_MIN_FRAMES 20

/* More than an arm allocates for fleets that nobody watches yet. */
#define HEAP_SIZE (8u << 20)

/* Where nobody looks on, a line this often. */
#define PROGRESS_NS (20 * NSEC_PER_SEC)

struct bench {
	struct bench_result result;
	struct arm_env env;
	size_t processes[BENCH_MAX_SIZES], fds[BENCH_MAX_SIZES];
	size_t n_processes, n_fds;
	size_t clients;
	const char *node;
	glob_t found;		/* nodes */
	const char *nodes[MAX_NODES];
	size_t n_nodes;
	char *arms;		/* NULL: all */
	bool frame;
	bool json;
	const char *svg;
	uint64_t progress_ns;	/* when it was last said */
};

static const char usage[] =
	"usage: gputop bench [OPTION]...\n"
	"Measures what looking for GPU clients costs, on this machine as it is or on processes made for it.\n\n"
	"      --processes N,...      make so many idle processes (one run for each number)\n"
	"      --fds N,...            descriptors of each of them (40; the last counts for the rest)\n"
	"      --clients N            so many of these are clients (20)\n"
	"      --major N              the device major of clients, instead of those of DRM\n"
	"      --node FILE            the device that clients open; without it the render nodes of this\n"
	"                             machine, or /dev/null for --major 1\n"
	"      --arms NAME,...        these only: a finder, naive, top, gputop, frame\n"
	"      --passes N             passes of each arm that count (20)\n"
	"      --pace SECONDS         from pass to pass of an arm (1); 0: one after another\n"
	"      --stale SECONDS, --proc DIR, --sys DIR\n"
	"                             as without bench\n"
	"      --json                 JSON instead of tables\n"
	"      --svg FILE             a plot of the cost against processes and descriptors\n"
	"  -h, --help                 this text\n"
	"Exit status 1: an arm found other clients than there are, or something failed.\n";

/* All of what arms will allocate is in memory before they begin, and stays when they free it. */
static void prefault(void)
{
	char *heap;

	mallopt(M_MMAP_THRESHOLD, 4 * HEAP_SIZE);
	mallopt(M_TRIM_THRESHOLD, 8 * HEAP_SIZE);
	heap = malloc(HEAP_SIZE);
	if (heap) {
		size_t page = (size_t)sysconf(_SC_PAGESIZE), offset = page - (uintptr_t)heap % page;

		madvise(heap + offset, HEAP_SIZE - page, MADV_POPULATE_WRITE);
	}
	free(heap);
}

static void show_progress(void *arg, size_t done, size_t all)
{
	struct bench *b = arg;
	const struct bench_size *s = &b->result.sizes[b->result.n_sizes];
	bool is_watched = isatty(STDERR_FILENO);
	uint64_t now = now_ns();

	if (now - b->progress_ns < (is_watched ? NSEC_PER_SEC / 5 : PROGRESS_NS))
		return;
	b->progress_ns = now;
	fprintf(stderr, "%sgputop bench: %zu processes: %zu of %zu passes%s", is_watched ? "\r" : "", s->processes,
		done, all, is_watched ? "\033[K" : "\n");
}

static void clear_progress(void)
{
	if (isatty(STDERR_FILENO))
		fprintf(stderr, "\r\033[K");
}

static bool is_node(const struct bench *b, const char *path)
{
	struct stat st;

	if (stat(path, &st) || !S_ISCHR(st.st_mode))
		return false;
	for (size_t i = 0; i < b->env.n_majors; i++)
		if (b->env.majors[i] == major(st.st_rdev))
			return true;
	return false;
}

/* What the fleet's clients open. Render nodes: opening them asks for no rights and makes nobody master. */
static int find_nodes(struct bench *b)
{
	static const char *const patterns[] = { "/dev/dri/renderD*", "/dev/accel/accel*", "/dev/null" };

	if (b->node) {
		if (!is_node(b, b->node)) {
			warnx("--node: '%s' is no character device of the majors looked for", b->node);
			return EXIT_USAGE;
		}
		b->nodes[b->n_nodes++] = b->node;
		return EXIT_OK;
	}
	for (size_t i = 0; i < N_OF(patterns); i++)
		glob(patterns[i], i ? GLOB_APPEND : 0, NULL, &b->found);
	for (size_t i = 0; i < b->found.gl_pathc && b->n_nodes < MAX_NODES; i++)
		if (is_node(b, b->found.gl_pathv[i]))
			b->nodes[b->n_nodes++] = b->found.gl_pathv[i];
	if (b->n_nodes > 0)
		return EXIT_OK;
	warnx("no device that the fleet's clients could open (--major 1 takes /dev/null for one)");
	return EXIT_FAILED;
}

static int find_majors(struct bench *b)
{
	struct proc proc;
	int err;

	if (b->env.n_majors)
		return EXIT_OK;
	err = proc_init(&proc, b->env.proc);
	if (err) {
		warnx("%s: %s", b->env.proc ? b->env.proc : "/proc", strerror(-err));
		return EXIT_FAILED;
	}
	b->env.n_majors = proc_gpu_majors(&proc, b->env.majors, FINDER_MAX_MAJORS);
	proc_done(&proc);
	return EXIT_OK;
}

/* Takes "frame" out of the names; the others become arms of every run. */
static int choose_arms(struct bench *b)
{
	char *rest = b->arms;
	const char *name;

	b->frame = !rest;
	while (rest && (name = strsep(&rest, ","))) {
		if (strcmp(name, "frame") == 0) {
			b->frame = true;
			continue;
		}
		for (size_t i = 0; i < BENCH_MAX_SIZES; i++) {
			int err = bench_run_add(&b->result.sizes[i].run, name);

			if (err) {
				warnx("--arms: '%s': %s", name, err == -ENOENT ? "no such arm" : strerror(-err));
				return EXIT_USAGE;
			}
		}
	}
	return EXIT_OK;
}

static bool agrees(const struct bench_size *s)
{
	for (size_t i = 0; i < s->run.n_arms; i++)
		if (!s->run.arms[i].error && !bench_arm_agrees(&s->run, &s->run.arms[i], s->processes > 0)) {
			warnx("%s found other clients than there are", s->run.arms[i].arm.name);
			return false;
		}
	return true;
}

static int run_size(struct bench *b, struct bench_size *s, struct buf *out)
{
	struct fleet_options fleet = { .processes = s->processes, .fds = s->fds, .clients = s->clients,
				       .nodes = b->nodes, .n_nodes = b->n_nodes };
	struct bench_plan plan = { .env = b->env, .clients = s->clients, .passes = b->result.passes,
				   .pace_ns = b->result.pace_ns, .progress = show_progress, .arg = b };
	struct fleet *f = NULL;
	int err = s->processes ? fleet_new(&fleet, &f) : 0;

	if (err) {
		warnx("cannot make %zu process%s with %zu descriptor%s: %s", s->processes,
		      s->processes == 1 ? "" : "es", s->fds, s->fds == 1 ? "" : "s", strerror(-err));
		return EXIT_FAILED;
	}
	plan.env.fleet = f;
	b->progress_ns = now_ns();
	err = bench_run(&s->run, &plan);
	fleet_free(f);
	clear_progress();
	if (err) {
		warnx("%s", strerror(-err));
		return EXIT_FAILED;
	}
	b->result.n_sizes++;
	if (!b->json) {
		buf_reset(out);
		buf_printf(out, "%s", b->result.n_sizes > 1 ? "\n" : "");
		bench_table_size(&b->result, s, out);
		if (print(out) != EXIT_OK)
			return EXIT_FAILED;
	}
	return agrees(s) ? EXIT_OK : EXIT_FAILED;
}

/* Goes on where an arm was wrong, so that the report shows it. */
static int run_sizes(struct bench *b, struct buf *out)
{
	size_t n = b->n_processes ? b->n_processes : 1;
	int code = EXIT_OK;

	for (size_t i = 0; i < n; i++) {
		struct bench_size *s = &b->result.sizes[i];

		if (b->n_processes) {
			s->processes = b->processes[i];
			s->fds = b->n_fds == 0 ? 40 : b->fds[i < b->n_fds ? i : b->n_fds - 1];
			s->clients = b->clients;
		}
		if (run_size(b, s, out) != EXIT_OK)
			code = EXIT_FAILED;
		if (b->result.n_sizes != i + 1)
			return EXIT_FAILED;
	}
	return code;
}

static int run_frame(struct bench *b, struct buf *out)
{
	size_t frames = b->result.passes < FRAME_MIN_FRAMES ? FRAME_MIN_FRAMES : b->result.passes;
	int err = bench_frame(FRAME_CLIENTS, frames, &b->result.frame);

	if (err) {
		warnx("%s", strerror(-err));
		return EXIT_FAILED;
	}
	if (b->json)
		return EXIT_OK;
	buf_reset(out);
	buf_printf(out, "%s", b->result.n_sizes > 0 ? "\n" : "");
	bench_table_frame(&b->result.frame, out);
	return print(out);
}

static int run(struct bench *b)
{
	bool only_frame = b->arms && b->frame && b->result.sizes[0].run.n_arms == 0;
	struct buf out = { 0 };
	int code = EXIT_OK;

	prefault();
	if (!only_frame)
		code = run_sizes(b, &out);
	if (b->frame && run_frame(b, &out) != EXIT_OK)
		code = EXIT_FAILED;
	if (b->json) {
		buf_reset(&out);
		bench_json(&b->result, &out);
		if (print(&out) != EXIT_OK)
			code = EXIT_FAILED;
	}
	if (b->svg && b->result.n_sizes > 0) {
		buf_reset(&out);
		bench_plot(&b->result, &out);
		if (print_to(&out, b->svg, "--svg") != EXIT_OK)
			code = EXIT_FAILED;
	}
	buf_done(&out);
	return code;
}

/* "100,550": up to BENCH_MAX_SIZES numbers. Cuts @text. */
static int parse_list(const char *option, char *text, uint64_t max, size_t ret[static BENCH_MAX_SIZES],
		      size_t *ret_n)
{
	const char *item;
	uint64_t n;

	*ret_n = 0;
	while ((item = strsep(&text, ","))) {
		if (*ret_n == BENCH_MAX_SIZES || parse_number(str_of(item), 1, max, &n)) {
			warnx("--%s: '%s' is not a number from 1 to %ju, or the %dth of them", option, item,
			      (uintmax_t)max, BENCH_MAX_SIZES + 1);
			return EXIT_USAGE;
		}
		ret[(*ret_n)++] = (size_t)n;
	}
	return EXIT_OK;
}

static int parse_one(const char *option, const char *text, uint64_t min, uint64_t max, size_t *ret)
{
	uint64_t n;

	if (parse_number(str_of(text), min, max, &n)) {
		warnx("--%s: '%s' is not a number from %ju to %ju", option, text, (uintmax_t)min, (uintmax_t)max);
		return EXIT_USAGE;
	}
	*ret = (size_t)n;
	return EXIT_OK;
}

enum { PROCESSES = 256, FDS, CLIENTS, MAJOR, NODE, ARMS, PASSES, PACE, STALE, PROC, SYS, JSON, SVG };

static const struct option options[] = {
	{ "processes", required_argument, NULL, PROCESSES }, { "fds", required_argument, NULL, FDS },
	{ "clients", required_argument, NULL, CLIENTS }, { "major", required_argument, NULL, MAJOR },
	{ "node", required_argument, NULL, NODE }, { "arms", required_argument, NULL, ARMS },
	{ "passes", required_argument, NULL, PASSES }, { "pace", required_argument, NULL, PACE },
	{ "stale", required_argument, NULL, STALE }, { "proc", required_argument, NULL, PROC }, { "sys", required_argument, NULL, SYS },
	{ "json", no_argument, NULL, JSON }, { "svg", required_argument, NULL, SVG },
	{ "help", no_argument, NULL, 'h' }, { 0 },
};

static int parse_major(struct bench *b, const char *text)
{
	size_t n;

	if (b->env.n_majors == FINDER_MAX_MAJORS) {
		warnx("--major: more than %d", FINDER_MAX_MAJORS);
		return EXIT_USAGE;
	}
	if (parse_one("major", text, 0, UINT32_MAX, &n))
		return EXIT_USAGE;
	b->env.majors[b->env.n_majors++] = (unsigned int)n;
	return EXIT_OK;
}

static int parse_time(const char *option, const char *text, uint64_t *ret_ns)
{
	if (parse_seconds(text, ret_ns) == 0)
		return EXIT_OK;
	warnx("--%s: '%s' is not a number of seconds", option, text);
	return EXIT_USAGE;
}

static int parse_pace(struct bench *b, const char *text)
{
	b->result.pace_ns = 0;
	return strcmp(text, "0") == 0 ? EXIT_OK : parse_time("pace", text, &b->result.pace_ns);
}

static int take_option(struct bench *b, int key, char *text)
{
	switch (key) {
	case PROCESSES:
		return parse_list("processes", text, FLEET_MAX_PROCESSES, b->processes, &b->n_processes);
	case FDS:
		return parse_list("fds", text, FLEET_MAX_FDS, b->fds, &b->n_fds);
	case CLIENTS:
		return parse_one("clients", text, 0, FLEET_MAX_PROCESSES, &b->clients);
	case MAJOR:
		return parse_major(b, text);
	case PASSES:
		return parse_one("passes", text, 1, BENCH_MAX_PASSES, &b->result.passes);
	case PACE:
		return parse_pace(b, text);
	case STALE:
		return parse_time("stale", text, &b->env.stale_ns);
	case NODE:
		b->node = text;
		return EXIT_OK;
	case ARMS:
		b->arms = text;
		return EXIT_OK;
	case PROC:
		b->env.proc = text;
		return EXIT_OK;
	case SYS:
		b->env.sys = text;
		return EXIT_OK;
	case JSON:
		b->json = true;
		return EXIT_OK;
	case SVG:
		b->svg = text;
		return EXIT_OK;
	default:
		return EXIT_USAGE;
	}
}

static int parse(struct bench *b, int argc, char *argv[])
{
	int key, code;

	optind = 0;
	while ((key = getopt_long(argc, argv, "h", options, NULL)) != -1) {
		if (key == 'h') {
			fputs(usage, stdout);
			exit(EXIT_OK);
		}
		code = take_option(b, key, optarg);
		if (code)
			return code;
	}
	if (optind < argc) {
		warnx("unexpected argument '%s' (see bench -h)", argv[optind]);
		return EXIT_USAGE;
	}
	if (b->n_processes && b->env.proc) {
		warnx("--processes: not with --proc, where they would not be");
		return EXIT_USAGE;
	}
	return choose_arms(b);
}

int bench_main(int argc, char *argv[])
{
	struct bench *b = calloc(1, sizeof(*b));
	int code;

	if (!b)
		err(EXIT_FAILED, NULL);
	b->result.passes = 20;
	b->result.pace_ns = NSEC_PER_SEC;
	b->clients = 20;
	code = parse(b, argc, argv);
	if (code == EXIT_OK)
		code = find_majors(b);
	if (code == EXIT_OK && b->n_processes && b->clients)
		code = find_nodes(b);
	if (code == EXIT_OK)
		code = run(b);
	for (size_t i = 0; i < BENCH_MAX_SIZES; i++)
		bench_run_done(&b->result.sizes[i].run);
	globfree(&b->found);
	free(b);
	return code;
}
