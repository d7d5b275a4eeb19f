/* SPDX-License-Identifier: MIT */
#include "report.h"

#include <stdio.h>
#include <time.h>

void report_time(uint64_t clock_ns, char ret[static 32])
{
	time_t s = (time_t)(clock_ns / 1000000000);
	unsigned int ms = (unsigned int)(clock_ns / 1000000 % 1000);
	struct tm tm;

	gmtime_r(&s, &tm);
	snprintf(ret, 32, "%04d-%02d-%02dT%02d:%02d:%02d.%03uZ", tm.tm_year + 1900, tm.tm_mon + 1,
		 tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, ms);
}
