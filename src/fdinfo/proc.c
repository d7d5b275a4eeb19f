/* SPDX-License-Identifier: MIT */
#include "proc.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <linux/magic.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define DIRENTS_SIZE ((size_t)32 << 10)
#define DIRENT_SIZE ((size_t)32)	/* of a process; of any other name */
#define DIRENT_MAX ((size_t)280)
#define FILE_SIZE_MAX ((size_t)16 << 20)

static bool is_procfs(int fd)
{
	struct statfs fs;

	return fstatfs(fd, &fs) == 0 && fs.f_type == PROC_SUPER_MAGIC;
}

static bool to_number(const char *name, int *ret)
{
	long n = 0;

	if (name[0] == '\0' || (name[0] == '0' && name[1] != '\0'))
		return false;
	for (; *name != '\0'; name++) {
		if (*name < '0' || *name > '9')
			return false;
		n = n * 10 + (*name - '0');
		if (n > INT_MAX)
			return false;
	}
	*ret = (int)n;
	return true;
}

/* Libraries that are told no path read /proc: is that the tree open here, and are we in it? */
static bool is_own(int fd)
{
	struct stat here, proc;
	char self[16];
	int pid;
	ssize_t n = readlinkat(fd, "self", self, sizeof(self) - 1);

	if (n <= 0 || fstat(fd, &here) < 0 || stat("/proc", &proc) < 0)
		return false;
	self[n] = '\0';
	return here.st_dev == proc.st_dev && here.st_ino == proc.st_ino &&
	       to_number(self, &pid) && pid == getpid();
}

static bool has_fd_counts(int fd)
{
	struct stat st;

	return fstatat(fd, "self/fd", &st, 0) == 0 && st.st_size > 0;
}

