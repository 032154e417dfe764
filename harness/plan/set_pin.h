// SPDX-License-Identifier: Apache-2.0
#pragma once
// Setting a pin as a person writes it: `batch-order` takes "file:PATH" too, and then the plan holds that
// file.
#include <filesystem>
#include <string_view>

#include "harness/plan/plan.h"

namespace reprise {

// An Error for an unknown pin, a value it does not take, or a batch-order file that cannot be read. A
// relative PATH is looked for from `folder` (empty: the working folder).
void set_pin(Plan& plan, std::string_view name, std::string_view value,
             const std::filesystem::path& folder = {});

}  // namespace reprise
