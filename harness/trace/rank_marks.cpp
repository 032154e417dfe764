// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/rank_marks.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"

namespace reprise {
namespace {

constexpr std::string_view stands = "stands", waits = "waits ";

// All of one length, so that each rank writes in a place of its own.
std::string line_of(const RankMark& mark) {
  return fmt::format("{:012} {}\n", mark.step, mark.waits ? waits : stands);
}

std::string ranks_phrase(const std::vector<std::string>& ranks) {
  return (ranks.size() == 1 ? "rank " : "ranks ") + join(ranks, ", ");
}

}  // namespace

RankMarks::RankMarks(const std::filesystem::path& file, std::int64_t ranks)
    : file_(::open(file.c_str(), O_CREAT | O_TRUNC | O_WRONLY | O_CLOEXEC, 0644)) {
  if (file_ < 0) fail("cannot write {}: {}", file.string(), std::strerror(errno));
  for (std::int64_t rank = 0; rank < ranks; ++rank) write(rank, {});
}

RankMarks::~RankMarks() { ::close(file_); }

void RankMarks::write(std::int64_t rank, const RankMark& mark) const {
  const std::string line = line_of(mark);
  const auto size = static_cast<std::int64_t>(line.size());
  if (::pwrite(file_, line.data(), line.size(), rank * size) != size)
    fail("cannot write where rank {} stands: {}", rank, std::strerror(errno));
}

std::vector<RankMark> rank_marks_in(const std::filesystem::path& file) {
  if (!std::filesystem::is_regular_file(file)) return {};
  std::vector<RankMark> marks;
  for (const auto& line : split(std::string(trim(read_file(file, "where ranks stand"))), '\n')) {
    const auto step = to_integer(line.substr(0, line.find(' ')));
    if (!step) return {};
    marks.push_back({*step, line.find(trim(waits)) != line.npos});
  }
  return marks;
}

std::string sentence_of(const std::vector<RankMark>& marks) {
  if (marks.empty()) return "";
  std::vector<std::string> waiting, missing, steps;
  std::int64_t awaited = 0, missed = 0;
  for (std::size_t rank = 0; rank < marks.size(); ++rank) {
    const RankMark& mark = marks[rank];
    (mark.waits ? waiting : missing).push_back(std::to_string(rank));
    (mark.waits ? awaited : missed) = mark.step;
    steps.push_back(std::to_string(mark.step));
  }
  if (missing.empty())
    return fmt::format("all {} ranks were in the sum of step {}", marks.size(), awaited + 1);
  if (waiting.empty())
    return fmt::format("the last steps of its {} ranks were {}", marks.size(), join(steps, ", "));
  const std::string last = missing.size() == 1 ? fmt::format(" (its last step was {})", missed) : "";
  return fmt::format("{} did not come to the sum of step {}{}, for which {} waited", ranks_phrase(missing),
                     awaited + 1, last, ranks_phrase(waiting));
}

}  // namespace reprise
