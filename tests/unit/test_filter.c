/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "report/filter.h"
#include "sample.h"

/* The clients of the sample that fit, by number: "0 2 3". */
static const char *clients_of(const char *text, char ret[static 64])
{
	struct buf scratch = { 0 };
	struct filter_error error;
	struct filter f;
	int len = 0;

	if (filter_parse(text, &f, &error))
		fail_msg("'%s': at %zu: expected %s", text, error.at, error.expected);
	ret[0] = '\0';
	for (int i = 0; i < N_SAMPLE_CLIENTS; i++)
		if (filter_matches(&f, &sample.clients[i], &scratch))
			len += snprintf(ret + len, 64 - (size_t)len, "%s%d", len ? " " : "", i);
	buf_done(&scratch);
	return ret;
}

static void finds_the_clients_that_fit(void **state)
{
	static const struct { const char *text, *clients; } cases[] = {
		{ "", "0 1 2 3 4 5 6" }, { " \t", "0 1 2 3 4 5 6" },

		/* plain text is looked for in the command, whatever the case */
		{ "mpv", "0" }, { "MPV", "0" }, { "/usr/lib", "1 2" }, { "xorg", "2" }, { "nothing", "" },
		{ "python train", "5" }, { "train python", "5" }, { "\"python train\"", "5" },
		{ "'train python'", "" }, { "--hwdec", "0" }, { "\"and\"", "" },

		/* text */
		{ "user=alice", "0 3 4" }, { "user = alice", "0 3 4" }, { "user='alice'", "0 3 4" },
		{ "user=Alice", "" }, { "user!=alice", "1 2 5" }, { "user~LI", "0 3 4" }, { "user<bob", "0 3 4" },
		{ "user>=bob", "1 2 5" }, { "comm=and", "" }, { "cgroup~\"session-2\"", "1" },
		{ "driver=xe", "3 4 5" }, { "holders~62:5", "2" },

		/* counts */
		{ "pid=42", "0" }, { "pid>=70", "3 4 5 6" }, { "pid!=70", "0 1 2 5 6" }, { "uid=0", "2" },
		{ "id>0", "0 1 2 3 4" }, { "cycles:rcs=18446744073709551614", "5" },

		/* shares: percent, with or without the sign */
		{ "busy:gfx>10%", "0 2" }, { "busy:gfx>=50", "0" }, { "busy:gfx<50%", "1 2" },
		{ "busy:gfx=50.0%", "0" }, { "busy>0", "0 2 3 5" }, { "use>100%", "3" }, { "use<0.001%", "1 5" },

		/* sizes */
		{ "memory>100M", "0" }, { "memory>100MiB", "0" }, { "memory=124mib", "0" },
		{ "total:vram>=0.25G", "1" }, { "memory<10485760", "1 3" }, { "resident:gtt=65536K", "0" },
		{ "total:vram=52428800B", "2" },

		/* times */
		{ "gputime>=5s", "0" }, { "gputime>=1000ms", "0 1 2" }, { "gputime=7", "0" },
		{ "age<1.5s", "3 4 5" }, { "age<1us", "4" }, { "interval>999999999ns", "0 1 2 3 5" },

		/* an engine is its busy share, a region its memory */
		{ "gfx>10%", "0 2" }, { "gfx>10", "0 2" }, { "vcs>=75%", "3" }, { "vram>50M", "0" },
		{ "vram=62914560", "0" }, { "vram>10%", "" }, { "gfx>1M", "" }, { "none>0", "" }, { "none=0", "" },

		/* what is not known fits no comparison */
		{ "dec>=0", "0 1" }, { "dec<1", "1" }, { "dec!=5", "0 1" }, { "not dec>=0", "2 3 4 5 6" },

		/* together */
		{ "user=alice and gfx>10%", "0" }, { "user=alice gfx>10%", "0" }, { "user=alice or user=bob", "0 1 3 4 5" },
		{ "user=alice or user=bob and gfx=0", "0 1 3 4" }, { "(user=alice or user=bob) and gfx=0", "1" },
		{ "not user=alice", "1 2 5 6" }, { "not not user=alice", "0 3 4" },
		{ "not user=alice and pid<61", "1 2" }, { "not (user=alice or pid<61)", "5 6" },
		{ "NOT mpv AND (user=alice OR xorg)", "2 3 4" }, { "((mpv))", "0" }, { "mpv or xorg", "0 2" },
		{ "pid=42(user=alice)", "0" },
	};
	char clients[64];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		if (strcmp(clients_of(cases[i].text, clients), cases[i].clients) != 0)
			fail_msg("'%s': %s instead of %s", cases[i].text, clients, cases[i].clients);
}

