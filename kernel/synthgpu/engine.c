// SPDX-License-Identifier: GPL-2.0-only
/*
 * Engines do nothing but let time pass. Time is not what the timer says but what the jobs say: a
 * job that starts at t ends at t + duration, its successor starts right then, and a timer that
 * fires late only learns of it late. So all counters are exact at any instant, whoever looks first
 * moves them there.
 */
#include <drm/drm_drv.h>
#include <drm/drm_utils.h>
#include <linux/file.h>
#include <linux/module.h>
#include <linux/slab.h>
#include <linux/sync_file.h>

#include "synthgpu.h"

struct synthgpu_job {
	struct dma_fence fence;		/* holds the job's memory */
	spinlock_t fence_lock;		/* in here, as a sync_file can outlive the device */
	char engine_name[SYNTHGPU_NAME_LEN];
	struct list_head link;		/* in the engine's queue, or in a list of done jobs */
	struct list_head client_link;
	struct synthgpu_client *client;
	struct synthgpu_engine *engine;
	u64 id;
	u64 start_ns;			/* of the present run */
	u64 duration_ns;		/* of one run */
	u32 runs_left;			/* the present one included */
};

static struct synthgpu_job *to_job(struct dma_fence *fence)
{
	return container_of(fence, struct synthgpu_job, fence);
}

static const char *fence_driver_name(struct dma_fence *fence)
{
	return "synthgpu";
}

static const char *fence_timeline_name(struct dma_fence *fence)
{
	return to_job(fence)->engine_name;
}

/* The module's exit waits with rcu_barrier() until this has returned. */
static void fence_free(struct rcu_head *rcu)
{
	kfree(to_job(container_of(rcu, struct dma_fence, rcu)));
	module_put(THIS_MODULE);
}

static void fence_release(struct dma_fence *fence)
{
	call_rcu(&fence->rcu, fence_free);
}

static const struct dma_fence_ops fence_ops = {
	.get_driver_name = fence_driver_name,
	.get_timeline_name = fence_timeline_name,
	.release = fence_release,
};

static struct synthgpu_job *job_new(struct synthgpu_engine *engine, struct synthgpu_client *client,
				    const struct drm_synthgpu_submit *args)
{
	struct synthgpu_job *job = kzalloc(sizeof(*job), GFP_KERNEL_ACCOUNT);

	if (!job)
		return NULL;
	/* The fence may be held after the last descriptor of the device is closed. */
	__module_get(THIS_MODULE);
	spin_lock_init(&job->fence_lock);
	strscpy(job->engine_name, engine->name, sizeof(job->engine_name));
	job->engine = engine;
	job->client = client;
	job->duration_ns = args->duration_us * (u64)NSEC_PER_USEC;
	job->runs_left = args->repeat;
	/* A context of its own, since jobs do not end in the order in which they were submitted. */
	dma_fence_init(&job->fence, &fence_ops, &job->fence_lock, dma_fence_context_alloc(1), 1);
	return job;
}

static u64 job_end_ns(const struct synthgpu_job *job)
{
	return job->start_ns + job->duration_ns;
}

static void job_retire(struct synthgpu_job *job, struct list_head *done)
{
	list_del_init(&job->client_link);
	job->client->njobs--;
	job->client = NULL;
	list_add_tail(&job->link, done);
}

static void instance_start(struct synthgpu_engine *engine, unsigned int i, u64 now_ns)
{
	struct synthgpu_job *job;

	job = list_first_entry_or_null(&engine->queue, struct synthgpu_job, link);
	if (job) {
		list_del_init(&job->link);
		job->start_ns = now_ns;
	}
	engine->running[i] = job;
}

/* Takes the job from the instance and accounts for it; the caller says what becomes of both. */
static struct synthgpu_job *instance_stop(struct synthgpu_engine *engine, unsigned int i,
					  u64 now_ns)
{
	struct synthgpu_job *job = engine->running[i];
	u64 ran_ns = now_ns - job->start_ns;

	engine->running[i] = NULL;
	engine->busy_ns += ran_ns;
	job->client->busy_ns[engine - engine->gpu->engines] += ran_ns;
	return job;
}

