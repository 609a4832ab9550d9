// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "rtl/gate_level/vcd.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <istream>
#include <map>
#include <optional>
#include <unordered_map>

#include "rtl/gate_level/clock_network.hpp"

namespace szilard::gate_level {
namespace {

using support::DiagnosticCode;
using support::InputError;
using support::SourceLocation;

constexpr unsigned kMostWidth = 1u << 20;
constexpr std::size_t kMostWord = 2u << 20;

/// Words between blanks, with their places.
class Words {
 public:
  Words(std::istream& in, const std::string& file) : in_(in), file_(file), buffer_(1 << 16, '\0') {}

  bool next(std::string& word) {
    word.clear();
    int c = get();
    while (c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f') c = get();
    if (c < 0) return false;
    word_line_ = line_;
    word_column_ = column_;
    for (; c >= 0 && c != ' ' && c != '\t' && c != '\n' && c != '\r' && c != '\f'; c = get()) {
      word += static_cast<char>(c);
      if (word.size() > kMostWord) fail(DiagnosticCode::file_format, "this word is longer than 2 MiB");
    }
    return true;
  }
  std::string needed(const char* what) {
    std::string word;
    if (!next(word))
      throw InputError(DiagnosticCode::file_truncated, {file_, line_, column_ + 1},
                       std::string("the file ends where ") + what + " was expected");
    return word;
  }
  SourceLocation where() const { return {file_, word_line_, word_column_}; }
  [[noreturn]] void fail(DiagnosticCode code, std::string message) const {
    throw InputError(code, where(), std::move(message));
  }

 private:
  int get() {
    if (at_ == end_) {
      in_.read(buffer_.data(), static_cast<std::streamsize>(buffer_.size()));
      end_ = static_cast<std::size_t>(in_.gcount());
      at_ = 0;
      if (end_ == 0) return -1;
    }
    const char c = buffer_[at_++];
    if (newline_) {
      ++line_;
      column_ = 0;
    }
    newline_ = c == '\n';
    ++column_;
    return static_cast<unsigned char>(c);
  }

  std::istream& in_;
  std::string file_, buffer_;
  std::size_t at_ = 0, end_ = 0;
  int line_ = 1, column_ = 0, word_line_ = 1, word_column_ = 1;
  bool newline_ = false;
};

unsigned number(std::string_view text, const Words& words, const char* what) {
  unsigned value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size())
    words.fail(DiagnosticCode::bad_number, "'" + std::string(text) + "' is not " + what);
  return value;
}

/// Takes "[7:0]" or "[3]" off the end of a name.
void take_range(VcdVariable& variable, std::string_view range, const Words& words) {
  range = range.substr(1, range.size() - 2);
  const std::size_t colon = range.find(':');
  const auto integer = [&](std::string_view text) {
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size())
      words.fail(DiagnosticCode::file_format, "'[" + std::string(range) + "]' is no range of bits");
    return value;
  };
  variable.indexed = colon == std::string_view::npos;
  variable.low =
      variable.indexed ? integer(range) : std::min(integer(range.substr(0, colon)), integer(range.substr(colon + 1)));
}

class Header {
 public:
  explicit Header(Words& words) : words_(words) {}

  void read() {
    std::vector<std::string> scopes;
    for (;;) {
      const std::string word = words_.needed("$enddefinitions");
      if (word == "$enddefinitions") {
        end();
        return;
      }
      if (word == "$scope") {
        words_.needed("the kind of a scope");
        std::string name = words_.needed("the name of a scope");
        scopes.push_back(scopes.empty() ? std::move(name) : scopes.back() + "." + name);
        end();
      } else if (word == "$upscope") {
        if (scopes.empty()) words_.fail(DiagnosticCode::file_format, "$upscope without a scope");
        scopes.pop_back();
        end();
      } else if (word == "$var") {
        read_variable(scopes.empty() ? "" : scopes.back());
      } else if (word.front() == '$') {
        while (words_.needed("$end") != "$end") {
        }
      } else {
        words_.fail(DiagnosticCode::file_format,
                    "'" + word.substr(0, 40) + "' where a $ keyword was expected: this is no value change dump");
      }
    }
  }

