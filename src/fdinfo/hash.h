/* SPDX-License-Identifier: MIT */
/*
 * A chained hash of nodes embedded in the caller's structs. It grows with its content and allocates
 * nothing else; it does not own the nodes.
 */
#ifndef GPUTOP_HASH_H
#define GPUTOP_HASH_H

#include <stddef.h>
#include <stdint.h>

struct hash_node {
	struct hash_node *next;
	uint64_t key;
};

/* Zero-initialised is valid and empty. */
struct hash {
	struct hash_node **buckets;
	size_t n_buckets;	/* a power of two, or 0 */
	size_t n;
};

/* Several nodes may have the same key. 0 or -ENOMEM. */
int hash_add(struct hash *h, struct hash_node *node, uint64_t key);

/* @node must be in @h. */
void hash_remove(struct hash *h, struct hash_node *node);

/* The first node with @key, and the next one with the same key; NULL if there is none. */
struct hash_node *hash_first(const struct hash *h, uint64_t key);
struct hash_node *hash_next(const struct hash_node *node);

/* Frees the buckets; the nodes are the caller's. */
void hash_done(struct hash *h);

/* Mixes @value into @key: how a key is made from several parts. */
uint64_t hash_mix(uint64_t key, uint64_t value);

#endif
