/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "fake_proc.h"

#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "tree.h"

static const char *path_of(const struct fake_proc *fp, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static const char *path_of(const struct fake_proc *fp, const char *format, ...)
{
	static char path[PATH_MAX];
	va_list ap;
	int n = snprintf(path, sizeof(path), "%s/", fp->root);

	va_start(ap, format);
	vsnprintf(path + n, sizeof(path) - (size_t)n, format, ap);
	va_end(ap);
	return path;
}

void fake_proc_init(struct fake_proc *fp)
{
	tree_make(fp->root);
}

void fake_proc_done(struct fake_proc *fp)
{
	tree_remove(fp->root, "");
}

void fake_proc_write(struct fake_proc *fp, const char *path, const void *bytes, size_t len)
{
	tree_write(fp->root, path, bytes, len);
}

static void write_text(struct fake_proc *fp, pid_t pid, const char *name, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static void write_text(struct fake_proc *fp, pid_t pid, const char *name, const char *format, ...)
{
	char path[64], text[1024];
	va_list ap;

	snprintf(path, sizeof(path), "%d/%s", pid, name);
	va_start(ap, format);
	vsnprintf(text, sizeof(text), format, ap);
	va_end(ap);
	fake_proc_write(fp, path, text, strlen(text));
}

void fake_proc_add(struct fake_proc *fp, pid_t pid, const char *comm, unsigned long start_time)
{
	write_text(fp, pid, "stat", "%d (%s) S 1 %d %d 0 -1 4194560 0 0 0 0 1 2 0 0 20 0 1 0 %lu "
		   "1000000 200 18446744073709551615 1 1 0 0 0 0 0 0 0 0 0 0 17 0 0 0 0 0 0 0 0 0 0 0 0 0 0\n",
		   pid, comm, pid, pid, start_time);
	write_text(fp, pid, "status", "Name:\t%s\nState:\tS (sleeping)\nTgid:\t%d\nPid:\t%d\nPPid:\t1\n"
		   "Uid:\t1000\t1000\t1000\t1000\nGid:\t1000\t1000\t1000\t1000\n", comm, pid, pid);
	write_text(fp, pid, "comm", "%s\n", comm);
	write_text(fp, pid, "cmdline", "/usr/bin/%s%c--flag", comm, '\0');
	write_text(fp, pid, "cgroup", "0::/user.slice/user-1000.slice/session-2.scope\n");
	assert_int_equal(mkdir(path_of(fp, "%d/fd", pid), 0755), 0);
	assert_int_equal(mkdir(path_of(fp, "%d/fdinfo", pid), 0755), 0);
}

void fake_proc_remove(struct fake_proc *fp, pid_t pid)
{
	char path[16];

	snprintf(path, sizeof(path), "%d", pid);
	tree_remove(fp->root, path);
}

void fake_proc_fd(struct fake_proc *fp, pid_t pid, int fd, const char *target, const char *text)
{
	char path[64];

	assert_int_equal(symlink(target, path_of(fp, "%d/fd/%d", pid, fd)), 0);
	snprintf(path, sizeof(path), "%d/fdinfo/%d", pid, fd);
	text = text ? text : FAKE_NO_USAGE;
	fake_proc_write(fp, path, text, strlen(text));
}

void fake_proc_close(struct fake_proc *fp, pid_t pid, int fd)
{
	assert_int_equal(unlink(path_of(fp, "%d/fd/%d", pid, fd)), 0);
	assert_int_equal(unlink(path_of(fp, "%d/fdinfo/%d", pid, fd)), 0);
}
