// SPDX-License-Identifier: Apache-2.0
// reprise-fuzz: libFuzzer over one target of tests/fuzz/targets, named by REPRISE_FUZZ_TARGET. With
// REPRISE_FUZZ_SEEDS=FOLDER it writes FOLDER/TARGET/N for every target and ends. scripts/fuzz.sh calls it.
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iostream>

#include "fuzz/target.h"

namespace {

using namespace reprise;

void write_seeds(const std::filesystem::path& folder) {
  for (const auto& [name, target] : fuzz_targets_shelf()) {
    std::filesystem::create_directories(folder / name);
    std::size_t number = 0;
    for (const auto& seed : target->seeds())
      std::ofstream(folder / name / std::to_string(number++), std::ios::binary) << seed;
    std::cout << name << (target->slow ? " slow\n" : " fast\n");
  }
}

const FuzzTarget* target = nullptr;

}  // namespace

extern "C" int LLVMFuzzerInitialize(int*, char***) {
  if (const char* folder = std::getenv("REPRISE_FUZZ_SEEDS")) {
    write_seeds(folder);
    std::exit(0);
  }
  const char* name = std::getenv("REPRISE_FUZZ_TARGET");
  try {
    target = &pick(fuzz_targets_shelf(), name == nullptr ? "" : name, "target");
  } catch (const Error& error) {
    std::cerr << error.what() << '\n';
    std::exit(2);
  }
  return 0;
}

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* bytes, std::size_t size) {
  try {
    target->read(std::string(reinterpret_cast<const char*>(bytes), size));
  } catch (const Error& error) {
    // Refused, as it should be. Anything else that is thrown ends the fuzzer, and so does a broken invariant.
    // It is told by how its sentence begins: libFuzzer learns words from comparisons and puts them into
    // inputs, which sentences then quote.
    if (std::string_view(error.what()).starts_with("broken invariant at "))
      throw std::logic_error(error.what());
  }
  return 0;
}
