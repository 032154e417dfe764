// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/placement.h"

#include "harness/base/error.h"
#include "harness/base/scalar.h"

namespace reprise {

std::string placement_text(const Placement& placement) {
  std::string text;
  if (placement.executor != Placement{}.executor)
    text += fmt::format("executor = {}\n", quoted_text(placement.executor));
  if (!placement.torch.empty()) text += fmt::format("torch = {}\n", quoted_text(placement.torch));
  return text.empty() ? "" : "\n[placement]\n" + text;
}

Placement read_placement(TomlTable table) {
  Placement placement;
  placement.executor = table.text_or("executor", placement.executor);
  placement.torch = table.text_or("torch", "");
  table.finish();
  return placement;
}

}  // namespace reprise
