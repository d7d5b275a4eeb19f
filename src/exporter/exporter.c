/* SPDX-License-Identifier: MIT */
/* gputop-exporter: what gputopd sees, by HTTP. It needs no rights of its own. */
#include "config.h"

#include <arpa/inet.h>
#include <err.h>
#include <errno.h>
#include <getopt.h>
#include <netdb.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "../log.h"
#include "../now.h"
#include "../report/metric.h"
#include "web.h"

#define DEFAULT_LISTEN "127.0.0.1:9837"
#define MS 1000000ull

struct options {
	const char *listen;
	const char *web_config;
	bool is_insecure;
	struct watch watch;
	struct web_options web;
};

static const char help[] =
	"usage: gputop-exporter [OPTIONS]\n\n"
	"Serves what gputopd sees to Prometheus.\n\n"
	"  --listen ADDRESS:PORT  where (" DEFAULT_LISTEN ")\n"
	"  --web-config FILE      TLS certificate and users\n"
	"  --insecure             allow an address that others reach, without TLS and users\n"
	"  --socket PATH          where gputopd listens (" SOURCE_SOCKET ")\n"
	"  --replay FILE          play a recording instead, a frame every interval\n"
	"  --interval SECONDS     how often to ask for a frame (1)\n"
	"  --per-client           series of each client, too\n"
	"  --max-clients N        at most so many (1000)\n"
	"  --max-groups N         users, and control groups, with series of their own (100)\n"
	"  --list-metrics         the metrics as gputop-metrics(7) has them\n"
	"  -h, --help; -V, --version\n";

enum { LISTEN = 256, WEB_CONFIG, INSECURE, SOCKET, REPLAY, INTERVAL, PER_CLIENT, MAX_CLIENTS, MAX_GROUPS,
       LIST_METRICS };

static const struct option long_options[] = {
	{ "listen", required_argument, NULL, LISTEN },
	{ "web-config", required_argument, NULL, WEB_CONFIG },
	{ "insecure", no_argument, NULL, INSECURE },
	{ "socket", required_argument, NULL, SOCKET },
	{ "replay", required_argument, NULL, REPLAY },
	{ "interval", required_argument, NULL, INTERVAL },
	{ "per-client", no_argument, NULL, PER_CLIENT },
	{ "max-clients", required_argument, NULL, MAX_CLIENTS },
	{ "max-groups", required_argument, NULL, MAX_GROUPS },
	{ "list-metrics", no_argument, NULL, LIST_METRICS },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static size_t parse_count(const char *text)
{
	char *end;
	unsigned long n = strtoul(text, &end, 10);

	if (*text < '0' || *text > '9' || *end || n > 1000000)
		errx(2, "not a number up to 1000000: %s", text);
	return n;
}

static uint64_t parse_interval(const char *text)
{
	char *end;
	double s = strtod(text, &end); /* no locale is set */

	if (end == text || *end || !(s >= 0.01 && s <= 86400))
		errx(2, "not 0.01 to 86400 seconds: %s", text);
	return (uint64_t)(s * 1e9);
}

static void list_metrics(void)
{
	struct buf out = { 0 };

	metrics_manual(&out);
	if (out.err || fwrite(out.ptr, 1, out.len, stdout) != out.len)
		err(1, "standard output");
	buf_done(&out);
}

static void parse_options(int argc, char **argv, struct options *o)
{
	int c;

	opterr = 0;
	while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
		switch (c) {
		case LISTEN: o->listen = optarg; break;
		case WEB_CONFIG: o->web_config = optarg; break;
		case INSECURE: o->is_insecure = true; break;
		case SOCKET: o->watch.socket = optarg; break;
		case REPLAY: o->watch.replay = optarg; break;
		case INTERVAL: o->watch.interval_ns = parse_interval(optarg); break;
		case PER_CLIENT: o->web.metrics.per_client = true; break;
		case MAX_CLIENTS: o->web.metrics.max_clients = parse_count(optarg); break;
		case MAX_GROUPS: o->watch.totals.max_groups = parse_count(optarg); break;
		case LIST_METRICS:
			list_metrics();
			exit(0);
		case 'h':
			fputs(help, stdout);
			exit(0);
		case 'V':
			puts("gputop-exporter " PACKAGE_VERSION);
			exit(0);
		default:
			errx(2, "unknown option '%s', or one without its argument (see -h)", argv[optind - 1]);
		}
	}
	if (optind < argc)
		errx(2, "unexpected argument '%s' (see -h)", argv[optind]);
}

