/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <string.h>

#include "fdinfo/buf.h"

static void adds_and_keeps_its_memory(void **state)
{
	struct buf b = { 0 };
	const char *ptr;

	(void)state;
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	assert_int_equal(b.err, 0);
	assert_int_equal(b.len, strlen(b.ptr));
	assert_memory_equal(b.ptr, "0,1,2,", 6);
	assert_string_equal(b.ptr + b.len - 4, "999,");
	ptr = b.ptr;
	buf_reset(&b);
	assert_string_equal(b.ptr, "");
	for (int i = 0; i < 1000; i++)
		buf_printf(&b, "%d,", i);
	assert_ptr_equal(b.ptr, ptr);
	buf_done(&b);
	assert_null(b.ptr);
}

static void prints_more_than_it_had_room_for(void **state)
{
	struct buf b = { 0 };
	char big[5000];

	(void)state;
	memset(big, 'x', sizeof(big) - 1);
	big[sizeof(big) - 1] = '\0';
	buf_printf(&b, "<%s>", big);
	assert_int_equal(b.len, sizeof(big) - 1 + 2);
	assert_int_equal(b.ptr[b.len - 1], '>');
	buf_done(&b);
}

static void refuses_what_cannot_be_allocated_and_stays_so(void **state)
{
	struct buf b = { 0 };

	(void)state;
	buf_add(&b, "abc", 3);
	assert_true(buf_reserve(&b, SIZE_MAX / 2) < 0);
	buf_add(&b, "def", 3);
	assert_int_equal(b.len, 3);
	buf_reset(&b);
	assert_int_equal(b.err, 0);
	buf_done(&b);
}

static void escapes_control_bytes_and_gives_them_back(void **state)
{
	static const char raw[] = "a\\b\nc\td\033[31m\177\1\200\377 \303\251";
	struct buf out = { 0 }, back = { 0 };

	(void)state;
	buf_add_escaped(&out, (struct str){ raw, sizeof(raw) - 1 });
	assert_string_equal(out.ptr, "a\\\\b\\nc\\td\\033[31m\\177\\001\200\377 \303\251");
	buf_add_unescaped(&back, (struct str){ out.ptr, out.len });
	assert_int_equal(back.len, sizeof(raw) - 1);
	assert_memory_equal(back.ptr, raw, back.len);
	buf_done(&out);
	buf_done(&back);
}

static void keeps_malformed_escapes(void **state)
{
	static const struct { const char *in, *out; } cases[] = {
		{ "\\", "\\" }, { "\\q", "\\q" }, { "\\01", "\\01" }, { "\\777", "\\777" },
		{ "\\0419", "!9" }, { "x\\", "x\\" }, { "\\\\n", "\\n" },
	};
	struct buf b = { 0 };

	(void)state;
	for (size_t i = 0; i < N_OF(cases); i++) {
		buf_reset(&b);
		buf_add_unescaped(&b, str_of(cases[i].in));
		assert_string_equal(b.ptr, cases[i].out);
	}
	buf_done(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(adds_and_keeps_its_memory),
		cmocka_unit_test(prints_more_than_it_had_room_for),
		cmocka_unit_test(refuses_what_cannot_be_allocated_and_stays_so),
		cmocka_unit_test(escapes_control_bytes_and_gives_them_back),
		cmocka_unit_test(keeps_malformed_escapes),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
