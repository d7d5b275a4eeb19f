/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

#include "allocs.h"
#include "fdinfo/device.h"

#define PCI_DIR "devices/pci0000:00/0000:00:01.0/"

static char root[64];

static const char *in_root(const char *path)
{
	static char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	for (char *slash = full + strlen(root); (slash = strchr(slash + 1, '/'));) {
		*slash = '\0';
		if (mkdir(full, 0755) < 0)
			assert_int_equal(errno, EEXIST);
		*slash = '/';
	}
	return full;
}

static void put_bytes(const char *path, const void *bytes, size_t len)
{
	int fd = open(in_root(path), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644);

	assert_true(fd >= 0);
	assert_int_equal(write(fd, bytes, len), len);
	close(fd);
}

static void put(const char *path, const char *text)
{
	put_bytes(path, text, strlen(text));
}

static void put_link(const char *path, const char *target)
{
	assert_int_equal(symlink(target, in_root(path)), 0);
}

static int remove_one(const char *path, const struct stat *st, int type, struct FTW *ftw)
{
	(void)st;
	(void)type;
	(void)ftw;
	return remove(path);
}

static void drop(const char *path)
{
	char full[PATH_MAX];

	snprintf(full, sizeof(full), "%s/%s", root, path);
	assert_int_equal(nftw(full, remove_one, 16, FTW_DEPTH | FTW_PHYS), 0);
}

static int make_root(void **state)
{
	(void)state;
	strcpy(root, "/tmp/gputop-test-XXXXXX");
	return mkdtemp(root) ? 0 : -1;
}

static int drop_root(void **state)
{
	(void)state;
	drop("");
	return 0;
}

static void put_device(const char *dir, const char *driver, const char *status)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/driver", dir);
	if (driver)
		put_link(path, driver);
	snprintf(path, sizeof(path), "%s/power/runtime_status", dir);
	put(path, status);
}

static void put_pci(const char *dir, const char *driver, const char *vendor, const char *device)
{
	char path[PATH_MAX];

	put_device(dir, driver, "active\n");
	snprintf(path, sizeof(path), "%s/vendor", dir);
	put(path, vendor);
	snprintf(path, sizeof(path), "%s/device", dir);
	put(path, device);
}

/* Takes the place of what had the name before, with another inode for certain. */
static void put_class_link(const char *dir, const char *class, const char *name)
{
	char path[PATH_MAX], target[PATH_MAX];

	snprintf(target, sizeof(target), "../../%s/%s/%s", dir, class, name);
	snprintf(path, sizeof(path), "class/%s/new", class);
	put_link(path, target);
	snprintf(path, sizeof(path), "%s/class/%s/new", root, class);
	snprintf(target, sizeof(target), "%s/class/%s/%s", root, class, name);
	assert_int_equal(rename(path, target), 0);
}

/* As sysfs has it: class/CLASS/NAME links to the node below its device, to which it links back. */
static void put_node(const char *dir, const char *class, const char *name, const char *dev)
{
	char path[PATH_MAX];

	snprintf(path, sizeof(path), "%s/%s/%s/dev", dir, class, name);
	put(path, dev);
	snprintf(path, sizeof(path), "%s/%s/%s/device", dir, class, name);
	put_link(path, "../..");
	put_class_link(dir, class, name);
}

static const struct device *only_device(const struct devices *ds)
{
	size_t n;
	const struct device *d = devices_list(ds, &n);

	assert_int_equal(n, 1);
	return d;
}

static struct devices *devices_of_root(void)
{
	struct devices *ds;

	assert_int_equal(devices_new(root, &ds), 0);
	return ds;
}

static bool have_pci_ids(void)
{
	return access("/usr/share/misc/pci.ids", R_OK) == 0 ||
	       access("/usr/share/misc/pci.ids.gz", R_OK) == 0;
}

