// SPDX-License-Identifier: Apache-2.0
// The table of causes. One row is one known reason: for which divergences, operators and differing pins it
// applies, the reason in words, the pins that may cure it, and where that is known from. More special rows
// stand first. Remedies are tried by `reprise bisect`; nothing here is promised.
#include "harness/judge/explain/causes.h"

#include <fnmatch.h>

#include <algorithm>
#include <set>

#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::string_view other_kernels_kind = "kernels";

constexpr Cause rows[] = {
    {"kernels", "aten::*conv* aten::cudnn_* aten::*rnn* aten::lstm* aten::gru*", "*",
     "another kernel was chosen: cuDNN takes the one that its heuristics or, with cudnn-benchmark, a "
     "stopwatch "
     "prefer for this GPU, these shapes, this memory layout and what it may use (TF32, algorithms that do "
     "not "
     "repeat, free memory)",
     "cudnn-benchmark=off;tf32-cudnn=off;cudnn-deterministic=on;cudnn-heuristic-b=off;cudnn=off",
     "PyTorch notes, Reproducibility and CUDA semantics; cuDNN developer guide, heuristics"},
    {"kernels",
     "aten::addmm* aten::mm* aten::bmm* aten::baddbmm* aten::linear* aten::matmul aten::addmv* aten::mv* "
     "aten::dot* aten::_addmm_activation*",
     "*",
     "another kernel was chosen: cuBLAS takes it by this GPU, the shapes, the workspace and the streams, and "
     "by "
     "whether TF32 or reduced sums are allowed",
     "blas-backend=cublas;matmul-precision=highest;cublas-workspace=:4096:8;tunableop=off",
     "cuBLAS manual, Results Reproducibility; PyTorch notes, CUDA semantics"},
    {"kernels", "aten::_scaled_dot_product* aten::scaled_dot_product* aten::_flash* aten::_efficient*", "*",
     "another kernel was chosen: attention has several, taken by dtype, shape, mask and GPU",
     "sdp-flash=off sdp-mem-efficient=off sdp-cudnn=off;sdp-cudnn=off",
     "ATen native/transformers/cuda/sdp_utils.cpp"},
    {"kernels", "*", "*",
     "another kernel was chosen, or another size of its grid, which splits its sums in another way: by this "
     "GPU, the shapes, the memory layout, or a setting",
     "deterministic=on", "the kernels that both sides launched, compared"},
    {"result calls", "aten::*conv* aten::mkldnn_* aten::thnn_conv* aten::slow_conv*", "threads",
     "convolutions take oneDNN or their own kernel depending on the number of threads, and oneDNN "
     "splits its "
     "sums by "
     "threads",
     "onednn=off;threads=1", "ATen native/Convolution.cpp use_mkldnn(), which asks for more than one thread"},
    {"result calls", "aten::*conv* aten::mkldnn_*", "isa onednn mkl",
     "convolution kernels are chosen, and their sums are laid out, by the instruction set that they may use",
     "onednn=off;onednn=avx2;isa=avx2", "oneDNN manual, ONEDNN_MAX_CPU_ISA; PyTorch issue 155552"},
    {"result",
     "aten::addmm* aten::mm* aten::bmm* aten::baddbmm* aten::linear* aten::matmul aten::addmv* aten::mv* "
     "aten::dot*",
     "threads", "the BLAS library splits a matrix product's sums by threads", "mkl=strict;threads=1",
     "PyTorch issue 88718; Intel MKL manual, Conditional Numerical Reproducibility"},
    {"result",
     "aten::addmm* aten::mm* aten::bmm* aten::baddbmm* aten::linear* aten::matmul aten::addmv* aten::mv* "
     "aten::dot*",
     "mkl isa", "the BLAS library chooses its kernels by processor and by MKL_CBWR",
     "mkl=strict;mkl=compatible;mkl=avx2", "Intel MKL manual, MKL_CBWR"},
    {"result", "aten::_scaled_dot_product_flash* aten::scaled_dot_product*", "threads",
     "attention is computed in blocks that are shared out by threads", "sdp-flash=off;threads=1",
     "ATen native/cpu/FlashAttentionKernel.cpp"},
    {"result",
     "aten::*norm* aten::sum* aten::mean* aten::prod* aten::var* aten::std* aten::logsumexp* "
     "aten::_log_softmax* "
     "aten::nll_loss* aten::cross_entropy_loss* aten::linalg_vector_norm*",
     "threads", "reductions are split by threads: each sums its own part, and the parts are added after",
     "threads=1", "ATen GRAIN_SIZE and two_pass_reduction (TensorIteratorReduce.cpp); PyTorch issue 88718"},
    {"result", "*", "isa",
     "vector lanes, fused multiply-add and the vector mathematics library differ between instruction sets",
     "isa=default;isa=avx2", "ATen cpu/SumKernel.cpp, cascade_sum; PyTorch issue 155423"},
    {"result",
     "aten::sqrt* aten::exp aten::exp_ aten::exp.out aten::log* aten::tanh* aten::sin* aten::cos* aten::tan* "
     "aten::asin* aten::acos* aten::atan* aten::erf* aten::expm1* aten::pow* aten::sigmoid* aten::gelu* "
     "aten::softplus* aten::rsqrt* aten::ceil* aten::floor* aten::lgamma*",
     "none threads",
     "MKL chooses the kernel of each vector-math function at its first call: where that is made by several "
     "threads at once, one of them may run a kernel of lower accuracy, once",
     "vector-math-warmup=on", "PyTorch issue 188792"},
    {"draws generator", "*", "rng",
     "the pin rng differs: on one side LibTorch's generator of the device draws the random numbers, on the "
     "other the harness does",
     "rng=harness;start=exact", "the pins of both plans"},
    {"generator", "*", "*",
     "another random stream: the generator was seeded otherwise or not at all, something drew from it "
     "before, or "
     "several threads draw from it",
     "", "ATen CPUGeneratorImpl.h: one state for all threads of a process"},
    {"result",
     "aten::index_put* aten::put* aten::scatter* aten::index_add* aten::embedding_dense_backward "
     "aten::_index_put_impl*",
     "none threads deterministic", "several threads add to the same element without an order",
     "deterministic=on;threads=1",
     "ATen cpu/IndexKernel.cpp, cpu_atomic_add_float; on a GPU cuda/Indexing.cu, gpuAtomicAddNoReturn; "
     "PyTorch issue 51366"},
    {"result calls", "*", "processor",
     "LibTorch and its libraries take other kernels on another processor, and these add in another order", "",
     "docs/across-hardware.md; ATen DispatchStub.h; oneDNN and MKL choose by CPUID"},
    {"result calls", "*", "torch",
     "another version of LibTorch has other kernels, and other versions of the libraries that it brings", "",
     "the versions and the build that both traces name"},
    {"result", "*", "none",
     "the operator does not repeat with equal inputs: most likely threads race inside it",
     "deterministic=on;threads=1", "definition of a race: equal plans, equal inputs, other outputs"},
    {"result calls", "*", "threads",
     "the operator's work is split by threads, or its kernel is chosen by their number",
     "mkl=strict;onednn=off;threads=1", "ATen Parallel.h; PyTorch issue 2201"},
    {"unwritten", "*", "*", "memory was read before anybody wrote it",
     "deterministic=on fill-uninitialized=on",
     "ATen TensorFactories.cpp, deterministicFillUninitializedMemory"},
    {"thread", "*", "*",
     "a thread of the program's own wrote that memory, and when it did is not fixed against the thread that "
     "reads it",
     "", "the calls of every thread, each with the memory it wrote"},
    {"draws", "*", "*",
     "how often the program draws there is not fixed: an evaluation, a sample or a loop whose length depends "
     "on the time, on data or on another generator. With a generator of its own, or inside "
     "torch.random.fork_rng(), it would leave the stream of the training alone",
     "", "the calls of random operators, counted; ATen CPUGeneratorImpl.h: one state for all that draw"},
    {"python", "*", "*", "the program's own code computed other data: read, numbered or ordered otherwise",
     "", "ATen's lift_fresh, by which Python's data becomes a tensor"},
    {"outside", "*", "*",
     "code that is not an operator of LibTorch wrote this memory (Python, NumPy, an extension), or it was "
     "made "
     "before the steps that were looked at",
     "", "what the tracer sees: LibTorch's dispatcher, and nothing else"},
    {"numbers", "*", "*",
     "another number was handed to the operator: a schedule, a step count or a parameter differs", "",
     "the scalar arguments of the call, compared"},
    {"calls", "*", "*", "the program took another way: it branches on a setting, on a value, or on the time",
     "", "the sequence of calls, compared"},
};

