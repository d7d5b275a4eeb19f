/* SPDX-License-Identifier: MIT */
#include <err.h>
#include <errno.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include "run.h"

#define WIDE 512

static int text_width(const struct options *o)
{
	struct winsize size;

	if (o->width)
		return o->width;
	if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col >= 20)
		return size.ws_col;
	return WIDE;
}

/* Waits until the next frame is due. False if meanwhile nobody reads standard output any more. */
static bool wait_for_frame(const struct feed *f)
{
	uint64_t ns;

	while ((ns = feed_wait_ns(f)) > 0) {
		struct timespec timeout = { (time_t)(ns / NSEC_PER_SEC), (long)(ns % NSEC_PER_SEC) };
		struct pollfd out = { .fd = STDOUT_FILENO };

		if (ppoll(&out, 1, &timeout, NULL) > 0)
			return false;
	}
	return true;
}

/* Whoever waits for one answer does not see in an empty one that it cannot be another. */
static void say_absent(const struct run *r)
{
	struct buf text = { 0 };

	filter_say_absent(&r->o->filter, r->view.devices, r->view.n_devices, "", &text);
	if (text.len)
		warnx("%s", text.ptr);
	buf_done(&text);
}

/* @ret_code: what the run ends with, where this ends it. */
static bool show_frame(struct run *r, struct output *out, int *ret_code)
{
	int error;

	*ret_code = run_frame(r);
	if (*ret_code == EXIT_OK)
		*ret_code = run_select(r);
	if (*ret_code == EXIT_OK && r->model.no_gpu) {
		warnx("no GPU device or driver found");
		*ret_code = EXIT_NO_GPU;
	}
	if (*ret_code)
		return false;
	/* The first pass of two only says where the second begins. */
	if (r->o->once && r->n_frames++ == 0)
		return true;
	error = out ? output_frame(out, &r->model, feed_snapshot(r->feed), &r->view) : 0;
	if (error && error != -EPIPE) {
		warnx("standard output: %s", strerror(-error));
		*ret_code = EXIT_FAILED;
	}
	if (r->o->once && r->view.n_rows == 0)
		say_absent(r);
	r->n_frames++;
	return !error && !r->o->once && !run_is_over(r);
}

int run_batch(struct run *r)
{
	bool is_recording = r->o->record && strcmp(r->o->record, "-") == 0;
	struct output *out = NULL;
	char error[512];
	int next = 0, code = EXIT_OK;

	if (!is_recording &&
	    output_new(STDOUT_FILENO, r->o->report ? r->o->format : OUTPUT_TEXT, text_width(r->o), &out)) {
		warnx("standard output: %s", strerror(ENOMEM));
		return EXIT_FAILED;
	}
	while (wait_for_frame(r->feed)) {
		next = feed_next(r->feed, error, sizeof(error));
		if (next <= 0 || !show_frame(r, out, &code))
			break;
	}
	output_free(out);
	if (next < 0) {
		warnx("%s", error);
		return EXIT_FAILED;
	}
	if (next == 0 && r->o->once && r->n_frames == 1) {
		warnx("the recording ends before a second frame");
		return EXIT_FAILED;
	}
	return code;
}
