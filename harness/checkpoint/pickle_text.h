// SPDX-License-Identifier: Apache-2.0
#pragma once
// Plain values of a pickle as text: numbers, texts, None, and what Python pickles as a call that holds
// nothing else, such as complex(1.0, 2.0) or a scalar of numpy. Sets are told in an order of their own, since
// Python's changes from run to run.
#include <algorithm>
#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "harness/container/pickle.h"

namespace reprise {

// Whether a class, by its full name, is one of these.
template <std::size_t count>
bool is_one_of(std::string_view name, const std::array<std::string_view, count>& names) {
  return std::ranges::find(names, name) != names.end();
}

// How many bytes may be looked at for all texts of a pickle: values may hold one another many times over.
inline constexpr std::uint64_t most_work = std::uint64_t{1} << 30;
// Nothing for a value that is or holds something else, is nested deeper than 16 levels or longer than 16 MiB,
// or once `work` has come to an end; what was done is taken from it.
std::optional<std::string> plain_text(const pickle::Pickle& values, pickle::Ref ref, std::uint64_t& work);

// Whether a value is a set, whatever the protocol.
bool is_set(const pickle::Pickle& values, pickle::Ref ref);
// Names of calls and types that are plain data.
bool is_scalar_call(std::string_view head);
bool is_plain_global(std::string_view name);

}  // namespace reprise
