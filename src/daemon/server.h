/* SPDX-License-Identifier: MIT */
/*
 * Viewers on a Unix socket: each gets frames in the dialect of record.h, as many as it may see and as often as
 * it asked. The kernel says who it is. Nobody is waited for. It does not know where frames come from.
 *
 * A viewer may send one line, "interval SECONDS"; without it, it gets every frame. Anything else, and closing
 * its side, ends the connection. The frame there is comes at once. If the one before is not read yet when
 * a frame is due, the frame is dropped; who reads nothing for settings.timeout_ns is disconnected.
 *
 * Root and the members of settings.group see everything. Others see the clients of their own processes,
 * and for each device one client of process 0, called "others": the sum of everybody else since the daemon
 * started, so that the device's totals are right.
 *
 * Memory: at most one frame waits for a viewer, and viewers who see the same share it.
 */
#ifndef GPUTOPD_SERVER_H
#define GPUTOPD_SERVER_H

#include "../report/totals.h"
#include "settings.h"

struct event_base;
struct server;

/* A frame as the server sees it. */
struct server_frame {
	const struct snapshot *snapshot;
	struct totals *totals;
	uint64_t t_ns;			/* CLOCK_MONOTONIC */
};

/*
 * Listens on @fd, which it owns from then on, or if that is -1 on settings.socket, where a socket that nobody
 * listens on any more is replaced. @s: borrowed until server_free(); changes are for viewers that connect then. 0, or -errno
 * with @why (of @size); -EADDRINUSE: another daemon listens there.
 */
int server_new(struct event_base *base, const struct settings *s, int fd, struct server **ret, char *why,
	       size_t size);
void server_free(struct server *s);

/* Sends @f to whom it is due; it must stay valid until the next, or until server_no_frame(). */
void server_send(struct server *s, const struct server_frame *f);

/* There is no frame now: who connects waits for the next. */
void server_no_frame(struct server *s);

size_t server_n_viewers(const struct server *s);

#endif
