/* SPDX-License-Identifier: MIT */
#include "hash.h"

#include <errno.h>
#include <stdlib.h>

uint64_t hash_mix(uint64_t key, uint64_t value)
{
	/* The finalizer of splitmix64: every input bit reaches every output bit. */
	key = (key ^ value) + 0x9e3779b97f4a7c15ULL;
	key = (key ^ (key >> 30)) * 0xbf58476d1ce4e5b9ULL;
	key = (key ^ (key >> 27)) * 0x94d049bb133111ebULL;
	return key ^ (key >> 31);
}

static struct hash_node **bucket_of(const struct hash *h, uint64_t key)
{
	return &h->buckets[hash_mix(0, key) & (h->n_buckets - 1)];
}

static int grow(struct hash *h)
{
	struct hash bigger = { .n_buckets = h->n_buckets ? h->n_buckets * 2 : 64, .n = h->n };

	bigger.buckets = calloc(bigger.n_buckets, sizeof(*bigger.buckets));
	if (!bigger.buckets)
		return -ENOMEM;
	for (size_t i = 0; i < h->n_buckets; i++) {
		struct hash_node *next;

		for (struct hash_node *node = h->buckets[i]; node; node = next) {
			struct hash_node **bucket = bucket_of(&bigger, node->key);

			next = node->next;
			node->next = *bucket;
			*bucket = node;
		}
	}
	free(h->buckets);
	*h = bigger;
	return 0;
}

int hash_add(struct hash *h, struct hash_node *node, uint64_t key)
{
	struct hash_node **bucket;

	if (h->n >= h->n_buckets && grow(h))
		return -ENOMEM;
	node->key = key;
	bucket = bucket_of(h, key);
	node->next = *bucket;
	*bucket = node;
	h->n++;
	return 0;
}

void hash_remove(struct hash *h, struct hash_node *node)
{
	struct hash_node **at = bucket_of(h, node->key);

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	h->n--;
}

static struct hash_node *same_key(struct hash_node *node, uint64_t key)
{
	while (node && node->key != key)
		node = node->next;
	return node;
}

struct hash_node *hash_first(const struct hash *h, uint64_t key)
{
	return h->n_buckets ? same_key(*bucket_of(h, key), key) : NULL;
}

struct hash_node *hash_next(const struct hash_node *node)
{
	return same_key(node->next, node->key);
}

void hash_done(struct hash *h)
{
	free(h->buckets);
	*h = (struct hash){ 0 };
}
