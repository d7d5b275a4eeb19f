/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What this module needs from the kernel that has another name or shape from
 * one release to the next.  Kbuild compiles the probes that set HAVE_*.
 */
#ifndef GPUTOP_PROC_COMPAT_H
#define GPUTOP_PROC_COMPAT_H

#include <linux/fdtable.h>
#include <linux/file.h>
#include <linux/fs.h>
#include <linux/idr.h>
#include <linux/rcupdate.h>
#include <linux/siphash.h>
#include <linux/xarray.h>
#include <drm/drm_device.h>
#include <drm/drm_drv.h>
#include <drm/drm_file.h>
#include <drm/drm_ioctl.h>

#if defined(HAVE_DRM_ACCEL_H)
#include <drm/drm_accel.h>
#else
#define ACCEL_MAJOR	261	/* before 6.2: no such device */
#endif

/*
 * The next open descriptor of @task from *@fd on, which is updated; NULL after
 * the last.  Returns a reference.
 */
static inline struct file *compat_fget_next(struct task_struct *task, unsigned int *fd)
{
	struct file *file;

#if defined(HAVE_FGET_TASK_NEXT)
	file = fget_task_next(task, fd);
#else
	rcu_read_lock();
#if defined(HAVE_TASK_LOOKUP_NEXT_FDGET_RCU)
	file = task_lookup_next_fdget_rcu(task, fd);
#else
	while ((file = task_lookup_next_fd_rcu(task, fd)) && !get_file_rcu(file))
		++*fd;
#endif
	rcu_read_unlock();
#endif
	return file;
}

/*
 * A reference to the file of a client on its device's filelist, NULL when the
 * file is being released.  Under dev->filelist_mutex: drm_release() takes the
 * client off the list under that lock, so priv->filp cannot have been freed.
 */
static inline struct file *compat_drm_file_get(struct drm_file *priv)
{
#if defined(HAVE_GET_FILE_ACTIVE)
	return get_file_active(&priv->filp);
#else
	return get_file_rcu(priv->filp) ? priv->filp : NULL;
#endif
}

/* The process a client belongs to.  Under dev->filelist_mutex, which its writer holds too. */
static inline struct pid *compat_drm_file_pid(struct drm_file *priv)
{
#if defined(HAVE_DRM_FILE_PID_RCU)
	return rcu_dereference_protected(priv->pid,
					 lockdep_is_held(&priv->minor->dev->filelist_mutex));
#else
	return priv->pid;
#endif
}

/*
 * A number that names a client among the living ones, never 0 and never
 * U64_MAX: DRM's own id, or where it has none the hashed address, which keeps
 * the order of kernel addresses from being read off the order of records.
 */
static inline u64 compat_drm_file_id(const struct drm_file *priv, const siphash_key_t *key)
{
#if defined(HAVE_DRM_FILE_CLIENT_ID)
	return priv->client_id;
#else
	return (siphash_1u64((unsigned long)priv, key) >> 1) + 1;
#endif
}

/*
 * DRM's table of minors: the first at or after *@index, which is updated, with
 * a reference to its device; NULL after the last.  As drm_minor_acquire() does
 * it; @lock guards an IDR, an XArray has its own.
 */
static inline struct drm_minor *compat_minor_get_next(void *table, void *lock,
						      unsigned long *index)
{
	struct drm_minor *minor;

#if defined(HAVE_DRM_MINORS_XA)
	struct xarray *minors = table;

	xa_lock(minors);
	minor = xa_find(minors, index, ULONG_MAX, XA_PRESENT);
	if (minor)
		drm_dev_get(minor->dev);
	xa_unlock(minors);
#else
	spinlock_t *minor_lock = lock;
	int id = *index;

	spin_lock_irq(minor_lock);
	minor = idr_get_next(table, &id);
	if (minor)
		drm_dev_get(minor->dev);
	spin_unlock_irq(minor_lock);
	*index = id;
#endif
	return minor;
}

#endif
