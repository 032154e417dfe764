// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/examination.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::array<std::string_view, 26> read_by_libraries = {
    "ATEN_",      "BLIS_",    "CUBLAS",  "CUDA_",   "CUDNN_",          "DISABLE_ADDMM", "DNNL_",
    "GLIBC_",     "GOMP_",    "GOTO_",   "KMP_",    "LD_LIBRARY_PATH", "LD_PRELOAD",    "LIBTORCH_DIR",
    "MKL_",       "NCCL_",    "NVIDIA_", "OMP_",    "ONEDNN_",         "OPENBLAS_",     "PYTHONHASHSEED",
    "PYTHONPATH", "PYTORCH_", "TORCH",   "TRITON_", "USE_PYTORCH"};

bool is_read(const std::string& name) {
  const auto pinned = pinned_variables();
  return std::ranges::find(pinned, name) != pinned.end() ||
         std::ranges::any_of(read_by_libraries,
                             [&name](std::string_view begins) { return name.starts_with(begins); });
}

std::string pin_that_sets(const std::string& variable, const Plan& plan) {
  for (const auto& pin : pin_table())
    if (sets_variable(pin, variable)) return fmt::format("{}={}", pin.name, pin_value(plan.pins, pin.name));
  return "";
}

std::string fact(const Facts& facts, const std::string& name) {
  const auto found = facts.find(name);
  return found == facts.end() ? "" : found->second;
}

void warn_of_variables(const std::vector<SetVariable>& variables, std::vector<Warning>& warnings) {
  for (const auto& one : variables) {
    if (one.reaches != Reaches::reaches) continue;
    if (one.name == "LD_LIBRARY_PATH")
      warnings.push_back({fmt::format("LD_LIBRARY_PATH={} reaches every run: libraries there may be loaded "
                                      "instead of those that came with LibTorch",
                                      one.value),
                          "unset LD_LIBRARY_PATH, unless the GPU's driver is found through it"});
    if (one.name == "CUDA_VISIBLE_DEVICES")
      warnings.push_back(
          {fmt::format("CUDA_VISIBLE_DEVICES={} reaches every run: device=cuda is another card where it is "
                       "set otherwise",
                       one.value),
           "name the card, as in --set device=cuda:H100, or unset CUDA_VISIBLE_DEVICES"});
  }
  for (const auto& one : variables)
    if (one.name == "LD_PRELOAD")
      warnings.push_back({fmt::format("LD_PRELOAD={} is set: what is started by hand has this library in it "
                                      "and runs of reprise do not",
                                      one.value),
                          "unset LD_PRELOAD, or set it with --set env:LD_PRELOAD=... for runs too"});
}

void warn_of_gpus(const Facts& facts, std::vector<Warning>& warnings) {
  std::vector<std::string> names = {fact(facts, "gpu.name")};
  for (int i = 1; facts.contains(fmt::format("gpu.{}.name", i)); ++i)
    names.push_back(fact(facts, fmt::format("gpu.{}.name", i)));
  for (const auto& [name, value] : facts) {
    if (!name.starts_with("gpu.")) continue;
    if (name.ends_with(".ecc") && value == "off")
      warnings.push_back({name + " is off: a bit of the GPU's memory may flip unnoticed, and a run that then "
                                 "differs cannot be told from one that does not repeat",
                          "turn it on with nvidia-smi -e 1, and restart"});
    if (name.ends_with(".mig") && value == "slice")
      warnings.push_back({name + " is a slice: it has fewer processors than the whole GPU, so its random "
                                 "numbers and large sums are not those of the whole",
                          "compare it with slices of the same size alone, or turn MIG off"});
  }
  if (std::ranges::any_of(names, [&names](const auto& name) { return name != names.front(); }))
    warnings.push_back({fmt::format("the GPUs here are not of one kind: {}", join(names, ", ")),
                        "name one kind for runs that are to be equal, as in --set device=cuda:H100"});
}

