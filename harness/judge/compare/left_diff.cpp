// SPDX-License-Identifier: Apache-2.0
#include "harness/judge/compare/left_diff.h"

#include <algorithm>
#include <map>

#include "harness/base/error.h"
#include "harness/judge/compare/plain_values.h"

namespace reprise {

std::string_view to_text(LeftResult result) {
  constexpr std::string_view words[] = {"equal", "other order", "differs", "alone", "not compared"};
  return words[static_cast<std::size_t>(result)];
}

namespace {

constexpr std::size_t most_values = 20;

void add_value(FileDiff& diff, ValueDifference value) {
  ++diff.differing;
  if (diff.values.size() < most_values) diff.values.push_back(std::move(value));
}

void compare_tensors(const LeftFile& a, const LeftFile& b, FileDiff& diff) {
  std::map<std::string, std::pair<const LeftTensor*, const LeftTensor*>> both;
  for (const auto& one : a.tensors) both[one.name].first = &one;
  for (const auto& one : b.tensors) both[one.name].second = &one;
  for (const auto& [name, pair] : both) {
    const auto [first, second] = pair;
    if (first != nullptr && second != nullptr && first->form == second->form &&
        first->digest == second->digest)
      continue;
    add_value(diff, {name, true, first != nullptr ? first->form : "", second != nullptr ? second->form : ""});
  }
}

void compare_values(const LeftFile& a, const LeftFile& b, FileDiff& diff) {
  CheckpointFile left, right;
  left.plain = a.plain;
  right.plain = b.plain;
  const PlainDiff found = compare_plain(left, right, {});
  for (const auto& one : found.differing) add_value(diff, {one.name, false, one.left, one.right});
  for (const auto& one : found.only_left) add_value(diff, {one.name, false, one.text, ""});
  for (const auto& one : found.only_right) add_value(diff, {one.name, false, "", one.text});
}

void compare_checkpoint(const LeftFile& a, const LeftFile& b, FileDiff& diff) {
  const bool in_trace = a.artifact && b.artifact;
  if (!in_trace) compare_tensors(a, b, diff);
  // What too many values hold is unknown on that side alone.
  const std::size_t unread = std::max(a.unread, b.unread);
  if (unread == 0 || !(a.plain.empty() || b.plain.empty())) compare_values(a, b, diff);
  if (diff.differing > 0) {
    diff.result = LeftResult::differs;
  } else if (unread > 0 && !in_trace) {
    diff.result = LeftResult::not_compared;
    diff.remark =
        fmt::format("no difference in {} tensors and {} values, but {} values in it could not be read",
                    a.tensors.size(), a.plain.size(), unread);
  }
}

void compare_lines(const LeftFile& a, const LeftFile& b, const LeftSide& first, const LeftSide& second,
                   FileDiff& diff) {
  diff.lines = compare_texts(first.text(a), second.text(b), first.several || second.several);
  if (!diff.lines->same()) {
    diff.result = LeftResult::differs;
  } else if (!diff.lines->whole) {
    diff.result = LeftResult::not_compared;
    diff.remark = "it has too many lines to compare them all";
  } else if (diff.lines->other_order) {
    diff.result = LeftResult::other_order;
  }
}

// Files whose bytes hold when they were written.
bool holds_its_time(const std::string& name) {
  const auto ends = {".gz", ".tgz", ".pdf", ".zip", ".tar", ".xlsx", ".docx", ".db", ".sqlite"};
  return name.find("tfevents") != std::string::npos ||
         std::ranges::any_of(ends, [&](std::string_view end) { return name.ends_with(end); });
}

void compare_bytes(const LeftFile& a, const LeftFile& b, FileDiff& diff) {
  for (const LeftFile* file : {&a, &b})
    if (diff.remark.empty()) diff.remark = file->remark;
  if (holds_its_time(a.name)) {
    diff.result = LeftResult::not_compared;
    diff.remark = "its bytes differ, and files of this kind may hold the time at which they were written";
    return;
  }
  diff.result = LeftResult::differs;
  diff.remark += std::string(diff.remark.empty() ? "" : ", so it ") + "was compared by its bytes alone";
}

FileDiff compare_file(const LeftFile& a, const LeftFile& b, const LeftSide& first, const LeftSide& second) {
  FileDiff diff{a.name, b.name};
  diff.bytes = {a.bytes, b.bytes};
  if (a.sha256.empty() || b.sha256.empty()) {
    diff.result = LeftResult::not_compared;
    diff.remark = a.sha256.empty() ? a.remark : b.remark;
  } else if (a.sha256 == b.sha256) {
    diff.remark = a.remark.empty() ? "" : a.remark + ", so it was compared by its bytes alone";
  } else if (!a.format.empty() && !b.format.empty()) {
    compare_checkpoint(a, b, diff);
  } else if (a.artifact && b.artifact) {
    return diff;
  } else if (!a.text.empty() && !b.text.empty()) {
    compare_lines(a, b, first, second, diff);
  } else {
    compare_bytes(a, b, diff);
  }
  return diff;
}

FileDiff only_one(const LeftFile& file, std::size_t side, const LeftSide& other) {
  FileDiff diff{file.name, file.name};
  diff.bytes[side] = file.bytes;
  diff.side = side;
  diff.result = LeftResult::not_compared;
  if (file.sha256.empty())
    diff.remark = file.remark;
  else if (other.record->beyond > 0)
    diff.remark = "the other run left too many files to look at them all";
  else if (other.found(file.name))
    diff.remark = "the other run found it there and did not write it";
  else
    diff.result = LeftResult::alone;
  return diff;
}

// A name without its digits: "events.0", "version_0/metrics.csv".
std::string without_digits(const std::string& name) {
  std::string text;
  for (const char c : name)
    if (c < '0' || c > '9')
      text += c;
    else if (!text.ends_with('#'))
      text += '#';
  return text;
}

using Files = std::vector<const LeftFile*>;

// The only one of its name without digits; null where there are several or none.
const LeftFile* twin_of(const LeftFile& file, const Files& mine, const Files& theirs) {
  const std::string wanted = without_digits(file.name);
  const auto same = [&](const LeftFile* one) { return without_digits(one->name) == wanted; };
  if (wanted == file.name || std::ranges::count_if(mine, same) != 1) return nullptr;
  return std::ranges::count_if(theirs, same) == 1 ? *std::ranges::find_if(theirs, same) : nullptr;
}

bool is_told_elsewhere(const FileDiff& diff, const LeftFile& file) {
  return file.artifact && diff.result != LeftResult::differs;
}

}  // namespace

std::vector<FileDiff> compare_left(const LeftSide& a, const LeftSide& b) {
  std::map<std::string, std::pair<const LeftFile*, const LeftFile*>> both;
  for (const auto& file : a.record->files) both[file.name].first = &file;
  for (const auto& file : b.record->files) both[file.name].second = &file;
  Files only_a, only_b;
  std::vector<FileDiff> found;
  for (const auto& [name, pair] : both) {
    if (pair.second == nullptr) only_a.push_back(pair.first);
    if (pair.first == nullptr) only_b.push_back(pair.second);
    if (pair.first == nullptr || pair.second == nullptr) continue;
    FileDiff diff = compare_file(*pair.first, *pair.second, a, b);
    if (!is_told_elsewhere(diff, *pair.first)) found.push_back(std::move(diff));
  }
  Files matched;
  for (const auto* file : only_a) {
    const LeftFile* twin = twin_of(*file, only_a, only_b);
    if (twin != nullptr) matched.push_back(twin);
    FileDiff diff = twin != nullptr ? compare_file(*file, *twin, a, b) : only_one(*file, 0, b);
    if (!file->artifact) found.push_back(std::move(diff));
  }
  for (const auto* file : only_b)
    if (std::ranges::find(matched, file) == matched.end() && !file->artifact)
      found.push_back(only_one(*file, 1, a));
  std::ranges::stable_sort(found, {}, &FileDiff::name);
  return found;
}

}  // namespace reprise
