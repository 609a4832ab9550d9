// SPDX-FileCopyrightText: the szilard authors
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <poll.h>

#include <functional>
#include <list>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "sim/process/message_socket.hpp"
#include "sim/study/point_run.hpp"

namespace szilard::study {

/// This process as one of those that OpenMPI's mpirun or Slurm's srun started. Ranks talk over connections of their own
/// and no MPI call is made, so that a rank may die without the others (docs/adr/0004-ranks-without-mpi-calls.md).
struct Rank {
  int number = 0;
  bool one_host = true;
  std::string job;  ///< the same in all ranks of one mpirun or srun, another in the next
};

/// None where this process was started alone. Throws InputError where it is one of several of another launcher (MPICH's
/// Hydra and what else speaks PMI): these would each run the whole study.
std::optional<Rank> own_rank();

/// Rank 0's side: hands out points, takes outcomes, and gives back the points of a rank whose connection has ended.
class RankServer {
 public:
  struct Study {
    std::function<std::optional<Claim>()> claim;
    std::function<void(const Claim&, const Outcome&)> take;
    std::function<void(const Claim&)> give_back;
    std::function<std::optional<Metrics>(const std::string& address)> find;
  };

  /// `identity` is what all ranks must have in common. Writes where it can be reached into the folder.
  RankServer(const std::string& directory, const Rank& rank, const std::string& identity, Study study);
  /// Tells the ranks to stop, with end() before: that all is done.
  ~RankServer();
  RankServer(const RankServer&) = delete;
  RankServer& operator=(const RankServer&) = delete;

  void add_descriptors(std::vector<pollfd>& ends) const;
  /// Takes what has arrived and hands out open points, without waiting.
  void serve();
  std::size_t running() const;
  void end();

 private:
  struct Peer {
    process::MessageSocket socket;
    std::string name;  ///< "rank 2 on node17"; empty: has not said who it is
    std::size_t jobs = 0;
    std::map<std::int64_t, Claim> claims;
  };
  bool handle(Peer& peer, const std::string& message);
  bool greet(Peer& peer, const std::string& message);
  void publish(bool ended) const;

  std::string path_, job_, identity_, token_;
  Study study_;
  process::MessageListener listener_;
  bool one_host_, ended_ = false;
  double last_point_s_ = 1e9;  ///< how long the point lasted that came in last
  std::list<Peer> peers_;
};

/// The other ranks' side: a connection to rank 0, with which a rank runs what it is given.
class RankClient {
 public:
  /// Waits until rank 0 can be reached. Throws EnvironmentError if it never can, InputError if it has another study.
  RankClient(const std::string& directory, const Rank& rank, const std::string& identity, std::size_t jobs);

  bool is_over() const { return !socket_; }
  int descriptor() const { return socket_->descriptor(); }
  /// Points that arrived; sets is_over() once rank 0 has nothing more. Throws EnvironmentError if it is gone.
  std::vector<Claim> read();
  void send(const Claim& claim, const Outcome& outcome);
  /// Asks for a result that is there already, over a connection of its own: for the processes of points.
  std::optional<Metrics> find(const std::string& address) const;
  /// Whether rank 0 ended because all was done.
  bool ended_well() const { return ended_well_; }

 private:
  std::vector<std::string> addresses_;
  int port_ = 0;
  std::string token_;
  std::optional<process::MessageSocket> socket_;
  bool ended_well_ = false;
};

}  // namespace szilard::study
