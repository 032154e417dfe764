// SPDX-License-Identifier: Apache-2.0
#include "harness/container/npy_header.h"

#include "harness/base/text.h"
#include "harness/container/little_endian.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace {

// What follows 'key': in the header, a dict as Python writes it.
std::string_view value_of(std::string_view header, std::string_view key) {
  const auto at = header.find(fmt::format("'{}':", key));
  if (at == header.npos) broken("its numpy header says no {}", key);
  return trim(header.substr(at + key.size() + 3));
}

std::vector<std::int64_t> shape_of(std::string_view text) {
  const auto end = text.find(')');
  if (!text.starts_with('(') || end == text.npos) broken("its numpy header has no shape that can be read");
  std::vector<std::int64_t> shape;
  for (const auto& part : split(text.substr(1, end - 1), ',')) {
    const auto digits = trim(part);
    if (digits.empty()) continue;
    const auto size = to_integer(digits);
    if (!size) broken("its numpy header has the shape '{}'", shown(text.substr(0, end + 1)));
    shape.push_back(*size);
  }
  return shape;
}

}  // namespace

NpyHeader npy_header(Bytes start) {
  if (start.size() < 12 || !starts_with(start, "\x93NUMPY")) broken("it is not a NumPy array");
  const bool short_length = start[6] == std::byte{1};
  const std::uint64_t length =
      short_length ? number_at<std::uint16_t>(start, 8) : number_at<std::uint32_t>(start, 8);
  const std::uint64_t begin = short_length ? 10 : 12;
  if (length > start.size() - begin) broken("its numpy header has {} bytes and was cut short", length);
  const std::string_view text = text_of(start.subspan(begin, length));
  NpyHeader header{.begin = begin + length};
  const std::string_view type = value_of(text, "descr");
  const auto end = type.size() > 1 ? type.find(type[0], 1) : type.npos;
  header.type =
      type.starts_with('\'') && end != type.npos ? std::string(type.substr(1, end - 1)) : "structured";
  header.by_columns = value_of(text, "fortran_order").starts_with("True");
  header.shape = shape_of(value_of(text, "shape"));
  return header;
}

}  // namespace reprise
