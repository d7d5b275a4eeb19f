/* SPDX-License-Identifier: MIT */
#include "fleet.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fdinfo/types.h"

struct fleet {
	pid_t *pids;		/* ascending once all are there */
	size_t n;
};

static int open_file(void)
{
	return open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
}

static int open_directory(void)
{
	return open("/", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

static int open_unix_socket(void)
{
	return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
}

static int open_inet_socket(void)
{
	return socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

static int open_pipe(void)
{
	int pair[2];

	if (pipe2(pair, O_CLOEXEC))
		return -1;
	close(pair[1]);
	return pair[0];
}

static int open_eventfd(void)
{
	return eventfd(0, EFD_CLOEXEC);
}

static int open_epoll(void)
{
	return epoll_create1(EPOLL_CLOEXEC);
}

static int open_timerfd(void)
{
	return timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
}

static int open_memfd(void)
{
	return memfd_create("fleet", MFD_CLOEXEC);
}

/* What the processes of a desktop or a server hold, the frequent more often. */
static int (*const kinds[])(void) = {
	open_file, open_unix_socket, open_eventfd, open_file, open_epoll, open_pipe,
	open_inet_socket, open_file, open_unix_socket, open_timerfd, open_memfd, open_directory,
};

/* Clients number first .. first + n - 1 of the fleet, then the rest. */
static int open_all(const struct fleet_options *o, size_t first, size_t n, int max_fd)
{
	for (size_t i = 0; i < o->fds; i++) {
		int fd = i < n ? open(o->nodes[(first + i) % o->n_nodes], O_RDWR | O_CLOEXEC) : kinds[i % N_OF(kinds)]();

		if (fd < 0)
			return -errno;
		if (fd >= max_fd)
			return -EINVAL;
	}
	return 0;
}

static int allow_fds(rlim_t n)
{
	struct rlimit limit;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return -errno;
	if (limit.rlim_cur >= n)
		return 0;
	limit.rlim_cur = n;
	if (limit.rlim_max < n)
		limit.rlim_max = n;
	return setrlimit(RLIMIT_NOFILE, &limit) ? -errno : 0;
}

static void __attribute__((noreturn)) be_process(const struct fleet_options *o, size_t index, pid_t parent,
						 int ready)
{
	size_t first = index * o->clients / o->processes;
	size_t n = (index + 1) * o->clients / o->processes - first;
	int high = (int)o->fds + 1, err;	/* out of the way of all; a pipe needs one more for a moment */

	prctl(PR_SET_PDEATHSIG, SIGKILL);
	if (getppid() != parent)
		_exit(1);
	err = allow_fds((rlim_t)high + 1);
	if (!err && dup2(ready, high) < 0)
		err = -errno;
	if (err)
		_exit(write(ready, &err, sizeof(err)) != sizeof(err));
	close_range(0, (unsigned int)high - 1, 0);
	close_range((unsigned int)high + 1, ~0U, 0);
	err = open_all(o, first, n, high);
	if (write(high, &err, sizeof(err)) != sizeof(err))
		_exit(1);
	close(high);
	for (;;)
		pause();
}

/* Reads what each process says of itself: less than a page a write, so whole. */
static int wait_ready(int ready, size_t n)
{
	int err;

	for (size_t i = 0; i < n; i++) {
		ssize_t got;

		do
			got = read(ready, &err, sizeof(err));
		while (got < 0 && errno == EINTR);
		if (got != sizeof(err))
			return got < 0 ? -errno : -ECHILD;
		if (err)
			return err;
	}
	return 0;
}

static int compare_pids(const void *a, const void *b)
{
	pid_t x = *(const pid_t *)a, y = *(const pid_t *)b;

	return (x > y) - (x < y);
}

static int fork_all(struct fleet *f, const struct fleet_options *o, const int ready[2])
{
	pid_t parent = getpid();

	while (f->n < o->processes) {
		pid_t pid = fork();

		if (pid < 0)
			return -errno;
		if (pid == 0)
			be_process(o, f->n, parent, ready[1]);
		f->pids[f->n++] = pid;
	}
	return 0;
}

int fleet_new(const struct fleet_options *o, struct fleet **ret)
{
	struct fleet *f;
	int ready[2], err;

	if (o->processes > FLEET_MAX_PROCESSES || o->fds > FLEET_MAX_FDS ||
	    o->clients > o->processes * o->fds || (o->clients && !o->n_nodes))
		return -EINVAL;
	f = calloc(1, sizeof(*f));
	if (!f)
		return -ENOMEM;
	f->pids = calloc(o->processes + 1, sizeof(*f->pids));
	if (!f->pids || pipe2(ready, O_CLOEXEC)) {
		err = f->pids ? -errno : -ENOMEM;
		fleet_free(f);
		return err;
	}
	err = fork_all(f, o, ready);
	close(ready[1]);
	if (!err)
		err = wait_ready(ready[0], f->n);
	close(ready[0]);
	if (err) {
		fleet_free(f);
		return err;
	}
	qsort(f->pids, f->n, sizeof(*f->pids), compare_pids);
	*ret = f;
	return 0;
}

void fleet_free(struct fleet *f)
{
	if (!f)
		return;
	for (size_t i = 0; i < f->n; i++)
		kill(f->pids[i], SIGKILL);
	for (size_t i = 0; i < f->n; i++)
		while (waitpid(f->pids[i], NULL, 0) < 0 && errno == EINTR)
			;
	free(f->pids);
	free(f);
}

bool fleet_has(const struct fleet *f, pid_t pid)
{
	return bsearch(&pid, f->pids, f->n, sizeof(pid), compare_pids) != NULL;
}
