// SPDX-License-Identifier: Apache-2.0
// The reader of GPUs on tables of made-up functions: a machine with cards, and every way to have none.
#include "harness/machine/gpu.h"

#include <catch2/catch.hpp>
#include <cstring>
#include <map>
#include <set>

#include "harness/machine/gpu_calls.h"

using namespace reprise;
using Catch::Matchers::Contains;

namespace {

struct MadeCard {
  const char* name;
  unsigned char uuid_begin;
  int major, minor, processors, threads, ecc;
  std::size_t memory;
  bool slice;
};

// What the made-up driver has, and how it fails.
struct Machine {
  std::vector<MadeCard> cards;
  int start_result = 0, cuda = 13000, failing_attribute = -1;
};
Machine machine;

const MadeCard& card(int handle) { return machine.cards.at(static_cast<std::size_t>(handle - 100)); }

int made_attribute(int* value, int which, int handle) {
  const MadeCard& one = card(handle);
  const std::map<int, int> known = {
      {16, one.processors}, {32, one.ecc}, {39, one.threads}, {75, one.major}, {76, one.minor}};
  if (which == machine.failing_attribute || !known.contains(which)) return 1;
  *value = known.at(which);
  return 0;
}

DriverCalls made_driver() {
  DriverCalls calls;
  calls.init = [](unsigned) { return machine.start_result; };
  calls.version = [](int* cuda) {
    *cuda = machine.cuda;
    return 0;
  };
  calls.count = [](int* count) {
    *count = static_cast<int>(machine.cards.size());
    return 0;
  };
  // A handle is no index: whoever mixes them up reads another card, or none.
  calls.device = [](int* handle, int index) {
    *handle = index + 100;
    return 0;
  };
  calls.name = [](char* text, int size, int handle) {
    std::strncpy(text, card(handle).name, static_cast<std::size_t>(size - 1));
    return 0;
  };
  calls.uuid = [](std::array<unsigned char, 16>* bytes, int handle) {
    for (std::size_t i = 0; i < bytes->size(); ++i)
      (*bytes)[i] = static_cast<unsigned char>(card(handle).uuid_begin + i);
    return 0;
  };
  calls.attribute = made_attribute;
  calls.memory = [](std::size_t* bytes, int handle) {
    *bytes = card(handle).memory;
    return 0;
  };
  return calls;
}

ManagementCalls made_management() {
  ManagementCalls calls;
  calls.driver_version = [](char* text, unsigned size) {
    std::strncpy(text, "580.159", size);
    return 0;
  };
  calls.by_uuid = [](const char* uuid, ManagedDevice* device) {
    for (auto& one : machine.cards) {
      char begin[8];
      std::snprintf(begin, sizeof begin, "%s%02x", one.slice ? "MIG-" : "GPU-", one.uuid_begin);
      if (std::string_view(uuid).substr(0, 6) != begin) continue;
      *device = &one;
      return 0;
    }
    return 6;
  };
  calls.clock = [](ManagedDevice, unsigned which, unsigned* megahertz) {
    *megahertz = 1000 + which;
    return which == 0 ? 3 : 0;
  };
  calls.power_state = [](ManagedDevice, int* state) {
    *state = 2;
    return 0;
  };
  calls.power = [](ManagedDevice, unsigned* milliwatts) {
    *milliwatts = 71400;
    return 0;
  };
  return calls;
}

constexpr MadeCard h100{"NVIDIA H100 80GB HBM3", 0x10, 9, 0, 132, 2048, 1, std::size_t{80} << 30, false};
constexpr MadeCard l4{"NVIDIA L4", 0x20, 8, 9, 58, 1536, 0, std::size_t{23} << 30, false};
constexpr MadeCard slice{
    "NVIDIA H100 80GB HBM3 MIG 1g.10gb", 0x30, 9, 0, 16, 2048, 1, std::size_t{10} << 30, true};
constexpr MadeCard v100{"Tesla V100-SXM2-16GB", 0x40, 7, 0, 80, 2048, 1, std::size_t{16} << 30, false};

GpuList made_list(std::vector<MadeCard> cards) {
  machine = {std::move(cards), 0, 13000, -1};
  return list_gpus(made_driver(), made_management());
}

}  // namespace

TEST_CASE("a card is read whole, each number from its own place") {
  const GpuList list = made_list({h100, l4, slice});
  REQUIRE(list.trouble.empty());
  REQUIRE(list.gpus.size() == 3);
  CHECK(list.driver == "580.159");
  CHECK(list.cuda == 13000);
  const Gpu& first = list.gpus[0];
  CHECK(first.index == 0);
  CHECK(first.name == "NVIDIA H100 80GB HBM3");
  CHECK(first.uuid == "GPU-10111213-1415-1617-1819-1a1b1c1d1e1f");
  CHECK(first.major == 9);
  CHECK(first.minor == 0);
  CHECK(first.processors == 132);
  CHECK(first.threads_per_processor == 2048);
  CHECK(first.memory == std::size_t{80} << 30);
  CHECK(first.ecc == "on");
  CHECK(first.mig == "off");
  CHECK(list.gpus[1].ecc == "off");
  CHECK(list.gpus[1].minor == 9);
  CHECK(list.gpus[2].mig == "slice");
  CHECK(list.gpus[2].uuid.starts_with("MIG-3031"));
  CHECK(to_sentence(list.gpus[1]) == "cuda:1 NVIDIA L4, compute capability 8.9, 58 processors");
}

