/* SPDX-License-Identifier: MIT */
#include "feed.h"

#include <errno.h>
#include <fcntl.h>
#include <math.h>
#include <poll.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cap-ng.h>

#include "../now.h"
#include "pace.h"
#include "sampler.h"

/* The first pass knows no rates: the second comes soon after it, if somebody looks. */
#define FIRST_INTERVAL_NS (NSEC_PER_SEC / 4)

/* A daemon that says nothing for longer than its frames take, and this, is not well. */
#define PATIENCE_NS (3 * NSEC_PER_SEC)

/* No frame of a recording is waited for any longer, whatever it says. */
#define LONGEST_NS (86400 * NSEC_PER_SEC)

struct feed {
	struct source *source;		/* the sampler's, if there is one */
	struct sampler *sampler;
	struct table *table;
	struct pace pace;
	const char *name;		/* of the recording; NULL: this machine */
	const struct live_options *live;
	uint64_t delay_ns;		/* 0: as fast as they come */
	bool recorded_pace;		/* the recording's own intervals */
	bool is_socket;			/* the daemon sets the pace */
	bool is_lost;			/* the daemon, which may come back */
	uint64_t asked_ns, heard_ns;	/* for its frames; when one came */
	bool is_watched;
	bool is_waiting;		/* for data */
	bool is_asked;			/* the sampler */
	double speed;
	uint64_t n_frames;
	uint64_t first_ns, end_ns;	/* of the recording: t_ns of its first and last frame; UNKNOWN */
	bool is_seeking;
	uint64_t seek_frame, seek_ns;	/* until n_frames and t_ns are these */
};

static int explain(char *error, size_t size, int err, const char *format, ...)
	__attribute__((format(printf, 4, 5)));

static int explain(char *error, size_t size, int err, const char *format, ...)
{
	va_list ap;

	va_start(ap, format);
	vsnprintf(error, size, format, ap);
	va_end(ap);
	return err;
}

/* Where the recording is that comes with gputop. */
static void demo_path(char *ret, size_t size)
{
	const char *dir = getenv("GPUTOP_DATADIR");

	snprintf(ret, size, "%s/demo.gputop", dir && *dir ? dir : PKGDATADIR);
}

static int open_recording(struct feed *f, const struct options *o, char *error, size_t size)
{
	const char *path = o->replay;
	char demo[4096];
	int fd, err;

	if (o->demo) {
		demo_path(demo, sizeof(demo));
		path = demo;
	}
	f->name = o->demo ? "the demo" : strcmp(path, "-") == 0 ? "standard input" : path;
	fd = strcmp(path, "-") == 0 ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3) :
	     open(path, O_RDONLY | O_CLOEXEC);
	if (fd < 0)
		return explain(error, size, -errno, "%s: %s", path, strerror(errno));
	err = source_stream_new(fd, &f->source);
	if (err) {
		close(fd);
		return explain(error, size, err, "%s: %s", path, strerror(-err));
	}
	/* A pipe has no end that is known, and a file that is no recording none either. */
	(void)source_stream_end(f->source, &f->end_ns);
	return 0;
}

/* Without this capability only the user's own clients are seen. */
static bool sees_everybody(void)
{
	return capng_get_caps_process() == 0 && capng_have_capability(CAPNG_EFFECTIVE, CAP_SYS_PTRACE);
}

/* Whether to ask the daemon, and where. NULL: look ourselves. */
static const char *socket_to_try(const struct options *o)
{
	bool is_particular = o->live.finder || o->live.proc || o->live.sys || o->live.majors;

	if (o->source)
		return strcmp(o->source, "none") == 0 ? NULL : o->source;
	return is_particular || sees_everybody() ? NULL : SOURCE_SOCKET;
}

static int open_socket(struct feed *f, const char *path)
{
	struct pollfd in = { .events = POLLIN };
	struct source *source;
	int err = source_socket_new(path, f->asked_ns, &source);

	if (err)
		return err;
	/* One that is stopped lets everybody in and then says nothing. On the screen that is seen. */
	in.fd = source_fd(source);
	if (!f->is_lost && poll(&in, 1, (int)(PATIENCE_NS / NSEC_PER_MSEC)) == 0) {
		source_free(source);
		return -ETIMEDOUT;
	}
	source_free(f->source);
	f->source = source;
	f->name = path;
	f->is_socket = true;
	f->is_lost = false;
	f->delay_ns = 0;
	return 0;
}

