// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/worker_event.h"

#include <unistd.h>

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>

namespace reprise {

using Json = nlohmann::ordered_json;

std::span<const Word<Told>> words_of(Told) {
  static constexpr Word<Told> words[] = {{Told::ready, "ready"},         {Told::step, "step"},
                                         {Told::passed, "passed"},       {Told::note, "note"},
                                         {Told::step_time, "step-time"}, {Told::ended, "ended"}};
  return words;
}

std::string to_line(const WorkerEvent& event) {
  Json line = {{"event", to_text(event.told)}};
  if (event.told == Told::step || event.told == Told::passed) {
    line["step"] = event.step;
    line["steps"] = event.steps;
  }
  if (event.told == Told::step) line["loss"] = event.loss;  // one that is not a number becomes null
  if (event.told == Told::step_time) line["milliseconds"] = event.milliseconds;
  if (!event.text.empty()) line["text"] = event.text;
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string to_sentence(const WorkerEvent& event) {
  switch (event.told) {
    case Told::ready:
      return "ready";
    case Told::step:
      return fmt::format("step {} of {}, loss {:.4f}", event.step, event.steps, event.loss);
    case Told::passed:
      return fmt::format("step {} of {}", event.step, event.steps);
    case Told::step_time:
      return fmt::format("a step took a median of {:.3f} ms", event.milliseconds);
    case Told::note:
    case Told::ended:
      break;
  }
  return event.text;
}

namespace {

double number_of(const Json& line, const char* key) {
  const auto found = line.find(key);
  return found != line.end() && found->is_number() ? found->get<double>()
                                                   : std::numeric_limits<double>::quiet_NaN();
}

}  // namespace

std::optional<WorkerEvent> event_of(std::string_view text) {
  const Json line = Json::parse(text, nullptr, false);
  if (!line.is_object() || !line.contains("event") || !line["event"].is_string()) return std::nullopt;
  for (const auto& word : words_of(Told{})) {
    if (word.text != line["event"].get<std::string>()) continue;
    WorkerEvent event{.told = word.value};
    try {
      event.step = line.value("step", std::int64_t{0});
      event.steps = line.value("steps", std::int64_t{0});
      event.text = line.value("text", "");
    } catch (const Json::exception&) {
      return std::nullopt;
    }
    event.loss = number_of(line, "loss");
    event.milliseconds = number_of(line, "milliseconds");
    return event;
  }
  return std::nullopt;
}

std::vector<WorkerEvent> events_in(const std::filesystem::path& file) { return EventTail(file).news(); }

void keep_events(ProcessStart& start, const std::filesystem::path& file) {
  start.events = file;
  start.environment[events_variable] = std::to_string(events_descriptor);
}

void tell_event(const WorkerEvent& event) {
  const char* number = std::getenv(events_variable);
  const auto descriptor = number == nullptr ? std::nullopt : to_integer(number);
  if (!descriptor) {
    std::fprintf(stdout, "%s\n", to_sentence(event).c_str());
    std::fflush(stdout);
    return;
  }
  const std::string line = to_line(event);
  // What cannot be told is no reason to end a training; its trace says what matters.
  [[maybe_unused]] const auto written = ::write(static_cast<int>(*descriptor), line.data(), line.size());
}

std::vector<WorkerEvent> EventTail::news() {
  std::ifstream in(path_, std::ios::binary);
  in.seekg(static_cast<std::streamoff>(read_));
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  read_ += text.size();
  rest_ += text;
  auto lines = split(rest_, '\n');
  rest_ = lines.back();
  lines.pop_back();
  std::vector<WorkerEvent> events;
  for (const auto& line : lines)
    if (auto event = event_of(line)) events.push_back(std::move(*event));
  return events;
}

}  // namespace reprise
