// SPDX-License-Identifier: Apache-2.0
// reprise verify: is the evidence what was signed, and does the report say what its traces say?
#include <iostream>
#include <memory>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/commands/command.h"
#include "harness/options/word_checks.h"
#include "harness/signing/replaying.h"
#include "harness/signing/verifying.h"
#include "harness/terminal/idle_options.h"
#include "harness/terminal/interrupt.h"
#include "harness/terminal/launching.h"

namespace reprise::verbs {
namespace {

struct Options {
  std::string bundle, key, files;
  LaunchChoices launch;
  bool json = false, replay = false;
};

void add_replay_options(CommandOptions& app, LaunchChoices& choices) {
  choices.runs = "replayed";
  app.add_option("--pin", choices.pin,
                 "For --replay: set a pin otherwise than the plan has it: --pin threads=2")
      ->type_name("NAME=VALUE")
      ->allow_extra_args(false);
  app.add_option("--runs", choices.runs, "For --replay: folder in which the run is kept")
      ->type_name("FOLDER")
      ->capture_default_str();
  app.add_option("--worker", choices.worker,
                 "For --replay: the reprise-worker to use; by default the one beside this program")
      ->type_name("FILE");
  app.add_option("--torch", choices.torch, "For --replay: the torch whose libraries the worker uses")
      ->type_name("FOLDER");
  app.add_option("--time-limit", choices.time_limit_seconds,
                 "For --replay: seconds that the run may take; 0 for no limit")
      ->type_name("SECONDS")
      ->check(number_between(0, 1e9))
      ->capture_default_str();
  add_progress_options(app, choices.progress);
}

// What the answer is worth, in one sentence.
std::string closing(const Verification& found) {
  const auto failed = found.count(CheckEnd::failed), untested = found.count(CheckEnd::untested);
  if (const Check& last = found.checks.back(); last.name == "replay" && last.end == CheckEnd::failed)
    return "the evidence holds, but its replay here gave other bits";
  if (failed > 0) return fmt::format("NOT verified: {} of {} checks failed", failed, found.checks.size());
  if (untested > 0)
    return fmt::format("NOT verified: no check failed, but {} of {} could not be made", untested,
                       found.checks.size());
  return fmt::format("verified: all {} checks passed; whose key it is, no signature can tell",
                     found.checks.size());
}

void print(const Verified& verified, bool json) {
  const Verification& found = verified.found;
  if (json) {
    nlohmann::ordered_json checks = nlohmann::ordered_json::array();
    for (const auto& check : found.checks)
      checks.push_back({{"name", check.name},
                        {"found", check.end == CheckEnd::failed ? "failed" : to_text(check.end)},
                        {"sentence", check.sentence}});
    const nlohmann::ordered_json all = {
        {"schema", "reprise.verify/1"},
        {"verified", found.exit_code() == 0},
        {"exit_code", found.exit_code()},
        {"result", verified.statement ? std::string(to_text(verified.statement->result.result)) : ""},
        {"checks", checks}};
    std::cout << all.dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
    return;
  }
  for (const auto& check : found.checks)
    fmt::print("{:8}  {}: {}\n", to_text(check.end), check.name, check.sentence);
  if (verified.statement) fmt::print("result    {}\n", to_text(verified.statement->result.result));
  fmt::print("{}\n", closing(found));
}

const std::vector<std::string> of_replays = {"--pin",        "--runs",  "--worker", "--torch",
                                             "--time-limit", "--quiet", "--events"};

int show(Options options, const CommandOptions& app) {
  if (!options.replay) refuse_idle(app, of_replays, "without --replay, which runs a plan");
  const PublicKey key = public_key_in(options.key);
  Verified verified = verify_bundle(options.bundle, key, options.files);
  if (options.replay) {
    options.launch.again = true;  // what lies there already was not made now
    check_replay({launch_options(options.launch), options.launch.pin}, verified);
    end_progress();
    if (was_interrupted()) return tell_interrupted();
  }
  print(verified, options.json);
  tell_verdict(options.launch.progress, verified.found.exit_code(), closing(verified.found));
  return verified.found.exit_code();
}

}  // namespace

extern const Command verify{
    .summary = "Check signed evidence: the signature, the files, and the report against its traces",
    .attach = [](CommandOptions& app) -> std::function<int()> {
      auto options = std::make_shared<Options>();
      app.add_option("bundle", options->bundle,
                     "What `reprise attest` or `reprise release` signed: *.sigstore.json, or "
                     "*.oms.sig")
          ->required();
      app.add_option("--key", options->key, "The public key of who signed, in PEM form")
          ->type_name("FILE")
          ->required();
      app.add_option("--files", options->files,
                     "The folder that holds the signed files; by default the bundle's")
          ->type_name("FOLDER");
      app.add_flag("--replay", options->replay,
                   "Also run the plan of the first run again here, and compare the bits");
      add_replay_options(app, options->launch);
      app.add_flag("--json", options->json, "Print one JSON document on standard output");
      app.footer(
          "Checks, one line each: envelope, payload type, key, signature, statement, every file's SHA-256,\n"
          "that no unsigned file lies in a run's folder, what lies beside that the signature does not "
          "cover,\n"
          "every trace, that the matrix gives each run its own plan and end, the predicate, and the report,\n"
          "which is judged and written again from the traces.\n"
          "A check that cannot be made (no traces at hand, say) is untested, with the reason, and never\n"
          "counts as passed. Exit code 0: every check passed; 1: some check failed; 2: none failed but\n"
          "some could not be made, or trouble.\n"
          "--replay passes only where the bits are the same; where they are not it says where they part,\n"
          "whether the metric is within its margin, and what differs here: pins, processor, libraries. A\n"
          "plan that cannot be run here is untested.\n"
          "Example:  reprise verify runs/matrix-1a2b3c4d5e6f.test-result.sigstore.json --key key.pub");
      return [options, &app] { return show(*options, app); };
    },
};

}  // namespace reprise::verbs
