// SPDX-License-Identifier: Apache-2.0
#pragma once
// Setting a pin as a person writes it: `batch-order` takes "file:PATH" too, of which the plan keeps the
// SHA-256.
#include <filesystem>
#include <string_view>

#include "harness/plan/plan.h"

namespace reprise {

// An Error for an unknown pin, a value it does not take, or a batch-order file that cannot be read. A
// relative PATH is looked for from `folder` (empty: the working folder).
void set_pin(Plan& plan, std::string_view name, std::string_view value,
             const std::filesystem::path& folder = {});

// PATH of "file:PATH" if `name` is batch-order; else empty.
std::filesystem::path order_file_in(std::string_view name, std::string_view value,
                                    const std::filesystem::path& folder = {});

}  // namespace reprise
