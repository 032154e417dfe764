// SPDX-License-Identifier: Apache-2.0
#include "harness/plan/recipe.h"

#include <cstdlib>
#include <set>

#include "harness/base/error.h"
#include "harness/base/sha256.h"
#include "harness/base/text.h"
#include "plan/small_recipe.h"

using namespace reprise;
using Catch::Matchers::Contains;

TEST_CASE("a recipe gives the plan that it describes") {
  Scratch scratch;
  const Recipe recipe = small_recipe(scratch);
  CHECK(recipe.name == "small");
  CHECK(recipe.summary == "a recipe for tests");
  CHECK(recipe.choices.at("model") == std::vector<std::string>{"linear", "mlp", "cnn"});
  const Plan plan = plan_of(recipe, {});
  CHECK(plan.recipe == "small");
  CHECK(plan.steps == 20);
  CHECK(plan.batch == 2);
  CHECK(plan.samples == 8);
  CHECK(plan.evaluate_every == 10);
  CHECK(plan.parameters.at("lr") == Scalar(0.5));
  CHECK(plan.parameters.at("width") == Scalar(std::int64_t{16}));
  CHECK(plan.data.at(0).file == "small/train.npy");
  CHECK(plan.metric->margin == 1.0);
  CHECK(plan.pins.at("batch-order") == "sequential");
  CHECK(plan.pins.at("threads") == "1");
  CHECK(plan.watch.checkpoint_every == 5);
  CHECK(plan.watch.keep == Keep::none);
}

TEST_CASE("what a recipe may leave out has a plain default") {
  Scratch scratch;
  write_atomically(scratch / "bare.toml",
                   "summary = \"s\"\nprogram = \"p\"\n[train]\nsteps = 7\nbatch = 1\nsamples = 3\n");
  const Plan plan = read_recipe(scratch / "bare.toml").defaults;
  CHECK(plan.evaluate_every == 7);
  CHECK(plan.watch.checkpoint_every == 100);
  CHECK(plan.watch.keep == Keep::last);
  CHECK_FALSE(plan.metric.has_value());
  CHECK(plan.pins == default_pins());
}

