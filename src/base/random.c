/* SPDX-License-Identifier: MIT */
/*
 * random - bytes that nobody can foretell.
 *
 * Straight from the kernel: arc4random() ends the process where it finds no
 * memory or no random numbers.
 */
#include "base/random.h"

#include <errno.h>
#include <sha2.h>
#include <stdint.h>
#include <string.h>
#include <strings.h>
#include <sys/auxv.h>
#include <sys/random.h>
#include <time.h>
#include <unistd.h>

/* So many bytes the kernel gives a process at its start (getauxval(3)). */
#define SEED_LEN 16

/* A call that is interrupted more often than this is given up. */
#define PATIENCE 100

/* Asked for at once: a start needs fourteen, in two steps. */
#define POOL_LEN 32

/* What of that nobody has had yet, from its beginning on. */
static struct {
	unsigned char bytes[POOL_LEN];
	size_t left;
} pool;

/*
 * Where a filter of system calls forbids getrandom(): the bytes that the
 * kernel gave this process, hashed with its number, the time and a count.
 */
static bool
derive(unsigned char *at, size_t len)
{
	static uint64_t count;
	const void *seed = (const void *)getauxval(AT_RANDOM);

	if (seed == NULL)
		return false;
	while (len > 0) {
		uint8_t digest[SHA256_DIGEST_LENGTH];
		size_t part = len < sizeof(digest) ? len : sizeof(digest);
		struct timespec now = { 0 };
		pid_t pid = getpid();
		SHA2_CTX hash;

		clock_gettime(CLOCK_MONOTONIC, &now);
		count++;
		SHA256Init(&hash);
		SHA256Update(&hash, seed, SEED_LEN);
		SHA256Update(&hash, (const uint8_t *)&pid, sizeof(pid));
		SHA256Update(&hash, (const uint8_t *)&now, sizeof(now));
		SHA256Update(&hash, (const uint8_t *)&count, sizeof(count));
		SHA256Final(digest, &hash);
		memcpy(at, digest, part);
		explicit_bzero(digest, sizeof(digest));
		at += part;
		len -= part;
	}
	return true;
}

static bool
draw(unsigned char *at, size_t len)
{
	unsigned tries = 0;

	while (len > 0) {
		ssize_t got = getrandom(at, len, 0);

		if (got == -1 && errno == EINTR && tries++ < PATIENCE)
			continue;
		if (got == -1 && (errno == EPERM || errno == ENOSYS))
			return derive(at, len);
		if (got == 0)
			errno = EIO;
		if (got <= 0)
			return false;
		at += got;
		len -= (size_t)got;
	}
	return true;
}

bool
kp_random_fill(void *data, size_t len)
{
	if (len > POOL_LEN)
		return draw(data, len);
	if (len > pool.left) {
		if (!draw(pool.bytes, POOL_LEN))
			return false;
		pool.left = POOL_LEN;
	}
	pool.left -= len;
	memcpy(data, pool.bytes + pool.left, len);
	explicit_bzero(pool.bytes + pool.left, len);
	return true;
}
