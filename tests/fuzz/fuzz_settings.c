/* SPDX-License-Identifier: MIT */
/* Any bytes as gputopd's configuration: taken with values in their ranges, or errors, a line each. */
#include <errno.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "daemon/settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(int condition)
{
	if (!condition)
		abort();
}

static void require_file(const struct file_settings *f)
{
	require(memchr(f->file, '\0', sizeof(f->file)) != NULL && (!*f->file || *f->file == '/'));
	require(f->interval_ns == 0 || (f->interval_ns >= 10000000 && f->interval_ns <= 86400000000000));
	require(f->n_columns <= SETTINGS_MAX_COLUMNS);
}

static void require_sense(const struct settings *s)
{
	require(s->interval_ns >= 10000000 && s->timeout_ns >= 10000000);
	require(*s->proc == '/' && *s->sys == '/' && (!*s->socket || *s->socket == '/'));
	require(memchr(s->group, '\0', sizeof(s->group)) != NULL && *s->group);
	require(memchr(s->finder, '\0', sizeof(s->finder)) != NULL && *s->finder);
	require(s->n_majors <= FINDER_MAX_MAJORS);
	require(s->max_clients && s->max_groups && s->max_viewers && s->max_viewers <= 1000000);
	require(s->json.max_size >= 4096 && s->csv.max_size >= 4096);
	require(s->json.max_files && s->csv.max_files && s->csv.n_columns);
	require_file(&s->textfile);
	require_file(&s->json);
	require_file(&s->csv);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	static struct settings s;
	struct buf errors = { 0 };
	char path[64];
	int fd = memfd_create("conf", MFD_CLOEXEC), err;

	require(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	settings_init(&s);
	err = settings_read(&s, path, false, &errors);
	close(fd);
	if (!err)
		err = settings_check(&s, &errors);
	if (!err)
		require_sense(&s);
	require(err == 0 || err == -EINVAL);
	require(!err == !errors.len && (!errors.len || errors.ptr[errors.len - 1] == '\n'));
	buf_done(&errors);
	return 0;
}
