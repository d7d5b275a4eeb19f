/* SPDX-License-Identifier: MIT */
/*
 * The exporter's HTTP: /metrics, /healthz and a page that links to them, by libmicrohttpd. It does not know
 * where metrics come from.
 */
#ifndef GPUTOP_WEB_H
#define GPUTOP_WEB_H

#include <netinet/in.h>
#include <sys/socket.h>

#include "watch.h"
#include "web_config.h"

struct web;

struct web_options {
	struct sockaddr_storage address;
	struct web_config *config;
	const struct watch *watch;	/* borrowed, as the config */
	struct openmetrics_options metrics;
};

/* Listens. 0, or -errno with @error (of @size) saying why not. */
int web_new(const struct web_options *o, struct web **ret, char *error, size_t size);
void web_free(struct web *w);

/* The port it listens on. */
unsigned int web_port(const struct web *w);

/* What to poll for reading, and how long at most (ms, -1: no matter) before web_run(), which waits for nobody. */
int web_fd(const struct web *w);
int web_timeout_ms(const struct web *w);
void web_run(struct web *w);

#endif
