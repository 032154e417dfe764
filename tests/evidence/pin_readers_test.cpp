// SPDX-License-Identifier: Apache-2.0
// What reads a pin where, and which equal bits therefore show nothing.
#include "harness/evidence/pin_readers.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "harness/base/text.h"
#include "plan/sample_plan.h"

using namespace reprise;
using Catch::Matchers::Contains;
using Words = std::vector<std::string>;

namespace {

Plan native(const Pins& pins = {}) { return bare_plan("drawn", pins); }

Plan command(const Words& words, const Pins& pins = {}) {
  Plan plan = native(pins);
  plan.program.clear();
  plan.steps = plan.batch = plan.samples = 0;
  plan.command = CommandLine{words, Seeding::imposed, {}, ""};
  return plan;
}

Host host(const std::string& flags, const std::string& architecture = "x86_64") {
  return host_of({{"cpu.architecture", architecture}, {"cpu.flags", flags}});
}

Host to_come(const std::vector<std::string>& flags, bool gpu = false) {
  return host_of(Cpu{"x86_64", "", flags, 2}, gpu);
}

const std::string avx2 = "avx2 fma", avx512 = "avx2 avx512bw avx512dq avx512f avx512vl fma";

std::string of_native(const Pins& a, const Pins& b, const Host& on = host(avx2)) {
  return no_evidence(native(a), on, native(b), on);
}

}  // namespace

TEST_CASE("every pin says what reads it") {
  for (const auto& pin : pin_table()) {
    INFO(pin.name);
    CHECK_FALSE(readers_of(pin.name).empty());
  }
}

TEST_CASE("what only a GPU's libraries read shows nothing on the CPU") {
  CHECK_THAT(of_native({}, {{"tf32-cudnn", "on"}}),
             Contains("nothing reads tf32-cudnn here: this plan trains on the CPU"));
  CHECK_THAT(of_native({}, {{"matmul-precision", "high"}}), Contains("nothing reads matmul-precision here"));
  for (const auto& [pin, value] : Pins{{"nccl-algo", "tree"},
                                       {"tunableop", "on"},
                                       {"blas-backend", "cublaslt"},
                                       {"cublas-workspace", "unset"},
                                       {"cudnn", "off"},
                                       {"stream", "pool"},
                                       {"sdp-mem-efficient", "off"},
                                       {"sdp-overrideable", "off"},
                                       {"mkldnn-deterministic", "off"},
                                       {"cuda-launch-blocking", "on"}}) {
    INFO(pin);
    CHECK_THAT(of_native({}, {{pin, value}}), Contains("nothing reads " + pin + " here"));
  }
  const Pins cuda{{"device", "cuda:0"}};
  CHECK(of_native(cuda, {{"device", "cuda:0"}, {"tf32-cudnn", "on"}}).empty());
  CHECK(of_native(cuda, {{"device", "cuda:0"}, {"matmul-precision", "high"}}).empty());
  CHECK_FALSE(of_native(cuda, {{"device", "cuda:0"}, {"nnpack", "off"}}).empty());
  CHECK_THAT(of_native(cuda, {{"device", "cuda:0"}, {"nccl-algo", "tree"}}), Contains("one process"));
}

TEST_CASE("several pins of one reason are told in one sentence") {
  const auto text = of_native({}, {{"sdp-cudnn", "on"}, {"sdp-mem-efficient", "off"}});
  CHECK_THAT(text, Contains("nothing reads sdp-cudnn, sdp-mem-efficient here"));
}

TEST_CASE("one pin that is read makes equal bits evidence") {
  CHECK(of_native({}, {{"tf32-cudnn", "on"}, {"threads", "2"}}).empty());
  CHECK(of_native({}, {{"threads", "2"}}).empty());
  CHECK(of_native({}, {{"seed", "1"}}).empty());
  CHECK(of_native({}, {}).empty());  // repeats
}

