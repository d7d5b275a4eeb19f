/* SPDX-License-Identifier: MIT */
/*
 * What every room shares: borrowed text, the unknown number, units of time.
 */
#ifndef GPUTOP_TYPES_H
#define GPUTOP_TYPES_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/*
 * A count that the kernel did not give. Unknown is not 0: it is "-" on the screen, null in JSON,
 * empty in CSV and no sample in metrics. An unknown ratio is NAN.
 */
#define UNKNOWN UINT64_MAX

/*
 * Adds what is known to a sum, which begins UNKNOWN. Made-up counters may come to more than fits: the sum stays as large
 * as it can be then, and neither goes back nor becomes unknown.
 */
static inline void counter_add(uint64_t *sum, uint64_t value)
{
	if (value == UNKNOWN)
		return;
	if (*sum == UNKNOWN)
		*sum = value;
	else
		*sum = value < UNKNOWN - 1 - *sum ? *sum + value : UNKNOWN - 1;
}

/* How many elements an array has. */
#define N_OF(array) (sizeof(array) / sizeof((array)[0]))

#define NSEC_PER_SEC UINT64_C(1000000000)
#define NSEC_PER_MSEC UINT64_C(1000000)

/* Borrowed bytes, not NUL-terminated; who hands one out says how long it lives. ptr NULL: absent. */
struct str {
	const char *ptr;
	size_t len;
};

static inline struct str str_of(const char *s)
{
	return (struct str){ s, s ? strlen(s) : 0 };
}

/* Of a text that is not there when it is "". */
static inline struct str str_or_absent(const char *s)
{
	return str_of(s && *s ? s : NULL);
}

static inline int str_eq(struct str a, struct str b)
{
	return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

static inline int str_is(struct str a, const char *s)
{
	return str_eq(a, str_of(s));
}

static inline int str_starts(struct str s, const char *prefix)
{
	size_t len = strlen(prefix);

	return s.len >= len && (len == 0 || memcmp(s.ptr, prefix, len) == 0);
}

#endif
