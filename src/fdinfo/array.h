/* SPDX-License-Identifier: MIT */
/*
 * Arrays that grow by doubling and are reused from frame to frame.
 */
#ifndef GPUTOP_ARRAY_H
#define GPUTOP_ARRAY_H

#include <stddef.h>

/*
 * Makes room for @n elements of @element_size bytes in *@array (a pointer to a pointer), whose allocated
 * length is *@size; afterwards *@array is never NULL, not even for 0. Returns 0, or -ENOMEM with
 * everything as it was.
 */
int array_reserve(void *array, size_t *size, size_t n, size_t element_size);

/* The same for a typed pointer: ARRAY_RESERVE(&x->items, &x->items_size, n). */
#define ARRAY_RESERVE(array, size, n) array_reserve((array), (size), (n), sizeof(**(array)))

/* For arrays of one frame and the last one, and their sizes. */
#define SWAP(a, b) do { __typeof__(a) swap_ = (a); (a) = (b); (b) = swap_; } while (0)

#endif
