// SPDX-License-Identifier: Apache-2.0
#pragma once
// Another program asked one thing, with this program's environment: what it printed and how it ended.
#include <string>
#include <vector>

namespace reprise {

struct ToolAnswer {
  int code = -1;         // -1: it was killed, or its time was up
  std::string out, err;  // as printed; `err` without white space at both ends

  bool good() const { return code == 0; }
};

// At most 60 s. An Error if the program is not on PATH: "`need` names the packages or the machine that has
// it".
ToolAnswer ask_tool(const std::vector<std::string>& words, const std::string& need);

}  // namespace reprise
