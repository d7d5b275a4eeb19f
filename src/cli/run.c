/* SPDX-License-Identifier: MIT */
#include "run.h"

#include <err.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static void make_model(struct run *r)
{
	struct model *m = &r->model;
	const struct options *o = r->o;

	model_init(m);
	m->view = o->view;
	m->mode = o->demo ? MODE_DEMO : o->replay ? MODE_REPLAY : MODE_LIVE;
	m->theme = o->theme;
	m->units = o->units;
	m->no_mouse = o->no_mouse;
	m->saved_delay_ns = o->delay_ns;
	snprintf(m->rcfile_error, sizeof(m->rcfile_error), "%s", o->rcfile_error);
	if (*o->rcfile_error)
		model_say(m, "Ignored: %s", o->rcfile_error);
	m->delay_ns = m->mode == MODE_LIVE || o->has_delay ? o->delay_ns : 0;
	m->reaches = m->mode == MODE_LIVE && !o->live.proc;
	m->privileged = m->mode != MODE_LIVE || geteuid() == 0;
	m->utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
	if (o->n_columns) {
		memcpy(m->columns, o->columns, sizeof(m->columns));
		m->n_columns = o->n_columns;
		m->default_columns = false;
	}
}

/* It has everybody's command lines, which are not for everybody. A file is emptied only when it is known not to be the one that is replayed. */
static int open_recorder(struct run *r)
{
	const char *path = r->o->record;
	bool is_stdout = strcmp(path, "-") == 0;
	struct stat st;
	int error;

	r->record_fd = is_stdout ? fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3) :
		       open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	if (r->record_fd < 0 || fstat(r->record_fd, &st)) {
		warn("--record %s", path);
		return EXIT_FAILED;
	}
	if (feed_reads(r->feed, &st)) {
		warnx("--record %s: this is the recording that is replayed", path);
		return EXIT_FAILED;
	}
	if (!is_stdout && S_ISREG(st.st_mode) && ftruncate(r->record_fd, 0)) {
		warn("--record %s", path);
		return EXIT_FAILED;
	}
	error = output_new(r->record_fd, OUTPUT_RAW, 0, &r->recorder);
	if (error) {
		warnx("--record %s: %s", path, strerror(-error));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

int run_init(struct run *r, const struct options *o)
{
	char error[512];

	*r = (struct run){ .o = o, .record_fd = -1 };
	make_model(r);
	if (feed_new(o, &r->feed, error, sizeof(error))) {
		warnx("%s", error);
		return EXIT_FAILED;
	}
	r->model.from_daemon = feed_is_daemon(r->feed);
	return o->record ? open_recorder(r) : EXIT_OK;
}

void run_done(struct run *r)
{
	output_free(r->recorder);
	if (r->record_fd >= 0)
		close(r->record_fd);
	feed_free(r->feed);
	view_done(&r->view);
	*r = (struct run){ .record_fd = -1 };
}

/* A recording has everything, whatever is shown. */
static int record(struct run *r, const struct snapshot *s)
{
	const struct view_options everything = { .all = true };
	int error = view_select(&r->view, &everything, s);

	if (!error)
		error = output_frame(r->recorder, &r->model, s, &r->view);
	if (!error)
		return EXIT_OK;
	if (error != -EPIPE)
		warnx("--record %s: %s", r->o->record, strerror(-error));
	return EXIT_FAILED;
}

/* Who answers for gputopd may forward what another machine says. */
static bool is_of_this_host(const struct snapshot *s)
{
	char host[sizeof(s->frame.host)] = "";

	gethostname(host, sizeof(host) - 1);
	return strcmp(s->frame.host, host) == 0;
}

int run_frame(struct run *r)
{
	r->model.reaches &= is_of_this_host(feed_snapshot(r->feed));
	r->model.share = feed_share(r->feed);
	r->model.no_gpu = feed_has_no_gpu(r->feed);
	/* Whoever goes back sees frames again, the recording does not. */
	if (!r->recorder || feed_position(r->feed) <= r->n_recorded)
		return EXIT_OK;
	r->n_recorded = feed_position(r->feed);
	return record(r, feed_snapshot(r->feed));
}

int run_select(struct run *r)
{
	int error = view_select(&r->view, &r->model.view, feed_snapshot(r->feed));

	if (error) {
		warnx("%s", strerror(-error));
		return EXIT_FAILED;
	}
	return EXIT_OK;
}

bool run_is_over(const struct run *r)
{
	return r->o->frames > 0 && r->n_frames >= r->o->frames;
}