/* "127.0.0.1:9837", "[::1]:9837". Numbers only: what a name means may change. */
static void parse_address(const char *text, struct sockaddr_storage *ret)
{
	const struct addrinfo hints = { .ai_flags = AI_NUMERICHOST | AI_NUMERICSERV | AI_PASSIVE,
					.ai_socktype = SOCK_STREAM };
	const char *colon = strrchr(text, ':');
	struct addrinfo *found;
	char host[64];

	if (!colon || (size_t)(colon - text) >= sizeof(host))
		errx(2, "not ADDRESS:PORT: %s", text);
	if (*text == '[' && colon[-1] == ']')
		snprintf(host, sizeof(host), "%.*s", (int)(colon - text) - 2, text + 1);
	else
		snprintf(host, sizeof(host), "%.*s", (int)(colon - text), text);
	/* getaddrinfo() would take the lower bits */
	if (strtoul(colon + 1, NULL, 10) > UINT16_MAX || getaddrinfo(host, colon + 1, &hints, &found))
		errx(2, "not ADDRESS:PORT: %s", text);
	memcpy(ret, found->ai_addr, found->ai_addrlen);
	freeaddrinfo(found);
}

static bool is_loopback(const struct sockaddr_storage *a)
{
	if (a->ss_family == AF_INET6)
		return IN6_IS_ADDR_LOOPBACK(&((const struct sockaddr_in6 *)a)->sin6_addr);
	return ntohl(((const struct sockaddr_in *)a)->sin_addr.s_addr) >> 24 == 127;
}

static int wait_ms(const struct watch *watch, const struct web *web)
{
	uint64_t now = now_ns(), due = watch->next_ns > now ? (watch->next_ns - now) / MS + 1 : 0;
	int ms = web_timeout_ms(web);

	if (due > 10000)
		due = 10000;
	return ms < 0 || (uint64_t)ms > due ? (int)due : ms;
}

/* Says when the daemon went and when it is back, and nothing in between. */
static void say_if_changed(const struct watch *w, int *said)
{
	if (w->err == *said)
		return;
	*said = w->err;
	if (w->err)
		log_say(LOG_WARNING, "%s: %s", w->replay ? w->replay : w->socket, strerror(-w->err));
	else
		log_say(LOG_INFO, "gputopd is back");
}

static int serve(struct watch *watch, struct web *web)
{
	struct pollfd polls[3] = { { .fd = web_fd(web), .events = POLLIN }, { .events = POLLIN },
				   { .events = POLLIN } };
	int said = 0;
	sigset_t signals;

	sigemptyset(&signals);
	sigaddset(&signals, SIGTERM);
	sigaddset(&signals, SIGINT);
	sigprocmask(SIG_BLOCK, &signals, NULL);
	polls[2].fd = signalfd(-1, &signals, SFD_CLOEXEC);
	if (polls[2].fd < 0)
		err(1, "signalfd");
	while (!polls[2].revents) {
		int e = watch_step(watch, now_ns());

		if (e)
			warnx("%s", strerror(-e));
		say_if_changed(watch, &said);
		polls[1].fd = watch_fd(watch);
		if (poll(polls, 3, wait_ms(watch, web)) < 0 && errno != EINTR)
			err(1, "poll");
		web_run(web);
	}
	close(polls[2].fd);
	return 0;
}

int main(int argc, char **argv)
{
	struct web_config config = { 0 };
	struct options o = {
		.listen = DEFAULT_LISTEN,
		.watch = { .socket = SOURCE_SOCKET, .interval_ns = 1000 * MS,
			   .totals.max_groups = TOTALS_MAX_GROUPS },
		.web.metrics = { .max_clients = OPENMETRICS_MAX_CLIENTS, .version = PACKAGE_VERSION },
	};
	struct web *web;
	char error[512];
	int code;

	signal(SIGPIPE, SIG_IGN);
	log_init();
	parse_options(argc, argv, &o);
	parse_address(o.listen, &o.web.address);
	if (o.web_config && web_config_read(o.web_config, &config, error, sizeof(error)))
		errx(1, "%s", error);
	if (!is_loopback(&o.web.address) && !o.is_insecure && (!config.cert || !config.n_users))
		errx(1, "%s: others reach this address: needs --web-config with TLS and users, or --insecure",
		     o.listen);
	o.web.config = &config;
	o.web.watch = &o.watch;
	if (watch_init(&o.watch))
		errx(1, "out of memory");
	if (web_new(&o.web, &web, error, sizeof(error)))
		errx(1, "%s: %s", o.listen, error);
	log_say(LOG_INFO, "listening on %s, port %u", config.cert ? "https" : "http",
		web_port(web));
	code = serve(&o.watch, web);
	web_free(web);
	watch_done(&o.watch);
	web_config_done(&config);
	return code;
}
