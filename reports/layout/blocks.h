// SPDX-License-Identifier: Apache-2.0
#pragma once
// What a section of a report is made of: a few kinds of blocks, each of which every format can lay out. A
// block holds words and numbers and knows neither a trace nor a format. A kind more is a struct here, a name
// in Content, and one function in each format that shows blocks; whoever forgets one does not compile.
#include <cstdint>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "reports/layout/series.h"

namespace reprise {

struct Block;
enum class Mood { good, bad, neutral };  // for colour and sign; the words say it too

struct Mark {  // one thing that was checked, or was not
  Mood mood;
  std::string text;
};

namespace blocks {

// How a few words are set: as they are, as somebody typed them, a class's letter, names of runs, 32
// hexadecimal digits, a number, a verdict in the colour of its mood.
enum class Form { text, code, letter, names, digest, number, verdict };

struct Words {
  std::string text;
  Form form = Form::text;
  std::vector<std::string> names = {};  // of Form::names, instead of the text
  Mood mood = Mood::neutral;            // of Form::verdict
  std::string link = {};                // a page that says more, from where this one lies; or ""
};

struct Prose {  // sentences, one after the other
  std::vector<std::string> sentences;
  bool quiet = false;  // a remark beside what is shown
};

struct Marks {
  std::vector<Mark> marks;
};

struct Column {
  std::string title;
  std::size_t terminal = 20;  // characters in a terminal at most; 0: left out there
};
struct Note {             // what is to be said of one row beside its cells
  std::string name;       // "2", where the row can be seen
  std::string full_name;  // "threads=2", elsewhere
  std::string text;
};
struct Row {
  std::vector<Words> cells;
  std::vector<Note> notes = {};
  bool marked = false;
};
struct Table {
  std::string label;              // for those who do not see it: "Factors"
  std::string caption = {};       // above it, or ""
  std::string style = "numbers";  // widths of columns on a page (page_style.h)
  std::vector<Column> columns = {};
  std::vector<Row> rows = {};
};

struct Grid {  // a table of nothing but texts
  std::vector<std::string> head;
  std::vector<std::vector<std::string>> rows;
  std::vector<bool> marked;  // per row: values differ
};
struct Sides {              // a name per row and a column per class; what differs matters
  std::string label, noun;  // "Pins", "pins"
  Grid grid;
};

struct Call {         // one operator call
  std::string state;  // "equal", "guilty", "differs", "side A only", "side B only"
  std::int64_t order = 0, depth = 0;
  std::string name, phase, scope;
  std::string place = {};  // in the script: "train.py:18"; "" not known
};
struct Calls {  // those around one that parts two sides
  std::vector<Call> calls;
};

// One thing that had to hold. Bad fails the build of a continuous-integration server, neutral is skipped
// there.
struct Check {
  std::string name;
  Mood mood = Mood::good;
  std::string message;                 // what was found, in a sentence
  std::string text = {};               // more of it, lines of a log
  std::string result = {};             // in two words, for people
  std::vector<std::string> told = {};  // the cells of its row on a page, without the result
};
struct Checks {
  std::string suite;                   // "self-test", for servers
  std::string label = {};              // "Self-test", for those who do not see the table
  std::vector<std::string> head = {};  // of told, and of the result
  std::vector<Check> checks = {};
};

struct Notice {  // something that has a name and a kind, and perhaps a log
  std::string name, kind, sentence;
  std::vector<std::string> last_lines;
};
struct Notices {
  std::vector<Notice> notices;
};

// Single numbers on one axis beside a published one: its margin as a band, and spans of numbers below it.
struct Dot {
  double value = 0;
  std::string name;    // "seed=3"
  bool counts = true;  // else it is drawn hollow
};
struct Span {
  std::string name;  // "90 % interval"
  double low = 0, high = 0;
  bool ours = false;
};
struct Dots {
  std::string label;  // "test_accuracy, %"
  double published = 0, margin = 0;
  std::vector<Dot> dots;
  std::vector<Span> spans;
};

// What something costs, as a ratio to doing without: in groups by how much of it there is.
struct Price {
  std::string name;   // "mkl=strict"
  std::size_t count;  // of its group: 1 pin
  double ratio = 0;
  bool holds = true;     // else it is drawn hollow
  bool on_front = true;  // a line joins those
};
struct Prices {
  std::string caption, label;  // "Time of a step, as a ratio to that without a cure"
  std::string unit;            // of the count: "pin"
  std::vector<Price> prices;   // in the order of their groups
};

struct Listing {  // lines to paste elsewhere
  std::vector<std::string> lines;
};
struct Command {  // works as it stands
  std::string line;
};

struct Part {  // blocks below a title, which fold away
  std::vector<Words> title;
  bool open = false;  // at first
  std::vector<Block> blocks;
};

using Content = std::variant<Prose, Marks, Table, Sides, Strips, Curves, Apart, Heat, Presence, Nights,
                             Drifts, Dots, Prices, Calls, Checks, Notices, Listing, Command, Part>;

}  // namespace blocks

// Who is shown a block: readers of a page (HTML, Markdown), of a terminal, or servers that count checks.
enum class Readers { everyone, pages, terminal, servers };

struct Block {
  blocks::Content content;
  Readers readers = Readers::everyone;
};

}  // namespace reprise
