/* SPDX-License-Identifier: MIT */
#include "held.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#define RESERVE_MAX 512
#define FIRST_SIZE 4096
#define FILE_SIZE_MAX ((size_t)16 << 20)

void held_init(struct held *h)
{
	struct rlimit limit = { .rlim_cur = 0 };
	rlim_t reserve;

	getrlimit(RLIMIT_NOFILE, &limit);
	reserve = limit.rlim_cur / 2 < RESERVE_MAX ? limit.rlim_cur / 2 : RESERVE_MAX;
	h->n = 0;
	h->first_spare = h->max = (size_t)(limit.rlim_cur - reserve);
}

int held_open(struct held *h, struct proc *p, int dirfd, const char *path, int flags, int *ret)
{
	int fd;

	*ret = HELD_NONE;
	if (h->n >= h->max)
		return 0;
	do {
		p->scan.syscalls[SYSCALL_OPEN]++;
		fd = openat(dirfd, path, flags | O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	} while (fd < 0 && errno == EINTR);
	if (fd < 0 && (errno == EMFILE || errno == ENFILE)) {
		h->max = h->n;
		return 0;
	}
	if (fd < 0)
		return -errno;
	/* the number says how many are open in the whole process, by others as well */
	if ((size_t)fd >= h->first_spare) {
		proc_close(p, fd);
		h->max = h->n;
		return 0;
	}
	h->n++;
	*ret = fd;
	return 0;
}

void held_close(struct held *h, struct proc *p, int *fd)
{
	if (*fd == HELD_NONE)
		return;
	proc_close(p, *fd);
	h->n--;
	*fd = HELD_NONE;
}

int held_read(struct proc *p, int fd, struct buf *ret)
{
	size_t size = FIRST_SIZE;

	do {
		ssize_t n;
		int err;

		buf_reset(ret);
		err = buf_reserve(ret, size);
		if (err)
			return err;
		n = pread(fd, ret->ptr, ret->size - 1, 0);
		p->scan.syscalls[SYSCALL_READ]++;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		ret->len = (size_t)n;
		ret->ptr[n] = '\0';
		/* procfs shows a file as one piece: what does not fill the buffer is all */
		if (ret->len < ret->size - 1)
			return 0;
		size = ret->size * 2;
	} while (size <= FILE_SIZE_MAX);
	return -EFBIG;
}