/* The instance whose job ends first, or -1. */
static int engine_first_to_end(const struct synthgpu_engine *engine)
{
	int first = -1;
	unsigned int i;

	for (i = 0; i < engine->capacity; i++) {
		const struct synthgpu_job *job = engine->running[i];

		if (job && (first < 0 || job_end_ns(job) < job_end_ns(engine->running[first])))
			first = i;
	}
	return first;
}

static void engine_arm(struct synthgpu_engine *engine)
{
	int first = engine_first_to_end(engine);

	if (first >= 0)
		hrtimer_start(&engine->timer, ns_to_ktime(job_end_ns(engine->running[first])),
			      HRTIMER_MODE_ABS);
}

static void engine_advance(struct synthgpu_engine *engine, u64 now_ns, struct list_head *done)
{
	int i;

	while ((i = engine_first_to_end(engine)) >= 0) {
		struct synthgpu_job *job = engine->running[i];
		u64 end_ns = job_end_ns(job);

		if (end_ns > now_ns)
			return;
		instance_stop(engine, i, end_ns);
		if (--job->runs_left)
			list_add_tail(&job->link, &engine->queue);
		else
			job_retire(job, done);
		/* A queue only forms while no instance is idle: what waits, waited by then. */
		instance_start(engine, i, end_ns);
	}
}

u64 synthgpu_engines_advance(struct synthgpu_device *gpu, struct list_head *done)
{
	u64 now_ns = ktime_get_ns();
	unsigned int i;

	lockdep_assert_held(&gpu->jobs_lock);
	for (i = 0; i < gpu->config->nengines; i++)
		engine_advance(&gpu->engines[i], now_ns, done);
	return now_ns;
}

void synthgpu_jobs_finish(struct synthgpu_device *gpu, struct list_head *done)
{
	struct synthgpu_job *job, *next;

	list_for_each_entry_safe(job, next, done, link) {
		list_del_init(&job->link);
		dma_fence_signal(&job->fence);
		dma_fence_put(&job->fence);
		synthgpu_rest(gpu);
	}
}

static enum hrtimer_restart engine_timer(struct hrtimer *timer)
{
	struct synthgpu_engine *engine = container_of(timer, struct synthgpu_engine, timer);
	struct synthgpu_device *gpu = engine->gpu;
	unsigned long flags;
	LIST_HEAD(done);

	spin_lock_irqsave(&gpu->jobs_lock, flags);
	engine_advance(engine, ktime_get_ns(), &done);
	engine_arm(engine);
	spin_unlock_irqrestore(&gpu->jobs_lock, flags);
	synthgpu_jobs_finish(gpu, &done);
	return HRTIMER_NORESTART;
}

/* Ends the client's jobs, or everybody's if client is NULL, at the present instant. */
static void jobs_cancel(struct synthgpu_device *gpu, const struct synthgpu_client *client,
			int error, struct list_head *done)
{
	u64 now_ns = synthgpu_engines_advance(gpu, done);
	struct synthgpu_engine *engine;
	struct synthgpu_job *job, *next;
	unsigned int i;

	for (engine = gpu->engines; engine < gpu->engines + gpu->config->nengines; engine++) {
		list_for_each_entry_safe(job, next, &engine->queue, link) {
			if (client && job->client != client)
				continue;
			list_del(&job->link);
			dma_fence_set_error(&job->fence, error);
			job_retire(job, done);
		}
		for (i = 0; i < engine->capacity; i++) {
			job = engine->running[i];
			if (!job || (client && job->client != client))
				continue;
			instance_stop(engine, i, now_ns);
			dma_fence_set_error(&job->fence, error);
			job_retire(job, done);
			instance_start(engine, i, now_ns);
		}
		engine_arm(engine);
	}
}

