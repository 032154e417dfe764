// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/moving_facts.h"

#include <fmt/format.h>
#include <fnmatch.h>

#include <algorithm>

#include "harness/base/text.h"
#include "harness/machine/fact_names.h"

namespace reprise {
namespace {

using enum MovesBits;

constexpr MovingFact rows[] = {
    {"*.bytes gpu.uuid gpu.index", never, "", "it names a thing and computes nothing",
     "docs/trace-format.md"},
    {"cpu.governor", never, "", "the clock decides when a step ends and not what it computes",
     "Linux, Documentation/admin-guide/pm/cpufreq.rst"},
    {"cpu.architecture", usually, "",
     "another instruction set has other vector widths, another BLAS and another mathematics library",
     "ATen native/cpu; glibc sysdeps"},
    {"cpu.flags cpu.capability", usually,
     "isa=default,avx2,avx512 mkl=compatible,avx2 onednn=off,sse41,avx2,avx512 glibc-tunables",
     "ATen, MKL, oneDNN and the C library each choose kernels by the instruction sets that they find: sums "
     "have other lanes, and multiply-add rounds once or twice",
     "ATen cpu/SumKernel.cpp; PyTorch issues 155552, 155423"},
    {"threads.intra env.OMP_NUM_THREADS env.MKL_NUM_THREADS env.OPENBLAS_NUM_THREADS", usually, "threads",
     "sums are split by threads", "ATen Parallel.h; PyTorch issue 88718"},
    {"env.ATEN_CPU_CAPABILITY env.MKL_CBWR env.ONEDNN_* env.DNNL_* env.OPENBLAS_CORETYPE "
     "env.GLIBC_TUNABLES mkl.branch",
     usually, "isa mkl onednn onednn-fpmath openblas-coretype glibc-tunables",
     "it chooses the kernels of a library", "ATen native/DispatchStub.cpp; manuals of MKL, oneDNN, OpenBLAS"},
    {"libtorch.version libtorch.git package.torch", usually, "",
     "operators are rewritten between versions, and each brings its own BLAS, oneDNN and cuDNN",
     "PyTorch notes, Reproducibility: nothing is promised across releases"},
    {"gpu.capability", usually, "", "another architecture has other kernels",
     "cuBLAS manual, Results Reproducibility; cuDNN developer guide"},
    {"gpu.processors gpu.threads_per_processor", usually, "",
     "random numbers of one call are shared out, and large sums are split, by what the GPU holds at once",
     "ATen cuda/Reduce.cuh; PyTorch issues 196613, 25690; docs/gpu.md"},
    {"gpu.mig", often, "", "a slice of a GPU has fewer processors than the whole",
     "ATen cuda/Reduce.cuh; NVIDIA Multi-Instance GPU user guide"},
    {"libtorch.wheel library.libtorch* library.libc10*", often, "",
     "another build of LibTorch may have other kernels or other libraries within",
     "PyTorch notes, Reproducibility"},
    {"library.libcublas* library.libcudnn* cuda.cublas cuda.cudnn cuda.toolkit library.libcusolver* "
     "library.libcufft* library.libcurand* package.nvidia-cublas* package.nvidia-cudnn* "
     "package.nvidia-cusolver* package.nvidia-cufft*",
     often, "", "no release of these libraries promises the bits of another",
     "cuBLAS manual, Results Reproducibility; cuDNN developer guide"},
    {"libtorch.blas libtorch.onednn script.blas script.*.blas library.libmkl* library.*openblas* "
     "library.libblas* library.libdnnl* library.libblis*",
     often, "", "another BLAS, or another release of it, sums in another order",
     "Intel MKL manual, Conditional Numerical Reproducibility; OpenBLAS wiki"},
    {"library.libm.so* library.libm-*", often, "",
     "exp, log, sin and pow of another build may round the last bit otherwise",
     "glibc manual, Errors in Math Functions"},
    {"gpu.name gpu.memory gpu.l2_cache gpu.clock gpu.memory_clock", often, "",
     "cuBLAS and cuDNN choose kernels by the card, its memory, caches and clocks too: an H100 and an H200, "
     "of "
     "one architecture and equal processors, agreed in FP32 and parted at step 1 with TF32",
     "docs/gpu.md, measured 2026-11-26"},
    {"cpu.model", often, "mkl=compatible onednn=off",
     "MKL and others choose by maker and model too, beside the instruction sets",
     "Intel MKL manual, MKL_CBWR; PyTorch issue 155552"},
    {"cpu.cache.*", sometimes, "",
     "matrix products are cut into blocks that fit the caches, which orders their sums",
     "oneDNN cpu/x64/gemm; OpenBLAS driver/others/parameter.c"},
    {"cpu.cores", sometimes, "threads interop-threads",
     "where the number of threads is not pinned it is the number of cores, and sums are split by threads",
     "ATen ParallelCommon.cpp; PyTorch issue 88718"},
    {"library.libgomp* library.libiomp* library.libomp* script.openmp", sometimes, "threads",
     "the OpenMP runtime shares out loops and combines their partial sums", "OpenMP 5.2, reduction clause"},
    {"gpu.count gpu.trouble", sometimes, "",
     "where a GPU is used at all, its kernels are not the processor's",
     "cuDNN developer guide; ATen native/cuda"},
    {"gpu.driver gpu.driver_cuda", sometimes, "",
     "the driver compiles what a library brings as PTX only, and may compile it otherwise",
     "CUDA C++ programming guide, Just-in-Time Compilation"},
    {"nccl.conf.* env.NCCL_* library.libnccl*", sometimes,
     "nccl-algo nccl-proto nccl-nvls nccl-min-channels nccl-max-channels nccl-conf-file",
     "NCCL's algorithm, protocol and channels order the sums of an all-reduce",
     "NVIDIA/nccl issues 855, 1497"},
    {"libc.version", sometimes, "", "each release of the C library brings its own mathematics",
     "glibc manual, Errors in Math Functions"},
    {"package.* python.version", sometimes, "", "another release may compute otherwise",
     "release notes of the package"},
    {"env.CUBLAS* env.CUDNN* env.TORCH_* env.NVIDIA_TF32_OVERRIDE env.DISABLE_ADDMM_CUDA_LT", sometimes,
     "cublas-workspace addmm-lt blas-backend cudnn-v8 cudnn-heuristic-b",
     "it chooses kernels on a GPU, or how precise they are", "ATen Context.h, cuda/Blas.cpp"},
    {"env.*", rarely, "", "most variables reach no arithmetic", "docs/why-bits-move.md"},
    {"gpu.ecc", rarely, "", "without it a bit of memory may flip, once, by chance",
     "NVIDIA, nvidia-smi manual"},
    {"cpu.numa_nodes cpu.sockets cpu.threads_per_core", rarely, "",
     "where memory lies decides how long it takes; only a library that counts these would compute otherwise",
     "Linux, numa(7)"},
    {"kernel.*", rarely, "", "the kernel computes no part of a training",
     "Linux; glibc and libraries choose by the processor, not by the kernel"},
    {"reprise.*", rarely, "", "reprise watches, and a self-test shows that watching changes nothing",
     "docs/bisect.md, the self-test"},
    {"library.*", rarely, "", "most libraries of a process take no part in the arithmetic",
     "docs/why-bits-move.md"},
};

bool fits(std::string_view patterns, const std::string& name) {
  return std::ranges::any_of(split(patterns, ' '), [&name](const std::string& pattern) {
    return ::fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE) == 0;
  });
}

// Facts of more GPUs than the first, "gpu.1.memory", stand with that one's.
std::string name_in_table(std::string_view name) {
  const auto parts = split(name, '.');
  if (parts.size() == 3 && parts[0] == "gpu" && to_integer(parts[1])) return "gpu." + parts[2];
  return std::string(name);
}

struct Holder {
  std::string pin;
  std::vector<std::string> values;  // that hold the fact; none: whatever imposes something
};

// "isa mkl=compatible,avx2": some values of a pin still let the library choose by the processor.
std::vector<Holder> holders_of(std::string_view pins) {
  std::vector<Holder> holders;
  for (const auto& word : split(pins, ' ')) {
    const auto equals = word.find('=');
    if (word.empty()) continue;
    holders.push_back({word.substr(0, equals), {}});
    if (equals != std::string::npos) holders.back().values = split(word.substr(equals + 1), ',');
  }
  return holders;
}

// Whether the pin's value there sets a variable, or is a call of LibTorch that is always made.
bool imposes(const Pin& pin, const std::string& value) {
  if (pin.rules.empty()) return value != "default";
  const auto rule = std::ranges::find_if(
      pin.rules, [&value](const EnvironmentRule& one) { return !one.value || *one.value == value; });
  return rule != pin.rules.end() && !rule->variables.empty();
}

bool holds(const Holder& holder, const Plan& plan) {
  const Pin* pin = find_pin(holder.pin);
  const std::string value(pin_value(plan.pins, holder.pin));
  if (pin == nullptr || value.empty()) return false;
  if (!holder.values.empty()) return std::ranges::find(holder.values, value) != holder.values.end();
  return imposes(*pin, value);
}

// Of a fact of the machine that no row knows.
constexpr MovingFact unknown = {"*", sometimes, "", "it is not known whether it moves bits", "nothing known"};

}  // namespace

