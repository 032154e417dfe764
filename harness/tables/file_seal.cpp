// SPDX-License-Identifier: Apache-2.0
#include "harness/tables/file_seal.h"

#include <span>

namespace reprise {
namespace {

constexpr const char* sealed[] = {
    "/meta/plan",     "/meta/plan_id",  "/meta/recipe_id", "/meta/facts",     "/data/name",
    "/data/dtype",    "/data/shape",    "/data/digest",    "/tensors/stage",  "/tensors/name",
    "/tensors/dtype", "/tensors/shape", "/tensors/first",  "/metrics/name",   "/metrics/step",
    "/metrics/which", "/metrics/value", "/leaves/digest",  "/leaves/span",    "/pins/name",
    "/pins/step",     "/pins/value",    "/counts",         "/committed",      "/finished",
    "/ops/call",      "/ops/thread",    "/ops/tensor",     "/ops/writer",     "/ops/text",
    "/ops/text_end",  "/ops/counts",    "/ops/kernel",     "/ops/kernel_end", "/ops/line",
    "/ops/place",
};

constexpr const char* artifacts[] = {"/artifacts/name", "/artifacts/dtype", "/artifacts/shape",
                                     "/artifacts/digest", "/artifacts/sha256"};

bool is_there(const h5::File& file, const std::string& path) {
  const std::string group = path.substr(0, path.find('/', 1));
  return file.has(group) && file.has(path);
}

Digest seal_over(const h5::File& file, std::span<const char* const> names) {
  std::vector<std::pair<std::string, Digest>> members;
  for (const std::string name : names) {
    if (!is_there(file, name)) continue;
    const auto bytes = h5::bytes_of(file.id(), name);
    const auto size = static_cast<std::int64_t>(bytes.size());
    members.emplace_back(name, tensor_digest("U8", {&size, 1}, bytes));
  }
  return set_digest("sealed", std::move(members));
}

}  // namespace

Digest file_seal(const h5::File& file) { return seal_over(file, sealed); }
Digest artifacts_seal(const h5::File& file) { return seal_over(file, artifacts); }

void write_seal(h5::File& file, const char* name, const Digest& seal) {
  h5::Dataset::make(file.id(), name, {h5::Element::u64, 0, {2}, {2}, {}}).write({0}, {2}, &seal);
}

std::optional<Digest> stored_seal(const h5::File& file, const char* name) {
  if (!is_there(file, name)) return std::nullopt;
  Digest seal;
  const auto from = h5::Dataset::open(file.id(), name, h5::Element::u64, 1);
  if (from.extent() != h5::Extent{2}) throw h5::Trouble(std::string(name) + " is not a digest");
  from.read({0}, {2}, &seal);
  return seal;
}

}  // namespace reprise
