/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * synthgpu: a DRM driver without hardware. It does no work, it only lets time pass: a job keeps an
 * engine busy for as long as it says. Therefore the driver knows exactly who kept which engine
 * busy, and a monitor can be held against it.
 *
 * Two numbers are kept apart on purpose, so that one can be checked with the other: the time each
 * client was served and the time each engine served. At any instant, per engine, the sum over all
 * clients, closed ones included, is the engine's.
 *
 * Locks, outermost first: plug_lock, slot_lock (main.c); clients_lock; jobs_lock; mem_lock.
 */
#ifndef SYNTHGPU_H
#define SYNTHGPU_H

#include <drm/drm_device.h>
#include <drm/drm_file.h>
#include <drm/drm_gem_shmem_helper.h>
#include <linux/dma-fence.h>
#include <linux/hrtimer.h>

#include "compat.h"
#include "synthgpu_uapi.h"

#define SYNTHGPU_MAX_DEVICES	64
#define SYNTHGPU_MAX_ENGINES	8
#define SYNTHGPU_MAX_INSTANCES	16
#define SYNTHGPU_MAX_REGIONS	4

/* What fdinfo shows of the engines: which keys, in which driver's manner. */
enum synthgpu_style {
	SYNTHGPU_STYLE_NS,		/* drm-engine, as i915 */
	SYNTHGPU_STYLE_CYCLES,		/* drm-cycles and drm-total-cycles, as xe */
	SYNTHGPU_STYLE_BOTH,		/* the two above together */
	SYNTHGPU_STYLE_MAXFREQ,		/* drm-cycles and drm-maxfreq */
	SYNTHGPU_STYLE_AMDGPU_LATE,	/* drm-engine once not 0, drm-memory: as older amdgpu */
	SYNTHGPU_STYLE_NONE,		/* the header only */
};

extern const char * const synthgpu_style_names[];

/* Why a suspended device had to wake up. */
enum synthgpu_wake {
	SYNTHGPU_WAKE_OPEN,
	SYNTHGPU_WAKE_SUBMIT,
	SYNTHGPU_WAKE_FDINFO,
	SYNTHGPU_WAKES,
};

/* Name and number: an engine and its instances, or a region and its MiB. */
struct synthgpu_named {
	char name[SYNTHGPU_NAME_LEN];
	u64 number;
};

/* What the module parameters ask for; the same for all devices but for the style. */
struct synthgpu_config {
	struct synthgpu_named engines[SYNTHGPU_MAX_ENGINES];
	unsigned int nengines;
	struct synthgpu_named regions[SYNTHGPU_MAX_REGIONS];
	unsigned int nregions;
	u32 mhz;
	bool accel;
};

/* Switched in debugfs; survives unplug and replug. Read without a lock. */
struct synthgpu_faults {
	u32 fdinfo_delay_ms;
	bool fdinfo_mute;
	u64 step_back_ns;
	u32 hidden_engines;		/* bit mask */
};

struct synthgpu_device;

/* A place for a device, which is there from module load to unload, plugged or not. */
struct synthgpu_slot {
	unsigned int index;
	enum synthgpu_style style;
	struct synthgpu_faults faults;
	struct platform_device *pdev;	/* NULL: unplugged. Under plug_lock */
	struct synthgpu_device *gpu;	/* the present or last device. Under slot_lock */
};

struct synthgpu_engine {
	struct synthgpu_device *gpu;
	const char *name;
	unsigned int capacity;
	struct hrtimer timer;		/* the next end of a running job */
	/* Under jobs_lock: */
	struct list_head queue;		/* struct synthgpu_job.link */
	struct synthgpu_job *running[SYNTHGPU_MAX_INSTANCES];
	u64 busy_ns;			/* of jobs that ran; those that run come on top */
	u64 exited_ns;			/* of clients that are closed */
};

struct synthgpu_region {
	const char *name;
	u64 size;
	/* Under mem_lock: */
	u64 used;
	struct list_head purgeable;	/* struct synthgpu_bo.link, oldest first */
};

struct synthgpu_device {
	struct drm_device drm;
	struct synthgpu_slot *slot;
	const struct synthgpu_config *config;
	struct mutex clients_lock;	/* who is a client */
	struct list_head clients;	/* under clients_lock */
	unsigned int nexited;		/* under clients_lock */
	spinlock_t jobs_lock;		/* what runs and what it has used */
	struct synthgpu_engine engines[SYNTHGPU_MAX_ENGINES];
	spinlock_t mem_lock;		/* what is resident where */
	struct synthgpu_region regions[SYNTHGPU_MAX_REGIONS];
	atomic_t resumes;
	atomic_t wakes[SYNTHGPU_WAKES];
	struct {			/* under jobs_lock */
		enum synthgpu_wake why;
		pid_t pid;
		char comm[TASK_COMM_LEN];
	} last_wake;
};

