// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <string>
#include <sys/types.h>

namespace szilard::process {

/// Readies the memory of a process that has loaded what its children share and is about to fork many of them: gives
/// back what it has freed, and lets what is taken from now on, here and there, come in large pages. A fork then copies
/// fewer page tables, a child faults less and ends sooner. No figure depends on it; without effect where C library or
/// kernel know no way.
void settle_memory();

/// A function that runs in a process of its own, forked by the constructor, and whose text comes back through a pipe:
/// one simulation is one process, since SystemC's kernel is process-wide. What is loaded already is shared with it. The
/// process dies with its parent; a terminal's interrupt is left to the parent.
class ChildProcess {
 public:
  struct End {
    std::string text;
    int signal = 0;  ///< that ended it; 0: it ended by itself
    int code = 0;    ///< exit code
    /// "was ended by signal 9", "ended with code 1"; empty if it ended well.
    std::string trouble() const;
  };

  enum class Start { at_once, when_told };

  /// Throws EnvironmentError if no process can be made. `work` must not throw. A process that starts when told is there
  /// already, which hides what making it costs behind the work of others.
  explicit ChildProcess(const std::function<std::string()>& work, Start start = Start::at_once);
  /// Ends the process if it still runs.
  ~ChildProcess();
  ChildProcess(ChildProcess&& other) noexcept;
  ChildProcess& operator=(ChildProcess&&) = delete;

  /// Lets the work begin, where it starts when told.
  void begin();
  /// For poll(): readable when there is text, or the end.
  int descriptor() const { return pipe_; }
  /// Takes what is there (waits for something); true once there is no more.
  bool read_some();
  /// Reads to the end; waits for the process only where that ended before it had said all.
  End finish();

 private:
  pid_t process_ = -1;
  int pipe_ = -1;
  int start_ = -1;  ///< the event that the process waits for
  bool at_end_ = false;
  std::string text_;
};

}  // namespace szilard::process
