// SPDX-License-Identifier: Apache-2.0
#pragma once
// A system that starts jobs and that reprise does not talk to: job files are written for it instead, beside a
// batch of plans. One file in harness/cluster/engines is one such system (`reprise plan --emit NAME`).
#include <string>
#include <vector>

#include "harness/base/shelf.h"
#include "harness/cluster/site.h"

namespace reprise {

struct EmittedLeg {
  std::string name;  // the configuration's
  std::string kind;  // of machine; "": any
};

struct Emission {
  std::string recipe;
  std::string folder;            // the batch, as the machines see it: "plans/nightly"
  std::string image;             // of containers
  std::vector<EmittedLeg> legs;  // the place in the list is the leg's number
  Site site;
};

struct EmittedFile {
  std::string name, text;
};

struct Engine {
  const char* summary;  // one line for people
  const char* next;     // what to do with the files, one sentence
  // An Error for what the system cannot do. Text depends on the emission alone.
  std::vector<EmittedFile> (*emit)(const Emission& emission);
};

Shelf<Engine> engines_shelf();

// Kind -> the legs for it, in order.
std::vector<std::pair<std::string, std::vector<std::size_t>>> legs_by_kind(const Emission& emission);
// A text as YAML and JSON have it, in quotes.
std::string yaml_text(const std::string& text);
std::string yaml_texts(const std::vector<std::string>& texts);
// "h100" as a name of jobs: lower-case letters, digits and '-'.
std::string job_word(const std::string& text);

}  // namespace reprise
