/* SPDX-License-Identifier: MIT */
/*
 * One DRM client's usage text, /proc/<pid>/fdinfo/<fd> as drm-usage-stats.rst describes it, taken
 * apart and put together. Pure: it knows no files, processes, devices or time.
 */
#ifndef GPUTOP_FDINFO_H
#define GPUTOP_FDINFO_H

#include <stdbool.h>

#include "buf.h"
#include "types.h"

/* What a record may say about an engine. Values are UNKNOWN where the key is absent. */
enum engine_key {
	ENGINE_BUSY_NS,		/* drm-engine-K, ns */
	ENGINE_CYCLES,		/* drm-cycles-K */
	ENGINE_TOTAL_CYCLES,	/* drm-total-cycles-K */
	ENGINE_MAXFREQ_HZ,	/* drm-maxfreq-K, [Hz|MHz|KHz] */
	ENGINE_CURFREQ_HZ,	/* drm-curfreq-K (panfrost.rst) */
	ENGINE_CAPACITY,	/* drm-engine-capacity-K; 0 is not allowed and counts as malformed */
	ENGINE_PERMYRIAD,	/* amdgpu 5.14 to 5.18: percent with two decimals, times 100 */
	N_ENGINE_KEYS
};

/* What a record may say about a memory region, in bytes. */
enum region_key {
	REGION_TOTAL,		/* drm-total-R */
	REGION_SHARED,		/* drm-shared-R */
	REGION_RESIDENT,	/* drm-resident-R */
	REGION_PURGEABLE,	/* drm-purgeable-R */
	REGION_ACTIVE,		/* drm-active-R */
	REGION_MEMORY,		/* drm-memory-R, the deprecated alias of resident */
	N_REGION_KEYS
};

/*
 * So many engines a record and a device may have, and so many regions: hundreds of times what any has, and few
 * enough for a search by name. Lines of further ones count as malformed.
 */
#define FDINFO_MAX_PARTS 512

struct fdinfo_engine {
	struct str name;
	uint64_t value[N_ENGINE_KEYS];
};

struct fdinfo_region {
	struct str name;
	uint64_t value[N_REGION_KEYS];
};

/*
 * All text is borrowed from what was parsed, or static. The arrays belong to the struct, grow as needed
 * and are reused by the next parse. Zero-initialised is valid and empty.
 */
struct fdinfo {
	bool is_legacy;			/* amdgpu 5.14 to 5.18: no drm- keys */
	struct str driver;		/* absent: the driver prints no usage (nouveau, vgem, unplugged) */
	struct str pdev;
	struct str client_name;
	uint64_t client_id;		/* UNKNOWN if absent; the pasid if is_legacy */
	struct fdinfo_engine *engines;	/* in the order of their first key */
	size_t n_engines;
	struct fdinfo_region *regions;	/* in the order of their first key */
	size_t n_regions;
	struct str *extras;		/* whole lines with keys of the driver's own, verbatim */
	size_t n_extras;
	size_t n_malformed;		/* lines with a known key and a value that makes no sense, or that would
					 * overflow a sum: they count for nothing else */

	size_t engines_size, regions_size, extras_size;	/* allocated */
};

void fdinfo_done(struct fdinfo *fi);

/*
 * Empties @fi for a new text; keeps the memory. Counts and ids become UNKNOWN, not 0.
 */
void fdinfo_reset(struct fdinfo *fi);

/*
 * Takes one line, without its newline: longest prefix first; repeated engine and region keys added (of
 * frequencies the largest is kept); a value without a unit is bytes, Hz or ns; values may have spaces.
 * procfs' own lines (pos:, flags:, ...), gputop- lines, unknown drm- keys and lines that are not
 * "key: value" with a printable key are ignored. @line must outlive @fi's use.
 * Returns 0, or -ENOMEM.
 */
int fdinfo_parse_line(struct fdinfo *fi, struct str line);

/* fdinfo_reset() and fdinfo_parse_line() for each line of @text. Returns 0 or -ENOMEM. */
int fdinfo_parse(struct fdinfo *fi, struct str text);

/*
 * The drm- and driver lines of a whole text, verbatim: without the lines that procfs itself prints before
 * them. Borrowed from @text.
 */
struct str fdinfo_body(struct str text);

/*
 * Appends the text a kernel would print for @fi to @out: fdinfo_parse() of it gives @fi again, but for
 * n_malformed.
 * Errors stay in out->err.
 */
void fdinfo_write(const struct fdinfo *fi, struct buf *out);

#endif
