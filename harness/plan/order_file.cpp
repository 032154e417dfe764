// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/order_file.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/plan/plan.h"

namespace reprise {

OrderFile read_order_file(const std::filesystem::path& path) {
  auto text = std::make_shared<const std::string>(read_file(path, "batch-order file"));
  return {sha256_text(*text), path.string(), text};
}

void take_order(Plan& plan, const std::filesystem::path& path) {
  if (!plan.order) return;
  OrderFile found = read_order_file(path);
  if (found != *plan.order)
    fail(
        "{}: this is not the batch-order file of the plan: wanted SHA-256 {}, found {}; name the file again "
        "with batch-order=file:PATH",
        path.string(), plan.order->sha256, found.sha256);
  plan.order = std::move(found);
}

}  // namespace reprise
