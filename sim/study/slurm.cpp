// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <filesystem>

#include "models/support/diagnostics.hpp"
#include "models/support/units.hpp"
#include "sim/study/design.hpp"
#include "sim/study/study.hpp"

namespace szilard::study {
namespace {

namespace fs = std::filesystem;

std::string quoted(const std::string& text) {
  std::string out = "'";
  for (const char c : text) out += c == '\'' ? std::string("'\\''") : std::string(1, c);
  return out + "'";
}

/// A path for --output, where % starts a replacement.
std::string doubled_percents(const std::string& path) {
  std::string out;
  for (const char c : path) out += c == '%' ? std::string("%%") : std::string(1, c);
  return out;
}

/// A text between the quotes of an #SBATCH line.
std::string in_directive(const std::string& text) {
  std::string out;
  for (const char c : text) out += c == '"' || c == '\\' ? std::string("\\") + c : std::string(1, c);
  return out;
}

}  // namespace

std::string slurm_script(const std::string& path, const scenario::LoadOptions& load, const SweepOptions& options,
                         std::size_t tasks) {
  const scenario::Variants variants(path, load);
  const Design design(variants);
  const std::string name = variants.base().name;
  const std::string directory = fs::absolute(options.directory.empty() ? "out/" + name : options.directory).string();
  for (const std::string& text : {directory, path, name})
    if (text.find_first_of("\n\r") != std::string::npos)
      throw support::InputError(support::DiagnosticCode::usage, {"command line", 1, 1},
                                "Slurm's scripts take no path with line ends");
  tasks = std::min(tasks, design.runs());
  const std::string jobs = std::to_string(std::max<std::size_t>(1, options.jobs));
  const std::string program = quoted(fs::read_symlink("/proc/self/exe").string());
  std::string sweep = program + " sweep " + quoted(fs::absolute(path).string()) + " -o " + quoted(directory);
  for (const std::string& setting : load.overrides) sweep += " --set " + quoted(setting);
  if (load.seed) sweep += " --seed " + std::to_string(*load.seed);
  if (load.samples) sweep += " --samples " + std::to_string(*load.samples);
  sweep += " --shard \"$SLURM_ARRAY_TASK_ID/" + std::to_string(tasks) + "\" --jobs " + jobs + " --resume --quiet";
  return "#!/bin/sh\n"
         "#SBATCH --job-name=\"" +
         in_directive(name) +
         "\"\n"
         "#SBATCH --array=1-" +
         std::to_string(tasks) +
         "\n"
         "#SBATCH --ntasks=1\n"
         "#SBATCH --cpus-per-task=" +
         jobs +
         "\n"
         "#SBATCH --requeue\n"
         "#SBATCH --open-mode=append\n"
         "#SBATCH --output=\"" +
         in_directive(doubled_percents(directory)) +
         "/slurm-%A_%a.out\"\n"
         "# " +
         std::to_string(design.runs()) + " points in " + std::to_string(tasks) +
         " shards, one a task.\n"
         "#   sh THIS_FILE [SBATCH OPTIONS]   submits them, and a job that merges them when all have ended\n"
         "#   sbatch THIS_FILE                submits them alone; szilard merge DIR then joins them\n"
         "set -eu\n"
         "if [ -z \"${SLURM_ARRAY_TASK_ID:-}\" ]; then\n"
         "  mkdir -p " +
         quoted(directory) +
         "\n"
         "  array=$(sbatch --parsable \"$@\" \"$0\")\n"
         "  array=${array%%;*}\n"
         "  merge=$(sbatch --parsable \"$@\" --dependency=\"afterany:$array\" --job-name=" +
         quoted(name + "-merge") + " \\\n    --output=" + quoted(doubled_percents(directory) + "/slurm-merge-%j.out") +
         " --wrap=" + quoted("exec " + program + " merge " + quoted(directory)) +
         ")\n"
         "  echo \"array $array, then merge ${merge%%;*}\"\n"
         "  exit\n"
         "fi\n"
         "exec " +
         sweep + "\n";
}

}  // namespace szilard::study
