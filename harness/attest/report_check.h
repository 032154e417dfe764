// SPDX-License-Identifier: Apache-2.0
#pragma once
// Does a signed report say what its traces say? The report is judged and composed again from the traces, and
// both JSON documents are compared key by key.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

#include "harness/attest/checks.h"

namespace reprise {

struct ReportVersions {
  std::string signed_with, here;  // versions of reprise
};

// Checks named "report KEY" only where they fail or are untested, and one, "report", for the whole. What
// rests on the traces must be equal whatever version wrote it; sentences of another version are untested
// where they differ, and so is what a bisection found: its reruns are no part of the evidence.
void check_report(const nlohmann::ordered_json& signed_report, const nlohmann::ordered_json& again,
                  const ReportVersions& versions, Verification& found);

// A report of one format made again, byte by byte.
void check_page(const std::string& name, std::string_view signed_text, std::string_view again,
                const ReportVersions& versions, bool bisected, Verification& found);

// Whether a report holds what a bisection found.
bool has_bisection(const nlohmann::ordered_json& report);

}  // namespace reprise
