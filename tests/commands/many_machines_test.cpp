// SPDX-License-Identifier: Apache-2.0
// The real `reprise` on run folders that were gathered from several machines.
#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "judge/drawn_trace.h"
#include "program.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

const Facts amd = {{"cpu.model", "AMD EPYC 7B13"}, {"libtorch.version", "2.11.0"}};
const Facts intel = {{"cpu.model", "Intel Xeon"}, {"libtorch.version", "2.11.0"}};

using Classes = std::vector<std::vector<std::string>>;

Classes classes_in(const Printed& printed) {
  return nlohmann::json::parse(printed.out)["classes"].get<Classes>();
}

DrawnTrace drawn_on(const Facts& facts, const std::vector<Change>& changes = {}) {
  DrawnTrace drawn;
  drawn.facts = facts;
  drawn.changes = changes;
  return drawn;
}

}  // namespace

TEST_CASE("equal folders of two machines are told apart by who ran") {
  Scratch folder;
  draw(folder / "one/run", drawn_on(amd));
  draw(folder / "two/run", drawn_on(intel, {{Stage::gradients, "fc1.weight", 4}}));
  const auto printed = run_program(folder.path(), "diff one/run two/run");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  CHECK(classes_in(run_program(folder.path(), "diff one/run two/run --json")) ==
        Classes{{"drawn on AMD EPYC 7B13, LibTorch 2.11.0"}, {"drawn on Intel Xeon, LibTorch 2.11.0"}});
  CHECK_THAT(printed.out, Contains("Runs that differ in machine have other bits; no plan was repeated"));
  CHECK_THAT(printed.out, Contains("step 4"));
  CHECK_THAT(printed.out, !Contains("reprise bisect"));  // it would rerun both sides on one machine
}

TEST_CASE("equal bits on two machines are said so, with exit code 0") {
  Scratch folder;
  draw(folder / "one/run", drawn_on(amd));
  draw(folder / "two/run", drawn_on(intel));
  const auto printed = run_program(folder.path(), "diff one/run two/run");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 0);
  CHECK_THAT(printed.out, Contains("All 2 runs are identical") || Contains("Both runs are identical"));
  CHECK(classes_in(run_program(folder.path(), "diff one/run two/run --json")) ==
        Classes{{"drawn on AMD EPYC 7B13, LibTorch 2.11.0", "drawn on Intel Xeon, LibTorch 2.11.0"}});
}

TEST_CASE("traces of one machine keep their paths as names, and a name given is kept on every machine") {
  Scratch folder;
  draw(folder / "a", drawn_on(amd));
  draw(folder / "b", drawn_on(amd));
  draw(folder / "c", drawn_on(intel));
  CHECK(classes_in(run_program(folder.path(), "diff a b --json")) == Classes{{"a", "b"}});
  CHECK(classes_in(run_program(folder.path(), "diff nightly=a c --json")) ==
        Classes{{"nightly", "drawn on Intel Xeon, LibTorch 2.11.0"}});
}

TEST_CASE("a gathered folder stands for its whole runs, and what differs becomes factors") {
  Scratch folder;
  DrawnTrace threads = drawn_on(amd, {{Stage::weights, "fc1.weight", 2}});
  threads.pins["threads"] = "2";
  DrawnTrace look = drawn_on(amd);
  look.injected = InjectedFault{"flip-bit", 1};
  draw(folder / "amd/runs/0/1", threads);
  draw(folder / "amd/runs/1/1", drawn_on(amd));
  draw(folder / "amd/runs/2/1", look);
  draw(folder / "intel/runs/1/1", drawn_on(intel));
  threads.facts = intel;
  draw(folder / "intel/runs/0/1", threads);
  const auto printed = run_program(folder.path(), "diff amd intel --json");
  INFO(printed.out << printed.err);
  CHECK(classes_in(printed) ==
        Classes{{"drawn on AMD EPYC 7B13, LibTorch 2.11.0", "drawn on Intel Xeon, LibTorch 2.11.0"},
                {"drawn threads=2 on AMD EPYC 7B13, LibTorch 2.11.0",
                 "drawn threads=2 on Intel Xeon, LibTorch 2.11.0"}});
  // The same out of one folder; a folder with one run is nothing to compare.
  std::filesystem::create_directory(folder / "all");
  std::filesystem::rename(folder / "amd", folder / "all/x");
  std::filesystem::rename(folder / "intel", folder / "all/y");
  CHECK(classes_in(run_program(folder.path(), "diff all --json")) == classes_in(printed));
  const auto one = run_program(folder.path(), "diff all/y/runs/0");
  CHECK(one.code == 2);
  CHECK_THAT(one.err, Contains("wanted two or more runs"));
  const auto report = run_program(folder.path(), "report all --format md --output out");
  CHECK(report.code == 0);
  CHECK_THAT(content_of(folder / "out/report.md"), Contains("drawn threads=2 on Intel Xeon"));
}

TEST_CASE(
    "a folder without any run, and one with a trace that was cut while it was copied, are one sentence") {
  Scratch folder;
  std::filesystem::create_directories(folder / "empty/runs");
  draw(folder / "a", drawn_on(amd));
  const auto empty = run_program(folder.path(), "diff a empty");
  CHECK(empty.code == 2);
  CHECK_THAT(empty.err, Contains("empty") && Contains("found none"));
  draw(folder / "cut/runs/1/1", drawn_on(intel));
  std::filesystem::resize_file(folder / "cut/runs/1/1/trace.h5", 3000);
  const auto cut = run_program(folder.path(), "diff a cut");
  CHECK(cut.code == 2);
  CHECK_THAT(cut.err, Contains("cut short"));
  CHECK(std::count(cut.err.begin(), cut.err.end(), '\n') == 1);
}

