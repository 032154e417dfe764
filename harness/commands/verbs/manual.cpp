// SPDX-License-Identifier: Apache-2.0
// reprise manual: the man page, made from the commands' own help, so that it cannot fall behind.
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/commands/command.h"

namespace reprise::verbs {
namespace {

// Text as troff takes it: backslashes and hyphens escaped, a leading dot or quote made harmless.
std::string roff(std::string text) {
  text = replace_all(replace_all(std::move(text), "\\", "\\\\"), "-", "\\-");
  text = replace_all(std::move(text), "\n", "\n.br\n");
  return text.starts_with('.') || text.starts_with('\'') ? "\\&" + text : text;
}

std::string page_of(const CLI::App& root) {
  std::string page = ".TH REPRISE 1 \"\" \"reprise " REPRISE_VERSION
                     "\" \"User Commands\"\n"
                     ".SH NAME\nreprise \\- run a training recipe again and say how reproducible it is\n"
                     ".SH SYNOPSIS\n.B reprise\n\\fICOMMAND\\fR [\\fIOPTIONS\\fR]\n"
                     ".SH DESCRIPTION\n" +
                     roff(root.get_description()) + "\n.SH COMMANDS\n";
  for (const auto* sub : root.get_subcommands({})) {
    page += fmt::format(".SS {}\n{}.\n", roff(sub->get_name()), roff(sub->get_description()));
    for (const auto* option : sub->get_options()) {
      if (option->get_name() == "--help" || option->get_group().empty()) continue;
      const std::string value =
          option->get_items_expected_max() == 0 ? "" : " \\fI" + roff(option->get_type_name()) + "\\fR";
      page += fmt::format(".TP\n\\fB{}\\fR{}\n{}\n", roff(option->get_name(false, true)), value,
                          roff(option->get_description()));
    }
    if (!sub->get_footer().empty()) page += ".PP\n" + roff(sub->get_footer()) + "\n";
  }
  return page +
         ".SH EXIT STATUS\nAs in diff(1): 0 the same, 1 different, 2 trouble; 130 after an interrupt.\n"
         ".SH ENVIRONMENT\n.TP\n\\fBREPRISE_DATA\\fR\nFolder in which recipes look for their data first.\n"
         ".TP\n\\fBREPRISE_RECIPES\\fR\nFolder in which recipes are looked for by name first.\n"
         ".SH FILES\n.TP\n\\fIruns/PLAN/N/\\fR\nOne run: plan.toml, trace.h5, log.txt, outcome.toml, "
         "checkpoints/.\n"
         ".TP\n\\fIruns/matrix\\-ID/\\fR\nOne matrix: matrix.toml and its reports.\n";
}

}  // namespace

extern const Command manual{
    .summary = "Print the manual page",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      app.footer("Read it:  reprise manual | man -l -");
      return [&app] {
        std::cout << page_of(*app.parser().get_parent());
        return 0;
      };
    },
};

}  // namespace reprise::verbs
