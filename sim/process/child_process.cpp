// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/process/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <deque>
#include <iostream>
#include <malloc.h>
#include <sched.h>
#include <sys/eventfd.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "models/support/diagnostics.hpp"

namespace szilard::process {
namespace {

constexpr char kComplete = '\6';  // after the last byte of the text

/// Processes that have said all and are giving their memory back, which takes milliseconds that nobody need wait for.
std::deque<pid_t>& leaving() {
  static std::deque<pid_t> processes;
  return processes;
}

void reap_some() {
  constexpr std::size_t kMost = 16;
  std::deque<pid_t>& processes = leaving();
  for (std::size_t count = processes.size(); count-- > 0;) {
    const pid_t process = processes.front();
    processes.pop_front();
    const int how = processes.size() < kMost ? WNOHANG : 0;
    pid_t reaped = 0;
    while ((reaped = waitpid(process, nullptr, how)) < 0 && errno == EINTR) continue;
    if (reaped == 0) processes.push_back(process);
  }
}

void send(int pipe, const std::string& text) {
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t wrote = ::write(pipe, text.data() + sent, text.size() - sent);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) return;
    sent += std::size_t(wrote);
  }
}

void close_if_open(int& descriptor) {
  if (descriptor >= 0) close(std::exchange(descriptor, -1));
}

/// `start`: the event that lets the work begin; negative: it may.
[[noreturn]] void be_child(int pipe, int start, pid_t parent, const std::function<std::string()>& work) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  if (getppid() != parent) _exit(0);  // it died before the line above
  std::signal(SIGINT, SIG_IGN);
  std::signal(SIGTERM, SIG_DFL);
  if (start >= 0) {
    eventfd_t times = 0;
    while (eventfd_read(start, &times) != 0 && errno == EINTR) continue;
    close(start);
  }
  send(pipe, work() + kComplete);
  close(pipe);
  sched_yield();  // the parent goes on before memory is given back
  _exit(0);       // buffers of streams are the parent's: it writes them
}

}  // namespace

void settle_memory() {
#ifdef __GLIBC__
  constexpr int kRoom = 256 << 20, kLargestInHeap = 32 << 20;
  constexpr std::uintptr_t kLargePage = 2 << 20;
  // Children take blocks from the heap's end, not from mappings of their own, and keep what they have freed.
  mallopt(M_MMAP_THRESHOLD, kLargestInHeap);
  mallopt(M_TRIM_THRESHOLD, 4 * kRoom);
  mallopt(M_TOP_PAD, kRoom);
  malloc_trim(0);
  const auto before = reinterpret_cast<std::uintptr_t>(sbrk(0));
  void* volatile block = std::malloc(kLargestInHeap - 4096);  // moves the heap's end, by the room and this
  std::free(block);
  const auto end = reinterpret_cast<std::uintptr_t>(sbrk(0));
  const std::uintptr_t start = (before + kLargePage - 1) / kLargePage * kLargePage;
  if (start < end) madvise(reinterpret_cast<void*>(start), end - start, MADV_HUGEPAGE);
#endif
}

std::string ChildProcess::End::trouble() const {
  if (signal != 0) return "was ended by signal " + std::to_string(signal);
  return code != 0 ? "ended with code " + std::to_string(code) : "";
}

ChildProcess::ChildProcess(const std::function<std::string()>& work, Start start) {
  reap_some();
  int ends[2];
  if (pipe(ends) != 0) throw support::EnvironmentError(std::string("cannot make a pipe: ") + std::strerror(errno));
  if (start == Start::when_told && (start_ = eventfd(0, EFD_CLOEXEC)) < 0) {
    const int reason = errno;
    close(ends[0]), close(ends[1]);
    throw support::EnvironmentError(std::string("cannot make an event: ") + std::strerror(reason));
  }
  std::cout.flush();
  std::cerr.flush();
  const pid_t parent = getpid();
  process_ = fork();
  if (process_ == 0) {
    close(ends[0]);
    be_child(ends[1], start_, parent, work);
  }
  const int reason = errno;
  close(ends[1]);
  pipe_ = ends[0];
  if (process_ < 0) {
    close_if_open(pipe_), close_if_open(start_);
    throw support::EnvironmentError(std::string("cannot start a process: ") + std::strerror(reason));
  }
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : process_(std::exchange(other.process_, -1)),
      pipe_(std::exchange(other.pipe_, -1)),
      start_(std::exchange(other.start_, -1)),
      at_end_(other.at_end_),
      text_(std::move(other.text_)) {}

ChildProcess::~ChildProcess() {
  close_if_open(pipe_), close_if_open(start_);
  if (process_ < 0) return;
  kill(process_, SIGKILL);
  while (waitpid(process_, nullptr, 0) < 0 && errno == EINTR) continue;
}

void ChildProcess::begin() {
  if (start_ >= 0) eventfd_write(start_, 1);
  close_if_open(start_);
}

bool ChildProcess::read_some() {
  char buffer[1 << 16];
  const ssize_t got = read(pipe_, buffer, sizeof buffer);
  if (got > 0) text_.append(buffer, std::size_t(got));
  at_end_ = got == 0 || (got < 0 && errno != EINTR);
  return at_end_;
}

ChildProcess::End ChildProcess::finish() {
  while (!at_end_) read_some();
  End end;
  if (!text_.empty() && text_.back() == kComplete) {
    text_.pop_back();
    leaving().push_back(std::exchange(process_, -1));
    end.text = std::move(text_);
    return end;
  }
  int status = 0;
  while (waitpid(process_, &status, 0) < 0 && errno == EINTR) continue;
  process_ = -1;
  if (WIFSIGNALED(status)) end.signal = WTERMSIG(status);
  else end.code = WEXITSTATUS(status);
  end.text = std::move(text_);
  return end;
}

}  // namespace szilard::process
