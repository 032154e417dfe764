// SPDX-License-Identifier: Apache-2.0
#pragma once
// Programs by name, as a shell finds them: in the folders of a PATH, one after the other.
#include <filesystem>
#include <optional>
#include <string_view>

namespace reprise {

// Whether this user may start it: a file, not a folder, with leave to execute it.
bool can_be_started(const std::filesystem::path& program);

// The first such program in the folders "a:b:c"; nothing for an empty name. An empty folder, the working
// folder to a shell, is passed over: what is found must not depend on where one stands.
std::optional<std::filesystem::path> find_program(std::string_view name, std::string_view folders);

}  // namespace reprise
