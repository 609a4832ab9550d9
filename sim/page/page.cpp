// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/page/page.hpp"

#include <boost/process.hpp>
#include <filesystem>
#include <string_view>
#include <vector>

#include "models/support/atomic_file.hpp"
#include "models/support/diagnostics.hpp"
#include "sim/page/bundle.hpp"
#include "sim/page/folder.hpp"

namespace szilard::page {
namespace {

using support::DiagnosticCode;
using support::EnvironmentError;
using support::InputError;

Json data_of(const std::string& directory) {
  std::error_code ignored;
  if (!std::filesystem::is_directory(directory, ignored))
    throw InputError(DiagnosticCode::file_not_found, {directory, 1, 1}, "no such directory",
                     "name one that 'szilard run' or 'szilard sweep' wrote");
  if (exists(directory + "/summary.json")) return run_data(directory);
  for (const auto& entry : std::filesystem::directory_iterator(directory, ignored))
    if (entry.path().extension() == ".sqlite") return study_data(directory);
  if (exists(directory + "/training.json"))
    throw InputError(DiagnosticCode::file_format, {directory + "/training.json", 1, 1},
                     "this directory holds a training, of which there is no page",
                     "training.json has its figures; trained.onnx can be run by a scenario, and that run has a page");
  throw InputError(DiagnosticCode::file_not_found, {directory + "/summary.json", 1, 1},
                   "this directory holds no finished run and no study",
                   "name one that 'szilard run' or 'szilard sweep' wrote to the end, e.g. out/mnist-mlp");
}

/// JSON that may stand inside a script element: no text in it can end the element.
std::string for_script(const Json& json) {
  const std::string plain = json.dump(-1, ' ', false, Json::error_handler_t::replace);
  std::string text;
  text.reserve(plain.size() + 64);
  for (const char c : plain) {
    if (c == '<') text += "\\u003c";
    else if (c == '>') text += "\\u003e";
    else if (c == '&') text += "\\u0026";
    else text += c;
  }
  return text;
}

std::string escaped(std::string_view plain) {
  std::string text;
  for (const char c : plain) {
    if (c == '<') text += "&lt;";
    else if (c == '>') text += "&gt;";
    else if (c == '&') text += "&amp;";
    else if (c == '"') text += "&quot;";
    else text += c;
  }
  return text;
}

std::string title_of(const Json& data) {
  const Json& name = data.at("kind") == "run" ? data.at("summary").at("scenario").at("name") : data.at("name");
  return name.get<std::string>() + " · szilard";
}

}  // namespace

void require_bundle() {
  if (bundle().script.empty())
    throw EnvironmentError(
        "this szilard was built without the report's pictures: install node and npm (script/bootstrap) and build "
        "again");
}

void write_page(const std::string& directory, const std::string& file) {
  require_bundle();
  const Json data = data_of(directory);
  support::AtomicFile out(file);
  out.write("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
  // Nothing is loaded, from nowhere: what the page shows stands in it.
  out.write(
      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; script-src 'unsafe-inline'; "
      "style-src 'unsafe-inline'; "
      "img-src data: blob:\">\n");
  out.write("<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n<title>" +
            escaped(title_of(data)) + "</title>\n<style>\n");
  out.write(bundle().style);
  out.write(
      "</style>\n</head>\n<body>\n<noscript><p>The pictures and tables of this page are drawn by the script inside it; "
      "its data stand in the "
      "element szilard-data as JSON.</p></noscript>\n<script type=\"application/json\" id=\"szilard-data\">");
  out.write(for_script(data));
  out.write("</script>\n<script>\n");
  out.write(bundle().script);
  out.write("</script>\n</body>\n</html>\n");
  out.commit();
}

namespace {

namespace process = boost::process;

/// Name of each picture and its SVG text, as the page's own script draws them.
Json drawn(const std::string& directory) {
  require_bundle();
  const Json data = data_of(directory);
  const boost::filesystem::path node = process::search_path("node");
  if (node.empty())
    throw EnvironmentError(
        "pictures as files need node, which is not installed; the page itself can save each of its pictures");
  process::opstream in;
  process::ipstream out;
  process::child child(node, std::vector<std::string>{"-"}, process::std_in<in, process::std_out> out);
  in << "globalThis.szilardData = " << for_script(data) << ";\n"
     << bundle().script << "\nprocess.stdout.write(JSON.stringify(szilardPage.svg(szilardData)));\n";
  in.flush();
  in.pipe().close();
  const std::string text{std::istreambuf_iterator<char>(out), {}};
  child.wait();
  Json files = Json::parse(text, nullptr, false);
  if (child.exit_code() != 0 || !files.is_object()) throw EnvironmentError("node could not draw the pictures");
  return files;
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw EnvironmentError("cannot create " + path + ": " + error.message());
}

}  // namespace

std::size_t write_pictures(const std::string& directory, const std::string& svg, const std::string& png) {
  const boost::filesystem::path converter =
      png.empty() ? boost::filesystem::path() : process::search_path("rsvg-convert");
  if (!png.empty() && converter.empty())
    throw EnvironmentError(
        "--png needs rsvg-convert, which is not installed (Debian: librsvg2-bin); the page itself can save each "
        "picture as PNG");
  const Json files = drawn(directory);
  if (!svg.empty()) make_folder(svg);
  if (!png.empty()) make_folder(png);
  for (const auto& [name, text] : files.items()) {
    if (!svg.empty()) support::write_file(svg + "/" + name + ".svg", text.get<std::string>());
    if (png.empty()) continue;
    // Three pixels a point: sharp in print.
    const std::string file = png + "/" + name + ".png";
    process::opstream in;
    process::child child(converter,
                         std::vector<std::string>{"--zoom", "3", "--background-color", "white", "--output", file},
                         process::std_in < in);
    in << text.get<std::string>();
    in.flush();
    in.pipe().close();
    child.wait();
    if (child.exit_code() != 0) throw EnvironmentError("rsvg-convert could not write " + file);
  }
  return files.size();
}

}  // namespace szilard::page
