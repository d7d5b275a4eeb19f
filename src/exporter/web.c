/* SPDX-License-Identifier: MIT */
#include "web.h"

#include <errno.h>
#include <microhttpd.h>
#include <stdio.h>
#include <stdlib.h>

#include "../fdinfo/types.h"
#include "../log.h"
#include "../now.h"
#include "accept.h"

/* Bounds of what strangers may take: connections, bytes of a request, seconds without a word. */
#define MAX_CONNECTIONS 32u
#define MAX_LEAVING 32u			/* told to go and not gone yet */
#define CONNECTION_MEMORY ((size_t)32 << 10)
#define TIMEOUT_S 10u

/*
 * A frame in one format: made once, whoever asks and how often. Slow readers hold on to those of frames
 * before, so that memory is at most one of them for each connection.
 */
struct rendered {
	struct MHD_Response *response;	/* NULL: none yet */
	uint64_t n_snapshots;		/* of the totals it was made of */
	bool is_current;
};

/* A connection, as libmicrohttpd's socket context. */
struct place {
	struct MHD_Connection *connection;	/* NULL: free */
	uint64_t since_ns;			/* it came, or had its last answer */
	bool is_leaving;
};

struct web {
	struct MHD_Daemon *daemon;
	struct place places[MAX_CONNECTIONS + MAX_LEAVING];
	struct web_options o;
	struct openmetrics om;
	struct buf out;
	struct rendered text, openmetrics;
	unsigned int n_staying;
	struct log_limit limit;
};

static const char page[] =
	"<!DOCTYPE html><html lang=\"en\"><head><meta charset=\"utf-8\"><title>gputop-exporter</title></head>"
	"<body><h1>gputop-exporter</h1><p>Who keeps which GPU engine busy: <a href=\"metrics\">metrics</a>, "
	"<a href=\"healthz\">health</a>.</p></body></html>\n";

/* A few lines a minute, whatever strangers send. What is wrong before it listens web_new() says. */
__attribute__((format(printf, 2, 0)))
static void log_line(void *arg, const char *format, va_list ap)
{
	struct web *w = arg;
	char line[512];

	if (!w->daemon || !log_limit_take(&w->limit, now_ns()))
		return;
	vsnprintf(line, sizeof(line), format, ap);
	line[strcspn(line, "\r\n")] = '\0';
	log_say(LOG_NOTICE, "%s", line);
}

__attribute__((format(printf, 2, 3)))
static void say(struct web *w, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	log_line(w, format, ap);
	va_end(ap);
}

/* libmicrohttpd gives it up when it sees the end. */
static void make_leave(struct web *w)
{
	struct place *oldest = NULL;

	for (struct place *p = w->places; p < w->places + N_OF(w->places); p++)
		if (p->connection && !p->is_leaving && (!oldest || p->since_ns < oldest->since_ns))
			oldest = p;
	if (!oldest)
		return;
	oldest->is_leaving = true;
	w->n_staying--;
	shutdown(MHD_get_connection_info(oldest->connection, MHD_CONNECTION_INFO_CONNECTION_FD)->connect_fd, SHUT_RDWR);
}

/*
 * Who comes when all places are taken gets that of the one that has been without an answer for the longest time:
 * however many send or read a byte at a time, who asks at once is answered.
 */
static void note_connection(void *arg, struct MHD_Connection *c, void **context,
			    enum MHD_ConnectionNotificationCode what)
{
	struct web *w = arg;
	struct place *place = *context;

	if (what == MHD_CONNECTION_NOTIFY_CLOSED) {
		w->n_staying -= !place->is_leaving;
		*place = (struct place){ 0 };
		return;
	}
	if (w->n_staying == MAX_CONNECTIONS) {
		say(w, "all %u connections are taken: the one that waits longest is closed", MAX_CONNECTIONS);
		make_leave(w);
	}
	for (place = w->places; place->connection; place++)
		; /* there are as many as libmicrohttpd lets in */
	*place = (struct place){ .connection = c, .since_ns = now_ns() };
	*context = place;
	w->n_staying++;
}

