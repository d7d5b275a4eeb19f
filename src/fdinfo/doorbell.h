/* SPDX-License-Identifier: MIT */
/*
 * Whether somebody opened a GPU's device node lately. It does not know who: inotify does not say.
 */
#ifndef GPUTOP_DOORBELL_H
#define GPUTOP_DOORBELL_H

#include "proc.h"

#define DOORBELL_DIRS 2

struct doorbell {
	const char *dev;	/* borrowed */
	int fd;			/* -1: inotify is not to be had */
	int watches[DOORBELL_DIRS];	/* -1: the directory is not there */
};

/* @dev: where dri/ and accel/ are; they may come later. Without inotify it never rings. */
void doorbell_init(struct doorbell *d, const char *dev);
void doorbell_done(struct doorbell *d);

/*
 * True if a node in one of the two directories was opened since the last call, by whatever path leads
 * there. Nodes made elsewhere (a container's own /dev) and descriptors passed on or inherited do not ring.
 */
bool doorbell_rang(struct doorbell *d, struct proc *p);

#endif
