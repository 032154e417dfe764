// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/shared_libraries.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/watch/quiet_run.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

// Parts of glibc and of the compiler's run-time: they belong to the machine, and do not work in part.
constexpr std::string_view of_the_machine[] = {
    "libc.so.",     "libm.so.",       "libmvec.so.",  "libdl.so.", "libpthread.so.",
    "librt.so.",    "libutil.so.",    "libanl.so.",   "ld-linux",  "libstdc++.so.",
    "libgcc_s.so.", "linux-vdso.so.", "libresolv.so."};
// The CUDA run-time library is one of its wheels, which is loaded before the digest on a device asks for it.
constexpr std::string_view of_torch[] = {"libtorch", "libc10", "libcudart.so."};

bool stays(const std::string& name) {
  const auto begins = [&](std::string_view start) { return name.starts_with(start); };
  return std::ranges::any_of(of_the_machine, begins) || std::ranges::any_of(of_torch, begins);
}

// What the dynamic loader would load for a program, by name; nothing for what is no program. It lists instead
// of starting it.
std::map<std::string, fs::path> found_by_loader(const fs::path& program) {
  std::map<std::string, fs::path> found;
  const Said said = run_quietly({program.string()}, {{"LD_TRACE_LOADED_OBJECTS", "1"}}, {});
  for (const auto& line :
       split(said.text, '\n')) {  // "\tlibz.so.1 => /lib/x86_64-linux-gnu/libz.so.1 (0x...)"
    const auto arrow = line.find(" => "), end = line.rfind(" (0x");
    if (arrow == std::string::npos || end == std::string::npos || end < arrow) continue;
    found[std::string(trim(line.substr(0, arrow)))] = line.substr(arrow + 4, end - arrow - 4);
  }
  return found;
}

bool is_older(const std::string& a, const std::string& b) {
  const auto numbers = [](const std::string& version) {
    std::vector<std::int64_t> parts;
    for (const auto& part : split(version, '.')) parts.push_back(to_integer(part).value_or(-1));
    return parts;
  };
  return numbers(a) < numbers(b);
}

}  // namespace

SharedLibraries libraries_to_carry(const std::vector<fs::path>& programs) {
  std::map<std::string, fs::path> known;
  for (const auto& program : programs)
    if (program.extension() != ".so") known.merge(found_by_loader(program));
  SharedLibraries carried;
  std::vector<fs::path> open = programs;
  while (!open.empty()) {
    const fs::path file = open.back();
    open.pop_back();
    const ElfNeeds needs = elf_needs(file);
    carried.glibc = std::max(carried.glibc, needs.glibc, is_older);
    carried.libstdcxx = std::max(carried.libstdcxx, needs.libstdcxx, is_older);
    for (const auto& name : needs.libraries) {
      if (stays(name) || carried.files.contains(name)) continue;
      const auto found = known.find(name);
      if (found == known.end())
        fail("{} needs {}, which the dynamic loader does not find on this machine; install it", file.string(),
             name);
      carried.files[name] = found->second;
      open.push_back(found->second);
    }
  }
  return carried;
}

}  // namespace reprise
