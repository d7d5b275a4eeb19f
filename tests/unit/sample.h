/* SPDX-License-Identifier: MIT */
/*
 * A snapshot for tests of reports and screens, with what goes wrong in them: engines and regions that only
 * some clients know, sharers, names that mean harm, a client without an id, a device without usage.
 */
#ifndef GPUTOP_SAMPLE_H
#define GPUTOP_SAMPLE_H

#include "fdinfo/snapshot.h"

/*
 * Three devices; the names of the clients below say which is which.
 *   0  0000:03:00.0  amdgpu   engines gfx, dec (ns); regions vram, gtt; sensors, sizes of both
 *   1  0000:04:00.0  xe       engines rcs, vcs (cycles, capacity 1 and 2); region vram0; clocks
 *   2  minor:5       nouveau  no usage at all
 */
enum sample_client {
	SAMPLE_MPV,		/* amdgpu id 217: alice's, busy on both engines, in a container */
	SAMPLE_IDLE,		/* amdgpu id 218: bob's, known to do nothing and to hold nothing */
	SAMPLE_SHARED,		/* amdgpu id 300: pids 60 (root), 61 and 62 hold it; its dec is unknown */
	SAMPLE_HOSTILE,		/* xe id 5: names full of quotes, newlines, escapes and broken UTF-8; a pod */
	SAMPLE_NEW,		/* xe id 6: first reading, nothing known of its rates */
	SAMPLE_HUGE,		/* xe id UNKNOWN: named by (pid, fd), counters near the end of 64 bits */
	SAMPLE_SILENT,		/* nouveau id UNKNOWN: never read, its process unreadable */
	N_SAMPLE_CLIENTS
};

extern const struct snapshot sample;

/* The same one frame earlier: the first (interval UNKNOWN), without the xe. */
extern const struct snapshot sample_first;

#endif