static void note_answer(void *arg, struct MHD_Connection *c, void **state, enum MHD_RequestTerminationCode how)
{
	const union MHD_ConnectionInfo *info = MHD_get_connection_info(c, MHD_CONNECTION_INFO_SOCKET_CONTEXT);
	struct place *place = info->socket_context;

	(void)arg;
	(void)state;
	if (how == MHD_REQUEST_TERMINATED_COMPLETED_OK)
		place->since_ns = now_ns();
}

/* NULL: out of memory. */
static struct MHD_Response *make_response(const char *type, const char *text, size_t len)
{
	/* the copy is libmicrohttpd's, so that the next frame may come while a slow reader reads */
	struct MHD_Response *r = MHD_create_response_from_buffer(len, (void *)(uintptr_t)text,
								 MHD_RESPMEM_MUST_COPY);

	if (r) {
		MHD_add_response_header(r, MHD_HTTP_HEADER_CONTENT_TYPE, type);
		MHD_add_response_header(r, MHD_HTTP_HEADER_CACHE_CONTROL, "no-store");
	}
	return r;
}

static enum MHD_Result answer(struct MHD_Connection *c, unsigned int status, const char *type, const char *text,
			      size_t len)
{
	struct MHD_Response *r = make_response(type, text, len);
	enum MHD_Result ok;

	if (!r)
		return MHD_NO;
	if (status == MHD_HTTP_UNAUTHORIZED)
		ok = MHD_queue_basic_auth_fail_response(c, "gputop", r);
	else
		ok = MHD_queue_response(c, status, r);
	MHD_destroy_response(r);
	return ok;
}

static enum MHD_Result answer_plain(struct MHD_Connection *c, unsigned int status, const char *text)
{
	return answer(c, status, "text/plain; charset=utf-8", text, strlen(text));
}

static void rendered_forget(struct rendered *r)
{
	if (r->response)
		MHD_destroy_response(r->response);
	*r = (struct rendered){ 0 };
}

/* 0 or -ENOMEM. */
static int render(struct web *w, bool is_openmetrics, struct rendered *r)
{
	const struct snapshot *s = watch_snapshot(w->o.watch);
	const struct totals *t = &w->o.watch->totals;
	struct openmetrics_options o = w->o.metrics;

	if (r->response && r->n_snapshots == t->n_snapshots && r->is_current == !!s)
		return 0;
	rendered_forget(r);
	o.is_openmetrics = is_openmetrics;
	buf_reset(&w->out);
	if (report_openmetrics(&w->om, &o, s, t, &w->out))
		return -ENOMEM;
	*r = (struct rendered){
		.response = make_response(openmetrics_content_type(is_openmetrics), w->out.ptr, w->out.len),
		.n_snapshots = t->n_snapshots, .is_current = !!s,
	};
	return r->response ? 0 : -ENOMEM;
}

static enum MHD_Result answer_metrics(struct web *w, struct MHD_Connection *c)
{
	bool is_openmetrics = accept_openmetrics(MHD_lookup_connection_value(c, MHD_HEADER_KIND,
									     MHD_HTTP_HEADER_ACCEPT));
	struct rendered *r = is_openmetrics ? &w->openmetrics : &w->text;

	if (render(w, is_openmetrics, r))
		return answer_plain(c, MHD_HTTP_INTERNAL_SERVER_ERROR, "out of memory\n");
	return MHD_queue_response(c, MHD_HTTP_OK, r->response);
}

static enum MHD_Result answer_health(const struct web *w, struct MHD_Connection *c)
{
	char text[256];

	if (watch_snapshot(w->o.watch))
		return answer_plain(c, MHD_HTTP_OK, "ok\n");
	snprintf(text, sizeof(text), "no frames from gputopd: %s\n",
		 w->o.watch->err ? strerror(-w->o.watch->err) : "none came yet");
	return answer_plain(c, MHD_HTTP_SERVICE_UNAVAILABLE, text);
}

static bool may(const struct web *w, struct MHD_Connection *c)
{
	char *name, *password = NULL;
	bool ok;

	if (!w->o.config->n_users)
		return true;
	name = MHD_basic_auth_get_username_password(c, &password);
	ok = name && password && web_config_check(w->o.config, name, password);
	MHD_free(name);
	MHD_free(password);
	return ok;
}

