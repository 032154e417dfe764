// SPDX-License-Identifier: Apache-2.0
#include "harness/terminal/checkpoint_diff.h"

#include <nlohmann/json.hpp>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/tensor/broken.h"

namespace reprise {
namespace {

using Json = nlohmann::ordered_json;

std::string line_of(const TensorDistance& tensor) {
  const auto counted =
      fmt::format("{}: {} of {} elements differ", tensor.name, tensor.differing, tensor.elements);
  // Of whole numbers and of blocks no distance is measured.
  if (tensor.max_ulp == 0 && tensor.max_absolute == 0) return counted + "\n";
  return fmt::format("{}, by up to {} ULP, {:.3g} at most, {:.3g} in relative L2\n", counted, tensor.max_ulp,
                     tensor.max_absolute, tensor.relative_l2);
}

std::string tensor_lines(const CheckpointComparison& found) {
  const TensorFileDiff& diff = found.tensors;
  std::string text;
  for (const auto& tensor : diff.differing) text += line_of(tensor);
  for (const auto& tensor : diff.other_form)
    text += fmt::format("{}: {} against {}\n", tensor.name, tensor.left, tensor.right);
  for (const auto& name : diff.only_left) text += fmt::format("{}: only in {}\n", name, found.paths[0]);
  for (const auto& name : diff.only_right) text += fmt::format("{}: only in {}\n", name, found.paths[1]);
  return text;
}

// The first lines; a generator's state alone may be hundreds of values.
template <class Values, class Line>
std::string first_lines(const Values& values, std::string_view more, Line line) {
  constexpr std::size_t told = 10;
  std::string text;
  for (std::size_t i = 0; i < std::min(values.size(), told); ++i) text += line(values[i]);
  if (values.size() > told)
    text += fmt::format("... and {} more plain values {}\n", values.size() - told, more);
  return text;
}

std::string plain_lines(const CheckpointComparison& found) {
  const PlainDiff& diff = found.plain;
  std::string text = first_lines(diff.differing, "differ", [](const auto& value) {
    return fmt::format("{}: {} against {}\n", shown(value.name), value.left, value.right);
  });
  const auto only = [&](const std::vector<PlainValue>& values, const std::string& path) {
    text += first_lines(values, "only in " + path, [&](const auto& value) {
      return fmt::format("{}: {}, only in {}\n", shown(value.name), value.text, path);
    });
  };
  only(diff.only_left, found.paths[0]);
  only(diff.only_right, found.paths[1]);
  return text;
}

// What is no part of the answer, and that is said.
std::string idle_lines(const CheckpointComparison& found) {
  const std::array<std::size_t, 2> no_place{found.plain.no_place_left, found.plain.no_place_right};
  std::string text;
  for (std::size_t side = 0; side < 2; ++side) {
    if (no_place[side] > 0)
      text += fmt::format("not compared: {} plain values of {}, for which {} has no place\n", no_place[side],
                          found.paths[side], found.paths[1 - side]);
    if (found.opaque[side] > 0)
      text += fmt::format("not compared: {} values of {} that are neither tensors nor plain\n",
                          found.opaque[side], found.paths[side]);
  }
  if (found.plain.left_out > 0)
    text += fmt::format("not compared: {} plain values, as there are too many of them, or too long ones\n",
                        found.plain.left_out);
  return text;
}

std::string finding(const CheckpointComparison& found) {
  const TensorFileDiff& tensors = found.tensors;
  const PlainDiff& plain = found.plain;
  if (found.same()) {
    const std::string all_plain = fmt::format("{} plain values", plain.equal);
    if (!found.whole())
      return fmt::format(
          "No difference in {} tensors and {}, but what could not be read is untested, so the files may "
          "differ.\n",
          tensors.equal, all_plain);
    if (tensors.equal == 0)
      return fmt::format("The same values in all {}; there are no tensors.\n", all_plain);
    return fmt::format("The same values, bit for bit, in all {} tensors{}.\n", tensors.equal,
                       plain.equal > 0 ? " and " + all_plain : "");
  }
  std::string text = fmt::format("{} tensors are equal, {} differ, {} have another form, {} have no partner",
                                 tensors.equal, tensors.differing.size(), tensors.other_form.size(),
                                 tensors.only_left.size() + tensors.only_right.size());
  const std::size_t alone = plain.only_left.size() + plain.only_right.size();
  if (plain.equal + plain.differing.size() + alone > 0)
    text += fmt::format("; {} plain values are equal, {} differ, {} have no partner", plain.equal,
                        plain.differing.size(), alone);
  return text + ".\n";
}

Json json_of(const std::vector<PlainValue>& values) {
  Json rows = Json::array();
  for (const auto& value : values) rows.push_back({{"name", value.name}, {"value", value.text}});
  return rows;
}

Json json_of(const PlainDiff& diff) {
  Json document = {{"equal", diff.equal}, {"differing", Json::array()}};
  for (const auto& value : diff.differing)
    document["differing"].push_back({{"name", value.name}, {"left", value.left}, {"right", value.right}});
  document["only_left"] = json_of(diff.only_left);
  document["only_right"] = json_of(diff.only_right);
  document["not_compared"] = diff.no_place_left + diff.no_place_right + diff.left_out;
  return document;
}

std::size_t opaque_values(const CheckpointFile& file) {
  std::size_t count = 0;
  for (const auto& [what, opaque] : file.opaque) count += opaque.count;
  return count;
}

// Values of these may lie in other files, which a file only names.
bool stands_alone(const CheckpointFile& file) {
  const std::string_view format = file.format;
  return !format.starts_with("sharded") && format != "ONNX" && format != "HDF5" && format != "Keras";
}

bool same_bytes(const std::string& left, const std::string& right) {
  namespace fs = std::filesystem;
  std::error_code ignored;
  return fs::is_regular_file(left, ignored) && fs::is_regular_file(right, ignored) &&
         fs::file_size(left, ignored) == fs::file_size(right, ignored) &&
         sha256_file(left) == sha256_file(right);
}

}  // namespace

CheckpointComparison compare_checkpoints(const std::string& left, const std::string& right,
                                         const std::vector<Rename>& renames) {
  const auto first = read_checkpoint(left), second = read_checkpoint(right);
  CheckpointComparison found{{left, right},
                             compare(first, second, renames),
                             compare_plain(first, second, renames),
                             {opaque_values(first), opaque_values(second)},
                             false};
  if (!found.whole())
    found.same_bytes = stands_alone(first) && stands_alone(second) && same_bytes(left, right);
  if (first.tensors.empty() && second.tensors.empty() && found.plain.same() && found.plain.equal == 0)
    fail("neither {} nor {} holds a tensor, so there is nothing to compare", left, right);
  return found;
}

std::string to_text(const CheckpointComparison& found) {
  return tensor_lines(found) + plain_lines(found) + idle_lines(found) + finding(found);
}

std::string to_json(const CheckpointComparison& found) {
  const TensorFileDiff& diff = found.tensors;
  Json document = {
      {"schema", "reprise.checkpoint-diff/2"}, {"left", found.paths[0]}, {"right", found.paths[1]}};
  document["same"] = found.whole() || !found.same() ? Json(found.same()) : Json();  // null: untested
  document["equal"] = diff.equal;
  document["differing"] = Json::array();
  for (const auto& tensor : diff.differing)  // a number that is not finite becomes null
    document["differing"].push_back({{"name", tensor.name},
                                     {"elements", tensor.elements},
                                     {"differing", tensor.differing},
                                     {"max_ulp", tensor.max_ulp},
                                     {"max_absolute", tensor.max_absolute},
                                     {"relative_l2", tensor.relative_l2}});
  document["other_form"] = Json::array();
  for (const auto& tensor : diff.other_form)
    document["other_form"].push_back({{"name", tensor.name}, {"left", tensor.left}, {"right", tensor.right}});
  document["only_left"] = diff.only_left;
  document["only_right"] = diff.only_right;
  document["plain"] = json_of(found.plain);
  document["opaque"] = found.opaque[0] + found.opaque[1];
  return document.dump(1, ' ', false, Json::error_handler_t::replace) + '\n';
}

}  // namespace reprise
