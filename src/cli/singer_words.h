#pragma once
#include <CLI/CLI.hpp>

#include "base/decimal.h"
#include "base/text.h"
#include "cli/commands.h"

namespace vigie::cli {

/// The words of `vigie ingest`, as they are typed; options() once they are read.
struct SingerWords {
  SingerOptions read;
  std::string kind;
  std::vector<std::string> maps;

  void add_to(CLI::App& command) {
    const auto not_empty = [](const std::string& given) {
      return given.empty() ? std::string("the text is empty; give it a value, or leave the option out") : std::string();
    };
    command
        .add_option("KIND", kind,
                    either("singer: the messages of a Singer tap, on standard input",
                           "singer : les messages d'un tap Singer, sur l'entrée standard"))
        ->required()
        ->check([](const std::string& given) {
          return given == "singer" ? std::string() : fmt::format("\"{}\" is no kind of stream; known: singer", given);
        });
    command
        .add_option("--preset", read.preset,
                    either("the product that the tap reads: hubspot, stripe, shopify…",
                           "le produit que lit le tap : hubspot, stripe, shopify…"))
        ->check(not_empty);
    command
        .add_option("--map", maps,
                    either("instead, the map of a stream: STREAM=FILE; may be given again",
                           "sinon, la carte d'un flux : FLUX=FICHIER ; peut être répétée"))
        ->take_all()
        ->allow_extra_args(false)
        ->check([](const std::string& given) {
          const auto equals = given.find('=');
          const bool both = equals != std::string::npos && equals > 0 && equals + 1 < given.size();
          return both ? std::string() : fmt::format("\"{}\" names no stream and map; write STREAM=FILE", given);
        });
    command
        .add_option("--tap", read.tap,
                    either("name under which its rows and STATE are kept; default: the preset's",
                           "nom sous lequel ses lignes et son STATE sont gardés ; par défaut celui du préréglage"))
        ->check([](const std::string& given) {
          return is_plain_name(given) ? std::string()
                                      : fmt::format("\"{}\" cannot be the name of a tap; write a-z, 0-9 and _", given);
        });
    command.add_flag(
        "--state", read.only_state,
        either("print the STATE that is kept, for tap --state", "afficher le STATE gardé, pour tap --state"));
    command.add_option("--piece", read.piece, either("lines that are kept at once", "lignes gardées d'un seul coup"))
        ->check([](const std::string& given) {
          const auto lines = whole_number(given);
          return lines && *lines >= 1 && *lines <= 1'000'000
                     ? std::string()
                     : fmt::format("\"{}\" is no whole number from 1 to 1000000", given);
        })
        ->capture_default_str();
    command
        .add_option("--max-deleted", read.max_deleted,
                    either("share of a stream's rows that a new version may delete",
                           "part des lignes d'un flux qu'une nouvelle version peut supprimer"))
        ->check([](const std::string& given) {
          const auto share = Decimal::parse(given);
          return share && share->to_double() >= 0 && share->to_double() <= 1
                     ? std::string()
                     : fmt::format("\"{}\" is no share from 0 to 1", given);
        })
        ->capture_default_str();
  }

  SingerOptions options() const {
    SingerOptions out = read;
    for (const std::string& map : maps) out.maps[map.substr(0, map.find('='))] = map.substr(map.find('=') + 1);
    return out;
  }
};

}  // namespace vigie::cli
