/* SPDX-License-Identifier: MIT */
#include "unit.h"

#include <crypt.h>
#include <stdio.h>
#include <string.h>

#include "exporter/web_config.h"
#include "fdinfo/types.h"
#include "scratch.h"

static char hashed[256];	/* with these hashes so far, one after another */

/* In place of libcrypt's: "right" is the password of every hash. */
char *crypt_r(const char *phrase, const char *setting, struct crypt_data *data)
{
	strncat(hashed, setting, sizeof(hashed) - strlen(hashed) - 1);
	snprintf(data->output, sizeof(data->output), "$wrong");
	if (strcmp(phrase, "right") == 0)
		snprintf(data->output, sizeof(data->output), "%s", setting);
	return data->output;
}

static void every_refusal_costs_one_hash_whether_or_not_there_is_such_a_user(void **state)
{
	static const struct { const char *name, *password, *hashed; bool is_right; } cases[] = {
		{ "alice", "wrong", "$a", false },
		{ "bob", "wrong", "$b", false },
		{ "nobody", "wrong", "$a", false },
		{ "nobody", "right", "$a", false },
		{ "", "", "$a", false },
		{ "bob", "right", "$b", true },
		{ "bob", "right", "", true },
		{ "nobody", "right", "$a", false },
	};
	struct web_config config = { 0 };
	char error[512];

	(void)state;
	scratch_write("web.yml", "basic_auth_users:\n  alice: $a\n  bob: $b\n");
	assert_int_equal(web_config_read(scratch_path("web.yml"), &config, error, sizeof(error)), 0);
	for (size_t i = 0; i < N_OF(cases); i++) {
		*hashed = '\0';
		assert_int_equal(web_config_check(&config, cases[i].name, cases[i].password), cases[i].is_right);
		assert_string_equal(hashed, cases[i].hashed);
	}
	web_config_done(&config);
}

static void nobody_is_let_in_where_there_are_no_users(void **state)
{
	struct web_config config = { 0 };

	(void)state;
	assert_false(web_config_check(&config, "", "right"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_refusal_costs_one_hash_whether_or_not_there_is_such_a_user),
		cmocka_unit_test(nobody_is_let_in_where_there_are_no_users),
	};

	return cmocka_run_group_tests(tests, scratch_begin, scratch_end);
}
