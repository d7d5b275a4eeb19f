/* SPDX-License-Identifier: MIT */
#include "sampler.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include <event2/event.h>

#include "../fdinfo/source.h"
#include "../now.h"

struct sampler {
	struct source *source;
	struct table *table;
	struct totals totals;
	const struct snapshot *snapshot;
	struct event *event;
	int timer;		/* the kernel keeps the schedule, and counts what was missed */
	uint64_t interval_ns;
	bool has_begun;
	uint64_t n_missed;
	sampler_frame *frame;
	void *arg;
};

/* The schedule begins in @in_ns. 0 or -errno. */
static int begin(struct sampler *s, uint64_t in_ns)
{
	uint64_t t_ns = now_ns() + in_ns;
	struct itimerspec schedule = {
		.it_interval = { (time_t)(s->interval_ns / NSEC_PER_SEC), (long)(s->interval_ns % NSEC_PER_SEC) },
		.it_value = { (time_t)(t_ns / NSEC_PER_SEC), (long)(t_ns % NSEC_PER_SEC) },
	};

	return timerfd_settime(s->timer, TFD_TIMER_ABSTIME, &schedule, NULL) ? -errno : 0;
}

static void take_sample(evutil_socket_t timer, short what, void *arg)
{
	struct sampler *s = arg;
	uint64_t n;
	int err;

	(void)what;
	if (read(timer, &n, sizeof(n)) != sizeof(n))
		return;
	s->n_missed += n - 1;
	err = source_next(s->source, s->table);
	s->snapshot = err > 0 ? table_snapshot(s->table) : NULL;
	if (s->snapshot) {
		err = totals_add(&s->totals, s->snapshot);
		/* what they cannot count for want of memory is in their next, and they say nothing of this one */
		if (err)
			s->snapshot = NULL;
	}
	/* the first pass may load a finder, which takes longer than the interval may be */
	if (!s->has_begun && begin(s, s->interval_ns) == 0)
		s->has_begun = true;
	s->frame(s->arg, err);
}

static int init(struct sampler *s, struct event_base *base, const struct settings *settings, char *why,
		size_t size)
{
	const struct live_options o = {
		.finder = settings->finder, .proc = settings->proc, .sys = settings->sys,
		.majors = settings->n_majors ? settings->majors : NULL, .n_majors = settings->n_majors,
	};
	struct finder_why finder;
	int err = source_live_new(&o, &finder, &s->source);

	if (err) {
		snprintf(why, size, "%s, finder %s: %s", settings->proc, settings->finder,
			 *finder.reason ? finder.reason : strerror(-err));
		return err;
	}
	err = table_new(&s->table);
	s->timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC | TFD_NONBLOCK);
	if (!err && s->timer < 0)
		err = -errno;
	if (!err)
		err = sampler_set_interval(s, settings->interval_ns);
	if (!err) {
		s->event = event_new(base, s->timer, EV_READ | EV_PERSIST, take_sample, s);
		err = s->event && event_add(s->event, NULL) == 0 ? 0 : -ENOMEM;
	}
	if (err)
		snprintf(why, size, "the sampling timer: %s", strerror(-err));
	return err;
}

int sampler_new(struct event_base *base, const struct settings *settings, sampler_frame *frame, void *arg,
		struct sampler **ret, char *why, size_t size)
{
	struct sampler *s = calloc(1, sizeof(*s));
	int err;

	if (!s) {
		snprintf(why, size, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	s->timer = -1;
	s->frame = frame;
	s->arg = arg;
	s->totals.max_groups = settings->max_groups;
	err = init(s, base, settings, why, size);
	if (err)
		sampler_free(s);
	else
		*ret = s;
	return err;
}

void sampler_free(struct sampler *s)
{
	if (!s)
		return;
	if (s->event)
		event_free(s->event);
	if (s->timer >= 0)
		close(s->timer);
	totals_done(&s->totals);
	table_free(s->table);
	source_free(s->source);
	free(s);
}

int sampler_set_interval(struct sampler *s, uint64_t interval_ns)
{
	s->interval_ns = interval_ns;
	return begin(s, 0);
}

const struct snapshot *sampler_snapshot(const struct sampler *s)
{
	return s->snapshot;
}

struct totals *sampler_totals(struct sampler *s)
{
	return &s->totals;
}

uint64_t sampler_missed(const struct sampler *s)
{
	return s->n_missed;
}
