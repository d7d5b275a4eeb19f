/* SPDX-License-Identifier: MIT */
/*
 * Preloaded into a program (LD_PRELOAD), makes it wait whenever it opens the usage of descriptor 5, until
 * somebody writes to the fifo $GATE: a driver that takes its time, in a made-up procfs.
 */
#include <fcntl.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

static int do_open(int dirfd, const char *path, int flags, mode_t mode)
{
	const char *gate = getenv("GATE"), *name = strrchr(path, '/');

	if (gate && strcmp(name ? name + 1 : path, "5") == 0 && !(flags & (O_DIRECTORY | O_PATH))) {
		char c;
		int fd = (int)syscall(SYS_openat, AT_FDCWD, gate, O_RDONLY | O_CLOEXEC);

		if (fd < 0 || read(fd, &c, 1) < 0)
			abort();
		close(fd);
	}
	return (int)syscall(SYS_openat, dirfd, path, flags, mode);
}

#pragma GCC diagnostic ignored "-Wmissing-prototypes"

int openat(int fd, const char *file, int oflag, ...)
{
	mode_t mode = 0;
	va_list ap;

	va_start(ap, oflag);
	if (oflag & (O_CREAT | O_TMPFILE))
		mode = va_arg(ap, mode_t);
	va_end(ap);
	return do_open(fd, file, oflag, mode);
}

int __openat_2(int fd, const char *file, int oflag)
{
	return do_open(fd, file, oflag, 0);
}