/* 0: no end. */
static uint64_t count_passes(const struct options *o)
{
	return o->action == ACTION_LIST_GPUS ? 1 : o->once ? 2 : o->frames;
}

static int open_live(struct feed *f, const struct options *o, char *error, size_t size)
{
	const char *path = socket_to_try(o);
	struct live_options live = o->live;
	struct finder_why why;
	int err;

	if (path) {
		f->asked_ns = f->delay_ns;
		f->heard_ns = now_ns();
		err = open_socket(f, path);
		if (!err)
			return 0;
		if (o->source)
			return explain(error, size, err, "%s: %s", path, strerror(-err));
	}
	live.n_passes = count_passes(o);
	err = source_live_new(&live, &why, &f->source);
	if (err && *why.reason)
		return explain(error, size, err, "finder %s: %s%s%s", live.finder ? live.finder : "auto", why.reason,
			       *why.remedy ? ": " : "", why.remedy);
	if (err)
		return explain(error, size, err, "%s: %s", o->live.proc ? o->live.proc : "/proc",
			       strerror(-err));
	if (!options_are_for_screen(o))
		return 0;
	err = sampler_new(f->source, &f->sampler);
	if (err)
		return explain(error, size, err, "a process to sample in: %s", strerror(-err));
	f->source = sampler_source(f->sampler);
	return 0;
}

int feed_new(const struct options *o, struct feed **ret, char *error, size_t size)
{
	struct feed *f = calloc(1, sizeof(*f));
	bool is_replay = o->replay || o->demo;
	bool is_watched = options_are_for_screen(o);
	int err = f ? table_new(&f->table) : -ENOMEM;

	if (err) {
		free(f);
		return explain(error, size, err, "%s", strerror(-err));
	}
	f->live = &o->live;
	/* A recording that goes to a file or a pipe need not take its time. */
	f->delay_ns = is_replay && !is_watched && !o->has_delay ? 0 : o->delay_ns;
	f->recorded_pace = is_replay && is_watched && !o->has_delay;
	f->is_watched = is_watched;
	f->speed = 1;
	f->first_ns = f->end_ns = UNKNOWN;
	err = is_replay ? open_recording(f, o, error, size) : open_live(f, o, error, size);
	if (err) {
		feed_free(f);
		return err;
	}
	pace_start(&f->pace, now_ns());
	*ret = f;
	return 0;
}

void feed_free(struct feed *f)
{
	if (!f)
		return;
	if (f->sampler)
		sampler_free(f->sampler);
	else
		source_free(f->source);
	table_free(f->table);
	free(f);
}

static uint64_t patience(const struct feed *f)
{
	uint64_t interval = feed_snapshot(f)->interval_ns;

	return PATIENCE_NS + 2 * (interval == UNKNOWN || interval < f->asked_ns ? f->asked_ns : interval);
}

unsigned int feed_silence_s(const struct feed *f)
{
	uint64_t silence = f->is_socket ? now_ns() - f->heard_ns : 0;

	return f->is_lost || silence >= patience(f) ? (unsigned int)(silence / NSEC_PER_SEC) + f->is_lost : 0;
}

uint64_t feed_wait_ns(const struct feed *f)
{
	uint64_t silence;

	if (f->is_waiting && f->is_socket && f->is_watched) {
		/* after a while every second of it is told */
		silence = now_ns() - f->heard_ns;
		return silence < patience(f) ? patience(f) - silence : NSEC_PER_SEC - silence % NSEC_PER_SEC;
	}
	return f->is_waiting ? UINT64_MAX : f->is_seeking ? 0 : pace_left(&f->pace, now_ns());
}

int feed_fd(const struct feed *f)
{
	return f->is_waiting ? source_fd(f->source) : -1;
}

