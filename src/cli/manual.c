/* SPDX-License-Identifier: MIT */
#include "manual.h"

#include <stdio.h>

#include "../report/field.h"

/* How -o names one of them. */
static const char *const suffixes[] = {
	[FIELD_OF_CLIENT] = "", [FIELD_OF_ENGINE] = "[:ENGINE]", [FIELD_OF_REGION] = "[:REGION]",
};

static void add_mdoc(const struct field *f, struct buf *out)
{
	buf_printf(out, ".It Cm %s", f->key);
	if (f->scope != FIELD_OF_CLIENT)
		buf_printf(out, " Ns Oo Cm \\&: Ns Ar %s Oc", f->scope == FIELD_OF_ENGINE ? "engine" : "region");
	if (*f->unit)
		buf_printf(out, " Pq %s", f->unit);
	buf_printf(out, "\n%s\n", f->help);
}

void manual_fields(bool mdoc, struct buf *out)
{
	if (mdoc)
		buf_printf(out, ".Bl -tag -width Ds\n");
	for (size_t i = 0; i < n_fields; i++) {
		const struct field *f = &fields[i];
		char key[64];

		if (mdoc) {
			add_mdoc(f, out);
			continue;
		}
		snprintf(key, sizeof(key), "%s%s", f->key, suffixes[f->scope]);
		buf_printf(out, "%-20s %-6s %s\n", key, f->unit, f->help);
	}
	if (mdoc)
		buf_printf(out, ".El\n");
}
