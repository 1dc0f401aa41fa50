#pragma once
#include <filesystem>
#include <string>

namespace vigie::workspace {

/// What an answer rests on beside its question and the clock, told without opening anything. Two are alike only where
/// what is behind them is: an empty one could not be told, and is like none.
struct Basis {
  std::string program;      ///< the command and the libraries it runs with
  std::string definitions;  ///< vigie.yaml, the model, the catalogue, the workspace's own definitions
  std::string data;         ///< the warehouse, as its last writer closed it
  bool known() const { return !program.empty() && !definitions.empty() && !data.empty(); }
  bool operator==(const Basis&) const = default;
};
/// Of a workspace that nobody changes meanwhile: who asks holds its lock.
Basis basis_of(const std::filesystem::path& workspace);

/// The zone in the tz database of this machine; empty where it is not there.
std::string zone_version(const std::string& name);

}  // namespace vigie::workspace
