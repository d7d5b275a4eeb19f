/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every DRM and accel client of the machine, from DRM's own lists: the cost
 * depends on GPU clients only, and a client without any descriptor is found.
 * Does not know who may see what, nor how a record looks.
 */
#ifndef GPUTOP_PROC_DRMLIST_H
#define GPUTOP_PROC_DRMLIST_H

struct drm_file;
struct drm_device;

/* Finds DRM's tables of minors.  0 or a negative error. */
int drmlist_init(void);

/*
 * Calls @fn for every client of every registered device.  @fn runs with the
 * device's filelist_mutex held, so it may look at the client and take
 * references, and must not call into the driver.
 */
void drmlist_for_each(void (*fn)(struct drm_file *priv, void *data), void *data);

#endif
