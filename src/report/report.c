/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>
#include <time.h>

void report_time(uint64_t clock_ns, char ret[static 32])
{
	time_t s = (time_t)(clock_ns / NSEC_PER_SEC);
	unsigned int ms = (unsigned int)(clock_ns / NSEC_PER_MSEC % 1000);
	struct tm tm;
	size_t len;

	gmtime_r(&s, &tm);
	len = strftime(ret, 32, "%Y-%m-%dT%H:%M:%S", &tm);
	snprintf(ret + len, 32 - len, ".%03uZ", ms);
}