static void says_where_and_what_was_expected(void **state)
{
	static const struct { const char *text; size_t at; const char *expected; } cases[] = {
		{ "user=", 5, "a value" }, { "user==alice", 5, "a value" }, { "user=(", 5, "a value" },
		{ "=alice", 0, "a field, a text or a parenthesis" },
		{ "mpv and", 7, "a field, a text or a parenthesis" },
		{ "not", 3, "a field, a text or a parenthesis" },
		{ "()", 1, "a field, a text or a parenthesis" },
		{ "or mpv", 0, "a field, a text or a parenthesis" },
		{ "(mpv", 4, "a closing parenthesis" },
		{ "mpv)", 3, "\"and\", \"or\" or the end" },
		{ "pid=42 =3", 7, "\"and\", \"or\" or the end" },
		{ "user='ali", 9, "a closing quote" }, { "user=''", 6, "a text" },
		{ "x and usr=alice", 6, "a field" }, { "busy:=3", 0, "a field" }, { "pid:gfx=3", 0, "a field" },
		{ "gfx~1", 0, "a field" }, { "pid~4", 0, "a field with text" },
		{ "pid=x", 4, "a number" }, { "pid=1K", 4, "a number" }, { "pid=-1", 4, "a number" },
		{ "pid=18446744073709551615", 4, "a number" }, { "pid=99999999999999999999", 4, "a number" },
		{ "memory>10%", 7, "a size such as 512M" }, { "memory>M", 7, "a size such as 512M" },
		{ "memory>20000000T", 7, "a size such as 512M" }, { "memory>20000000.5T", 7, "a size such as 512M" },
		{ "use>1M", 4, "a percentage such as 10%" }, { "use>1.2.3", 4, "a percentage such as 10%" },
		{ "gputime>1m", 8, "a time such as 1.5s" },
	};
	struct filter f = { .n = 0 };
	struct filter_error error;

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		assert_int_equal(filter_parse(cases[i].text, &f, &error), -EINVAL);
		if (error.at != cases[i].at || strcmp(error.expected, cases[i].expected) != 0)
			fail_msg("'%s': at %zu: %s", cases[i].text, error.at, error.expected);
	}
	assert_int_equal(f.n, 0);
}

static void long_expressions_are_refused(void **state)
{
	char text[FILTER_MAX_TEXT + 1] = "";
	struct filter_error error;
	struct filter f;

	(void)state;
	for (size_t i = 0; i < FILTER_MAX_NODES; i++)
		text[i] = i % 2 ? ' ' : 'a';
	assert_int_equal(filter_parse(text, &f, &error), 0);
	assert_int_equal(f.n, FILTER_MAX_NODES - 1);
	text[FILTER_MAX_NODES] = 'a';
	assert_int_equal(filter_parse(text, &f, &error), -EINVAL);
	assert_string_equal(error.expected, "fewer conditions");
	memset(text, '(', FILTER_MAX_TEXT - 1);
	assert_int_equal(filter_parse(text, &f, &error), -EINVAL);
	assert_int_equal(error.at, FILTER_MAX_TEXT - 1);
	text[FILTER_MAX_TEXT - 1] = '(';
	assert_int_equal(filter_parse(text, &f, &error), -EINVAL);
	assert_string_equal(error.expected, "a shorter expression");
}

/* What is said of @text on the @n @devices. */
static void check_absent(const char *text, const struct snapshot_device *const *devices, size_t n,
			 const char *expected)
{
	struct buf said = { 0 };
	struct filter_error error;
	struct filter f;

	assert_int_equal(filter_parse(text, &f, &error), 0);
	filter_say_absent(&f, devices, n, "", &said);
	if (said.err || strcmp(buf_str(&said).ptr, expected) != 0)
		fail_msg("'%s': \"%s\" instead of \"%s\"", text, buf_str(&said).ptr, expected);
	buf_done(&said);
}

