/* SPDX-License-Identifier: MIT */
#include "cgroup.h"

#include <stdbool.h>

#define LIT(s) ((struct str){ "" s, sizeof(s) - 1 })

static bool ends_with(struct str s, struct str suffix)
{
	return s.len >= suffix.len &&
	       memcmp(s.ptr + s.len - suffix.len, suffix.ptr, suffix.len) == 0;
}

static struct str after(struct str s, size_t n)
{
	return (struct str){ s.ptr + n, s.len - n };
}

/* Cuts off @rest what is before the next @sep, which is dropped. */
static struct str cut(struct str *rest, char sep)
{
	const char *end = rest->len ? memchr(rest->ptr, sep, rest->len) : NULL;
	struct str part = *rest;

	if (end) {
		part.len = (size_t)(end - rest->ptr);
		*rest = after(*rest, part.len + 1);
	} else {
		*rest = after(*rest, rest->len);
	}
	return part;
}

/* "0123456789abcdef": what ids are made of; upper case is not used in them. */
static int hex_digit(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	return -1;
}

static size_t hex_run(struct str s)
{
	size_t n = 0;

	while (n < s.len && hex_digit(s.ptr[n]) >= 0)
		n++;
	return n;
}

struct str cgroup_path(struct str text)
{
	struct str best = { 0 };
	int best_rank = -1;

	while (text.len) {
		struct str path = cut(&text, '\n');
		struct str id = cut(&path, ':');
		struct str controllers = cut(&path, ':');
		int rank = 0;

		if (!path.len || path.ptr[0] != '/')
			continue;
		if (ends_with(path, LIT(" (deleted)")))
			path.len -= LIT(" (deleted)").len;
		if (str_is(controllers, "name=systemd"))
			rank = 1;
		else if (str_is(id, "0") && !controllers.len)
			rank = 2;
		if (path.len > 1)
			rank += 3;
		if (rank > best_rank) {
			best_rank = rank;
			best = path;
		}
	}
	return best;
}

/* Nothing rather than a part of @s, or what an outer group said. */
static void copy(char *to, size_t size, struct str s)
{
	if (s.len >= size)
		s.len = 0;
	memcpy(to, s.ptr, s.len);
	to[s.len] = '\0';
}

/* Undoes what systemd does to names: "\x2d" is "-", "_" keeps them off the kernel's own files. */
static void copy_unescaped(char *to, size_t size, struct str s)
{
	char name[256];
	size_t len = 0;

	if (str_starts(s, "_"))
		s = after(s, 1);
	while (s.len && len < sizeof(name)) {
		bool is_escape = s.len >= 4 && str_starts(s, "\\x");
		int high = is_escape ? hex_digit(s.ptr[2]) : -1;
		int low = is_escape ? hex_digit(s.ptr[3]) : -1;

		if (high >= 0 && low >= 0 && high + low > 0) {
			name[len++] = (char)(high * 16 + low);
			s = after(s, 4);
		} else {
			name[len++] = s.ptr[0];
			s = after(s, 1);
		}
	}
	copy(to, size, (struct str){ name, len });
}

/*
 * A container is "ID", "docker-ID.scope", "cri-containerd-ID.scope", "libpod-ID" or
 * "kubepods-...-podUID.slice:cri-containerd:ID", with an id of 64 hex digits; in LXC
 * "lxc.payload.NAME". conmon, Podman's and CRI-O's monitor, is called like the container but stands
 * outside of it.
 */
#define CONTAINER_ID_LEN 64

static struct str container_id(struct str part)
{
	struct str none = { 0 }, id, runtime;

	if (str_starts(part, "lxc.payload."))
		return after(part, LIT("lxc.payload.").len);
	if (ends_with(part, LIT(".scope")))
		part.len -= LIT(".scope").len;
	if (part.len < CONTAINER_ID_LEN)
		return none;
	runtime = (struct str){ part.ptr, part.len - CONTAINER_ID_LEN };
	id = after(part, runtime.len);
	if (hex_run(id) != CONTAINER_ID_LEN || ends_with(runtime, LIT("conmon-")))
		return none;
	if (runtime.len && !ends_with(runtime, LIT("-")) && !ends_with(runtime, LIT(":")))
		return none;
	return id;
}

/*
 * A pod is "podUID" (cgroupfs) or "kubepods-burstable-podUID.slice" (systemd, with "_" for "-").
 * The UID is a UUID, or the 32 hex digits of a static pod's configuration.
 */
static const char uuid[] = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
#define UUID_LEN (sizeof(uuid) - 1)
#define STATIC_POD_LEN 32

/* Copies the UID that @s begins with; returns its length, 0 if there is none. */
static size_t pod_uid(struct str s, char uid[static UUID_LEN])
{
	if (hex_run(s) == STATIC_POD_LEN) {
		memcpy(uid, s.ptr, STATIC_POD_LEN);
		return STATIC_POD_LEN;
	}
	if (s.len < UUID_LEN)
		return 0;
	for (size_t i = 0; i < UUID_LEN; i++) {
		uid[i] = uuid[i] == '-' && s.ptr[i] == '_' ? '-' : s.ptr[i];
		if (uuid[i] == '-' ? uid[i] != '-' : hex_digit(uid[i]) < 0)
			return 0;
	}
	return UUID_LEN;
}

static void decode_pod(struct str part, char *to, size_t size)
{
	char uid[UUID_LEN];

	for (size_t at = 0; at + 3 <= part.len; at++) {
		struct str rest = after(part, at);
		size_t len;

		if (!str_starts(rest, "pod") || (at > 0 && part.ptr[at - 1] != '-'))
			continue;
		rest = after(rest, 3);
		len = pod_uid(rest, uid);
		if (len && (rest.len == len || str_starts(after(rest, len), ".slice")))
			copy(to, size, (struct str){ uid, len });
	}
}

/* What has Slurm's jobs below it as "job_N": v1 "slurm[_NODE]", v2 "[NODE_]slurmstepd.scope". */
static bool is_slurm(struct str part)
{
	return str_is(part, "slurm") || str_starts(part, "slurm_") ||
	       ends_with(part, LIT("slurmstepd.scope"));
}

static bool is_slurm_job(struct str part)
{
	if (!str_starts(part, "job_") || part.len == 4)
		return false;
	for (size_t i = 4; i < part.len; i++)
		if (part.ptr[i] < '0' || part.ptr[i] > '9')
			return false;
	return true;
}

void cgroup_decode(struct str path, struct cgroup *ret)
{
	bool in_slurm = false;

	*ret = (struct cgroup){ 0 };
	while (path.len) {
		struct str part = cut(&path, '/');
		struct str id = container_id(part);

		if (ends_with(part, LIT(".slice")))
			copy_unescaped(ret->slice, sizeof(ret->slice), part);
		else if (ends_with(part, LIT(".service")) || ends_with(part, LIT(".scope")))
			copy_unescaped(ret->unit, sizeof(ret->unit), part);
		if (id.len)
			copy(ret->container, sizeof(ret->container), id);
		decode_pod(part, ret->pod_uid, sizeof(ret->pod_uid));
		if (in_slurm && is_slurm_job(part))
			copy(ret->slurm_job, sizeof(ret->slurm_job), after(part, 4));
		in_slurm = in_slurm || is_slurm(part);
	}
}