  std::vector<VcdVariable> variables;
  std::unordered_map<std::string, std::uint32_t> signals;

 private:
  void end() {
    if (words_.needed("$end") != "$end") words_.fail(DiagnosticCode::file_format, "$end was expected");
  }
  /// An escaped name begins with a backslash; Icarus doubles those within.
  static void unescape(std::string& name) {
    name.erase(0, 1);
    for (std::size_t at = name.find("\\\\"); at != std::string::npos; at = name.find("\\\\", at + 1)) name.erase(at, 1);
  }
  /// Whether what stands from there on is "[7:0]" or "[3]", and not part of a name such as that of a generated block.
  static bool is_range(const std::string& name, std::size_t bracket) {
    return name.find_first_not_of("0123456789:-", bracket + 1) == name.size() - 1 && bracket + 2 < name.size();
  }
  void read_variable(const std::string& scope) {
    VcdVariable variable;
    variable.scope = scope;
    const std::string type = words_.needed("the type of a variable");
    variable.where = words_.where();
    variable.real = type == "real" || type == "realtime";
    variable.width = number(words_.needed("the width of a variable"), words_, "the width of a variable");
    if (variable.width > kMostWidth) words_.fail(DiagnosticCode::out_of_range, "a variable of more than 2^20 bits");
    const std::string code = words_.needed("the code of a variable");
    variable.signal = signals.emplace(code, static_cast<std::uint32_t>(signals.size())).first->second;
    variable.name = words_.needed("the name of a variable");
    std::string range = words_.needed("$end");
    if (range != "$end") {
      if (range.front() == '[' && range.back() == ']') take_range(variable, range, words_);
      else words_.fail(DiagnosticCode::file_format, "'" + range.substr(0, 40) + "' is no range of bits");
      for (range = words_.needed("$end"); range != "$end"; range = words_.needed("$end")) {
        if (range.front() != '[' || range.back() != ']') words_.fail(DiagnosticCode::file_format, "$end was expected");
        variable.low = 0;  // several dimensions: bits are counted through all of them
        variable.indexed = false;
      }
    } else if (const std::size_t bracket = variable.name.rfind('[');
               bracket != std::string::npos && bracket > 0 && variable.name.back() == ']' &&
               variable.name.front() != '\\' && is_range(variable.name, bracket)) {
      take_range(variable, std::string_view(variable.name).substr(bracket), words_);
      variable.name.resize(bracket);
    }
    if (variable.name.front() == '\\' && variable.name.size() > 1) unescape(variable.name);
    variables.push_back(std::move(variable));
  }

  Words& words_;
};

/// One selected bit of a signal.
struct Tap {
  unsigned bit = 0;
  std::size_t output = 0;
};

class Sampler {
 public:
  Sampler(Words& words, const Header& header, const VcdSelection& selection) : words_(words), header_(header) {
    taps_.resize(header.signals.size());
    widths_.assign(header.signals.size(), 1);
    for (const VcdVariable& variable : header.variables) widths_[variable.signal] = variable.width;
    for (std::size_t i = 0; i < selection.bits.size(); ++i)
      taps_[header.variables.at(selection.bits[i].first).signal].push_back({selection.bits[i].second, i});
    clock_ = header.variables.at(selection.clock).signal;
    now_.assign(selection.bits.size(), 'x');
    waves.value.resize(selection.bits.size());
    waves.unknown.resize(selection.bits.size());
    if (selection.falling) {
      at_fall_ = now_;
      waves.falling_value.resize(selection.bits.size());
      waves.falling_unknown.resize(selection.bits.size());
    }
  }

