// SPDX-License-Identifier: Apache-2.0
// The fields of a protocol buffer, and those in them.
#include "harness/container/wire.h"
#include "container/bytes.h"
#include "fuzz/target.h"

namespace reprise::fuzz_targets {
namespace {

void read_fields(const Kept& message, int depth) {
  WireReader reader(message);
  while (const auto field = reader.next())
    if (field->kind == Wire::bytes && depth < 3) {
      try {
        read_fields(field->bytes, depth + 1);
      } catch (const Error&) {
        // Most bytes are no message.
      }
    }
}

std::vector<std::string> seeds() {
  using namespace std::string_literals;
  return {"\x08\x96\x01\x12\x04\x0a\x02hi\x1d\x00\x00\x80\x3f\x21\x00\x00\x00\x00\x00\x00\xf0\x3f"s};
}

void read(const std::string& input) { read_fields(kept(input), 0); }

}  // namespace

extern const FuzzTarget wire{
    .summary = "protocol buffers",
    .seeds = seeds,
    .read = read,
};

}  // namespace reprise::fuzz_targets
