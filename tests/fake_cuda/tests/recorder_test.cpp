// SPDX-License-Identifier: Apache-2.0
// A Python script whose tensors lie on a CUDA device, watched by the recorder: real Python, real torch, and a
// run-time library that pretends. The device holds tensors and computes nothing but digests, so the script
// computes on the CPU and copies.
#include "fake_cuda/tests/fake_run.h"
#include "harness/trace/trace.h"
#include "recorder/observed.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

const std::string scripts = REPRISE_SOURCE "/tests/fake_cuda/scripts/";
const std::string training = scripts + "training.py";

// `library`: what digests on the device. Filling memory is a kernel of LibTorch's own, which no pretended
// device has.
std::filesystem::path run_on(const Scratch& folder, const std::string& device, const std::string& library,
                             const std::string& more = "", const std::string& options = "",
                             const std::string& script = training) {
  const std::string pretend = device == "cpu" ? ""
                                              : "env FAKE_CUDA_DEVICES=12.0/4 LD_PRELOAD=" FAKE_CUDA
                                                "/libcudart.so.13:" FAKE_CUDA "/driver/libcuda.so.1 ";
  const auto printed = run_command(folder, pretend + test_python + " " + script + " " + device + " " + more,
                                   "--pin fill-uninitialized=off " + options,
                                   library.empty() ? "" : "REPRISE_CUDA_LIBRARY='" + library + "'");
  INFO(printed.out << printed.err);
  REQUIRE(printed.code == 0);
  return only_run(folder);
}

const std::string compiled = REPRISE_BUILD "/lib/libreprise_cuda_ptx.so";

std::map<std::string, Digest> digests_of(const Trace& trace, std::int64_t step) {
  std::map<std::string, Digest> digests;
  const auto row = trace.tensors(step);
  for (std::size_t i = 0; i < trace.columns().size(); ++i)
    if (const Column& column = trace.columns()[i];
        column.stage != Stage::rng && column.stage != Stage::auxiliary)
      digests[std::string(name_of(column.stage)) + " " + column.name] = row[i];
  return digests;
}

void check_equal(const Trace& found, const Trace& wanted) {
  REQUIRE(found.last_step() == wanted.last_step());
  for (std::int64_t step = 0; step <= wanted.last_step(); ++step) {
    INFO("step " << step);
    CHECK(digests_of(found, step) == digests_of(wanted, step));
    if (step > 0) CHECK(found.loss(step).bits == wanted.loss(step).bits);
  }
}

}  // namespace

TEST_CASE(
    "what lies on a device is digested there, with the bits of the CPU, and the trace says who and where") {
  const Scratch on_cpu, on_cuda, overwritten;
  const Trace wanted(run_on(on_cpu, "cpu", ""));
  const Trace found(run_on(on_cuda, "cuda", compiled));
  REQUIRE(wanted.last_step() == 6);
  CHECK(digests_of(wanted, 3).size() == 4 + 4 + 4 + 1 + 1);  // weights, gradients, momentum, lr, loss
  check_equal(found, wanted);
  CHECK(found.facts().at("digest.device") == "cuda");
  CHECK(found.facts().at("gpu.name") == "Fake device 0");
  CHECK(found.facts().contains("cuda.toolkit"));
  // A gradient is freed and its memory written right after the step, before its digest is fetched.
  check_equal(Trace(run_on(overwritten, "cuda", compiled, "overwrite")), wanted);
}

TEST_CASE("in an operator window the tensors of a device's operators are digested there") {
  const Scratch folder;
  const Trace trace(run_on(folder, "cuda", compiled, "", "--set ops=2-3"));
  std::size_t copies = 0;
  for (const OpCall& call : trace.calls(2)) {
    if (call.name != "aten::_to_copy" || contains(call.scalars, "device=none")) continue;
    INFO(call.order << " " << call.name << " " << call.scalars << ": " << to_text(call.inputs.at(0).digest)
                    << " to " << to_text(call.outputs.at(0).digest));
    REQUIRE(call.inputs.size() == 1);
    REQUIRE(call.outputs.size() == 1);
    CHECK(call.inputs[0].seen == Seen::content);
    CHECK(call.outputs[0].seen == Seen::content);
    // One of the two lies on the device, and a copy holds the same bytes.
    CHECK(call.inputs[0].digest == call.outputs[0].digest);
    ++copies;
  }
  CHECK(copies > 8);
}

TEST_CASE("without the library that digests on the device copies are digested, and the trace says why") {
  const Scratch on_cpu, on_cuda;
  const Trace wanted(run_on(on_cpu, "cpu", ""));
  const Trace found(run_on(on_cuda, "cuda", "/nowhere.so"));
  check_equal(found, wanted);
  CHECK_THAT(found.facts().at("digest.device"), Catch::Matchers::Contains("cpu: "));
}

TEST_CASE("an operator that does not repeat itself on a device is named, and without its digests nobody is") {
  const Scratch seen[2], unseen[2];
  const auto traced = [](const Scratch& folder, const std::string& library) {
    return run_on(folder, "cuda", library, "", "--set ops=1-1", scripts + "planted.py").string();
  };
  const auto told = [](const std::string& a, const std::string& b) {
    const Scratch here;
    return run_program(here.path(), "diff " + a + " " + b).out;
  };
  const auto named = told(traced(seen[0], compiled), traced(seen[1], compiled));
  INFO(named);
  CHECK_THAT(named, Catch::Matchers::Contains("planted::noisy"));
  const auto unnamed = told(traced(unseen[0], "/nowhere.so"), traced(unseen[1], "/nowhere.so"));
  INFO(unnamed);
  CHECK_THAT(unnamed, Catch::Matchers::Contains("step 1") && !Catch::Matchers::Contains("planted::noisy"));
}
