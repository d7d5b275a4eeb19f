/* SPDX-License-Identifier: MIT */
/*
 * What the finders that walk /proc share: every process, every descriptor, the text of those that are
 * a GPU's. It does not know by what a finder tells them: that is the finder's look().
 */
#ifndef GPUTOP_FINDER_WALK_H
#define GPUTOP_FINDER_WALK_H

#include "finder.h"

enum look {
	LOOK_NO,	/* not a GPU's */
	LOOK_YES,
	LOOK_GONE,	/* closed meanwhile */
	LOOK_TEXT,	/* only its text can tell */
};

struct walk {
	struct finder_env env;
	const char *dir;	/* what to list of a process: "fd" or "fdinfo" */
	/* What the descriptor @name of the process under way is; LOOK_YES with the node in @ret. */
	enum look (*look)(struct walk *w, const char *name, dev_t *ret);

	/* the pass under way */
	finder_emit *emit;
	void *arg;
	int ret;		/* why the pass is over: what emit returned, or an error of our own */
	bool any_asleep;	/* of the devices */

	/* the process under way */
	pid_t pid;
	int dirfd;		/* its fd/ or fdinfo/ */
	bool in_fdinfo;
	bool blind;		/* its fd/ is denied: do not look */
	bool denied;

	struct buf text;
};

/* finder_ops.open of a walk with these two. */
int walk_new(const struct finder_env *env, const char *dir,
	     enum look (*look)(struct walk *w, const char *name, dev_t *ret), void **ret);
/* finder_ops.find and .close of every walk. */
int walk_find(void *state, finder_emit *emit, void *arg);
void walk_close(void *state);

/* The two that walk_find() is made of: begins a pass; goes through process @pid, called @name in /proc. */
void walk_begin(struct walk *w, finder_emit *emit, void *arg);
int walk_process(struct walk *w, int pid, const char *name);

/* True if reading the fdinfo of @rdev, 0 if unknown, could wake a device. */
bool walk_may_sleep(const struct walk *w, dev_t rdev);

/* True if the fdinfo @text is that of an O_PATH descriptor. */
bool walk_is_o_path(const char *text);

/*
 * True if process @name has no descriptor: nothing is hidden where there is nothing (kernel threads,
 * zombies), and the kernel says so to everybody, if it counts.
 */
bool walk_has_no_fds(struct proc *p, const char *name);

#define WALK_PATH_MAX 24

/* The path of @name in "fd" or "fdinfo" of the process under way, below w->dirfd; @room or @name itself. */
const char *walk_path(const struct walk *w, const char *dir, const char *name,
		      char room[static WALK_PATH_MAX]);

/* A look by statx: a character device of one of the majors. */
enum look walk_stat(struct walk *w, const char *name, dev_t *ret);

/* The look that a failed system call gives. */
enum look walk_look_of(int err);

#endif