TEST_CASE("kernels of attention: the CPU has flash and math alone") {
  CHECK(of_native({}, {{"sdp-math", "off"}, {"sdp-mem-efficient", "off"}}).empty());
  CHECK_FALSE(of_native({}, {{"sdp-flash", "off"}, {"sdp-math", "off"}, {"sdp-cudnn", "on"}}).empty());
}

TEST_CASE("a pin that counts with another pin alone") {
  CHECK_THAT(of_native({{"deterministic", "off"}}, {{"deterministic", "off"}, {"fill-uninitialized", "off"}}),
             Contains("deterministic=off"));
  CHECK(of_native({}, {{"fill-uninitialized", "off"}}).empty());
  CHECK_FALSE(of_native({}, {{"omp-dynamic", "on"}}).empty());
  CHECK(of_native({{"threads", "2"}}, {{"threads", "2"}, {"omp-dynamic", "on"}}).empty());
  const Pins gpu{{"device", "cuda"}};
  Pins limit = gpu, on = gpu, both = gpu;
  limit["cudnn-benchmark-limit"] = "0";
  on["cudnn-benchmark"] = both["cudnn-benchmark"] = "on";
  both["cudnn-benchmark-limit"] = "0";
  CHECK_THAT(of_native(gpu, limit), Contains("cudnn-benchmark=on"));
  CHECK(of_native(on, both).empty());
}

TEST_CASE("the library decides: MKL is on x86_64, small products go to oneDNN on aarch64") {
  CHECK(of_native({}, {{"mkl", "strict"}}).empty());
  const Host arm = host("asimd", "aarch64");
  CHECK_THAT(of_native({}, {{"mkl", "strict"}}, arm), Contains("aarch64"));
  CHECK_FALSE(of_native({}, {{"onednn-matmul-min-dim", "0"}}).empty());
  CHECK(of_native({}, {{"onednn-matmul-min-dim", "0"}}, arm).empty());
  CHECK_FALSE(of_native({}, {{"openblas-coretype", "Haswell"}}).empty());
  const Host open = host_of({{"cpu.architecture", "x86_64"}, {"library.libopenblas.so.0", "x"}});
  CHECK(of_native({}, {{"openblas-coretype", "Haswell"}}, open).empty());
}

TEST_CASE("float32 products below full precision on the CPU need a processor for them") {
  CHECK_FALSE(of_native({}, {{"matmul-precision", "medium"}}, host(avx2)).empty());
  CHECK(of_native({}, {{"matmul-precision", "medium"}}, host(avx512)).empty());
  CHECK_FALSE(of_native({}, {{"matmul-precision", "high"}}, host(avx512)).empty());
  CHECK(of_native({}, {{"matmul-precision", "high"}}, host(avx512 + " amx_fp16")).empty());
}

TEST_CASE("what only Python reads shows nothing in native code") {
  for (const std::string pin : {"python-hash-seed", "python-compile", "inductor-deterministic"}) {
    const std::string value = pin == "python-hash-seed" ? "1" : "off";
    INFO(pin);
    CHECK_THAT(of_native({}, {{pin, value}}), Contains("this recipe is native code"));
    const Plan a = command({"python", "x.py"}), b = command({"python", "x.py"}, {{pin, value}});
    CHECK(no_evidence(a, to_come({}), b, to_come({})).empty());
    const Host python = host_of({{"python.version", "3.11.2"}}), none = host_of({{"cpu.model", "x"}});
    CHECK(no_evidence(a, python, b, python).empty());
    CHECK(no_evidence(a, none, b, none).empty());  // the command itself says that it is one
    const Plan one = command({"./train"}), other = command({"./train"}, {{pin, value}});
    CHECK_THAT(no_evidence(one, none, other, none), Contains("no Python was seen"));
    CHECK(no_evidence(one, python, other, python).empty());
  }
  const Plan a = command({"python", "-I", "x.py"}),
             b = command({"python", "-I", "x.py"}, {{"python-hash-seed", "1"}});
  CHECK_THAT(no_evidence(a, to_come({}), b, to_come({})), Contains("ignore its environment"));
}

