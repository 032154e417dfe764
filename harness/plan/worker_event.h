// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a worker tells whoever started it, while it runs: lines of JSON on a descriptor of its own, kept in
// the run's folder. Its log is for people, and nobody reads it for facts.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "harness/base/process.h"
#include "harness/base/words.h"

namespace reprise {

// The file in the run's folder, and the variable that holds the number of the descriptor.
inline constexpr std::string_view events_file_name = "events.jsonl";
inline constexpr const char* events_variable = "REPRISE_EVENTS";

enum class Told {
  ready,      // pins are set, the data is there: the training begins
  step,       // a checkpoint was reached
  passed,     // a step was made, about a second after the last that was told
  note,       // what a reader of the trace must know beside it
  step_time,  // the median time of a step, at the end
  ended       // why the run is not done
};
std::span<const Word<Told>> words_of(Told told);

struct WorkerEvent {
  Told told = Told::ready;
  std::int64_t step = 0, steps = 0;  // of `step` and `passed`: this one, and all of them
  double loss = 0;                   // of `step`
  double milliseconds = 0;           // of `step_time`
  std::string text = {};             // of `note` and `ended`, one sentence
};

// One line, with its end.
std::string to_line(const WorkerEvent& event);
// For people: "step 100 of 200, loss 0.4412".
std::string to_sentence(const WorkerEvent& event);
// Nothing for a line that is not an event: cut short, or of a newer version.
std::optional<WorkerEvent> event_of(std::string_view line);
// Those of a finished run; none if there is no such file.
std::vector<WorkerEvent> events_in(const std::filesystem::path& file);

// Makes a worker that is started so tell its events into that file.
void keep_events(ProcessStart& start, const std::filesystem::path& file);

// Tells by the descriptor that the environment names; a worker that was started by hand has none, and prints
// its events for people.
void tell_event(const WorkerEvent& event);

// A file of events while it is written.
class EventTail {
 public:
  explicit EventTail(std::filesystem::path path) : path_(std::move(path)) {}
  // The events whose lines were ended since the last call.
  std::vector<WorkerEvent> news();

 private:
  std::filesystem::path path_;
  std::uint64_t read_ = 0;
  std::string rest_;  // of a line that has no end yet
};

}  // namespace reprise
