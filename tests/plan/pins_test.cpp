// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/pins.h"

#include <algorithm>
#include <catch2/catch.hpp>

#include "harness/base/error.h"
#include "harness/base/text.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("the pin table is sorted, without doubles, and every row says why it is there") {
  const auto table = pin_table();
  REQUIRE(table.size() >= 45);
  for (std::size_t i = 1; i < table.size(); ++i) CHECK(table[i - 1].name < table[i].name);
  for (const auto& pin : table) {
    INFO(pin.name);
    CHECK(pin.why.size() > 15);
    CHECK_NOTHROW(check_pin(pin, pin.fallback));
    // A value is a plain word, so that an axis can separate values by commas.
    for (const auto& word : split(pin.values, ' ')) CHECK(word.find(',') == std::string::npos);
  }
}

TEST_CASE("every value that a pin's environment rules name is a value the pin takes") {
  for (const auto& pin : pin_table()) {
    CHECK(pin.rules.empty() == pin.environment.empty());
    for (const auto& rule : pin.rules) {
      INFO(pin.name << " " << rule.value.value_or("*"));
      if (rule.value) CHECK_NOTHROW(check_pin(pin, *rule.value));
    }
  }
}

TEST_CASE("the strict pins give exactly this environment for the settings that matter on a CPU") {
  Pins pins = default_pins();
  auto variables = pin_environment(pins);
  CHECK(variables.at("OMP_NUM_THREADS") == "1");
  CHECK(variables.at("MKL_NUM_THREADS") == "1");
  CHECK(variables.at("OPENBLAS_NUM_THREADS") == "1");
  CHECK(variables.at("OMP_DYNAMIC") == "false");
  CHECK(variables.at("ONEDNN_DEFAULT_FPMATH_MODE") == "STRICT");
  CHECK(variables.at("CUBLAS_WORKSPACE_CONFIG") == ":4096:8");
  CHECK(variables.at("PYTHONHASHSEED") == "0");
  CHECK_FALSE(variables.contains("ATEN_CPU_CAPABILITY"));
  CHECK_FALSE(variables.contains("MKL_CBWR"));
  CHECK_FALSE(variables.contains("ONEDNN_MAX_CPU_ISA"));

  pins["threads"] = "3";
  pins["isa"] = "avx512";
  pins["mkl"] = "strict";
  pins["onednn"] = "avx512";
  pins["cublas-workspace"] = ":16:8";
  pins["glibc-tunables"] = "no-fma";
  pins["cuda-max-connections"] = "8";
  variables = pin_environment(pins);
  CHECK(variables.at("OMP_NUM_THREADS") == "3");
  CHECK(variables.at("ATEN_CPU_CAPABILITY") == "avx512");
  CHECK(variables.at("MKL_CBWR") == "AUTO,STRICT");
  CHECK(variables.at("ONEDNN_MAX_CPU_ISA") == "AVX512_CORE");
  CHECK(variables.at("CUBLAS_WORKSPACE_CONFIG") == ":16:8");
  CHECK(variables.at("GLIBC_TUNABLES") == "glibc.cpu.hwcaps=-FMA,-FMA4,-AVX2,-AVX512F");
  CHECK(variables.at("CUDA_DEVICE_MAX_CONNECTIONS") == "8");

  pins["isa"] = "default";
  pins["mkl"] = "compatible";
  pins["cublas-workspace"] = "unset";
  variables = pin_environment(pins);
  CHECK(variables.at("ATEN_CPU_CAPABILITY") == "default");
  CHECK(variables.at("MKL_CBWR") == "COMPATIBLE");
  CHECK_FALSE(variables.contains("CUBLAS_WORKSPACE_CONFIG"));
}

TEST_CASE("the pinned variables are all that any value of any pin may set") {
  const auto names = pinned_variables();
  CHECK(std::is_sorted(names.begin(), names.end()));
  for (const auto* name : {"OMP_NUM_THREADS", "MKL_CBWR", "CUBLAS_WORKSPACE_CONFIG", "GLIBC_TUNABLES",
                           "NCCL_ALGO", "PYTORCH_ALLOC_CONF", "PYTORCH_TUNABLEOP_TUNING"})
    CHECK(std::binary_search(names.begin(), names.end(), std::string(name)));
  for (const auto& name : names)
    CHECK(name.find_first_not_of("ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_") == std::string::npos);
  for (const auto& pin : pin_table())
    for (const auto& word : split(pin.values, ' ')) {
      Pins one{{std::string(pin.name), word == "<integer>" ? "7" : word == "<text>" ? "abc" : word}};
      for (const auto& [name, value] : pin_environment(one))
        CHECK(std::binary_search(names.begin(), names.end(), name));
    }
}

