// SPDX-License-Identifier: Apache-2.0
#include "harness/record/facts.h"

#include <ATen/Parallel.h>
#include <ATen/Version.h>
#include <ATen/core/grad_mode.h>
#include <ATen/ops/empty.h>
#include <ATen/ops/sqrt.h>
#include <ATen/record_function.h>
#include <dlfcn.h>
#include <sys/utsname.h>
#include <torch/version.h>
#include <unistd.h>

#include <cmath>
#include <cstdlib>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/machine/arithmetic.h"
#include "harness/machine/cpu.h"
#include "harness/machine/guest.h"
#include "harness/record/device.h"
#include "harness/record/gpu_facts.h"
#include "harness/record/libraries.h"
#include "harness/record/vector_math.h"

namespace reprise {
namespace {

void add_programs(Facts& facts) {
  facts["reprise.version"] = REPRISE_VERSION;
  facts["reprise.compiler"] = "g++ " __VERSION__;
  facts["libtorch.version"] = TORCH_VERSION;
  facts["libtorch.build"] = std::string(trim(at::show_config()));
  const auto later = gpu_in_use() ? parts_of_cudnn() : std::vector<std::filesystem::path>{};
  for (const auto& file : loaded_files(library_cache(), later)) {
    std::string key = "library." + file.path.filename().string();
    while (facts.contains(key)) key += "+";  // two files of one name: both count
    facts[key] = file.sha256;
    facts[key + ".bytes"] = std::to_string(file.bytes);
  }
}

// Of LibTorch's square roots of some numbers, those that are not the nearest float.
int wrong_roots(int count) {
  const at::NoGradGuard no_gradients;
  const at::DisableRecordFunctionGuard unwatched;
  const at::Tensor numbers = at::empty({count}, at::kFloat);
  for (int i = 0; i < count; ++i)
    numbers.mutable_data_ptr<float>()[i] = 1.0F + 3.0F * static_cast<float>(i) / static_cast<float>(count);
  const at::Tensor roots = numbers.sqrt();
  int wrong = 0;
  for (int i = 0; i < count; ++i)
    wrong += roots.const_data_ptr<float>()[i] != std::sqrt(numbers.const_data_ptr<float>()[i]);
  return wrong;
}

// What the real machine is stands beside, under names of its own.
void add_emulation(const Cpu& cpu, Facts& facts) {
  if (cpu.emulator.empty()) return;
  const char* told = std::getenv(emulator_variable);
  const std::string emulator = told != nullptr ? told : cpu.emulator;
  facts["cpu.emulator"] = emulator;
  facts["cpu.model"] = fmt::format("{}emulated by {}", cpu.model.empty() ? "" : cpu.model + ", ", emulator);
  facts["cpu.host.model"] = cpu.host_model;
  facts["cpu.host.flags"] = join(cpu.host_flags, " ");
  constexpr int count = 4096;
  const int wrong = wrong_roots(count);
  facts["arithmetic.sqrt"] = fmt::format("{} of {} not rounded correctly by LibTorch", wrong, count);
  if (const auto artefact = emulator_artefact(rsqrt_bits(), wrong); !artefact.empty())
    facts["arithmetic.artefact"] = artefact;
}

void add_machine(Facts& facts) {
  const Cpu cpu = this_cpu();
  facts["cpu.architecture"] = cpu.architecture;
  facts["cpu.model"] = cpu.model;
  facts["cpu.flags"] = join(cpu.flags, " ");
  facts["cpu.cores"] = std::to_string(cpu.cores);
  facts["cpu.capability"] = at::get_cpu_capability();
  facts.merge(arithmetic_facts());
  add_emulation(cpu, facts);
  utsname kernel{};
  ::uname(&kernel);
  facts["kernel.release"] = kernel.release;
  std::string library(256, '\0');
  const std::size_t length = ::confstr(_CS_GNU_LIBC_VERSION, library.data(), library.size());
  facts["libc.version"] = length > 0 && length <= library.size() ? library.substr(0, length - 1) : "";
}

void add_threads(Facts& facts) {
  facts["threads.intra"] = std::to_string(at::get_num_threads());
  facts["threads.inter"] = std::to_string(at::get_num_interop_threads());
  // The code branch that MKL took, where LibTorch carries MKL: 1 none asked, 2 automatic, 3 compatible, and
  // so on.
  using Branch = int (*)(int);
  if (const auto branch = reinterpret_cast<Branch>(::dlsym(RTLD_DEFAULT, "mkl_serv_cbwr_get")))
    facts["mkl.branch"] = fmt::format("{:#x}", branch(-1));
  if (const auto warmed = warmed_vector_math(); !warmed.empty()) facts["vector-math.warmed"] = warmed;
}

// Beside the pinned ones: what a library may read that no pin sets.
constexpr const char* watched_variables[] = {"CUDA_VISIBLE_DEVICES", "LANG",       "LC_ALL",
                                             "LD_LIBRARY_PATH",      "LD_PRELOAD", "TZ"};

// Without what reprise itself brings in, which is no part of how the run was asked for.
std::string preloaded_by_others(const std::string& text) {
  std::vector<std::string> others;
  for (const auto& path : split(text, ':'))
    if (!path.ends_with(opened_library)) others.push_back(path);
  return join(others, ":");
}

void add_environment(Facts& facts) {
  auto names = pinned_variables();
  names.insert(names.end(), std::begin(watched_variables), std::end(watched_variables));
  for (const auto& name : names)
    if (const char* text = std::getenv(name.c_str())) facts["env." + name] = text;
  if (const auto found = facts.find("env.LD_PRELOAD"); found != facts.end()) {
    found->second = preloaded_by_others(found->second);
    if (found->second.empty()) facts.erase(found);
  }
}

}  // namespace

Facts gather_facts() {
  Facts facts;
  add_programs(facts);
  add_machine(facts);
  add_threads(facts);
  add_environment(facts);
  if (const auto& gpu = gpu_in_use()) facts.merge(gpu_facts(*gpu, gpus_here(), loaded_cuda_versions()));
  return facts;
}

}  // namespace reprise
