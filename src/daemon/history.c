/* SPDX-License-Identifier: MIT */
#include "history.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../report/write_all.h"

/* Two paths and a number fit. */
#define NAME_SIZE (PATH_MAX + 32)

void history_init(struct history *h)
{
	*h = (struct history){ .fd = -1 };
}

void history_close(struct history *h)
{
	if (h->fd >= 0)
		close(h->fd);
	h->fd = -1;
}

/* Where the last whole line ends. 0 or -errno. */
static int find_last_end(int fd, uint64_t size, uint64_t *ret)
{
	char block[4096];

	while (size > 0) {
		size_t len = size < sizeof(block) ? (size_t)size : sizeof(block);
		ssize_t n = pread(fd, block, len, (off_t)(size - len));
		const char *end;

		if (n < 0)
			return -errno;
		if ((size_t)n < len)
			return -EIO;
		end = memrchr(block, '\n', len);
		if (end) {
			*ret = size - len + (uint64_t)(end + 1 - block);
			return 0;
		}
		size -= len;
	}
	*ret = 0;
	return 0;
}

static int open_file(struct history *h)
{
	struct stat st;
	int err;

	/* non-blocking: if it is a pipe, saying so must not wait for a reader */
	h->fd = open(h->path, O_RDWR | O_APPEND | O_CREAT | O_CLOEXEC | O_NONBLOCK, 0640);
	if (h->fd < 0)
		return -errno;
	err = fstat(h->fd, &st) ? -errno : S_ISREG(st.st_mode) ? 0 : -EINVAL;
	if (!err)
		err = find_last_end(h->fd, (uint64_t)st.st_size, &h->size);
	if (!err && h->size < (uint64_t)st.st_size && ftruncate(h->fd, (off_t)h->size))
		err = -errno;
	h->dev = st.st_dev;
	h->ino = st.st_ino;
	if (err)
		history_close(h);
	return err;
}

static bool is_still_there(const struct history *h)
{
	struct stat st;

	return stat(h->path, &st) == 0 && st.st_dev == h->dev && st.st_ino == h->ino;
}

/* @i 0: the file itself. */
static void name_old(const struct history *h, uint64_t i, char ret[static NAME_SIZE])
{
	if (i == 0)
		snprintf(ret, NAME_SIZE, "%s", h->path);
	else
		snprintf(ret, NAME_SIZE, "%s.%" PRIu64, h->path, i);
}

/*
 * PATH.n becomes PATH.n+1, up to the first number that is free; if none is, the last one goes. An attempt that failed
 * leaves a free number, so that the next one moves no more than what is left to move.
 */
static int make_room(const struct history *h)
{
	char from[NAME_SIZE], to[NAME_SIZE];
	uint64_t i = 0;

	do {
		name_old(h, ++i, to);
	} while (i < h->max_files && access(to, F_OK) == 0);
	for (; i > 0; i--) {
		name_old(h, i, to);
		name_old(h, i - 1, from);
		if (rename(from, to) && errno != ENOENT)
			return -errno;
	}
	return 0;
}

int history_prepare(struct history *h, bool *ret_is_new)
{
	bool was_open = h->fd >= 0;
	int err = 0;

	if (was_open && !is_still_there(h)) {
		history_close(h);
		was_open = false;
	}
	if (h->fd < 0)
		err = open_file(h);
	if (!err && h->size >= h->max_size) {
		err = make_room(h);
		history_close(h);
		was_open = false;
		if (!err)
			err = open_file(h);
	}
	if (!err)
		*ret_is_new = !was_open;
	return err;
}

int history_append(struct history *h, const char *bytes, size_t len)
{
	int err = write_all(h->fd, bytes, len);

	if (!err) {
		h->size += len;
		return 0;
	}
	/* if even that fails, opening it again finds the last whole line */
	if (ftruncate(h->fd, (off_t)h->size))
		history_close(h);
	return err;
}
