// SPDX-License-Identifier: Apache-2.0
#include "harness/recorder/opened/table.h"

#include <stdint.h>

namespace opened {
namespace {

constexpr uint64_t places = 262144, most = 200000, kind_bits = 7;

// Digests of paths, with the kinds in the lowest bits: 2 MiB, of which only pages that are used take memory.
uint64_t table[places];
uint64_t count = 0;

uint64_t key_of(const char* path) {
  uint64_t hash = 0xcbf29ce484222325;
  for (; *path != '\0'; ++path) hash = (hash ^ static_cast<unsigned char>(*path)) * 0x100000001b3;
  hash ^= hash >> 32;
  hash *= 0xd6e8feb86659fd93;
  hash ^= hash >> 32;
  return (hash & ~kind_bits) | (kind_bits + 1);  // never 0, which is an empty place
}

uint64_t place_of(uint64_t key) { return (key >> 4) % places; }

uint64_t entry(uint64_t place) { return __atomic_load_n(&table[place], __ATOMIC_RELAXED); }

}  // namespace

bool is_known(const char* path, unsigned kinds) {
  const uint64_t key = key_of(path);
  for (uint64_t place = place_of(key); entry(place) != 0; place = (place + 1) % places)
    if ((entry(place) & ~kind_bits) == key) return (entry(place) & kinds) == kinds;
  return false;
}

Noted remember(const char* path, unsigned kind) {
  const uint64_t key = key_of(path);
  for (uint64_t place = place_of(key);; place = (place + 1) % places) {
    uint64_t found = entry(place);
    if (found == 0) {
      if (__atomic_load_n(&count, __ATOMIC_RELAXED) >= most) return Noted::full;
      if (__atomic_compare_exchange_n(&table[place], &found, key | kind, false, __ATOMIC_RELAXED,
                                      __ATOMIC_RELAXED)) {
        __atomic_fetch_add(&count, 1, __ATOMIC_RELAXED);
        return Noted::first;
      }
    }
    if ((found & ~kind_bits) == key)
      return (__atomic_fetch_or(&table[place], kind, __ATOMIC_RELAXED) & kind) != 0 ? Noted::known
                                                                                    : Noted::more;
  }
}

}  // namespace opened
