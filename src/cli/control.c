/* SPDX-License-Identifier: MIT */
#include "control.h"

#include <errno.h>
#include <poll.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include "../fdinfo/proc.h"
#include "../fdinfo/process.h"

static int read_start_time(pid_t pid, uint64_t *ret)
{
	struct process_cache *cache = NULL;
	const struct process *p = NULL;
	struct proc proc;
	int err = proc_init(&proc, NULL);

	if (err)
		return err;
	err = process_cache_new(&proc, &cache);
	if (!err)
		err = process_lookup(cache, pid, 0, &p);
	if (!err)
		*ret = p->start_time;
	process_cache_free(cache);
	proc_done(&proc);
	return err;
}

/*
 * A descriptor that stays that process' whatever becomes of the number: what is compared after it was opened
 * holds for what is sent through it.
 */
static int open_process(pid_t pid, uint64_t start_time)
{
	uint64_t now = 0;
	int err, fd = (int)syscall(SYS_pidfd_open, pid, 0);

	if (fd < 0)
		return -errno;
	err = read_start_time(pid, &now);
	if (!err && now != start_time)
		err = -ESTALE;
	if (!err)
		return fd;
	close(fd);
	return err;
}

int control_signal(pid_t pid, uint64_t start_time, int sig)
{
	int err, fd = open_process(pid, start_time);

	if (fd < 0)
		return fd;
	err = syscall(SYS_pidfd_send_signal, fd, sig, NULL, 0) ? -errno : 0;
	close(fd);
	return err;
}

static int get_nice(pid_t pid, int *ret)
{
	int nice;

	errno = 0;
	nice = getpriority(PRIO_PROCESS, (id_t)pid);
	if (nice == -1 && errno)
		return -errno;
	*ret = nice;
	return 0;
}

int control_get_nice(pid_t pid, uint64_t start_time, int *ret)
{
	int err, fd = open_process(pid, start_time);

	if (fd < 0)
		return fd;
	err = get_nice(pid, ret);
	close(fd);
	return err;
}

static int set_nice(void *arg, int tid, const char *name)
{
	const int *nice = arg;

	(void)name;
	/* A thread that ended meanwhile is no failure. */
	if (setpriority(PRIO_PROCESS, (id_t)tid, *nice) == 0 || errno == ESRCH)
		return 0;
	return -errno;
}

/* setpriority(2) takes a thread, in spite of its name. */
static int set_nice_of_threads(struct proc *proc, pid_t pid, int fd, int nice)
{
	struct pollfd end = { .fd = fd, .events = POLLIN };
	char path[32];
	int err, tasks;

	snprintf(path, sizeof(path), "%d/task", pid);
	tasks = proc_open_dir(proc, proc->fd, path);
	if (tasks < 0)
		return proc_is_gone(tasks) ? -ESRCH : tasks;
	/* Alive after the directory was opened: the directory is of the process behind @fd. */
	err = poll(&end, 1, 0) ? -ESRCH : proc_each_fd(proc, tasks, set_nice, &nice);
	proc_close(proc, tasks);
	return err;
}

int control_set_nice(pid_t pid, uint64_t start_time, int nice)
{
	struct proc proc;
	int err, fd = open_process(pid, start_time);

	if (fd < 0)
		return fd;
	err = proc_init(&proc, NULL);
	if (!err) {
		err = set_nice_of_threads(&proc, pid, fd, nice);
		proc_done(&proc);
	}
	close(fd);
	return err;
}
