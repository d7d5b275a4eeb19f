/* SPDX-License-Identifier: MIT */
/* A table fed with records in the dialect, and what it then says, for tests of the table. */
#ifndef GPUTOP_FRAMES_H
#define GPUTOP_FRAMES_H

#include "unit.h"

#include <math.h>

#include "fdinfo/table.h"

#define SECOND 1000000000ull

/* A client record: who holds it, when it was read, and its keys. */
#define CLIENT(pid, start, fds, t, keys) \
	"gputop-pid: " #pid "\ngputop-start-time: " #start "\ngputop-fds: " fds "\n" \
	"gputop-gpu: 0000:03:00.0\ngputop-time: " #t " ns\ndrm-driver: amdgpu\n" \
	"drm-pdev: 0000:03:00.0\n" keys "\n\n"

/* Feeds the records of one frame, parted by blank lines, and ends it at @t_ns. */
const struct snapshot *table_frame(struct table *t, uint64_t t_ns, const char *text);

/* These fail the test where there is no such thing. */
const struct snapshot_client *find_client(const struct snapshot *s, uint64_t id);
const struct engine_usage *client_engine(const struct snapshot_client *c, const char *name);
const struct engine_usage *device_engine(const struct snapshot_device *d, const char *name);
const struct region_usage *client_region(const struct snapshot_client *c, const char *name);

/* Of a group of tests, each with a table of its own. */
int table_setup(void **state);
int table_teardown(void **state);
#define TABLE_TEST(name) cmocka_unit_test_setup_teardown(name, table_setup, table_teardown)

#define assert_near(a, b) assert_true(fabs((a) - (b)) < 1e-9)
#define assert_unknown(x) assert_true(isnan(x))

#endif
