/* SPDX-License-Identifier: MIT */
/*
 * Holders of which the kernel said what open file they refer to: of each file one holder's fdinfo is
 * read, from a descriptor held from pass to pass; the others only share it. It does not know how the
 * holders were found.
 *
 * The id of a file that was closed may be another's, and a number may refer to another file than when the kernel was
 * asked. So what is remembered of a file counts only once a text read in the same pass says the same: a holder is
 * named for another's client in one pass at most, where one of the two happened while its holders were collected.
 */
#ifndef GPUTOP_OPEN_FILES_H
#define GPUTOP_OPEN_FILES_H

#include "finder.h"
#include "hash.h"
#include "held.h"

struct open_file;

struct open_files {
	const struct finder_env *env;
	struct held held;
	struct hash by_id;
	struct open_file **files;
	size_t n, size;
	uint64_t pass;
	pid_t denied;		/* the process counted last */
	struct buf text, identity, path;
};

/* A descriptor and the open file it refers to. */
struct file_holder {
	uint64_t file_id;	/* one and the same in a pass for those that refer to one file */
	pid_t pid;
	int fd;
	dev_t rdev;
};

void open_files_init(struct open_files *of, const struct finder_env *env);
void open_files_done(struct open_files *of);

/* A pass begins, and ends: files nobody held in it are forgotten. */
void open_files_begin(struct open_files *of);
void open_files_end(struct open_files *of);

/*
 * Reads what there is to read of @h and emits it. What vanished meanwhile or may not be read is
 * counted, no error. Returns what emit returned, or -errno: -ENOMEM, -EMFILE, -ENFILE.
 */
int open_files_emit(struct open_files *of, const struct file_holder *h, finder_emit *emit, void *arg);

#endif
