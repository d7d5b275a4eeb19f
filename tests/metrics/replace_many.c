/* SPDX-License-Identifier: MIT */
/* replace_many FILE N: replaces FILE N times by metrics that all have the number of the time as value. */
#include <stdio.h>
#include <stdlib.h>

#include "daemon/textfile.h"
#include "fdinfo/buf.h"

int main(int argc, char **argv)
{
	struct buf out = { 0 };
	unsigned long times = argc == 3 ? strtoul(argv[2], NULL, 10) : 0;
	int e = argc != 3;

	for (unsigned long i = 1; !e && i <= times; i++) {
		buf_reset(&out);
		buf_printf(&out, "# HELP gputop_race All the same.\n# TYPE gputop_race gauge\n");
		for (int line = 0; line < 300; line++)
			buf_printf(&out, "gputop_race{line=\"%d\"} %lu\n", line, i);
		e = out.err ? out.err : textfile_replace(argv[1], out.ptr, out.len);
	}
	buf_done(&out);
	return e ? 1 : 0;
}
