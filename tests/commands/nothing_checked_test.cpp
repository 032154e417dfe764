// SPDX-License-Identifier: Apache-2.0
// The real `reprise` where nothing could be checked, or an option would do nothing: never a success.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "judge/drawn_trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

void refused(const Scratch& folder, const std::string& line, const std::string& part) {
  const auto printed = run_program(folder.path(), line);
  INFO(line << "\n" << printed.out << printed.err);
  CHECK(printed.code == 2);
  CHECK(printed.out.empty());
  CHECK_THAT(printed.err, Contains(part));
  CHECK(std::count(printed.err.begin(), printed.err.end(), '\n') == 1);
}

std::string plan_text() {
  Plan plan = plan_of(DrawnTrace{});
  plan.evaluate_every = 5;
  return to_toml(plan);
}

// A command's run: no steps planned, no samples recorded.
void draw_command(const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  Plan plan = plan_of(DrawnTrace{});
  plan.program.clear();
  plan.steps = plan.batch = plan.samples = 0;
  plan.command = CommandLine{{"python", "x.py"}, Seeding::imposed, {}, ""};
  TraceWriter writer(folder / "trace.h5", {plan, {{"cpu.model", "a test"}}, {}});
  StepRecord row;
  row.stages[static_cast<std::size_t>(Stage::weights)].push_back(
      {"fc1.weight", "F32", {1}, name_digest("w"), {name_digest("w")}});
  writer.write(row);
  writer.commit();
  writer.finish();
  std::ofstream(folder / "plan.toml") << to_toml(plan);
}

// A safetensors file without any tensor.
void write_empty(const std::filesystem::path& path) {
  std::ofstream(path, std::ios::binary) << std::string("\x08\0\0\0\0\0\0\0", 8) << "{}      ";
}

}  // namespace

TEST_CASE("an order that cannot be checked is not called the same") {
  const Scratch folder;
  draw_command(folder / "command");
  draw(folder / "native", {});
  std::ofstream(folder / "native/plan.toml") << plan_text();
  refused(folder, "order command/plan.toml --check command", "samples are not recorded");
  refused(folder, "order native/plan.toml --check command", "samples are not recorded");
  refused(folder, "order command/plan.toml", "there is no order to print");
  refused(folder, "order waves --check native --steps 1..2", "--steps has no effect");
  DrawnTrace none;
  none.steps = 0;
  draw(folder / "none", none);
  refused(folder, "order native/plan.toml --check none", "no step to check");
}

TEST_CASE("what is typed for a plan that is decided already is refused") {
  const Scratch folder;
  std::ofstream(folder / "plan.toml") << plan_text();
  CHECK(run_program(folder.path(), "order plan.toml").code == 0);
  refused(folder, "order plan.toml --pin seed=5", "--pin has no effect on a plan");
  refused(folder, "order plan.toml --set steps=3", "--set has no effect on a plan");
  refused(folder, "order plan.toml --order-file x", "--order-file has no effect");
}

TEST_CASE("checkpoints without a tensor are nothing to compare or to digest") {
  const Scratch folder;
  write_empty(folder / "a.safetensors");
  write_empty(folder / "b.safetensors");
  refused(folder, "diff a.safetensors b.safetensors", "holds a tensor, so there is nothing to compare");
  refused(folder, "digest --brief a.safetensors b.safetensors", "holds no tensor");
}

TEST_CASE("options that would do nothing are refused, in every command") {
  const Scratch folder;
  draw(folder / "a", {});
  draw(folder / "b", {});
  write_empty(folder / "c.safetensors");
  const std::pair<const char*, const char*> lines[] = {
      {"diff a b --json --format md", "--format has no effect with --json"},
      {"diff a b --across --format md", "--format has no effect with --across"},
      {"diff c.safetensors c.safetensors --across", "--across has no effect on checkpoints"},
      {"digest c.safetensors --json --brief", "--brief has no effect with --json"},
      {"report a b --json --format md", "--format has no effect with --json"},
      {"report a b --json --output out", "--output has no effect with --json"},
      {"bisect a b --across --rounds 3", "--rounds has no effect with --across"},
      {"bisect a b --across --no-remedies", "--no-remedies has no effect with --across"},
      {"bisect a b -- python x.py", "a command behind -- has no effect beside two traces"},
      {"run waves --plan --repeat 2", "--repeat has no effect with --plan"},
      {"run waves --plan --json", "--json has no effect with --plan"},
      {"run waves --self-test --repeat 2", "--repeat has no effect with --self-test"},
      {"run --worker x -- python x.py", "--worker has no effect on a command"},
      {"matrix --torch x --axis repeat=2 -- python x.py", "--torch has no effect on a command"}};
  for (const auto& [line, part] : lines) refused(folder, line, part);
}

TEST_CASE("a report of one run says that there is nothing to compare") {
  const Scratch folder;
  draw(folder / "a", {});
  const auto printed = run_program(folder.path(), "report a --json");
  const auto report = nlohmann::json::parse(printed.out);
  CHECK(report["exit_code"] == 2);
  CHECK_THAT(printed.out, Contains("there is nothing to compare it with"));
  CHECK_THAT(printed.out, !Contains("every digest"));
}
