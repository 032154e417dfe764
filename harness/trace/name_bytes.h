// SPDX-License-Identifier: Apache-2.0
#pragma once
// Names of files that are no UTF-8, in JSON. Python writes such a byte as \udcXX, a half that stands alone,
// which no reader of JSON takes: it goes through it as a character of private use.
#include <string>

namespace reprise {

std::string without_lone_halves(const std::string& json);
// The bytes of a name that was read so.
std::string bytes_of(std::string name);

}  // namespace reprise
