// SPDX-License-Identifier: Apache-2.0
#include "browser/made_runs.h"

#include "harness/matrix/matrix.h"

namespace reprise {

const std::string without_break(120, 'x');
const std::string long_module = "model.transformer.encoder.layers.11.self_attention.query_key_value.weight";

namespace {

const std::string long_kernel =
    "void at::native::(anonymous namespace)::cunn_SoftMaxForwardSmem<8, float, float, float, "
    "at::native::(anonymous namespace)::SoftMaxForwardEpilogue, long>(float*, float const*, long)";
const std::string tunables = "glibc.cpu.hwcaps=-AVX512F,-AVX2_Usable,-" + without_break;

OpCall call(std::int64_t order, std::int64_t depth, const std::string& name, const std::string& output) {
  OpCall call;
  call.step = 4;
  call.phase = Phase::backward;
  call.order = order;
  call.depth = depth;
  call.name = name;
  call.scope = "transformer/encoder/layers/11/self_attention/query_key_value";
  call.scalars = "output_mask=[True,True,False] stride=[1,1] padding=[0,0] dilation=[1,1]";
  call.inputs = {{name_digest(name), "F32", {4, 1024, 3072}}};
  call.outputs = {{name_digest(name + output), "F32", {4, 1024, 1024}}};
  if (!output.empty())
    call.kernels = {{long_kernel + output, {65535, 1024, 64}, {1024, 1, 1}, 232448, 255, 1},
                    {"nvjet_tst_128x64_" + without_break + output, {4, 2, 1}, {128, 1, 1}, 4096, 40, 20000}};
  return call;
}

// One parts the two sides: those before it are equal, and it is inside another.
std::vector<OpCall> calls_of_step_4(const std::string& output) {
  return {call(0, 0, "aten::relu", ""),
          call(1, 0, "aten::_scaled_dot_product_flash_attention_for_cpu_backward.with_a_long_overload", ""),
          call(2, 0, "aten::convolution_backward", output),
          call(3, 1, "torchvision::_deform_conv2d_backward_" + without_break, output),
          call(4, 0, "aten::sum.dim_IntList", output)};
}

std::vector<Change> changes_from(std::int64_t from, std::int64_t last, const std::string& weight) {
  std::vector<Change> changes = {{Stage::gradients, "fc1.weight", from}, {Stage::weights, weight, from}};
  // Every second loss, so that the curves have gaps.
  for (std::int64_t step = from + 1; step <= last; step += 2)
    changes.push_back({Stage::loss, "loss", step, step});
  return changes;
}

Plan plan_of_script(const DrawnTrace& drawn) {
  Plan plan;
  plan.recipe = "train_a_language_model_with_a_long_file_name";
  plan.command =
      CommandLine{{"/home/somebody/environments/" + without_break + "/bin/python",
                   "train_a_language_model_with_a_long_file_name.py", "--dataset=" + without_break},
                  Seeding::imposed,
                  {},
                  ""};
  plan.pins = drawn.pins;
  plan.watch.ops = drawn.ops;
  plan.watch.artifacts = {"*.pt"};
  return plan;
}

Configuration configuration_of(const Matrix& matrix, const std::string& factor, const std::string& value) {
  Configuration one;
  for (const auto& each : matrix.factors) one.values[each.name] = each.values[0];
  one.name = factor.empty() ? "baseline" : factor + "=" + value;
  if (!factor.empty()) one.values[factor] = value;
  one.outcome.ending = Ending::done;
  return one;
}

// Draws its run: a seed parts it at a step of its own, so does one setting of cuBLAS.
void add_run(Matrix& matrix, const std::filesystem::path& runs, const std::string& factor,
             const std::string& value) {
  Configuration one = configuration_of(matrix, factor, value);
  const auto place = matrix.configurations.size();
  one.folder = runs / std::to_string(place);
  DrawnTrace drawn;
  drawn.facts = many_facts("a test");
  for (const auto& [pin, chosen] : one.values)
    if (drawn.pins.contains(pin)) drawn.pins[pin] = chosen;
  if (factor == "seed") drawn.changes = {{Stage::rng, "generator", 0}};
  if (factor == "seed" || value == "31")
    for (auto& change : changes_from(static_cast<std::int64_t>(place % 5), drawn.steps, "fc1.weight"))
      drawn.changes.push_back(change);
  one.plan_id = plan_id(draw(one.folder, drawn).plan());
  matrix.configurations.push_back(one);
}

}  // namespace

Facts many_facts(const std::string& processor) {
  return {{"cpu.model", processor},
          {"cpu.flags",
           "3dnowprefetch abm amx_int8 avx512_bitalg avx512_vpopcntdq nonstop_tsc tsc_deadline_timer"},
          {"command.program.sha256", "f1ee188b790e43cac8701a497db3c780abc4557ec9c5f55b0d11a49de3958347"},
          {"env.TORCHINDUCTOR_FORCE_DISABLE_CACHES", "1"},
          {"library._bounded_integers.cpython-311-x86_64-linux-gnu.so.bytes", "338136"},
          {"libtorch.version", "2.11.0"},
          {"python.version", "3.11.7 (main, Dec  8 2023, 18:56:58) [GCC 13.3.0 20240521 (Red Hat 13.3.0-1)]"},
          {"script.path", "/home/somebody/projects/sequence-models/experiments/" + without_break + ".py"},
          {"torch.build",
           "PyTorch built with: - GCC 13.3 - CXX_FLAGS= -D_GLIBCXX_USE_CXX11_ABI=1 " + without_break}};
}

DrawnTrace traced_on(const std::string& gpu, const std::string& output) {
  DrawnTrace drawn;
  drawn.steps = drawn.planned = 60;
  drawn.facts = many_facts("Intel(R) Xeon(R) Platinum 8480CTDX");
  drawn.facts["gpu.name"] = gpu;
  drawn.facts["gpu.uuid"] = "GPU-" + gpu;
  drawn.facts["kernels.device"] = "cupti";
  drawn.more_weights = long_module;
  drawn.ops.first = drawn.ops.last = 4;
  drawn.calls = calls_of_step_4(output);
  if (output.ends_with("other")) drawn.changes = changes_from(4, drawn.steps, long_module);
  return drawn;
}

void write_script_run(const std::filesystem::path& folder, const std::string& output) {
  const DrawnTrace drawn = traced_on("NVIDIA GeForce RTX 5090 Laptop GPU", output);
  std::filesystem::create_directories(folder);
  TraceWriter writer(folder / "trace.h5", {plan_of_script(drawn), drawn.facts, {}});
  for (std::int64_t step = 0; step <= drawn.steps; ++step) {
    if (step == 4) writer.write_calls(drawn.calls);
    StepRecord record = drawn_step(drawn, step);
    record.samples.clear();
    record.metrics.clear();
    record.of(Stage::auxiliary) = {{"average." + long_module, "F32", {4}, name_digest("average"), {}}};
    writer.write(record);
  }
  writer.finish();
  add_artifacts(folder / "trace.h5", {{"out/" + without_break + ".pt", "F32", {4}, name_digest(output), ""}});
}

void write_matrix_of_many(const std::filesystem::path& runs) {
  Matrix matrix;
  matrix.recipe = "drawn";
  matrix.factors = {
      {"repeat", {"1", "2"}, Promise::bitwise},
      {"python-hash-seed", {"0", "random"}, Promise::bitwise},
      {"cublas-emulation-special-values", {"default", "0", "31"}, Promise::numeric},
      {"glibc-tunables", {"default", tunables}, Promise::numeric},
      {"seed", {"0", "1", "2", "3", "4", "5"}, Promise::statistical},
  };
  matrix.command = {"reprise", "matrix", "drawn", "--set", "note=" + without_break};
  add_run(matrix, runs, "", "");
  for (const auto& factor : matrix.factors)
    for (std::size_t i = 1; i < factor.values.size(); ++i)
      add_run(matrix, runs, factor.name, factor.values[i]);
  Configuration failed = configuration_of(matrix, "python-hash-seed", without_break);
  failed.outcome.ending = Ending::failed;
  failed.outcome.reason = "the worker ended with exit code 3, after " + without_break;
  failed.outcome.last_lines = {
      "Traceback (most recent call last):", "  File \"" + without_break + ".py\", line 8, in forward",
      "    return " + without_break + "(self.norm(x), mask=mask)"};
  matrix.configurations.push_back(failed);
  write_matrix(matrix, runs / "matrix.toml");
}

void write_gathered_runs(const std::filesystem::path& runs) {
  for (const std::string machine : {"AMD EPYC 7B13 64-Core Processor", "Intel(R) Xeon(R) Platinum 8480CTDX"})
    for (const std::string threads : {"1", "2"})
      for (const std::string isa : {"default", "avx2"}) {
        DrawnTrace drawn;
        drawn.facts = many_facts(machine);
        drawn.pins["threads"] = threads;
        drawn.pins["isa"] = isa;
        if (threads == "2" && isa == "avx2") drawn.pins["glibc-tunables"] = tunables;
        if (threads == "2") drawn.changes = changes_from(isa == "avx2" ? 3 : 7, drawn.steps, "fc1.weight");
        if (machine[0] == 'I' && isa == "avx2") drawn.changes.push_back({Stage::weights, "fc1.bias", 2});
        draw(runs / machine / threads / isa, drawn);
      }
}

}  // namespace reprise