bool any_matches(std::string_view patterns, const std::vector<std::string>& names) {
  for (const auto& pattern : split(patterns, ' '))
    for (const auto& name : names)
      if (!pattern.empty() && ::fnmatch(pattern.c_str(), name.c_str(), FNM_NOESCAPE) == 0) return true;
  return false;
}

std::set<std::string> differing(const Pins& a, const Pins& b) {
  std::set<std::string> names;
  for (const auto& [name, value] : a)
    if (const auto other = b.find(name); other == b.end() || other->second != value) names.insert(name);
  return names;
}

bool any_differs(std::string_view wanted, const std::set<std::string>& apart) {
  for (const auto& word : split(wanted, ' '))
    if (word == "*" || (word == "none" && apart.empty()) || apart.contains(word)) return true;
  return false;
}

bool holds_word(std::string_view words, std::string_view word) {
  const auto each = split(words, ' ');
  return std::ranges::find(each, word) != each.end();
}

bool is_of_kind(const Cause& row, DivergenceKind kind, bool other_kernels) {
  if (row.kinds != other_kernels_kind) return holds_word(row.kinds, to_text(kind));
  return other_kernels && (kind == DivergenceKind::result || kind == DivergenceKind::calls);
}

}  // namespace

std::span<const Cause> cause_table() { return rows; }