int proc_init(struct proc *p, const char *path)
{
	int err, fd = open(path ? path : "/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);

	if (fd < 0)
		return -errno;
	*p = (struct proc){ .fd = fd };
	if (is_procfs(fd)) {
		p->is_own = is_own(fd);
		p->has_fd_counts = has_fd_counts(fd);
	}
	err = buf_reserve(&p->pid_dirents, DIRENTS_SIZE);
	if (!err)
		err = buf_reserve(&p->fd_dirents, DIRENTS_SIZE);
	if (err)
		proc_done(p);
	return err;
}

void proc_done(struct proc *p)
{
	if (p->fd >= 0)
		close(p->fd);
	buf_done(&p->pid_dirents);
	buf_done(&p->fd_dirents);
	p->fd = -1;
}

/*
 * Every entry of @dirfd with a number of @min or more for a name; @max of them at most, and *@position is
 * where the next one is, or 0 at the end.
 */
static int each_number(struct proc *p, struct buf *dirents, int dirfd, int min, size_t max, int64_t *position,
		       proc_each *each, void *arg)
{
	/* a process costs the kernel something to list, too */
	size_t size = max < dirents->size / DIRENT_SIZE ? max * DIRENT_SIZE + DIRENT_MAX : dirents->size;

	for (;;) {
		ssize_t n = getdents64(dirfd, dirents->ptr, size);

		p->scan.syscalls[SYSCALL_GETDENTS]++;
		if (n < 0 && errno == EINTR)
			continue;
		if (n < 0)
			return -errno;
		if (n == 0) {
			*position = 0;
			return 0;
		}
		for (ssize_t at = 0; at < n;) {
			const struct dirent64 *d = (const void *)(dirents->ptr + at);
			int number, err;

			at += d->d_reclen;
			*position = d->d_off;
			if (!to_number(d->d_name, &number) || number < min)
				continue;
			p->ino = d->d_ino;
			err = each(arg, number, d->d_name);
			if (err || --max == 0)
				return err;
		}
	}
}

int proc_each_pid_from(struct proc *p, int64_t *position, size_t max, proc_each *each, void *arg)
{
	p->scan.syscalls[SYSCALL_OTHER]++;
	if (lseek(p->fd, *position, SEEK_SET) < 0)
		return -errno;
	return each_number(p, &p->pid_dirents, p->fd, 1, max, position, each, arg);
}

int proc_each_pid(struct proc *p, proc_each *each, void *arg)
{
	int64_t position = 0;

	return proc_each_pid_from(p, &position, SIZE_MAX, each, arg);
}

int proc_each_fd(struct proc *p, int dirfd, proc_each *each, void *arg)
{
	int64_t position;

	return each_number(p, &p->fd_dirents, dirfd, 0, SIZE_MAX, &position, each, arg);
}

static int open_retrying(struct proc *p, int dirfd, const char *path, int flags)
{
	int fd;

	do {
		p->scan.syscalls[SYSCALL_OPEN]++;
		fd = openat(dirfd, path, flags | O_RDONLY | O_CLOEXEC);
	} while (fd < 0 && errno == EINTR);
	return fd < 0 ? -errno : fd;
}

int proc_open_dir(struct proc *p, int dirfd, const char *path)
{
	return open_retrying(p, dirfd, path, O_DIRECTORY);
}

void proc_close(struct proc *p, int fd)
{
	p->scan.syscalls[SYSCALL_CLOSE]++;
	close(fd);
}

static int read_all(struct proc *p, int fd, struct buf *ret)
{
	while (ret->len <= FILE_SIZE_MAX) {
		ssize_t n;
		int err = buf_reserve(ret, 4096);

		if (err)
			return err;
		n = read(fd, ret->ptr + ret->len, ret->size - ret->len - 1);
		p->scan.syscalls[SYSCALL_READ]++;
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return n < 0 ? -errno : 0;
		ret->len += (size_t)n;
		ret->ptr[ret->len] = '\0';
	}
	return -EFBIG;
}

int proc_read_file(struct proc *p, int dirfd, const char *path, struct buf *ret)
{
	int fd, err;

	buf_reset(ret);
	/* O_NONBLOCK: a tree under --proc may have a fifo where procfs has a file */
	fd = open_retrying(p, dirfd, path, O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return fd;
	err = read_all(p, fd, ret);
	proc_close(p, fd);
	return err;
}

int proc_reread(struct proc *p, int fd, struct buf *ret)
{
	buf_reset(ret);
	p->scan.syscalls[SYSCALL_OTHER]++;
	if (lseek(fd, 0, SEEK_SET) < 0)
		return -errno;
	return read_all(p, fd, ret);
}

bool proc_is_gone(int err)
{
	return err == -ENOENT || err == -ESRCH || err == -ENODEV;
}

bool proc_is_denied(int err)
{
	return err == -EACCES || err == -EPERM;
}

bool proc_is_exhausted(int err)
{
	return err == -ENOMEM || err == -EMFILE || err == -ENFILE;
}

/* The number before @name in the part of /proc/devices on character devices, else @assigned. */
static unsigned int major_of(const char *devices, const char *name, unsigned int assigned)
{
	const char *line = devices ? strstr(devices, "Character devices:") : NULL;

	/* "226 drm"; an empty line ends the part */
	while (line && (line = strchr(line, '\n')) && line[1] != '\n') {
		char *end;
		unsigned long major = strtoul(++line, &end, 10);

		if (*end == ' ' && major <= UINT_MAX && strcspn(end, "\n") == strlen(name) + 1 &&
		    memcmp(end + 1, name, strlen(name)) == 0)
			return (unsigned int)major;
	}
	return assigned;
}

size_t proc_gpu_majors(struct proc *p, unsigned int *ret, size_t size)
{
	struct buf text = { 0 };
	size_t n = 0;

	if (proc_read_file(p, p->fd, "devices", &text) < 0)
		buf_reset(&text);
	if (n < size)
		ret[n++] = major_of(text.ptr, "drm", PROC_DRM_MAJOR);
	if (n < size)
		ret[n++] = major_of(text.ptr, "accel", PROC_ACCEL_MAJOR);
	buf_done(&text);
	return n;
}
