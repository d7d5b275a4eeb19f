/* SPDX-License-Identifier: MIT */
/*
 * Counts the heap allocations of everything linked into a test, for the promise of none per frame.
 * It does not see what libc allocates within itself. Link with $(WRAP_ALLOCS).
 */
#ifndef GPUTOP_ALLOCS_H
#define GPUTOP_ALLOCS_H

#include <stddef.h>

/* malloc, calloc, realloc, strdup and realpath calls so far. */
size_t allocs_count(void);

/* The @n-th such call from now fails, and all after it; 0: none fails any more. */
void allocs_fail_after(size_t n);

#endif
