// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/beside.h"

#include <algorithm>
#include <fstream>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/left/kept_beside.h"
#include "harness/lines/text_lines.h"
#include "harness/trace/files_seen.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t most_pairs = 40;

// Up to a byte more than is compared, so that it is seen that there is more.
std::string front_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  std::error_code error;
  const auto size = fs::file_size(path, error);
  std::string text(std::min<std::uint64_t>(error ? 0 : size, most_text_bytes + 1), '\0');
  in.read(text.data(), static_cast<std::streamsize>(text.size()));
  text.resize(static_cast<std::size_t>(in.gcount()));
  return text;
}

// Whether a file that the run did not write was there for it, as far as was seen.
bool was_found(const fs::path& run, const std::string& name) {
  const FilesSeen seen = files_seen(run);
  if (!seen.start) return false;
  if (seen.start->files.contains(name)) return true;
  const fs::path path = name.starts_with('/') ? fs::path(name) : fs::path(seen.start->folder) / name;
  const auto found = seen.paths.find(path.string());
  return found != seen.paths.end() && found->second.read_first() && !found->second.at_first.absent;
}

bool same_content(const fs::path& a, const fs::path& b) {
  try {
    return fs::file_size(a) == fs::file_size(b) && sha256_file(a) == sha256_file(b);
  } catch (const std::exception&) {
    return false;
  }
}

std::string no_longer(const fs::path& path) {
  return path.string() + " is not what it was when the run ended; --again makes the run anew";
}

void compare_printed(const fs::path& run_a, const fs::path& run_b, bool several, BesidePair& pair) {
  const fs::path a = run_a / "log.txt", b = run_b / "log.txt";
  if (!fs::is_regular_file(a) || !fs::is_regular_file(b)) {
    pair.printed_reason = "what they printed was not compared: log.txt is not there";
    return;
  }
  for (const auto& run : {run_a, run_b})
    if (beside_state(run, "log.txt") == BesideState::changed) {
      pair.printed_reason = "what they printed was not compared: " + no_longer(run / "log.txt");
      return;
    }
  pair.printed = compare_texts(front_of(a), front_of(b), several);
  if (pair.printed->whole) return;
  if (same_content(a, b))
    pair.printed->whole = true;
  else if (pair.printed->same())
    pair.printed_reason = "what they printed was compared in its first 32 MiB and million lines alone";
}

// What of the record, or of the texts that were copied, is not as the run left it; "" if all is.
std::string changed_since(const fs::path& run, const std::optional<LeftRecord>& record) {
  if (beside_state(run, "left.json") == BesideState::changed) return no_longer(run / "left.json");
  if (record)
    for (const auto& file : record->files)
      if (!file.text.empty() && !is_copy(run, file)) return no_longer(run / file.text);
  return "";
}

LeftSide side_of(const fs::path& run, const LeftRecord& record, bool several) {
  return {&record, [run](const LeftFile& file) { return front_of(run / file.text); },
          [run](const std::string& name) { return was_found(run, name); }, several};
}

void compare_files(const fs::path& run_a, const fs::path& run_b, bool several, BesidePair& pair) {
  const auto a = left_record(run_a), b = left_record(run_b);
  for (const auto& changed : {changed_since(run_a, a), changed_since(run_b, b)})
    if (!changed.empty()) {
      pair.files_reason = "what they left was not compared: " + changed;
      return;
    }
  if (!a || !b) {
    pair.files_reason =
        "what they left was not compared: no record of it was made (by an older reprise, in a run whose "
        "operators were traced, or the command could not be watched); run it again with --again";
    return;
  }
  pair.files = compare_left(side_of(run_a, *a, several), side_of(run_b, *b, several));
  if (const std::size_t beyond = std::max(a->beyond, b->beyond); beyond > 0)
    pair.files_reason = fmt::format("{} files that they left were too many to compare", beyond);
}

// It printed and left a part of what it would have.
bool is_cut_short(const NamedTrace& named) {
  const Watch& watch = named.trace.plan().watch;
  return watch.until > 0 || watch.from > 0 || watch.injected;
}

fs::path folder_of(const NamedTrace& named) { return named.trace.path().parent_path(); }

}  // namespace

LeftResult BesidePair::printed_result() const {
  if (!printed) return LeftResult::not_compared;
  if (!printed->same()) return LeftResult::differs;
  if (!printed->whole) return LeftResult::not_compared;
  return printed->other_order ? LeftResult::other_order : LeftResult::equal;
}

bool BesidePair::differs() const {
  const auto parts = [](const FileDiff& file) {
    return file.result == LeftResult::differs || file.result == LeftResult::alone;
  };
  return printed_result() == LeftResult::differs || std::ranges::any_of(files, parts);
}

bool BesidePair::open() const {
  const auto untold = [](const FileDiff& file) { return file.result == LeftResult::not_compared; };
  return printed_result() == LeftResult::not_compared || !files_reason.empty() ||
         std::ranges::any_of(files, untold);
}

BesidePair compare_beside(const fs::path& run_a, const fs::path& run_b, bool several) {
  BesidePair pair;
  compare_printed(run_a, run_b, several, pair);
  compare_files(run_a, run_b, several, pair);
  return pair;
}

std::optional<Beside> compare_beside(const Diff& diff, const std::vector<NamedTrace>& traces) {
  if (traces.size() < 2 || !traces.front().trace.plan().command) return std::nullopt;
  if (std::ranges::any_of(traces, is_cut_short)) return std::nullopt;
  Beside beside;
  const auto add = [&](std::size_t a, std::size_t b, bool same_class) {
    if (beside.pairs.size() == most_pairs) {
      ++beside.pairs_left_out;
      return;
    }
    const bool several = std::max(diff.traces[a].processes.size(), diff.traces[b].processes.size()) > 1;
    BesidePair pair = compare_beside(folder_of(traces[a]), folder_of(traces[b]), several);
    pair.a = a;
    pair.b = b;
    pair.same_class = same_class;
    beside.pairs.push_back(std::move(pair));
  };
  for (const auto& one : diff.classes)
    for (std::size_t i = 1; i < one.members.size(); ++i) add(one.members[0], one.members[i], true);
  for (std::size_t i = 1; i < diff.classes.size(); ++i)
    add(diff.classes[0].members[0], diff.classes[i].members[0], false);
  return beside;
}

}  // namespace reprise
