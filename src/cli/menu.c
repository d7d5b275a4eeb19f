/* SPDX-License-Identifier: MIT */
#include "menu.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "key.h"

void menu_open(struct menu *menu, const char *title)
{
	menu->is_open = true;
	menu->at_once = false;
	menu->n = menu->cursor = 0;
	menu->typed[0] = '\0';
	menu->chosen = NULL;
	snprintf(menu->title, sizeof(menu->title), "%s", title);
}

void menu_add(struct menu *menu, const char *text, long value)
{
	struct menu_item *item = &menu->items[menu->n];

	if (menu->n == MENU_MAX)
		return;
	menu->n++;
	item->value = value;
	snprintf(item->text, sizeof(item->text), "%s", text);
}

void menu_mark(struct menu *menu, long value)
{
	for (size_t i = 0; i < menu->n; i++)
		if (menu->items[i].value == value)
			menu->cursor = i;
}

/* Any of the words may be what the user has in mind: a signal's number as well as its name. */
static bool has_word(const char *text, const char *start)
{
	while (*text) {
		text += strspn(text, " ");
		if (*text && strncasecmp(text, start, strlen(start)) == 0)
			return true;
		text += strcspn(text, " ");
	}
	return false;
}

static bool find(struct menu *menu, const char *start)
{
	for (size_t i = 0; i < menu->n; i++)
		if (has_word(menu->items[i].text, start)) {
			menu->cursor = i;
			return true;
		}
	return false;
}

static enum menu_key type(struct menu *menu, int c)
{
	size_t len = strlen(menu->typed);

	if (len + 1 == sizeof(menu->typed))
		return MENU_TAKEN;
	menu->typed[len] = (char)c;
	menu->typed[len + 1] = '\0';
	if (!find(menu, menu->typed)) {
		/* a new word, then */
		menu->typed[0] = (char)c;
		menu->typed[1] = '\0';
		if (!find(menu, menu->typed)) {
			menu->typed[0] = '\0';
			return MENU_TAKEN;
		}
	}
	return menu->at_once ? MENU_CHOSEN : MENU_TAKEN;
}

static void move_to(struct menu *menu, size_t cursor)
{
	menu->typed[0] = '\0';
	menu->cursor = cursor < menu->n ? cursor : menu->n ? menu->n - 1 : 0;
}

enum menu_key menu_key(struct menu *menu, int key, size_t rows)
{
	size_t at = menu->cursor;

	switch (key) {
	case K_ENTER:
	case '\n':
		return menu->n ? MENU_CHOSEN : MENU_TAKEN;
	case K_ESCAPE:
	case K_F10:
		return MENU_GIVEN_UP;
	case K_UP:
		move_to(menu, at ? at - 1 : 0);
		break;
	case K_DOWN:
		move_to(menu, at + 1);
		break;
	case K_PAGE_UP:
		move_to(menu, at > rows ? at - rows : 0);
		break;
	case K_PAGE_DOWN:
		move_to(menu, at + rows);
		break;
	case K_HOME:
		move_to(menu, 0);
		break;
	case K_END:
		move_to(menu, menu->n);
		break;
	default:
		if (key > ' ' && key < 0x7f)
			return type(menu, key);
	}
	return MENU_TAKEN;
}
