/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include "fake_sys.h"

#include <limits.h>
#include <stdio.h>

#include "scratch.h"

void fake_sys_device(const char *dir, const char *driver, const char *status)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/driver", dir);
	if (driver)
		scratch_link(path, driver);
	snprintf(path, sizeof(path), "%s/power/runtime_status", dir);
	scratch_write(path, status);
}

void fake_sys_pci(const char *dir, const char *driver, const char *vendor, const char *device)
{
	char path[PATH_MAX];

	fake_sys_device(dir, driver, "active\n");
	snprintf(path, sizeof(path), "%s/vendor", dir);
	scratch_write(path, vendor);
	snprintf(path, sizeof(path), "%s/device", dir);
	scratch_write(path, device);
}

void fake_sys_link(const char *dir, const char *class, const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];

	snprintf(target, sizeof(target), "../../%s/%s/%s", dir, class, name);
	snprintf(path, sizeof(path), "class/%s/new", class);
	scratch_link(path, target);
	snprintf(path, sizeof(path), "%s/class/%s/new", scratch_root(), class);
	snprintf(target, sizeof(target), "%s/class/%s/%s", scratch_root(), class, name);
	assert_int_equal(rename(path, target), 0);
}

void fake_sys_node(const char *dir, const char *class, const char *name, const char *dev)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/%s/dev", dir, class, name);
	scratch_write(path, dev);
	snprintf(path, sizeof(path), "%s/%s/%s/device", dir, class, name);
	scratch_link(path, "../..");
	fake_sys_link(dir, class, name);
}

const struct device *fake_sys_only(const struct devices *ds)
{
	size_t n;
	const struct device *d = devices_list(ds, &n);

	assert_int_equal(n, 1);
	return d;
}

struct devices *fake_sys_devices(void)
{
	struct devices *ds;

	assert_int_equal(devices_new(scratch_root(), &ds), 0);
	return ds;
}
