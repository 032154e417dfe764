// SPDX-License-Identifier: Apache-2.0
#pragma once
// SIGINT and SIGTERM, turned into a question that loops ask: children are ended, finished runs are kept, exit
// 130.

namespace reprise {

inline constexpr int interrupted_exit = 130;

void watch_for_interrupt();  // from now on
bool was_interrupted();
// Says on standard error that the same command goes on from there, and gives the exit code.
int tell_interrupted();

}  // namespace reprise
