// SPDX-License-Identifier: Apache-2.0
// Each mistake of mutants.txt, sown into a copy of the product's sources, is found.
#include <fstream>
#include <iostream>
#include <sstream>

#include "fake_cuda/tests/product_run.h"

using namespace reprise;
using namespace reprise::fake_cuda;

namespace {

struct Mutant {
  std::string kind, name, file, scene;
};

std::vector<Mutant> mutants() {
  std::vector<Mutant> all;
  std::ifstream in(REPRISE_SOURCE "/tests/fake_cuda/mutants.txt");
  for (std::string line; std::getline(in, line);) {
    if (!line.starts_with("kernel ") && !line.starts_with("host ")) continue;
    std::istringstream words(line);
    Mutant one;
    words >> one.kind >> one.name >> one.file >> one.scene;
    all.push_back(one);
  }
  return all;
}

// What gave the mistake away, in a word or two.
std::string sign_of(const Printed& printed) {
  for (const std::string sign :
       {"race", "out of bounds", "misaligned", "never written", "deadlock", "still running",
        "lanes that have ended", "its own mask", "takes no part", "WRONG", "refused", "failed"})
    if (contains(printed.err, sign) || contains(printed.out, sign)) return sign;
  return printed.code < 0 ? "killed by a signal" : "exit code " + std::to_string(printed.code);
}

}  // namespace

TEST_CASE(
    "each mistake sown into the kernels or the host code is found, under both orders and by both kinds of "
    "PTX") {
  const Scratch scratch;
  constexpr unsigned tries = 5;
  const auto all = mutants();
  REQUIRE(all.size() >= 20);
  for (const auto& mutant : all) {
    Scene scene{mutant.scene, 40, "", FAKE_CUDA "/mutants/lib" + mutant.name + ".so"};
    unsigned found = 0, runs = 0, found_late = 0;
    std::string sign;
    for (const auto& device : both_devices)
      for (unsigned seed = 1; seed <= tries; ++seed)
        for (const bool late : {true, false}) {
          const Printed printed = drive(scratch, scene, on(device, seed, late));
          ++runs;
          if (right(printed)) continue;
          ++found;
          found_late += late ? 1 : 0;
          if (sign.empty()) sign = sign_of(printed);
        }
    std::cout << mutant.kind << " mutant " << mutant.name << ": found in " << found << " of " << runs
              << " runs, " << found_late << " of " << runs / 2 << " late; " << sign << '\n';
    INFO(mutant.name);
    REQUIRE(found_late == runs / 2);
    REQUIRE(found > found_late);
  }
}
