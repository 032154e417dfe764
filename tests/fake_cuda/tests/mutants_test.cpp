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

// Each kind of PTX must find every mistake by itself; a mistake in the order of work may hide when all of it
// runs late.
TEST_CASE("each mistake sown into the kernels or the host code is found by both kinds of PTX") {
  const Scratch scratch;
  constexpr unsigned tries = 5;
  const auto all = mutants();
  REQUIRE(all.size() >= 20);
  for (const auto& mutant : all) {
    const Scene scene{mutant.scene, 40, "", FAKE_CUDA "/mutants/lib" + mutant.name + ".so"};
    std::string sign, counts;
    for (const auto& device : both_devices) {
      unsigned any = 0;
      for (const bool late : {true, false}) {
        unsigned found = 0;
        for (unsigned seed = 1; seed <= tries; ++seed) {
          const Printed printed = drive(scratch, scene, on(device, seed, late));
          if (right(printed)) continue;
          ++found;
          if (sign.empty()) sign = sign_of(printed);
        }
        counts += " " + std::to_string(found);
        any += found;
      }
      INFO(mutant.name << ", device " << device);
      REQUIRE(any > 0);
    }
    std::cout << mutant.kind << " mutant " << mutant.name << ": of " << tries
              << " seeds each (7.5 late, 7.5 drawn, 12.0 late, 12.0 drawn) found in" << counts << "; " << sign
              << '\n';
  }
}
