// SPDX-License-Identifier: Apache-2.0
#pragma once
// A search for a cure becomes a document: the front with its picture, every set that was tried, what to
// paste, and what resists where nothing helps.
#include <string>
#include <vector>

#include "harness/judge/cure/cure.h"
#include "reports/layout/report.h"

namespace reprise {

inline constexpr std::string_view cure_format = "reprise.cure/1";

// `command`: the words that do it again.
Report cure_report(const Cure& cure, const std::vector<std::string>& command);

}  // namespace reprise
