#include "cli/options.h"

#include "base/text.h"

namespace vigie::cli {

Format format_of(const std::string& name) {
  return name == "json"       ? Format::json
         : name == "csv"      ? Format::csv
         : name == "markdown" ? Format::markdown
                              : Format::table;
}

CLI::Option* refuse_empty(CLI::Option* option) {
  return option->check([](const std::string& given) {
    return given.empty() ? std::string("the text is empty; give it a value, or leave the option out") : std::string();
  });
}

void add_format(CLI::App& command, std::string& format, const std::vector<std::string>& known) {
  // The check names the values itself, in both languages; CLI11's would add its own list to the help.
  const auto check = [known](const std::string& given) {
    if (std::ranges::find(known, given) != known.end()) return std::string();
    return fmt::format("\"{}\" is no format; {}", given, suggestion(given, known));
  };
  command.add_option("--format", format, join(known, ", "))->check(check)->capture_default_str();
}

}  // namespace vigie::cli
