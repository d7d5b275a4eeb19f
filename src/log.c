/* SPDX-License-Identifier: MIT */
#include "log.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LIMIT_LINES 5
#define LIMIT_NS 60000000000ULL

static bool to_journal;

void log_init(void)
{
	const char *stream = getenv("JOURNAL_STREAM");
	char own[64];
	struct stat st;

	if (!stream || fstat(STDERR_FILENO, &st))
		return;
	snprintf(own, sizeof(own), "%llu:%llu", (unsigned long long)st.st_dev, (unsigned long long)st.st_ino);
	to_journal = strcmp(stream, own) == 0;
}

void log_say(int level, const char *format, ...)
{
	char line[1024], head[64];
	va_list ap;

	va_start(ap, format);
	vsnprintf(line, sizeof(line), format, ap);
	va_end(ap);
	if (to_journal)
		snprintf(head, sizeof(head), "<%d>", level);
	else
		snprintf(head, sizeof(head), "%.60s: ", program_invocation_short_name);
	fprintf(stderr, "%s%s\n", head, line);
}

bool log_limit_take(struct log_limit *l, uint64_t now_ns)
{
	if (l->since_ns == 0 || now_ns - l->since_ns >= LIMIT_NS) {
		if (l->n_left_out)
			log_say(LOG_NOTICE, "%u more messages like the next were left out", l->n_left_out);
		*l = (struct log_limit){ .since_ns = now_ns };
	}
	if (l->n == LIMIT_LINES) {
		l->n_left_out++;
		return false;
	}
	l->n++;
	return true;
}
