// SPDX-License-Identifier: Apache-2.0
#pragma once
// YAML as a tree of maps, lists and texts, read and written by yaml-cpp, which stays hidden. Every scalar is
// read as a text, or null where it is empty. Texts that YAML would take for something else are written in
// quotes; equal trees give equal bytes.
#include <nlohmann/json.hpp>
#include <string>
#include <string_view>

namespace reprise {

// Bad syntax, several documents, keys given twice and trees of more than 100,000 nodes (an alias can name
// itself many times) are Errors that name `where`.
nlohmann::ordered_json yaml_tree(std::string_view text, std::string_view where);
std::string yaml_text(const nlohmann::ordered_json& tree);

}  // namespace reprise
