// SPDX-License-Identifier: Apache-2.0
#pragma once
// Where each rank of a native run stands, in a file of the run's folder that is written while it goes on: of
// ranks that wait for one that does not come, the traces tell the same step.
#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

namespace reprise {

inline constexpr const char* rank_marks_name = "ranks.txt";

struct RankMark {
  std::int64_t step = 0;  // that the rank made last
  bool waits = false;     // for the other ranks, in a sum over all of them
  bool operator==(const RankMark&) const = default;
};

// A line per rank, each written in its place by the rank itself.
class RankMarks {
 public:
  // Makes the file anew, all ranks at step 0. An Error if it cannot be written.
  RankMarks(const std::filesystem::path& file, std::int64_t ranks);
  RankMarks(const RankMarks&) = delete;
  RankMarks& operator=(const RankMarks&) = delete;
  ~RankMarks();
  void write(std::int64_t rank, const RankMark& mark) const;

 private:
  int file_ = -1;
};

// None if there is no such file, or it is not one of these.
std::vector<RankMark> rank_marks_in(const std::filesystem::path& file);

// Whom the others wait for: "rank 1 did not come to the sum of step 3 (its last step was 2), for which rank 0
// waited"; where all wait or none does, "all 2 ranks were in the sum of step 3", "the last steps of its 2
// ranks were 3, 2". "" for no marks.
std::string sentence_of(const std::vector<RankMark>& marks);

}  // namespace reprise
