/* SPDX-License-Identifier: MIT */
/* What every unit test includes: cmocka and the headers it needs first. */
#ifndef GPUTOP_UNIT_H
#define GPUTOP_UNIT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
