/* SPDX-License-Identifier: MIT */
/*
 * gputopd: puts sampler, files and socket on one loop, and answers to signals and to the service manager.
 */
#include "config.h"

#include <errno.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <event2/event.h>

#include "../fdinfo/parse.h"
#include "../now.h"
#include "arguments.h"
#include "../log.h"
#include "notify.h"
#include "privilege.h"
#include "sampler.h"
#include "server.h"
#include "sinks.h"

enum { EXIT_FINE, EXIT_FAILED, EXIT_USAGE };

struct daemon {
	struct arguments arguments;
	struct settings settings;
	struct settings started;	/* with these */
	struct event_base *base;
	struct sampler *sampler;
	struct server *server;		/* NULL: no socket */
	struct sinks sinks;
	struct event *on_hup, *on_term, *on_int, *on_watchdog;
	enum reload reload;
	int sample_err;			/* of the last sample */
	struct log_limit limit;		/* of what is said of samples */
	bool is_ready;
	size_t n_clients, n_devices, n_viewers;	/* as the status line says them */
};

static void say_status(struct daemon *d, const struct snapshot *s)
{
	size_t n_viewers = d->server ? server_n_viewers(d->server) : 0;

	if (d->is_ready && s->n_clients == d->n_clients && s->n_devices == d->n_devices &&
	    n_viewers == d->n_viewers)
		return;
	d->n_clients = s->n_clients;
	d->n_devices = s->n_devices;
	d->n_viewers = n_viewers;
	notify_state("%sSTATUS=%zu clients of %zu devices, %zu viewers, finder %s", d->is_ready ? "" : "READY=1\n",
		     d->n_clients, d->n_devices, d->n_viewers, s->frame.scan.finder);
	d->is_ready = true;
}

static void say_sample(struct daemon *d, int err)
{
	if (err != d->sample_err && log_limit_take(&d->limit, now_ns())) {
		if (err)
			log_say(LOG_ERR, "sampling failed: %s; trying again", strerror(-err));
		else
			log_say(LOG_NOTICE, "sampling works again");
	}
	d->sample_err = err;
}

static void take_frame(void *arg, int err)
{
	struct daemon *d = arg;
	const struct snapshot *s = sampler_snapshot(d->sampler);
	const struct sink_frame to_sinks = {
		.snapshot = s, .totals = sampler_totals(d->sampler), .t_ns = now_ns(), .reload = d->reload,
	};
	const struct server_frame to_server = { s, sampler_totals(d->sampler), to_sinks.t_ns };

	say_sample(d, err);
	if (s && !d->is_ready && s->frame.scan.denied)
		log_say(LOG_WARNING, "%" PRIu64 " processes may not be looked at; see PRIVILEGES in gputopd(8)",
			s->frame.scan.denied);
	sinks_write(&d->sinks, &to_sinks);
	if (d->server && s)
		server_send(d->server, &to_server);
	else if (d->server)
		server_no_frame(d->server);
	if (s)
		say_status(d, s);
}

/* A line for everything that is wrong with the settings. */
static void say_errors(struct buf *errors)
{
	struct str text = buf_str(errors), line;

	while (parse_line(&text, &line))
		log_say(LOG_ERR, "%.*s", (int)line.len, line.ptr);
	if (errors->err)
		log_say(LOG_ERR, "%s", strerror(-errors->err));
	buf_done(errors);
}

static void reload(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *d = arg;
	struct settings next;
	struct buf errors = { 0 };
	const char *key;

	(void)signal;
	(void)what;
	notify_state("RELOADING=1\nMONOTONIC_USEC=%" PRIu64, now_ns() / 1000);
	if (arguments_settings(&d->arguments, &next, &errors)) {
		d->reload = RELOAD_FAILED;
		say_errors(&errors);
		log_say(LOG_WARNING, "the configuration in force stays");
		/* the files are opened anew all the same: somebody may have moved them */
		sinks_configure(&d->sinks, &d->settings);
		notify_state("READY=1");
		return;
	}
	d->reload = RELOAD_OK;
	if (settings_needs_restart(&d->started, &next, &key))
		log_say(LOG_WARNING, "'%s' changes with a restart only", key);
	if (strcmp(d->settings.textfile.file, next.textfile.file) != 0)
		sinks_stop(&d->sinks);
	if (d->settings.interval_ns != next.interval_ns && sampler_set_interval(d->sampler, next.interval_ns))
		log_say(LOG_ERR, "the sampling timer: %s", strerror(errno));
	d->settings = next;
	sinks_configure(&d->sinks, &d->settings);
	log_say(LOG_INFO, "configuration reloaded");
	notify_state("READY=1");
}

