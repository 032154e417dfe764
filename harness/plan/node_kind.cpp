// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/node_kind.h"

#include "harness/plan/set_pin.h"

namespace reprise {
namespace {

constexpr char mark = '@';

}  // namespace

std::string kind_of(const Plan& plan) {
  const std::string& text = plan.placement.executor;
  const auto at = text.find(mark);
  return at == std::string::npos ? "" : text.substr(at + 1);
}

std::string executor_name(const Plan& plan) {
  const std::string& text = plan.placement.executor;
  return text.substr(0, text.find(mark));
}

void set_kind(Plan& plan, std::string_view kind) {
  plan.placement.executor = executor_name(plan) + mark + std::string(kind);
}

void set_pin_or_kind(Plan& plan, std::string_view name, std::string_view value, const NodeKinds& kinds) {
  const auto kind = name == "device" ? kinds.find(std::string(value)) : kinds.end();
  if (kind == kinds.end()) return set_pin(plan, name, value);
  set_pin(plan, name, kind->second);
  set_kind(plan, kind->first);
}

}  // namespace reprise
