/* SPDX-License-Identifier: MIT */
/*
 * The field table: everything that can be said of a client, a row each. It drives screen columns, -o,
 * --sort, CSV, JSON, --list-fields and the man page: a new fact is one row here. It sees only snapshots.
 */
#ifndef GPUTOP_FIELD_H
#define GPUTOP_FIELD_H

#include <stdbool.h>
#include <stddef.h>

#include "../fdinfo/buf.h"
#include "../fdinfo/snapshot.h"

enum field_type {
	FIELD_TEXT,	/* raw bytes; whoever shows them escapes them */
	FIELD_COUNT,	/* plain number */
	FIELD_BYTES,
	FIELD_NS,	/* a duration or a counter of busy time */
	FIELD_RATIO,	/* share of the device, 0..1 (never clamped) */
};

/*
 * One cell. Unknown: text.ptr NULL, n UNKNOWN, ratio NAN. Text is borrowed from the snapshot, or from the
 * scratch it was made in.
 */
struct value {
	enum field_type type;
	union {
		struct str text;
		uint64_t n;
		double ratio;
	};
};

enum field_scope {
	FIELD_OF_CLIENT,	/* one value */
	FIELD_OF_ENGINE,	/* one per engine of the client's device: "busy:gfx", or "busy" for all */
	FIELD_OF_REGION,	/* one per memory region: "resident:vram", or "resident" for all */
};

/* What the cell of a row over several clients says. */
enum field_group {
	FIELD_COMMON,		/* the value that all of them have, else unknown */
	FIELD_SUM,		/* the sum over those that are known; memory they share counts for each */
	FIELD_MAX,		/* the largest known */
};

struct field {
	const char *key;	/* -o and --sort, CSV heading, JSON key */
	const char *title;	/* column heading on a screen; engine and region fields show the name */
	const char *unit;	/* as --list-fields prints it: "bytes", "ns", "ratio", "ticks", "" */
	const char *help;	/* one sentence for --list-fields and the man page */
	enum field_type type;
	enum field_scope scope;
	enum field_group group;
	int width;		/* usual cells on a screen; 0: takes what is left */
	/*
	 * @i: index of the engine or region; 0 for FIELD_OF_CLIENT. Text that the snapshot does not have
	 * ready (the holders) is appended to @scratch. Never fails: unknown is a value.
	 */
	struct value (*get)(const struct snapshot_client *c, size_t i, struct buf *scratch);
};

extern const struct field fields[];
extern const size_t n_fields;

/* NULL if there is no such key. */
const struct field *field_find(struct str key);

/* How many engines or regions of @d the field has a value for (0 for FIELD_OF_CLIENT), and their names. */
size_t field_n_parts(const struct field *f, const struct snapshot_device *d);
const char *field_part_name(const struct field *f, const struct snapshot_device *d, size_t i);

/* A column the user asked for: a field, and for engine and region fields of which one. */
struct column {
	const struct field *field;
	char of[64];		/* engine or region name; "": all of them. Longer names have no column */
};

bool column_equal(const struct column *a, const struct column *b);

/* Parses one part of such a list: "busy:gfx". 0, or -ENOENT with @ret as it was. */
int column_parse(struct str part, struct column *ret);

/*
 * Parses a list such as "pid,user,busy:gfx,cmdline" into @ret (caller's array of @size). Whether there is
 * such an engine is not known here.
 * Returns how many, or -ENOENT with @bad set to the part that names no field (borrowed from @list),
 * or -E2BIG.
 */
int columns_parse(const char *list, struct column *ret, size_t size, struct str *bad);

/*
 * The cell of @c; unknown where its device has no such engine or region. A column "of all" is the sum over
 * them, of those that are known. @scratch: for text made here, which is appended; empty it when its cells
 * are done with. If @scratch has no memory left, such text is unknown.
 */
struct value column_get(const struct column *col, const struct snapshot_client *c, struct buf *scratch);

/*
 * The cell of a row over @n clients, at least one, as col->field->group says; of one client it is its own.
 * There is no other way from clients to a sum of them.
 */
struct value column_get_group(const struct column *col, const struct snapshot_client *const *clients, size_t n,
			      struct buf *scratch);

bool value_is_unknown(const struct value *v);

/* Orders two values of one field, smallest first; unknown sorts last. Text by its bytes. <0, 0, >0. */
int value_compare(const struct value *a, const struct value *b);

#endif
