// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/pin_reading.h"

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/trace/layout.h"

namespace reprise {

std::string reading_text(std::string_view value) {
  if (value.size() <= layout::pin_width) return std::string(value);
  const std::string end = fmt::format("... (sha256 {})", sha256_text(std::string(value)).substr(0, 16));
  std::size_t kept = layout::pin_width - end.size();
  while (kept > 0 && (static_cast<unsigned char>(value[kept]) & 0xC0) == 0x80) --kept;
  return std::string(value.substr(0, kept)) + end;
}

}  // namespace reprise
