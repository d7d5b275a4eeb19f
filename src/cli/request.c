/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <signal.h>

#include "rcfile.h"
#include "control.h"
#include "tty.h"

static void say_error(struct model *m, int err)
{
	const char *name = m->target.name;

	if (err == -ESRCH)
		model_say(m, "%s is gone.", name);
	else if (err == -ESTALE)
		model_say(m, "%s is gone; its number is another process' now.", name);
	else
		model_say(m, "%s: %s.", name, strerror(-err));
}

static void send_signal(struct model *m, int sig)
{
	int err = control_signal(m->target.pid, m->target.start_time, sig);

	if (err)
		say_error(m, err);
	else
		model_say(m, "SIG%s sent to %s.", sigabbrev_np(sig), m->target.name);
}

static void ask_nice(struct model *m, int by)
{
	int now, err = control_get_nice(m->target.pid, m->target.start_time, &now);

	if (err)
		say_error(m, err);
	else
		model_ask_nice(m, now, by);
}

static void renice(struct model *m, int nice)
{
	int err = control_set_nice(m->target.pid, m->target.start_time, nice);

	if (err)
		say_error(m, err);
	else
		model_say(m, "The nice value of %s is %d.", m->target.name, nice);
}

static void seeks(struct run *r, int err)
{
	if (err == -ESPIPE)
		model_say(&r->model, "A pipe has no way back.");
	else if (err)
		model_say(&r->model, "The end of this recording is not known.");
	else
		r->model.ended = false;
	/* The frames that were on the screen are gone. */
	if (run_select(r))
		r->model.quit = true;
}

static void step(struct run *r, int64_t by)
{
	if (by < 0 || !r->model.ended)
		seeks(r, feed_step(r->feed, by));
}

static void save(struct model *m)
{
	char path[PATH_MAX] = "";
	int err = rcfile_path(path, sizeof(path));

	if (!err)
		err = rcfile_write(path, m);
	if (err) {
		model_say(m, "%s: %s", err == -ENOENT && !*path ? "no place for a file (HOME)" : path, strerror(-err));
		return;
	}
	m->rcfile_error[0] = '\0';
	model_say(m, "Written to %s.", path);
}

static void set_pace(struct run *r)
{
	struct model *m = &r->model;

	feed_set_speed(r->feed, ldexp(1, m->speed));
	if (m->delay_ns && feed_set_delay(r->feed, m->delay_ns))
		model_say(m, "gputopd keeps the pace that was asked for at the start (-d).");
}

void request_perform(struct run *r)
{
	struct model *m = &r->model;
	struct request request = m->request;

	m->request = (struct request){ 0 };
	switch (request.kind) {
	case REQUEST_NONE:
		break;
	case REQUEST_HURRY:
		feed_hurry(r->feed);
		break;
	case REQUEST_REDRAW:
		tty_redraw();
		break;
	case REQUEST_SAVE:
		save(m);
		break;
	case REQUEST_STEP:
		step(r, request.value);
		break;
	case REQUEST_SEEK:
		seeks(r, feed_seek(r->feed, (double)request.value / 1e4));
		break;
	case REQUEST_STAY:
		feed_stay(r->feed);
		break;
	case REQUEST_PACE:
		set_pace(r);
		break;
	case REQUEST_SIGNAL:
		send_signal(m, (int)request.value);
		break;
	case REQUEST_ASK_NICE:
		ask_nice(m, (int)request.value);
		break;
	case REQUEST_RENICE:
		renice(m, (int)request.value);
		break;
	}
}