void synthgpu_client_add(struct synthgpu_device *gpu, struct synthgpu_client *client)
{
	INIT_LIST_HEAD(&client->jobs);
	mutex_lock(&gpu->clients_lock);
	list_add_tail(&client->link, &gpu->clients);
	mutex_unlock(&gpu->clients_lock);
}

void synthgpu_client_remove(struct synthgpu_device *gpu, struct synthgpu_client *client)
{
	unsigned int i;
	LIST_HEAD(done);

	mutex_lock(&gpu->clients_lock);
	spin_lock_irq(&gpu->jobs_lock);
	jobs_cancel(gpu, client, -ECANCELED, &done);
	for (i = 0; i < gpu->config->nengines; i++)
		gpu->engines[i].exited_ns += client->busy_ns[i];
	spin_unlock_irq(&gpu->jobs_lock);
	list_del(&client->link);
	gpu->nexited++;
	mutex_unlock(&gpu->clients_lock);
	synthgpu_jobs_finish(gpu, &done);
}

u64 synthgpu_client_busy_ns(const struct synthgpu_engine *engine,
			    const struct synthgpu_client *client, u64 now_ns)
{
	u64 busy_ns = client->busy_ns[engine - engine->gpu->engines];
	unsigned int i;

	for (i = 0; i < engine->capacity; i++)
		if (engine->running[i] && engine->running[i]->client == client)
			busy_ns += now_ns - engine->running[i]->start_ns;
	return busy_ns;
}

u64 synthgpu_engine_busy_ns(const struct synthgpu_engine *engine, u64 now_ns)
{
	u64 busy_ns = engine->busy_ns;
	unsigned int i;

	for (i = 0; i < engine->capacity; i++)
		if (engine->running[i])
			busy_ns += now_ns - engine->running[i]->start_ns;
	return busy_ns;
}

/* Hands the job, and the caller's wake reference, to the engine. */
static int engine_queue(struct synthgpu_job *job, struct synthgpu_client *client, u64 *ret_id)
{
	struct synthgpu_engine *engine = job->engine;
	struct synthgpu_device *gpu = engine->gpu;
	unsigned int i;
	u64 now_ns;
	int err = 0;
	LIST_HEAD(done);

	spin_lock_irq(&gpu->jobs_lock);
	now_ns = synthgpu_engines_advance(gpu, &done);
	if (client->njobs >= SYNTHGPU_MAX_JOBS) {
		err = -EBUSY;
		goto unlock;
	}
	job->id = ++client->last_job;
	*ret_id = job->id;
	client->njobs++;
	list_add_tail(&job->client_link, &client->jobs);
	list_add_tail(&job->link, &engine->queue);
	dma_fence_get(&job->fence);
	for (i = 0; i < engine->capacity; i++) {
		if (!engine->running[i]) {
			instance_start(engine, i, now_ns);
			break;
		}
	}
	engine_arm(engine);
unlock:
	spin_unlock_irq(&gpu->jobs_lock);
	synthgpu_jobs_finish(gpu, &done);
	return err;
}

static int job_submit(struct synthgpu_device *gpu, struct drm_file *file,
		      struct drm_synthgpu_submit *args)
{
	struct synthgpu_client *client = to_synthgpu_client(file);
	struct sync_file *sync_file = NULL;
	struct synthgpu_job *job;
	int fd = -1, err;

