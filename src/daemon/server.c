/* SPDX-License-Identifier: MIT */
#include "server.h"

#include <errno.h>
#include <grp.h>
#include <inttypes.h>
#include <pwd.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include <event2/buffer.h>
#include <event2/bufferevent.h>
#include <event2/event.h>
#include <event2/listener.h>

#include "../fdinfo/number.h"
#include "../fdinfo/record.h"
#include "../now.h"
#include "due.h"
#include "../log.h"
#include "server_text.h"
#include "unix_socket.h"

#define REQUEST_MAX 64
#define MAX_PEER_GROUPS 1024
#define FILES_RESERVE 64u
/* Whoever connects all the time does not keep the loop from sampling: so many, then it rests. */
#define ACCEPTS_AT_ONCE 64u
#define REST_MS 100u

/* Bytes of a frame, shared by the viewers who see the same. */
struct payload {
	unsigned int refs;
	struct buf bytes;
};

struct viewer {
	struct viewer *next, **link;
	struct server *server;
	struct bufferevent *bev;
	struct eyes eyes;
	uint64_t interval_ns;		/* 0: every frame */
	bool has_asked;
	struct due due;
	struct payload *pending;	/* made for it in this frame; NULL: nothing yet */
};

struct server {
	const struct settings *settings;
	struct evconnlistener *listener;
	struct event *wake;		/* the listener rests until then */
	uint64_t turn_ns;		/* since when n_accepted counts */
	unsigned int n_accepted;
	bool has_bound;			/* the socket is ours to remove */
	char path[PATH_MAX];
	struct viewer *viewers;
	size_t n_viewers;
	struct server_frame frame;	/* snapshot NULL: none */
	struct server_text text;
	struct log_limit limit;
};

static void payload_put(struct payload *p)
{
	if (!p || --p->refs)
		return;
	buf_done(&p->bytes);
	free(p);
}

static void payload_cleanup(const void *bytes, size_t len, void *arg)
{
	(void)bytes;
	(void)len;
	payload_put(arg);
}

static void viewer_free(struct viewer *v)
{
	*v->link = v->next;
	if (v->next)
		v->next->link = v->link;
	v->server->n_viewers--;
	bufferevent_free(v->bev);
	free(v);
}

/* @why NULL: it left. */
static void viewer_end(struct viewer *v, const char *why)
{
	if (why && log_limit_take(&v->server->limit, now_ns()))
		log_say(LOG_NOTICE, "socket: a viewer of user %s %s: disconnected", v->eyes.user, why);
	viewer_free(v);
}

/* What @v sees of the frame; with a reference of the caller's. NULL: no memory. */
static struct payload *make_payload(struct server *s, const struct viewer *v)
{
	struct payload *p = calloc(1, sizeof(*p));

	if (!p)
		return NULL;
	p->refs = 1;
	if (server_text(&s->text, &v->eyes, s->frame.snapshot, s->frame.totals, &p->bytes)) {
		payload_put(p);
		return NULL;
	}
	return p;
}

static void viewer_send(struct viewer *v, struct payload *p)
{
	p->refs++;
	if (evbuffer_add_reference(bufferevent_get_output(v->bev), p->bytes.ptr, p->bytes.len, payload_cleanup, p))
		payload_put(p);
}

static bool sees_the_same(const struct eyes *a, const struct eyes *b)
{
	return a->all ? b->all : !b->all && a->uid == b->uid;
}

static void viewer_request(struct bufferevent *bev, void *arg)
{
	struct viewer *v = arg;
	struct evbuffer *in = bufferevent_get_input(bev);
	char *line;
	int err = -EINVAL;

	if (v->has_asked) {
		viewer_end(v, "sent more than one request");
		return;
	}
	line = evbuffer_readln(in, NULL, EVBUFFER_EOL_LF);
	if (!line && evbuffer_get_length(in) < REQUEST_MAX)
		return;
	if (line && strncmp(line, "interval ", 9) == 0)
		err = parse_seconds(line + 9, &v->interval_ns);
	free(line);
	if (err || evbuffer_get_length(in) > 0) {
		viewer_end(v, "sent what is no request");
		return;
	}
	v->has_asked = true;
	if (v->server->frame.snapshot)
		v->due.at_ns = v->server->frame.t_ns + v->interval_ns;
}

static void viewer_event(struct bufferevent *bev, short what, void *arg)
{
	(void)bev;
	viewer_end(arg, what & BEV_EVENT_TIMEOUT ? "did not read" : NULL);
}