int feed_set_nonblocking(struct feed *f)
{
	int fd = source_fd(f->source), own;
	char path[32];
	struct stat st;

	if (fd < 0 || fstat(fd, &st) || S_ISREG(st.st_mode))
		return 0;
	/*
	 * The flag belongs to the open file, which others may share (standard input): a pipe can be
	 * opened anew, a socket cannot.
	 */
	snprintf(path, sizeof(path), "/proc/self/fd/%d", fd);
	own = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	if (own >= 0) {
		int err = dup3(own, fd, O_CLOEXEC) < 0 ? -errno : 0;

		close(own);
		return err;
	}
	return fcntl(fd, F_SETFL, fcntl(fd, F_GETFL) | O_NONBLOCK) ? -errno : 0;
}

void feed_hurry(struct feed *f)
{
	pace_start(&f->pace, now_ns());
}

int feed_set_delay(struct feed *f, uint64_t delay_ns)
{
	if (f->is_socket)
		return -EOPNOTSUPP;
	f->delay_ns = delay_ns;
	/* also of a recording that came at its own pace */
	f->recorded_pace = false;
	feed_hurry(f);
	return 0;
}

void feed_set_speed(struct feed *f, double speed)
{
	f->speed = speed;
	feed_hurry(f);
}

uint64_t feed_position(const struct feed *f)
{
	return f->n_frames;
}

static int rewind_recording(struct feed *f)
{
	struct table *fresh;
	int err;

	if (f->sampler || f->is_socket || !f->name)
		return -ESPIPE;
	err = table_new(&fresh);
	if (err)
		return err;
	err = source_stream_rewind(f->source);
	if (err) {
		table_free(fresh);
		return err;
	}
	table_free(f->table);
	f->table = fresh;
	f->n_frames = 0;
	f->is_waiting = false;
	return 0;
}

static int seek_frame(struct feed *f, uint64_t frame)
{
	int err = 0;

	if (frame <= f->n_frames)
		err = rewind_recording(f);
	if (err)
		return err;
	f->is_seeking = true;
	f->seek_frame = frame;
	f->seek_ns = 0;
	return 0;
}

int feed_step(struct feed *f, int64_t by)
{
	int64_t to = (int64_t)(f->is_seeking ? f->seek_frame : f->n_frames) + by;

	return seek_frame(f, to < 1 ? 1 : (uint64_t)to);
}

int feed_seek(struct feed *f, double share)
{
	uint64_t ns;
	int err;

	if (f->first_ns == UNKNOWN || f->end_ns == UNKNOWN || f->end_ns < f->first_ns)
		return -ENODATA;
	ns = f->first_ns + (uint64_t)(share * (double)(f->end_ns - f->first_ns));
	err = seek_frame(f, feed_snapshot(f)->frame.t_ns >= ns ? 1 : f->n_frames + 1);
	if (!err)
		f->seek_ns = ns;
	return err;
}

void feed_stay(struct feed *f)
{
	f->is_seeking &= f->n_frames == 0;
	f->seek_frame = 1;
	f->seek_ns = 0;
}

bool feed_reads(const struct feed *f, const struct stat *st)
{
	struct stat own;

	return S_ISREG(st->st_mode) && fstat(source_fd(f->source), &own) == 0 && own.st_dev == st->st_dev &&
	       own.st_ino == st->st_ino;
}

bool feed_is_daemon(const struct feed *f)
{
	return f->is_socket;
}

bool feed_is_seeking(const struct feed *f)
{
	return f->is_seeking;
}

double feed_share(const struct feed *f)
{
	uint64_t t_ns = feed_snapshot(f)->frame.t_ns;

	if (f->first_ns == UNKNOWN || f->end_ns == UNKNOWN || f->end_ns <= f->first_ns || t_ns < f->first_ns)
		return NAN;
	return (double)(t_ns - f->first_ns) / (double)(f->end_ns - f->first_ns);
}

static uint64_t next_interval(const struct feed *f)
{
	uint64_t interval = feed_snapshot(f)->interval_ns;

	if (f->recorded_pace) {
		interval = interval == UNKNOWN ? FIRST_INTERVAL_NS : interval;
		return (uint64_t)((double)(interval < LONGEST_NS ? interval : LONGEST_NS) / f->speed);
	}
	if (interval == UNKNOWN && f->is_watched && f->delay_ns > FIRST_INTERVAL_NS)
		return FIRST_INTERVAL_NS;
	return (uint64_t)((double)f->delay_ns / f->speed);
}

