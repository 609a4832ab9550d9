// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/process/message_socket.hpp"

#include <catch2/catch.hpp>
#include <csignal>
#include <poll.h>
#include <random>

using namespace szilard::process;

namespace {

struct Pair {
  MessageListener listener{true};
  MessageSocket here, there;

  Pair() : here(connected()), there(*accepted()) {}

 private:
  MessageSocket connected() { return *MessageSocket::connect({"127.0.0.1"}, listener.port(), 5); }
  std::optional<MessageSocket> accepted() {
    pollfd descriptor{listener.descriptor(), POLLIN, 0};
    ::poll(&descriptor, 1, 5000);
    return listener.accept();
  }
};

}  // namespace

TEST_CASE("messages arrive whole and in order, whatever bytes they hold") {
  Pair pair;
  const unsigned seed = std::random_device()();
  INFO("seed " << seed);
  std::mt19937 random(seed);
  std::vector<std::string> sent = {"", "a", std::string(1, '\0'), "\n\n"};
  for (int i = 0; i < 20; ++i) {
    std::string message(random() % 5000, ' ');
    for (char& c : message) c = char(random());
    sent.push_back(message);
  }
  for (const std::string& message : sent) REQUIRE(pair.here.send(message));
  for (const std::string& message : sent) {
    const std::optional<std::string> got = pair.there.receive(5);
    REQUIRE(got);
    CHECK((*got == message));
  }
  CHECK_FALSE(pair.there.next());
}

TEST_CASE("a peer that is gone is noticed on both ways") {
  Pair pair;
  { const MessageSocket gone = std::move(pair.there); }
  CHECK_FALSE(pair.here.receive(5));
  CHECK_FALSE(pair.here.read_some());
  bool sends = true;
  for (int tries = 0; sends && tries < 100; ++tries) sends = pair.here.send("anyone?");
  CHECK_FALSE(sends);
}

TEST_CASE("a peer that says nothing is not waited for beyond the time given") {
  Pair pair;
  CHECK_FALSE(pair.here.receive(0.05));
}

TEST_CASE("where no one listens there is no connection") {
  int port = 0;
  {
    const MessageListener gone(true);
    port = gone.port();
  }
  CHECK_FALSE(MessageSocket::connect({"127.0.0.1"}, port, 0.5));
  CHECK_FALSE(MessageSocket::connect({}, port, 0.5));
  CHECK_FALSE(MessageSocket::connect({"no address"}, port, 0.5));
}

TEST_CASE("the first address that answers is taken") {
  const MessageListener listener(true);
  CHECK(MessageSocket::connect({"no address", "127.0.0.1"}, listener.port(), 5));
}
