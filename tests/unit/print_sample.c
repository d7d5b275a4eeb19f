/* SPDX-License-Identifier: MIT */
/* Two frames of the sample as print_sample json|csv: what other readers of our formats are tested with. */
#include <locale.h>
#include <stdio.h>
#include <string.h>

#include "report/report.h"
#include "sample.h"

int main(int argc, char **argv)
{
	const struct snapshot *const frames[] = { &sample_first, &sample };
	const struct view_options all = { .all = true };
	struct column columns[64];
	struct buf out = { 0 };
	struct view v = { 0 };
	struct csv csv = { 0 };
	size_t n = 0;
	int r = argc != 2;

	/* a program with a locale, as gputop is */
	setlocale(LC_ALL, "");
	for (; n < n_fields && n < N_OF(columns); n++)
		columns[n] = (struct column){ .field = &fields[n] };
	for (size_t i = 0; !r && i < N_OF(frames); i++) {
		r = view_select(&v, &all, frames[i]);
		if (!r && !strcmp(argv[1], "json"))
			r = report_json(frames[i], &v, &out);
		else if (!r)
			r = report_csv(&csv, frames[i], &v, columns, n, &out);
	}
	if (!r)
		r = fwrite(out.ptr, 1, out.len, stdout) != out.len || fflush(stdout);
	view_done(&v);
	csv_done(&csv);
	buf_done(&out);
	return r ? 1 : 0;
}
