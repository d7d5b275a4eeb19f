/* SPDX-License-Identifier: ((GPL-2.0-only WITH Linux-syscall-note) OR MIT) */
/*
 * What a user program may ask of synthgpu, a GPU without hardware whose busy time is known exactly.
 *
 * Every ioctl works on the card and on the render node. Times are CLOCK_MONOTONIC. Structures have
 * the same layout for 32 and 64 bit programs; fields marked "out" are written by the kernel;
 * unknown flags and fields named pad have to be 0 (-EINVAL).
 */
#ifndef SYNTHGPU_UAPI_H
#define SYNTHGPU_UAPI_H

#include <linux/ioctl.h>
#include <linux/types.h>

#define SYNTHGPU_NAME_LEN		16	/* engine and region names, with the NUL */
#define SYNTHGPU_CLIENT_NAME_LEN	64	/* client name, with the NUL */

#define SYNTHGPU_MIN_DURATION_US	100
#define SYNTHGPU_MAX_DURATION_US	60000000
#define SYNTHGPU_MAX_JOBS		1024	/* unfinished jobs per client */

#define DRM_SYNTHGPU_QUERY		0x00
#define DRM_SYNTHGPU_SUBMIT		0x01
#define DRM_SYNTHGPU_WAIT		0x02
#define DRM_SYNTHGPU_GEM_CREATE		0x03
#define DRM_SYNTHGPU_GEM_MADVISE	0x04
#define DRM_SYNTHGPU_SET_NAME		0x05

#define SYNTHGPU_QUERY_ENGINE		0
#define SYNTHGPU_QUERY_REGION		1

/*
 * One engine or memory region, and the truth about it. -ENOENT: no such index. Does not wake a
 * suspended device.
 */
struct drm_synthgpu_query {
	__u32 kind;		/* SYNTHGPU_QUERY_* */
	__u32 index;		/* 0, 1, ... */
	char name[SYNTHGPU_NAME_LEN];	/* out: as in the fdinfo keys */
	__u64 capacity;		/* out: engine: identical instances; region: bytes */
	__u64 device;		/* out: engine: busy ns of all clients ever; region: bytes used */
	__u64 client;		/* out: engine: busy ns of this client; region: 0 */
	__u64 client_id;	/* out: the number fdinfo prints as drm-client-id */
	__u64 now_ns;		/* out: when the two counters were read */
};

#define SYNTHGPU_SUBMIT_FENCE		0x1	/* return a sync_file in fence_fd */

/*
 * Keeps one instance of the engine busy for duration_us, repeat times. Jobs of an engine start in
 * the order in which they were submitted, as instances become idle; between two repeats the job
 * goes to the end of the queue. Unfinished jobs of a client end when the client is closed
 * (-ECANCELED in their fence) or the device is unplugged (-ENODEV). -EBUSY: too many unfinished
 * jobs.
 */
struct drm_synthgpu_submit {
	__u32 engine;		/* index */
	__u32 duration_us;	/* SYNTHGPU_MIN_DURATION_US to SYNTHGPU_MAX_DURATION_US */
	__u32 repeat;		/* at least 1 */
	__u32 flags;		/* SYNTHGPU_SUBMIT_* */
	__u32 bo_handle;	/* a buffer that is active until the job ends, or 0 */
	__s32 fence_fd;		/* out: with SYNTHGPU_SUBMIT_FENCE, else untouched */
	__u64 job;		/* out: number for WAIT, counted per client from 1 */
};

/*
 * Waits until a job of this client has ended. -ETIME: not yet; otherwise the job's own error. A job
 * that ended before the call has no error left to tell: 0. -EINVAL: no job has that number yet.
 */
struct drm_synthgpu_wait {
	__u64 job;
	__s64 timeout_ns;	/* absolute */
};

/*
 * Creates a buffer, resident in the region. The memory of other buffers marked
 * SYNTHGPU_MADV_DONTNEED is taken if there is not enough; -ENOSPC if that does not help either.
 * The buffer can be mapped at mmap_offset; what is in it is kept, whatever the accounting says.
 */
struct drm_synthgpu_gem_create {
	__u64 size;		/* bytes, in: wanted; out: rounded up to pages */
	__u32 region;		/* index */
	__u32 handle;		/* out */
	__u64 mmap_offset;	/* out */
};

#define SYNTHGPU_MADV_WILLNEED		0
#define SYNTHGPU_MADV_DONTNEED		1

/* Says whether the buffer may be taken. Once it has been, it stays non-resident. */
struct drm_synthgpu_gem_madvise {
	__u32 handle;
	__u32 advice;		/* SYNTHGPU_MADV_* */
	__u32 retained;		/* out: 0 if the buffer was taken */
	__u32 pad;
};

/* What fdinfo prints as drm-client-name: printable ASCII without blanks; "" for none. */
struct drm_synthgpu_set_name {
	char name[SYNTHGPU_CLIENT_NAME_LEN];
};

/* DRM's letter, and the first number that it leaves to drivers. */
#define SYNTHGPU_IOWR(nr, type)		_IOWR('d', 0x40 + (nr), struct type)
#define SYNTHGPU_IOW(nr, type)		_IOW('d', 0x40 + (nr), struct type)

#define DRM_IOCTL_SYNTHGPU_QUERY	SYNTHGPU_IOWR(DRM_SYNTHGPU_QUERY, drm_synthgpu_query)
#define DRM_IOCTL_SYNTHGPU_SUBMIT	SYNTHGPU_IOWR(DRM_SYNTHGPU_SUBMIT, drm_synthgpu_submit)
#define DRM_IOCTL_SYNTHGPU_WAIT		SYNTHGPU_IOW(DRM_SYNTHGPU_WAIT, drm_synthgpu_wait)
#define DRM_IOCTL_SYNTHGPU_GEM_CREATE	\
	SYNTHGPU_IOWR(DRM_SYNTHGPU_GEM_CREATE, drm_synthgpu_gem_create)
#define DRM_IOCTL_SYNTHGPU_GEM_MADVISE	\
	SYNTHGPU_IOWR(DRM_SYNTHGPU_GEM_MADVISE, drm_synthgpu_gem_madvise)
#define DRM_IOCTL_SYNTHGPU_SET_NAME	SYNTHGPU_IOW(DRM_SYNTHGPU_SET_NAME, drm_synthgpu_set_name)

#endif