TEST_CASE("without the management library the list is there, and says what it does not know") {
  machine = {{l4}, 0, 12080, -1};
  const GpuList list = list_gpus(made_driver(), {});
  REQUIRE(list.gpus.size() == 1);
  CHECK(list.gpus[0].mig == "unknown");
  CHECK(list.driver.empty());
  CHECK(remarks_of({}, list.gpus[0].uuid).empty());
}

TEST_CASE("what ECC is may be unknown, what a prediction needs may not") {
  machine = {{l4}, 0, 13000, 32};
  CHECK(list_gpus(made_driver(), {}).gpus.at(0).ecc == "unknown");
  for (const int needed : {16, 39, 75, 76}) {
    machine.failing_attribute = needed;
    const GpuList list = list_gpus(made_driver(), {});
    CHECK(list.gpus.empty());
    CHECK_THAT(list.trouble, Contains("does not tell of GPU 0 (CUDA error 1)"));
  }
}

TEST_CASE("every way in which a driver does not start is one sentence of its own") {
  std::set<std::string> sentences;
  for (const int result : {34, 100, 802, 803, 804, 999}) {
    machine = {{h100}, result, 13000, -1};
    const GpuList list = list_gpus(made_driver(), made_management());
    CHECK(list.gpus.empty());
    CHECK_THAT(list.trouble, Contains(std::to_string(result)));
    CHECK(pick_gpu(list, "cuda:0").trouble == list.trouble);
    sentences.insert(list.trouble);
  }
  CHECK(sentences.size() == 6);
  CHECK_THAT(made_list({}).trouble, Contains("finds no GPU"));
  DriverCalls old = made_driver();
  old.uuid = nullptr;
  CHECK_THAT(list_gpus(old, {}).trouble, Contains("install a newer NVIDIA driver"));
  CHECK_THAT(no_driver(""), Contains("no NVIDIA driver is on this machine"));
  CHECK_THAT(no_driver("NVRM version: 580.159"), Contains("libcuda.so.1 is not to be found"));
}

TEST_CASE("a GPU is picked by number, by UUID or by name, and nothing else is taken in its place") {
  const GpuList list = made_list({h100, l4, slice});
  const auto index = [&](const char* device) {
    const GpuChoice choice = pick_gpu(list, device);
    INFO(device << ": " << choice.trouble);
    REQUIRE(choice.gpu);
    CHECK(choice.trouble.empty());
    return choice.gpu->index;
  };
  CHECK(index("cuda") == 0);
  CHECK(index("cuda:1") == 1);
  CHECK(index("cuda:l4") == 1);
  CHECK(index("cuda:H100") == 0);
  CHECK(index("cuda:MIG 1g") == 2);
  CHECK(index("cuda:GPU-2021") == 1);
  CHECK(index("cuda:gpu-10111213-1415-1617-1819-1A1B1C1D1E1F") == 0);
  CHECK(index("cuda:MIG-30") == 2);
  for (const char* wrong : {"cuda:3", "cuda:-1", "cuda:A100", "cuda:GPU-99", "cuda:MIG-10"}) {
    const GpuChoice choice = pick_gpu(list, wrong);
    CHECK_FALSE(choice.gpu);
    CHECK_THAT(choice.trouble,
               Contains("cuda:0 NVIDIA H100 80GB HBM3 GPU-1011") && Contains("cuda:1 NVIDIA L4 GPU-2021"));
  }
  MadeCard other = l4;
  other.uuid_begin = 0x21;
  CHECK_THAT(pick_gpu(made_list({l4, other}), "cuda:GPU-2").trouble, Contains("more than one GPU"));
}

TEST_CASE("a card or a driver that is too old is told with both versions") {
  MadeCard turing = h100, before = h100;
  turing.major = before.major = 7;
  turing.minor = 5;
  before.minor = 4;
  const GpuList list = made_list({v100, turing, before});
  CHECK_THAT(pick_gpu(list, "cuda:0").trouble, Contains("compute capability 7.0; wanted 7.5 or newer"));
  CHECK(pick_gpu(list, "cuda:1").gpu);
  CHECK_FALSE(pick_gpu(list, "cuda:2").gpu);
  GpuList old = list;
  old.cuda = 12080;
  old.driver = "570.86";
  CHECK_THAT(too_old_for(old, 13000),
             Contains("driver 570.86 knows CUDA up to 12.8") && Contains("built for CUDA 13.0"));
  CHECK(too_old_for(old, 12090).empty());
  CHECK(too_old_for(list, 13000).empty());
  CHECK(too_old_for(list, 12080).empty());
}

TEST_CASE("remarks are what the management library tells of that card, and no more") {
  const GpuList list = made_list({h100});
  const auto remarks = remarks_of(made_management(), list.gpus[0].uuid);
  CHECK(remarks == std::map<std::string, std::string>{{"clock.memory", "1002 MHz"},
                                                      {"clock.sm", "1001 MHz"},
                                                      {"power.drawn", "71.4 W"},
                                                      {"power.state", "P2"}});
  CHECK(remarks_of(made_management(), "GPU-ff").empty());
}
