// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/interrupt.h"

#include <csignal>
#include <iostream>

namespace reprise {
namespace {

// A signal handler can reach nothing but a global.
volatile std::sig_atomic_t interrupted = 0;

}  // namespace

void watch_for_interrupt() {
  struct sigaction action {};
  action.sa_handler = [](int) { interrupted = 1; };
  sigemptyset(&action.sa_mask);
  sigaction(SIGINT, &action, nullptr);
  sigaction(SIGTERM, &action, nullptr);
}

bool was_interrupted() { return interrupted != 0; }

int tell_interrupted() {
  std::cerr << "reprise: interrupted; finished runs are kept, the same command goes on from there\n";
  return interrupted_exit;
}

}  // namespace reprise
