// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <clocale>
#include <csignal>
#include <iostream>
#include <unistd.h>

#include "models/support/diagnostics.hpp"
#include "sim/cli/commands.hpp"
#include "sim/cli/lab.hpp"
#include "sim/cli/validators.hpp"

namespace {

using namespace szilard;

extern "C" void on_signal(int number) {
  // Files appear under their names only when complete, so leaving at once loses nothing that was finished.
  _exit(128 + number);
}

struct Program {
  CLI::App app{"szilard: what an analog neural network really costs, beside the digital hardware it would replace"};
  cli::RunArguments run;
  cli::CheckArguments check;
  cli::InferArguments infer;
  cli::ListArguments list;
  cli::RegressArguments regress;
  std::string explain_directory, explain_component;
  bool schema_markdown = false, doctor_json = false, version = false;
  CLI::App* lab = nullptr;
  std::function<int()> lab_bit, lab_crossbar, lab_gate, lab_link, lab_mesh, lab_relax, lab_stress, bounds, fit, import, sweep, merge, results,
      pareto, tornado, compare, train;

  Program() {
    app.name("szilard");
    app.require_subcommand(0, 1);
    app.footer("Exit codes: 0 all well; 1 it ran, and a check failed; 2 wrong usage or input; 3 a study ended with failed points;\n"
               "4 the environment failed; "
               "70 internal error; 128 + signal. Results go to stdout, diagnostics to stderr.");
    app.add_flag("--version", version, "versions of szilard and of the tools under it");
    add_run();
    add_check();
    add_infer();
    add_list();
    add_regress();
    CLI::App* command = app.add_subcommand("explain", "every coefficient behind a figure: count, value, unit, source");
    command->add_option("directory", explain_directory, "what `szilard run` wrote")->required();
    command->add_option("component", explain_component, "a component or a path above it, e.g. rram/fc1");
    command = app.add_subcommand("schema", "JSON Schema of scenario files");
    command->add_flag("--markdown", schema_markdown, "the reference page instead");
    command = app.add_subcommand("doctor", "checks the installation");
    command->add_flag("--json", doctor_json, "one JSON object");
    lab = app.add_subcommand("lab", "experiments on one part");
    lab->require_subcommand(1);
    lab_bit = cli::add_lab_bit(*lab);
    lab_crossbar = cli::add_lab_crossbar(*lab);
    lab_link = cli::add_lab_link(*lab);
    lab_mesh = cli::add_lab_mesh(*lab);
    lab_relax = cli::add_lab_relax(*lab);
    lab_stress = cli::add_lab_stress(*lab);
    lab_gate = cli::add_lab_gate(*lab);
    bounds = cli::add_bounds(app);
    fit = cli::add_fit(app);
    import = cli::add_import(app);
    sweep = cli::add_sweep(app);
    merge = cli::add_merge(app);
    results = cli::add_results(app);
    pareto = cli::add_pareto(app);
    tornado = cli::add_tornado(app);
    compare = cli::add_compare(app);
    train = cli::add_train(app);
  }

  void add_run() {
    CLI::App* command = app.add_subcommand("run", "runs one scenario");
    command->footer("Example: szilard run scenarios/mnist-mlp/scenario.yaml --samples 100 --set temperature=\"250 K\"");
    command->add_option("scenario", run.scenario, "scenario file")->required();
    command->add_option("-o,--output", run.directory, "output directory (default out/NAME)");
    command->add_option("--set", run.set, "KEY.PATH=VALUE overrides a key; may be given again")->allow_extra_args(false);
    command->add_option("--seed", run.seed, "seed of every random stream")->check(szilard::cli::not_negative());
    command->add_option("--samples", run.samples, "how many samples of the data set")->check(szilard::cli::at_least_one());
    command->add_option("--quantum", run.quantum, "samples handled at a time; changes no result")->check(CLI::Range(1, 1000000));
    command->add_option("--clock-trace", run.clock_trace, "FILE.npy for joules per clock cycle of the digital platforms");
    command->add_option("--export", run.export_directory, "directory for what was programmed: targets, conductances, errors by tile");
    CLI::Option* attribute = command->add_flag("--attribute", run.attribute,
                                               "reruns with one effect off, and one on, at a time: what each costs");
    command->add_option("--jobs", run.jobs, "runs of --attribute at a time (default: one a processor)")
        ->check(CLI::Range(1, 1024))
        ->needs(attribute);
    command->add_option("--ledger", run.ledger, "csv or npy")->check(CLI::IsMember({"csv", "npy"}));
    command->add_flag("--json", run.json, "summary.json on stdout instead of the table");
    command->add_flag("-q,--quiet", run.quiet, "no progress");
  }

  void add_check() {
    CLI::App* command = app.add_subcommand("check", "validates scenarios without running them");
    command->add_option("scenarios", check.scenarios, "scenario files")->required();
    command->add_option("--set", check.set, "KEY.PATH=VALUE overrides a key; may be given again")->allow_extra_args(false);
    command->add_flag("--json", check.json, "one JSON object");
  }

