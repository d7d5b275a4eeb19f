/* SPDX-License-Identifier: MIT */
/* Menus and prompts: what they take, and what they say in the end. */
#include "unit.h"

#include <stdio.h>
#include <string.h>

#include "user.h"

/* What a menu or a prompt said last. */
static char heard[128];

static void hear_item(struct model *m, const struct model_context *on, const struct menu_item *item)
{
	(void)on;
	snprintf(heard, sizeof(heard), "%s=%ld", item->text, item->value);
	model_say(m, "%s it is", item->text);
}

static void open_menu(struct user *u)
{
	struct menu *menu = &u->m.menu;

	menu_open(menu, "choose");
	menu_add(menu, "1 HUP", 1);
	menu_add(menu, "9 KILL", 9);
	menu_add(menu, "15 TERM", 15);
	menu_add(menu, "19 STOP", 19);
	menu->chosen = hear_item;
	heard[0] = '\0';
}

static void a_menu_takes_all_keys_until_something_is_chosen(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 2);
	open_menu(&u);
	menu_mark(&u.m.menu, 15);
	user_type(&u, "q");
	assert_false(u.m.quit);
	assert_int_equal(u.m.menu.cursor, 2);
	for (int i = 0; i < 5; i++)
		model_key(&u.m, K_DOWN, &u.on);
	assert_int_equal(u.m.menu.cursor, 3);
	model_key(&u.m, K_PAGE_UP, &u.on);
	assert_int_equal(u.m.menu.cursor, 1);
	model_key(&u.m, K_UP, &u.on);
	model_key(&u.m, K_UP, &u.on);
	assert_int_equal(u.m.menu.cursor, 0);
	assert_int_equal(u.m.cursor, -1);
	model_key(&u.m, K_ENTER, &u.on);
	assert_string_equal(heard, "1 HUP=1");
	assert_false(u.m.menu.is_open);
	assert_string_equal(u.m.message, "1 HUP it is");
	user_type(&u, "i");
	assert_string_equal(u.m.message, "");

	open_menu(&u);
	model_key(&u.m, K_ESCAPE, &u.on);
	assert_false(u.m.menu.is_open);
	assert_string_equal(heard, "");
	user_done(&u);
}

static void typing_finds_an_item_of_a_menu_by_any_of_its_words(void **state)
{
	static const struct { const char *typed; size_t cursor; } cases[] = {
		{ "15", 2 }, { "19", 3 }, { "k", 1 }, { "ST", 3 }, { "159", 1 }, { "x", 0 }, { "hx", 0 },
	};
	struct user u;

	(void)state;
	user_start(&u, 10);
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		open_menu(&u);
		user_type(&u, cases[i].typed);
		assert_int_equal(u.m.menu.cursor, cases[i].cursor);
	}
	open_menu(&u);
	u.m.menu.at_once = true;
	user_type(&u, "t");
	assert_string_equal(heard, "15 TERM=15");
	user_done(&u);
}

static void a_menu_has_an_end(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	open_menu(&u);
	for (int i = 0; i < 2 * MENU_MAX; i++)
		menu_add(&u.m.menu, "more", 100 + i);
	assert_int_equal(u.m.menu.n, MENU_MAX);
	model_key(&u.m, K_END, &u.on);
	assert_int_equal(u.m.menu.cursor, MENU_MAX - 1);
	for (int i = 0; i < 100; i++)
		user_type(&u, "m");
	user_done(&u);
}

static void a_click_chooses_an_item_or_closes_the_menu(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	open_menu(&u);
	model_click(&u.m, (struct spot){ SPOT_ITEM, 1 }, &u.on);
	assert_string_equal(heard, "9 KILL=9");
	open_menu(&u);
	model_click(&u.m, (struct spot){ SPOT_ROW, 1 }, &u.on);
	assert_false(u.m.menu.is_open);
	assert_string_equal(heard, "");
	user_done(&u);
}

static void hear_change(struct model *m, const struct model_context *on, const char *text)
{
	(void)m, (void)on;
	snprintf(heard, sizeof(heard), "%s", text);
}

static void hear_end(struct model *m, const struct model_context *on, const char *text)
{
	(void)m, (void)on;
	snprintf(heard, sizeof(heard), "end %s", text ? text : "(none)");
}

static void ask(struct user *u, const char *text)
{
	prompt_open(&u->m.prompt, "what:", text);
	u->m.prompt.changed = hear_change;
	u->m.prompt.done = hear_end;
	heard[0] = '\0';
}

static void a_prompt_edits_whole_characters(void **state)
{
	static const int keys[] = { 'b', 0xe9, 0x20ac, 0x1f600, K_LEFT, K_LEFT, K_BACKSPACE, K_HOME, 'a', K_DELETE,
				    K_RIGHT, 'c', K_END, K_BACKSPACE, '!' };
	struct user u;

	(void)state;
	user_start(&u, 10);
	ask(&u, "x");
	for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
		model_key(&u.m, keys[i], &u.on);
	/* xbé€😀, xb€😀, axb.. -> a without x */
	assert_string_equal(u.m.prompt.text, "abc\xe2\x82\xac!");
	assert_string_equal(heard, u.m.prompt.text);
	assert_false(u.m.quit);
	model_key(&u.m, K_ENTER, &u.on);
	assert_string_equal(heard, "end abc\xe2\x82\xac!");
	assert_false(u.m.prompt.is_open);

	ask(&u, "one two  ");
	model_key(&u.m, 'W' & 0x1f, &u.on);
	assert_string_equal(u.m.prompt.text, "one ");
	model_key(&u.m, 'U' & 0x1f, &u.on);
	assert_string_equal(u.m.prompt.text, "");
	model_key(&u.m, K_BACKSPACE, &u.on);
	model_key(&u.m, K_LEFT, &u.on);
	model_key(&u.m, K_DELETE, &u.on);
	model_key(&u.m, K_ESCAPE, &u.on);
	assert_string_equal(heard, "end (none)");
	user_done(&u);
}

static void a_prompt_is_never_longer_than_its_room(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	ask(&u, "");
	for (int i = 0; i < PROMPT_SIZE; i++)
		model_key(&u.m, 0x20ac, &u.on);
	assert_int_equal(u.m.prompt.len, (PROMPT_SIZE - 1) / 3 * 3);
	assert_int_equal(strlen(u.m.prompt.text), u.m.prompt.len);
	for (int i = 0; i < PROMPT_SIZE; i++)
		model_key(&u.m, 'x', &u.on);
	assert_int_equal(strlen(u.m.prompt.text), u.m.prompt.len);
	assert_true(u.m.prompt.len < PROMPT_SIZE);
	user_done(&u);
}

static void a_prompt_leaves_other_keys_to_the_page(void **state)
{
	struct user u;

	(void)state;
	user_start(&u, 10);
	ask(&u, "");
	model_key(&u.m, K_DOWN, &u.on);
	assert_int_equal(u.m.cursor, 0);
	assert_true(u.m.prompt.is_open);
	user_done(&u);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_menu_takes_all_keys_until_something_is_chosen),
		cmocka_unit_test(typing_finds_an_item_of_a_menu_by_any_of_its_words),
		cmocka_unit_test(a_menu_has_an_end),
		cmocka_unit_test(a_click_chooses_an_item_or_closes_the_menu),
		cmocka_unit_test(a_prompt_edits_whole_characters),
		cmocka_unit_test(a_prompt_is_never_longer_than_its_room),
		cmocka_unit_test(a_prompt_leaves_other_keys_to_the_page),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
