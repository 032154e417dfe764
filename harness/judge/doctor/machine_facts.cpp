// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/doctor/machine_facts.h"

#include <dlfcn.h>
#include <sys/utsname.h>
#include <unistd.h>

#include <cmath>
#include <set>

#include "harness/base/digest_cache.h"
#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "harness/container/mapped_file.h"
#include "harness/machine/cpu.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// "" where there is no such file: kernels differ in what they show.
std::string line_in(const fs::path& file) {
  std::error_code none;
  if (!fs::is_regular_file(file, none)) return "";
  try {
    return std::string(trim(read_file(file, "fact")));
  } catch (const Error&) {
    return "";
  }
}

void put(Facts& facts, const std::string& name, const std::string& value) {
  if (!value.empty()) facts[name] = value;
}

std::vector<fs::path> numbered(const fs::path& folder, std::string_view begins) {
  std::vector<fs::path> found;
  for (const auto& path : list_folder(folder)) {
    const std::string name = path.filename().string();
    if (name.starts_with(begins) && to_integer(name.substr(begins.size()))) found.push_back(path);
  }
  return found;
}

void add_caches(const fs::path& cpu, Facts& facts) {
  for (const auto& cache : numbered(cpu / "cache", "index")) {
    const std::string kind = line_in(cache / "type"), level = line_in(cache / "level");
    if (level.empty()) continue;
    const std::string which = kind == "Data" ? "d" : kind == "Instruction" ? "i" : "";
    put(facts, "cpu.cache.l" + level + which, line_in(cache / "size"));
  }
}

void add_cpu(Facts& facts) {
  const Cpu cpu = this_cpu();
  facts["cpu.architecture"] = cpu.architecture;
  put(facts, "cpu.model", cpu.model);
  put(facts, "cpu.flags", join(cpu.flags, " "));
  facts["cpu.cores"] = std::to_string(cpu.cores);
}

std::string libc_version() {
  std::string text(256, '\0');
  const std::size_t length = ::confstr(_CS_GNU_LIBC_VERSION, text.data(), text.size());
  return length > 0 && length <= text.size() ? text.substr(0, length - 1) : "";
}

// The mathematics library that programs here are given, which this one uses too.
void add_libm(Facts& facts) {
  Dl_info found{};
  double (*function)(double) = &std::exp;
  if (::dladdr(reinterpret_cast<const void*>(function), &found) == 0 || found.dli_fname == nullptr) return;
  const fs::path file = found.dli_fname;
  if (file.filename().string().starts_with("libm"))
    facts["library." + file.filename().string()] = sha256_file(file);
}

// "3.10.2" out of "#define DNNL_VERSION_MAJOR 3" and so on.
std::string onednn_version(const fs::path& torch) {
  const std::string text = line_in(torch / "include/oneapi/dnnl/dnnl_version.h");
  std::vector<std::string> numbers;
  for (const char* part : {"DNNL_VERSION_MAJOR ", "DNNL_VERSION_MINOR ", "DNNL_VERSION_PATCH "}) {
    const auto at = text.find(part);
    if (at == std::string::npos) return "";
    const auto rest = std::string_view(text).substr(at + std::string_view(part).size());
    numbers.emplace_back(trim(rest.substr(0, rest.find('\n'))));
  }
  return join(numbers, ".");
}

std::string blas_within(const fs::path& library) {
  const Kept kept = map_file(library);
  const std::string_view bytes(reinterpret_cast<const char*>(kept.bytes.data()), kept.bytes.size());
  const auto holds = [&](const char* text) {
    return ::memmem(bytes.data(), bytes.size(), text, std::string_view(text).size()) != nullptr;
  };
  if (holds("Math Kernel Library Version")) return "MKL, within libtorch_cpu.so";
  if (holds("OpenBLAS ")) return "OpenBLAS, within libtorch_cpu.so";
  return "";
}

std::string git_commit(const fs::path& torch) {
  const std::string text = line_in(torch / "version.py");
  const auto at = text.find("git_version = '");
  if (at == std::string::npos) return "";
  const auto rest = text.substr(at + 15);
  return rest.substr(0, rest.find('\''));
}

}  // namespace

