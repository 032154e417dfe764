// SPDX-License-Identifier: Apache-2.0
#include "reports/sample.h"
#include "harness/base/text.h"

#include <fmt/core.h>

#include <cmath>

namespace reprise {
namespace {

using Firsts =
    std::array<std::optional<std::int64_t>, stage_count>;  // batch rng loss gradients weights optimizer

Digest digest_of_number(std::uint64_t number) {
  return {0x9E3779B97F4A7C15ULL * (number + 1), 0xD1B54A32D192ED03ULL * (number + 1)};
}

// A loss that falls, without the C library's functions whose last digit differs between machines.
std::vector<double> losses(std::size_t steps, double offset) {
  std::vector<double> values;
  for (std::size_t i = 0; i < steps; ++i) {
    const double step = static_cast<double>(i);
    const double ripple = static_cast<double>((i * 37) % 11) / 200;
    values.push_back(0.4 + 40 / (step + 20) + ripple + offset * (step + 1));
  }
  return values;
}

std::vector<double> apart(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> distance;
  for (std::size_t i = 0; i < a.size(); ++i) distance.push_back(std::abs(a[i] - b[i]));
  return distance;
}

void add_trace(Evidence& evidence, const std::string& name, std::size_t in_class, const Pins& pins) {
  TraceSummary trace;
  trace.name = name;
  trace.path = "somewhere/" + name;
  trace.plan_id = to_text(digest_of_number(100 + evidence.diff.traces.size()));
  trace.last_step = trace.planned_steps = evidence.diff.steps;
  trace.finished = true;
  trace.chain = digest_of_number(in_class);
  trace.processes = {{"", "", trace.last_step, true, trace.chain}};
  trace.execution = name;
  trace.final_weights = digest_of_number(50 + in_class);
  trace.final_loss = 0.441201 + 0.003 * static_cast<double>(in_class);
  trace.final_metrics = {{"test_accuracy", 92.25 - 0.5 * static_cast<double>(in_class)}};
  trace.facts = {{"cpu.model", "a processor"},
                 {"torch.capability", in_class == 2 ? "DEFAULT" : "AVX512"},
                 {"torch.version", "2.11.0"}};
  trace.pins = pins;
  trace.pin_checks = trace.pins_held = 3;
  trace.in_class = in_class;
  evidence.diff.traces.push_back(trace);
  while (evidence.diff.classes.size() <= in_class)
    evidence.diff.classes.push_back(
        {std::string(1, static_cast<char>('A' + evidence.diff.classes.size())), {}, {}});
  evidence.diff.classes[in_class].members.push_back(evidence.diff.traces.size() - 1);
}

void add_run(Evidence& evidence, const std::string& name, std::map<std::string, std::string> values,
             std::size_t in_class) {
  add_trace(
      evidence, name, in_class,
      {{"mkl", values["mkl"]}, {"seed", values["seed"]}, {"threads", values["threads"]}, {"tf32", "off"}});
  Configuration configuration;
  configuration.name = name;
  configuration.plan_id = name == "repeat=2" ? "baseline" : name;
  configuration.values = std::move(values);
  configuration.outcome.ending = Ending::done;
  evidence.matrix.configurations.push_back(configuration);
}

void add_untested(Evidence& evidence, const std::string& name, const Outcome& outcome) {
  Configuration configuration;
  configuration.name = configuration.plan_id = name;
  configuration.outcome = outcome;
  evidence.matrix.configurations.push_back(configuration);
}

ClassDivergence split_of(const Diff& diff, std::size_t a, std::size_t b, std::int64_t step,
                         const std::string& stage, const std::string& tensor, const Firsts& firsts) {
  ClassDivergence divergence;
  divergence.a = a;
  divergence.b = b;
  divergence.first.step = step;
  divergence.first.stage = stage;
  divergence.first.tensor = tensor;
  divergence.first.tensors_differing = 2;
  divergence.first.tensors_compared = 4;
  divergence.first.stage_first = firsts;
  divergence.loss_distance = apart(diff.classes[a].losses, diff.classes[b].losses);
  return divergence;
}

std::map<std::string, std::string> with(const std::string& name, const std::string& value,
                                        const std::string& more = "", const std::string& more_value = "") {
  std::map<std::string, std::string> values = {
      {"repeat", "1"}, {"threads", "1"}, {"isa", "avx512"}, {"mkl", "default"}, {"seed", "0"}};
  if (!name.empty()) values[name] = value;
  if (!more.empty()) values[more] = more_value;
  return values;
}

FactorVerdict factor(const std::string& name, std::vector<std::string> values, Promise promise,
                     Finding finding, std::optional<std::int64_t> step, const std::string& found,
                     const std::string& sentence) {
  FactorVerdict verdict;
  verdict.factor = {name, values, promise};
  verdict.moved = step.has_value();
  verdict.finding = finding;
  verdict.found = found;
  for (std::size_t i = 1; i < values.size(); ++i) {
    const bool last = i + 1 == values.size();
    verdict.values.push_back({values[i], last ? finding : Finding::identical, last ? step : std::nullopt,
                              last ? sentence : "did not move the bits"});
  }
  return verdict;
}

void add_splits(Evidence& evidence) {
  Diff& diff = evidence.diff;
  diff.classes[0].losses = losses(200, 0);
  diff.classes[1].losses = losses(200, 1e-7);
  diff.classes[1].losses[0] = diff.classes[0].losses[0];  // the first loss comes before the first update
  diff.classes[2].losses = losses(200, -2e-5);
  diff.classes[3].losses = losses(200, 1e-3);
  diff.classes[3].losses[150] = std::nan("");
  diff.divergences = {split_of(diff, 0, 1, 1, "gradients", "fc2.weight", {{{}, {}, 2, 1, 1, 1}}),
                      split_of(diff, 0, 2, 0, "weights", "fc1.weight", {{{}, {}, 1, 1, 0, 1}}),
                      split_of(diff, 0, 3, 0, "rng", "cpu", {{1, 0, 1, 1, 0, 1}}),
                      split_of(diff, 1, 2, 0, "weights", "fc1.weight", {{{}, {}, 1, 1, 0, 1}}),
                      split_of(diff, 1, 3, 0, "rng", "cpu", {{1, 0, 1, 1, 0, 1}}),
                      split_of(diff, 2, 3, 0, "rng", "cpu", {{1, 0, 1, 1, 0, 1}})};
  for (auto& divergence : diff.divergences)
    if (divergence.b == 3) divergence.first.batch_order_from = 1;
  diff.divergences[0].first.leaf = LeafPlace{1, 2, 7, 3};
  diff.divergences[0].distance = CheckpointDistance{200,
                                                    {{"weights/fc1.weight", 10000, 3118, 2, 1.25e-7, 3.5e-8},
                                                     {"weights/fc2.weight", 1000, 990, 17, 2e-6, 4e-7}},
                                                    4};
}

void attack_closer(CloserLook& closer, const std::string& attack) {
  for (auto& row : closer.self_test->rows) row.injected = row.wanted = row.found = row.sentence = attack;
  closer.self_test->sentence = attack;
  for (auto& found : closer.bisections) {
    found.side_a += attack;
    found.side_b += attack;
    found.sentence = found.distance->name = attack;
    found.notes.push_back(attack);
    for (auto& line : found.around) line.name = line.phase = line.scope = attack;
    for (auto& reason : found.reasons) reason.sentence = reason.source = attack;
    for (auto& remedy : found.remedies) remedy.remedy = remedy.reason = attack;
  }
}

Verdict sample_verdict() {
  Verdict verdict;
  verdict.factors = {
      factor("repeat", {"1", "2"}, Promise::bitwise, Finding::identical, {}, "did not move the bits",
             "did not move the bits"),
      factor("threads", {"1", "2"}, Promise::numeric, Finding::inconclusive, 1, "2 moved them at step 1",
             "moved the bits at step 1 (gradients, fc2.weight); 1 and 1 distinct runs on the two sides"),
      factor("isa", {"avx512", "avx2", "default"}, Promise::numeric, Finding::inconclusive, 0,
             "default moved them before training, avx2 did not",
             "moved the bits before training (initial weights)"),
      factor("mkl", {"default", "strict"}, Promise::numeric, Finding::identical, {}, "did not move the bits",
             "did not move the bits"),
      factor("seed", {"0", "1"}, Promise::statistical, Finding::as_meant, 0, "1 moved them before training",
             "moved the bits before training (initial rng), as it should")};
  verdict.explaining_sets = {{"isa", "mkl", "seed", "threads"}};
  verdict.tested = 8;
  verdict.untested = 2;
  verdict.failed = 1;
  verdict.exit_code = 2;
  verdict.headline =
      "The bits move with threads and isa, with seed as they should, and with nothing else that was tried.";
  return verdict;
}

void add_sample_runs(Evidence& evidence) {
  add_run(evidence, "baseline", with("", ""), 0);
  add_run(evidence, "repeat=2", with("repeat", "2"), 0);
  add_run(evidence, "mkl=strict", with("mkl", "strict"), 0);
  add_run(evidence, "isa=avx2", with("isa", "avx2"), 0);
  add_run(evidence, "threads=2", with("threads", "2"), 1);
  add_run(evidence, "threads=2 mkl=strict", with("threads", "2", "mkl", "strict"), 0);
  add_run(evidence, "isa=default", with("isa", "default"), 2);
  add_run(evidence, "seed=1", with("seed", "1"), 3);
  add_untested(evidence, "threads=64", {Ending::skipped, "this machine has 2 cores", {}, 0, 0});
  add_untested(evidence, "onednn=off",
               {Ending::failed,
                "the worker ended with exit code 3",
                {"step 12 of 200", "reprise-worker: wanted a positive batch"},
                1.5,
                0});
}

}  // namespace

Evidence sample() {
  Evidence evidence;
  evidence.metric = Metric{"test_accuracy", "%", true, 0.5};
  evidence.diff.recipe = evidence.matrix.recipe = "waves";
  evidence.diff.recipe_id = "3f9a07c1d2e4b5a69788a1b2c3d4e5f6";
  evidence.diff.steps = 200;
  evidence.matrix.design = Design::one;
  evidence.matrix.command =
      shell_words("reprise matrix recipes/waves.toml --axis repeat=2 --axis threads=1,2");
  evidence.matrix.factors = {{"repeat", {"1", "2"}, Promise::bitwise},
                             {"threads", {"1", "2"}, Promise::numeric},
                             {"isa", {"avx512", "avx2", "default"}, Promise::numeric},
                             {"mkl", {"default", "strict"}, Promise::numeric},
                             {"seed", {"0", "1"}, Promise::statistical}};
  add_sample_runs(evidence);
  evidence.diff.traces[7].first_nan = 151;
  add_splits(evidence);
  evidence.verdict = sample_verdict();
  evidence.closer = {sample_self_test(), {sample_bisection("baseline", "threads=2")}};
  return evidence;
}

Evidence two_equal() {
  Evidence evidence;
  evidence.diff.recipe = evidence.matrix.recipe = "waves";
  evidence.diff.steps = 20;
  evidence.matrix.design = Design::one;
  evidence.matrix.command = shell_words("reprise diff left right");
  add_run(evidence, "left", with("", ""), 0);
  add_run(evidence, "right", with("", ""), 0);
  evidence.diff.classes[0].losses = losses(20, 0);
  evidence.verdict.tested = 2;
  evidence.verdict.headline = "All 2 traces are identical, bit for bit, up to step 20.";
  return evidence;
}

Evidence many(std::size_t equal, std::size_t parted, std::size_t members) {
  Evidence evidence;
  evidence.diff.recipe = evidence.matrix.recipe = "waves";
  evidence.diff.steps = 3000;
  evidence.verdict.headline = "The bits move with seed, as they should.";
  evidence.verdict.explaining_sets = {{"seed"}};
  evidence.matrix.command = shell_words("reprise matrix recipes/waves.toml");
  for (std::size_t i = 0; i <= equal; ++i)
    add_run(evidence, i == 0 ? "baseline" : fmt::format("same={}", i), with("", ""), 0);
  for (std::size_t c = 1; c <= parted; ++c)
    for (std::size_t m = 0; m < members; ++m)
      add_run(evidence, fmt::format("seed={} repeat={}", c, m + 1), with("seed", std::to_string(c)), c);
  auto& diff = evidence.diff;
  for (std::size_t c = 0; c < diff.classes.size(); ++c) {
    diff.classes[c].letter =
        c < 26 ? std::string(1, static_cast<char>('A' + c))
               : fmt::format("{}{}", static_cast<char>('A' + c / 26 - 1), static_cast<char>('A' + c % 26));
    diff.classes[c].losses = losses(3000, 1e-5 * static_cast<double>(c));
  }
  for (std::size_t a = 0; a < diff.classes.size(); ++a)
    for (std::size_t b = a + 1; b < diff.classes.size(); ++b) {
      const auto step = static_cast<std::int64_t>(b * b);
      diff.divergences.push_back(
          split_of(diff, a, b, step, "gradients", "fc.weight", {{{}, {}, step + 1, step, step, step}}));
    }
  evidence.verdict.tested = diff.traces.size();
  return evidence;
}

Evidence hostile() {
  Evidence evidence = sample();
  const std::string attack = "<script>alert('&\"x')</script>|`*_\x1b[31m\xff\xe2\x80\xae]]>-->";
  for (auto& trace : evidence.diff.traces) trace.name += attack;
  for (auto& configuration : evidence.matrix.configurations) {
    configuration.name += attack;
    configuration.outcome.reason += attack;
    configuration.outcome.last_lines.push_back(attack);
  }
  for (auto& divergence : evidence.diff.divergences) divergence.first.tensor = attack;
  for (auto& trace : evidence.diff.traces) trace.facts[attack] = attack;
  for (auto& one : evidence.verdict.factors) {
    one.factor.name = attack;
    one.found += attack;
    one.values.back().sentence = attack;
  }
  evidence.diff.recipe = evidence.verdict.headline = attack;
  evidence.matrix.command = {attack};
  attack_closer(evidence.closer, attack);
  return evidence;
}

Evidence nothing_done() {
  Evidence evidence;
  evidence.matrix.recipe = "mnist1d";
  evidence.matrix.command = shell_words("reprise matrix recipes/mnist1d.toml --axis threads=1,2");
  evidence.matrix.factors = {{"threads", {"1", "2"}, Promise::numeric}};
  add_untested(evidence, "baseline", {Ending::skipped, "no file mnist1d.bin; fetch it", {}, 0, 0});
  add_untested(evidence, "threads=2", {Ending::skipped, "no file mnist1d.bin; fetch it", {}, 0, 0});
  evidence.verdict.factors = {factor("threads", {"1", "2"}, Promise::numeric, Finding::untested, {},
                                     "untested", "no pair of runs to compare")};
  evidence.verdict.untested = 2;
  evidence.verdict.exit_code = 2;
  evidence.verdict.headline = "Nothing could be compared: every run is untested.";
  return evidence;
}

}  // namespace reprise
