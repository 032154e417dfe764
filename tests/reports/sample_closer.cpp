// SPDX-License-Identifier: Apache-2.0
// A self-test and a bisection made by hand.
#include "reports/sample.h"

#include "harness/base/text.h"

namespace reprise {
namespace {

SelfTestRow row(const std::string& name, const std::string& injected, const std::string& wanted,
                const std::string& found) {
  return {name,  injected,       wanted,
          found, Caught::caught, injected + ": wanted " + wanted + ", found " + found};
}

}  // namespace

SelfTest sample_self_test(Caught result, const std::string& name) {
  SelfTest test;
  test.rows = {
      row("flip-bit", "one bit of one weight flipped after step 2", "step 2, weights",
          "step 2, weights, fc1.weight"),
      row("swap-samples", "two samples of a batch exchanged at step 2", "step 2, batch", "step 2, batch, x"),
      row("change-seed", "another seed", "before training, rng", "before training, rng, cpu"),
      row("watched", "nothing: every operator call was traced", "no difference", "no difference"),
      row("resumed", "nothing: stopped, restarted from what is digested, continued", "no difference",
          "no difference")};
  std::size_t caught = 0;
  for (auto& one : test.rows) {
    if (one.name == name) one.result = result;
    if (one.name == name && result == Caught::escaped) {
      one.found = "step 3, optimizer";
      one.sentence = one.injected + ": wanted " + one.wanted + ", found " + one.found;
    }
    const bool injected = one.name != "watched" && one.name != "resumed";
    caught += injected && one.result == Caught::caught ? 1 : 0;
  }
  test.is_void = result == Caught::escaped;
  test.sentence = "self-test: " + std::to_string(caught) + " of 3 injected faults found";
  return test;
}

Bisection sample_bisection(const std::string& side_a, const std::string& side_b) {
  Bisection found;
  found.side_a = side_a;
  found.side_b = side_b;
  found.found = Found::call;
  found.sentence = "aten::addmm, call 14 of step 1, backward, in fc2";
  found.divergence.kind = DivergenceKind::result;
  found.around = {{CallLine::State::equal, 11, 0, "aten::t", "backward", "fc2"},
                  {CallLine::State::equal, 12, 0, "aten::mse_loss_backward", "backward", ""},
                  {CallLine::State::differs, 13, 0, "aten::linear", "backward", "fc2"},
                  {CallLine::State::guilty, 14, 1, "aten::addmm", "backward", "fc2"},
                  {CallLine::State::equal, 15, 0, "aten::t", "backward", "fc2"},
                  {CallLine::State::differs, 16, 0, "aten::sum.dim_IntList", "backward", "fc2"}};
  OutputDistance output;
  output.shape = {10, 10};
  output.distance = {"output/0", 100, 31, 9, 1e-8, 1e-9};
  output.first = ElementPair{{0, 7}, 0.013241524, 0.013241525, "0x3c58f3b1", "0x3c58f3b2"};
  output.ulp = {{1, 1, 27}, {2, 2, 3}, {9, 16, 1}};
  output.rounded = Rounded{100, 75, 50};
  found.distance = CallDistance{"aten::addmm", true, {output}, 1};
  found.reasons = {{"the BLAS library splits a matrix product's sums by threads", "a manual"}};
  found.remedies = {{"mkl=strict", true, true, 11, 1.034, ""},
                    {"onednn=off", true, false, 11, 1.5, ""},
                    {"threads=1", false, false, 0, {}, "it is what side A runs already"}};
  found.reruns_a = found.reruns_b = 2;
  return found;
}

std::vector<std::string> formats_for_people() {
  auto names = names_of(formats_shelf());
  std::erase(names, "junit");
  return names;
}

std::string unwrapped(const std::string& text) {
  std::string line;
  for (const auto& part : split(text, '\n')) line += (line.empty() ? "" : " ") + std::string(trim(part));
  return line;
}

bool marked(const Report& report, Mood mood, const std::string& words) {
  for (const auto& block : all_of<blocks::Marks>(report))
    for (const auto& mark : block.marks)
      if (mark.mood == mood && mark.text.find(words) != std::string::npos) return true;
  return false;
}

}  // namespace reprise
