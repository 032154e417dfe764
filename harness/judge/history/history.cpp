// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/history/history.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <map>
#include <tuple>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"

namespace reprise {

namespace fs = std::filesystem;

std::uint32_t Texts::number_of(std::string_view text) {
  const auto [found, is_new] =
      numbers_.try_emplace(std::string(text), static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(&found->first);
  return found->second;
}

fs::path history_file(const fs::path& folder, std::string_view machine) {
  return folder / fmt::format("history-{}.jsonl", machine);
}

namespace {

class HistoryReading {
 public:
  void read(const fs::path& file) {
    std::ifstream in(file, std::ios::binary);
    if (!in) fail("cannot read the history {}: {}", file.string(), ::strerror(errno));
    std::vector<std::size_t> damaged;
    std::size_t number = 0;
    for (std::string line; std::getline(in, line);) {
      ++number;
      if (trim(line).empty()) continue;
      if (auto row = row_from_line(line))
        take(*row);
      else
        damaged.push_back(number);
    }
    if (!damaged.empty()) tell_damage(file, damaged, number);
  }

  History finish() {
    for (auto& series : history_.series) tidy(series);
    std::ranges::stable_sort(history_.series, {}, [](const NightSeries& one) {
      return std::tie(one.machine, one.matrix, one.recipe);
    });
    return std::move(history_);
  }

 private:
  using Key = std::tuple<std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t>;

  void take(const HistoryRow& row) {
    auto& texts = history_.texts;
    const auto number = [&](const std::string& text) { return texts.number_of(text); };
    const Key key{number(row.machine), number(row.matrix), number(row.recipe), number(row.run)};
    const auto [found, is_new] = places_.try_emplace(key, history_.series.size());
    if (is_new) history_.series.push_back({row.machine, row.matrix, row.recipe, row.run, {}});
    NightEntry entry;
    entry.night = row.night;
    entry.found = row.found;
    entry.date = number(row.date);
    entry.environment = number(row.environment);
    entry.hardware = number(row.hardware);
    entry.plan = number(row.plan);
    entry.chain = number(row.chain);
    entry.metric = number(row.metric);
    entry.facts = number(row.facts);
    entry.changed = number(join(row.changed, "\n"));
    entry.sentence = number(row.sentence);
    entry.operation = number(row.operation);
    entry.report = number(row.report);
    if (row.value) entry.value = *row.value;
    history_.series[found->second].entries.push_back(entry);
    ++history_.rows;
  }

  void tell_damage(const fs::path& file, const std::vector<std::size_t>& damaged, std::size_t last) {
    std::vector<std::string> numbers;
    for (std::size_t i = 0; i < std::min<std::size_t>(damaged.size(), 5); ++i)
      numbers.push_back(std::to_string(damaged[i]));
    if (damaged.size() > numbers.size()) numbers.push_back("...");
    std::string sentence =
        fmt::format("{}: {} left out, since {} no whole row of {}: line {}", file.filename().string(),
                    damaged.size() == 1 ? "one line was" : fmt::format("{} lines were", damaged.size()),
                    damaged.size() == 1 ? "it is" : "they are", history_format, join(numbers, ", "));
    if (damaged.back() == last) sentence += "; the last line was cut short, as by a machine that went off";
    history_.damage.push_back(sentence + ". The file was not changed.");
  }

  // By night; of several rows of one night the last that was written.
  static void tidy(NightSeries& series) {
    auto& entries = series.entries;
    std::ranges::stable_sort(entries, {}, &NightEntry::night);
    std::size_t kept = 0;
    for (std::size_t i = 0; i < entries.size(); ++i) {
      if (i + 1 < entries.size() && entries[i + 1].night == entries[i].night) continue;
      entries[kept++] = entries[i];
    }
    entries.resize(kept);
  }

  History history_;
  std::map<Key, std::size_t> places_;
};

// Closed when left, however it is left.
class OpenFile {
 public:
  explicit OpenFile(const fs::path& path) : path_(path) {
    file_ = ::open(path.c_str(), O_RDWR | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file_ < 0) fail("cannot write the history {}: {}", path.string(), ::strerror(errno));
  }
  OpenFile(const OpenFile&) = delete;
  ~OpenFile() { ::close(file_); }

  void append(std::string text) const {
    struct stat before {};
    ::fstat(file_, &before);
    char last = '\n';
    if (before.st_size > 0 && ::pread(file_, &last, 1, before.st_size - 1) == 1 && last != '\n')
      text.insert(text.begin(), '\n');
    std::size_t done = 0;
    while (done < text.size()) {
      const auto count = ::write(file_, text.data() + done, text.size() - done);
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) give_back(before.st_size);
      done += static_cast<std::size_t>(count);
    }
    if (::fsync(file_) != 0) give_back(before.st_size);
  }

 private:
  [[noreturn]] void give_back(off_t size) const {
    const int why = errno;
    const bool cut = ::ftruncate(file_, size) == 0;
    fail(
        "cannot write the history {}: {}; {}. Make room and run the same command again: finished runs are "
        "kept",
        path_.string(), ::strerror(why),
        cut ? "nothing of this night's rows was left in it" : "its last line may be cut short");
  }

  fs::path path_;
  int file_ = -1;
};

}  // namespace

History read_history(const fs::path& folder) {
  HistoryReading reading;
  for (const auto& file : list_folder(folder))
    if (file.filename().string().starts_with("history") && file.extension() == ".jsonl") reading.read(file);
  return reading.finish();
}

void append_rows(const fs::path& folder, std::string_view machine, std::span<const HistoryRow> rows) {
  if (rows.empty()) return;
  std::string text;
  for (const auto& row : rows) text += to_line(row) + "\n";
  make_folder(folder);
  OpenFile(history_file(folder, machine)).append(std::move(text));
}

std::vector<BitsMoved> moves_of(const NightSeries& series) {
  std::vector<BitsMoved> moves;
  const auto& entries = series.entries;
  std::size_t before = entries.size();
  for (std::size_t i = 0; i < entries.size(); ++i) {
    if (entries[i].chain == 0) continue;
    if (before < entries.size() && entries[before].chain != entries[i].chain) moves.push_back({i, before});
    before = i;
  }
  return moves;
}

}  // namespace reprise
