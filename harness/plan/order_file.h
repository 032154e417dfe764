// SPDX-License-Identifier: Apache-2.0
#pragma once
// A batch order that somebody wrote down: a text with one line per epoch. Its SHA-256 is what a plan's own
// text names it by; the text goes along with the plan as a value, so that nobody has to carry a path beside
// it.
#include <filesystem>
#include <memory>
#include <string>

namespace reprise {

struct OrderFile {
  std::string sha256;
  std::string where = {};                        // for messages: the path that it was read from
  std::shared_ptr<const std::string> text = {};  // null where only the digest is known
};
// The same order, wherever it was read.
inline bool operator==(const OrderFile& a, const OrderFile& b) { return a.sha256 == b.sha256; }

// The name of the copy that lies in a run's folder.
inline constexpr std::string_view order_file_name = "order.txt";

struct Plan;

// An Error if there is no such file.
OrderFile read_order_file(const std::filesystem::path& path);

// Gives the text to a plan that was read from its own text and knows the digest alone; does nothing to one
// whose batch order is not from a file. An Error where the file is another one, or not there.
void take_order(Plan& plan, const std::filesystem::path& path);

}  // namespace reprise
