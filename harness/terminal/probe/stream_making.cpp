// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/probe/stream_making.h"

#include "harness/base/error.h"
#include "harness/launch/worker_probes.h"

namespace reprise {
namespace {

constexpr std::string_view on_the_rule = "random-integers";

MeasuredStream measured(const ProbeVerdict& verdict, const std::string& device, bool usual) {
  const ProbeCell& calls = verdict.cells.front();
  if (calls.finding != ProbeFinding::repeats) return {verdict.probe, "", DrawAnswer::unheard, calls.sentence};
  if (device != "cpu") {
    if (verdict.probe == on_the_rule)
      return {verdict.probe, verdict.bits, DrawAnswer::known,
              "six sizes, integer by integer as the grid rule says"};
    return {verdict.probe, verdict.bits, DrawAnswer::unheard,
            "drawn; the rule says nothing of what is made of it"};
  }
  if (!usual)
    return {verdict.probe, verdict.bits, DrawAnswer::unheard,
            "under other pins than those of the known answers"};
  const HeldAnswer held = held_against_known(verdict.probe, verdict.libtorch, verdict.bits);
  return {verdict.probe, verdict.bits, held.answer, held.sentence};
}

// All that a table of known answers may depend on; the instruction set is what its conditions are about.
bool are_usual(Pins pins) {
  Pins usual = default_pins();
  for (const char* free : {"isa", "device"}) {
    pins.erase(free);
    usual.erase(free);
  }
  return pins == usual;
}

}  // namespace

std::vector<CudaCard> chosen_cards(const std::vector<std::string>& names, const GpuList& gpus) {
  std::vector<CudaCard> cards;
  for (const auto& name : names) cards.push_back(cuda_card_like(name));
  if (!cards.empty()) return cards;
  for (const auto& gpu : gpus.gpus)
    if (gpu.processors > 0) cards.push_back({gpu.name, gpu.processors, gpu.threads_per_processor});
  if (cards.empty()) cards.assign(known_cuda_cards().begin(), known_cuda_cards().end());
  return cards;
}

std::vector<MeasuredStream> measured_streams(const std::vector<ProbeVerdict>& verdicts, const Pins& pins) {
  const bool usual = are_usual(pins);
  std::vector<MeasuredStream> all;
  for (const auto& verdict : verdicts) all.push_back(measured(verdict, pins.at("device"), usual));
  return all;
}

StreamAnswer stream_answer(const std::vector<std::string>& cards, const ProbeChoices& choices,
                           const LaunchOptions& how) {
  StreamAnswer answer;
  answer.cards = chosen_cards(cards, gpus_here());
  ProbeChoices drawing = choices;
  drawing.names.clear();
  drawing.causes = {Cause::calls};
  try {
    for (const auto& one : probes_of_worker(how))
      if (one.family == "random") drawing.names.push_back(one.name);
  } catch (const Error& error) {
    answer.unmeasured = error.what();
    return answer;
  }
  const auto verdicts = judged_probes(chosen_subjects(drawing, how), drawing, how);
  answer.measured = measured_streams(verdicts, choices.order.pins);
  answer.device = choices.order.pins.at("device");
  for (const auto& verdict : verdicts)
    if (answer.libtorch.empty() && !verdict.libtorch.empty()) {
      answer.libtorch = verdict.libtorch;
      answer.processor = verdict.processor;
    }
  if (answer.libtorch.empty() && !verdicts.empty())
    answer.unmeasured = verdicts.front().cells.front().sentence;
  return answer;
}

}  // namespace reprise
