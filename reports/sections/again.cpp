// SPDX-License-Identifier: Apache-2.0
// The command that does it again.
#include "harness/base/text.h"
#include "reports/section.h"

namespace reprise::sections {

extern const SectionComposer again{
    .summary = "the command that does it again",
    .order = {.page = 130, .terminal = 130, .data = 115},
    .compose =
        [](const Judged& judged) {
          const std::string command = shell_text(judged.matrix.command);
          Section section{.heading = "Do it again", .members = {{"command", command}}};
          if (!command.empty()) section.blocks.push_back({blocks::Command{command}, Readers::pages});
          return section;
        },
};

}  // namespace reprise::sections
