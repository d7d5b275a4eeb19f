/* SPDX-License-Identifier: MIT */
#include "action.h"

#include <stdio.h>

#include "../fdinfo/number.h"

#define SLOWEST (-1)
#define FASTEST 4
#define LEAST_NS UINT64_C(100000000)
#define MOST_NS UINT64_C(60000000000)

static void request(struct model *m, enum request_kind kind, int64_t value)
{
	m->request = (struct request){ kind, value };
}

ACTION(step)
{
	if (m->mode == MODE_LIVE && *arg == '-') {
		model_say(m, "Only a recording can go back.");
		return;
	}
	m->paused = true;
	request(m, REQUEST_STEP, *arg == '-' ? -1 : 1);
}

ACTION(left)
{
	if (m->mode == MODE_LIVE || m->page == PAGE_PLOT)
		act_columns_left(m, on, arg);
	else
		request(m, REQUEST_STEP, -10);
}

ACTION(right)
{
	if (m->mode == MODE_LIVE || m->page == PAGE_PLOT)
		act_columns_right(m, on, arg);
	else
		request(m, REQUEST_STEP, 10);
}

static void share_written(struct model *m, const struct model_context *on, const char *text)
{
	struct str s = str_of(text ? text : "");
	uint64_t percent;

	(void)on;
	if (s.len > 0 && s.ptr[s.len - 1] == '%')
		s.len--;
	if (!text)
		return;
	if (parse_number(s, 0, 100, &percent))
		model_say(m, "A number from 0 to 100 says where in the recording.");
	else
		request(m, REQUEST_SEEK, (int64_t)percent * 100);
}

ACTION(seek)
{
	if (m->mode == MODE_LIVE) {
		model_say(m, "Only a recording has other places to go to.");
		return;
	}
	prompt_open(&m->prompt, "Go to (percent of the recording):", "");
	m->prompt.done = share_written;
}

static void delay_written(struct model *m, const struct model_context *on, const char *text)
{
	uint64_t ns;

	(void)on;
	if (!text)
		return;
	if (parse_seconds(text, &ns)) {
		model_say(m, "The time between frames is 0.01 to 86400 seconds.");
		return;
	}
	m->delay_ns = ns;
	request(m, REQUEST_PACE, 0);
}

ACTION(delay)
{
	char text[32] = "";

	if (m->delay_ns)
		snprintf(text, sizeof(text), "%llu.%02llu", (unsigned long long)(m->delay_ns / NSEC_PER_SEC),
			 (unsigned long long)(m->delay_ns / 10000000 % 100));
	prompt_open(&m->prompt, "Seconds between frames:", text);
	m->prompt.done = delay_written;
}

ACTION(pace)
{
	bool is_more = *arg == '+';

	if (m->mode == MODE_LIVE) {
		m->delay_ns = is_more ? m->delay_ns * 2 : m->delay_ns / 2;
		if (m->delay_ns < LEAST_NS)
			m->delay_ns = LEAST_NS;
		if (m->delay_ns > MOST_NS)
			m->delay_ns = MOST_NS;
		model_say(m, "%g s between frames.", (double)m->delay_ns / 1e9);
	} else {
		m->speed += is_more ? m->speed < FASTEST : -(m->speed > SLOWEST);
	}
	request(m, REQUEST_PACE, 0);
}
