/* SPDX-License-Identifier: MIT */
/*
 * What sizes are counted in where a person reads them. format.h has the words for it.
 */
#ifndef GPUTOP_UNITS_H
#define GPUTOP_UNITS_H

enum units {
	UNITS_BINARY,	/* K, M, G: powers of 1024 */
	UNITS_DECIMAL,	/* kB, MB, GB: powers of 1000 */
	UNITS_BYTES,
	N_UNITS
};

#endif
