/* SPDX-License-Identifier: MIT */
/*
 * Numbers as people write them, on command lines, in configuration files and in requests: decimal, in
 * every locale. It does not know what they are for.
 */
#ifndef GPUTOP_NUMBER_H
#define GPUTOP_NUMBER_H

#include "types.h"

/* "1", "0.25": seconds. 0 or -EINVAL, -ERANGE (not 0.01 to 86400). */
int parse_seconds(const char *text, uint64_t *ret_ns);

/* A decimal number and nothing else. 0 or -EINVAL, -ERANGE. */
int parse_number(struct str text, uint64_t min, uint64_t max, uint64_t *ret);

#endif
