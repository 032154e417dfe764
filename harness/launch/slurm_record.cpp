// SPDX-License-Identifier: Apache-2.0
#include "harness/launch/slurm_record.h"

#include "harness/base/error.h"
#include "harness/base/files.h"
#include "harness/base/text.h"
#include "harness/base/toml.h"

namespace reprise {
namespace {

namespace fs = std::filesystem;

fs::path record_file(const fs::path& run) { return run.parent_path() / (run.filename().string() + ".slurm"); }

}  // namespace

void write_record(const fs::path& run, const SlurmRecord& record) {
  make_folder(run.parent_path());
  write_atomically(record_file(run),
                   fmt::format("batch = {}\nleg = {}\n", quoted_text(record.batch), record.leg));
}

std::optional<SlurmRecord> record_of(const fs::path& run) {
  const fs::path file = record_file(run);
  if (!fs::is_regular_file(file)) return std::nullopt;
  try {
    auto table = TomlTable::parse(read_file(file, "record"), file.string());
    SlurmRecord record{table.text("batch"), 0};
    const auto leg = table.integer("leg");
    if (leg < 0 || record.batch.find('/') != std::string::npos) return std::nullopt;
    record.leg = static_cast<std::size_t>(leg);
    return record;
  } catch (const Error&) {
    return std::nullopt;  // it is handed in again
  }
}

void remove_record(const fs::path& run) {
  std::error_code ignored;
  fs::remove(record_file(run), ignored);
}

fs::path batch_folder(const fs::path& runs, const std::string& batch) {
  return fs::absolute(runs) / "slurm" / batch;
}

std::string array_name(const std::string& batch) { return "reprise-" + batch; }

void write_job(const fs::path& batch, const std::string& job) { write_atomically(batch / "job", job + "\n"); }

std::string job_of(const fs::path& batch) {
  if (!fs::is_regular_file(batch / "job")) return "";
  return std::string(trim(read_file(batch / "job", "number of the job")));
}

}  // namespace reprise
