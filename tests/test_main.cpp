// SPDX-License-Identifier: Apache-2.0
#define CATCH_CONFIG_RUNNER
#include <catch2/catch.hpp>
#include <iostream>

#include "skip.h"

namespace {

constexpr int code_of_a_skip = 77;

struct Tally {
  std::size_t ran = 0, skipped = 0;
  bool skipping = false;
};

Tally& tally() {
  static Tally tally;
  return tally;
}

struct Counting : Catch::TestEventListenerBase {
  using TestEventListenerBase::TestEventListenerBase;
  void testCaseStarting(const Catch::TestCaseInfo&) override {
    ++tally().ran;
    tally().skipping = false;
  }
};

}  // namespace

CATCH_REGISTER_LISTENER(Counting)

namespace reprise {

void skip(const std::string& reason) {
  ++tally().skipped;
  tally().skipping = true;
  std::cout << "skipped: " << Catch::getResultCapture().getCurrentTestName() << ": " << reason << std::endl;
  // Catch2 ends a test with this where a REQUIRE has failed and is counted; thrown alone it ends the test, no
  // more.
  throw Catch::TestFailureException();
}

bool skipping() { return tally().skipping; }

}  // namespace reprise

int main(int argc, char** argv) {
  const int code = Catch::Session().run(argc, argv);
  const bool nothing_done = tally().ran > 0 && tally().skipped == tally().ran;
  return code == 0 && nothing_done ? code_of_a_skip : code;
}
