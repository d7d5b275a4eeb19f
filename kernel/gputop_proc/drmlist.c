// SPDX-License-Identifier: GPL-2.0-only
#include <linux/errno.h>
#include <linux/kconfig.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/mutex.h>

#include "compat.h"
#include "drmlist.h"
#include "symbols.h"

static struct {
	void *table;
	void *lock;
} minors, accel_minors;

int drmlist_init(void)
{
#if defined(HAVE_DRM_MINORS_XA)
	minors.table = symbol_address("drm_minors_xa");
	if (!minors.table)
		return -ENOENT;
	if (IS_ENABLED(CONFIG_DRM_ACCEL)) {
		accel_minors.table = symbol_address("accel_minors_xa");
		if (!accel_minors.table)
			return -ENOENT;
	}
#else
	minors.table = symbol_address("drm_minors_idr");
	minors.lock = symbol_address("drm_minor_lock");
	if (!minors.table || !minors.lock)
		return -ENOENT;
#endif
	return 0;
}

static void for_each_in(void *table, void *lock,
			void (*fn)(struct drm_file *priv, void *data), void *data)
{
	struct drm_minor *minor;
	struct drm_file *priv;
	unsigned long index;

	for (index = 0; (minor = compat_minor_get_next(table, lock, &index)); index++) {
		struct drm_device *dev = minor->dev;

		/* A render node shares its device, and the list, with a primary node. */
		if (minor->type != DRM_MINOR_RENDER) {
			mutex_lock(&dev->filelist_mutex);
			list_for_each_entry(priv, &dev->filelist, lhead)
				fn(priv, data);
			mutex_unlock(&dev->filelist_mutex);
		}
		drm_dev_put(dev);
	}
}

void drmlist_for_each(void (*fn)(struct drm_file *priv, void *data), void *data)
{
	for_each_in(minors.table, minors.lock, fn, data);
	if (accel_minors.table)
		for_each_in(accel_minors.table, accel_minors.lock, fn, data);
}