void warn_of_script(const Facts& facts, std::vector<Warning>& warnings) {
  const auto runtimes = split(fact(facts, "script.openmp"), ' ');
  if (runtimes.size() > 1)
    warnings.push_back(
        {fmt::format("the script's imports bring {} OpenMP runtimes into one process ({}): each has threads "
                     "of its own, and which of them a library uses depends on the order of the imports",
                     runtimes.size(), join(runtimes, ", ")),
         "install all packages from one source (pip alone, or conda alone), and keep the order of the "
         "imports"});
  for (const auto& [name, value] : facts)
    if (constexpr std::string_view prefix = "script.failed."; name.starts_with(prefix))
      warnings.push_back({fmt::format("the script imports {}, which its Python cannot import: {}",
                                      name.substr(prefix.size()), value),
                          fmt::format("install {} for that Python", name.substr(prefix.size()))});
}

void warn_of_pins(const Facts& facts, const Plan& plan, std::vector<Warning>& warnings) {
  const auto threads = to_integer(pin_value(plan.pins, "threads"));
  const auto cores = to_integer(fact(facts, "cpu.cores"));
  if (threads && cores && *threads > *cores)
    warnings.push_back({fmt::format("threads={} on {} cores: the bits are those of {} threads, and each step "
                                    "takes longer",
                                    *threads, *cores, *threads),
                        fmt::format("--pin threads={}, if it need not equal another machine", *cores)});
  for (const auto* name : {"nccl.conf.home", "nccl.conf.etc"})
    if (facts.contains(name) && held_by("nccl-conf-file", plan).empty())
      warnings.push_back(
          {fmt::format("{} is there, and NCCL reads it: it may choose the algorithm, and so the "
                       "order, of sums over GPUs",
                       name == std::string_view("nccl.conf.home") ? "~/.nccl.conf" : "/etc/nccl.conf"),
           "move it away, or name another with --pin nccl-conf-file=FILE"});
  if (fact(facts, "script.blas").find("openblas") != std::string::npos &&
      held_by("openblas-coretype", plan).empty())
    warnings.push_back(
        {"OpenBLAS chooses its kernels by the processor, and no pin says which: NumPy's "
         "products differ between kinds of processors",
         "--pin openblas-coretype=HASWELL, or another that all of the machines have"});
}

}  // namespace

std::span<const Word<Reaches>> words_of(Reaches /*reaches*/) {
  static constexpr Word<Reaches> words[] = {
      {Reaches::pinned, "pinned"}, {Reaches::reaches, "reaches runs"}, {Reaches::kept_away, "kept away"}};
  return words;
}

std::vector<SetVariable> set_variables(const Variables& now, const Plan& plan, const Variables& in_run) {
  const auto pinned = pin_environment(plan.pins);
  std::vector<SetVariable> found;
  for (const auto& [name, value] : now) {
    if (!is_read(name)) continue;
    SetVariable one{name, value, Reaches::kept_away, "", ""};
    if (const auto given = in_run.find(name); given != in_run.end()) one.in_run = given->second;
    one.reaches = pinned.contains(name)   ? Reaches::pinned
                  : in_run.contains(name) ? Reaches::reaches
                                          : Reaches::kept_away;
    one.pin = pin_that_sets(name, plan);
    found.push_back(one);
  }
  return found;
}

std::vector<Warning> warnings_of(const Facts& facts, const std::vector<SetVariable>& variables,
                                 const Plan& plan, const std::string& cannot) {
  std::vector<Warning> warnings;
  if (!cannot.empty())
    warnings.push_back(
        {"the plan does not run here: " + cannot, "pin what this machine has, or run it on another machine"});
  warn_of_script(facts, warnings);
  warn_of_variables(variables, warnings);
  warn_of_gpus(facts, warnings);
  warn_of_pins(facts, plan, warnings);
  return warnings;
}

}  // namespace reprise
