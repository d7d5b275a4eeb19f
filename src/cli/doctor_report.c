/* SPDX-License-Identifier: MIT */
#include "doctor.h"

#include <errno.h>
#include <stdlib.h>

#include <jansson.h>

#include "../report/text.h"

static const char *const marks[] = {
	[DOCTOR_OK] = "ok", [DOCTOR_NOTE] = "note", [DOCTOR_PROBLEM] = "problem",
};

void doctor_text(const struct doctor_findings *fs, struct buf *out)
{
	const char *area = "";
	size_t n_problems = 0;

	for (size_t i = 0; i < fs->n; i++) {
		const struct doctor_finding *f = &fs->list[i];

		if (strcmp(area, f->area) != 0)
			buf_printf(out, "%s%s\n", *area ? "\n" : "", f->area);
		area = f->area;
		buf_printf(out, "  %-8s ", marks[f->mark]);
		/* names come from hardware and mount options: text from outside */
		text_add_printable(out, str_of(f->text));
		if (*f->remedy) {
			buf_printf(out, "\n           -> ");
			text_add_printable(out, str_of(f->remedy));
		}
		buf_add(out, "\n", 1);
		n_problems += f->mark == DOCTOR_PROBLEM;
	}
	if (n_problems)
		buf_printf(out, "\n%zu problem%s.\n", n_problems, n_problems == 1 ? "" : "s");
	else
		buf_printf(out, "\nNothing hinders gputop here.\n");
}

static json_t *valid(struct buf *scratch, const char *s)
{
	buf_reset(scratch);
	text_add_utf8(scratch, str_of(s));
	return scratch->err ? NULL : json_stringn(scratch->ptr ? scratch->ptr : "", scratch->len);
}

void doctor_json(const struct doctor_findings *fs, struct buf *out)
{
	json_t *list = json_array(), *o = NULL;
	struct buf scratch = { 0 };
	char *text;

	for (size_t i = 0; i < fs->n && list; i++) {
		const struct doctor_finding *f = &fs->list[i];
		json_t *text_json = valid(&scratch, f->text), *remedy = valid(&scratch, f->remedy);

		if (json_array_append_new(list, json_pack("{s:s, s:s, s:o, s:o}", "area", f->area, "mark",
							  marks[f->mark], "text", text_json, "remedy", remedy)))
			out->err = -ENOMEM;
	}
	o = json_pack("{s:s, s:b, s:o}", "schema", "gputop-doctor/1", "hindered", doctor_is_hindered(fs), "findings",
		      list);
	text = o ? json_dumps(o, JSON_COMPACT) : NULL;
	if (text)
		buf_printf(out, "%s\n", text);
	else if (!out->err)
		out->err = -ENOMEM;
	free(text);
	json_decref(o);
	buf_done(&scratch);
}
