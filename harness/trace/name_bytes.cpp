// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/name_bytes.h"

namespace reprise {
namespace {

constexpr unsigned private_front = 0xf700;

}  // namespace

std::string without_lone_halves(const std::string& json) {
  if (json.find("\\udc") == std::string::npos) return json;
  std::string mended;
  bool after_first_half = false;
  for (std::size_t at = 0; at < json.size();) {
    if (json[at] != '\\' || at + 1 == json.size()) {
      mended += json[at++];
      after_first_half = false;
      continue;
    }
    const std::string code = json[at + 1] == 'u' ? json.substr(at, 6) : json.substr(at, 2);
    const bool lone = !after_first_half && code.starts_with("\\udc") && code.size() == 6 && code[4] >= '8';
    mended += lone ? "\\uf7" + code.substr(4) : code;
    after_first_half = code.size() == 6 && code >= "\\ud8" && code < "\\udc";
    at += code.size();
  }
  return mended;
}

std::string bytes_of(std::string name) {
  for (auto at = name.find('\xef'); at != std::string::npos; at = name.find('\xef', at + 1)) {
    if (at + 2 >= name.size()) break;
    const unsigned code = (0xfu << 12) | ((name[at + 1] & 0x3fu) << 6) | (name[at + 2] & 0x3fu);
    if (code >= private_front + 0x80 && code <= private_front + 0xff)
      name.replace(at, 3, 1, static_cast<char>(code - private_front));
  }
  return name;
}

}  // namespace reprise