static enum MHD_Result handle(void *arg, struct MHD_Connection *c, const char *url, const char *method,
			      const char *version, const char *data, size_t *n_data, void **state)
{
	struct web *w = arg;

	(void)version;
	(void)data;
	/* first called with the headers, then to be answered */
	if (!*state) {
		*state = w;
		return MHD_YES;
	}
	*n_data = 0;
	if (!may(w, c))
		return answer_plain(c, MHD_HTTP_UNAUTHORIZED, "who are you?\n");
	if (strcmp(method, MHD_HTTP_METHOD_GET) != 0 && strcmp(method, MHD_HTTP_METHOD_HEAD) != 0)
		return answer_plain(c, MHD_HTTP_METHOD_NOT_ALLOWED, "only GET\n");
	if (strcmp(url, "/metrics") == 0)
		return answer_metrics(w, c);
	if (strcmp(url, "/healthz") == 0)
		return answer_health(w, c);
	if (strcmp(url, "/") == 0)
		return answer(c, MHD_HTTP_OK, "text/html; charset=utf-8", page, sizeof(page) - 1);
	return answer_plain(c, MHD_HTTP_NOT_FOUND, "not found; there is /metrics\n");
}

int web_new(const struct web_options *o, struct web **ret, char *error, size_t size)
{
	unsigned int flags = MHD_USE_EPOLL | MHD_USE_ERROR_LOG |
			     (o->address.ss_family == AF_INET6 ? MHD_USE_IPv6 : 0) | (o->config->cert ? MHD_USE_TLS : 0);
	struct web *w = calloc(1, sizeof(*w));
	struct MHD_OptionItem tls[] = {
		{ MHD_OPTION_HTTPS_MEM_CERT, 0, o->config->cert }, { MHD_OPTION_HTTPS_MEM_KEY, 0, o->config->key },
		{ MHD_OPTION_END, 0, NULL },
	};

	if (!w) {
		snprintf(error, size, "out of memory");
		return -ENOMEM;
	}
	w->o = *o;
	w->daemon = MHD_start_daemon(flags, 0, NULL, NULL, handle, w, MHD_OPTION_EXTERNAL_LOGGER, log_line, w,
				     MHD_OPTION_SOCK_ADDR, (const struct sockaddr *)&w->o.address,
				     MHD_OPTION_CONNECTION_LIMIT, MAX_CONNECTIONS + MAX_LEAVING,
				     MHD_OPTION_CONNECTION_MEMORY_LIMIT, CONNECTION_MEMORY,
				     MHD_OPTION_CONNECTION_TIMEOUT, TIMEOUT_S,
				     MHD_OPTION_NOTIFY_CONNECTION, note_connection, w,
				     MHD_OPTION_NOTIFY_COMPLETED, note_answer, w,
				     MHD_OPTION_ARRAY, o->config->cert ? tls : &tls[2], MHD_OPTION_END);
	if (!w->daemon) {
		snprintf(error, size, "cannot listen%s: %s", o->config->cert ? " with this certificate and key" : "",
			 strerror(errno));
		free(w);
		return -EIO;
	}
	*ret = w;
	return 0;
}

void web_free(struct web *w)
{
	if (!w)
		return;
	MHD_stop_daemon(w->daemon);
	rendered_forget(&w->text);
	rendered_forget(&w->openmetrics);
	openmetrics_done(&w->om);
	buf_done(&w->out);
	free(w);
}

unsigned int web_port(const struct web *w)
{
	return MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_BIND_PORT)->port;
}

int web_fd(const struct web *w)
{
	return MHD_get_daemon_info(w->daemon, MHD_DAEMON_INFO_EPOLL_FD)->epoll_fd;
}

int web_timeout_ms(const struct web *w)
{
	MHD_UNSIGNED_LONG_LONG ms;

	if (MHD_get_timeout(w->daemon, &ms) != MHD_YES)
		return -1;
	return ms > 10000 ? 10000 : (int)ms;
}

void web_run(struct web *w)
{
	MHD_run(w->daemon);
}
