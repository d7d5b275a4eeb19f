/* SPDX-License-Identifier: MIT */
#include "source.h"

#include <errno.h>
#include <fcntl.h>
#include <inttypes.h>
#include <stdio.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

static int ask(int fd, uint64_t interval_ns)
{
	char line[64];
	int len = snprintf(line, sizeof(line), "interval %" PRIu64 ".%09" PRIu64 "\n",
			   interval_ns / NSEC_PER_SEC, interval_ns % NSEC_PER_SEC);

	/* an empty socket's buffer takes a line whole */
	return send(fd, line, (size_t)len, MSG_NOSIGNAL) < 0 ? -errno : 0;
}

int source_socket_new(const char *path, uint64_t interval_ns, struct source **ret)
{
	struct sockaddr_un address = { .sun_family = AF_UNIX };
	int fd, err;

	if (strlen(path) >= sizeof(address.sun_path))
		return -ENAMETOOLONG;
	memcpy(address.sun_path, path, strlen(path));
	/* non-blocking: a daemon whose queue is full is no better than none */
	fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
	if (fd < 0)
		return -errno;
	err = connect(fd, (const struct sockaddr *)&address, sizeof(address)) ? -errno : 0;
	if (!err)
		err = ask(fd, interval_ns);
	if (!err && fcntl(fd, F_SETFL, 0))
		err = -errno;
	if (!err)
		err = source_stream_new(fd, ret);
	if (err)
		close(fd);
	return err;
}
