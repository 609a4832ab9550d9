// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "sim/cli/commands.hpp"
#include "sim/page/page.hpp"

namespace szilard::cli {

std::function<int()> add_report(CLI::App& app) {
  struct Options {
    std::string directory, file, svg, png;
  };
  const auto options = std::make_shared<Options>();
  CLI::App* command = app.add_subcommand("report", "what a run or a study found, on one self-contained HTML page");
  command->footer("Example: szilard report out/mnist-mlp -o mnist-mlp.html --svg figures");
  command->add_option("directory", options->directory, "what `szilard run` or `szilard sweep` wrote")->required();
  command->add_option("-o,--output", options->file, "the page (default DIR/report.html)");
  command->add_option("--svg", options->svg, "folder for the same pictures as SVG files, for papers; needs node");
  command->add_option("--png", options->png, "folder for them as PNG files; needs node and rsvg-convert");
  return [options] {
    const std::string file = options->file.empty() ? options->directory + "/report.html" : options->file;
    page::write_page(options->directory, file);
    std::cout << "written to " << file << '\n';
    if (options->svg.empty() && options->png.empty()) return int(kOk);
    const std::size_t pictures = page::write_pictures(options->directory, options->svg, options->png);
    for (const std::string& folder : {options->svg, options->png})
      if (!folder.empty()) std::cout << pictures << " pictures written to " << folder << '\n';
    return int(kOk);
  };
}

}  // namespace szilard::cli
