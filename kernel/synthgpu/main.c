// SPDX-License-Identifier: GPL-2.0-only
/*
 * Devices and clients. Each device sits on a platform device synthgpu.N, so that it has a place in
 * sysfs, runtime power management, and can be taken away and brought back.
 */
#include <drm/drm_drv.h>
#include <drm/drm_ioctl.h>
#include <linux/ctype.h>
#include <linux/module.h>
#include <linux/platform_device.h>
#include <linux/pm_runtime.h>
#include <linux/slab.h>

#include "synthgpu.h"

#define AUTOSUSPEND_MS	50

static struct synthgpu_config config;
static struct synthgpu_slot slots[SYNTHGPU_MAX_DEVICES];
static unsigned int nslots;
static DEFINE_MUTEX(plug_lock);		/* one plug or unplug at a time */
static DEFINE_MUTEX(slot_lock);		/* probe takes it too, within plug_lock */

int synthgpu_wake(struct synthgpu_device *gpu, enum synthgpu_wake why)
{
	int ret = pm_runtime_get_sync(gpu->drm.dev);

	if (ret < 0) {
		pm_runtime_put_noidle(gpu->drm.dev);
		return ret;
	}
	if (!ret) {
		atomic_inc(&gpu->wakes[why]);
		spin_lock_irq(&gpu->jobs_lock);
		gpu->last_wake.why = why;
		gpu->last_wake.pid = task_tgid_nr(current);
		get_task_comm(gpu->last_wake.comm, current);
		spin_unlock_irq(&gpu->jobs_lock);
	}
	return 0;
}

void synthgpu_rest(struct synthgpu_device *gpu)
{
	pm_runtime_mark_last_busy(gpu->drm.dev);
	pm_runtime_put_autosuspend(gpu->drm.dev);
}

static int synthgpu_suspend(struct device *dev)
{
	return 0;
}

static int synthgpu_resume(struct device *dev)
{
	struct synthgpu_device *gpu = dev_get_drvdata(dev);

	atomic_inc(&gpu->resumes);
	return 0;
}

static DEFINE_RUNTIME_DEV_PM_OPS(synthgpu_pm_ops, synthgpu_suspend, synthgpu_resume, NULL);

static int synthgpu_open(struct drm_device *drm, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(drm);
	struct synthgpu_client *client;
	int err;

	client = kzalloc(sizeof(*client), GFP_KERNEL_ACCOUNT);
	if (!client)
		return -ENOMEM;
	err = synthgpu_wake(gpu, SYNTHGPU_WAKE_OPEN);
	if (err) {
		kfree(client);
		return err;
	}
	client->id = synthgpu_new_client_id(file);
	client->pid = task_tgid_nr(current);
	get_task_comm(client->comm, current);
	file->driver_priv = client;
	synthgpu_client_add(gpu, client);
	synthgpu_rest(gpu);
	return 0;
}

static void synthgpu_postclose(struct drm_device *drm, struct drm_file *file)
{
	struct synthgpu_client *client = to_synthgpu_client(file);

	synthgpu_client_remove(to_synthgpu(drm), client);
	kfree(client);
}

static int set_name_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(drm);
	const struct drm_synthgpu_set_name *args = data;
	size_t i, len = strnlen(args->name, sizeof(args->name));

	if (len == sizeof(args->name))
		return -EINVAL;
	for (i = 0; i < len; i++)
		if (!isascii(args->name[i]) || !isgraph(args->name[i]))
			return -EINVAL;
	spin_lock_irq(&gpu->jobs_lock);
	strscpy(to_synthgpu_client(file)->name, args->name, SYNTHGPU_CLIENT_NAME_LEN);
	spin_unlock_irq(&gpu->jobs_lock);
	return 0;
}