Facts layout_facts(const fs::path& system) {
  Facts facts;
  std::set<std::string> sockets;
  for (const auto& cpu : numbered(system / "cpu", "cpu"))
    if (const auto socket = line_in(cpu / "topology/physical_package_id"); !socket.empty())
      sockets.insert(socket);
  if (!sockets.empty()) facts["cpu.sockets"] = std::to_string(sockets.size());
  if (const auto nodes = numbered(system / "node", "node").size(); nodes > 0)
    facts["cpu.numa_nodes"] = std::to_string(nodes);
  const fs::path first = system / "cpu/cpu0";
  const std::string siblings = line_in(first / "topology/thread_siblings_list");
  if (!siblings.empty())
    facts["cpu.threads_per_core"] = siblings.find_first_of(",-") == std::string::npos ? "1" : "2 or more";
  put(facts, "cpu.governor", line_in(first / "cpufreq/scaling_governor"));
  add_caches(first, facts);
  return facts;
}

Facts facts_of_gpus(const GpuList& list) {
  Facts facts;
  facts["gpu.count"] = std::to_string(list.gpus.size());
  put(facts, "gpu.trouble", list.trouble);
  put(facts, "gpu.driver", list.driver);
  if (list.cuda > 0) facts["gpu.driver_cuda"] = cuda_version_text(list.cuda);
  for (const auto& gpu : list.gpus) {
    const std::string at = gpu.index == 0 ? "gpu." : fmt::format("gpu.{}.", gpu.index);
    facts[at + "name"] = gpu.name;
    facts[at + "uuid"] = gpu.uuid;
    facts[at + "capability"] = fmt::format("{}.{}", gpu.major, gpu.minor);
    facts[at + "processors"] = std::to_string(gpu.processors);
    facts[at + "threads_per_processor"] = std::to_string(gpu.threads_per_processor);
    facts[at + "memory"] = std::to_string(gpu.memory);
    facts[at + "ecc"] = gpu.ecc;
    facts[at + "mig"] = gpu.mig;
    const auto number = [&](const char* name, int value) {
      if (value > 0) facts[at + name] = std::to_string(value);
    };
    number("l2_cache", gpu.l2_cache);
    number("clock", gpu.clock);
    number("memory_clock", gpu.memory_clock);
  }
  return facts;
}

Facts torch_facts(const ObservedTorch& torch) {
  Facts facts;
  facts["libtorch.version"] = release_of(torch.version);  // as traces have it
  facts["libtorch.wheel"] = torch.version;
  put(facts, "libtorch.git", git_commit(torch.folder));
  put(facts, "libtorch.onednn", onednn_version(torch.folder));
  DigestCache digests(library_cache());
  for (const auto& file : list_folder(torch.folder / "lib")) {
    const std::string name = file.filename().string();
    if (!name.starts_with("libtorch_c") && !name.starts_with("libc10") && !name.starts_with("libgomp"))
      continue;
    if (!fs::is_regular_file(file)) continue;
    facts["library." + name] = digests.sha256(file);
    if (name == "libtorch_cpu.so") put(facts, "libtorch.blas", blas_within(file));
  }
  digests.keep();
  return facts;
}

Facts nccl_facts(const fs::path& home) {
  Facts facts;
  const auto add = [&facts](const char* name, const fs::path& file) {
    std::error_code none;
    if (fs::is_regular_file(file, none)) facts[name] = sha256_file(file);
  };
  add("nccl.conf.etc", "/etc/nccl.conf");
  if (!home.empty()) add("nccl.conf.home", home / ".nccl.conf");
  return facts;
}

Facts facts_here() {
  Facts facts = layout_facts("/sys/devices/system");
  add_cpu(facts);
  add_libm(facts);
  utsname kernel{};
  ::uname(&kernel);
  facts["kernel.release"] = kernel.release;
  put(facts, "libc.version", libc_version());
  facts["reprise.version"] = REPRISE_VERSION;
  facts.merge(facts_of_gpus(gpus_here()));
  facts.merge(nccl_facts(environment_text("HOME")));
  return facts;
}

}  // namespace reprise
