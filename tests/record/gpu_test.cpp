// SPDX-License-Identifier: Apache-2.0
// What the worker says where a GPU cannot be had or fails, and what it records where there is one.
#include <catch2/catch.hpp>
#include <fstream>

#include "fixed_setup.h"
#include "harness/record/device.h"
#include "harness/record/gpu_facts.h"
#include "harness/record/pin_torch.h"
#include "harness/record/skip.h"
#include "scratch.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a process is on the CPU until told, and stays there where the GPU is not to be had") {
  REQUIRE(device_in_use() == at::kCPU);
  REQUIRE_FALSE(device_generator());
  // What a script chooses is not judged.
  REQUIRE(device_now("cuda:0") == "cuda:0");
  Pins pins = default_pins();
  pins["device"] = "cuda:no such card";
  for (int turn = 0; turn < 2; ++turn) {
    const auto use = [&] { turn == 0 ? use_device(pins) : impose_pins(pins); };
    REQUIRE_THROWS_AS(use(), Skip);
    CHECK_THAT(error_of(use), Contains("device=cuda:no such card cannot be used: "));
    REQUIRE(device_in_use() == at::kCPU);
    REQUIRE_FALSE(gpu_in_use());
  }
  use_device(default_pins());
  REQUIRE(device_now("cpu") == "cpu");
  // A plan that says otherwise does not hold.
  REQUIRE(device_now("cuda:0") == "cpu");
  REQUIRE(FixedSetup().Setup::device() == at::kCPU);
}

TEST_CASE("LibTorch's CUDA half loads, or one sentence says which library is missing and what fetches it") {
  try {
    load_torch_cuda();
  } catch (const Skip& skip) {
    CHECK_THAT(skip.what(), Contains("scripts/setup.sh"));
  }
  CHECK_THAT(
      loading_trouble("libcudnn.so.9: cannot open shared object file: No such file or directory\nmore"),
      Contains("needs libcudnn.so.9, which is not here; scripts/setup.sh --cuda fetches it"));
  const auto other = loading_trouble("/x/libcublas.so.13: undefined symbol: cublasLtThing\nmore");
  CHECK_THAT(other, Contains("undefined symbol: cublasLtThing") && Contains("scripts/setup.sh --cuda"));
  CHECK_THAT(other, !Contains("more"));
}

TEST_CASE("a GPU that fails in the middle is told apart from one that is full, and from other errors") {
  const auto full = gpu_trouble("CUDA out of memory. Tried to allocate 2.00 GiB.\nException raised from x");
  REQUIRE(full);
  REQUIRE(full->out_of_memory);
  CHECK_THAT(full->sentence, Contains("choose a smaller batch") && Contains("Tried to allocate 2.00 GiB"));
  CHECK_THAT(full->sentence, !Contains("Exception"));
  for (const char* lost : {"CUDA error: unspecified launch failure\nCUDA kernel errors",
                           "cuDNN error: CUDNN_STATUS_EXECUTION_FAILED",
                           "CUDA error: CUBLAS_STATUS_EXECUTION_FAILED when calling x"}) {
    const auto trouble = gpu_trouble(lost);
    REQUIRE(trouble);
    REQUIRE_FALSE(trouble->out_of_memory);
    CHECK_THAT(trouble->sentence, Contains("failed in the middle of the run"));
  }
  REQUIRE_FALSE(gpu_trouble("wanted a batch of at least 1, found 0"));
}

TEST_CASE("the facts of a run on a GPU are the card's, its driver's and its libraries'") {
  Gpu gpu;
  gpu.index = 1;
  gpu.name = "NVIDIA L4";
  gpu.uuid = "GPU-20";
  gpu.major = 8;
  gpu.minor = 9;
  gpu.processors = 58;
  gpu.threads_per_processor = 1536;
  gpu.memory = 24152899584;
  gpu.ecc = "on";
  gpu.mig = "off";
  GpuList list;
  list.driver = "580.159";
  list.cuda = 13010;
  CudaVersions versions;
  versions.toolkit = 13000;
  versions.cudnn = 91900;
  versions.cublas[0] = 13;
  versions.cublas[1] = 1;
  const Facts wanted{{"gpu.index", "1"},
                     {"gpu.name", "NVIDIA L4"},
                     {"gpu.uuid", "GPU-20"},
                     {"gpu.capability", "8.9"},
                     {"gpu.processors", "58"},
                     {"gpu.threads_per_processor", "1536"},
                     {"gpu.memory", "24152899584"},
                     {"gpu.ecc", "on"},
                     {"gpu.mig", "off"},
                     {"gpu.driver", "580.159"},
                     {"gpu.driver_cuda", "13.1"},
                     {"cuda.toolkit", "13.0"},
                     {"cuda.cudnn", "91900"},
                     {"cuda.cublas", "13.1.0"}};
  REQUIRE((gpu_facts(gpu, list, versions) == wanted));
  REQUIRE(gpu_facts(gpu, {}, {}).at("cuda.cublas") == "not loaded");
}

TEST_CASE("the parts of cuDNN that are loaded later are found beside it") {
  const Scratch folder;
  for (const char* name : {"libcudnn.so.9", "libcudnn_cnn.so.9", "libcudart.so.13"})
    std::ofstream(folder / name) << name;
  const auto parts = parts_beside(folder / "libcudnn.so.9");
  REQUIRE(parts.size() == 2);
  REQUIRE(parts[0].filename() == "libcudnn.so.9");
  REQUIRE(parts[1].filename() == "libcudnn_cnn.so.9");
}

TEST_CASE("the CUDA that LibTorch was built for is known without a driver") {
  // 0 for a LibTorch without CUDA; else as in 13000 for 13.0.
  const int toolkit = cuda_toolkit();
  REQUIRE((toolkit == 0 || (toolkit >= 11000 && toolkit < 20000)));
}
