// SPDX-License-Identifier: Apache-2.0
#include "harness/trace/journaled.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstring>

#include "harness/base/error.h"
#include "harness/tables/journal.h"
#include "harness/trace/batch_share.h"
#include "harness/trace/trace_file.h"
#include "harness/trace/trace_tables.h"

namespace reprise {
namespace fs = std::filesystem;

namespace {

struct PassingName {
  fs::path path;
  PassingName() : path(fs::temp_directory_path() / "reprise-trace-XXXXXX") {
    std::string name = path.string();
    const int file = ::mkostemp(name.data(), O_CLOEXEC);
    if (file < 0)
      fail("cannot make a file in {}: {}; name another folder in TMPDIR", path.parent_path().string(),
           std::strerror(errno));
    ::close(file);
    path = name;
  }
  PassingName(const PassingName&) = delete;
  PassingName& operator=(const PassingName&) = delete;
  ~PassingName() { ::unlink(path.c_str()); }
};

// Every row has its part in each of these.
void check_rows(const std::vector<TableRows>& record) {
  const auto root = std::ranges::find(record, "/root", &TableRows::path);
  const std::uint64_t rows = root == record.end() ? 0 : root->content.size() / sizeof(Digest);
  for (const char* path : {"/digest", "/chain", "/stage", "/loss", "/order"}) {
    const auto found = std::ranges::find(record, path, &TableRows::path);
    if ((found == record.end() ? 0 : found->rows) != rows)
      throw h5::Trouble(fmt::format("its journal has not as many rows of {} as of /root", path));
  }
}

std::unique_ptr<TraceTables> tables_for(const std::vector<HeadPart>& head, const fs::path& journal,
                                        const fs::path& file) {
  const std::uint64_t size = fs::file_size(journal);
  const Plan plan = plan_from_toml(text_of(head, "/meta/plan"), journal.string());
  const auto batch = static_cast<std::uint64_t>(std::max<std::int64_t>(batch_share(plan), 1));
  // Not those of the plan as it is read now: a pin that came later has no readings here.
  const auto names = std::ranges::find(head, "/pins/name", &HeadPart::path);
  const std::uint64_t pins = names == head.end() ? 0 : names->bytes.size() / layout::pin_width;
  if (pins == 0 || batch > size) throw h5::Trouble("its journal has rows that are longer than it");
  const bool command = text_of(head, "format") == command_trace_format;
  auto tables =
      std::make_unique<TraceTables>(command ? stage_count : layout::recipe_stages, batch, pins,
                                    std::min(static_cast<std::uint64_t>(plan.steps), size / sizeof(Digest)));
  tables->create(file, head, !plan.watch.ops.empty());
  return tables;
}

// The rows that came out of the journal; `rest`: bytes behind its last good record.
std::uint64_t made_again(const fs::path& journal, const fs::path& file, std::uint64_t& rest) {
  JournalReader reader(journal);
  const auto first = reader.next();
  rest = reader.rest();
  if (!first) return 0;
  const auto tables = tables_for(parts_of(rows_in(*first)), journal, file);
  while (const auto record = reader.next()) {
    const auto all = rows_in(*record);
    check_rows(all);
    for (const TableRows& rows : all) tables->add_rows(rows);
    tables->commit();
  }
  rest = reader.rest();
  tables->close();
  return tables->committed();
}

TraceContent file_alone(const fs::path& path) {
  check_length(path);
  return {path, path, nullptr, false, UINT64_MAX, false, ""};
}

}  // namespace

fs::path journal_of(const fs::path& trace) {
  return trace.extension() == ".partial" ? fs::path(trace).replace_extension(".journal") : fs::path();
}

TraceContent trace_content_of(const fs::path& wanted) {
  const fs::path path = find_trace(wanted), journal = journal_of(path);
  std::error_code ignored;
  if (journal.empty() || !fs::is_regular_file(journal, ignored)) return file_alone(path);
  try {
    const auto name = std::make_shared<const PassingName>();
    std::uint64_t rest = 0;
    const std::uint64_t rows = made_again(journal, name->path, rest);
    TraceContent content{path, name->path, name, false, UINT64_MAX, false, ""};
    if (rest > 0)
      content.why_no_more = fmt::format("the last {} bytes of its journal are no whole record", rest);
    if (rows > 0) return content;
  } catch (const h5::Trouble& trouble) {
    fail("cannot make the trace {} again from its journal: {}; give it room in {} (TMPDIR), or run it again",
         path.string(), trouble.what(), fs::temp_directory_path().string());
  }
  TraceContent content = file_alone(path);
  content.rows_alone = true;
  content.why_no_more = "its journal has no good record of a step";
  return content;
}

}  // namespace reprise
