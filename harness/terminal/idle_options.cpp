// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/idle_options.h"

#include "harness/base/error.h"

namespace reprise {

void refuse_idle(const CommandOptions& app, const std::vector<std::string>& idle, const std::string& where) {
  for (const auto& option : idle)
    if (app.count(option) > 0)
      fail("{} has no effect {}; leave it out", option == "--word" ? "a command behind --" : option, where);
}

void refuse_idle_for_command(const CommandOptions& app) {
  if (app.count("--word") > 0)
    refuse_idle(app, {"--worker", "--torch"}, "on a command, which brings its own programs");
}

}  // namespace reprise
