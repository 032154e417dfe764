// SPDX-License-Identifier: Apache-2.0
#pragma once
// Makes of a command's trace one that an older reprise would have left: of version 1, without the stage
// `auxiliary`, which must be empty.
#include <hdf5.h>

#include <filesystem>
#include <vector>

#include "harness/hdf5/hdf5.h"
#include "harness/trace/layout.h"
#include "harness/trace/trace.h"

namespace reprise {

inline void make_older(const std::filesystem::path& path) {
  std::vector<Digest> stages;
  hsize_t rows = 0;
  {
    const Trace trace(path);
    for (std::int64_t step = 0; step <= trace.last_step(); ++step, ++rows) {
      const auto row = trace.stages(step);
      stages.insert(stages.end(), row.begin(), row.begin() + layout::recipe_stages);
    }
  }
  auto file = h5::File::open_to_add(path);
  H5Adelete(file.id(), "format");
  file.set_attribute("format", trace_format);
  H5Ldelete(file.id(), "/stage", H5P_DEFAULT);
  const h5::Extent size = {rows, layout::recipe_stages, 2};
  h5::Dataset::make(file.id(), "/stage", {h5::Element::u64, 0, size, size, {}})
      .write({0, 0, 0}, size, stages.data());
  file.close();
}

}  // namespace reprise