  void add_infer() {
    CLI::App* command = app.add_subcommand("infer", "double-precision software inference: the reference alone");
    command->footer("Example: szilard infer scenarios/data/digits_mlp_64_32_10.onnx scenarios/data/digits_test_images.npy -o y.npy");
    command->add_option("model", infer.model, "network, ONNX")->required();
    command->add_option("input", infer.input, "input, .npy, .npz or IDX");
    command->add_option("--input", infer.named_inputs, "NAME=FILE for networks with several inputs")->allow_extra_args(false);
    command->add_option("-o,--output", infer.output, "output .npy (default: numbers on stdout)");
    command->add_flag("--json", infer.json, "one JSON object");
  }

  void add_list() {
    CLI::App* command = app.add_subcommand("list", "what there is: models, presets, scenarios, workloads or layers");
    command->add_option("what", list.what, "models, presets, scenarios, workloads or layers")
        ->required()
        ->check(CLI::IsMember({"models", "presets", "scenarios", "workloads", "layers"}));
    command->add_option("--network", list.network, "network for layers");
    command->add_option("--folder", list.folder, "folder of scenarios");
    command->add_flag("--json", list.json, "one JSON object");
  }

  void add_regress() {
    CLI::App* command = app.add_subcommand("regress", "runs scenarios and holds them against their expected.json");
    command->add_option("paths", regress.paths, "scenario files or folders (default scenarios)");
    command->add_option("--junit", regress.junit, "JUnit XML report");
    command->add_flag("--update", regress.update, "writes the values found into expected.json and shows each change");
  }

  int dispatch(const std::string& executable) {
    if (version) return cli::print_version();
    if (app.got_subcommand("run")) return cli::run(run);
    if (app.got_subcommand("fit")) return fit();
    if (app.got_subcommand("import")) return import();
    if (app.got_subcommand("sweep")) return sweep();
    if (app.got_subcommand("merge")) return merge();
    if (app.got_subcommand("results")) return results();
    if (app.got_subcommand("pareto")) return pareto();
    if (app.got_subcommand("tornado")) return tornado();
    if (app.got_subcommand("compare")) return compare();
    if (app.got_subcommand("train")) return train();
    if (app.got_subcommand("check")) return cli::check(check);
    if (app.got_subcommand("infer")) return cli::infer(infer);
    if (app.got_subcommand("list")) return cli::list(list);
    if (app.got_subcommand("regress")) return cli::regress(regress, executable);
    if (app.got_subcommand("explain")) return cli::explain(explain_directory, explain_component);
    if (app.got_subcommand("schema")) return cli::schema(schema_markdown);
    if (lab->got_subcommand("bit")) return lab_bit();
    if (lab->got_subcommand("crossbar")) return lab_crossbar();
    if (lab->got_subcommand("link")) return lab_link();
    if (lab->got_subcommand("mesh")) return lab_mesh();
    if (lab->got_subcommand("relax")) return lab_relax();
    if (lab->got_subcommand("stress")) return lab_stress();
    if (lab->got_subcommand("gate")) return lab_gate();
    if (app.got_subcommand("bounds")) return bounds();
    if (app.got_subcommand("doctor")) return cli::doctor(doctor_json);
    std::cout << app.help();
    return cli::kUsage;
  }
};

int usage_error(const CLI::App& app, const CLI::ParseError& error) {
  if (error.get_exit_code() == 0) {  // --help
    app.exit(error, std::cout, std::cerr);
    return cli::kOk;
  }
  support::Diagnostic diagnostic;
  diagnostic.code = support::DiagnosticCode::usage;
  diagnostic.where.file = "command line";
  diagnostic.message = error.what();
  diagnostic.hint = "see 'szilard --help'";
  std::cerr << support::to_string(diagnostic) << '\n';
  return cli::kUsage;
}

}  // namespace

int main(int argc, char** argv) {
  std::setlocale(LC_ALL, "C");
  std::signal(SIGINT, on_signal);
  std::signal(SIGTERM, on_signal);
  std::signal(SIGPIPE, SIG_IGN);  // a closed pipe is a failed write
  Program program;
  try {
    program.app.parse(argc, argv);
    const int code = program.dispatch(argv[0]);
    std::cout.flush();
    if (!std::cout) throw support::EnvironmentError("cannot write to standard output");
    return code;
  } catch (const CLI::ParseError& error) {
    return usage_error(program.app, error);
  } catch (const support::InputError& error) {
    for (const support::Diagnostic& diagnostic : error.diagnostics()) std::cerr << support::to_string(diagnostic) << '\n';
    return cli::kUsage;
  } catch (const support::EnvironmentError& error) {
    std::cerr << "szilard: error: " << error.what() << " [environment]\n";
    return cli::kEnvironment;
  } catch (const std::bad_alloc&) {
    std::cerr << "szilard: error: out of memory [environment]\n";
    return cli::kEnvironment;
  } catch (const std::exception& error) {
    std::cerr << "szilard: internal error: " << error.what() << '\n';
    return cli::kInternal;
  }
}
