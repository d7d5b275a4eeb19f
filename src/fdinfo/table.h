/* SPDX-License-Identifier: MIT */
/*
 * Folds records into clients over time, applies the counting rules (ARCHITECTURE.md) and publishes a
 * snapshot per frame. It does not know where records come from, and reads no clock.
 */
#ifndef GPUTOP_TABLE_H
#define GPUTOP_TABLE_H

#include "record.h"
#include "snapshot.h"

/* Of further ones, which only a text that lies has, nothing is kept. */
#define TABLE_MAX_DEVICES 1024

struct table;

int table_new(struct table **ret);
void table_free(struct table *t);

/*
 * Takes one record of the frame under way: a device (kept from then on, updated when seen again), a
 * client as one process holds it, or the end of the frame, which publishes. Other kinds are ignored.
 * Copies what it keeps. Allocates only for what it has not seen before.
 * Returns 0, 1 if the record ended the frame, or -ENOMEM.
 */
int table_add(struct table *t, const struct record *r);

/* The last frame's snapshot, valid until the next table_add(); NULL before the first frame ended. */
const struct snapshot *table_snapshot(const struct table *t);

#endif
