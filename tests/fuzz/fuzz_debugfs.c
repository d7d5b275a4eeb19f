/* SPDX-License-Identifier: MIT */
/*
 * Any bytes as debugfs' list of clients: a process is a positive number or 0, and no line is two clients.
 */
#include <stdlib.h>

#include "fdinfo/drm_debugfs.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int count(void *arg, pid_t pid)
{
	if (pid < 0)
		abort();
	(*(size_t *)arg)++;
	return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	uint64_t n_malformed = 0;
	size_t n = 0, n_lines = 1;

	for (size_t i = 0; i < size; i++)
		n_lines += data[i] == '\n';
	if (drm_debugfs_clients((struct str){ (const char *)data, size }, count, &n, &n_malformed))
		return 0;
	if (n + n_malformed >= n_lines)
		abort();
	return 0;
}
