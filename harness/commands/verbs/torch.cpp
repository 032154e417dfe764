// SPDX-License-Identifier: Apache-2.0
// reprise torch: versions of LibTorch beside the one at hand, for the axis `torch`.
#include <iostream>
#include <memory>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/torches/torch_making.h"

namespace reprise::verbs {
namespace {

struct Options {
  TorchOrder order;
  std::string wanted = "both";
};

std::string what_it_has(const KeptTorch& kept) {
  if (kept.worker && kept.scripts) return "recipes and scripts";
  return kept.worker ? "recipes" : "scripts";
}

int add(Options& options) {
  options.order.wanted = word_from<TorchFor>(options.wanted, "--for");
  check_order(options.order);
  const KeptTorch kept =
      make_torch(options.order, [](const std::string& news) { fmt::print(stderr, "reprise: {}\n", news); });
  fmt::print("torch {} is ready for {}, in {}\n", kept.version, what_it_has(kept), kept.folder.string());
  return 0;
}

int list() {
  const auto kept = kept_torches();
  if (kept.empty())
    fmt::print("no torch is kept in {}; `reprise torch add 2.15.0` makes one\n", torch_home().string());
  for (const auto& one : kept) {
    const bool stale = one.worker && one.sources != source_digest();
    fmt::print("{:<9} for {}{}\n", one.version, what_it_has(one),
               stale ? "; its worker is of other sources of reprise: `add` it again" : "");
  }
  return 0;
}

int remove(const std::string& version) {
  remove_torch(version);
  fmt::print("torch {} is removed\n", version);
  return 0;
}

}  // namespace

extern const Command torch{
    .summary = "Make versions of LibTorch ready for --axis torch=VERSION,...",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      auto to_add = app.add_subcommand("add", "Fetch a version and build a worker for it");
      app.add_subcommand("list", "Show the versions that are ready");
      auto to_remove = app.add_subcommand("remove", "Remove one");
      for (CommandOptions one : {to_add, to_remove})
        one.add_option("version", options->order.version, "A release, such as 2.15.0")->required();
      to_add.add_option("--for", options->wanted, "both, recipes (a worker) or scripts (an environment)")
          ->type_name("WORD");
      to_add
          .add_option("--python", options->order.python,
                      "The Python whose packages are installed again beside that torch")
          ->type_name("PROGRAM");
      app.require_subcommand();
      app.footer(
          "They lie in REPRISE_TORCH_HOME, or in the cache folder, and no environment of yours is touched.\n"
          "See docs/across-hardware.md.\n"
          "Example:  reprise torch add 2.15.0 && reprise matrix waves --axis torch=2.11.0,2.15.0");
      return [=, &app] {
        const std::string chosen = app.chosen_subcommand();
        if (chosen == "add") return add(*options);
        return chosen == "list" ? list() : remove(options->order.version);
      };
    },
};

}  // namespace reprise::verbs
