// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/gpu_forecast.h"

#include <set>

#include "harness/judge/explain/gpu_models.h"
#include "harness/plan/devices.h"

namespace reprise {
namespace {

struct Side {
  bool known = false;
  std::optional<GpuModel> card;  // nothing: the CPU
  std::string key;
};

Side side_of(const Plan& plan, const GpuList& gpus) {
  if (!wants_gpu(plan)) return {true, std::nullopt, "cpu"};
  const auto choice = pick_gpu(gpus, plan.pins.at("device"));
  if (!choice.gpu) return {};
  const Gpu& gpu = *choice.gpu;
  return {true, GpuModel{gpu.name, gpu.uuid, gpu.major, gpu.minor, gpu.processors, gpu.threads_per_processor},
          gpu.uuid};
}

Pins without_device(Pins pins) {
  pins.erase("device");
  return pins;
}

}  // namespace

std::vector<std::string> gpu_forecasts(const std::vector<Plan>& plans, const GpuList& gpus) {
  std::vector<std::string> sentences;
  std::set<std::string> told;
  for (std::size_t i = 0; i < plans.size(); ++i)
    for (std::size_t j = i + 1; j < plans.size(); ++j) {
      const Side a = side_of(plans[i], gpus), b = side_of(plans[j], gpus);
      if (!a.known || !b.known || a.key == b.key) continue;
      if (without_device(plans[i].pins) != without_device(plans[j].pins)) continue;
      // How large the draws are is known only when the recipe has begun.
      const RandomUse use{plans[i].pins.at("rng") == "device", 0};
      const std::string sentence = predict(a.card, b.card, use).sentence;
      if (told.insert(sentence).second) sentences.push_back("expected: " + sentence);
    }
  return sentences;
}

}  // namespace reprise
