// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/progress_lines.h"

#include <fmt/format.h>

#include "harness/base/utf8.h"

namespace reprise {
namespace {

constexpr std::chrono::milliseconds between_drawings{200};
constexpr std::chrono::seconds between_times{30};
constexpr std::string_view wipe = "\r\x1b[K", dots = "...";

std::string time_words(const std::optional<double>& seconds) {
  return seconds ? fmt::format("about {} left", duration_words(*seconds)) : "";
}

std::string with_parts(const std::string& count, const std::string& name, const std::string& about,
                       const std::string& time) {
  std::string words = count;
  if (!name.empty()) words += "; " + name + (about.empty() ? "" : ": " + about);
  return words + (time.empty() ? "" : "; " + time);
}

}  // namespace

std::string clipped(std::string_view text, std::size_t columns) {
  std::string all, start;  // the whole, and as much as stands before the dots
  std::size_t width = 0;
  while (!text.empty()) {
    const Character one = character_at(text);
    const std::size_t more = one.valid && !one.control ? one.columns : 1;
    width += more;
    if (width > columns) return columns < dots.size() ? start : start + std::string(dots);
    all += one.valid && !one.control ? std::string(text.substr(0, one.bytes)) : "?";
    if (width + dots.size() <= columns) start = all;
    text.remove_prefix(one.bytes);
  }
  return all;
}

std::string progress_words(const std::string& count, const std::string& name, const std::string& about,
                           const std::string& time, std::size_t columns) {
  const std::string whole = with_parts(count, name, about, time);
  const std::size_t rest = width_of(with_parts(count, "", "", time)) + 2;
  const std::size_t tail = about.empty() ? 0 : width_of(about) + 2;
  if (width_of(whole) <= columns) return clipped(whole, columns);
  constexpr std::size_t short_name = 8;
  if (columns >= rest + tail + short_name)
    return clipped(with_parts(count, clipped(name, columns - rest - tail), about, time), columns);
  return clipped(with_parts(count, "", "", time), columns);
}

std::size_t ProgressLines::columns() const {
  const std::size_t columns = place_.columns ? place_.columns() : 80;
  return columns > 1 ? columns - 1 : 1;  // a full line would wrap on some terminals
}

void ProgressLines::redraw(Moment now, bool at_once, const std::string& line) {
  if (!at_once && drawn_ && now - *drawn_ < between_drawings) return;
  drawn_ = now;
  out_ << wipe << clipped(line, columns()) << std::flush;
}

void ProgressLines::draw(const LaunchEvent& event) {
  // What must stay to be read is not written over.
  if (event.told == LaunchTold::anew) out_ << wipe << to_sentence(event) << '\n' << std::flush;
  const bool said = event.told == LaunchTold::note || event.told == LaunchTold::waiting;
  if (said) said_ = to_sentence(event);
  if (event.told == LaunchTold::started || event.told == LaunchTold::step ||
      event.told == LaunchTold::checkpoint) {
    said_.clear();
    name_ = event.name;
    about_ = event.step > 0 && event.steps > 0 ? fmt::format("step {} of {}", event.step, event.steps) : "";
  }
  // A launch may stand still behind such a sentence, as while a recorder is built.
  if (!said_.empty()) return redraw(event.at, said, said_);
  const std::string count = fmt::format("{} of {} runs", left_.settled(), left_.runs());
  redraw(event.at, false,
         progress_words(count, name_, about_, time_words(left_.seconds(event.at)), columns()));
}

void ProgressLines::plain_time(const std::string& words, Moment now) {
  if (!timed_ || now - *timed_ < between_times) return;
  const auto time = time_words(left_.seconds(now));
  if (time.empty()) return;
  timed_ = now;
  out_ << words << "; " << time << '\n' << std::flush;
}

void ProgressLines::plain(const LaunchEvent& event) {
  if (event.told == LaunchTold::planned) timed_ = event.at;
  const std::string sentence = to_sentence(event);
  const bool step = event.told == LaunchTold::step || event.told == LaunchTold::checkpoint;
  if (!sentence.empty() && !step) out_ << sentence << '\n' << std::flush;
  plain_time(fmt::format("{} of {} runs", left_.settled(), left_.runs()), event.at);
}

void ProgressLines::take(const LaunchEvent& event) {
  left_.take(event);
  if (event.told == LaunchTold::planned) name_ = about_ = said_ = "";
  if (place_.terminal)
    draw(event);
  else
    plain(event);
}

void ProgressLines::count(std::size_t done, std::size_t all, std::string_view what, Moment now) {
  if (done == 0 || !counted_from_) {
    counted_from_ = timed_ = now;
  }
  const double took = std::chrono::duration<double>(now - *counted_from_).count();
  std::string line = fmt::format("{} of {} {}", done, all, what);
  if (done > 0 && done < all && took > 0)
    line += "; " + time_words(took / static_cast<double>(done) * static_cast<double>(all - done));
  if (place_.terminal) return redraw(now, false, line);
  if (now - *timed_ < between_times) return;
  timed_ = now;
  out_ << line << '\n' << std::flush;
}

}  // namespace reprise
