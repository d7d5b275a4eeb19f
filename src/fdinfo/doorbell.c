/* SPDX-License-Identifier: MIT */
#include "doorbell.h"

#include <limits.h>
#include <stdio.h>
#include <sys/inotify.h>
#include <unistd.h>

static const char *const dirs[DOORBELL_DIRS] = { "dri", "accel" };

/* The directories, not the nodes: new nodes need no watch of their own. */
static void arm(struct doorbell *d, struct proc *p)
{
	char path[PATH_MAX];

	for (int i = 0; i < DOORBELL_DIRS; i++) {
		if (d->watches[i] >= 0)
			continue;
		snprintf(path, sizeof(path), "%s/%s", d->dev, dirs[i]);
		d->watches[i] = inotify_add_watch(d->fd, path, IN_OPEN | IN_ONLYDIR);
		p->scan.syscalls[SYSCALL_OTHER]++;
	}
}

void doorbell_init(struct doorbell *d, const char *dev)
{
	*d = (struct doorbell){ .dev = dev, .fd = inotify_init1(IN_NONBLOCK | IN_CLOEXEC) };
	for (int i = 0; i < DOORBELL_DIRS; i++)
		d->watches[i] = -1;
}

void doorbell_done(struct doorbell *d)
{
	if (d->fd >= 0)
		close(d->fd);
	d->fd = -1;
}

static bool take_event(struct doorbell *d, const struct inotify_event *e)
{
	/* the directory went with its driver; another may come */
	for (int i = 0; e->mask & IN_IGNORED && i < DOORBELL_DIRS; i++)
		if (d->watches[i] == e->wd)
			d->watches[i] = -1;
	return e->mask & IN_Q_OVERFLOW || (e->mask & (IN_OPEN | IN_ISDIR)) == IN_OPEN;
}

bool doorbell_rang(struct doorbell *d, struct proc *p)
{
	union {
		struct inotify_event event;
		char bytes[16384];
	} room;
	bool rang = false;
	ssize_t n;

	if (d->fd < 0)
		return false;
	do {
		n = read(d->fd, &room, sizeof(room));
		p->scan.syscalls[SYSCALL_READ]++;
		for (ssize_t at = 0; at < n;) {
			const struct inotify_event *e = (const void *)(room.bytes + at);

			rang |= take_event(d, e);
			at += (ssize_t)(sizeof(*e) + e->len);
		}
	} while (n > (ssize_t)sizeof(room) / 2);
	arm(d, p);
	return rang;
}
