// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/process/child_process.hpp"

#include <catch2/catch.hpp>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fstream>
#include <poll.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <unistd.h>
#include <utility>

#include "models/support/diagnostics.hpp"

using namespace szilard;
using process::ChildProcess;

namespace {

bool is_readable_within(const ChildProcess& child, int milliseconds) {
  pollfd descriptor{child.descriptor(), POLLIN, 0};
  return ::poll(&descriptor, 1, milliseconds) > 0;
}

bool is_there(pid_t process) { return ::kill(process, 0) == 0 || errno != ESRCH; }

pid_t youngest_child() {
  std::ifstream file("/proc/self/task/" + std::to_string(getpid()) + "/children");
  pid_t child = 0, next = 0;
  while (file >> next) child = next;
  return child;
}

/// An integer that a process and its children share.
class Shared {
 public:
  Shared()
      : place_(static_cast<volatile int*>(
            mmap(nullptr, sizeof(int), PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0))) {}
  ~Shared() { munmap(const_cast<int*>(place_), sizeof(int)); }
  Shared(const Shared&) = delete;
  Shared& operator=(const Shared&) = delete;
  volatile int& operator*() const { return *place_; }

 private:
  volatile int* place_;
};

}  // namespace

TEST_CASE("a process's text comes back whole, whatever bytes and however many") {
  std::string text(3 << 20, '\0');
  for (std::size_t i = 0; i < text.size(); ++i) text[i] = char(i * 31 + (i >> 8));
  ChildProcess child([&] { return text; });
  const ChildProcess::End end = child.finish();
  CHECK(end.trouble().empty());
  CHECK((end.text == text));
  CHECK(ChildProcess([] { return std::string(); }).finish().trouble().empty());
}

TEST_CASE("a process sees what was loaded before it, and changes nothing of it here") {
  int loaded = 41;
  ChildProcess child([&] { return std::to_string(++loaded); });
  CHECK(child.finish().text == "42");
  CHECK(loaded == 41);
}

TEST_CASE("a process that starts when told does nothing before") {
  const Shared begun;
  ChildProcess child(
      [&] {
        *begun = 1;
        return std::string("done");
      },
      ChildProcess::Start::when_told);
  CHECK_FALSE(is_readable_within(child, 100));
  CHECK(*begun == 0);
  ChildProcess moved = std::move(child);
  moved.begin();
  moved.begin();  // once is enough, twice is no harm
  CHECK(moved.finish().text == "done");
  CHECK(*begun == 1);
}

TEST_CASE("a process ends with its owner, at work or never told to start") {
  for (const ChildProcess::Start start : {ChildProcess::Start::at_once, ChildProcess::Start::when_told}) {
    pid_t process = 0;
    {
      const ChildProcess child(
          []() -> std::string {
            for (;;) pause();
          },
          start);
      process = youngest_child();
      REQUIRE(process > 0);
      CHECK(is_there(process));
    }
    CHECK_FALSE(is_there(process));
  }
}

TEST_CASE("a process killed while it waits is told by its signal, and telling it to start is no harm") {
  ChildProcess child([] { return std::string("never"); }, ChildProcess::Start::when_told);
  const pid_t victim = youngest_child();
  REQUIRE(victim > 0);
  ::kill(victim, SIGKILL);
  REQUIRE(is_readable_within(child, 5000));
  child.begin();
  const ChildProcess::End end = child.finish();
  CHECK(end.signal == SIGKILL);
  CHECK(end.trouble() == "was ended by signal 9");
  CHECK(end.text.empty());
}

TEST_CASE("a process that ends before it has said all is in trouble, and says how") {
  ChildProcess coded([]() -> std::string { _exit(7); });
  CHECK(coded.finish().trouble() == "ended with code 7");
  ChildProcess aborted([]() -> std::string {
    std::signal(SIGABRT, SIG_DFL);
    const rlimit none = {0, 0};
    setrlimit(RLIMIT_CORE, &none);
    ::kill(getpid(), SIGABRT);
    return "";
  });
  CHECK(aborted.finish().trouble() == "was ended by signal 6");
}

TEST_CASE("where no descriptor is left a process is refused as a fault of the environment, and none leaks") {
  rlimit before = {};
  getrlimit(RLIMIT_NOFILE, &before);
  const int next = ::open("/dev/null", O_RDONLY);
  ::close(next);
  for (const rlim_t room : {0, 1, 2}) {  // nothing, half a pipe, a pipe without an event
    const rlimit few = {rlim_t(next) + room, before.rlim_max};
    setrlimit(RLIMIT_NOFILE, &few);
    std::string message;
    try {
      ChildProcess child([] { return std::string(); }, ChildProcess::Start::when_told);
    } catch (const support::EnvironmentError& error) {
      message = error.what();
    }
    setrlimit(RLIMIT_NOFILE, &before);
    INFO(room);
    CHECK(message.find("Too many open files") != std::string::npos);
    const int after = ::open("/dev/null", O_RDONLY);
    ::close(after);
    CHECK(after == next);
  }
}
