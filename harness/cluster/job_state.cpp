// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/job_state.h"

#include <fmt/format.h>

#include "harness/base/text.h"

namespace reprise {
namespace {

std::string told(const std::string& text) {
  const std::string bare(trim(text));
  return bare == "None" || bare == "(null)" || bare == "n/a" || bare == "None assigned" ? "" : bare;
}

std::string first_word(const std::string& text) { return std::string(trim(text.substr(0, text.find(' ')))); }

constexpr std::pair<std::string_view, JobPhase> phases[] = {
    {"PENDING", JobPhase::waiting},         {"CONFIGURING", JobPhase::waiting},
    {"REQUEUED", JobPhase::waiting},        {"REQUEUE_HOLD", JobPhase::waiting},
    {"SPECIAL_EXIT", JobPhase::waiting},    {"RESV_DEL_HOLD", JobPhase::waiting},
    {"COMPLETED", JobPhase::completed},     {"FAILED", JobPhase::failed},
    {"TIMEOUT", JobPhase::timed_out},       {"DEADLINE", JobPhase::timed_out},
    {"OUT_OF_MEMORY", JobPhase::no_memory}, {"CANCELLED", JobPhase::cancelled},
    {"PREEMPTED", JobPhase::cancelled},     {"REVOKED", JobPhase::cancelled},
    {"NODE_FAIL", JobPhase::lost},          {"BOOT_FAIL", JobPhase::lost}};

}  // namespace

JobPhase phase_of(const JobState& state) {
  for (const auto& [word, phase] : phases)
    if (word == state.word) return phase;
  return JobPhase::running;  // RUNNING, COMPLETING, STAGE_OUT, SUSPENDED, STOPPED, SIGNALING, RESIZING
}

std::map<std::string, JobState> states_from_squeue(std::string_view text) {
  std::map<std::string, JobState> states;
  for (const auto& line : split(text, '\n')) {
    const auto parts = split(line, '|');
    if (parts.size() != 4) continue;
    states[std::string(trim(parts[0]))] = {first_word(parts[1]), told(parts[2]), told(parts[3]), ""};
  }
  return states;
}

std::map<std::string, JobState> states_from_sacct(std::string_view text) {
  std::map<std::string, JobState> states;
  for (const auto& line : split(text, '\n')) {
    const auto parts = split(line, '|');
    if (parts.size() != 4) continue;
    states[std::string(trim(parts[0]))] = {first_word(parts[1]), "", told(parts[3]),
                                           std::string(trim(parts[2]))};
  }
  return states;
}

std::string to_sentence(const JobState& state) {
  const JobPhase phase = phase_of(state);
  if (phase == JobPhase::waiting)
    return state.reason.empty() ? "waits in the queue" : fmt::format("waits in the queue ({})", state.reason);
  if (phase == JobPhase::running) return state.node.empty() ? "runs" : fmt::format("runs on {}", state.node);
  return state.node.empty() ? state.word : fmt::format("{} on {}", state.word, state.node);
}

}  // namespace reprise
