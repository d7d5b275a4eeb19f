/* SPDX-License-Identifier: MIT */
#include "drm_debugfs.h"

#include <errno.h>
#include <limits.h>

#include "parse.h"

#define MAX_COLUMNS 32

static size_t split(struct str line, struct str words[static MAX_COLUMNS])
{
	size_t n = 0;

	while (n < MAX_COLUMNS && parse_word(&line, &words[n]))
		n++;
	return n;
}

/*
 * "command tgid dev master a uid magic", or pid, and more: how many words the pid is from the end. The command is
 * whatever a process calls itself, so lines are read from there.
 */
static int find_pid(struct str header, size_t *ret)
{
	struct str words[MAX_COLUMNS];
	size_t n = split(header, words);

	if (n == 0 || n == MAX_COLUMNS || !str_is(words[0], "command"))
		return -EINVAL;
	for (size_t i = 1; i < n; i++) {
		if (str_is(words[i], "pid") || str_is(words[i], "tgid")) {
			*ret = n - i;
			return 0;
		}
	}
	return -EINVAL;
}

int drm_debugfs_clients(struct str text, drm_debugfs_client *each, void *arg, uint64_t *n_malformed)
{
	struct str line = { 0 };
	size_t from_end;
	int err;

	if (!parse_line(&text, &line))
		return -EINVAL;
	err = find_pid(line, &from_end);
	while (!err && parse_line(&text, &line)) {
		struct str words[MAX_COLUMNS];
		size_t n = split(line, words);
		uint64_t pid;

		if (n < from_end || n == MAX_COLUMNS || !parse_digits(words[n - from_end], INT_MAX, &pid))
			(*n_malformed)++;
		else
			err = each(arg, (pid_t)pid);
	}
	return err;
}
