/* SPDX-License-Identifier: MIT */
#include "array.h"

#include <errno.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int array_reserve(void *array, size_t *size, size_t n, size_t element_size)
{
	size_t want = *size ? *size : 8;
	void *old, *new;

	if (*size && n <= *size)
		return 0;
	if (n > SIZE_MAX / 2 / element_size)
		return -ENOMEM;
	while (want < n)
		want *= 2;
	memcpy(&old, array, sizeof(old));
	new = realloc(old, want * element_size);
	if (!new)
		return -ENOMEM;
	memcpy(array, &new, sizeof(new));
	*size = want;
	return 0;
}