  void read() {
    std::string word;
    while (words_.next(word)) {
      switch (word.front()) {
        case '#':
          time(word);
          break;
        case '$':
          keyword(word);
          break;
        case 'b':
        case 'B':
          vector(word);
          break;
        case 'r':
        case 'R':
        case 's':  // a text, as some simulators add
        case 'S':
          words_.needed("the code of a variable");
          break;
        case '0':
        case '1':
        case 'x':
        case 'X':
        case 'z':
        case 'Z':
        // the further values of std_logic
        case 'u':
        case 'U':
        case 'w':
        case 'W':
        case 'l':
        case 'L':
        case 'h':
        case 'H':
        case '-':
          scalar(word);
          break;
        default:
          words_.fail(DiagnosticCode::file_format, "'" + word.substr(0, 40) + "' is no change of a value");
      }
    }
    step();
  }

  SampledWaves waves;

 private:
  void time(const std::string& word) {
    unsigned long long t = 0;
    const auto [end, error] = std::from_chars(word.data() + 1, word.data() + word.size(), t);
    if (error != std::errc() || end != word.data() + word.size())
      words_.fail(DiagnosticCode::bad_number, "'" + word.substr(0, 40) + "' is not a time");
    if (t < time_)
      words_.fail(DiagnosticCode::file_format, "time runs backwards, from #" + std::to_string(time_) + " to " + word);
    if (t != time_) step();
    time_ = t;
  }
  void keyword(const std::string& word) {
    if (word == "$comment") {
      while (words_.needed("$end") != "$end") {
      }
    } else if (word != "$dumpvars" && word != "$dumpall" && word != "$dumpon" && word != "$dumpoff" && word != "$end") {
      words_.fail(DiagnosticCode::file_format, "'" + word.substr(0, 40) + "' has no place among the changes");
    }
  }
  std::uint32_t signal(const std::string& code) const {
    const auto found = header_.signals.find(code);
    if (found == header_.signals.end())
      words_.fail(DiagnosticCode::file_format, "no variable has the code '" + code.substr(0, 40) + "'");
    return found->second;
  }
  static char digit(char c) {
    return c == '0' || c == 'l' || c == 'L' ? '0' : c == '1' || c == 'h' || c == 'H' ? '1' : 'x';
  }

  void scalar(const std::string& word) {
    const std::uint32_t s = signal(word.substr(1));
    set(s, std::string_view(word).substr(0, 1));
  }
  void vector(const std::string& word) {
    const std::string value = word.substr(1);
    if (value.empty() || value.find_first_not_of("01xXzZuUwWlLhH-") != std::string::npos)
      words_.fail(DiagnosticCode::file_format, "'" + word.substr(0, 40) + "' is no value of a vector");
    const std::uint32_t s = signal(words_.needed("the code of a variable"));
    if (value.size() > widths_[s])
      words_.fail(DiagnosticCode::shape_mismatch, "a value of " + std::to_string(value.size()) +
                                                      " bits for a variable of " + std::to_string(widths_[s]));
    set(s, value);
  }
  void set(std::uint32_t s, std::string_view value) {
    for (const Tap& tap : taps_[s]) {
      const char left = digit(value.front());
      const char bit = tap.bit < value.size() ? digit(value[value.size() - 1 - tap.bit]) : left == 'x' ? 'x' : '0';
      changes_.emplace_back(tap.output, bit);
    }
    if (s == clock_) next_clock_ = digit(value.back());
  }

  /// The end of a time step: if the clock has risen in it, what was before it is a sample.
  void step() {
    if (clock_now_ == '0' && next_clock_ == '1') {
      note(now_, waves.value, waves.unknown);
      if (!waves.falling_value.empty()) note(at_fall_, waves.falling_value, waves.falling_unknown);
      ++waves.cycles;
    } else if (clock_now_ != '0' && next_clock_ == '0' && !waves.falling_value.empty()) {
      at_fall_ = now_;
    }
    clock_now_ = next_clock_;
    for (const auto& [output, bit] : changes_) now_[output] = bit;
    changes_.clear();
  }

  void note(const std::vector<char>& bits, std::vector<std::vector<std::uint64_t>>& value,
            std::vector<std::vector<std::uint64_t>>& unknown) const {
    const unsigned lane = waves.cycles % 64;
    for (std::size_t i = 0; i < bits.size(); ++i) {
      if (lane == 0) {
        value[i].push_back(0);
        unknown[i].push_back(0);
      }
      value[i].back() |= std::uint64_t{bits[i] == '1'} << lane;
      unknown[i].back() |= std::uint64_t{bits[i] == 'x'} << lane;
    }
  }

