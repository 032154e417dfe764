// SPDX-License-Identifier: Apache-2.0
// What a run left, as /artifacts of its trace.
#include <algorithm>

#include "harness/tables/file_seal.h"
#include "harness/tables/journal.h"
#include "harness/tables/text_cells.h"
#include "harness/trace/trace_file.h"

namespace reprise {
namespace fs = std::filesystem;
namespace {

using h5::Element;

void put_texts(const h5::File& file, const std::string& name, std::size_t width, std::vector<char> cells) {
  const hsize_t count = cells.size() / width;
  auto made = h5::Dataset::make(file.id(), name, {Element::text, width, {count}, {count}, {}});
  if (count > 0) made.write({0}, {count}, cells.data());
}

void put_artifacts(h5::File& file, const std::vector<Artifact>& artifacts) {
  std::vector<char> names, dtypes, shapes, files;
  std::vector<Digest> digests;
  for (const auto& artifact : artifacts) {
    add_cell(names, artifact.name, layout::name_width, "artifact's name");
    add_cell(dtypes, artifact.dtype, layout::dtype_width, "dtype");
    add_cell(shapes, shape_text(artifact.shape), layout::shape_width, "shape");
    add_cell(files, artifact.sha256, layout::sha256_width, "SHA-256");
    digests.push_back(artifact.digest);
  }
  file.make_group("/artifacts");
  put_texts(file, "/artifacts/name", layout::name_width, std::move(names));
  put_texts(file, "/artifacts/dtype", layout::dtype_width, std::move(dtypes));
  put_texts(file, "/artifacts/shape", layout::shape_width, std::move(shapes));
  put_texts(file, "/artifacts/sha256", layout::sha256_width, std::move(files));
  const hsize_t count = digests.size();
  auto made =
      h5::Dataset::make(file.id(), "/artifacts/digest", {Element::u64, 0, {count, 2}, {count, 2}, {}});
  if (count > 0) made.write({0, 0}, {count, 2}, digests.data());
}

}  // namespace

// To a copy, which then takes the place of the trace: HDF5 changes a file where it lies, and a process that
// is killed meanwhile would cost the whole of it.
void add_artifacts(const std::filesystem::path& trace, const std::vector<Artifact>& artifacts) {
  const fs::path partial = trace.string() + ".partial";
  std::error_code error;
  try {
    if (!fs::copy_file(trace, partial, fs::copy_options::overwrite_existing, error))
      throw h5::Trouble(error.message());
    auto file = h5::File::open_to_add(partial);
    if (file.has("/artifacts")) throw h5::Trouble("it has artifacts already");
    put_artifacts(file, artifacts);
    write_seal(file, artifacts_seal_name, artifacts_seal(file));
    file.close();
    sync_file(partial);
    fs::rename(partial, trace, error);
    if (error) throw h5::Trouble(error.message());
    sync_folder(trace.parent_path());
  } catch (const h5::Trouble& trouble) {
    fs::remove(partial, error);
    fail("cannot add what the run left to the trace {}: {}", trace.string(), trouble.what());
  } catch (const Error&) {
    fs::remove(partial, error);
    throw;
  }
}

Digest Trace::artifacts_digest() const {
  std::vector<std::pair<std::string, Digest>> members;
  for (const auto& artifact : artifacts()) members.emplace_back(artifact.name, artifact.digest);
  return set_digest("artifacts", std::move(members));
}

std::vector<Artifact> Trace::artifacts() const {
  return file_->guarded([&] {
    std::vector<Artifact> artifacts;
    if (!file_->file.has("/artifacts")) return artifacts;
    const auto from = file_->open("/artifacts/digest", 2);
    const std::uint64_t count = from.extent()[0];
    const auto digests = file_->digests(from, {0, 0}, {count, 2});
    const auto names = file_->texts("/artifacts/name", {count}),
               dtypes = file_->texts("/artifacts/dtype", {count}),
               shapes = file_->texts("/artifacts/shape", {count}),
               files = file_->texts("/artifacts/sha256", {count});
    for (std::size_t i = 0; i < count; ++i)
      artifacts.push_back(
          {names[i], dtypes[i], shape_in("/artifacts/shape", shapes[i]), digests[i], files[i]});
    std::ranges::sort(artifacts, {}, &Artifact::name);
    return artifacts;
  });
}

}  // namespace reprise
