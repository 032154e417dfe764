// SPDX-License-Identifier: Apache-2.0
// For programs; every key is described in docs/report-json.md.
#include <cmath>
#include <nlohmann/json.hpp>

#include "reports/format.h"
#include "reports/names.h"

namespace reprise::formats {
namespace {

using Json = nlohmann::ordered_json;

Json number(double value) { return std::isfinite(value) ? Json(value) : Json(); }

Json numbers(const std::vector<double>& values) {
  Json list = Json::array();
  for (const double value : values) list.push_back(number(value));
  return list;
}

Json step_or_null(const std::optional<std::int64_t>& step) { return step ? Json(*step) : Json(); }

Json table(const Table& table) {
  return {{"head", table.head}, {"rows", table.rows}, {"differs", table.marked}};
}

Json classes(const Report& report) {
  Json list = Json::array();
  for (const auto& found : report.classes) list.push_back(found.configurations);
  return list;
}

Json class_details(const Report& report) {
  Json list = Json::array();
  for (const auto& found : report.classes)
    list.push_back({{"letter", found.letter},
                    {"configurations", found.configurations},
                    {"final_weights", found.final_weights},
                    {"chain", found.chain},
                    {"final_loss", found.final_loss},
                    {"metric", found.metric},
                    {"parts", found.parts}});
  return list;
}

Json processes(const ReportRun& run) {
  Json list = Json::array();
  for (const auto& process : run.processes)
    list.push_back({{"name", process.name},
                    {"last_step", process.last_step},
                    {"finished", process.finished},
                    {"ended", process.ended},
                    {"chain", process.chain}});
  return list;
}

Json runs(const Report& report) {
  Json list = Json::array();
  for (const auto& run : report.runs) {
    Json metrics = Json::object();
    for (const auto& [name, value] : run.metrics) metrics[name] = number(value);
    list.push_back({{"configuration", run.configuration},
                    {"class", run.letter},
                    {"plan_id", run.plan_id},
                    {"chain", run.chain},
                    {"final_weights", run.final_weights},
                    {"last_step", run.last_step},
                    {"planned_steps", run.planned_steps},
                    {"final_loss", number(run.final_loss)},
                    {"first_nan", step_or_null(run.first_nan)},
                    {"metrics", metrics},
                    {"pin_checks", run.pin_checks},
                    {"processes", processes(run)}});
  }
  return list;
}

Json values(const ReportFactor& factor) {
  Json list = Json::array();
  for (const auto& value : factor.by_value)
    list.push_back({{"value", value.value},
                    {"finding", value.finding},
                    {"step", step_or_null(value.step)},
                    {"broken", value.broken},
                    {"sentence", value.sentence}});
  return list;
}

Json factors(const Report& report) {
  Json list = Json::array();
  for (const auto& factor : report.factors)
    list.push_back({{"name", factor.name},
                    {"values", factor.values},
                    {"owes", factor.owes},
                    {"moved", factor.moved},
                    {"kept", factor.kept},
                    {"found", factor.found},
                    {"verdict", factor.verdict},
                    {"mood", name_of(factor.mood)},
                    {"by_value", values(factor)}});
  return list;
}

Json strips(const Report& report) {
  Json list = Json::array();
  for (const auto& strip : report.strips) {
    Json lanes = Json::object();
    for (const auto& lane : strip.lanes) lanes[lane.stage] = step_or_null(lane.first);
    list.push_back(
        {{"configuration", strip.configuration}, {"class", strip.letter}, {"first_difference", lanes}});
  }
  return list;
}

Json operation(const OperatorPart& part) {
  Json calls = Json::array();
  for (const auto& call : part.calls)
    calls.push_back({{"state", call.state},
                     {"order", call.order},
                     {"depth", call.depth},
                     {"name", call.name},
                     {"phase", call.phase},
                     {"scope", call.scope}});
  return {{"found", part.found},
          {"kind", part.kind},
          {"finding", part.finding},
          {"side_a", part.side_a},
          {"side_b", part.side_b},
          {"sentences", part.sentences},
          {"calls", calls},
          {"distances_of", part.distances_of},
          {"distances", part.distances ? table(*part.distances) : Json()},
          {"remedies", part.remedies ? table(*part.remedies) : Json()}};
}

Json self_test(const Report& report) {
  if (!report.self_test) return {};
  Json rows = Json::array();
  for (const auto& row : report.self_test->rows)
    rows.push_back({{"name", row.name},
                    {"sown", row.sown},
                    {"wanted", row.wanted},
                    {"found", row.found},
                    {"result", row.result},
                    {"sentence", row.sentence}});
  return {{"void", report.self_test->is_void}, {"sentence", report.self_test->sentence}, {"rows", rows}};
}

Json partings(const Report& report) {
  Json list = Json::array();
  for (const auto& parting : report.partings) {
    Json entry = {
        {"a", parting.a}, {"b", parting.b}, {"title", parting.title}, {"sentences", parting.sentences}};
    entry["distances"] = parting.distances ? table(*parting.distances) : Json();
    entry["operator"] = parting.operation ? operation(*parting.operation) : Json();
    list.push_back(entry);
  }
  return list;
}

Json curves(const Report& report) {
  Json list = Json::array();
  for (const auto& curve : report.curves)
    list.push_back({{"class", curve.letter},
                    {"steps", curve.steps},
                    {"loss", numbers(curve.loss)},
                    {"distance", numbers(curve.distance)}});
  return list;
}

Json heat(const Report& report) {
  Json rows = Json::array();
  for (const auto& row : report.heat.cells) {
    Json cells = Json::array();
    for (const auto& cell : row) cells.push_back(step_or_null(cell.first));
    rows.push_back(cells);
  }
  return {
      {"configurations", report.heat.names}, {"classes", report.heat.letters}, {"first_difference", rows}};
}

Json marks(const Report& report) {
  Json list = Json::array();
  for (const auto& mark : report.marks) list.push_back({{"mood", name_of(mark.mood)}, {"text", mark.text}});
  return list;
}

Json untested(const Report& report) {
  Json list = Json::array();
  for (const auto& run : report.untested)
    list.push_back({{"configuration", run.configuration},
                    {"kind", run.kind},
                    {"reason", run.reason},
                    {"last_lines", run.last_lines}});
  return list;
}

Json document(const Report& report) {
  return {{"schema", "reprise.report/1"},
          {"recipe", report.recipe},
          {"recipe_id", report.recipe_id},
          {"steps", report.steps},
          {"reference", report.reference},
          {"title", report.title},
          {"headline", report.headline},
          {"verdict", report.verdict},
          {"mood", name_of(report.mood)},
          {"exit_code", report.exit_code},
          {"classes", classes(report)},
          {"class_details", class_details(report)},
          {"factors", factors(report)},
          {"explaining_sets", report.explaining_sets},
          {"explained", report.explained},
          {"marks", marks(report)},
          {"runs", runs(report)},
          {"untested", untested(report)},
          {"first_differences", strips(report)},
          {"pairs", heat(report)},
          {"partings", partings(report)},
          {"partings_left_out", report.partings_left_out},
          {"self_test", self_test(report)},
          {"curves", curves(report)},
          {"pins", table(report.pins)},
          {"facts", table(report.facts)},
          {"command", report.again},
          {"next", report.next.sentence},
          {"next_command", report.next.command}};
}

}  // namespace

extern const Format json{
    .summary = "for programs: every key is documented",
    .extension = "json",
    .render =
        [](const Report& report, std::ostream& out) {
          out << document(report).dump(1, ' ', false, nlohmann::json::error_handler_t::replace) << '\n';
        },
};

}  // namespace reprise::formats
