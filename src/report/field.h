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

/* One cell. Unknown: text.ptr NULL, n UNKNOWN, ratio NAN. Text is borrowed from the snapshot. */
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

struct field {
	const char *key;	/* -o and --sort, CSV heading, JSON key */
	const char *title;	/* column heading on a screen; engine and region fields show the name */
	const char *unit;	/* as --list-fields prints it: "bytes", "ns", "ratio", "" */
	const char *help;	/* one sentence for --list-fields and the man page */
	enum field_type type;
	enum field_scope scope;
	int width;		/* usual cells on a screen; 0: takes what is left */
	/* @i: index of the engine or region; 0 for FIELD_OF_CLIENT. Never fails: unknown is a value. */
	struct value (*get)(const struct snapshot_client *c, size_t i);
};

extern const struct field fields[];
extern const size_t n_fields;

/* NULL if there is no such key. */
const struct field *field_find(struct str key);

/* A column the user asked for: a field, and for engine and region fields of which one. */
struct column {
	const struct field *field;
	char of[64];		/* engine or region name; "": all of them */
};

/*
 * Parses a list such as "pid,user,busy:gfx,cmdline" into @ret (caller's array of @size).
 * Returns how many, or -ENOENT with @bad set to the part that names no field (borrowed from @list),
 * or -E2BIG.
 */
int columns_parse(const char *list, struct column *ret, size_t size, struct str *bad);

/*
 * Replaces columns "of all engines" and "of all regions" by one column for each engine or region of the
 * devices of @s, in their order, each name once. Returns how many (cut at @size).
 */
size_t columns_expand(const struct column *columns, size_t n, const struct snapshot *s,
		      struct column *ret, size_t size);

/* The cell of @c in an expanded column; unknown where its device has no such engine or region. */
struct value column_get(const struct column *col, const struct snapshot_client *c);

/* Orders two values of one field; unknown sorts last. <0, 0, >0. */
int value_compare(const struct value *a, const struct value *b);

#endif