static void names_that_no_device_has_are_told(void **state)
{
	static const struct { const char *text, *said; } cases[] = {
		{ "", "" }, { "mpv", "" }, { "user=nobody", "" }, { "gfx>10% vram>1G", "" }, { "busy>99%", "" },
		{ "busy:vcs>10% or mem:vram0>0", "" },
		{ "user=alice and (render>10% or vram>1G)",
		  "no client has an engine or region 'render'; there are: gfx, dec, vram, gtt, rcs, vcs, vram0" },
		{ "gfx>10% or not (rcs>1 or vram1>1G) or render>1", "no client has an engine or region 'vram1'; "
		  "there are: gfx, dec, vram, gtt, rcs, vcs, vram0" },
		{ "busy:vram>10%", "no client has an engine 'vram'; there are: gfx, dec, rcs, vcs" },
		{ "cycles:GFX>1", "no client has an engine 'GFX'; there are: gfx, dec, rcs, vcs" },
		{ "resident:gfx>1M", "no client has a region 'gfx'; there are: vram, gtt, vram0" },
		{ "\"a\033[2J\\\">1", "no client has an engine or region 'a\\033[2J\\\\'; "
		  "there are: gfx, dec, vram, gtt, rcs, vcs, vram0" },
	};
	const struct snapshot_device *all[] = { &sample.devices[0], &sample.devices[1], &sample.devices[2] };
	struct snapshot_device unused = sample.devices[1];
	const struct snapshot_device *const only_unused[] = { &unused };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++)
		check_absent(cases[i].text, all, N_OF(all), cases[i].said);
	/* of the devices asked about, of which the last has clients and nothing else */
	check_absent("gfx>1", &all[1], 1, "no client has an engine or region 'gfx'; there are: rcs, vcs, vram0");
	check_absent("gfx>1", &all[2], 1, "no client has an engine or region 'gfx'; there are none");
	check_absent("gfx>1", all, 0, "");
	unused.n_clients = 0;
	check_absent("gfx>1", only_unused, 1, "");
}

static void names_in_a_sentence_are_few_and_harmless(void **state)
{
	struct snapshot_engine engines[20];
	struct snapshot_device d = { .engines = engines, .n_engines = N_OF(engines), .n_clients = 1 };
	const struct snapshot_device *const devices[] = { &d, &d };

	(void)state;
	for (size_t i = 0; i < N_OF(engines); i++)
		engines[i] = (struct snapshot_engine){ .name = &"abcdefghijklmnopqrst"[i] };
	engines[0].name = "\033[31m\n\xff";
	check_absent("gfx>1", devices, 2, "no client has an engine or region 'gfx'; there are: "
		     "\\033[31m\\n\xef\xbf\xbd, bcdefghijklmnopqrst, cdefghijklmnopqrst, defghijklmnopqrst, "
		     "efghijklmnopqrst, fghijklmnopqrst, ghijklmnopqrst, hijklmnopqrst, ijklmnopqrst, jklmnopqrst, "
		     "klmnopqrst, lmnopqrst, mnopqrst, nopqrst, opqrst, pqrst, ...");
	d.n_engines = 1;
	check_absent("gfx>1", devices, 2, "no client has an engine or region 'gfx'; there are: "
		     "\\033[31m\\n\xef\xbf\xbd");
}

static void a_filter_may_be_copied(void **state)
{
	struct buf scratch = { 0 };
	struct filter_error error;
	struct filter f, copy;

	(void)state;
	assert_int_equal(filter_parse("user=alice mpv", &f, &error), 0);
	copy = f;
	memset(&f, 0xff, sizeof(f));
	assert_true(filter_matches(&copy, &sample.clients[SAMPLE_MPV], &scratch));
	assert_false(filter_matches(&copy, &sample.clients[SAMPLE_IDLE], &scratch));
	buf_done(&scratch);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(finds_the_clients_that_fit),
		cmocka_unit_test(says_where_and_what_was_expected),
		cmocka_unit_test(long_expressions_are_refused),
		cmocka_unit_test(names_that_no_device_has_are_told),
		cmocka_unit_test(names_in_a_sentence_are_few_and_harmless),
		cmocka_unit_test(a_filter_may_be_copied),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
