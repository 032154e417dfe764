// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is known about a machine and the programs on it.
#include <map>
#include <string>

namespace reprise {

// By a name with a prefix for its kind: "cpu.model" -> "AMD EPYC", "library.libtorch_cpu.so" -> SHA-256.
using Facts = std::map<std::string, std::string>;

}  // namespace reprise
