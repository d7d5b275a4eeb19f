/* SPDX-License-Identifier: MIT */
/*
 * A frame as one viewer may see it, in the dialect of record.h. Pure: it does not know sockets.
 */
#ifndef GPUTOPD_SERVER_TEXT_H
#define GPUTOPD_SERVER_TEXT_H

#include "../report/report.h"
#include "../report/totals.h"

/* Who looks. */
struct eyes {
	bool all;		/* everything */
	uint64_t uid;		/* else what belongs to its processes */
	char user[64];		/* its name, as totals have it */
};

/* Scratch. Zero-initialised is valid. */
struct server_text {
	struct view view;
	struct raw raw;
	struct buf body;
};

/*
 * Appends the frame without a protocol record. @t knows @s already; the viewer's user gets a group of its own in
 * it. 0 or -ENOMEM.
 */
int server_text(struct server_text *st, const struct eyes *eyes, const struct snapshot *s,
		struct totals *t, struct buf *out);
void server_text_done(struct server_text *st);

#endif
