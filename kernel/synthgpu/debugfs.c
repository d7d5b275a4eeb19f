// SPDX-License-Identifier: GPL-2.0-only
/*
 * /sys/kernel/debug/synthgpu/N: what a monitor should have seen, and the switches that make it
 * hard. Of these files only "plugged" touches the device; none wakes it.
 */
#include <drm/drm_drv.h>
#include <linux/debugfs.h>
#include <linux/pm_runtime.h>

#include "synthgpu.h"

static struct dentry *root;

static void show_clients(struct seq_file *m, struct synthgpu_device *gpu)
{
	unsigned int i, n = gpu->config->nengines;
	struct synthgpu_client *client;

	list_for_each_entry(client, &gpu->clients, link) {
		seq_printf(m, "client %llu pid %d", client->id, client->pid);
		for (i = 0; i < n; i++)
			seq_printf(m, " %s %llu", gpu->engines[i].name, client->truth_ns[i]);
		seq_printf(m, " reads %d comm ", atomic_read(&client->fdinfo_reads));
		seq_escape(m, client->comm, "\n\\");
		seq_putc(m, '\n');
	}
}

static void show_truth(struct seq_file *m, struct synthgpu_device *gpu)
{
	u64 busy_ns[SYNTHGPU_MAX_ENGINES], exited_ns[SYNTHGPU_MAX_ENGINES], now_ns;
	unsigned int i, n = gpu->config->nengines;
	struct synthgpu_client *client;
	LIST_HEAD(done);

	mutex_lock(&gpu->clients_lock);
	spin_lock_irq(&gpu->jobs_lock);
	now_ns = synthgpu_engines_advance(gpu, &done);
	for (i = 0; i < n; i++) {
		busy_ns[i] = synthgpu_engine_busy_ns(&gpu->engines[i], now_ns);
		exited_ns[i] = gpu->engines[i].exited_ns;
		list_for_each_entry(client, &gpu->clients, link)
			client->truth_ns[i] =
				synthgpu_client_busy_ns(&gpu->engines[i], client, now_ns);
	}
	spin_unlock_irq(&gpu->jobs_lock);
	synthgpu_jobs_finish(gpu, &done);

	seq_printf(m, "now %llu\n", now_ns);
	seq_printf(m, "style %s\n", synthgpu_style_names[gpu->slot->style]);
	seq_printf(m, "mhz %u\n", gpu->config->mhz);
	seq_printf(m, "exited %u\n", gpu->nexited);
	for (i = 0; i < n; i++)
		seq_printf(m, "engine %s capacity %u busy %llu exited %llu\n", gpu->engines[i].name,
			   gpu->engines[i].capacity, busy_ns[i], exited_ns[i]);
	for (i = 0; i < gpu->config->nregions; i++)
		seq_printf(m, "region %s size %llu used %llu\n", gpu->regions[i].name,
			   gpu->regions[i].size, READ_ONCE(gpu->regions[i].used));
	show_clients(m, gpu);
	mutex_unlock(&gpu->clients_lock);
}

static int truth_show(struct seq_file *m, void *unused)
{
	struct synthgpu_device *gpu = synthgpu_slot_get(m->private);

	if (!gpu)
		return -ENODEV;
	show_truth(m, gpu);
	drm_dev_put(&gpu->drm);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(truth);

static int wakes_show(struct seq_file *m, void *unused)
{
	static const char * const why[SYNTHGPU_WAKES] = {
		[SYNTHGPU_WAKE_OPEN] = "open",
		[SYNTHGPU_WAKE_SUBMIT] = "submit",
		[SYNTHGPU_WAKE_FDINFO] = "fdinfo",
	};
	struct synthgpu_device *gpu = synthgpu_slot_get(m->private);
	unsigned int i;

	if (!gpu)
		return -ENODEV;
	seq_printf(m, "resumes %d\n", atomic_read(&gpu->resumes));
	for (i = 0; i < SYNTHGPU_WAKES; i++)
		seq_printf(m, "%s %d\n", why[i], atomic_read(&gpu->wakes[i]));
	spin_lock_irq(&gpu->jobs_lock);
	if (gpu->last_wake.pid) {
		seq_printf(m, "last %s pid %d comm ", why[gpu->last_wake.why], gpu->last_wake.pid);
		seq_escape(m, gpu->last_wake.comm, "\n\\");
		seq_putc(m, '\n');
	}
	spin_unlock_irq(&gpu->jobs_lock);
	drm_dev_put(&gpu->drm);
	return 0;
}
DEFINE_SHOW_ATTRIBUTE(wakes);

static int plugged_get(void *data, u64 *ret)
{
	*ret = synthgpu_slot_plugged(data);
	return 0;
}

static int plugged_set(void *data, u64 value)
{
	return synthgpu_slot_plug(data, value);
}
DEFINE_DEBUGFS_ATTRIBUTE(plugged_fops, plugged_get, plugged_set, "%llu\n");

void synthgpu_debugfs_init(struct synthgpu_slot *slots, unsigned int nslots)
{
	struct synthgpu_slot *slot;

	root = debugfs_create_dir("synthgpu", NULL);
	for (slot = slots; slot < slots + nslots; slot++) {
		struct dentry *dir;
		char name[12];

		snprintf(name, sizeof(name), "%u", slot->index);
		dir = debugfs_create_dir(name, root);
		debugfs_create_file("truth", 0444, dir, slot, &truth_fops);
		debugfs_create_file("wakes", 0444, dir, slot, &wakes_fops);
		debugfs_create_file("plugged", 0644, dir, slot, &plugged_fops);
		debugfs_create_u32("fdinfo_delay_ms", 0644, dir, &slot->faults.fdinfo_delay_ms);
		debugfs_create_bool("fdinfo_mute", 0644, dir, &slot->faults.fdinfo_mute);
		debugfs_create_u64("step_back_ns", 0644, dir, &slot->faults.step_back_ns);
		debugfs_create_x32("hidden_engines", 0644, dir, &slot->faults.hidden_engines);
	}
}

void synthgpu_debugfs_fini(void)
{
	debugfs_remove_recursive(root);
}
