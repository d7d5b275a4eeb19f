// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a monitor sees of a client: the truth in one of several dialects, less the faults asked
 * for.
 */
#include <drm/drm_drv.h>
#include <linux/fs.h>
#include <linux/math64.h>
#include <linux/sched.h>
#include <linux/sizes.h>

#include "synthgpu.h"

static void print_engine(struct drm_printer *p, const struct synthgpu_device *gpu, unsigned int i,
			 u64 busy_ns, u64 now_ns)
{
	const struct synthgpu_engine *engine = &gpu->engines[i];
	enum synthgpu_style style = gpu->slot->style;
	u32 mhz = gpu->config->mhz;

	if (style == SYNTHGPU_STYLE_AMDGPU_LATE && !busy_ns)
		return;
	if (style == SYNTHGPU_STYLE_NS || style == SYNTHGPU_STYLE_BOTH ||
	    style == SYNTHGPU_STYLE_AMDGPU_LATE)
		drm_printf(p, "drm-engine-%s:\t%llu ns\n", engine->name, busy_ns);
	if (style == SYNTHGPU_STYLE_CYCLES || style == SYNTHGPU_STYLE_BOTH ||
	    style == SYNTHGPU_STYLE_MAXFREQ)
		drm_printf(p, "drm-cycles-%s:\t%llu\n", engine->name,
			   mul_u64_u32_div(busy_ns, mhz, 1000));
	if (style == SYNTHGPU_STYLE_CYCLES || style == SYNTHGPU_STYLE_BOTH)
		drm_printf(p, "drm-total-cycles-%s:\t%llu\n", engine->name,
			   mul_u64_u32_div(now_ns, mhz, 1000));
	if (style == SYNTHGPU_STYLE_MAXFREQ)
		drm_printf(p, "drm-maxfreq-%s:\t%llu Hz\n", engine->name, mhz * 1000000ULL);
	if (engine->capacity > 1 && style != SYNTHGPU_STYLE_AMDGPU_LATE)
		drm_printf(p, "drm-engine-capacity-%s:\t%u\n", engine->name, engine->capacity);
}

static void print_engines(struct drm_printer *p, struct synthgpu_device *gpu,
			  struct synthgpu_client *client)
{
	const struct synthgpu_faults *faults = &gpu->slot->faults;
	u64 back_ns = READ_ONCE(faults->step_back_ns);
	u64 busy_ns[SYNTHGPU_MAX_ENGINES], now_ns;
	char name[SYNTHGPU_CLIENT_NAME_LEN];
	unsigned int i, n = gpu->config->nengines;
	LIST_HEAD(done);

	spin_lock_irq(&gpu->jobs_lock);
	now_ns = synthgpu_engines_advance(gpu, &done);
	for (i = 0; i < n; i++)
		busy_ns[i] = synthgpu_client_busy_ns(&gpu->engines[i], client, now_ns);
	strscpy(name, client->name, sizeof(name));
	spin_unlock_irq(&gpu->jobs_lock);
	synthgpu_jobs_finish(gpu, &done);

	/* Forward, back, forward: a monitor sees each step. */
	if (atomic_inc_return(&client->fdinfo_reads) % 2)
		back_ns = 0;
	if (*name)
		drm_printf(p, "drm-client-name:\t%s\n", name);
	for (i = 0; i < n; i++)
		if (!(READ_ONCE(faults->hidden_engines) & BIT(i)))
			print_engine(p, gpu, i, busy_ns[i] - min(back_ns, busy_ns[i]), now_ns);
}

void synthgpu_print_fdinfo(struct drm_printer *p, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(file->minor->dev);
	unsigned int i;

	if (gpu->slot->style == SYNTHGPU_STYLE_NONE)
		return;
	if (synthgpu_wake(gpu, SYNTHGPU_WAKE_FDINFO))
		return;
	print_engines(p, gpu, to_synthgpu_client(file));
	for (i = 0; i < gpu->config->nregions; i++) {
		struct drm_memory_stats stats;

		synthgpu_memory_stats(file, &gpu->regions[i], &stats);
		if (gpu->slot->style == SYNTHGPU_STYLE_AMDGPU_LATE)
			drm_printf(p, "drm-memory-%s:\t%llu KiB\n", gpu->regions[i].name,
				   stats.resident / SZ_1K);
		else
			drm_print_memory_stats(p, &stats,
					       DRM_GEM_OBJECT_RESIDENT | DRM_GEM_OBJECT_PURGEABLE,
					       gpu->regions[i].name);
	}
	synthgpu_rest(gpu);
}

void synthgpu_show_fdinfo(struct seq_file *m, struct file *f)
{
	const struct drm_file *file = f->private_data;
	const struct synthgpu_faults *faults = &to_synthgpu(file->minor->dev)->slot->faults;
	u32 delay_ms = READ_ONCE(faults->fdinfo_delay_ms);

	if (READ_ONCE(faults->fdinfo_mute))
		return;
	if (delay_ms)
		schedule_timeout_killable(msecs_to_jiffies(delay_ms));
	drm_show_fdinfo(m, f);
}
