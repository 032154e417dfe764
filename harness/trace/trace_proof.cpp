// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/trace_proof.h"

#include <sys/stat.h>

#include <algorithm>
#include <chrono>
#include <cstring>
#include <map>
#include <mutex>

#include "harness/base/error.h"
#include "harness/plan/plan_text.h"
#include "harness/tables/file_seal.h"
#include "harness/tensor/broken.h"
#include "harness/tensor/own_process.h"
#include "harness/trace/read_proof.h"

namespace reprise {
namespace {

constexpr std::uint64_t bytes_of_block = std::uint64_t{4} << 20;

void prove_plan(const Trace::File& file) {
  const PlanNames names = names_of_plan_text(file.plan_text);
  if (file.text("/meta/plan_id") != names.plan_id)
    throw h5::Trouble("/meta/plan_id is not the digest of /meta/plan");
  if (file.text("/meta/recipe_id") != names.recipe_id)
    throw h5::Trouble("/meta/recipe_id is not the digest of what /meta/plan says of the recipe");
}

// Readings of what is no pin of the plan could be compared with nothing.
void prove_pins(const Trace::File& file) {
  const auto extent = h5::Dataset::open(file.file.id(), "/pins/name", h5::Element::text, 1).extent();
  for (const auto& name : file.texts("/pins/name", extent))
    if (!file.plan.pins.contains(name))
      throw h5::Trouble(fmt::format("/pins/name holds '{}', which is no pin of its plan", name));
}

// No run makes more steps than its plan has. A finished one has committed all it wrote, and came to the end.
void prove_end(const Trace::File& file) {
  const std::int64_t last = file.begin + static_cast<std::int64_t>(file.committed) - 1;
  if (!file.plan.command && last > last_step_of(file.plan))
    throw h5::Trouble(
        fmt::format("it has {} steps, more than the {} of its plan", last, last_step_of(file.plan)));
  if (!file.finished) return;
  for (const h5::Dataset* rows :
       {&file.root, &file.chain, &file.stage, &file.digest, &file.loss, &file.order})
    if (rows->extent()[0] != file.committed)
      throw h5::Trouble("/committed says less than the rows of a finished run");
  if (!file.plan.command && last != last_step_of(file.plan))
    throw h5::Trouble(fmt::format("/finished says that it ended, but it has {} of the {} steps of its plan",
                                  last, last_step_of(file.plan)));
}

std::uint64_t rows_of_block(const Trace::File& file) {
  const std::uint64_t row_bytes = 16 * (file.columns.size() + file.stages + 3) + 8 * file.order.extent()[1];
  return std::max<std::uint64_t>(1, bytes_of_block / row_bytes);
}

// Reads `most` rows at once. `proven` is raised with each row that fits, whatever becomes of the next.
void prove_rows(const Trace::File& file, std::uint64_t most, std::uint64_t& proven) {
  ReadProof proof(file);
  for (std::uint64_t first = 0; first < file.committed; first += most)
    proof.rows(first, std::min(most, file.committed - first), proven);
}

// Where in the file the chunks of the rows lie is all of them that HDF5 has to make sense of.
void look_where_the_rows_lie(const Trace::File& file) {
  for (const h5::Dataset* rows :
       {&file.root, &file.chain, &file.stage, &file.digest, &file.loss, &file.order})
    rows->chunks();
}

void prove_seal(const Trace::File& file) {
  if (const auto seal = stored_seal(file.file, file_seal_name); seal && *seal != file_seal(file.file))
    throw h5::Trouble(
        "what is not in its chain (plan, facts, metrics, pins, leaves, calls) does not fit /seal");
  if (const auto seal = stored_seal(file.file, artifacts_seal_name);
      seal && *seal != artifacts_seal(file.file))
    throw h5::Trouble("what the run left does not fit /artifacts/seal");
}

// Files that this process has proven, as they then were.
struct Proven {
  std::mutex lock;
  std::map<std::string, Reading> marks;
};

Proven& proven() {
  static Proven here;
  return here;
}

}  // namespace

std::string file_mark(const std::filesystem::path& path) {
  struct stat s {};
  if (::stat(path.c_str(), &s) != 0) return "";
  return fmt::format("{} {} {} {}.{}", s.st_dev, s.st_ino, s.st_size, s.st_mtim.tv_sec, s.st_mtim.tv_nsec);
}

bool is_proven(const std::filesystem::path& path, Reading how) {
  const std::string mark = file_mark(path);
  const std::lock_guard guard(proven().lock);
  const auto known = proven().marks.find(mark);
  return known != proven().marks.end() && known->second == how;
}

void keep_as_proven(const std::string& mark, Reading how) {
  const std::lock_guard guard(proven().lock);
  if (!mark.empty()) proven().marks.insert_or_assign(mark, how);
}

void fail_as_no_evidence(const std::filesystem::path& path, const h5::Trouble& trouble) {
  fail("the trace {} is not evidence: {}; it was damaged or changed after it was made, so run it again",
       path.string(), trouble.what());
}

void prove(const Trace::File& file, Reading how) {
  const std::uint64_t before = file.bytes_read;
  try {
    std::uint64_t proven = 0;
    prove_plan(file);
    prove_pins(file);
    prove_end(file);
    if (how == Reading::proven) prove_rows(file, rows_of_block(file), proven);
    if (how == Reading::proven_as_read) look_where_the_rows_lie(file);
    prove_seal(file);
  } catch (const h5::Trouble& trouble) {
    fail_as_no_evidence(file.path, trouble);
  }
  file.bytes_read = before;  // what is read to answer a question is counted apart
}

namespace {

constexpr std::chrono::seconds least_time{60};
constexpr std::uint64_t slowest = 1'000'000;  // bytes a second
constexpr const char *sound = "sound", *sound_and_ended = "sound, and ended", *sound_up_to = "sound up to ";

// What no seal covers is read too, so that nothing of the file is new to the process that asked.
void look_at_the_rest(const Trace::File& file) {
  for (const auto seal_of : {file_seal, artifacts_seal}) {
    try {
      seal_of(file.file);
    } catch (const h5::Trouble&) {
      // Whoever needs that part says what is wrong with it.
    }
  }
}

// One by one, so that a block of which HDF5 cannot read a part costs no row before it.
std::uint64_t rows_that_prove(const Trace::File& file) {
  std::uint64_t proven = 0;
  try {
    prove_rows(file, 1, proven);
  } catch (const Error&) {
    // The row after them says nothing.
  }
  return proven;
}

// What is left of the trace of a run that did not end where not all of it proves itself.
std::string look_at_less(TraceContent content, const Trace::File& all, const Error& trouble) {
  content.rows_alone = true;
  content.rows = rows_that_prove(all);
  if (content.rows == 0 || all.finished || stored_seal(all.file, file_seal_name)) throw trouble;
  prove(Trace::File(content));
  return fmt::format("{}{}\n{}", sound_up_to, content.rows, trouble.what());
}

// "sound", with more behind it for a finished trace, or one of which not all is; else the sentence of the
// refusal.
std::string look(const TraceContent& content, Reading how) {
  const std::filesystem::path& path = content.path;
  try {
    const Trace::File file(content);
    try {
      if (how != Reading::as_it_stands) prove(file, how);
    } catch (const Error& trouble) {
      return look_at_less(content, file, trouble);
    }
    if (how == Reading::as_it_stands || !stored_seal(file.file, file_seal_name)) look_at_the_rest(file);
    return file.finished ? sound_and_ended : sound;
  } catch (const h5::Trouble& trouble) {
    return fmt::format("cannot read the trace {}: {}; it is damaged, so run it again", path.string(),
                       trouble.what());
  } catch (const Error& error) {
    return error.what();
  }
}

}  // namespace

std::chrono::seconds proof_limit(const std::filesystem::path& path) {
  return least_time +
         std::chrono::seconds(static_cast<std::int64_t>(std::filesystem::file_size(path) / slowest));
}

bool proves(const std::filesystem::path& path, Reading how) {
  return look({path, path, nullptr, false, UINT64_MAX, false, ""}, how) == sound_and_ended;
}

void prove_apart(TraceContent& content, Reading how) {
  if (is_proven(content.file)) return;
  if (how == Reading::proven && is_proven(content.file, Reading::proven_as_read)) {
    content.prove_as_read = true;
    return;
  }
  const std::string as_it_was = file_mark(content.file);  // one that changes meanwhile has another mark
  std::string said;
  try {
    said = in_own_process([&] { return look(content, how); }, proof_limit(content.file));
  } catch (const Broken& trouble) {
    fail("cannot read the trace {}: {}; run it again", content.path.string(), trouble.what());
  }
  if (!said.starts_with(sound)) throw Error(said);
  if (said.starts_with(sound_up_to)) {
    content.rows_alone = true;
    content.rows = std::stoull(said.substr(std::strlen(sound_up_to)));
    content.why_no_more = said.substr(said.find('\n') + 1);
  }
  if (how == Reading::proven && said == sound_and_ended) keep_as_proven(as_it_was);
}

}  // namespace reprise
