// SPDX-License-Identifier: MIT
/*
 * gpufds: a process that holds device files in each way there is to hold one.
 *
 *	gpufds STEP...
 *
 * open=PATH, many=N:PATH (as often as N says), thread=PATH (a thread opens it, and stays), ended=PATH (a thread that
 * ends), path=PATH (with O_PATH), dup=FD, close=FD, map=FD (memory of a dumb buffer), send=FD (a message nobody
 * receives yet). Steps are taken in order, descriptors count from 3; then it prints "ready" and stays until it is
 * killed. Does not read what it holds.
 */
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <semaphore.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

/* From the kernel's drm_mode.h, which Debian has in no package that would be needed otherwise. */
struct create_dumb {
	uint32_t height, width, bpp, flags;
	uint32_t handle, pitch;
	uint64_t size;
};

struct map_dumb {
	uint32_t handle, pad;
	uint64_t offset;
};

#define CREATE_DUMB	_IOWR('d', 0xb2, struct create_dumb)
#define MAP_DUMB	_IOWR('d', 0xb3, struct map_dumb)

static int map_buffer(int fd)
{
	struct create_dumb create = { .width = 64, .height = 64, .bpp = 32 };
	struct map_dumb map = { 0 };
	void *mem;

	if (ioctl(fd, CREATE_DUMB, &create))
		return -1;
	map.handle = create.handle;
	if (ioctl(fd, MAP_DUMB, &map))
		return -1;
	mem = mmap(NULL, create.size, PROT_READ | PROT_WRITE, MAP_SHARED, fd, (off_t)map.offset);
	return mem == MAP_FAILED ? -1 : 0;
}

static int send_fd(int fd)
{
	union {
		char buf[CMSG_SPACE(sizeof(int))];
		struct cmsghdr align;
	} control = { 0 };
	struct iovec byte = { .iov_base = "", .iov_len = 1 };
	struct msghdr msg = {
		.msg_iov = &byte,
		.msg_iovlen = 1,
		.msg_control = control.buf,
		.msg_controllen = sizeof(control.buf),
	};
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);
	int ends[2];

	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(int));
	if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends))
		return -1;
	return sendmsg(ends[0], &msg, 0) < 0 ? -1 : 0;
}

static struct opener {
	const char *path;
	int stays, fd;
	sem_t done;
} opener;

static void *open_there(void *unused)
{
	int stays = opener.stays;

	opener.fd = open(opener.path, O_RDWR | O_NOCTTY);
	sem_post(&opener.done);
	while (stays)
		pause();
	return unused;
}

static int open_in_thread(const char *path, int stays)
{
	pthread_t thread;

	opener.path = path;
	opener.stays = stays;
	sem_init(&opener.done, 0, 0);
	errno = pthread_create(&thread, NULL, open_there, NULL);
	if (errno)
		return -1;
	sem_wait(&opener.done);
	if (!stays)
		pthread_join(thread, NULL);
	return opener.fd;
}

static int open_many(int n, const char *path)
{
	int fd = -1;

	while (path && n-- > 0) {
		fd = open(path + 1, O_RDWR | O_NOCTTY);
		if (fd < 0)
			return -1;
	}
	return fd;
}

static int take(const char *step)
{
	const char *arg = strchr(step, '=');

	if (!arg++) {
		errno = EINVAL;
		return -1;
	}
	if (!strncmp(step, "open=", 5))
		return open(arg, O_RDWR | O_NOCTTY);
	if (!strncmp(step, "many=", 5))
		return open_many(atoi(arg), strchr(arg, ':'));
	if (!strncmp(step, "thread=", 7))
		return open_in_thread(arg, 1);
	if (!strncmp(step, "ended=", 6))
		return open_in_thread(arg, 0);
	if (!strncmp(step, "path=", 5))
		return open(arg, O_PATH);
	if (!strncmp(step, "dup=", 4))
		return dup(atoi(arg));
	if (!strncmp(step, "close=", 6))
		return close(atoi(arg));
	if (!strncmp(step, "map=", 4))
		return map_buffer(atoi(arg));
	if (!strncmp(step, "send=", 5))
		return send_fd(atoi(arg));
	errno = EINVAL;
	return -1;
}

int main(int argc, char **argv)
{
	for (int i = 1; i < argc; i++) {
		if (take(argv[i]) < 0) {
			fprintf(stderr, "gpufds: %s: %s\n", argv[i], strerror(errno));
			return 1;
		}
	}
	puts("ready");
	fflush(stdout);
	for (;;)
		pause();
}