static int query_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(drm);
	struct synthgpu_client *client = to_synthgpu_client(file);
	struct drm_synthgpu_query *args = data;
	u32 i = args->index;
	LIST_HEAD(done);

	args->client = 0;
	args->client_id = client->id;
	memset(args->name, 0, sizeof(args->name));
	switch (args->kind) {
	case SYNTHGPU_QUERY_ENGINE:
		if (i >= gpu->config->nengines)
			return -ENOENT;
		strscpy(args->name, gpu->engines[i].name, sizeof(args->name));
		args->capacity = gpu->engines[i].capacity;
		spin_lock_irq(&gpu->jobs_lock);
		args->now_ns = synthgpu_engines_advance(gpu, &done);
		args->client = synthgpu_client_busy_ns(&gpu->engines[i], client, args->now_ns);
		args->device = synthgpu_engine_busy_ns(&gpu->engines[i], args->now_ns);
		spin_unlock_irq(&gpu->jobs_lock);
		synthgpu_jobs_finish(gpu, &done);
		return 0;
	case SYNTHGPU_QUERY_REGION:
		if (i >= gpu->config->nregions)
			return -ENOENT;
		strscpy(args->name, gpu->regions[i].name, sizeof(args->name));
		args->capacity = gpu->regions[i].size;
		args->now_ns = ktime_get_ns();
		spin_lock(&gpu->mem_lock);
		args->device = gpu->regions[i].used;
		spin_unlock(&gpu->mem_lock);
		return 0;
	default:
		return -EINVAL;
	}
}

