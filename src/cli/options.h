#pragma once
// Private to the command itself: options that several commands take.
#include <CLI/CLI.hpp>

#include "cli/commands.h"
#include "cli/language.h"

namespace vigie::cli {

Format format_of(const std::string& name);

/// A variable of a script that is not set is no reason to answer something else than what is asked.
CLI::Option* refuse_empty(CLI::Option* option);

template <class Folder>
void add_workspace(CLI::App& command, Folder& folder) {
  refuse_empty(
      command.add_option("-w,--workspace", folder, either("workspace folder", "dossier de l'espace de travail")))
      ->capture_default_str();
}

void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& known);

}  // namespace vigie::cli
