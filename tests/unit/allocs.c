/* SPDX-License-Identifier: MIT */
#include "allocs.h"

#include <errno.h>
#include <stdbool.h>

/* What -Wl,--wrap makes of the calls, and of the functions they would have called. */
void *__real_malloc(size_t size);
void *__real_calloc(size_t n, size_t size);
void *__real_realloc(void *ptr, size_t size);
char *__real_strdup(const char *s);
char *__real_realpath(const char *path, char *resolved);
void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t n, size_t size);
void *__wrap_realloc(void *ptr, size_t size);
char *__wrap_strdup(const char *s);
char *__wrap_realpath(const char *path, char *resolved);

static size_t count, fail_at;

static bool allowed(void)
{
	count++;
	if (!fail_at || count < fail_at)
		return true;
	errno = ENOMEM;
	return false;
}

size_t allocs_count(void)
{
	return count;
}

void allocs_fail_after(size_t n)
{
	fail_at = n ? count + n : 0;
}

void *__wrap_malloc(size_t size)
{
	return allowed() ? __real_malloc(size) : NULL;
}

void *__wrap_calloc(size_t n, size_t size)
{
	return allowed() ? __real_calloc(n, size) : NULL;
}

void *__wrap_realloc(void *ptr, size_t size)
{
	return allowed() ? __real_realloc(ptr, size) : NULL;
}

char *__wrap_strdup(const char *s)
{
	return allowed() ? __real_strdup(s) : NULL;
}

char *__wrap_realpath(const char *path, char *resolved)
{
	return allowed() ? __real_realpath(path, resolved) : NULL;
}
