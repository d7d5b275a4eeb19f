/* SPDX-License-Identifier: MIT */
/* What every unit test includes: cmocka and the headers it needs first. */
#ifndef GPUTOP_UNIT_H
#define GPUTOP_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

/* Ends the test where this machine cannot have it, which ./dev test counts: to automake, skip() is a failure. */
#define not_tested(why)                                    \
	do {                                               \
		print_message("# NOT TESTED: %s\n", (why)); \
		return;                                    \
	} while (0)

#endif
