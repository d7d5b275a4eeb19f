/* SPDX-License-Identifier: MIT */
#include "request.h"

#include <errno.h>
#include <signal.h>

#include "control.h"

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

static void send_signal(struct model *m, long sig)
{
	int err = control_signal(m->target.pid, m->target.start_time, (int)sig);

	if (err)
		say_error(m, err);
	else
		model_say(m, "SIG%s sent to %s.", sigabbrev_np((int)sig), m->target.name);
}

static void ask_nice(struct model *m, long by)
{
	int now, err = control_get_nice(m->target.pid, m->target.start_time, &now);

	if (err)
		say_error(m, err);
	else
		model_ask_nice(m, now, (int)by);
}

static void renice(struct model *m, long nice)
{
	int err = control_set_nice(m->target.pid, m->target.start_time, (int)nice);

	if (err)
		say_error(m, err);
	else
		model_say(m, "The nice value of %s is %ld.", m->target.name, nice);
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
	case REQUEST_SIGNAL:
		send_signal(m, request.value);
		break;
	case REQUEST_ASK_NICE:
		ask_nice(m, request.value);
		break;
	case REQUEST_RENICE:
		renice(m, request.value);
		break;
	}
}