std::span<const Word<MovesBits>> words_of(MovesBits /*moves*/) {
  static constexpr Word<MovesBits> words[] = {
      {usually, "usually"}, {often, "often"}, {sometimes, "sometimes"}, {rarely, "rarely"}, {never, "never"}};
  return words;
}

std::span<const MovingFact> moving_facts() { return rows; }

const MovingFact* moving_fact(std::string_view name) {
  const std::string text = name_in_table(name);
  for (const auto& row : rows)
    if (fits(row.names, text)) return &row;
  return fact_of(name) == FactOf::machine ? &unknown : nullptr;
}

std::string held_by(std::string_view pins, const Plan& plan) {
  std::vector<std::string> held;
  for (const auto& holder : holders_of(pins))
    if (holds(holder, plan))
      held.push_back(fmt::format("{}={}", holder.pin, pin_value(plan.pins, holder.pin)));
  return join(held, ", ");
}

std::string left_open(std::string_view pins, const Plan& plan) {
  std::vector<std::string> open;
  for (const auto& holder : holders_of(pins))
    if (!holds(holder, plan)) open.push_back(holder.pin);
  return join(open, ", ");
}

std::vector<std::string> pins_named(std::string_view pins) {
  std::vector<std::string> names;
  for (const auto& holder : holders_of(pins)) names.push_back(holder.pin);
  return names;
}

}  // namespace reprise
