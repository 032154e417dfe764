// SPDX-License-Identifier: Apache-2.0
// Jobs of Kubernetes: an indexed Job for each kind of machine, and one that joins what they made.
#include "harness/base/error.h"
#include "harness/cluster/engine.h"

namespace reprise::engines {
namespace {

std::string pairs(const std::map<std::string, std::string>& labels, const char* indent) {
  std::string text;
  for (const auto& [name, value] : labels)
    text += fmt::format("{}{}: {}\n", indent, yaml_text(name), yaml_text(value));
  return text;
}

// The end of every pod: the claim named reprise holds the batch, and the runs beside it.
constexpr const char* volume = R"(          volumeMounts:
            - {name: work, mountPath: /work}
      volumes:
        - name: work
          persistentVolumeClaim: {claimName: reprise}
)";

constexpr const char* legs_job =
    R"(---
apiVersion: batch/v1
kind: Job
metadata:
  name: reprise-{}
  labels: {{app: reprise, step: leg}}
spec:
  completionMode: Indexed
  completions: {}
  parallelism: {}
  backoffLimit: 0
  template:
    metadata:
      labels: {{app: reprise, step: leg}}
    spec:
      restartPolicy: Never
{}      containers:
        - name: leg
          image: {}
          command: ["/bin/sh", "-c", {}]
{}{})";

std::string job_of(const Emission& emission, const std::string& kind, const std::vector<std::size_t>& legs) {
  const NodeKind& node = pick_kind(emission.site, kind);
  if (!kind.empty() && node.kubernetes.empty())
    fail(
        "the kind of machine {0} has no labels of Kubernetes in the site file; give it some: "
        "kubernetes = {{\"nvidia.com/gpu.product\" = \"...\"}}",
        kind);
  std::vector<std::string> numbers;
  for (const auto leg : legs) numbers.push_back(std::to_string(leg));
  // A run that is untested is data and no failure of the job: one that failed would end its other pods.
  const std::string script = fmt::format(
      "set -- {}; shift \"$JOB_COMPLETION_INDEX\"; reprise leg '{}' \"$1\" --folder /work --runs /work/runs "
      "--result \"/work/runs/results/$1.toml\" || test $? -eq 2",
      join(numbers, " "), emission.folder);
  return fmt::format(
      fmt::runtime(legs_job), job_word(kind), legs.size(), legs.size(),
      node.kubernetes.empty() ? "" : "      nodeSelector:\n" + pairs(node.kubernetes, "        "),
      yaml_text(emission.image), yaml_text(script),
      node.limits.empty()
          ? ""
          : "          resources:\n            limits:\n" + pairs(node.limits, "              "),
      volume);
}

std::vector<EmittedFile> emit(const Emission& emission) {
  std::string jobs =
      "# Written by `reprise plan --emit k8s`. The claim `reprise` is a volume that all nodes can write, "
      "with the "
      "batch on it.\n";
  for (const auto& [kind, legs] : legs_by_kind(emission)) jobs += job_of(emission, kind, legs);
  std::string join = fmt::format(R"(# Written by `reprise plan --emit k8s`; apply it when the legs have ended:
#   kubectl wait --for=condition=complete --timeout=-1s job -l app=reprise,step=leg
apiVersion: batch/v1
kind: Job
metadata:
  name: reprise-join
  labels: {{app: reprise, step: join}}
spec:
  backoffLimit: 0
  template:
    spec:
      restartPolicy: Never
      containers:
        - name: join
          image: {}
          command: ["reprise", "report", "/work/runs", "--output", "/work/report", "--format", "html,json,md,junit"]
{})",
                                 yaml_text(emission.image), volume);
  return {{"jobs.yaml", std::move(jobs)}, {"join.yaml", std::move(join)}};
}

}  // namespace

extern const Engine k8s{
    .summary = "Jobs of Kubernetes, indexed, one for each kind of machine",
    .next = "copy the folder to the volume of the claim `reprise`, and apply jobs.yaml, then join.yaml",
    .emit = emit,
};

}  // namespace reprise::engines
