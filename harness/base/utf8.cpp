// SPDX-License-Identifier: Apache-2.0
#include "harness/base/utf8.h"

#include <utf8proc.h>

namespace reprise {

Character character_at(std::string_view text) {
  utf8proc_int32_t code = 0;
  const auto bytes = utf8proc_iterate(reinterpret_cast<const utf8proc_uint8_t*>(text.data()),
                                      static_cast<utf8proc_ssize_t>(text.size()), &code);
  if (bytes <= 0) return {};
  return {.bytes = static_cast<std::size_t>(bytes),
          .code = static_cast<std::uint32_t>(code),
          .columns = static_cast<std::size_t>(utf8proc_charwidth(code)),
          .valid = true,
          .control = utf8proc_category(code) == UTF8PROC_CATEGORY_CC};
}

std::size_t width_of(std::string_view text) {
  std::size_t columns = 0;
  while (!text.empty()) {
    const Character next = character_at(text);
    columns += next.columns;
    text.remove_prefix(next.bytes);
  }
  return columns;
}

}  // namespace reprise