static const struct drm_ioctl_desc ioctls[] = {
	DRM_IOCTL_DEF_DRV(SYNTHGPU_QUERY, query_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(SYNTHGPU_SUBMIT, synthgpu_submit_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(SYNTHGPU_WAIT, synthgpu_wait_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(SYNTHGPU_GEM_CREATE, synthgpu_gem_create_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(SYNTHGPU_GEM_MADVISE, synthgpu_gem_madvise_ioctl, DRM_RENDER_ALLOW),
	DRM_IOCTL_DEF_DRV(SYNTHGPU_SET_NAME, set_name_ioctl, DRM_RENDER_ALLOW),
};

static const struct file_operations synthgpu_fops = {
	.owner = THIS_MODULE,
	DRM_GEM_FOPS,
	.show_fdinfo = synthgpu_show_fdinfo,
};

static const struct file_operations accel_fops = {
	.owner = THIS_MODULE,
	DRM_ACCEL_FOPS,
	.show_fdinfo = synthgpu_show_fdinfo,
};

#define DRIVER_OF_EITHER_KIND \
	.open = synthgpu_open, \
	.postclose = synthgpu_postclose, \
	.gem_create_object = synthgpu_gem_create_object, \
	DRM_GEM_SHMEM_DRIVER_OPS, \
	SYNTHGPU_DRIVER_FDINFO \
	SYNTHGPU_DRIVER_DATE \
	.name = "synthgpu", \
	.desc = "GPU without hardware", \
	.major = 1, \
	.ioctls = ioctls, \
	.num_ioctls = ARRAY_SIZE(ioctls)

static const struct drm_driver synthgpu_driver = {
	.driver_features = DRIVER_GEM | DRIVER_RENDER,
	.fops = &synthgpu_fops,
	DRIVER_OF_EITHER_KIND,
};

/* To DRM an accel node is never of the device that has the other two. */
static const struct drm_driver accel_driver = {
	.driver_features = DRIVER_GEM | DRIVER_COMPUTE_ACCEL,
	.fops = &accel_fops,
	DRIVER_OF_EITHER_KIND,
};

/* The slot keeps the device after it is unplugged, for what debugfs has to say of it. */
static void slot_set(struct synthgpu_slot *slot, struct synthgpu_device *gpu)
{
	struct synthgpu_device *old;

	if (gpu)
		drm_dev_get(&gpu->drm);
	mutex_lock(&slot_lock);
	old = slot->gpu;
	slot->gpu = gpu;
	mutex_unlock(&slot_lock);
	if (old)
		drm_dev_put(&old->drm);
}

struct synthgpu_device *synthgpu_slot_get(struct synthgpu_slot *slot)
{
	struct synthgpu_device *gpu;

	mutex_lock(&slot_lock);
	gpu = slot->gpu;
	if (gpu)
		drm_dev_get(&gpu->drm);
	mutex_unlock(&slot_lock);
	return gpu;
}

static void synthgpu_unplug(void *data)
{
	struct synthgpu_device *gpu = data;

	drm_dev_unplug(&gpu->drm);
	synthgpu_engines_stop(gpu);
}

static struct synthgpu_device *gpu_new(struct device *dev, struct synthgpu_slot *slot,
				       const struct drm_driver *driver)
{
	struct synthgpu_device *gpu;

	gpu = devm_drm_dev_alloc(dev, driver, struct synthgpu_device, drm);
	if (IS_ERR(gpu))
		return gpu;
	gpu->slot = slot;
	gpu->config = &config;
	mutex_init(&gpu->clients_lock);
	INIT_LIST_HEAD(&gpu->clients);
	spin_lock_init(&gpu->jobs_lock);
	synthgpu_engines_init(gpu);
	synthgpu_regions_init(gpu);
	return gpu;
}

static int gpu_register(struct synthgpu_device *gpu)
{
	int err = drm_dev_register(&gpu->drm, 0);

	if (err)
		return err;
	return devm_add_action_or_reset(gpu->drm.dev, synthgpu_unplug, gpu);
}

static int accel_probe(struct device *dev, struct synthgpu_slot *slot)
{
	struct synthgpu_device *accel = gpu_new(dev, slot, &accel_driver);

	return IS_ERR(accel) ? PTR_ERR(accel) : gpu_register(accel);
}

static int synthgpu_probe(struct platform_device *pdev)
{
	struct synthgpu_slot *slot = &slots[pdev->id];
	struct device *dev = &pdev->dev;
	struct synthgpu_device *gpu;
	int err;

	/* Whoever writes to driver_override may bring any. */
	if (strcmp(pdev->name, "synthgpu"))
		return -ENODEV;
	gpu = gpu_new(dev, slot, &synthgpu_driver);
	if (IS_ERR(gpu))
		return PTR_ERR(gpu);
	dev_set_drvdata(dev, gpu);

	/* As for PCI: never suspended until somebody writes "auto" to power/control. */
	pm_runtime_set_active(dev);
	pm_runtime_set_autosuspend_delay(dev, AUTOSUSPEND_MS);
	pm_runtime_use_autosuspend(dev);
	pm_runtime_forbid(dev);
	err = devm_pm_runtime_enable(dev);
	if (err)
		return err;
	err = gpu_register(gpu);
	if (err)
		return err;
	if (config.accel) {
		err = accel_probe(dev, slot);
		if (err)
			return err;
	}
	slot_set(slot, gpu);
	return 0;
}

static struct platform_driver platform_driver = {
	.probe = synthgpu_probe,
	.driver = {
		.name = "synthgpu",
		.pm = pm_ptr(&synthgpu_pm_ops),
	},
};

static int slot_register(struct synthgpu_slot *slot)
{
	struct platform_device *pdev;

	/* Its nodes' numbers are free again, if nobody has it open. */
	slot_set(slot, NULL);
	pdev = platform_device_register_simple("synthgpu", slot->index, NULL, 0);
	if (IS_ERR(pdev))
		return PTR_ERR(pdev);
	/* The log knows why a probe failed; here it only shows in what probe left. */
	if (!platform_get_drvdata(pdev)) {
		platform_device_unregister(pdev);
		return -ENODEV;
	}
	slot->pdev = pdev;
	return 0;
}

int synthgpu_slot_plug(struct synthgpu_slot *slot, bool plug)
{
	int err = 0;

	mutex_lock(&plug_lock);
	if (plug && !slot->pdev) {
		err = slot_register(slot);
	} else if (!plug && slot->pdev) {
		platform_device_unregister(slot->pdev);
		slot->pdev = NULL;
	}
	mutex_unlock(&plug_lock);
	return err;
}

bool synthgpu_slot_plugged(struct synthgpu_slot *slot)
{
	bool plugged;

	mutex_lock(&plug_lock);
	plugged = slot->pdev;
	mutex_unlock(&plug_lock);
	return plugged;
}

static void remove_all(void)
{
	unsigned int i;

	for (i = 0; i < nslots; i++) {
		synthgpu_slot_plug(&slots[i], false);
		slot_set(&slots[i], NULL);
	}
	platform_driver_unregister(&platform_driver);
}

static int __init synthgpu_init(void)
{
	unsigned int i;
	int err;

	err = synthgpu_params_parse(&config, slots, &nslots);
	if (err)
		return err;
	err = platform_driver_register(&platform_driver);
	if (err)
		return err;
	for (i = 0; i < nslots; i++) {
		err = synthgpu_slot_plug(&slots[i], true);
		if (err) {
			remove_all();
			return err;
		}
	}
	synthgpu_debugfs_init(slots, nslots);
	return 0;
}

static void __exit synthgpu_exit(void)
{
	synthgpu_debugfs_fini();
	remove_all();
	/* Fences may just now be on their way out, see engine.c. */
	rcu_barrier();
}

module_init(synthgpu_init);
module_exit(synthgpu_exit);

MODULE_DESCRIPTION("DRM driver without hardware, with known busy time");
MODULE_AUTHOR("gputop authors");
MODULE_LICENSE("GPL");
