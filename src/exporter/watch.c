/* SPDX-License-Identifier: MIT */
#include "watch.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

/* So many intervals without a frame: what was last seen is not told as if it were now. */
#define STALE_AFTER 5

int watch_init(struct watch *w)
{
	return table_new(&w->table);
}

void watch_done(struct watch *w)
{
	source_free(w->source);
	table_free(w->table);
	totals_done(&w->totals);
}

int watch_fd(const struct watch *w)
{
	return w->source && !w->replay ? source_fd(w->source) : -1;
}

const struct snapshot *watch_snapshot(const struct watch *w)
{
	return w->is_current ? table_snapshot(w->table) : NULL;
}

static int watch_connect(struct watch *w)
{
	int fd, e;

	if (!w->replay) {
		e = source_socket_new(w->socket, w->interval_ns, &w->source);
		if (e)
			return e;
		/* those who ask by HTTP must not wait for the daemon */
		fd = source_fd(w->source);
		if (fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) == 0)
			return 0;
		e = -errno;
		source_free(w->source);
		w->source = NULL;
		return e;
	}
	fd = open(w->replay, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return -errno;
	e = source_stream_new(fd, &w->source);
	if (e)
		close(fd);
	return e;
}

static int take_frame(struct watch *w, uint64_t now_ns)
{
	int e = source_next(w->source, w->table);

	if (e != 1)
		return e;
	w->seen_ns = now_ns;
	w->is_current = true;
	w->err = 0;
	e = totals_add(&w->totals, table_snapshot(w->table));
	return e ? e : 1;
}

/* A recording that ended, as one that is corrupt does, stands still; a daemon that went is asked for again. */
static void disconnect(struct watch *w, int e, uint64_t now_ns)
{
	uint64_t pause = w->interval_ns > NSEC_PER_SEC ? w->interval_ns : NSEC_PER_SEC;

	if (w->replay && w->source) {
		w->err = e;
		w->next_ns = UINT64_MAX;
		return;
	}
	source_free(w->source);
	w->source = NULL;
	w->is_current = false;
	w->err = e ? e : -EPIPE;
	w->next_ns = now_ns + pause;
}

static int step_replay(struct watch *w, uint64_t now_ns)
{
	int e = take_frame(w, now_ns);

	w->next_ns = now_ns + w->interval_ns;
	if (e == -ENOMEM)
		return e;
	if (e != 1)
		disconnect(w, e, now_ns);
	return 0;
}

static int step_socket(struct watch *w, uint64_t now_ns)
{
	int e;

	do
		e = take_frame(w, now_ns);
	while (e == 1);
	if (e == -ENOMEM)
		return e;
	if (e != -EAGAIN) {
		disconnect(w, e, now_ns);
		return 0;
	}
	if (now_ns - w->seen_ns > STALE_AFTER * (w->interval_ns + NSEC_PER_SEC))
		w->is_current = false;
	w->next_ns = now_ns + w->interval_ns + NSEC_PER_SEC;
	return 0;
}

int watch_step(struct watch *w, uint64_t now_ns)
{
	if (!w->source) {
		int e;

		if (now_ns < w->next_ns)
			return 0;
		e = watch_connect(w);
		if (e == -ENOMEM)
			return e;
		if (e) {
			disconnect(w, e, now_ns);
			return 0;
		}
		w->seen_ns = now_ns;
	}
	if (!w->replay)
		return step_socket(w, now_ns);
	return now_ns < w->next_ns ? 0 : step_replay(w, now_ns);
}
