/* SPDX-License-Identifier: MIT */
#include "config.h"

#include "notify.h"

#ifdef HAVE_LIBSYSTEMD

#include <stdarg.h>
#include <stdio.h>
#include <systemd/sd-daemon.h>

void notify_state(const char *format, ...)
{
	char state[512];
	va_list ap;

	va_start(ap, format);
	vsnprintf(state, sizeof(state), format, ap);
	va_end(ap);
	(void)sd_notify(0, state);
}

uint64_t notify_watchdog_ns(void)
{
	uint64_t us;

	return sd_watchdog_enabled(0, &us) > 0 ? us * 1000 : 0;
}

int notify_listen_fd(void)
{
	return sd_listen_fds(1) > 0 ? SD_LISTEN_FDS_START : -1;
}

#else

void notify_state(const char *format, ...)
{
	(void)format;
}

uint64_t notify_watchdog_ns(void)
{
	return 0;
}

int notify_listen_fd(void)
{
	return -1;
}

#endif
