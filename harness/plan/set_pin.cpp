// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/set_pin.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"

namespace reprise {

namespace fs = std::filesystem;

fs::path order_file_in(std::string_view name, std::string_view value, const fs::path& folder) {
  constexpr std::string_view prefix = "file:";
  if (name != "batch-order" || !value.starts_with(prefix)) return {};
  return folder / value.substr(prefix.size());
}

void set_pin(Plan& plan, std::string_view name, std::string_view value, const fs::path& folder) {
  const Pin& pin = pick_pin(name);
  if (name == "batch-order") {
    plan.order_sha256.clear();
    if (value == "file" || value == "file:")
      fail("wanted the path of a batch-order file, found batch-order={}; write batch-order=file:PATH", value);
    if (const fs::path file = order_file_in(name, value, folder); !file.empty()) {
      plan.order_sha256 = sha256_text(read_file(file, "batch-order file"));
      value = "file";
    }
  }
  check_pin(pin, value);
  plan.pins[std::string(name)] = value;
}

}  // namespace reprise
