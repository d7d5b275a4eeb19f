/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <math.h>
#include <string.h>

#include "report/report.h"
#include "report/text.h"

#define BAD "\357\277\275"

/* Text with its length, as a NUL is a byte like any other. */
#define STR(literal) { literal, sizeof(literal) - 1 }

static void decodes_what_utf8_allows(void **state)
{
	static const struct { struct str in; uint32_t code; size_t len; } cases[] = {
		{ STR("a"), 'a', 1 }, { STR("\0"), 0, 1 }, { STR("\177"), 0x7f, 1 },
		{ STR("\302\200"), 0x80, 2 }, { STR("\337\277"), 0x7ff, 2 },
		{ STR("\340\240\200"), 0x800, 3 }, { STR("\357\277\277"), 0xffff, 3 },
		{ STR("\355\237\277"), 0xd7ff, 3 }, { STR("\356\200\200"), 0xe000, 3 },
		{ STR("\360\220\200\200"), 0x10000, 4 }, { STR("\364\217\277\277"), 0x10ffff, 4 },
		/* overlong, surrogates, too large, alone, cut */
		{ STR("\300\200"), 0xfffd, 1 }, { STR("\301\277"), 0xfffd, 1 },
		{ STR("\340\237\277"), 0xfffd, 1 }, { STR("\360\217\277\277"), 0xfffd, 1 },
		{ STR("\355\240\200"), 0xfffd, 1 }, { STR("\355\277\277"), 0xfffd, 1 },
		{ STR("\364\220\200\200"), 0xfffd, 1 }, { STR("\370\210\200\200\200"), 0xfffd, 1 },
		{ STR("\200"), 0xfffd, 1 }, { STR("\303"), 0xfffd, 1 }, { STR("\303a"), 0xfffd, 1 },
		{ STR("\360\237\230"), 0xfffd, 1 }, { STR("\377"), 0xfffd, 1 },
	};

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		uint32_t code = 1;

		assert_int_equal(text_decode(cases[i].in, &code), cases[i].len);
		assert_int_equal(code, cases[i].code);
	}
}

static void makes_valid_utf8_of_any_bytes(void **state)
{
	static const struct { struct str in; const char *utf8, *printable; } cases[] = {
		{ STR("mpv"), "mpv", "mpv" },
		{ STR("caf\303\251 \360\237\230\200"), "caf\303\251 \360\237\230\200",
		  "caf\303\251 \360\237\230\200" },
		{ STR("a\300\200b\377"), "a" BAD BAD "b" BAD, "a" BAD BAD "b" BAD },
		{ STR("\360\237"), BAD BAD, BAD BAD },
		{ STR("\033[2J\n\177\\"), "\033[2J\n\177\\", "\\033[2J\\n\\177\\\\" },
		/* the eight-bit CSI, as UTF-8 and as a byte */
		{ STR("\302\2332J\233"), "\302\2332J" BAD, "\\302\\2332J" BAD },
		{ STR(BAD), BAD, BAD },
		/* what turns a line around, or cannot be seen */
		{ STR("a\342\200\256b"), "a\342\200\256b", "a\\342\\200\\256b" },
		{ STR("\302\255"), "\302\255", "\\302\\255" },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		buf_reset(&b);
		text_add_utf8(&b, cases[i].in);
		assert_string_equal(b.ptr, cases[i].utf8);
		buf_reset(&b);
		text_add_printable(&b, cases[i].in);
		assert_string_equal(b.ptr, cases[i].printable);
	}
	buf_done(&b);
}

static void prints_ratios_without_a_locale(void **state)
{
	static const struct { double ratio; const char *text; } cases[] = {
		{ 0, "0.000000" }, { 0.42, "0.420000" }, { 1, "1.000000" }, { 0.9999996, "1.000000" },
		{ 1.0 / 3, "0.333333" }, { 2.0 / 3, "0.666667" }, { 400.5, "400.500000" },
		{ 999999999.5, "999999999.500000" }, { 0.0000004, "0.000000" },
		{ NAN, "" }, { INFINITY, "" }, { 1e9, "" }, { -0.5, "" },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		buf_reset(&b);
		text_add_ratio(&b, cases[i].ratio);
		buf_add(&b, ";", 1);
		assert_int_equal(b.len, strlen(cases[i].text) + 1);
		assert_memory_equal(b.ptr, cases[i].text, b.len - 1);
	}
	buf_done(&b);
}

static void prints_time_in_utc(void **state)
{
	static const struct { uint64_t ns; const char *text; } cases[] = {
		{ 0, "1970-01-01T00:00:00.000Z" },
		{ 1767323045678000000, "2026-01-02T03:04:05.678Z" },
		{ 1767323045678999999, "2026-01-02T03:04:05.678Z" },
		{ 951825599999000000, "2000-02-29T11:59:59.999Z" },
		{ UINT64_MAX, "2554-07-21T23:34:33.709Z" },
	};
	char t[32];

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		report_time(cases[i].ns, t);
		assert_string_equal(t, cases[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(decodes_what_utf8_allows),
		cmocka_unit_test(makes_valid_utf8_of_any_bytes),
		cmocka_unit_test(prints_ratios_without_a_locale),
		cmocka_unit_test(prints_time_in_utc),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
