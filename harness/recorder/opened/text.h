// SPDX-License-Identifier: Apache-2.0
#pragma once
// A line of JSON in a buffer of its caller: no memory is asked for, since this runs within other programs'
// calls.
#include <stddef.h>
#include <stdint.h>

namespace opened {

struct Text {
  char* begin;
  size_t room;
  size_t size = 0;
  bool whole = true;  // everything had room

  void put(const char* words);
  void put(const char* words, size_t length);
  void put_number(int64_t number);
  void put_count(uint64_t number);
  // In quotes. A byte that is no UTF-8 becomes \udcXX, as Python's json writes a name that it cannot decode.
  void put_quoted(const char* words);
};

}  // namespace opened
