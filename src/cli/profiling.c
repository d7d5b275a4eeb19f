/* SPDX-License-Identifier: MIT */
/*
 * What the switches were is in a file. Who runs holds a shared lock on it, so that one who gets the
 * exclusive lock knows that nobody does: what is in the file then is to be put back.
 */
#include "profiling.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "../fdinfo/types.h"

struct profiling {
	int pipe;		/* closed by our end, however that comes */
	pid_t guardian;
};

/* In a directory where nobody else may plant it; -ENOENT where there is none. */
static int open_state(int flags)
{
	const char *dir = getenv("GPUTOP_RUNDIR");
	char path[PATH_MAX];
	int fd;

	if (!dir || !*dir)
		dir = geteuid() == 0 ? "/run" : getenv("XDG_RUNTIME_DIR");
	if (!dir || snprintf(path, sizeof(path), "%s/gputop.profiling", dir) >= PATH_MAX)
		return -ENOENT;
	fd = open(path, O_RDWR | O_CLOEXEC | O_NOFOLLOW | flags, 0600);
	return fd < 0 ? -errno : fd;
}

static int set(const struct profiling_knob *k, unsigned int value)
{
	int fd = open(k->path, O_WRONLY | O_CLOEXEC), err = 0;
	char text[16];

	snprintf(text, sizeof(text), "%u\n", value);
	if (fd < 0 || write(fd, text, strlen(text)) < 0)
		err = -errno;
	if (fd >= 0)
		close(fd);
	return err;
}

/*
 * With the exclusive lock: puts back what @fd says of the switches that are there, and empties it. 0 or -errno, and
 * then it still says so.
 */
static int restore(int fd, const char *sys)
{
	struct profiling_knob *knobs = NULL;
	char line[PATH_MAX + 16];
	size_t n = 0;
	int copy = fcntl(fd, F_DUPFD_CLOEXEC, 0), err;
	FILE *f = copy < 0 ? NULL : fdopen(copy, "r");

	if (!f) {
		err = -errno;
		if (copy >= 0)
			close(copy);
		return err;
	}
	rewind(f);
	err = profiling_find(sys, &knobs, &n);
	while (!err && fgets(line, sizeof(line), f)) {
		char *path = strchr(line, ' ');

		line[strcspn(line, "\n")] = '\0';
		for (size_t i = 0; path && i < n; i++)
			if (strcmp(path + 1, knobs[i].path) == 0)
				set(&knobs[i], (unsigned int)strtoul(line, NULL, 10));
	}
	free(knobs);
	(void)fclose(f);
	if (!err && ftruncate(fd, 0))
		err = -errno;
	return err;
}

static int save(int fd, const struct profiling_knob *knobs, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (dprintf(fd, "%u %s\n", knobs[i].value, knobs[i].path) < 0)
			return -errno;
	return 0;
}

static bool is_empty(int fd)
{
	struct stat st;

	return fstat(fd, &st) || st.st_size == 0;
}

/* The shared lock, with the file saying what was before anybody turned a switch. */
static int remember(int fd, const char *sys)
{
	do {
		struct profiling_knob *knobs = NULL;
		size_t n = 0;
		int err = 0;

		if (flock(fd, LOCK_EX | LOCK_NB) == 0) {
			err = restore(fd, sys);
			if (!err)
				err = profiling_find(sys, &knobs, &n);
			if (!err && lseek(fd, 0, SEEK_SET) < 0)
				err = -errno;
			if (!err)
				err = save(fd, knobs, n);
			free(knobs);
		}
		if (!err && flock(fd, LOCK_SH))
			err = -errno;
		if (err)
			return err;
		/* the last of the others ended meanwhile, and put back */
	} while (is_empty(fd));
	return 0;
}

static void forget(int fd, const char *sys)
{
	if (flock(fd, LOCK_EX | LOCK_NB) == 0)
		restore(fd, sys);
}

void profiling_recover(const char *sys)
{
	int fd = open_state(0);

	if (fd < 0)
		return;
	forget(fd, sys);
	close(fd);
}

/* A process of its own: outlives a crash, and has nothing to do until then. */
static void guard(int pipe, int fd, const char *sys)
{
	static const int ignored[] = { SIGINT, SIGTERM, SIGHUP, SIGQUIT, SIGTSTP };
	int null = open("/dev/null", O_RDWR | O_CLOEXEC);
	ssize_t n;
	char c;

	for (size_t i = 0; i < N_OF(ignored); i++)
		signal(ignored[i], SIG_IGN);
	/* nobody who reads our output is to wait for this one */
	for (int i = STDIN_FILENO; i <= STDERR_FILENO && null >= 0; i++)
		dup2(null, i);
	do
		n = read(pipe, &c, 1);
	while (n < 0 && errno == EINTR);
	forget(fd, sys);
	_exit(0);
}

static int start_guardian(struct profiling *p, int fd, const char *sys)
{
	int fds[2];

	if (pipe2(fds, O_CLOEXEC))
		return -errno;
	p->guardian = fork();
	if (p->guardian == 0) {
		close(fds[1]);
		guard(fds[0], fd, sys);
	}
	close(fds[0]);
	p->pipe = fds[1];
	return p->guardian < 0 ? -errno : 0;
}

static int turn(const struct profiling_knob *knobs, size_t n, bool on, char *error, size_t size)
{
	for (size_t i = 0; i < n; i++) {
		int err = set(&knobs[i], on ? knobs[i].on : 0);

		if (err) {
			snprintf(error, size, "%s: %s", knobs[i].path, strerror(-err));
			return err;
		}
	}
	return 0;
}

static int begin(struct profiling *p, int fd, const char *sys, bool on, char *error, size_t size)
{
	struct profiling_knob *knobs = NULL;
	size_t n = 0;
	int err = profiling_find(sys, &knobs, &n);

	if (!err && n == 0)
		err = -ENODEV;
	if (!err)
		err = remember(fd, sys);
	if (!err)
		err = start_guardian(p, fd, sys);
	if (err == -ENODEV)
		snprintf(error, size, "no driver here has such a switch (panfrost and panthor have)");
	else if (err)
		snprintf(error, size, "%s", strerror(-err));
	else
		err = turn(knobs, n, on, error, size);
	free(knobs);
	return err;
}

int profiling_begin(const char *sys, bool on, struct profiling **ret, char *error, size_t size)
{
	struct profiling *p = calloc(1, sizeof(*p));
	int err = -ENOMEM, fd = p ? open_state(O_CREAT) : -ENOMEM;

	if (fd < 0) {
		snprintf(error, size, "the file to remember in: %s", strerror(-fd));
		free(p);
		return fd;
	}
	p->pipe = -1;
	err = begin(p, fd, sys, on, error, size);
	close(fd);
	if (err)
		profiling_end(p);
	else
		*ret = p;
	return err;
}

void profiling_end(struct profiling *p)
{
	if (!p)
		return;
	if (p->pipe >= 0)
		close(p->pipe);
	if (p->guardian > 0)
		while (waitpid(p->guardian, NULL, 0) < 0 && errno == EINTR)
			;
	free(p);
}