  Words& words_;
  const Header& header_;
  std::vector<std::vector<Tap>> taps_;
  std::vector<unsigned> widths_;
  std::uint32_t clock_ = 0;
  char clock_now_ = 'x', next_clock_ = 'x';
  std::vector<char> now_, at_fall_;
  std::vector<std::pair<std::size_t, char>> changes_;
  unsigned long long time_ = 0;
};

/// Where one port's bits lie in a scope; empty if they are not all there.
std::optional<std::vector<std::pair<std::size_t, unsigned>>> find_port(const std::vector<VcdVariable>& variables,
                                                                       const std::vector<std::size_t>& scope,
                                                                       const Port& port) {
  std::vector<std::pair<int, std::size_t>> single;
  for (std::size_t v : scope) {
    const VcdVariable& variable = variables[v];
    if (variable.name != port.name) continue;
    if (variable.indexed && variable.width == 1 && port.bits.size() > 1) {
      single.emplace_back(variable.low, v);
      continue;
    }
    if (variable.width != port.bits.size() || variable.real)
      throw InputError(DiagnosticCode::shape_mismatch, variable.where,
                       "port " + port.name + " has " + std::to_string(port.bits.size()) +
                           (port.bits.size() == 1 ? " bit" : " bits") + " in the netlist, " +
                           (variable.real ? "but is a real here" : std::to_string(variable.width) + " here"));
    std::vector<std::pair<std::size_t, unsigned>> bits;
    for (unsigned b = 0; b < variable.width; ++b) bits.emplace_back(v, b);
    return bits;
  }
  std::sort(single.begin(), single.end());
  if (single.size() != port.bits.size()) return {};
  std::vector<std::pair<std::size_t, unsigned>> bits;
  for (const auto& [index, v] : single) bits.emplace_back(v, 0);
  return bits;
}

class Matcher {
 public:
  Matcher(const std::string& file, const Netlist& netlist, const std::vector<NetId>& inputs, const std::string& scope,
          const std::string& clock)
      : file_(file), netlist_(netlist), inputs_(inputs), scope_(scope), clock_(clock) {}

  VcdSelection select(const std::vector<VcdVariable>& variables) const {
    const Port* named = clock_.empty() ? nullptr : netlist_.find_port(clock_);
    if (!clock_.empty() && (!named || !named->input))
      throw InputError(DiagnosticCode::unknown_choice, {netlist_.file, 1, 1},
                       "module " + netlist_.module + " has no input '" + clock_ + "' that could be its clock");
    if (named && netlist_.clock != kNoNet && !is_clock(netlist_, *named))
      throw InputError(DiagnosticCode::conflict, {netlist_.file, 1, 1},
                       "the flip-flops of module " + netlist_.module + " are clocked by " +
                           netlist_.nets[netlist_.clock].name + ", not by " + clock_);
    std::map<std::string, std::vector<std::size_t>> scopes;
    for (std::size_t v = 0; v < variables.size(); ++v) scopes[variables[v].scope].push_back(v);
    const std::vector<std::size_t>* best = nullptr;
    std::size_t best_score = 0, best_depth = 0;
    std::string missing;
    std::size_t least_missing = netlist_.ports.size() + 1;
    for (const auto& [name, members] : scopes) {
      if (!scope_.empty() && name != scope_) continue;
      std::size_t score = 0, absent = 0;
      std::string first_absent;
      for (const Port& port : netlist_.ports) {
        const bool there =
            std::any_of(members.begin(), members.end(), [&](std::size_t v) { return variables[v].name == port.name; });
        score += there;
        if (there || !port.input || !needed(port)) continue;
        ++absent;
        if (first_absent.empty()) first_absent = port.name;
      }
      const auto depth = static_cast<std::size_t>(std::count(name.begin(), name.end(), '.'));
      if (absent > 0) {
        if (absent < least_missing)
          missing = "input " + first_absent + " is not in scope " + (name.empty() ? "(top)" : name);
        least_missing = std::min(least_missing, absent);
      } else if (!best || std::make_pair(score, depth) > std::make_pair(best_score, best_depth)) {
        best = &members;
        best_score = score;
        best_depth = depth;
      }
    }
    if (!best)
      throw InputError(
          DiagnosticCode::shape_mismatch, {file_, 1, 1},
          "no scope of this dump has all inputs of module " + netlist_.module +
              (missing.empty() ? scope_.empty() ? "" : ": there is no scope " + scope_ : "; nearest: " + missing),
          "dump the ports of the module, or name their scope with --scope");
    return bind(variables, *best);
  }

