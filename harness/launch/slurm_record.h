// SPDX-License-Identifier: Apache-2.0
#pragma once
// What is noted of runs that were handed to Slurm, so that a launch whose submitter died is found again:
// RUNS/<plan id>/<repeat>.slurm names the batch and the leg, and is written before sbatch is asked;
// RUNS/slurm/<batch>/job holds the array's number, written when sbatch has told it.
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>

namespace reprise {

struct SlurmRecord {
  std::string batch;
  std::size_t leg = 0;
};

// `run`: the run's folder, beside which the record lies.
void write_record(const std::filesystem::path& run, const SlurmRecord& record);
// Nothing if there is none, or it was damaged.
std::optional<SlurmRecord> record_of(const std::filesystem::path& run);
void remove_record(const std::filesystem::path& run);

std::filesystem::path batch_folder(const std::filesystem::path& runs, const std::string& batch);
// The name of its array, by which Slurm finds it.
std::string array_name(const std::string& batch);
void write_job(const std::filesystem::path& batch, const std::string& job);
// "" if it is not noted.
std::string job_of(const std::filesystem::path& batch);

}  // namespace reprise
