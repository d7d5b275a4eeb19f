// SPDX-License-Identifier: GPL-2.0-only
/* What kernels before drm_show_fdinfo() lack; empty for later ones. */
#include "synthgpu.h"

#ifndef SYNTHGPU_HAVE_FDINFO
#include <drm/drm_drv.h>
#include <linux/sizes.h>

u64 synthgpu_new_client_id(const struct drm_file *file)
{
	static atomic64_t last = ATOMIC64_INIT(0);

	return atomic64_inc_return(&last);
}

void drm_show_fdinfo(struct seq_file *m, struct file *f)
{
	struct drm_file *file = f->private_data;
	struct drm_printer p = drm_seq_file_printer(m);
	int idx;

	if (!drm_dev_enter(file->minor->dev, &idx))
		return;
	drm_printf(&p, "drm-driver:\t%s\n", file->minor->dev->driver->name);
	drm_printf(&p, "drm-client-id:\t%llu\n", to_synthgpu_client(file)->id);
	synthgpu_print_fdinfo(&p, file);
	drm_dev_exit(idx);
}

static void print_size(struct drm_printer *p, const char *what, const char *region, u64 bytes)
{
	if (bytes && IS_ALIGNED(bytes, SZ_1M))
		drm_printf(p, "drm-%s-%s:\t%llu MiB\n", what, region, bytes / SZ_1M);
	else if (bytes && IS_ALIGNED(bytes, SZ_1K))
		drm_printf(p, "drm-%s-%s:\t%llu KiB\n", what, region, bytes / SZ_1K);
	else
		drm_printf(p, "drm-%s-%s:\t%llu\n", what, region, bytes);
}

void drm_print_memory_stats(struct drm_printer *p, const struct drm_memory_stats *stats,
			    enum drm_gem_object_status supported_status, const char *region)
{
	print_size(p, "total", region, stats->shared + stats->private);
	print_size(p, "shared", region, stats->shared);
	print_size(p, "active", region, stats->active);
	if (supported_status & DRM_GEM_OBJECT_RESIDENT)
		print_size(p, "resident", region, stats->resident);
	if (supported_status & DRM_GEM_OBJECT_PURGEABLE)
		print_size(p, "purgeable", region, stats->purgeable);
}
#endif
