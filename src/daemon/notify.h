/* SPDX-License-Identifier: MIT */
/*
 * What a service manager is told and asked. Where there is none, or without libsystemd, all of it is
 * nothing. It does not know what the daemon does.
 */
#ifndef GPUTOPD_NOTIFY_H
#define GPUTOPD_NOTIFY_H

#include <stdint.h>

/* "READY=1", "STATUS=..." and so on, see sd_notify(3); newlines between several. */
void notify_state(const char *format, ...) __attribute__((format(printf, 1, 2)));

/* How often "WATCHDOG=1" is expected at least; 0: not at all. */
uint64_t notify_watchdog_ns(void);

/* The listening socket that came with the start, -1 if none did. It is the caller's. */
int notify_listen_fd(void);

#endif
