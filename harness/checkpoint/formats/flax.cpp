// SPDX-License-Identifier: Apache-2.0
// flax.serialization.to_bytes: nested maps in MessagePack, arrays and scalars of numpy as extensions.
#include <bit>

#include "harness/base/text.h"
#include "harness/checkpoint/flax_arrays.h"
#include "harness/checkpoint/format.h"
#include "harness/checkpoint/pickle_walk.h"
#include "harness/checkpoint/plain_values.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise::checkpoint_formats {
namespace {

using msgpack::Kind;
using msgpack::Value;

enum Extension : std::int8_t { array = 1, complex_number = 2, scalar = 3 };

// A map whose first key is a short text of ASCII, or an extension that is an array. No text of UTF-8 begins
// with one of these bytes, but other programs write MessagePack too.
Fit fit(const Candidate& candidate) {
  constexpr std::size_t looked_at = 64;
  const std::string_view start = text_of(candidate.file.bytes).substr(0, looked_at);
  const auto byte = [&](std::size_t at) {
    return at < start.size() ? static_cast<unsigned char>(start[at]) : 0u;
  };
  const unsigned mark = byte(0);
  constexpr std::size_t head[] = {2, 3, 5};  // bytes before the type, of the three long forms
  if (mark >= 0xC7 && mark <= 0xC9)
    return byte(head[mark - 0xC7]) == array && byte(head[mark - 0xC7] + 1) == 0x93 ? Fit::perhaps : Fit::no;
  const bool small = mark > 0x80 && mark < 0x90;
  if (!small && mark != 0xDE && mark != 0xDF) return Fit::no;
  std::size_t at = 1, entries = 0;
  for (const std::size_t end = small ? 1 : mark == 0xDE ? 3 : 5; at < end; ++at)
    entries = entries << 8 | byte(at);
  if (2 * entries > candidate.file.bytes.size()) return Fit::no;
  const unsigned key = byte(at);
  const std::size_t length = key == 0xD9 ? byte(at + 1) : key > 0xA0 && key < 0xC0 ? key & 0x1Fu : 0u;
  at += key == 0xD9 ? 2 : 1;
  for (std::size_t i = at; i < std::min(at + length, start.size()); ++i)
    if (byte(i) < 0x20 || byte(i) > 0x7E) return Fit::no;
  return length > 0 ? Fit::perhaps : Fit::no;
}

class Walk {
 public:
  explicit Walk(const Kept& file) : file_(file), values_(msgpack::read(file.bytes)) {}
  CheckpointFile read() {
    visit(values_[0], {});
    return std::move(found_);
  }

 private:
  void visit(const Value& value, const std::string& name);
  void visit_items(const Value& value, const std::string& name);
  void visit_extension(const Value& value, const std::string& name);

  Kept file_;
  std::vector<Value> values_;
  CheckpointFile found_;
};

std::string plain_text(const Value& value) {
  switch (value.kind) {
    case Kind::truth:
      return value.bits != 0 ? "True" : "False";
    case Kind::whole:
      return std::to_string(static_cast<std::int64_t>(value.bits));
    case Kind::natural:
      return std::to_string(value.bits);
    case Kind::number:
      return number_text(std::bit_cast<double>(value.bits));
    case Kind::text:
      return text_in_quotes(text_of(value.bytes));
    case Kind::bytes:
      return bytes_in_quotes(value.bytes);
    case Kind::map:
      return "{}";  // an empty one, as for lists
    case Kind::list:
      return "[]";
    default:
      return "None";
  }
}

void Walk::visit_items(const Value& value, const std::string& name) {
  constexpr std::size_t longest_name = 4096;
  const std::size_t step = value.kind == Kind::map ? 2 : 1;
  for (std::size_t i = 0; i + step <= value.items.size(); i += step) {
    std::string segment = std::to_string(i);
    if (step == 2) {
      const Value& key = values_[value.items[i]];
      segment = key.kind == Kind::text || key.kind == Kind::bytes ? std::string(text_of(key.bytes))
                                                                  : plain_text(key);
    }
    const std::string inner = name.empty() ? segment : name + "." + segment;
    if (inner.size() > longest_name)
      broken("a name in it is longer than {} bytes: '{}'", longest_name, shown(inner));
    visit(values_[value.items[i + step - 1]], inner);
  }
}

void Walk::visit_extension(const Value& value, const std::string& name) {
  if (value.type == complex_number) {
    const auto parts = msgpack::read(value.bytes);
    if (parts[0].items.size() != 2) broken("the complex number '{}' has not two parts", shown(name));
    return keep_plain(found_, name,
                      fmt::format("complex({}, {})", plain_text(parts[parts[0].items[0]]),
                                  plain_text(parts[parts[0].items[1]])));
  }
  if (value.type != array && value.type != scalar)
    return count_opaque(found_, fmt::format("MessagePack extension {}", value.type), shown(name));
  FlaxArray read = flax_array(name, {value.bytes, file_.owner});
  if (read.dtype.empty()) return count_opaque(found_, "numpy " + shown(read.type), shown(name));
  if (value.type == scalar && read.shape.empty())
    return keep_plain(found_, name,
                      fmt::format("numpy {} {}", read.type, element_text(read.dtype, read.values.bytes)));
  const std::uint64_t bytes = read.values.bytes.size();
  found_.tensors.push_back({name, std::move(read.dtype), std::move(read.shape),
                            [values = read.values] {
                              return TensorData{values, {}};
                            },
                            bytes});
}

void Walk::visit(const Value& value, const std::string& name) {
  const std::string shown_name = name.empty() ? std::string(nameless) : name;
  if (value.kind == Kind::extension) return visit_extension(value, shown_name);
  const bool holds = value.kind == Kind::map || value.kind == Kind::list;
  if (!holds || (value.items.empty() && !name.empty()))
    return keep_plain(found_, name.empty() ? "value" : name, plain_text(value));
  if (value.kind == Kind::map)
    if (auto tensor = flax_chunks(shown_name, values_, value, file_))
      return found_.tensors.push_back(std::move(*tensor));
  visit_items(value, name);
}

}  // namespace

extern const CheckpointFormat flax{
    .name = "flax msgpack",
    .summary = "flax.serialization.to_bytes: nested keys joined by '.'",
    .home = Home::file,
    .mark = "a map of MessagePack",
    .fit = fit,
    .read = [](const Candidate& candidate) { return Walk(candidate.file).read(); },
    .values = "Python",
};

}  // namespace reprise::checkpoint_formats
