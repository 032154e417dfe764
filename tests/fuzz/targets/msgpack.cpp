// SPDX-License-Identifier: Apache-2.0
// MessagePack.
#include "harness/container/msgpack.h"
#include "container/bytes.h"
#include "fuzz/target.h"

namespace reprise::fuzz_targets {
namespace {

std::vector<std::string> seeds() {
  using namespace std::string_literals;
  return {"\x82\xa1\x61\x01\xa1\x62\x93\xc0\xc3\xcb\x3f\xf0\x00\x00\x00\x00\x00\x00"s,
          "\xc7\x03\x01\x61\x62\x63"s};
}

void read(const std::string& input) {
  for (const auto& value : msgpack::read(bytes_of(input))) msgpack::text(value);
}

}  // namespace

extern const FuzzTarget msgpack{
    .summary = "MessagePack",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
