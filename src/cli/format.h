/* SPDX-License-Identifier: MIT */
/*
 * Numbers as a person reads them in a narrow column. Unknown is "-", never 0. It does not know columns
 * or the screen.
 */
#ifndef GPUTOP_FORMAT_H
#define GPUTOP_FORMAT_H

#include "../report/field.h"
#include "units.h"

#define FORMAT_SIZE 32

/* As the user calls them: "binary", "decimal", "bytes". */
extern const char *const units_names[N_UNITS];

/* 0 or -ENOENT. */
int units_find(const char *name, enum units *ret);

/* At most 5 cells: "0", "512", "4.0K", "1023M", "1.5G"; decimal "4.1kB", "999MB", "1.6GB"; in bytes 13. */
struct str format_bytes(uint64_t bytes, enum units units, char scratch[static FORMAT_SIZE]);

/* The most cells that takes. */
int format_bytes_width(enum units units);

/* At most 6 cells: "0.0%", "42.1%", "100%"; not clamped. */
struct str format_percent(double ratio, char scratch[static FORMAT_SIZE]);

/* "0:01.23" (minutes), "12h34m", "120d04h". */
struct str format_duration(uint64_t ns, char scratch[static FORMAT_SIZE]);

/* How long something lasts, to the second: "0:42", "12:03", "2h05m", "3d04h". */
struct str format_age(uint64_t ns, char scratch[static FORMAT_SIZE]);

/* A time a pass took: "850 us", "3.1 ms", "1.2 s". */
struct str format_short_time(uint64_t ns, char scratch[static FORMAT_SIZE]);

/* Any value by its type. Text is handed through: borrowed from the value, anything else from @scratch. */
struct str format_value(const struct value *v, enum units units, char scratch[static FORMAT_SIZE]);

#endif
