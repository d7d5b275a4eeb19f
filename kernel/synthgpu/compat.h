/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The only place that knows that kernels differ. SYNTHGPU_HAVE_* come from the compile probes in
 * Kbuild.
 */
#ifndef SYNTHGPU_COMPAT_H
#define SYNTHGPU_COMPAT_H

#include <drm/drm_file.h>
#include <drm/drm_gem.h>
#include <drm/drm_print.h>
#include <linux/hrtimer.h>

struct seq_file;
struct file;

#ifdef SYNTHGPU_HAVE_ACCEL
#include <drm/drm_accel.h>
#define SYNTHGPU_HAS_ACCEL	true
#else
/* What a driver that is never registered is made of. */
#define SYNTHGPU_HAS_ACCEL	false
#define DRIVER_COMPUTE_ACCEL	0
#define DRM_ACCEL_FOPS		.open = NULL
#endif

#ifdef SYNTHGPU_HAVE_DRIVER_DATE
#define SYNTHGPU_DRIVER_DATE	.date = "20260101",
#else
#define SYNTHGPU_DRIVER_DATE
#endif

#ifndef SYNTHGPU_HAVE_HRTIMER_SETUP
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

#ifdef SYNTHGPU_HAVE_FDINFO
#define SYNTHGPU_DRIVER_FDINFO		.show_fdinfo = synthgpu_print_fdinfo,

static inline u64 synthgpu_new_client_id(const struct drm_file *file)
{
	return file->client_id;
}
#else
/*
 * The core has no part in fdinfo: what it does in later kernels, under the names that it has
 * there.
 */
#define SYNTHGPU_DRIVER_FDINFO

struct drm_memory_stats {
	u64 shared;
	u64 private;
	u64 resident;
	u64 purgeable;
	u64 active;
};

enum drm_gem_object_status {
	DRM_GEM_OBJECT_RESIDENT = BIT(0),
	DRM_GEM_OBJECT_PURGEABLE = BIT(1),
};

u64 synthgpu_new_client_id(const struct drm_file *file);
void drm_show_fdinfo(struct seq_file *m, struct file *f);
void drm_print_memory_stats(struct drm_printer *p, const struct drm_memory_stats *stats,
			    enum drm_gem_object_status supported_status, const char *region);
#endif

#endif
