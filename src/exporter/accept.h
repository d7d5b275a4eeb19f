/* SPDX-License-Identifier: MIT */
/*
 * Which format a reader prefers (RFC 9110, Accept). Pure text; it does not know HTTP otherwise.
 */
#ifndef GPUTOP_ACCEPT_H
#define GPUTOP_ACCEPT_H

#include <stdbool.h>

/*
 * True if @accept (NULL: no such header) prefers OpenMetrics 1.0 to the text format 0.0.4, or likes both as
 * much and names OpenMetrics. What makes no sense in it is passed over.
 */
bool accept_openmetrics(const char *accept);

#endif
