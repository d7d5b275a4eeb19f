/* SPDX-License-Identifier: MIT */
/*
 * What daemons say, on standard error: to the journal with its level in front, else with the program's
 * name. It does not know what is said, nor files.
 */
#ifndef GPUTOP_LOG_H
#define GPUTOP_LOG_H

#include <stdbool.h>
#include <stdint.h>
#include <syslog.h>

/* Finds out who listens: the journal, if standard error is what JOURNAL_STREAM names. */
void log_init(void);

/* One line. @level: LOG_ERR, LOG_WARNING, LOG_NOTICE or LOG_INFO of syslog(3). */
void log_say(int level, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Keeps what others can provoke from filling the log. Zero-initialised is valid. */
struct log_limit {
	uint64_t since_ns;
	unsigned int n;
	unsigned int n_left_out;
};

/*
 * True if one more line may be said at @now_ns: 5 in a minute. The lines that were left out meanwhile are
 * mentioned with the next that is not.
 */
bool log_limit_take(struct log_limit *l, uint64_t now_ns);

#endif
