// SPDX-License-Identifier: Apache-2.0
#pragma once
// Base64 of RFC 4648 in one line, as DSSE envelopes hold their bytes. One text stands for one byte string and
// no other text does: what decodes elsewhere, with line breaks or stray bits behind the last byte, is nothing
// here.
#include <optional>
#include <string>
#include <string_view>

namespace reprise {

std::string to_base64(std::string_view bytes);
// The bytes, or nothing for a text that to_base64 would not have written.
std::optional<std::string> from_base64(std::string_view text);

}  // namespace reprise
