// SPDX-License-Identifier: Apache-2.0
// Every form of training that an author may write is seen step by step: its parameters under their own names,
// with digests equal to those that the script computes itself (tests/python/witness.py), and it ends with the
// same weights and the same output as without the recorder.
#include "harness/base/process.h"
#include "harness/base/text.h"
#include "harness/plan/environment.h"
#include "harness/trace/row_part.h"
#include "harness/trace/trace.h"
#include "observed.h"

using namespace reprise;
using Json = nlohmann::json;

namespace {

// "optimizers sgd": the script and what it is given.
std::vector<std::string> words_of(const std::string& form) {
  auto words = split(form, ' ');
  words[0] = test_scripts + "/forms/" + words[0] + ".py";
  words.insert(words.begin(), test_python);
  return words;
}

// The script as its author runs it, in the environment that reprise would give it.
ProcessEnd run_plain(const Scratch& folder, const std::string& name) {
  const Plan plan = recipe_of_command(words_of(name)).defaults;
  auto variables = run_environment(plan);
  variables["PYTHONPATH"] = test_scripts;
  variables["REPRISE_WITNESS_FINAL"] = folder.path() / "plain.json";
  Process process({words_of(name), variables, folder.path() / "plain.txt", folder.path()},
                  std::chrono::minutes(5));
  return process.wait();
}

// What a script printed, without the line in which Trainer says how long it took.
std::string printed_by(const std::filesystem::path& log) {
  std::string text;
  for (const auto& line : split(content_of(log), '\n'))
    if (line.find("train_runtime") == std::string::npos) text += line + "\n";
  return text;
}

void check_step(const Trace& trace, const Json& seen) {
  const auto step = seen["step"].get<std::int64_t>();
  const auto stages = trace.stages(step);
  CHECK(to_text(stages[static_cast<std::size_t>(Stage::weights)]) == seen["weights"]);
  const std::string gradients = seen["gradients"];
  const Digest found = stages[static_cast<std::size_t>(Stage::gradients)];
  CHECK((found.present() ? to_text(found) : std::string()) == gradients);
  std::vector<std::string> names;
  const auto digests = trace.tensors(step);
  for (std::size_t i = 0; i < digests.size(); ++i)
    if (trace.columns()[i].stage == Stage::weights && digests[i].present())
      names.push_back(trace.columns()[i].name);
  std::ranges::sort(names);
  CHECK(names == seen["names"].get<std::vector<std::string>>());
}

void check_form(const std::string& name, std::size_t steps, bool witnessed_by_step = true) {
  const Scratch folder;
  REQUIRE(run_plain(folder, name).exit_code == 0);
  std::string before = "PYTHONPATH=" + test_scripts + " REPRISE_WITNESS_FINAL=final.json";
  if (witnessed_by_step) before += " REPRISE_WITNESS=steps.jsonl";
  const auto printed = run_command(folder, join(words_of(name), " "),
                                   "--set keep-env=REPRISE_WITNESS,REPRISE_WITNESS_FINAL", before);
  INFO(name << "\n" << printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace trace(only_run(folder));
  CHECK(trace.last_step() == static_cast<std::int64_t>(steps));
  CHECK(trace.finished());
  std::size_t seen = 0;
  for (const auto& line : split(content_of(folder.path() / "steps.jsonl"), '\n'))
    if (!line.empty() && ++seen <= steps) check_step(trace, Json::parse(line));
  CHECK(seen == (witnessed_by_step ? steps : 0));
  CHECK(content_of(folder.path() / "final.json") == content_of(folder.path() / "plain.json"));
  CHECK(!content_of(folder.path() / "final.json").empty());
  if (name.find("compiled") == std::string::npos)  // warnings of the compiler carry times
    CHECK(printed_by(only_run(folder) / "log.txt") == printed_by(folder.path() / "plain.txt"));
  CHECK_FALSE(contains(printed.out, "could not do"));
  // What is hidden is told with its share.
  CHECK(contains(printed.out, "% of both") == contains(name, "compiled"));
}

}  // namespace

TEST_CASE("every kind of optimizer is seen step by step") {
  for (const std::string name : {"optimizers sgd", "optimizers adamw", "optimizers adamw_fused",
                                 "optimizers adamw_foreach", "optimizers adamw_amsgrad", "lbfgs"})
    check_form(name, 6);
}

TEST_CASE("frozen, shared and added parameters, and buffers, are seen under their own names") {
  for (const std::string name : {"frozen", "shared_parameters", "added_group", "buffers"})
    check_form(name, 6);
}

TEST_CASE("accumulation, schedules and autocast are seen step by step") {
  for (const std::string name : {"accumulation", "scheduler", "autocast_bf16"}) check_form(name, 6);
}

TEST_CASE("two optimizers, and two models one after the other, are not merged") {
  check_form("two_optimizers", 12);
  check_form("resume", 6);
}

TEST_CASE("batches of a DataLoader are seen, and its worker processes stay silent") {
  check_form("dataloader 0", 8);
  check_form("dataloader 2", 8);
}

TEST_CASE("a Trainer of transformers is seen step by step") { check_form("trainer", 5); }

TEST_CASE("a Trainer of Lightning is seen step by step") { check_form("lightning_trainer", 5); }

TEST_CASE("a compiled model is seen step by step, a compiled step() too") {
  check_form("compiled_model", 6);
  // A hook of the witness would be compiled into the step, so only the end can be compared.
  check_form("compiled_step", 6, false);
}

TEST_CASE("each rank of a distributed training writes its own trace") {
  const Scratch folder;
  const auto printed =
      run_command(folder,
                  REPRISE_SOURCE "/.deps/venv/bin/torchrun --nproc-per-node 2 --master-port 29511 " +
                      words_of("ddp_gloo")[1],
                  "", "PYTHONPATH=" + test_scripts);
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  const Trace first(only_run(folder)), second(only_run(folder) / "rank-1");
  CHECK(first.last_step() == 6);
  CHECK(second.last_step() == 6);
  CHECK(first.facts().at("process.rank") == "0");
  CHECK(second.facts().at("process.rank") == "1");
  const auto weights = [](const Trace& trace) {
    std::map<std::string, Digest> found;
    for (std::size_t i = 0; i < trace.columns().size(); ++i)
      if (trace.columns()[i].stage == Stage::weights && !is_row_part(trace.columns()[i]))
        found.emplace(trace.columns()[i].name, trace.tensors(6)[i]);
    return found;
  };
  CHECK(weights(first).size() == 4);
  CHECK(row_parts(first) != row_parts(second));
  CHECK(weights(first) == weights(second));
  CHECK(first.columns()[0].name.find("module.") == std::string::npos);
}
