// SPDX-License-Identifier: Apache-2.0
#pragma once
// How the value of a pin stands among a trace's readings, whose cells have 64 bytes: as it is, or its
// beginning and a digest of all of it. The plan in the trace has it whole.
#include <string>
#include <string_view>

namespace reprise {

// The same for equal values, another for different ones. At most 64 bytes, never cut within a character.
std::string reading_text(std::string_view value);

}  // namespace reprise