/* One open of a node. Lives as long as its drm_file; no job of it lives longer. */
struct synthgpu_client {
	struct list_head link;
	u64 id;
	pid_t pid;			/* who opened it, in the initial namespace */
	char comm[TASK_COMM_LEN];
	atomic_t fdinfo_reads;
	/* Under jobs_lock: */
	char name[SYNTHGPU_CLIENT_NAME_LEN];
	struct list_head jobs;		/* struct synthgpu_job.client_link, oldest first */
	unsigned int njobs;
	u64 last_job;
	u64 busy_ns[SYNTHGPU_MAX_ENGINES];	/* of jobs that ran; those that run come on top */
	/* Under clients_lock: */
	u64 truth_ns[SYNTHGPU_MAX_ENGINES];	/* taken of all clients at one instant */
};

struct synthgpu_bo {
	struct drm_gem_shmem_object shmem;
	struct synthgpu_region *region;	/* NULL: not made by GEM_CREATE, nowhere resident */
	/* Under mem_lock: */
	bool resident;
	bool purgeable;
	struct list_head link;		/* in the region's list while resident and purgeable */
};

#define to_synthgpu(d)		container_of(d, struct synthgpu_device, drm)
#define to_synthgpu_bo(o)	container_of(to_drm_gem_shmem_obj(o), struct synthgpu_bo, shmem)

static inline struct synthgpu_client *to_synthgpu_client(const struct drm_file *file)
{
	return file->driver_priv;
}

/* params.c: what was asked for at load */

/*
 * Fills in the slots to use, of SYNTHGPU_MAX_DEVICES that are all zero. -EINVAL, with the reason
 * logged.
 */
int synthgpu_params_parse(struct synthgpu_config *config, struct synthgpu_slot *slots,
			  unsigned int *ret_nslots);

/* main.c: devices, clients, power */

/* Wakes the device and holds it awake until synthgpu_rest(). 0 or -errno. May sleep. */
int synthgpu_wake(struct synthgpu_device *gpu, enum synthgpu_wake why);
/* Any context. */
void synthgpu_rest(struct synthgpu_device *gpu);
/* The device that is or was last in the slot, with a reference for drm_dev_put(), or NULL. */
struct synthgpu_device *synthgpu_slot_get(struct synthgpu_slot *slot);
/* 0 also if it is already that way. */
int synthgpu_slot_plug(struct synthgpu_slot *slot, bool plug);
bool synthgpu_slot_plugged(struct synthgpu_slot *slot);

/* engine.c: jobs and the time they take */

void synthgpu_engines_init(struct synthgpu_device *gpu);
/* Ends all jobs. No more may come: the device is unplugged. */
void synthgpu_engines_stop(struct synthgpu_device *gpu);
void synthgpu_client_add(struct synthgpu_device *gpu, struct synthgpu_client *client);
/* Ends its jobs and takes it out of the device, which keeps the sum of its time. */
void synthgpu_client_remove(struct synthgpu_device *gpu, struct synthgpu_client *client);
/*
 * Brings the engines to the present instant and returns it. Called with jobs_lock held, irqs off.
 */
u64 synthgpu_engines_advance(struct synthgpu_device *gpu, struct list_head *done);
/* Ends the jobs that synthgpu_engines_advance() found done. Called without jobs_lock. */
void synthgpu_jobs_finish(struct synthgpu_device *gpu, struct list_head *done);
/* Busy time up to now_ns of one client, or of the whole engine. Called with jobs_lock held. */
u64 synthgpu_client_busy_ns(const struct synthgpu_engine *engine,
			    const struct synthgpu_client *client, u64 now_ns);
u64 synthgpu_engine_busy_ns(const struct synthgpu_engine *engine, u64 now_ns);
int synthgpu_submit_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int synthgpu_wait_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

/* gem.c: buffers that are only counted */

void synthgpu_regions_init(struct synthgpu_device *gpu);
struct drm_gem_object *synthgpu_gem_create_object(struct drm_device *drm, size_t size);
/* The buffer is active until the fence is signalled. -ENOENT: no such handle. */
int synthgpu_bo_add_fence(struct drm_file *file, u32 handle, struct dma_fence *fence);
/* Sums of the client's buffers in the region. */
void synthgpu_memory_stats(struct drm_file *file, const struct synthgpu_region *region,
			   struct drm_memory_stats *ret);
int synthgpu_gem_create_ioctl(struct drm_device *drm, void *data, struct drm_file *file);
int synthgpu_gem_madvise_ioctl(struct drm_device *drm, void *data, struct drm_file *file);

/* fdinfo.c: what a monitor sees */

void synthgpu_show_fdinfo(struct seq_file *m, struct file *f);
void synthgpu_print_fdinfo(struct drm_printer *p, struct drm_file *file);

/* debugfs.c: the truth, and the faults */

void synthgpu_debugfs_init(struct synthgpu_slot *slots, unsigned int nslots);
void synthgpu_debugfs_fini(void);

#endif
