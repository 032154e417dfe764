// SPDX-License-Identifier: Apache-2.0
#include "harness/bundle/shared_libraries.h"

#include <algorithm>

#include "harness/base/error.h"
#include "harness/watch/elf.h"
#include "harness/watch/loaded_libraries.h"

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

}  // namespace

SharedLibraries libraries_to_carry(const std::vector<fs::path>& programs) {
  std::map<std::string, fs::path> known;
  for (const auto& program : programs)
    known.merge(program.extension() == ".so" ? libraries_needed_by(program, programs.front())
                                             : libraries_loaded_by(program, {}, {}));
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
