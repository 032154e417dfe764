// SPDX-License-Identifier: Apache-2.0
#include "harness/cluster/slurm.h"

#include <algorithm>
#include <array>

#include "harness/base/error.h"
#include "harness/base/text.h"
#include "harness/cluster/tool.h"

namespace reprise {
namespace {

constexpr const char* need =
    "run this where sbatch works, or name another executor (`reprise list executors`)";

ToolAnswer ask(const std::vector<std::string>& words) { return ask_tool(words, need); }

// What sbatch says where the cluster has no such node, partition or device: no fault of the run.
constexpr std::array<std::string_view, 7> nothing_of_that_kind = {
    "Invalid feature specification",
    "invalid partition specified",
    "Invalid partition name specified",
    "Requested node configuration is not available",
    "Invalid generic resource (gres) specification",
    "Invalid Trackable RESource (TRES) specification",
    "More processors requested than permitted"};

std::string last_line(const std::string& text) {
  const auto lines = split(text, '\n');
  std::string line(trim(lines.back()));
  constexpr std::string_view mark = "sbatch: error: ";
  if (line.starts_with(mark)) line = line.substr(mark.size());
  return line;
}

std::string numbers(const std::vector<std::size_t>& tasks) {
  std::vector<std::string> parts;
  for (std::size_t i = 0; i < tasks.size();) {
    std::size_t last = i;
    while (last + 1 < tasks.size() && tasks[last + 1] == tasks[last] + 1) ++last;
    parts.push_back(last == i ? std::to_string(tasks[i]) : fmt::format("{}-{}", tasks[i], tasks[last]));
    i = last + 1;
  }
  return join(parts, ",");
}

bool cannot_reach(const std::string& text) {
  return text.find("Unable to contact slurm controller") != std::string::npos ||
         text.find("Socket timed out") != std::string::npos ||
         text.find("Zero Bytes were transmitted") != std::string::npos ||
         text.find("Slurm backup controller in standby") != std::string::npos ||
         text.find("gave no answer within") != std::string::npos ||
         text.find("Protocol authentication error") != std::string::npos ||
         text.find("Connection refused") != std::string::npos;
}

// Of jobs that left the queue; none where accounting is off.
std::map<std::string, JobState> accounted(const std::vector<std::string>& jobs) {
  const ToolAnswer answer = ask(
      {"sacct", "-X", "-n", "-P", "--array", "-o", "JobID,State,ExitCode,NodeList", "-j", join(jobs, ",")});
  return answer.good() ? states_from_sacct(answer.out) : std::map<std::string, JobState>();
}

}  // namespace

Submitted submit(const JobArray& array) {
  std::string tasks = numbers(array.tasks);
  if (array.at_once > 0) tasks += fmt::format("%{}", array.at_once);
  std::vector<std::string> words = {"sbatch",
                                    "--parsable",
                                    "--no-requeue",
                                    "--array=" + tasks,
                                    "--job-name=" + array.name,
                                    "--chdir=" + array.folder.string(),
                                    "--output=" + array.log.string()};
  for (const auto& [name, value] : array.options)
    words.push_back(value.empty() ? "--" + name : fmt::format("--{}={}", name, value));
  words.push_back(array.script.string());
  const ToolAnswer answer = ask(words);
  if (answer.good()) return {std::string(trim(answer.out.substr(0, answer.out.find(';')))), ""};
  const std::string sentence = last_line(answer.err);
  for (const auto& known : nothing_of_that_kind)
    if (answer.err.find(known) != std::string::npos) return {"", sentence};
  fail("Slurm did not take the jobs ({}): {}", shell_text(words),
       cannot_reach(answer.err) ? sentence + "; try again when it answers (`sinfo`)" : sentence);
}

std::size_t most_tasks() {
  const ToolAnswer answer = ask({"scontrol", "show", "config"});
  for (const auto& line : split(answer.out, '\n'))
    if (line.starts_with("MaxArraySize"))
      if (const auto size = to_integer(trim(line.substr(line.find('=') + 1))); size && *size > 1)
        return static_cast<std::size_t>(*size - 1);
  return 1000;
}

std::optional<std::string> find_job(const std::string& name) {
  const ToolAnswer answer = ask({"squeue", "-h", "-t", "all", "-o", "%F", "--name=" + name});
  if (!answer.good()) fail("cannot ask Slurm for the job {}: {}", name, last_line(answer.err));
  const std::string first(trim(answer.out.substr(0, answer.out.find('\n'))));
  if (first.empty()) return std::nullopt;
  return first;
}

Queue states_of(const std::vector<std::string>& jobs) {
  Queue queue;
  if (jobs.empty()) return queue;
  std::vector<std::string> gone;
  for (const auto& job : jobs) {
    // One by one: squeue answers nothing at all if one of several is known no more.
    const ToolAnswer answer = ask({"squeue", "-h", "-r", "-t", "all", "-o", "%i|%T|%r|%N", "-j", job});
    if (answer.good()) {
      auto states = states_from_squeue(answer.out);
      if (states.empty()) gone.push_back(job);
      queue.states.merge(states);
    } else if (answer.err.find("Invalid job id") != std::string::npos) {
      gone.push_back(job);
    } else {
      queue.trouble = last_line(answer.err);
      return queue;
    }
  }
  if (!gone.empty()) {
    auto states = accounted(gone);
    queue.states.merge(states);
  }
  return queue;
}

std::string cancel(const std::vector<std::string>& jobs) {
  if (jobs.empty()) return "";
  std::vector<std::string> words = {"scancel"};
  words.insert(words.end(), jobs.begin(), jobs.end());
  const ToolAnswer answer = ask(words);
  return answer.good() ? "" : last_line(answer.err);
}

}  // namespace reprise