	job = job_new(&gpu->engines[args->engine], client, args);
	if (!job)
		return -ENOMEM;
	if (args->flags & SYNTHGPU_SUBMIT_FENCE) {
		fd = get_unused_fd_flags(O_CLOEXEC);
		err = fd;
		if (fd < 0)
			goto put_fence;
		sync_file = sync_file_create(&job->fence);
		err = -ENOMEM;
		if (!sync_file)
			goto put_fd;
	}
	if (args->bo_handle) {
		err = synthgpu_bo_add_fence(file, args->bo_handle, &job->fence);
		if (err)
			goto put_sync_file;
	}
	err = synthgpu_wake(gpu, SYNTHGPU_WAKE_SUBMIT);
	if (err)
		goto fail_fence;
	err = engine_queue(job, client, &args->job);
	if (err)
		goto rest;
	if (sync_file) {
		fd_install(fd, sync_file->file);
		args->fence_fd = fd;
	}
	dma_fence_put(&job->fence);
	return 0;

rest:
	synthgpu_rest(gpu);
fail_fence:
	/* The buffer may know the fence already: nobody shall wait for it. */
	dma_fence_set_error(&job->fence, err);
	dma_fence_signal(&job->fence);
put_sync_file:
	if (sync_file)
		fput(sync_file->file);
put_fd:
	if (fd >= 0)
		put_unused_fd(fd);
put_fence:
	dma_fence_put(&job->fence);
	return err;
}

int synthgpu_submit_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	struct synthgpu_device *gpu = to_synthgpu(drm);
	struct drm_synthgpu_submit *args = data;
	int idx, err;

	if (args->engine >= gpu->config->nengines || !args->repeat ||
	    args->duration_us < SYNTHGPU_MIN_DURATION_US ||
	    args->duration_us > SYNTHGPU_MAX_DURATION_US || args->flags & ~SYNTHGPU_SUBMIT_FENCE)
		return -EINVAL;
	/* After unplug no job may come, or the timers would outlive the device. */
	if (!drm_dev_enter(drm, &idx))
		return -ENODEV;
	err = job_submit(gpu, file, args);
	drm_dev_exit(idx);
	return err;
}

static int job_find(struct synthgpu_device *gpu, struct synthgpu_client *client, u64 id,
		    struct dma_fence **ret)
{
	struct dma_fence *fence = NULL;
	struct synthgpu_job *job;
	int err = 0;

	spin_lock_irq(&gpu->jobs_lock);
	if (!id || id > client->last_job)
		err = -EINVAL;
	else
		list_for_each_entry(job, &client->jobs, client_link)
			if (job->id == id)
				fence = dma_fence_get(&job->fence);
	spin_unlock_irq(&gpu->jobs_lock);
	if (!err)
		*ret = fence;
	return err;
}

int synthgpu_wait_ioctl(struct drm_device *drm, void *data, struct drm_file *file)
{
	const struct drm_synthgpu_wait *args = data;
	struct dma_fence *fence;
	long left;
	int err;

	err = job_find(to_synthgpu(drm), to_synthgpu_client(file), args->job, &fence);
	if (err || !fence)
		return err;
	left = dma_fence_wait_timeout(fence, true, drm_timeout_abs_to_jiffies(args->timeout_ns));
	if (left < 0)
		err = left;
	else if (!left)
		err = -ETIME;
	else
		err = min(dma_fence_get_status(fence), 0);
	dma_fence_put(fence);
	return err;
}

void synthgpu_engines_init(struct synthgpu_device *gpu)
{
	unsigned int i;

	for (i = 0; i < gpu->config->nengines; i++) {
		struct synthgpu_engine *engine = &gpu->engines[i];

		engine->gpu = gpu;
		engine->name = gpu->config->engines[i].name;
		engine->capacity = gpu->config->engines[i].number;
		INIT_LIST_HEAD(&engine->queue);
		hrtimer_setup(&engine->timer, engine_timer, CLOCK_MONOTONIC, HRTIMER_MODE_ABS);
	}
}

void synthgpu_engines_stop(struct synthgpu_device *gpu)
{
	unsigned int i;
	LIST_HEAD(done);

	spin_lock_irq(&gpu->jobs_lock);
	jobs_cancel(gpu, NULL, -ENODEV, &done);
	spin_unlock_irq(&gpu->jobs_lock);
	synthgpu_jobs_finish(gpu, &done);
	for (i = 0; i < gpu->config->nengines; i++)
		hrtimer_cancel(&gpu->engines[i].timer);
}
