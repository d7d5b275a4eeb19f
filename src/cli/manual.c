/* SPDX-License-Identifier: MIT */
#include "manual.h"

#include <stdio.h>

#include "../report/field.h"
#include "binding.h"

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

/* Keys are what mdoc takes for its own punctuation, and Markdown too. */
static void add_key_names(const char *names, enum manual_style style, struct buf *out)
{
	while (*names) {
		size_t n = strcspn(names, " ");

		if (style == MANUAL_MDOC && *names == '\\')
			buf_printf(out, " \\e");
		else if (style == MANUAL_MDOC)
			buf_printf(out, " \\&%.*s", (int)n, names);
		else
			buf_printf(out, "`%.*s` ", (int)n, names);
		names += n + (names[n] == ' ');
	}
}

static void add_key(const struct binding *b, enum manual_style style, struct buf *out)
{
	int first = *b->help >= 'a' && *b->help <= 'z' ? *b->help - 'a' + 'A' : *b->help;

	if (style == MANUAL_PLAIN) {
		buf_printf(out, "%-10s %s\n", b->name, b->help);
		return;
	}
	buf_printf(out, style == MANUAL_MDOC ? ".It Cm" : "| ");
	add_key_names(b->name, style, out);
	buf_printf(out, style == MANUAL_MDOC ? "\n%c%s.\n" : "| %c%s |\n", first, b->help + 1);
}

void manual_keys(enum manual_style style, struct buf *out)
{
	if (style == MANUAL_MDOC)
		buf_printf(out, ".Bl -tag -width \"PageDown\" -compact\n");
	if (style == MANUAL_MARKDOWN)
		buf_printf(out, "| Key | |\n|---|---|\n");
	for (size_t i = 0; i < n_bindings; i++)
		add_key(&bindings[i], style, out);
	if (style == MANUAL_MDOC)
		buf_printf(out, ".El\n");
}
