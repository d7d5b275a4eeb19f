/* SPDX-License-Identifier: MIT */
/*
 * A file of lines that is only appended to, by one writer: whole pieces or nothing, and room is made by
 * size. It does not know what the lines say.
 */
#ifndef GPUTOPD_HISTORY_H
#define GPUTOPD_HISTORY_H

#include <limits.h>
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>

struct history {
	char path[PATH_MAX];
	uint64_t max_size;	/* bytes */
	uint64_t max_files;	/* old ones: PATH.1, the youngest, to PATH.max_files */

	int fd;			/* -1: to be opened */
	dev_t dev;
	ino_t ino;
	uint64_t size;
};

void history_init(struct history *h);

/* Closes the file; the next history_prepare() opens what has its name by then. */
void history_close(struct history *h);

/*
 * Before each piece: opens the file if it is not open, if it was removed or if another has its name; then
 * cuts off what follows the last line's end, as a writer that was killed leaves it. A file that has
 * max_size is renamed and a new one begun. The file is made with mode 0640. Returns 0 with
 * @ret_is_new true if the piece is the first in a file that was opened, or -errno: of the file system;
 * -EINVAL if the path is no regular file.
 */
int history_prepare(struct history *h, bool *ret_is_new);

/*
 * Appends @len bytes of whole lines. Returns 0, or -errno with the file as it was before (where it cannot
 * even be cut again, the next history_prepare() does).
 */
int history_append(struct history *h, const char *bytes, size_t len);

#endif