TEST_CASE("a device is the CPU or a GPU by anything behind cuda:, and no other text") {
  for (const auto* good : {"cpu", "cuda", "cuda:0", "cuda:GPU-8f0f", "cuda:NVIDIA H100 80GB HBM3"})
    CHECK_NOTHROW(check_pin(pick_pin("device"), good));
  for (const auto* wrong : {"", "gpu", "cuda:", "cuda0", "0", "CPU", "xcuda:0"})
    CHECK_THROWS_WITH(
        check_pin(pick_pin("device"), wrong),
        Contains("wanted one of cpu, cuda, cuda:<text> for pin device, found '" + std::string(wrong) + "'"));
  CHECK_NOTHROW(check_pin(pick_pin("glibc-tunables"), "anything"));
  CHECK_THROWS_WITH(check_pin(pick_pin("glibc-tunables"), ""), Contains("for pin glibc-tunables"));
}

TEST_CASE("unless told a run is on the CPU, draws by the harness, and allows nothing lossy on a GPU") {
  const Pins pins = default_pins();
  const std::vector<std::pair<const char*, const char*>> strict = {{"device", "cpu"},
                                                                   {"rng", "harness"},
                                                                   {"stream", "default"},
                                                                   {"cudnn-benchmark", "off"},
                                                                   {"cudnn-deterministic", "on"},
                                                                   {"tf32-cudnn", "off"},
                                                                   {"matmul-precision", "highest"},
                                                                   {"fp16-reduction", "off"},
                                                                   {"bf16-reduction", "off"},
                                                                   {"fp16-accumulation", "off"},
                                                                   {"tunableop", "off"},
                                                                   {"cublas-emulate-single", "off"},
                                                                   {"cublas-emulate-double", "off"},
                                                                   {"sdp-cudnn", "off"},
                                                                   {"sdp-fa3", "off"},
                                                                   {"sm-carveout", "none"},
                                                                   {"cublas-tf32-override", "unset"},
                                                                   {"cuda-launch-blocking", "off"}};
  for (const auto& [name, value] : strict) {
    INFO(name);
    CHECK(pins.at(name) == value);
  }
  const auto variables = pin_environment(pins);
  CHECK(variables.at("PYTORCH_TUNABLEOP_ENABLED") == "0");
  CHECK(variables.at("CUBLAS_EMULATE_SINGLE_PRECISION") == "0");
  CHECK(variables.at("CUBLASLT_WORKSPACE_SIZE") == "1024");
  for (const auto* absent : {"TORCH_ALLOW_TF32_CUBLAS_OVERRIDE", "TORCH_BLAS_PREFER_CUBLASLT",
                             "TORCH_LINALG_PREFER_CUSOLVER", "CUDA_LAUNCH_BLOCKING"})
    CHECK_FALSE(variables.contains(absent));
}

TEST_CASE("an unknown pin and a wrong value are told with what is known") {
  CHECK_THROWS_WITH(pick_pin("thread"), Contains("no pin named 'thread'; did you mean 'threads'?"));
  CHECK_THROWS_WITH(check_pin(pick_pin("isa"), "avx"),
                    Contains("wanted one of auto, default, avx2, avx512 for pin isa, found 'avx'") &&
                        Contains("did you mean 'avx2'?"));
  for (const auto* wrong : {"0", "-1", "two", "", "01", "+2", "1.5", " 1"})
    CHECK_THROWS_WITH(
        check_pin(pick_pin("threads"), wrong),
        Contains("wanted a whole number of at least 1 for pin threads, found '" + std::string(wrong) + "'"));
  CHECK_NOTHROW(check_pin(pick_pin("seed"), "0"));
  CHECK_THROWS_WITH(check_pin(pick_pin("seed"), "-1"), Contains("at least 0 for pin seed, found '-1'"));
}

TEST_CASE("every group of pins says what it is about, and each of its rows is in the table once") {
  std::size_t rows = 0;
  for (const auto& [name, group] : pin_groups_shelf()) {
    INFO(name);
    CHECK(std::string_view(group->summary).size() > 10);
    CHECK_FALSE(group->rows.empty());
    for (const auto& row : group->rows) {
      INFO(row.name);
      REQUIRE(find_pin(row.name) != nullptr);
      CHECK(find_pin(row.name)->why == row.why);
      CHECK_FALSE(row.read_by.who.empty());
    }
    rows += group->rows.size();
  }
  CHECK(rows == pin_table().size());
  CHECK(find_pin("of a newer version") == nullptr);
}
