/* SPDX-License-Identifier: MIT */
#include "number.h"

#include <errno.h>

#define MIN_SECONDS_NS (NSEC_PER_SEC / 100)
#define MAX_SECONDS_NS (86400 * NSEC_PER_SEC)

int parse_number(struct str text, uint64_t min, uint64_t max, uint64_t *ret)
{
	uint64_t n = 0;

	if (text.len == 0)
		return -EINVAL;
	for (size_t i = 0; i < text.len; i++) {
		if (text.ptr[i] < '0' || text.ptr[i] > '9')
			return -EINVAL;
		if (__builtin_mul_overflow(n, 10, &n) ||
		    __builtin_add_overflow(n, (uint64_t)(text.ptr[i] - '0'), &n))
			return -ERANGE;
	}
	if (n < min || n > max)
		return -ERANGE;
	*ret = n;
	return 0;
}

int parse_seconds(const char *text, uint64_t *ret_ns)
{
	size_t whole = strcspn(text, ".");
	uint64_t seconds = 0, ns = 0, unit = NSEC_PER_SEC / 10;
	const char *p = text + whole;
	int err;

	if (whole > 0) {
		err = parse_number((struct str){ text, whole }, 0, MAX_SECONDS_NS / NSEC_PER_SEC, &seconds);
		if (err)
			return err;
	}
	if (*p == '.')
		p++;
	if (whole == 0 && !*p)
		return -EINVAL;
	for (; *p; p++, unit /= 10) {
		if (*p < '0' || *p > '9')
			return -EINVAL;
		ns += (uint64_t)(*p - '0') * unit;
	}
	ns += seconds * NSEC_PER_SEC;
	if (ns < MIN_SECONDS_NS || ns > MAX_SECONDS_NS)
		return -ERANGE;
	*ret_ns = ns;
	return 0;
}