static int explain_next(const struct feed *f, int err, char *error, size_t size)
{
	if (!f->name)
		return explain(error, size, err, "%s: %s", f->live->proc ? f->live->proc : "/proc",
			       strerror(-err));
	if (err == -EPROTONOSUPPORT)
		return explain(error, size, err, "%s: made by a newer gputop", f->name);
	if (err == -EPROTO && f->n_frames == 0)
		return explain(error, size, err, "%s: not %s", f->name,
			       f->is_socket ? "a socket of gputopd" : "a recording of gputop");
	if (err == -EPROTO)
		return explain(error, size, err, "%s: corrupt after frame %llu", f->name,
			       (unsigned long long)f->n_frames);
	return explain(error, size, err, "%s: %s", f->name, strerror(-err));
}

/* What the sampler met, which it can only say by how it ends. */
static int explain_end(struct feed *f, char *error, size_t size)
{
	int sig, err = sampler_end(f->sampler, &sig);

	if (sig)
		return explain(error, size, err, "the sampling process was ended by signal %d (%s)", sig,
			       strsignal(sig));
	if (err == -ECHILD)
		return explain(error, size, err, "the sampling process ended");
	return explain_next(f, err, error, size);
}

static void arrive(struct feed *f)
{
	uint64_t t_ns = feed_snapshot(f)->frame.t_ns;

	f->heard_ns = now_ns();
	if (f->n_frames++ == 0)
		f->first_ns = t_ns;
	if (f->n_frames >= f->seek_frame && t_ns >= f->seek_ns)
		f->is_seeking = false;
}

/* The daemon ended, to be started anew perhaps: what it said stays until it is back. */
static int lose(struct feed *f)
{
	f->is_lost = true;
	f->is_waiting = false;
	pace_next(&f->pace, now_ns(), NSEC_PER_SEC);
	return -EAGAIN;
}

int feed_next(struct feed *f, char *error, size_t size)
{
	int r = 0;

	if (f->is_lost) {
		r = open_socket(f, f->name);
		if (r == 0)
			r = feed_set_nonblocking(f);
		if (r < 0)
			return lose(f);
	}
	if (f->sampler && !f->is_asked) {
		r = sampler_ask(f->sampler);
		f->is_asked = r == 0;
	}
	if (r == 0)
		r = source_next(f->source, f->table);
	f->is_waiting = r == -EAGAIN;
	if (r == -EAGAIN)
		return r;
	f->is_asked = false;
	/* A stream that ends before it begins is none: -EPROTO. */
	if (f->sampler && (r == 0 || r == -ECONNRESET || r == -EPIPE || r == -EPROTO))
		return explain_end(f, error, size);
	if (f->is_socket && f->is_watched && f->n_frames > 0 && (r == 0 || r == -ECONNRESET))
		return lose(f);
	if (r < 0)
		return explain_next(f, r, error, size);
	if (r == 0 && f->is_socket)
		return explain(error, size, -ECONNRESET, "%s: gputopd closed the connection", f->name);
	f->is_seeking &= r > 0;
	if (r == 0)
		return f->n_frames > 0 ? 0 : explain(error, size, -ENODATA, "%s: no frame in it", f->name);
	arrive(f);
	pace_next(&f->pace, now_ns(), next_interval(f));
	return 1;
}

const struct snapshot *feed_snapshot(const struct feed *f)
{
	static const struct snapshot none = { .interval_ns = UNKNOWN };
	const struct snapshot *s = table_snapshot(f->table);

	return s ? s : &none;
}

/* A driver without a device yet still has its major. */
static bool has_gpu_driver(const char *proc)
{
	char path[4096], line[128];
	bool found = false;
	FILE *file;

	snprintf(path, sizeof(path), "%s/devices", proc ? proc : "/proc");
	file = fopen(path, "re");
	if (!file)
		return false;
	while (!found && fgets(line, sizeof(line), file)) {
		char name[32];

		found = sscanf(line, "%*u %31s", name) == 1 &&
			(strcmp(name, "drm") == 0 || strcmp(name, "accel") == 0);
	}
	(void)fclose(file);
	return found;
}

bool feed_has_no_gpu(const struct feed *f)
{
	const struct snapshot *s = feed_snapshot(f);

	return !f->name && f->live->n_majors == 0 && s->n_devices == 0 && s->n_clients == 0 &&
	       !has_gpu_driver(f->live->proc);
}
