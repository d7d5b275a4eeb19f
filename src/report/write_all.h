/* SPDX-License-Identifier: MIT */
/*
 * write(2) until all is written, for those who carry reports. It does not know what the descriptor is.
 */
#ifndef GPUTOP_WRITE_ALL_H
#define GPUTOP_WRITE_ALL_H

#include <errno.h>
#include <stddef.h>
#include <unistd.h>

/* 0, or -errno with some of it written. */
static inline int write_all(int fd, const char *bytes, size_t len)
{
	while (len > 0) {
		ssize_t n = write(fd, bytes, len);

		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		bytes += n;
		len -= (size_t)n;
	}
	return 0;
}

#endif
