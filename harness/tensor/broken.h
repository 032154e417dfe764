// SPDX-License-Identifier: Apache-2.0
#pragma once
// What the readers of checkpoints throw when a file is not what it claims to be: why, and what to try. The
// path is added once, by whoever opened the file. And the limits that keep a small file from claiming a large
// machine.
#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>

#include "harness/base/error.h"

namespace reprise {

struct Broken : Error {
  explicit Broken(const std::string& why, std::string what_to_try = "copy it again, or make it again")
      : Error(why), hint(std::move(what_to_try)) {}
  std::string hint;
};

template <class... Args>
[[noreturn]] void broken(fmt::format_string<Args...> format, Args&&... args) {
  throw Broken(fmt::format(format, std::forward<Args>(args)...));
}

// How many bytes may be made of so many bytes of a file: by inflating, or by one value standing for many.
inline std::uint64_t most_bytes_from(std::uint64_t stored) {
  constexpr std::uint64_t always = std::uint64_t{1} << 30, times = 1000;
  return stored > UINT64_MAX / times ? UINT64_MAX : std::max(always, stored * times);
}

// Bytes of a tensor in row-major order; Broken for a shape that cannot be. `name` is the tensor's.
std::uint64_t bytes_of_tensor(std::string_view name, std::string_view dtype,
                              std::span<const std::int64_t> shape);

// A name as a person can read it in one line: control characters and overlong text are cut out.
std::string shown(std::string_view name);

}  // namespace reprise
