// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#include "sim/process/message_socket.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>
#include <cstring>
#include <utility>

#include "models/support/diagnostics.hpp"

namespace szilard::process {
namespace {

constexpr std::size_t kHead = 4, kLongest = std::size_t(1) << 30;

void set(int descriptor, int level, int option, int value) {
  setsockopt(descriptor, level, option, &value, sizeof value);
}

bool wait(int descriptor, short events, double timeout_s) {
  pollfd end = {descriptor, events, 0};
  return ::poll(&end, 1, int(timeout_s * 1000)) > 0;
}

/// Connects without being caught by a host that drops what it gets.
bool connect_within(int descriptor, const sockaddr_in& address, double timeout_s) {
  const int flags = fcntl(descriptor, F_GETFL);
  fcntl(descriptor, F_SETFL, flags | O_NONBLOCK);
  if (::connect(descriptor, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    if (errno != EINPROGRESS || !wait(descriptor, POLLOUT, timeout_s)) return false;
    int error = 0;
    socklen_t size = sizeof error;
    if (getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &error, &size) != 0 || error != 0) return false;
  }
  fcntl(descriptor, F_SETFL, flags);
  return true;
}

}  // namespace

std::optional<MessageSocket> MessageSocket::connect(const std::vector<std::string>& addresses, int port,
                                                    double timeout_s) {
  for (const std::string& text : addresses) {
    sockaddr_in address = {};
    address.sin_family = AF_INET;
    address.sin_port = htons(std::uint16_t(port));
    if (inet_pton(AF_INET, text.c_str(), &address.sin_addr) != 1) continue;
    const int descriptor = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (descriptor < 0) continue;
    MessageSocket socket(descriptor);
    if (connect_within(descriptor, address, timeout_s)) return std::optional<MessageSocket>(std::move(socket));
  }
  return std::nullopt;
}

MessageSocket::MessageSocket(int descriptor) : descriptor_(descriptor) {
  set(descriptor, IPPROTO_TCP, TCP_NODELAY, 1);
  set(descriptor, SOL_SOCKET, SO_KEEPALIVE, 1);
  set(descriptor, IPPROTO_TCP, TCP_KEEPIDLE, 10);
  set(descriptor, IPPROTO_TCP, TCP_KEEPINTVL, 5);
  set(descriptor, IPPROTO_TCP, TCP_KEEPCNT, 4);
  set(descriptor, IPPROTO_TCP, TCP_USER_TIMEOUT, 30'000);
}

MessageSocket::~MessageSocket() {
  if (descriptor_ >= 0) close(descriptor_);
}

MessageSocket::MessageSocket(MessageSocket&& other) noexcept
    : descriptor_(std::exchange(other.descriptor_, -1)), buffer_(std::move(other.buffer_)), broken_(other.broken_) {}

bool MessageSocket::send(std::string_view message) {
  const std::uint32_t size = htonl(std::uint32_t(message.size()));
  std::string text(reinterpret_cast<const char*>(&size), kHead);
  text += message;
  for (std::size_t sent = 0; sent < text.size();) {
    const ssize_t wrote = ::send(descriptor_, text.data() + sent, text.size() - sent, MSG_NOSIGNAL);
    if (wrote < 0 && errno == EINTR) continue;
    if (wrote <= 0) {
      broken_ = true;
      return false;
    }
    sent += std::size_t(wrote);
  }
  return true;
}

bool MessageSocket::read_some() {
  char bytes[1 << 16];
  const ssize_t got = recv(descriptor_, bytes, sizeof bytes, MSG_DONTWAIT);
  if (got > 0) buffer_.append(bytes, std::size_t(got));
  else if (got == 0 || (errno != EAGAIN && errno != EINTR)) broken_ = true;
  return !broken_;
}

std::optional<std::string> MessageSocket::next() {
  if (buffer_.size() < kHead) return std::nullopt;
  std::uint32_t size = 0;
  std::memcpy(&size, buffer_.data(), kHead);
  size = ntohl(size);
  if (size > kLongest) {
    broken_ = true;
    buffer_.clear();
    return std::nullopt;
  }
  if (buffer_.size() < kHead + size) return std::nullopt;
  std::string message = buffer_.substr(kHead, size);
  buffer_.erase(0, kHead + size);
  return message;
}

std::optional<std::string> MessageSocket::receive(double timeout_s) {
  for (;;) {
    if (std::optional<std::string> message = next()) return message;
    if (broken_ || !wait(descriptor_, POLLIN, timeout_s)) return std::nullopt;
    read_some();
  }
}

MessageListener::MessageListener(bool loopback) {
  const auto fail = [](const char* what) {
    throw support::EnvironmentError(std::string(what) + ": " + std::strerror(errno));
  };
  descriptor_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (descriptor_ < 0) fail("cannot make a socket");
  sockaddr_in address = {};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(loopback ? INADDR_LOOPBACK : INADDR_ANY);
  socklen_t size = sizeof address;
  if (bind(descriptor_, reinterpret_cast<sockaddr*>(&address), size) != 0 || listen(descriptor_, SOMAXCONN) != 0 ||
      getsockname(descriptor_, reinterpret_cast<sockaddr*>(&address), &size) != 0) {
    close(descriptor_);
    fail("cannot listen for other ranks");
  }
  port_ = ntohs(address.sin_port);
}

MessageListener::~MessageListener() { close(descriptor_); }

std::optional<MessageSocket> MessageListener::accept() {
  const int descriptor = ::accept4(descriptor_, nullptr, nullptr, SOCK_CLOEXEC);
  return descriptor < 0 ? std::nullopt : std::optional<MessageSocket>(std::in_place, descriptor);
}

std::vector<std::string> own_addresses() {
  std::vector<std::string> addresses;
  ifaddrs* first = nullptr;
  if (getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* entry = first; entry; entry = entry->ifa_next) {
    if (!entry->ifa_addr || entry->ifa_addr->sa_family != AF_INET) continue;
    char text[INET_ADDRSTRLEN] = {};
    inet_ntop(AF_INET, &reinterpret_cast<const sockaddr_in*>(entry->ifa_addr)->sin_addr, text, sizeof text);
    if (std::string(text) != "127.0.0.1") addresses.push_back(text);
  }
  freeifaddrs(first);
  return addresses;
}

}  // namespace szilard::process
