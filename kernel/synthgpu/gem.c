// SPDX-License-Identifier: GPL-2.0-only
/*
 * Buffers. Their pages are ordinary shmem and only exist where a program maps and touches them; in
 * which region a buffer is said to be, and whether it is resident there, is bookkeeping beside
 * that.
 */
#include <drm/drm_vma_manager.h>
#include <linux/dma-resv.h>
#include <linux/sizes.h>
#include <linux/slab.h>

#include "synthgpu.h"

static void bo_free(struct drm_gem_object *obj)
{
	struct synthgpu_device *gpu = to_synthgpu(obj->dev);
	struct synthgpu_bo *bo = to_synthgpu_bo(obj);

	spin_lock(&gpu->mem_lock);
	if (bo->resident)
		bo->region->used -= obj->size;
	list_del(&bo->link);
	spin_unlock(&gpu->mem_lock);
	drm_gem_shmem_free(&bo->shmem);
}

static const struct drm_gem_object_funcs bo_funcs = {
	.free = bo_free,
	.print_info = drm_gem_shmem_object_print_info,
	.pin = drm_gem_shmem_object_pin,
	.unpin = drm_gem_shmem_object_unpin,
	.get_sg_table = drm_gem_shmem_object_get_sg_table,
	.vmap = drm_gem_shmem_object_vmap,
	.vunmap = drm_gem_shmem_object_vunmap,
	.mmap = drm_gem_shmem_object_mmap,
	.vm_ops = &drm_gem_shmem_vm_ops,
};

struct drm_gem_object *synthgpu_gem_create_object(struct drm_device *drm, size_t size)
{
	struct synthgpu_bo *bo = kzalloc(sizeof(*bo), GFP_KERNEL_ACCOUNT);

	if (!bo)
		return ERR_PTR(-ENOMEM);
	bo->shmem.base.funcs = &bo_funcs;
	INIT_LIST_HEAD(&bo->link);
	return &bo->shmem.base;
}

/* Makes room for size bytes, at the cost of buffers that may be taken, and uses it. */
static int region_use(struct synthgpu_region *region, u64 size)
{
	struct synthgpu_bo *bo, *next;

	if (size > region->size)
		return -ENOSPC;
	list_for_each_entry_safe(bo, next, &region->purgeable, link) {
		if (size <= region->size - region->used)
			break;
		bo->resident = false;
		list_del_init(&bo->link);
		region->used -= bo->shmem.base.size;
	}
	if (size > region->size - region->used)
		return -ENOSPC;
	region->used += size;
	return 0;
}

int synthgpu_gem_create_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(drm);
	struct drm_synthgpu_gem_create *args = data;
	struct drm_gem_shmem_object *shmem;
	struct synthgpu_region *region;
	struct synthgpu_bo *bo;
	int err;

	if (args->region >= gpu->config->nregions || !args->size)
		return -EINVAL;
	region = &gpu->regions[args->region];
	if (args->size > region->size)
		return -ENOSPC;
	shmem = drm_gem_shmem_create(drm, PAGE_ALIGN(args->size));
	if (IS_ERR(shmem))
		return PTR_ERR(shmem);
	bo = to_synthgpu_bo(&shmem->base);
	bo->region = region;
	spin_lock(&gpu->mem_lock);
	err = region_use(region, shmem->base.size);
	bo->resident = !err;
	spin_unlock(&gpu->mem_lock);
	if (!err)
		err = drm_gem_handle_create(file, &shmem->base, &args->handle);
	args->size = shmem->base.size;
	args->mmap_offset = drm_vma_node_offset_addr(&shmem->base.vma_node);
	drm_gem_object_put(&shmem->base);
	return err;
}

int synthgpu_gem_madvise_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(drm);
	struct drm_synthgpu_gem_madvise *args = data;
	struct drm_gem_object *obj;
	struct synthgpu_bo *bo;
	int err = 0;

	if (args->pad || args->advice > SYNTHGPU_MADV_DONTNEED)
		return -EINVAL;
	obj = drm_gem_object_lookup(file, args->handle);
	if (!obj)
		return -ENOENT;
	bo = to_synthgpu_bo(obj);
	spin_lock(&gpu->mem_lock);
	if (!bo->region) {
		err = -EINVAL;
	} else {
		bo->purgeable = args->advice == SYNTHGPU_MADV_DONTNEED;
		list_del_init(&bo->link);
		if (bo->purgeable && bo->resident)
			list_add_tail(&bo->link, &bo->region->purgeable);
		args->retained = bo->resident;
	}
	spin_unlock(&gpu->mem_lock);
	drm_gem_object_put(obj);
	return err;
}

int synthgpu_bo_add_fence(struct drm_file *file, u32 handle, struct dma_fence *fence)
{
	struct drm_gem_object *obj = drm_gem_object_lookup(file, handle);
	int err;

	if (!obj)
		return -ENOENT;
	err = dma_resv_lock_interruptible(obj->resv, NULL);
	if (err)
		goto put;
	err = dma_resv_reserve_fences(obj->resv, 1);
	if (!err)
		dma_resv_add_fence(obj->resv, fence, DMA_RESV_USAGE_WRITE);
	dma_resv_unlock(obj->resv);
put:
	drm_gem_object_put(obj);
	return err;
}

void synthgpu_memory_stats(struct drm_file *file, const struct synthgpu_region *region,
			   struct drm_memory_stats *ret)
{
	struct drm_memory_stats stats = {};
	struct drm_gem_object *obj;
	int id;

	spin_lock(&file->table_lock);
	idr_for_each_entry(&file->object_idr, obj, id) {
		struct synthgpu_bo *bo = to_synthgpu_bo(obj);
		bool active;

		if (bo->region != region)
			continue;
		active = !dma_resv_test_signaled(obj->resv, DMA_RESV_USAGE_READ);
		if (obj->handle_count > 1 || obj->dma_buf)
			stats.shared += obj->size;
		else
			stats.private += obj->size;
		if (READ_ONCE(bo->resident)) {
			stats.resident += obj->size;
			if (active)
				stats.active += obj->size;
			else if (READ_ONCE(bo->purgeable))
				stats.purgeable += obj->size;
		}
	}
	spin_unlock(&file->table_lock);
	*ret = stats;
}

void synthgpu_regions_init(struct synthgpu_device *gpu)
{
	unsigned int i;

	spin_lock_init(&gpu->mem_lock);
	for (i = 0; i < gpu->config->nregions; i++) {
		struct synthgpu_region *region = &gpu->regions[i];

		region->name = gpu->config->regions[i].name;
		region->size = gpu->config->regions[i].number * SZ_1M;
		INIT_LIST_HEAD(&region->purgeable);
	}
}