 private:
  static bool is_clock(const Netlist& netlist, const Port& port) {
    return std::find(port.bits.begin(), port.bits.end(), netlist.clock) != port.bits.end();
  }
  bool needed(const Port& port) const {
    if (port.name == clock_ || is_clock(netlist_, port)) return true;
    return std::any_of(port.bits.begin(), port.bits.end(),
                       [&](NetId n) { return std::find(inputs_.begin(), inputs_.end(), n) != inputs_.end(); });
  }
  VcdSelection bind(const std::vector<VcdVariable>& variables, const std::vector<std::size_t>& scope) const {
    VcdSelection selection;
    std::map<NetId, std::pair<std::size_t, unsigned>> by_net;
    std::optional<std::pair<std::size_t, unsigned>> clock;
    for (const Port& port : netlist_.ports) {
      if (!port.input || !needed(port)) continue;
      const auto bits = find_port(variables, scope, port);
      if (!bits)
        throw InputError(DiagnosticCode::shape_mismatch, {file_, 1, 1},
                         "not all bits of input " + port.name + " are in this dump");
      for (std::size_t b = 0; b < port.bits.size(); ++b) {
        by_net[port.bits[b]] = (*bits)[b];
        if (port.bits[b] == netlist_.clock || (netlist_.clock == kNoNet && port.name == clock_)) clock = (*bits)[b];
      }
    }
    if (!clock)
      throw InputError(DiagnosticCode::missing_key, {netlist_.file, 1, 1},
                       "module " + netlist_.module + " has no flip-flops, so no clock says when to sample the dump",
                       "name a clock port of the module with --clock");
    if (variables[clock->first].width != 1)
      throw InputError(DiagnosticCode::shape_mismatch, variables[clock->first].where,
                       "the clock is a bit of a vector, which is not supported");
    selection.clock = clock->first;
    for (NetId net : inputs_) selection.bits.push_back(by_net.at(net));
    for (const Instance& instance : netlist_.cells)
      for (const FlipFlop& flip_flop : instance.cell->flip_flops)
        selection.falling = selection.falling || !clocked_by_rising_edge(netlist_, instance, flip_flop);
    return selection;
  }

  const std::string& file_;
  const Netlist& netlist_;
  const std::vector<NetId>& inputs_;
  const std::string &scope_, &clock_;
};

}  // namespace

SampledWaves sample_vcd(std::istream& in, const std::string& file,
                        const std::function<VcdSelection(const std::vector<VcdVariable>&)>& select) {
  Words words(in, file);
  Header header(words);
  header.read();
  Sampler sampler(words, header, select(header.variables));
  sampler.read();
  return std::move(sampler.waves);
}

SampledWaves read_vcd_inputs(const std::string& path, const Netlist& netlist, const std::vector<NetId>& inputs,
                             const std::string& scope, const std::string& clock) {
  std::error_code error;
  if (!std::filesystem::exists(path, error))
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "there is no such file");
  if (std::filesystem::is_directory(path, error))
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1}, "this is a folder, not a file");
  std::ifstream in(path, std::ios::binary);
  if (!in)
    throw InputError(DiagnosticCode::file_not_found, {path, 1, 1},
                     std::string("the file cannot be read: ") + std::strerror(errno));
  const Matcher matcher(path, netlist, inputs, scope, clock);
  return sample_vcd(in, path, [&](const std::vector<VcdVariable>& variables) { return matcher.select(variables); });
}

}  // namespace szilard::gate_level
