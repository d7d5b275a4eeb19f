/* SPDX-License-Identifier: MIT */
#include "plot.h"

#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "feed.h"
#include "format.h"
#include "plot_svg.h"
#include "print.h"
#include "rcfile.h"
#include "../report/report.h"

#define SAMPLES 1024	/* more than pixels */

static const char usage[] =
	"Usage: gputop plot RECORDING --svg FILE [--clients N] [--units UNITS]\n"
	"\n"
	"  --svg FILE      where the picture goes; - is standard output\n"
	"  --clients N     so many of the clients that used most (default 8, at most 28; 0: none)\n"
	"  --units UNITS   of memory: binary, decimal or bytes (default: what gputoprc says)\n"
	"  -h, --help      this help\n";

struct plot_options {
	const char *recording;	/* "-": standard input */
	const char *svg;	/* "-": standard output */
	uint64_t clients;
	enum units units;
};

/* What the user set up for the screen is meant here, too. */
static enum units usual_units(void)
{
	char path[PATH_MAX], error[512];
	struct options set_up;
	enum units units = UNITS_BINARY;

	if (rcfile_path(path, sizeof(path)))
		return units;
	if (rcfile_read(path, &set_up, error, sizeof(error))) {
		warnx("%s; the file is ignored.", error);
		return units;
	}
	units = set_up.units;
	options_done(&set_up);
	return units;
}

static int parse(struct plot_options *o, int argc, char *argv[])
{
	static const struct option options[] = {
		{ "svg", required_argument, NULL, 's' }, { "clients", required_argument, NULL, 'c' },
		{ "units", required_argument, NULL, 'u' }, { "help", no_argument, NULL, 'h' }, { 0 },
	};
	int key;

	optind = 0;
	while ((key = getopt_long(argc, argv, "h", options, NULL)) != -1)
		switch (key) {
		case 's':
			o->svg = optarg;
			break;
		case 'c':
			if (parse_number(str_of(optarg), 0, PLOT_SVG_MAX_LINES, &o->clients) == 0)
				break;
			warnx("--clients: '%s' is not a number from 0 to %d", optarg, PLOT_SVG_MAX_LINES);
			return EXIT_USAGE;
		case 'u':
			if (units_find(optarg, &o->units) == 0)
				break;
			warnx("--units: no such units '%s' (binary, decimal, bytes)", optarg);
			return EXIT_USAGE;
		case 'h':
			fputs(usage, stdout);
			exit(EXIT_OK);
		default:
			return EXIT_USAGE;
		}
	if (optind != argc - 1 || !o->svg) {
		warnx("plot wants a RECORDING and --svg FILE (see plot -h)");
		return EXIT_USAGE;
	}
	o->recording = argv[optind];
	return EXIT_OK;
}

/* "host, 2026-01-02T03:04:05.678Z to ..." */
static void add_title(struct buf *title, const struct history *h, const struct snapshot *s)
{
	uint64_t took_ns = history_length(h) ? s->frame.t_ns - history_start_ns(h) : 0;
	char from[32], to[32];

	report_time(s->frame.clock_ns - took_ns, from);
	report_time(s->frame.clock_ns, to);
	buf_printf(title, "%s, %s to %s", s->frame.host, from, to);
}

/* A recording that is cut or corrupt is plotted up to there. */
static int plot(const struct plot_options *o, struct feed *feed, struct history *h)
{
	struct buf title = { 0 }, out = { 0 };
	int code = EXIT_OK, next;
	char error[512];

	while ((next = feed_next(feed, error, sizeof(error))) > 0)
		if (history_take(h, feed_snapshot(feed))) {
			warnx("%s", strerror(ENOMEM));
			return EXIT_FAILED;
		}
	if (next < 0) {
		warnx("%s", error);
		code = EXIT_FAILED;
	}
	if (history_length(h) > 0) {
		add_title(&title, h, feed_snapshot(feed));
		plot_svg(h, title.ptr ? title.ptr : "", (size_t)o->clients, o->units, &out);
		if (print_to(&out, o->svg, "--svg") != EXIT_OK)
			code = EXIT_FAILED;
	}
	buf_done(&title);
	buf_done(&out);
	return code;
}

int plot_main(int argc, char *argv[])
{
	struct plot_options o = { .clients = 8, .units = usual_units() };
	struct history *h = NULL;
	struct feed *feed = NULL;
	char error[512];
	struct stat st;
	int code = parse(&o, argc, argv);

	if (code)
		return code;
	if (feed_new(&(struct options){ .replay = o.recording, .batch = true }, &feed, error, sizeof(error))) {
		warnx("%s", error);
		return EXIT_FAILED;
	}
	if (stat(o.svg, &st) == 0 && feed_reads(feed, &st)) {
		warnx("--svg %s: this is the recording that is plotted", o.svg);
		code = EXIT_FAILED;
	} else if (history_new(SAMPLES, true, &h)) {
		warnx("%s", strerror(ENOMEM));
		code = EXIT_FAILED;
	} else {
		code = plot(&o, feed, h);
	}
	history_free(h);
	feed_free(feed);
	return code;
}
