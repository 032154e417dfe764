// SPDX-License-Identifier: Apache-2.0
#include <fmt/core.h>

#include "harness/judge/compare/divergence_words.h"
#include "reports/marks.h"

namespace reprise {
namespace {

void add_pin_mark(const Diff& diff, std::vector<Mark>& marks) {
  std::size_t readings = 0, held = 0, unread = 0;
  for (const auto& trace : diff.traces) {
    readings += trace.pin_checks;
    held += trace.pins_held;
    unread += trace.pin_checks == 0 ? 1 : 0;
  }
  if (readings > 0 && held == readings)
    marks.push_back({Mood::good, fmt::format("pins held at {0} of {0} readings", readings)});
  // Only a script changes what was pinned: a native run fails by it.
  if (held < readings)
    marks.push_back(
        {Mood::neutral, fmt::format("the script has settings of its own, which stand below: {} of {} "
                                    "readings of the pins found them",
                                    readings - held, readings)});
  if (unread > 0)
    marks.push_back({Mood::bad, fmt::format("pins of {} were never read back", counted(unread, "run"))});
}

void add_pin_changes(const Diff& diff, std::vector<Mark>& marks) {
  std::map<std::string, std::size_t> said;
  for (const auto& trace : diff.traces)
    for (const auto& change : trace.pin_changes) ++said[to_sentence(change)];
  add_once(said, diff.traces.size(), marks);
}

// A GPU's tensors that were not digested in place: the digests hold all the same.
void add_digest_places(const Diff& diff, std::vector<Mark>& marks) {
  constexpr std::string_view on_cpu = "cpu: ";
  std::map<std::string, std::size_t> said;
  for (const auto& trace : diff.traces)
    if (const auto place = trace.facts.find("digest.device");
        place != trace.facts.end() && place->second.starts_with(on_cpu))
      ++said["digests of the GPU's tensors were made on the CPU, of copies: " +
             place->second.substr(on_cpu.size())];
  add_once(said, diff.traces.size(), marks);
}

}  // namespace

std::vector<Mark> pin_marks(const Diff& diff) {
  std::vector<Mark> marks;
  add_pin_mark(diff, marks);
  add_pin_changes(diff, marks);
  add_digest_places(diff, marks);
  return marks;
}

}  // namespace reprise
