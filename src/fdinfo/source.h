/* SPDX-License-Identifier: MIT */
/*
 * Where frames come from: this machine, or a stream of bytes in the dialect of record.h (a recording, a
 * pipe, the daemon's socket). It does not know what the records add up to.
 */
#ifndef GPUTOP_SOURCE_H
#define GPUTOP_SOURCE_H

#include <stdbool.h>

#include "finder.h"
#include "record.h"
#include "table.h"

struct source;

struct live_options {
	const char *finder;		/* NULL: "auto" */
	const char *proc;		/* NULL: "/proc" */
	const char *sys;		/* NULL: "/sys" */
	const unsigned int *majors;	/* NULL: those of /proc/devices */
	size_t n_majors;
	uint64_t stale_ns;		/* finder_env.stale_ns and .n_passes */
	uint64_t n_passes;
};

/*
 * This machine. A finder that is named opens at once, "auto" in the first pass. -ENOENT: no such finder;
 * -EINVAL: more than FINDER_MAX_MAJORS; other -errno: of opening proc or of the finder, and then @why says why
 * it does not open; else it is left empty.
 */
int source_live_new(const struct live_options *o, struct finder_why *why, struct source **ret);

/* A stream read from @fd, which the source owns from then on (on error it stays the caller's). -ENOMEM. */
int source_stream_new(int fd, struct source **ret);

/*
 * Back to the first frame of a stream from source_stream_new(); feed another table from then on. 0, or -errno of
 * lseek(2): -ESPIPE for what cannot go back.
 */
int source_stream_rewind(struct source *s);

/*
 * t_ns of the last whole frame in the file behind such a stream, which it reads from there on as before. 0, or
 * -errno: -ESPIPE; -ENODATA if there is none near the end.
 */
int source_stream_end(struct source *s, uint64_t *ret_t_ns);

/* Where gputopd listens unless it is told otherwise. */
#define SOURCE_SOCKET "/run/gputop/gputopd.sock"

/*
 * The stream of the daemon that listens on the Unix socket @path: the frame it has at once, then one every
 * @interval_ns, or as often as it samples where that is less. Returns 0, or -errno of connecting
 * (-ENOENT, -ECONNREFUSED: nobody listens there; -ENAMETOOLONG), -ENOMEM. Waits for nobody.
 */
int source_socket_new(const char *path, uint64_t interval_ns, struct source **ret);

/* NULL is fine. */
void source_free(struct source *s);

/*
 * One frame into @t. Live: one pass now. Stream: up to the next frame record; what came before bytes
 * that are not the dialect is delivered first.
 * Returns 1 with a new snapshot in @t; 0 at the end of the stream (a frame cut in the middle is dropped);
 * -errno: of reading; -EAGAIN where a non-blocking descriptor has no whole frame yet (call again when
 * source_fd() is readable); -EPROTO for bytes that are not the dialect, -EPROTONOSUPPORT for a protocol
 * newer than 1: the stream is not read further and the same error comes again; -ENOMEM.
 */
int source_next(struct source *s, struct table *t);

/* The descriptor to poll before source_next(); -1: none, a live source is always ready. Borrowed. */
int source_fd(const struct source *s);

#endif
