/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "fleet.h"

#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* Where what a process needs for itself stays while it makes the descriptors asked for. */
#define READY_FD 900

static void die_with(pid_t parent)
{
	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
}

static int open_passed(const char *node)
{
	int pair[2], fd = open(node, O_RDWR);
	union {
		struct cmsghdr align;
		char bytes[CMSG_SPACE(sizeof(int))];
	} control = { 0 };
	struct iovec iov = { .iov_base = (char[1]){ 'x' }, .iov_len = 1 };
	struct msghdr msg = { .msg_iov = &iov, .msg_iovlen = 1, .msg_control = control.bytes,
			      .msg_controllen = sizeof(control.bytes) };
	struct cmsghdr *cmsg = CMSG_FIRSTHDR(&msg);

	if (fd < 0 || socketpair(AF_UNIX, SOCK_STREAM, 0, pair) < 0)
		return -1;
	cmsg->cmsg_level = SOL_SOCKET;
	cmsg->cmsg_type = SCM_RIGHTS;
	cmsg->cmsg_len = CMSG_LEN(sizeof(int));
	memcpy(CMSG_DATA(cmsg), &fd, sizeof(fd));
	if (sendmsg(pair[0], &msg, 0) != 1)
		return -1;
	close(fd);
	if (recvmsg(pair[1], &msg, 0) != 1 || !CMSG_FIRSTHDR(&msg))
		return -1;
	memcpy(&fd, CMSG_DATA(CMSG_FIRSTHDR(&msg)), sizeof(fd));
	close(pair[0]);
	close(pair[1]);
	return fd;
}

static int open_kind(const struct fleet *f, enum fleet_kind kind, int before)
{
	int pair[2];

	switch (kind) {
	case FLEET_NODE:
		return open(f->node, O_RDWR);
	case FLEET_PATH:
		return open(f->node, O_PATH);
	case FLEET_PASSED:
		return open_passed(f->node);
	case FLEET_DUP:
		return dup(before);
	case FLEET_FILE:
		return open("/proc/self/exe", O_RDONLY);
	case FLEET_SOCKET:
		return socket(AF_UNIX, SOCK_DGRAM, 0);
	case FLEET_PIPE:
		if (pipe(pair) < 0)
			return -1;
		close(pair[1]);
		return pair[0];
	case FLEET_EVENTFD:
		return eventfd(0, 0);
	}
	return -1;
}

static int make_fds(const struct fleet *f, const struct fleet_fd *fds, size_t n)
{
	int before = -1;

	for (size_t i = 0; i < n; i++) {
		int fd = open_kind(f, fds[i].kind, before);

		if (fd < 0 || (fd != fds[i].fd && dup2(fd, fds[i].fd) < 0))
			return -1;
		if (fd != fds[i].fd)
			close(fd);
		before = fds[i].fd;
	}
	return 0;
}

/* The pipe's end is its sign of being ready: it tells the pids, then closes it. */
static void __attribute__((noreturn)) be_process(const struct fleet *f, const struct fleet_fd *fds,
						 size_t n, int forks, int ready)
{
	pid_t pids[2] = { getpid(), 0 };

	if (dup2(ready, READY_FD) < 0)
		_exit(1);
	close_range(0, READY_FD - 1, 0);
	close_range(READY_FD + 1, ~0U, 0);
	prctl(PR_SET_NAME, FLEET_COMM);
	if (make_fds(f, fds, n) < 0)
		_exit(1);
	if (forks) {
		pids[1] = fork();
		if (pids[1] == 0) {
			die_with(pids[0]);
			close(READY_FD);
			for (;;)
				pause();
		}
	}
	if (pids[1] < 0 || write(READY_FD, pids, sizeof(pids)) != sizeof(pids))
		_exit(1);
	close(READY_FD);
	for (;;)
		pause();
}

static void spawn(struct fleet *f, const struct fleet_fd *fds, size_t n, int forks, pid_t ret[2])
{
	pid_t parent = getpid(), pid;
	int ready[2];
	char more;

	assert_int_equal(pipe2(ready, O_CLOEXEC), 0);
	pid = fork();
	assert_true(pid >= 0);
	if (pid == 0) {
		die_with(parent);
		be_process(f, fds, n, forks, ready[1]);
	}
	close(ready[1]);
	assert_int_equal(read(ready[0], ret, 2 * sizeof(pid_t)), 2 * sizeof(pid_t));
	assert_int_equal(read(ready[0], &more, 1), 0);
	close(ready[0]);
	assert_true(f->n + 2 <= FLEET_MAX);
	f->pids[f->n++] = pid;
	if (forks)
		f->pids[f->n++] = ret[1];
}

pid_t fleet_spawn(struct fleet *f, const struct fleet_fd *fds, size_t n)
{
	pid_t pids[2];

	spawn(f, fds, n, 0, pids);
	return pids[0];
}

pid_t fleet_spawn_forked(struct fleet *f, const struct fleet_fd *fds, size_t n, pid_t *ret_child)
{
	pid_t pids[2];

	spawn(f, fds, n, 1, pids);
	*ret_child = pids[1];
	return pids[0];
}

pid_t fleet_storm(struct fleet *f)
{
	pid_t parent = getpid(), pid = fork();

	assert_true(pid >= 0);
	if (pid > 0) {
		assert_true(f->n < FLEET_MAX);
		return f->pids[f->n++] = pid;
	}
	die_with(parent);
	for (;;) {
		pid_t child = fork();

		if (child == 0) {
			for (int i = 0; i < 8; i++)
				if (dup(open(f->node, O_RDWR)) < 0)
					_exit(1);
			_exit(0);
		}
		if (child < 0)
			_exit(1);
		waitpid(child, NULL, 0);
	}
}

void fleet_done(struct fleet *f)
{
	/* grandchildren die with their parents and are not ours to reap */
	for (size_t i = 0; i < f->n; i++)
		kill(f->pids[i], SIGKILL);
	for (size_t i = 0; i < f->n; i++)
		waitpid(f->pids[i], NULL, 0);
	f->n = 0;
}