static void card_and_render_node_of_one_gpu_are_one_device(void **state)
{
	struct devices *ds;
	const struct device *d;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "../../../../bus/pci/drivers/amdgpu",
		"0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	put("class/drm/version", "drm 1.1.0 20060810\n");
	put_link("class/drm/card0-HDMI-A-1", "../../" PCI_DIR "0000:03:00.0/drm/card0");
	ds = devices_of_root();
	d = only_device(ds);
	assert_string_equal(d->gpu, "0000:03:00.0");
	assert_string_equal(d->driver, "amdgpu");
	assert_int_equal(d->vendor_id, 0x1002);
	assert_int_equal(d->device_id, 0x744c);
	assert_int_equal(d->power, DEVICE_AWAKE);
	assert_int_equal(d->n_nodes, 2);
	assert_string_equal(d->nodes[0].name, "card0");
	assert_string_equal(d->nodes[1].name, "renderD128");
	assert_true(d->nodes[1].rdev == makedev(226, 128));
	if (have_pci_ids())
		assert_memory_equal(d->name, "AMD Navi 31 [", strlen("AMD Navi 31 ["));
	else
		assert_string_equal(d->name, "amdgpu");
	assert_ptr_equal(devices_find(ds, makedev(226, 0)), d);
	assert_ptr_equal(devices_find(ds, makedev(226, 128)), d);
	assert_null(devices_find(ds, makedev(226, 129)));
	assert_null(devices_find(ds, makedev(261, 0)));
	devices_free(ds);
}

static void sensors_of_a_sleeping_device_are_not_read(void **state)
{
	struct scan scan = { 0 };
	struct devices *ds;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	put(PCI_DIR "0000:03:00.0/drm/card0/gt_act_freq_mhz", "700\n");
	put(PCI_DIR "0000:03:00.0/power/runtime_status", "suspended\n");
	ds = devices_of_root();
	assert_int_equal(devices_read_sensors(ds, 1, &scan), 0);
	assert_int_equal(scan.syscalls[SYSCALL_READ], 0);
	assert_true(sensors_get(&only_device(ds)->sensors, SENSOR_CLOCK) == UNKNOWN);
	put(PCI_DIR "0000:03:00.0/power/runtime_status", "active\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(devices_read_sensors(ds, 2, &scan), 0);
	assert_true(sensors_get(&only_device(ds)->sensors, SENSOR_CLOCK) == 700000000);
	devices_free(ds);
}

static void two_gpus_are_told_apart_and_sorted_by_number(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	put_pci(PCI_DIR "0000:04:00.0", "x/xe", "0x8086\n", "0x56a0\n");
	put_pci("devices/pci0000:00/0000:00:02.0", "x/i915", "0x8086\n", "0x4680\n");
	put_node(PCI_DIR "0000:04:00.0", "drm", "renderD129", "226:129\n");
	put_node("devices/pci0000:00/0000:00:02.0", "drm", "renderD128", "226:128\n");
	put_node(PCI_DIR "0000:04:00.0", "drm", "card10", "226:10\n");
	put_node("devices/pci0000:00/0000:00:02.0", "drm", "card2", "226:2\n");
	ds = devices_of_root();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "0000:00:02.0");
	assert_string_equal(d[0].nodes[0].name, "card2");
	assert_string_equal(d[1].gpu, "0000:04:00.0");
	assert_string_equal(d[1].nodes[0].name, "card10");
	assert_string_equal(d[1].driver, "xe");
	assert_ptr_equal(devices_find(ds, makedev(226, 129)), &d[1]);
	if (have_pci_ids())
		assert_memory_equal(d[1].name, "Intel DG2 [", strlen("Intel DG2 ["));
	devices_free(ds);
}

static void a_pci_device_nobody_has_a_name_for_is_called_by_its_driver(void **state)
{
	struct devices *ds;
	const struct device *d;

	(void)state;
	put_pci(PCI_DIR "10000:e1:00.0", "x/amdgpu", "0x1002\n", "0xffff\n");
	put_node(PCI_DIR "10000:e1:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	d = only_device(ds);
	assert_string_equal(d->gpu, "10000:e1:00.0");
	assert_int_equal(d->device_id, 0xffff);
	assert_string_equal(d->name, "amdgpu");
	devices_free(ds);
}

static void an_accelerator_is_a_device_of_its_own(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	put_pci(PCI_DIR "0000:00:0b.0", "x/intel_vpu", "0x8086\n", "0x7d1d\n");
	put_node(PCI_DIR "0000:00:0b.0", "accel", "accel0", "261:0\n");
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[1].gpu, "0000:00:0b.0");
	assert_string_equal(d[1].driver, "intel_vpu");
	assert_string_equal(d[1].nodes[0].name, "accel0");
	assert_ptr_equal(devices_find(ds, makedev(261, 0)), &d[1]);
	assert_ptr_equal(devices_find(ds, makedev(226, 0)), &d[0]);
	devices_free(ds);
}

