/* SPDX-License-Identifier: MIT */
#include "config.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <unistd.h>

#include "bench.h"
#include "manual.h"
#include "plot.h"
#include "print.h"
#include "profiling.h"
#include "rcfile.h"
#include "run.h"
#include "tty.h"

/* A file opened by us must not become standard output because nobody had that open. */
static void occupy_standard_descriptors(void)
{
	int fd;

	do
		fd = open("/dev/null", O_RDONLY);
	while (fd >= 0 && fd <= STDERR_FILENO);
	if (fd >= 0)
		close(fd);
}

static int run_feed(const struct options *o)
{
	struct run r;
	int code = run_init(&r, o);

	if (code == EXIT_OK)
		code = o->action == ACTION_LIST_GPUS ? run_list_gpus(&r) :
		       options_are_for_screen(o) ? run_interactive(&r) : run_batch(&r);
	run_done(&r);
	return code;
}

static int run(const struct options *o)
{
	struct profiling *profiling = NULL;
	char error[512];
	int code;

	if (o->replay || o->demo)
		return run_feed(o);
	profiling_recover(o->live.sys);
	if (o->profiling && profiling_begin(o->live.sys, strcmp(o->profiling, "on") == 0, &profiling, error,
					    sizeof(error))) {
		warnx("--profiling: %s", error);
		return EXIT_FAILED;
	}
	code = run_feed(o);
	profiling_end(profiling);
	return code;
}

/* Where no screen can be shown, frames are printed. */
static void choose_batch(struct options *o)
{
	const char *why;

	if (o->action != ACTION_RUN || o->batch || o->once || o->report || tty_is_usable(&why))
		return;
	if (why)
		warnx("%s: printing frames as with -b", why);
	o->batch = true;
}

static int perform(struct options *o)
{
	struct buf text = { 0 };
	int code;

	switch (o->action) {
	case ACTION_HELP:
		options_help(program_invocation_short_name, &text);
		break;
	case ACTION_VERSION:
		buf_printf(&text, "gputop %s\n", PACKAGE_VERSION);
		break;
	case ACTION_LIST_FIELDS:
		manual_fields(o->style == MANUAL_MDOC, &text);
		break;
	case ACTION_LIST_KEYS:
		manual_keys(o->style, &text);
		break;
	case ACTION_DOCTOR:
		return run_doctor(o);
	default:
		return run(o);
	}
	code = print(&text);
	buf_done(&text);
	return code;
}

/* What the user set up, and the command line over it. 0 or as options_parse(). */
static int take_config(int argc, char *argv[], struct options *o)
{
	char path[PATH_MAX];
	struct options set_up;

	if (rcfile_path(path, sizeof(path)) ||
	    rcfile_read(path, &set_up, o->rcfile_error, sizeof(o->rcfile_error)))
		return 0;
	options_done(o);
	*o = set_up;
	return options_parse(argc, argv, o);
}

static int show(int argc, char *argv[])
{
	struct options o;
	int code;

	options_init(&o);
	code = options_parse(argc, argv, &o);
	if (!code) {
		choose_batch(&o);
		if (options_are_for_screen(&o))
			code = take_config(argc, argv, &o);
	}
	if (code) {
		warnx("%s", o.error);
		code = code == -EINVAL ? EXIT_USAGE : EXIT_FAILED;
	} else {
		code = perform(&o);
	}
	options_done(&o);
	return code;
}

/* A finder that remembers keeps a descriptor per process; nothing here uses select(2). */
static void raise_descriptor_limit(void)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
		limit.rlim_cur = limit.rlim_max;
		setrlimit(RLIMIT_NOFILE, &limit);
	}
}

int main(int argc, char *argv[])
{
	int code;

	occupy_standard_descriptors();
	raise_descriptor_limit();
	/* Numbers stay as they are in C; only what a character is depends on the user. */
	setlocale(LC_CTYPE, "");
	signal(SIGPIPE, SIG_IGN);
	if (argc > 1 && strcmp(argv[1], "bench") == 0)
		code = bench_main(argc - 1, argv + 1);
	else if (argc > 1 && strcmp(argv[1], "plot") == 0)
		code = plot_main(argc - 1, argv + 1);
	else
		code = show(argc, argv);
	if (fflush(stdout) && errno != EPIPE && code == EXIT_OK) {
		warn("standard output");
		code = EXIT_FAILED;
	}
	return code;
}
