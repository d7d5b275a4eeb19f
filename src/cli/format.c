/* SPDX-License-Identifier: MIT */
#include "format.h"

#include <errno.h>
#include <inttypes.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define MOST_BYTES UINT64_C(10000000000000)	/* that are written out: 13 digits */

static struct str print(char *scratch, const char *format, ...) __attribute__((format(printf, 2, 3)));

static struct str print(char *scratch, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(scratch, FORMAT_SIZE, format, ap);
	va_end(ap);
	return str_of(scratch);
}

const char *const units_names[N_UNITS] = {
	[UNITS_BINARY] = "binary",
	[UNITS_DECIMAL] = "decimal",
	[UNITS_BYTES] = "bytes",
};

int units_find(const char *name, enum units *ret)
{
	for (enum units u = 0; u < N_UNITS; u++)
		if (strcmp(units_names[u], name) == 0) {
			*ret = u;
			return 0;
		}
	return -ENOENT;
}

struct str format_bytes(uint64_t bytes, enum units units, char scratch[static FORMAT_SIZE])
{
	static const char *const names[N_UNITS][6] = {
		[UNITS_BINARY] = { "K", "M", "G", "T", "P", "E" },
		[UNITS_BYTES] = { "K", "M", "G", "T", "P", "E" },
		[UNITS_DECIMAL] = { "kB", "MB", "GB", "TB", "PB", "EB" },
	};
	const unsigned int step = units == UNITS_DECIMAL ? 1000 : 1024;
	double n = (double)bytes / step;
	size_t unit = 0;

	if (bytes == UNKNOWN)
		return str_of("-");
	if (bytes < step || (units == UNITS_BYTES && bytes < MOST_BYTES))
		return print(scratch, "%" PRIu64, bytes);
	while (n >= step - 0.5) {
		n /= step;
		unit++;
	}
	return print(scratch, n < 9.95 ? "%.1f%s" : "%.0f%s", n, names[units][unit]);
}

int format_bytes_width(enum units units)
{
	return units == UNITS_BYTES ? 13 : 5;
}

struct str format_percent(double ratio, char scratch[static FORMAT_SIZE])
{
	double percent = ratio * 100;

	if (isnan(ratio))
		return str_of("-");
	if (percent > 99999)
		return str_of(">99999%");
	return print(scratch, percent < 99.95 ? "%.1f%%" : "%.0f%%", percent);
}

struct str format_duration(uint64_t ns, char scratch[static FORMAT_SIZE])
{
	uint64_t seconds = ns / NSEC_PER_SEC, minutes = seconds / 60, hours = minutes / 60;

	if (ns == UNKNOWN)
		return str_of("-");
	if (minutes < 600)
		return print(scratch, "%" PRIu64 ":%02u.%02u", minutes, (unsigned int)(seconds % 60),
			     (unsigned int)(ns % NSEC_PER_SEC / (NSEC_PER_SEC / 100)));
	if (hours < 100)
		return print(scratch, "%" PRIu64 "h%02um", hours, (unsigned int)(minutes % 60));
	return print(scratch, "%" PRIu64 "d%02uh", hours / 24, (unsigned int)(hours % 24));
}

struct str format_age(uint64_t ns, char scratch[static FORMAT_SIZE])
{
	uint64_t seconds = ns / NSEC_PER_SEC, hours = seconds / 3600;

	if (ns == UNKNOWN)
		return str_of("-");
	if (hours == 0)
		return print(scratch, "%u:%02u", (unsigned int)(seconds / 60), (unsigned int)(seconds % 60));
	if (hours < 24)
		return print(scratch, "%uh%02um", (unsigned int)hours, (unsigned int)(seconds / 60 % 60));
	return print(scratch, "%" PRIu64 "d%02uh", hours / 24, (unsigned int)(hours % 24));
}

struct str format_short_time(uint64_t ns, char scratch[static FORMAT_SIZE])
{
	double t = (double)ns;

	if (ns == UNKNOWN)
		return str_of("-");
	if (t < 999.5e3)
		return print(scratch, "%.0f us", t / 1e3);
	if (t < 999.95e6)
		return print(scratch, "%.1f ms", t / 1e6);
	return print(scratch, "%.1f s", t / 1e9);
}

struct str format_value(const struct value *v, enum units units, char scratch[static FORMAT_SIZE])
{
	switch (v->type) {
	case FIELD_TEXT:
		return v->text.ptr ? v->text : str_of("-");
	case FIELD_COUNT:
		return v->n == UNKNOWN ? str_of("-") : print(scratch, "%" PRIu64, v->n);
	case FIELD_BYTES:
		return format_bytes(v->n, units, scratch);
	case FIELD_NS:
		return format_duration(v->n, scratch);
	case FIELD_RATIO:
		return format_percent(v->ratio, scratch);
	}
	return str_of("-");
}
