// SPDX-License-Identifier: Apache-2.0
#pragma once
// Words and escapes that several formats share.
#include <string>
#include <string_view>

#include "reports/report.h"

namespace reprise {

std::string_view name_of(Mood mood);  // "good", "bad", "neutral"
// For HTML and XML text and attributes: & < > " ' escaped, characters that no document may hold replaced.
std::string escaped(std::string_view text);

}  // namespace reprise
