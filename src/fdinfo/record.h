/* SPDX-License-Identifier: MIT */
/*
 * The dialect that recordings, the daemon's socket and --report raw speak: fdinfo texts as the kernel
 * printed them plus gputop- lines, a blank line after each record. One parser for all sources.
 * It does not know where the bytes come from or what they add up to.
 *
 * A stream, each line "key:<tab>value":
 *   gputop-protocol: 1             opens it
 *   gputop-device: GPU             a device record: -driver, -name, -nodes "card0=226:0 renderD128=226:128",
 *                                  -power "awake|asleep|unknown" (keys gputop-device-driver, ...), and
 *                                  gputop-device-vendor, gputop-device-id, gputop-device-instance (hex),
 *                                  -sensors "clock=N clock-max=N power=N power-cap=N temperature=N fan=N" (those
 *                                  known, in the units of sensors.h), -memory "vram=N ..." (bytes it has)
 *   gputop-pid: N                  a client record: gputop-gpu, gputop-fds "3 5", gputop-dev "226:128",
 *                                  gputop-time "N ns", gputop-start-time, gputop-uid, gputop-user,
 *                                  gputop-comm, gputop-cmdline, gputop-cgroup (text C-escaped),
 *                                  gputop-ancestors "12 1" (the parent first), then the drm- and driver lines
 *                                  verbatim. Without gputop-time they are only the identity of a client whose
 *                                  usage was not read by this holder
 *   gputop-frame: N                ends a frame: gputop-time "N ns", gputop-clock "N ns" (since the epoch),
 *                                  gputop-host, gputop-scan-finder, gputop-scan-passed-over (text), gputop-scan-wall
 *                                  "N ns", gputop-scan-cpu "N ns", gputop-scan-processes, -fds, -reads, -denied, -gone, -malformed,
 *                                  gputop-scan-syscalls "open=N close=N ..."
 * /proc/<pid>/gpu and /proc/gpu of the kernel module are client records too, with gputop-client, a number
 * that names the client in both. In the former gputop-fd (the lowest) and gputop-fds come in place of
 * gputop-pid; the latter has gputop-refs, the number of references to the open file, and ends with a record
 *   gputop-hidden: N               so many clients the reader may not see
 *
 * The first gputop- line says what a record is. Unknown gputop- keys are ignored, and records that have
 * nothing else, so that later versions may add some. No driver's line can be taken for one of ours: after
 * the first line without gputop- no line is, and the writer leaves out what could end or forge a record.
 */
#ifndef GPUTOP_RECORD_H
#define GPUTOP_RECORD_H

#include "device.h"
#include "fdinfo.h"
#include "frame.h"
#include "process.h"

enum record_kind {
	RECORD_EMPTY,		/* nothing of ours in it */
	RECORD_PROTOCOL,
	RECORD_DEVICE,
	RECORD_CLIENT,
	RECORD_FRAME,
	RECORD_HIDDEN,
	N_RECORD_KINDS
};

/*
 * No record written is longer, whatever a process calls itself: texts are cut at 32 KiB, fds and the
 * driver's lines after what fits. Readers may take a longer one for garbage.
 */
#define RECORD_MAX (1u << 20)

/*
 * One record. Borrows from the parsed text and from its own scratch; reused from parse to parse.
 * Zero-initialised is valid.
 */
struct record {
	enum record_kind kind;
	uint64_t protocol;		/* RECORD_PROTOCOL */
	struct device device;		/* RECORD_DEVICE */
	struct frame frame;		/* RECORD_FRAME */
	uint64_t hidden;		/* RECORD_HIDDEN */

	/* RECORD_CLIENT: one client as one process holds it */
	struct fdinfo fi;
	struct str text;		/* the drm- and driver lines verbatim; absent if there are none */
	uint64_t t_ns;			/* CLOCK_MONOTONIC when text was read; 0 if it was not: the device sleeps, or
					 * this holder only shares a client read elsewhere */
	struct str gpu;			/* device identity; absent only in malformed records */
	dev_t rdev;			/* 0 if unknown */
	uint64_t listed_id;		/* gputop-client; UNKNOWN unless the kernel module wrote it */
	uint64_t refs;			/* likewise */
	struct process process;
	int *fds;			/* of that process, ascending */
	size_t n_fds;

	size_t n_garbage;		/* lines no kernel and no gputop writes: see parse_key() */

	size_t fds_size;		/* allocated */
	struct buf scratch;		/* unescaped text */
};

/* Empties @r and keeps the memory; ids are UNKNOWN, not 0. */
void record_reset(struct record *r);
void record_done(struct record *r);

/* Adds one descriptor to r->fds, if it is not there; fast in ascending order. 0 or -ENOMEM. */
int record_add_fd(struct record *r, int fd);

/*
 * Parses the lines of one record (without its blank line). Text that makes no sense yields a count in
 * r->fi.n_malformed or r->n_garbage, never more. @text must outlive the use of @r. Returns 0 or -ENOMEM.
 */
int record_parse(struct record *r, struct str text);

/*
 * Append one record in the dialect, its blank line included; errors stay in out->err. A client's text may
 * be a whole fdinfo file: only the driver's lines are written. Without text its identity in r->fi is.
 */
void record_write_protocol(struct buf *out);
void record_write_device(const struct device *d, struct buf *out);
void record_write_client(const struct record *r, struct buf *out);
void record_write_frame(const struct frame *f, struct buf *out);

#endif