TEST_CASE("a command may use a GPU by itself: before a run that is open, after it the trace tells") {
  const Plan a = command({"python", "x.py"}), b = command({"python", "x.py"}, {{"tf32-cudnn", "on"}});
  CHECK_FALSE(no_evidence(a, to_come({}, false), b, to_come({}, false)).empty());
  CHECK(no_evidence(a, to_come({}, true), b, to_come({}, true)).empty());
  const Host cpu = host_of({{"cpu.model", "x"}}), card = host_of({{"gpu.uuid", "GPU-1"}});
  CHECK_THAT(no_evidence(a, cpu, b, cpu), Contains("no run was seen to use a GPU"));
  CHECK(no_evidence(a, card, b, card).empty());
}

TEST_CASE("a command reads what it is handed, and not what it is never told") {
  const auto pair = [](const Words& words, const Pins& pins) {
    return no_evidence(command(words), to_come({}), command(words, pins), to_come({}));
  };
  CHECK(pair({"train", "--tf32={tf32-cudnn}"}, {{"tf32-cudnn", "on"}}).empty());
  CHECK(pair({"train", "--device", "{device}"}, {{"device", "cuda:0"}}).empty());
  CHECK_FALSE(pair({"train"}, {{"device", "cuda:0"}}).empty());
  Plan a = command({"python", "x.py"}), b = command({"python", "x.py"}, {{"seed", "1"}});
  CHECK(no_evidence(a, to_come({}), b, to_come({})).empty());
  a.command->seeding = b.command->seeding = Seeding::script;
  CHECK_THAT(no_evidence(a, to_come({}), b, to_come({})), Contains("script's own seeds"));
}

TEST_CASE("a value that is the other's on this machine is the same setting") {
  const auto isa = [](const std::string& a, const std::string& b, const std::string& flags) {
    const Host on = to_come(split(flags, ' '));
    return no_evidence(native({{"isa", a}}), on, native({{"isa", b}}), on);
  };
  CHECK_THAT(isa("auto", "avx512", avx512), Contains("isa=avx512 is the same setting here as isa=auto"));
  CHECK_THAT(isa("auto", "avx2", avx2), Contains("same setting"));
  CHECK(isa("auto", "avx2", avx512).empty());
  CHECK(isa("auto", "default", avx2).empty());
  CHECK(isa("avx2", "default", avx2).empty());
  CHECK_FALSE(of_native({}, {{"onednn", "avx2"}}, host("avx2 fma")).empty());
  CHECK(of_native({}, {{"onednn", "avx2"}}, host("avx2 avx_vnni fma")).empty());
  CHECK(of_native({}, {{"onednn", "avx512"}}, host(avx512 + " avx512_vnni")).empty());
  CHECK_FALSE(of_native({}, {{"onednn", "avx512"}}, host(avx512)).empty());
  CHECK_FALSE(of_native({{"device", "cuda"}}, {{"device", "cuda:0"}}).empty());
  CHECK(of_native({{"device", "cuda:0"}}, {{"device", "cuda:1"}}).empty());
  CHECK(of_native({}, {{"device", "cuda"}}).empty());
}

TEST_CASE("of gathered runs the trace tells which vector width was taken") {
  const auto on = [](const std::string& capability) {
    return host_of({{"cpu.architecture", "x86_64"}, {"cpu.flags", avx512}, {"cpu.capability", capability}});
  };
  const Plan a = native(), b = native({{"isa", "avx2"}});
  CHECK_THAT(no_evidence(a, on("AVX2"), b, on("AVX2")), Contains("ATen took AVX2 in both runs"));
  CHECK(no_evidence(a, on("AVX512"), b, on("AVX2")).empty());
}

TEST_CASE("a pin that nothing reads explains nothing where the processors differ too") {
  const Plan a = native();
  Plan b = native({{"tf32-cudnn", "on"}});
  b.placement.cpu = "qemu:Haswell";
  CHECK(no_evidence(a, host(avx2), b, host(avx2)).empty());
}
