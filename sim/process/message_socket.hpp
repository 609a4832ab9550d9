// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace szilard::process {

/// A TCP connection that carries messages: each its length in four bytes, most significant first, then its bytes. A
/// peer whose host is gone without a word is given up after half a minute.
class MessageSocket {
 public:
  /// Tries the addresses in order, each for at most `timeout_s`. None if no one answers.
  static std::optional<MessageSocket> connect(const std::vector<std::string>& addresses, int port, double timeout_s);

  explicit MessageSocket(int descriptor);
  ~MessageSocket();
  MessageSocket(MessageSocket&& other) noexcept;
  MessageSocket& operator=(MessageSocket&&) = delete;

  int descriptor() const { return descriptor_; }
  /// False if the peer is gone.
  bool send(std::string_view message);
  /// Takes what has arrived, without waiting; false once the peer is gone.
  bool read_some();
  /// The next whole message of what was read.
  std::optional<std::string> next();
  /// Waits for a message; none if the peer is gone or says nothing for `timeout_s`.
  std::optional<std::string> receive(double timeout_s);

 private:
  int descriptor_;
  std::string buffer_;
  bool broken_ = false;
};

/// A port of this host, chosen by the system, that others connect to.
class MessageListener {
 public:
  /// `loopback`: for processes of this host only. Throws EnvironmentError.
  explicit MessageListener(bool loopback);
  ~MessageListener();
  MessageListener(const MessageListener&) = delete;
  MessageListener& operator=(const MessageListener&) = delete;

  int descriptor() const { return descriptor_; }
  int port() const { return port_; }
  /// A connection that waits; none if there is none.
  std::optional<MessageSocket> accept();

 private:
  int descriptor_ = -1;
  int port_ = 0;
};

/// IPv4 addresses of this host, 127.0.0.1 left out.
std::vector<std::string> own_addresses();

}  // namespace szilard::process