static void an_accel_node_of_a_gpu_joins_it(void **state)
{
	struct devices *ds;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/habanalabs", "0x1da3\n", "0x1060\n");
	put_node(PCI_DIR "0000:03:00.0", "accel", "accel3", "261:3\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	ds = devices_of_root();
	assert_int_equal(only_device(ds)->n_nodes, 2);
	assert_ptr_equal(devices_find(ds, makedev(261, 3)), devices_find(ds, makedev(226, 128)));
	devices_free(ds);
}

static void a_platform_device_is_called_as_the_device_tree_calls_it(void **state)
{
	static const char mali[] = "rockchip,rk3568-mali\0arm,mali-bifrost";
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	put_device("devices/platform/fde60000.gpu", "x/panfrost", "suspended\n");
	put_bytes("devices/platform/fde60000.gpu/of_node/compatible", mali, sizeof(mali));
	put_node("devices/platform/fde60000.gpu", "drm", "card1", "226:1\n");
	put_node("devices/platform/fde60000.gpu", "drm", "renderD128", "226:128\n");
	put_device("devices/platform/soc@0/ae00000.display-subsystem/ae01000.display-controller",
		   "x/msm_dpu", "unsupported\n");
	put_node("devices/platform/soc@0/ae00000.display-subsystem/ae01000.display-controller",
		 "drm", "card2", "226:2\n");
	ds = devices_of_root();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "fde60000.gpu");
	assert_string_equal(d[0].driver, "panfrost");
	assert_string_equal(d[0].name, "rockchip,rk3568-mali");
	assert_int_equal(d[0].vendor_id, 0);
	assert_int_equal(d[0].power, DEVICE_ASLEEP);
	assert_int_equal(d[0].n_nodes, 2);
	assert_string_equal(d[1].gpu, "ae01000.display-controller");
	assert_string_equal(d[1].name, "msm_dpu");
	assert_int_equal(d[1].power, DEVICE_AWAKE);
	devices_free(ds);
}

static void virtual_devices_have_what_names_they_have(void **state)
{
	static const struct { const char *dir, *driver, *gpu, *name, *driver_name; } cases[] = {
		{ "devices/platform/vgem", NULL, "vgem", "vgem", "" },
		{ "devices/faux/vgem", "x/faux_driver", "vgem", "vgem", "" },
		{ PCI_DIR "0000:00:05.0/virtio2", "x/virtio_gpu", "0000:00:05.0", NULL,
		  "virtio_gpu" },
		{ "devices/platform/a003e00.virtio_mmio/virtio0", "x/virtio_gpu",
		  "a003e00.virtio_mmio", "virtio_gpu", "virtio_gpu" },
	};

	(void)state;
	put_pci(PCI_DIR "0000:00:05.0", "x/virtio-pci", "0x1af4\n", "0x1050\n");
	put_device("devices/platform/a003e00.virtio_mmio", "x/virtio-mmio", "active\n");
	for (size_t i = 0; i < N_OF(cases); i++) {
		struct devices *ds;
		const struct device *d;

		put_device(cases[i].dir, cases[i].driver, "unsupported\n");
		put_node(cases[i].dir, "drm", "card0", "226:0\n");
		ds = devices_of_root();
		d = only_device(ds);
		assert_string_equal(d->gpu, cases[i].gpu);
		assert_string_equal(d->driver, cases[i].driver_name);
		if (cases[i].name)
			assert_string_equal(d->name, cases[i].name);
		else
			assert_int_equal(d->vendor_id, 0x1af4);
		devices_free(ds);
		drop("class");
	}
}

static void nodes_without_a_device_stand_alone(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	put("class/drm/card0/dev", "226:0\n");
	put("class/drm/renderD128/dev", "226:128\n");
	ds = devices_of_root();
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "minor:0");
	assert_string_equal(d[0].name, "minor:0");
	assert_string_equal(d[1].gpu, "minor:128");
	assert_int_equal(d[1].power, DEVICE_POWER_UNKNOWN);
	devices_free(ds);
}

static void the_number_of_a_node_does_not_tell_its_kind(void **state)
{
	struct devices *ds;
	const struct device *d;

	(void)state;
	put_pci(PCI_DIR "0000:83:00.0", "x/amdgpu", "0x1002\n", "0x74a1\n");
	put_node(PCI_DIR "0000:83:00.0", "drm", "card192", "226:192\n");
	put_node(PCI_DIR "0000:83:00.0", "drm", "renderD193", "226:193\n");
	put_node(PCI_DIR "0000:83:00.0", "drm", "renderD1048575", "226:1048575\n");
	ds = devices_of_root();
	d = only_device(ds);
	assert_int_equal(d->n_nodes, 3);
	assert_string_equal(d->nodes[2].name, "renderD1048575");
	assert_ptr_equal(devices_find(ds, makedev(226, 1048575)), d);
	devices_free(ds);
}

