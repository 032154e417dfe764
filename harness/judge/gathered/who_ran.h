// SPDX-License-Identifier: Apache-2.0
#pragma once
// Which runs were made by the same machine with the same software, told from what each trace says of who ran,
// and by no folder's or host's name. A card is part of who ran: two cards of one machine are two.
#include <cstddef>
#include <string>
#include <vector>

#include "harness/trace/trace.h"

namespace reprise {

struct Machines {
  // "AMD EPYC 7B13, LibTorch 2.11.0"; where two would be called alike, with the first facts that tell them
  // apart: "... (kernel 6.1.0-18)". In the order in which they first ran.
  std::vector<std::string> names;
  std::vector<std::size_t> of_run;  // per run, an index of names
};

// Two runs are of one machine if no fact that both have differs, leaving out what follows from a plan or a
// script (threads, environment variables, chosen instruction set, modules).
Machines machines_of(const std::vector<Facts>& runs);

}  // namespace reprise
