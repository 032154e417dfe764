// SPDX-License-Identifier: Apache-2.0
#pragma once
// How far a release publishes one thing, as its source says. Where no source says anything the answer is
// `unsaid`, which is neither yes nor no: a card never claims what no source says.
#include <span>
#include <string>

#include "harness/base/words.h"

namespace reprise {

enum class Published { yes, partly, no, unsaid };
std::span<const Word<Published>> words_of(Published published);  // yes, partly, no, no source

// What a card discloses of one thing. All but `unsaid` have a source.
struct Disclosure {
  Published published = Published::unsaid;
  std::string source, note;
};

}  // namespace reprise
