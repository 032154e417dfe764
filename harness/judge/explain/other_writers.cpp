// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/explain/other_writers.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "harness/judge/explain/code_lines.h"

namespace reprise {
namespace {

bool is_in_place(const OpCall& call) {
  return std::string_view(call.name).substr(0, call.name.find('.')).ends_with('_');
}

}  // namespace

const OpCall* left_by_thread(const std::vector<OpCall>& calls, const Digest& content) {
  const OpCall* newest = nullptr;
  for (const auto& call : calls) {
    const bool left = std::ranges::any_of(call.outputs, [&](const OpTensor& output) {
      return output.seen == Seen::content && output.digest == content;
    });
    if (!left) continue;
    if (call.thread.empty()) return nullptr;
    if (newest == nullptr || call.depth <= newest->depth || call.step > newest->step) newest = &call;
  }
  return newest;
}

const OpCall* writes_beside(const std::vector<OpCall>& calls, const std::string& dtype,
                            const std::vector<std::int64_t>& shape) {
  const auto writes = [&](const OpCall& call) {
    return !call.thread.empty() && is_in_place(call) &&
           std::ranges::any_of(call.outputs, [&](const OpTensor& output) {
             return output.dtype == dtype && output.shape == shape;
           });
  };
  const auto found = std::find_if(calls.rbegin(), calls.rend(), writes);
  return found == calls.rend() ? nullptr : &*found;
}

std::string writer_text(const OpCall& call) {
  const KnownPlace& place = own_place(call);
  return fmt::format("{} of {}{}", call.name, call.thread, place ? ", " + short_text(*place) : std::string());
}

}  // namespace reprise