std::set<std::string> apart_beside_pins(const Plan& a, const Facts& facts_a, const Plan& b,
                                        const Facts& facts_b) {
  std::set<std::string> apart;
  if (a.placement.cpu != b.placement.cpu) apart.insert("processor");
  if (a.placement.torch != b.placement.torch) apart.insert("torch");
  for (const auto& [fact, word] : {std::pair{"cpu.model", "processor"},
                                   {"cpu.flags", "processor"},
                                   {"libtorch.version", "torch"},
                                   {"gpu.name", "gpu"}}) {
    const auto one = facts_a.find(fact), other = facts_b.find(fact);
    if (one != facts_a.end() && other != facts_b.end() && one->second != other->second) apart.insert(word);
  }
  Plan same_pins = a;
  same_pins.pins = b.pins;
  same_pins.placement = b.placement;
  same_pins.watch = b.watch;
  if (plan_id(same_pins) != plan_id(b)) apart.insert("setting");
  return apart;
}

std::vector<Cause> causes_of(const OperatorDivergence& divergence, const std::vector<std::string>& names,
                             const Pins& a, const Pins& b, bool other_kernels,
                             const std::set<std::string>& beside) {
  auto apart = differing(a, b);
  apart.insert(beside.begin(), beside.end());
  std::vector<Cause> causes;
  const auto told = [&](const Cause& row) {  // of other kernels the most special row says it all
    return row.kinds == other_kernels_kind && !causes.empty() && causes.front().kinds == row.kinds;
  };
  for (const auto& row : rows)
    if (!told(row) && is_of_kind(row, divergence.kind, other_kernels) && any_matches(row.operators, names) &&
        any_differs(row.differs, apart))
      causes.push_back(row);
  return causes;
}

std::vector<Remedy> remedies_of(const std::vector<Cause>& causes, const Pins& a, const Pins& b) {
  std::vector<Remedy> remedies;
  std::set<std::string> known;
  for (const auto& cause : causes)
    for (const auto& text : split(cause.remedies, ';')) {
      if (text.empty() || !known.insert(text).second) continue;
      Remedy remedy{{}, text};
      bool changes = false;
      for (const auto& word : split(text, ' ')) {
        const auto equals = word.find('=');
        const std::string pin = word.substr(0, equals), value = word.substr(equals + 1);
        changes = changes || a.at(pin) != value || b.at(pin) != value;
        remedy.pins.emplace_back(pin, value);
      }
      if (changes) remedies.push_back(remedy);
    }
  return remedies;
}

}  // namespace reprise