static bool is_member(int fd, gid_t primary, const char *group)
{
	gid_t groups[MAX_PEER_GROUPS] = { 0 };
	socklen_t len = sizeof(groups);
	const struct group *g = getgrnam(group);

	if (!g)
		return false;
	if (primary == g->gr_gid)
		return true;
	if (getsockopt(fd, SOL_SOCKET, SO_PEERGROUPS, groups, &len))
		return false;
	for (size_t i = 0; i < len / sizeof(groups[0]); i++)
		if (groups[i] == g->gr_gid)
			return true;
	return false;
}

static int look_at_peer(const struct server *s, int fd, struct eyes *ret)
{
	struct ucred peer;
	socklen_t len = sizeof(peer);
	const struct passwd *user;

	if (getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &len))
		return -errno;
	user = getpwuid(peer.uid);
	*ret = (struct eyes){
		.all = peer.uid == 0 || is_member(fd, peer.gid, s->settings->group), .uid = peer.uid,
	};
	if (user)
		snprintf(ret->user, sizeof(ret->user), "%s", user->pw_name);
	else
		snprintf(ret->user, sizeof(ret->user), "%" PRIu64, ret->uid);
	return 0;
}

/* Sampling needs files, too. The number of the newest says how many are open. */
static bool is_short_of_files(int fd)
{
	struct rlimit limit;
	rlim_t reserve;

	if (getrlimit(RLIMIT_NOFILE, &limit))
		return false;
	reserve = limit.rlim_cur / 4 < FILES_RESERVE ? limit.rlim_cur / 4 : FILES_RESERVE;
	return (rlim_t)fd >= limit.rlim_cur - reserve;
}

/* One user may not take the places of all. */
static const char *why_refuse(const struct server *s, int fd, const struct eyes *eyes)
{
	size_t n = 0;

	if (s->n_viewers >= s->settings->max_viewers)
		return "all places are taken";
	if (is_short_of_files(fd))
		return "too many files are open";
	if (eyes->all)
		return NULL;
	for (const struct viewer *v = s->viewers; v; v = v->next)
		n += v->eyes.uid == eyes->uid;
	return n > 0 && n >= s->settings->max_viewers / 4 ? "has its share of places" : NULL;
}

static struct viewer *viewer_new(struct server *s, struct event_base *base, int fd, const struct eyes *eyes)
{
	struct timeval timeout = {
		.tv_sec = (time_t)(s->settings->timeout_ns / NSEC_PER_SEC),
		.tv_usec = (suseconds_t)(s->settings->timeout_ns / 1000 % 1000000),
	};
	struct viewer *v = calloc(1, sizeof(*v));

	if (v)
		v->bev = bufferevent_socket_new(base, fd, BEV_OPT_CLOSE_ON_FREE);
	if (!v || !v->bev) {
		free(v);
		close(fd);
		return NULL;
	}
	v->server = s;
	v->eyes = *eyes;
	v->next = s->viewers;
	v->link = &s->viewers;
	if (v->next)
		v->next->link = &v->next;
	s->viewers = v;
	s->n_viewers++;
	bufferevent_setcb(v->bev, viewer_request, NULL, viewer_event, v);
	bufferevent_setwatermark(v->bev, EV_READ, 0, REQUEST_MAX);
	bufferevent_set_timeouts(v->bev, NULL, &timeout);
	return v;
}

static void greet(struct viewer *v)
{
	struct server *s = v->server;
	struct payload *p;
	struct buf hello = { 0 };

	record_write_protocol(&hello);
	if (!hello.err)
		bufferevent_write(v->bev, hello.ptr, hello.len);
	buf_done(&hello);
	p = s->frame.snapshot ? make_payload(s, v) : NULL;
	if (p)
		viewer_send(v, p);
	/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it does not follow the count of references */
	payload_put(p);
	bufferevent_enable(v->bev, EV_READ | EV_WRITE);
}

static void rest(struct server *s)
{
	static const struct timeval pause = { 0, REST_MS * 1000 };

	if (event_add(s->wake, &pause) == 0)
		evconnlistener_disable(s->listener);
}

static void wake_up(evutil_socket_t fd, short what, void *arg)
{
	struct server *s = arg;

	(void)fd;
	(void)what;
	evconnlistener_enable(s->listener);
}

