// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/events_file.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fstream>
#include <iostream>
#include <nlohmann/json.hpp>

#include "harness/base/error.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* schema = "reprise.events/1";

// A file that somebody named by mistake is worth more than events.
void refuse_other_content(const std::filesystem::path& path) {
  if (!std::filesystem::is_regular_file(path) || std::filesystem::file_size(path) == 0) return;
  std::ifstream in(path, std::ios::binary);
  std::string first(256, '\0');
  in.read(first.data(), static_cast<std::streamsize>(first.size()));
  if (first.find(schema) == std::string::npos)
    fail("wanted a new file, or one of events, after --events, found {} with something else in it",
         path.string());
}

// A reader of a pipe that goes away ends no training. A handler, since children would inherit "ignored".
void outlive_readers() {
  struct sigaction action {};
  action.sa_handler = [](int) {};
  sigemptyset(&action.sa_mask);
  action.sa_flags = SA_RESTART;
  sigaction(SIGPIPE, &action, nullptr);
}

bool is_written_down(LaunchTold told) { return told != LaunchTold::time_passed; }

void add_run(const LaunchEvent& event, Json& line) {
  line["run"] = event.name;
  line["number"] = event.run + 1;
  line["folder"] = event.folder.string();
  if (event.told == LaunchTold::step || event.told == LaunchTold::checkpoint) {
    line["step"] = event.step;
    line["steps"] = event.steps;
  }
  if (event.told == LaunchTold::checkpoint)
    line["loss"] = event.loss;  // one that is not a number becomes null
  if (event.told == LaunchTold::ended || event.told == LaunchTold::reused) {
    line["ending"] = to_text(event.outcome.ending);
    line["took"] = event.outcome.seconds;
    if (!event.outcome.reason.empty()) line["reason"] = event.outcome.reason;
  }
  if (!event.text.empty()) line["text"] = event.text;
}

}  // namespace

EventsFile::EventsFile(const std::filesystem::path& path, Moment now) : path_(path.string()), opened_(now) {
  refuse_other_content(path);
  descriptor_ = ::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
  if (descriptor_ < 0)
    fail("cannot write events to {}: {}; name another file after --events", path_, std::strerror(errno));
  outlive_readers();
}

EventsFile::~EventsFile() {
  if (descriptor_ >= 0) ::close(descriptor_);
}

void EventsFile::write(Json line, Moment at) {
  if (descriptor_ < 0) return;
  line["seconds"] = std::chrono::duration<double>(at - opened_).count();
  const std::string text = line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
  std::size_t done = 0;
  while (done < text.size()) {
    const auto wrote = ::write(descriptor_, text.data() + done, text.size() - done);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote < 0) {
      std::cerr << "reprise: no more events in " << path_ << ": " << std::strerror(errno) << '\n';
      ::close(descriptor_);
      descriptor_ = -1;
      return;
    }
    done += static_cast<std::size_t>(wrote);
  }
}

void EventsFile::take(const LaunchEvent& event) {
  if (!is_written_down(event.told)) return;
  Json line = {{"schema", schema}, {"event", to_text(event.told)}};
  if (event.told == LaunchTold::planned) {
    line["cores"] = event.cores;
    line["runs"] = Json::array();
    for (const auto& run : event.planned) {
      line["runs"].push_back({{"run", run.name}, {"cores", run.cores}});
      if (run.steps > 0) line["runs"].back()["steps"] = run.steps;
    }
  } else {
    add_run(event, line);
  }
  write(std::move(line), event.at);
}

void EventsFile::verdict(int exit_code, const std::string& sentence,
                         const std::vector<std::filesystem::path>& files, Moment now) {
  Json line = {{"schema", schema}, {"event", "verdict"}, {"exit_code", exit_code}, {"sentence", sentence}};
  line["files"] = Json::array();
  for (const auto& file : files) line["files"].push_back(file.string());
  write(std::move(line), now);
}

}  // namespace reprise