static void stop(evutil_socket_t signal, short what, void *arg)
{
	struct daemon *d = arg;

	(void)signal;
	(void)what;
	event_base_loopbreak(d->base);
}

static void feed_watchdog(evutil_socket_t fd, short what, void *arg)
{
	(void)fd;
	(void)what;
	(void)arg;
	notify_state("WATCHDOG=1");
}

/* The watchdog hears of the loop, not of samples: their interval may be longer than its patience. */
static int add_events(struct daemon *d)
{
	uint64_t us = notify_watchdog_ns() / 2000;
	struct timeval often = { (time_t)(us / 1000000), (suseconds_t)(us % 1000000) };

	d->on_hup = evsignal_new(d->base, SIGHUP, reload, d);
	d->on_term = evsignal_new(d->base, SIGTERM, stop, d);
	d->on_int = evsignal_new(d->base, SIGINT, stop, d);
	if (!d->on_hup || !d->on_term || !d->on_int || event_add(d->on_hup, NULL) ||
	    event_add(d->on_term, NULL) || event_add(d->on_int, NULL))
		return -ENOMEM;
	if (us == 0)
		return 0;
	d->on_watchdog = event_new(d->base, -1, EV_PERSIST, feed_watchdog, d);
	return d->on_watchdog && event_add(d->on_watchdog, &often) == 0 ? 0 : -ENOMEM;
}

static int start(struct daemon *d)
{
	struct buf held = { 0 };
	char why[PATH_MAX + 256];
	int listen_fd = notify_listen_fd();
	int err;

	d->base = event_base_new();
	if (!d->base || add_events(d)) {
		log_say(LOG_ERR, "%s", strerror(ENOMEM));
		return -ENOMEM;
	}
	if (listen_fd >= 0 || *d->settings.socket) {
		err = server_new(d->base, &d->settings, listen_fd, &d->server, why, sizeof(why));
		if (err) {
			log_say(LOG_ERR, "%s", why);
			return err;
		}
	}
	err = privilege_reduce(&held);
	if (err)
		log_say(LOG_WARNING, "capabilities: %s", strerror(-err));
	log_say(LOG_INFO, "version %s, capabilities: %s", PACKAGE_VERSION, held.len ? held.ptr : "none");
	buf_done(&held);
	err = sampler_new(d->base, &d->settings, take_frame, d, &d->sampler, why, sizeof(why));
	if (err)
		log_say(LOG_ERR, "%s", why);
	return err;
}

static void finish(struct daemon *d)
{
	struct event *const events[] = { d->on_hup, d->on_term, d->on_int, d->on_watchdog };

	sinks_done(&d->sinks);
	server_free(d->server);
	sampler_free(d->sampler);
	for (size_t i = 0; i < N_OF(events); i++)
		if (events[i])
			event_free(events[i]);
	if (d->base)
		event_base_free(d->base);
	libevent_global_shutdown();
}

static int run(struct daemon *d)
{
	int err;

	d->started = d->settings;
	sinks_init(&d->sinks, &d->settings);
	err = start(d);
	if (!err) {
		event_base_dispatch(d->base);
		notify_state("STOPPING=1");
		sinks_stop(&d->sinks);
		log_say(LOG_INFO, "stopped; %" PRIu64 " samples were left out as sampling took too long",
			sampler_missed(d->sampler));
	}
	finish(d);
	return err ? EXIT_FAILED : EXIT_FINE;
}

static int print_help(void)
{
	struct buf text = { 0 };
	bool is_well;

	arguments_help(program_invocation_short_name, &text);
	is_well = !text.err && fputs(text.ptr, stdout) >= 0 && fflush(stdout) == 0;
	buf_done(&text);
	return is_well ? EXIT_FINE : EXIT_FAILED;
}

int main(int argc, char *argv[])
{
	static struct daemon d;
	struct buf errors = { 0 };

	log_init();
	/* both are errors of write(2) as well, which are told and not died of */
	signal(SIGPIPE, SIG_IGN);
	signal(SIGXFSZ, SIG_IGN);
	if (arguments_parse(argc, argv, &d.arguments, &errors)) {
		say_errors(&errors);
		return EXIT_USAGE;
	}
	if (d.arguments.action == ARGUMENTS_HELP)
		return print_help();
	if (d.arguments.action == ARGUMENTS_VERSION) {
		printf("gputopd %s\n", PACKAGE_VERSION);
		return fflush(stdout) ? EXIT_FAILED : EXIT_FINE;
	}
	if (arguments_settings(&d.arguments, &d.settings, &errors)) {
		say_errors(&errors);
		return EXIT_FAILED;
	}
	return d.arguments.action == ARGUMENTS_CHECK ? EXIT_FINE : run(&d);
}