namespace {

// What is said of the small recipe with another text in it.
std::string refusal(std::string_view from, std::string_view to) {
  const Scratch scratch;
  const std::string text = small_recipe_text();
  REQUIRE(text.find(from) != std::string::npos);
  write_atomically(scratch / "bad.toml", replace_all(text, from, to));
  try {
    read_recipe(scratch / "bad.toml");
  } catch (const Error& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("a recipe that is wrong is refused with file, line, what was wanted and what was found") {
  CHECK_THAT(refusal("steps = 20", "steps = -5"),
             Contains("bad.toml:4: train.steps: wanted steps of at least 1, found -5"));
  CHECK_THAT(refusal("steps = 20", "steps = 0"), Contains("at least 1, found 0"));
  CHECK_THAT(refusal("steps = 20\n", ""), Contains("train.steps: wanted a whole number, found no such key"));
  CHECK_THAT(refusal("steps = 20", "steps = 20\nsteps = 30"), Contains("bad.toml:5"));
  CHECK_THAT(refusal("steps = 20", "steps = \"many\""), Contains("wanted a whole number, found a text"));
  CHECK_THAT(refusal("steps = 20", "steps = 1.5"), Contains("wanted a whole number, found a number"));
  CHECK_THAT(refusal("steps = 20", "steps = 20\nbatchs = 1"),
             Contains("bad.toml:5") && Contains("did you mean 'batch'?"));
  CHECK_THAT(
      refusal("batch = 2", "batch = 9"),
      Contains("bad.toml:5: train.batch: a batch of 9 samples is larger than the training data (8 samples)"));
  CHECK_THAT(refusal("[train]", "[trian]"), Contains("wanted a table [train], found none"));
  CHECK_THAT(refusal("[watch]", "[watches]"), Contains("did you mean 'watch'?"));
  CHECK_THAT(refusal("program = \"small\"\n", ""), Contains("program: wanted a text, found no such key"));
}

TEST_CASE("a wrong choice, parameter, pin or metric of a recipe is refused in its own words") {
  CHECK_THAT(refusal("model = \"mlp\"", "model = \"mpl\""),
             Contains("wanted one of linear, mlp, cnn for model, found 'mpl'"));
  CHECK_THAT(refusal("[\"linear\", \"mlp\", \"cnn\"]", "\"mlp\""), Contains("wanted an array of texts"));
  CHECK_THAT(refusal("[choices]\n", "[choices]\nmodle = [\"a\"]\n"), Contains("did you mean 'model'?"));
  CHECK_THAT(refusal("[choices]\n", "[choices]\nwidth = [\"a\"]\n"),
             Contains("choices are for parameters that take a text"));
  CHECK_THAT(refusal("width = 16", "steps = 16"), Contains("this name is taken by --set"));
  CHECK_THAT(refusal("width = 16", "width = [16]"), Contains("found an array"));
  CHECK_THAT(refusal("batch-order = ", "batch-ordre = "),
             Contains("did you mean 'batch-order'?") && Contains(":26"));
  CHECK_THAT(refusal("\"sequential\"", "\"random\""), Contains("wanted one of seeded, sequential, file"));
  CHECK_THAT(refusal("\"sequential\"", "\"file\""), Contains("write batch-order=file:PATH"));
  CHECK_THAT(refusal("keep = \"none\"", "keep = \"some\""),
             Contains("wanted keep to be none, last or all, found 'some'"));
  CHECK_THAT(refusal("aaaa\"", "xx\""), Contains("64 hexadecimal digits"));
  CHECK_THAT(refusal("margin = 1", "margin = -1"), Contains("margin of at least 0"));
  CHECK_THAT(refusal("margin = 1\n", ""), Contains("metric.margin: wanted a number, found no such key"));
  CHECK_THAT(refusal("summary = ", "summary "), Contains("this is not valid TOML"));
}

TEST_CASE("the options --set and --pin choose, and say what they do not know") {
  Scratch scratch;
  const Recipe recipe = small_recipe(scratch);
  const auto set = [&recipe](const std::string& name, const std::string& value) {
    return plan_of(recipe, {{{name, value}}, {}});
  };
  const auto pin = [&recipe](const std::string& name, const std::string& value) {
    return plan_of(recipe, {{}, {{name, value}}});
  };
  CHECK(set("model", "cnn").parameters.at("model") == Scalar(std::string("cnn")));
  CHECK(set("lr", "1").parameters.at("lr") == Scalar(1.0));
  CHECK(set("bias", "false").parameters.at("bias") == Scalar(false));
  CHECK(set("steps", "5").steps == 5);
  CHECK(set("batch", "4").batch == 4);
  CHECK(set("samples", "6").samples == 6);
  CHECK(set("evaluate-every", "3").evaluate_every == 3);
  CHECK(set("checkpoint-every", "3").watch.checkpoint_every == 3);
  CHECK(set("keep", "all").watch.keep == Keep::all);
  CHECK(plan_of(recipe, {{{"steps", "5"}, {"steps", "6"}}, {}}).steps == 6);
  CHECK(pin("threads", "2").pins.at("threads") == "2");

  CHECK_THROWS_WITH(set("model", "mpl"),
                    Contains("wanted one of linear, mlp, cnn for model, found 'mpl'; did you mean 'mlp'?"));
  CHECK_THROWS_WITH(set("modle", "mlp"), Contains("no parameter named 'modle'; did you mean 'model'?"));
  CHECK_THROWS_WITH(set("stesp", "5"), Contains("did you mean 'steps'?"));
  CHECK_THROWS_WITH(set("lr", "fast"), Contains("wanted a number for lr, found 'fast'"));
  CHECK_THROWS_WITH(set("steps", "-5"), Contains("wanted steps of at least 1, found -5"));
  CHECK_THROWS_WITH(set("batch", "5000"),
                    Contains("a batch of 5000 samples is larger than the training data (8 samples)"));
  CHECK_THROWS_WITH(set("keep", "some"), Contains("none, last or all"));
  CHECK_THROWS_WITH(pin("thread", "2"), Contains("no pin named 'thread'; did you mean 'threads'?"));
  CHECK_THROWS_WITH(pin("threads", "0"), Contains("found '0'"));
}

TEST_CASE("an assignment is cut at its first equals sign") {
  CHECK(cut_assignment("a=b=c", "--set") == std::pair<std::string, std::string>("a", "b=c"));
  CHECK(cut_assignment("a=", "--set").second.empty());
  CHECK_THROWS_WITH(cut_assignment("model", "--set"),
                    Contains("wanted NAME=VALUE after --set, found 'model'"));
  CHECK_THROWS_WITH(cut_assignment("=x", "--pin"), Contains("after --pin, found '=x'"));
}

TEST_CASE("a plan holds its batch-order file, named by its SHA-256") {
  Scratch scratch;
  const Recipe recipe = small_recipe(scratch);
  const std::string text = "7 6 5 4 3 2 1 0\n";
  write_atomically(scratch / "back.txt", text);
  const Choices choices{{}, {{"batch-order", "file:" + (scratch / "back.txt").string()}}};
  const Plan plan = plan_of(recipe, choices);
  CHECK(plan.pins.at("batch-order") == "file");
  CHECK(plan.order->sha256 == sha256_text(text));
  CHECK(*plan.order->text == text);
  CHECK(plan.order->where == scratch / "back.txt");
  const Choices taken_back{{}, {choices.pin[0], {"batch-order", "seeded"}}};
  CHECK_FALSE(plan_of(recipe, taken_back).order);
  CHECK_THROWS_WITH(plan_of(recipe, {{}, {{"batch-order", "file:" + (scratch / "no.txt").string()}}}),
                    Contains("no batch-order file at"));
}

TEST_CASE("a recipe's own batch-order file is looked for beside the recipe") {
  Scratch scratch;
  write_atomically(scratch / "back.txt", "7 6 5 4 3 2 1 0\n");
  write_atomically(scratch / "own.toml",
                   replace_all(small_recipe_text(), "\"sequential\"", "\"file:back.txt\""));
  const Recipe recipe = read_recipe(scratch / "own.toml");
  CHECK(recipe.defaults.pins.at("batch-order") == "file");
  CHECK(recipe.defaults.order->where == scratch / "back.txt");
}

TEST_CASE("a bare name is found in the recipe folders, and an unknown one is told the nearest") {
  Scratch scratch;
  small_recipe(scratch);
  ::setenv("REPRISE_RECIPES", scratch.path().c_str(), 1);
  const std::string found = find_recipe("small").path.string();
  std::string unknown, missing;
  try {
    find_recipe("smal");
  } catch (const Error& error) {
    unknown = error.what();
  }
  try {
    find_recipe("nowhere/small.toml");
  } catch (const Error& error) {
    missing = error.what();
  }
  std::filesystem::create_directory(scratch / "published");
  std::filesystem::copy_file(scratch / "small.toml", scratch / "published/claimed.toml");
  const std::string published = find_recipe("claimed").path.string();
  std::set<std::string> listed;
  for (const auto& recipe : all_recipes()) listed.insert(recipe.name);
  ::unsetenv("REPRISE_RECIPES");
  CHECK(found == (scratch / "small.toml").string());
  CHECK(published == (scratch / "published/claimed.toml").string());
  CHECK(listed.contains("small"));
  CHECK(listed.contains("claimed"));
  CHECK_THAT(unknown, Contains("no recipe named 'smal'; did you mean 'small'?"));
  CHECK_THAT(missing, Contains("no recipe at nowhere/small.toml"));
}

TEST_CASE("every recipe of the project is read, and says what it is for") {
  int count = 0;
  for (const auto& path : list_folder(std::filesystem::path(REPRISE_SOURCE) / "recipes")) {
    if (path.extension() != ".toml") continue;
    INFO(path);
    CHECK_FALSE(read_recipe(path).summary.empty());
    ++count;
  }
  CHECK(count >= 5);
}

TEST_CASE("the example in docs/recipes.md is a recipe") {
  Scratch scratch;
  const std::string page = read_file(REPRISE_SOURCE "/docs/recipes.md", "page");
  const auto first = page.find("```toml\n") + 8;
  write_atomically(scratch / "example.toml", page.substr(first, page.find("```", first) - first));
  const Plan plan = read_recipe(scratch / "example.toml").defaults;
  CHECK(plan.steps == 6000);
  CHECK(plan.metric->margin == 1.0);
  CHECK(plan.pins.at("batch-order") == "sequential");
}