/* The loop's own time: it stands still while all that wait are let in, however long that takes. */
static void take_turn(struct server *s)
{
	struct timeval now = { 0 };
	uint64_t t_ns;

	event_base_gettimeofday_cached(evconnlistener_get_base(s->listener), &now);
	t_ns = (uint64_t)now.tv_sec * NSEC_PER_SEC + (uint64_t)now.tv_usec * 1000;
	if (t_ns - s->turn_ns >= REST_MS * NSEC_PER_MSEC) {
		s->turn_ns = t_ns;
		s->n_accepted = 0;
	}
	if (++s->n_accepted >= ACCEPTS_AT_ONCE)
		rest(s);
}

static void accept_viewer(struct evconnlistener *listener, evutil_socket_t fd, struct sockaddr *address,
			  int len, void *arg)
{
	struct server *s = arg;
	struct viewer *v;
	struct eyes eyes = { 0 };
	const char *why;

	(void)address;
	(void)len;
	take_turn(s);
	if (look_at_peer(s, fd, &eyes)) {
		close(fd);
		return;
	}
	why = why_refuse(s, fd, &eyes);
	if (why) {
		if (log_limit_take(&s->limit, now_ns()))
			log_say(LOG_NOTICE, "socket: a viewer of user %s is refused: %s", eyes.user, why);
		close(fd);
		return;
	}
	v = viewer_new(s, evconnlistener_get_base(listener), fd, &eyes);
	if (v)
		greet(v);
}

/* As a rule too many open files, which would only repeat. */
static void accept_failed(struct evconnlistener *listener, void *arg)
{
	struct server *s = arg;
	int error = errno;

	(void)listener;
	if (log_limit_take(&s->limit, now_ns()))
		log_say(LOG_WARNING, "socket: cannot accept viewers: %s", strerror(error));
	rest(s);
}

int server_new(struct event_base *base, const struct settings *settings, int fd, struct server **ret,
	       char *why, size_t size)
{
	struct server *s = calloc(1, sizeof(*s));
	int err = s ? 0 : -ENOMEM;

	if (!err && fd < 0) {
		err = unix_socket_listen(settings->socket, &fd);
		s->has_bound = !err;
		memcpy(s->path, settings->socket, sizeof(s->path));
	}
	if (!err) {
		s->settings = settings;
		evutil_make_socket_nonblocking(fd);
		s->listener = evconnlistener_new(base, accept_viewer, s,
						 LEV_OPT_CLOSE_ON_FREE | LEV_OPT_CLOSE_ON_EXEC, 0, fd);
		if (!s->listener)
			close(fd);
		s->wake = evtimer_new(base, wake_up, s);
		if (!s->listener || !s->wake)
			err = -ENOMEM;
	}
	if (err) {
		snprintf(why, size, "%s: %s", settings->socket,
			 err == -EADDRINUSE ? "another gputopd listens there" : strerror(-err));
		server_free(s);
		return err;
	}
	evconnlistener_set_error_cb(s->listener, accept_failed);
	*ret = s;
	return 0;
}

void server_free(struct server *s)
{
	if (!s)
		return;
	while (s->viewers)
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it does not follow the count of references */
		viewer_free(s->viewers);
	if (s->listener)
		evconnlistener_free(s->listener);
	if (s->wake)
		event_free(s->wake);
	if (s->has_bound)
		(void)unlink(s->path);
	server_text_done(&s->text);
	free(s);
}

/* The same eyes see the same: the bytes are made once. */
static struct payload *payload_for(struct server *s, const struct viewer *v)
{
	for (const struct viewer *w = s->viewers; w != v; w = w->next)
		if (w->pending && sees_the_same(&w->eyes, &v->eyes)) {
			w->pending->refs++;
			return w->pending;
		}
	return make_payload(s, v);
}

void server_send(struct server *s, const struct server_frame *f)
{
	s->frame = *f;
	for (struct viewer *v = s->viewers; v; v = v->next) {
		if (!due_take(&v->due, f->t_ns, v->interval_ns, s->settings->interval_ns) ||
		    evbuffer_get_length(bufferevent_get_output(v->bev)) > 0)
			continue;
		v->pending = payload_for(s, v);
		if (v->pending)
			viewer_send(v, v->pending);
	}
	for (struct viewer *v = s->viewers; v; v = v->next) {
		/* NOLINTNEXTLINE(clang-analyzer-unix.Malloc): it does not follow the count of references */
		payload_put(v->pending);
		v->pending = NULL;
	}
}

void server_no_frame(struct server *s)
{
	s->frame = (struct server_frame){ 0 };
}

size_t server_n_viewers(const struct server *s)
{
	return s->n_viewers;
}
