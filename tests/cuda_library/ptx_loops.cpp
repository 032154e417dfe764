// SPDX-License-Identifier: Apache-2.0
#include "ptx_loops.h"

#include <optional>
#include <regex>
#include <sstream>
#include <vector>

namespace reprise {
namespace {

struct Kernel {
  std::vector<std::string> instructions;
  std::map<std::string, std::size_t> labels;  // to the instruction that follows
};

bool streams(const std::string& line) { return line.find("ld.global.cs.v2") != std::string::npos; }

std::optional<StreamLoop> loop_of(const Kernel& kernel) {
  static const std::regex branch(R"(bra(\.uni)?\s+(\$\w+);)");
  std::optional<StreamLoop> smallest;
  for (std::size_t i = 0; i < kernel.instructions.size(); ++i) {
    std::smatch match;
    if (!std::regex_search(kernel.instructions[i], match, branch)) continue;
    const auto label = kernel.labels.find(match[2]);
    if (label == kernel.labels.end() || label->second > i) continue;
    StreamLoop loop{static_cast<int>(i - label->second + 1), 0};
    for (std::size_t k = label->second; k <= i; ++k) loop.loads += streams(kernel.instructions[k]);
    if (loop.loads > 0 && (!smallest || loop.instructions < smallest->instructions)) smallest = loop;
  }
  return smallest;
}

}  // namespace

std::map<std::string, StreamLoop> stream_loops(const std::string& text) {
  static const std::regex entry(R"(\.entry _ZN7reprise4cuda7kernels\d+(\w+?)ENS0_)"),
      target(R"(^\.target (\w+))"), label(R"(^(\$\w+):)");
  std::map<std::string, StreamLoop> loops;
  std::string name, made_for;
  Kernel kernel;
  std::istringstream lines(text);
  for (std::string line; std::getline(lines, line);) {
    std::smatch match;
    if (std::regex_search(line, match, target)) made_for = match[1];
    if (std::regex_search(line, match, entry)) {
      name = match[1];
      kernel = {};
    } else if (std::regex_search(line, match, label)) {
      kernel.labels[match[1]] = kernel.instructions.size();
    } else if (line == "}" && !name.empty()) {
      if (const auto loop = loop_of(kernel)) loops[name + " " + made_for] = *loop;
      name.clear();
    } else if (!name.empty() && line.ends_with(';') && line[0] != '.') {
      kernel.instructions.push_back(line);
    }
  }
  return loops;
}

}  // namespace reprise
