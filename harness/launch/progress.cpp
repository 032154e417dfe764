// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/progress.h"

#include <fmt/format.h>

#include "harness/plan/worker_event.h"

namespace reprise {

std::span<const Word<LaunchTold>> words_of(LaunchTold /*told*/) {
  static const Word<LaunchTold> words[] = {
      {LaunchTold::planned, "planned"}, {LaunchTold::started, "started"},
      {LaunchTold::step, "step"},       {LaunchTold::checkpoint, "checkpoint"},
      {LaunchTold::ended, "ended"},     {LaunchTold::reused, "reused"},
      {LaunchTold::waiting, "waiting"}, {LaunchTold::anew, "anew"},
      {LaunchTold::note, "note"},       {LaunchTold::time_passed, "time-passed"}};
  return words;
}

namespace {

std::string words_about(const LaunchEvent& event) {
  switch (event.told) {
    case LaunchTold::started:
      return "started";
    case LaunchTold::step:
      return to_sentence(WorkerEvent{.told = Told::passed, .step = event.step, .steps = event.steps});
    case LaunchTold::checkpoint:
      return to_sentence(
          WorkerEvent{.told = Told::step, .step = event.step, .steps = event.steps, .loss = event.loss});
    case LaunchTold::ended:
      return event.outcome.done()
                 ? fmt::format("done in {:.1f} s", event.outcome.seconds)
                 : fmt::format("untested ({}): {}", to_text(event.outcome.ending), event.outcome.reason);
    case LaunchTold::reused:
      return "exists already";
    case LaunchTold::waiting:
      return "another process is running it; waiting";
    case LaunchTold::anew:
      return event.text + ": it is run again";
    case LaunchTold::note:
      return event.text;
    case LaunchTold::planned:
    case LaunchTold::time_passed:
      break;
  }
  return "";
}

}  // namespace

void send(const TellProgress& whom, LaunchEvent event) {
  if (!whom) return;
  event.at = std::chrono::steady_clock::now();
  whom(event);
}

std::string to_sentence(const LaunchEvent& event) {
  const std::string words = words_about(event);
  return words.empty() ? "" : event.name + ": " + words;
}

}  // namespace reprise
