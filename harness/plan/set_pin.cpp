// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/set_pin.h"

#include "harness/base/error.h"

namespace reprise {

namespace fs = std::filesystem;

namespace {

// "file" of "file:PATH", the file's content into the plan; any other value as it is.
std::string_view take_file(Plan& plan, std::string_view value, const fs::path& folder) {
  constexpr std::string_view prefix = "file:";
  plan.order.reset();
  if (value == "file" || value == prefix)
    fail("wanted the path of a batch-order file, found batch-order={}; write batch-order=file:PATH", value);
  if (!value.starts_with(prefix)) return value;
  plan.order = read_order_file(folder / value.substr(prefix.size()));
  return "file";
}

}  // namespace

void set_pin(Plan& plan, std::string_view name, std::string_view value, const fs::path& folder) {
  const Pin& pin = pick_pin(name);
  if (name == "batch-order") value = take_file(plan, value, folder);
  check_pin(pin, value);
  plan.pins[std::string(name)] = value;
}

}  // namespace reprise