TEST_CASE("a bundle that cannot be written is one sentence, and leaves nothing behind") {
  Scratch folder;
  std::filesystem::create_directory(folder / "folder.tar.zst");
  const std::pair<const char*, const char*> cases[] = {
      {"bundle folder.tar.zst", "found a folder"},
      {"bundle reprise.tgz", "ends in .tar.zst"},
      {"bundle reprise", "ends in .tar.zst"},
      {"bundle none/reprise.tar.zst", "no folder none"},
      {"bundle", "output"},
  };
  for (const auto& [line, part] : cases) {
    const auto printed = run_program(folder.path(), line);
    INFO(line << "\n" << printed.out << printed.err);
    CHECK(printed.code == 2);
    CHECK(printed.out.empty());
    CHECK_THAT(printed.err, Contains(part));
  }
  for (const auto& entry : std::filesystem::directory_iterator(folder.path()))
    CHECK_THAT(entry.path().filename().string(), Contains("folder.tar.zst") || Catch::StartsWith("."));
}

namespace {

// One call of step 4 on a GPU, with one input and one output of its own digest.
OpCall call_on_gpu(std::int64_t order, const std::string& name, const std::string& output,
                   const std::string& kernel) {
  OpCall call;
  call.step = 4;
  call.phase = Phase::backward;
  call.order = order;
  call.name = name;
  call.inputs = {{name_digest(name + " input"), "F32", {4}}};
  call.outputs = {{name_digest(name + output), "F32", {4}}};
  call.kernels = {{kernel, {4, 1, 1}, {128, 1, 1}, 0, 40, 1}};
  return call;
}

DrawnTrace traced_on(const std::string& gpu, const std::string& output, const std::string& kernel) {
  Facts facts = amd;
  facts["gpu.name"] = "NVIDIA " + gpu;
  facts["gpu.uuid"] = "GPU-" + gpu;
  facts["kernels.device"] = "cupti";
  DrawnTrace drawn = drawn_on(facts);
  if (!output.empty()) drawn.changes = {{Stage::gradients, "fc1.weight", 4}};
  drawn.ops.first = drawn.ops.last = 4;
  drawn.calls = {call_on_gpu(0, "aten::relu", "", "relu_kernel"),
                 call_on_gpu(1, "aten::convolution_backward", output, kernel)};
  return drawn;
}

}  // namespace

TEST_CASE("two traces of two cards that hold the operators name the call and its kernels without a rerun") {
  Scratch folder;
  draw(folder / "one/run", traced_on("H200", "", "cudnn_dgrad_128x64"));
  draw(folder / "two/run", traced_on("H100", " other", "cudnn_dgrad_64x64"));
  const auto printed = run_program(folder.path(), "diff one/run two/run");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  CHECK_THAT(printed.out, Contains("aten::convolution_backward"));
  CHECK_THAT(printed.out, Contains("cudnn_dgrad_128x64") && Contains("cudnn_dgrad_64x64"));
  CHECK_THAT(printed.out, Contains("nothing was rerun"));
  const auto json = nlohmann::json::parse(run_program(folder.path(), "diff one/run two/run --json").out);
  const auto& found = json["partings"][0]["operator"];
  CHECK(found["found"] == "operator");
  CHECK(found["kernels"]["a"]["launches"][0]["name"] == "cudnn_dgrad_128x64");
  CHECK(found["kernels"]["b"]["launches"][0]["name"] == "cudnn_dgrad_64x64");
  // A trace beside which no run lies tells as much as it did.
  std::filesystem::rename(folder / "two/run/trace.h5", folder / "two/alone.h5");
  const auto lone = run_program(folder.path(), "diff one/run two/alone.h5");
  INFO(lone.out << lone.err);
  CHECK(lone.code == 1);
  CHECK_THAT(lone.out, !Contains("aten::convolution_backward"));
}

TEST_CASE("where runs of two machines part and hold no operators, the report says how to have them named") {
  Scratch folder;
  DrawnTrace one = traced_on("H200", "", "a"), two = traced_on("H100", " other", "b");
  one.ops = two.ops = {};
  one.calls = two.calls = {};
  draw(folder / "one/run", one);
  draw(folder / "two/run", two);
  const auto printed = run_program(folder.path(), "diff one/run two/run");
  INFO(printed.out << printed.err);
  CHECK_THAT(printed.out, Contains("--set ops=4-4"));
}

TEST_CASE("traces that hold the operators of the step and name no call are not asked for again") {
  Scratch folder;
  draw(folder / "one/run", traced_on("H200", "", "same"));
  DrawnTrace other = traced_on("H100", "", "same");
  other.changes = {{Stage::gradients, "fc1.weight", 4}};
  draw(folder / "two/run", other);
  const auto printed = run_program(folder.path(), "diff one/run two/run");
  INFO(printed.out << printed.err);
  CHECK(printed.code == 1);
  CHECK_THAT(printed.out, Contains("name no call") && !Contains("--set ops=4-4"));
}