static void more_nodes_than_there_is_room_for_are_left_out(void **state)
{
	struct devices *ds;
	char name[16], dev[16];

	(void)state;
	put_pci(PCI_DIR "0000:83:00.0", "x/amdgpu", "0x1002\n", "0x74a1\n");
	for (int i = 0; i < DEVICE_MAX_NODES + 3; i++) {
		snprintf(name, sizeof(name), "renderD%d", 128 + i);
		snprintf(dev, sizeof(dev), "226:%d\n", 128 + i);
		put_node(PCI_DIR "0000:83:00.0", "drm", name, dev);
	}
	ds = devices_of_root();
	assert_int_equal(only_device(ds)->n_nodes, DEVICE_MAX_NODES);
	devices_free(ds);
}

static void a_machine_without_sysfs_or_gpu_has_an_empty_list(void **state)
{
	struct devices *ds;
	size_t n = 1;

	(void)state;
	ds = devices_of_root();
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	assert_null(devices_find(ds, makedev(226, 0)));
	devices_free(ds);
	assert_int_equal(devices_new("/nonexistent", &ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	assert_int_equal(devices_refresh(ds), 0);
	devices_free(ds);
	devices_free(NULL);
	/* this machine, whatever it has: nothing is opened, nothing leaks */
	assert_int_equal(devices_new(NULL, &ds), 0);
	assert_int_equal(devices_refresh(ds), 0);
	devices_free(ds);
}

static void sees_a_device_fall_asleep_and_wake_up(void **state)
{
	static const struct { const char *status; enum device_power power; } cases[] = {
		{ "suspended\n", DEVICE_ASLEEP }, { "resuming\n", DEVICE_AWAKE },
		{ "active\n", DEVICE_AWAKE }, { "suspending\n", DEVICE_ASLEEP },
		{ "unsupported\n", DEVICE_AWAKE }, { "error\n", DEVICE_POWER_UNKNOWN },
		{ "", DEVICE_POWER_UNKNOWN }, { "active once\n", DEVICE_POWER_UNKNOWN },
	};
	struct devices *ds;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	for (size_t i = 0; i < N_OF(cases); i++) {
		put(PCI_DIR "0000:03:00.0/power/runtime_status", cases[i].status);
		assert_int_equal(devices_refresh(ds), 0);
		assert_int_equal(only_device(ds)->power, cases[i].power);
	}
	drop(PCI_DIR "0000:03:00.0/power");
	assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(only_device(ds)->power, DEVICE_POWER_UNKNOWN);
	devices_free(ds);
}

static void sees_devices_come_and_go(void **state)
{
	struct devices *ds;
	const struct device *d;
	size_t n;

	(void)state;
	ds = devices_of_root();
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(only_device(ds)->gpu, "0000:03:00.0");
	/* a render node comes later */
	put_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(only_device(ds)->n_nodes, 2);
	/* another device takes over the name and the number */
	put_pci(PCI_DIR "0000:04:00.0", "x/xe", "0x8086\n", "0x56a0\n");
	put_node(PCI_DIR "0000:04:00.0", "drm", "card0", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	d = devices_list(ds, &n);
	assert_int_equal(n, 2);
	assert_string_equal(d[0].gpu, "0000:04:00.0");
	assert_string_equal(d[1].gpu, "0000:03:00.0");
	assert_int_equal(d[1].n_nodes, 1);
	/* one is unplugged, then the driver of the other unloaded */
	drop("class/drm/card0");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(only_device(ds)->gpu, "0000:03:00.0");
	assert_null(devices_find(ds, makedev(226, 0)));
	drop("class");
	assert_int_equal(devices_refresh(ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	devices_free(ds);
}

static void a_device_that_takes_the_name_of_another_is_another(void **state)
{
	struct devices *ds;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_pci(PCI_DIR "0000:04:00.0", "x/xe", "0x8086\n", "0x56a0\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	put_node(PCI_DIR "0000:04:00.0", "drm", "card0", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(only_device(ds)->gpu, "0000:04:00.0");
	devices_free(ds);
}

static void a_device_whose_driver_was_loaded_again_is_another_instance(void **state)
{
	struct devices *ds;
	uint32_t instance;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	instance = only_device(ds)->instance;
	assert_true(instance);
	assert_int_equal(devices_refresh(ds), 0);
	assert_true(only_device(ds)->instance == instance);
	put_class_link(PCI_DIR "0000:03:00.0", "drm", "card0");
	assert_int_equal(devices_refresh(ds), 0);
	assert_false(only_device(ds)->instance == instance);
	devices_free(ds);
}

static void a_node_that_is_half_there_is_looked_at_again(void **state)
{
	struct devices *ds;
	size_t n;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "garbage\n");
	ds = devices_of_root();
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	put(PCI_DIR "0000:03:00.0/drm/card0/dev", "226:\n");
	assert_int_equal(devices_refresh(ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	drop(PCI_DIR "0000:03:00.0/drm/card0/dev");
	assert_int_equal(devices_refresh(ds), 0);
	devices_list(ds, &n);
	assert_int_equal(n, 0);
	put(PCI_DIR "0000:03:00.0/drm/card0/dev", "226:0\n");
	assert_int_equal(devices_refresh(ds), 0);
	assert_string_equal(only_device(ds)->gpu, "0000:03:00.0");
	devices_free(ds);
}

static void a_refresh_without_news_allocates_nothing(void **state)
{
	struct devices *ds;
	size_t before;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	ds = devices_of_root();
	assert_int_equal(devices_refresh(ds), 0);
	before = allocs_count();
	for (int i = 0; i < 10; i++)
		assert_int_equal(devices_refresh(ds), 0);
	assert_int_equal(allocs_count(), before);
	devices_free(ds);
}

static void out_of_memory_leaves_the_old_list_standing(void **state)
{
	struct devices *ds;
	int err;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	put_node(PCI_DIR "0000:03:00.0", "drm", "renderD128", "226:128\n");
	for (size_t n = 1;; n++) {
		allocs_fail_after(n);
		err = devices_refresh(ds);
		allocs_fail_after(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_int_equal(only_device(ds)->n_nodes, 1);
		assert_true(n < 100);
	}
	assert_int_equal(only_device(ds)->n_nodes, 2);
	devices_free(ds);
	for (size_t n = 1;; n++) {
		allocs_fail_after(n);
		err = devices_new(root, &ds);
		allocs_fail_after(0);
		if (!err)
			break;
		assert_int_equal(err, -ENOMEM);
		assert_true(n < 100);
	}
	assert_int_equal(only_device(ds)->n_nodes, 2);
	devices_free(ds);
}

static void a_directory_that_may_not_be_read_is_an_error(void **state)
{
	struct devices *ds;

	(void)state;
	put_pci(PCI_DIR "0000:03:00.0", "x/amdgpu", "0x1002\n", "0x744c\n");
	put_node(PCI_DIR "0000:03:00.0", "drm", "card0", "226:0\n");
	ds = devices_of_root();
	drop("class/drm");
	put_link("class/drm", "drm");
	assert_int_equal(devices_refresh(ds), -ELOOP);
	assert_string_equal(only_device(ds)->gpu, "0000:03:00.0");
	devices_free(ds);
}

#define TEST(f) cmocka_unit_test_setup_teardown(f, make_root, drop_root)

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(card_and_render_node_of_one_gpu_are_one_device),
		TEST(sensors_of_a_sleeping_device_are_not_read),
		TEST(two_gpus_are_told_apart_and_sorted_by_number),
		TEST(a_pci_device_nobody_has_a_name_for_is_called_by_its_driver),
		TEST(an_accelerator_is_a_device_of_its_own),
		TEST(an_accel_node_of_a_gpu_joins_it),
		TEST(a_platform_device_is_called_as_the_device_tree_calls_it),
		TEST(virtual_devices_have_what_names_they_have),
		TEST(nodes_without_a_device_stand_alone),
		TEST(the_number_of_a_node_does_not_tell_its_kind),
		TEST(more_nodes_than_there_is_room_for_are_left_out),
		TEST(a_machine_without_sysfs_or_gpu_has_an_empty_list),
		TEST(sees_a_device_fall_asleep_and_wake_up),
		TEST(sees_devices_come_and_go),
		TEST(a_device_that_takes_the_name_of_another_is_another),
		TEST(a_device_whose_driver_was_loaded_again_is_another_instance),
		TEST(a_node_that_is_half_there_is_looked_at_again),
		TEST(a_refresh_without_news_allocates_nothing),
		TEST(out_of_memory_leaves_the_old_list_standing),
		TEST(a_directory_that_may_not_be_read_is_an_error),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
