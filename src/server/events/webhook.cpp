#include "server/events/webhook.h"

#include <ranges>

#include "base/hash.h"
#include "base/json_text.h"
#include "base/json_writer.h"
#include "base/text.h"
#include "base/yaml.h"
#include "base/yaml_folder.h"
#include "server/events/event_body.h"
#include "server/events/signature.h"

namespace vigie::events {
namespace {

namespace fs = std::filesystem;

constexpr std::int64_t kLongestTolerance = 86'400;

Result<Scheme> read_scheme(const YamlNode& root) {
  VIGIE_TRY(const YamlNode* node, root.require("scheme"));
  VIGIE_TRY(const std::string text, node->as_text());
  const std::vector<std::pair<std::string, Scheme>> known = {
      {"stripe", Scheme::stripe}, {"hubspot", Scheme::hubspot}, {"shopify", Scheme::shopify}, {"hmac", Scheme::hmac}};
  for (const auto& [name, scheme] : known)
    if (name == text) return scheme;
  return node->error("webhooks.option", fmt::format("scheme: \"{}\" is not known", text),
                     "known: stripe, hubspot, shopify, hmac");
}

/// What each provider has said of itself; the file may say otherwise of the ids.
void set_defaults(Webhook& webhook) {
  switch (webhook.scheme) {
    case Scheme::stripe: webhook.id = {"id"}; return;
    // HubSpot gives one eventId to several events.
    case Scheme::hubspot: webhook.id = {"eventId", "subscriptionId", "occurredAt"}; return;
    case Scheme::shopify:
      webhook.header = "X-Shopify-Hmac-Sha256";
      webhook.is_base64 = true;
      return;
    case Scheme::hmac: return;
  }
}

bool signs_a_time(const Webhook& webhook) {
  return webhook.scheme == Scheme::stripe || webhook.scheme == Scheme::hubspot || !webhook.timestamp_header.empty();
}

Result<> read_hmac(const YamlNode& root, Webhook& out) {
  for (const std::string_view own : {"header", "prefix", "encoding", "timestamp_header"})
    if (const YamlNode* node = root.find(own); node != nullptr && out.scheme != Scheme::hmac)
      return node->error("webhooks.option", fmt::format("{} is for scheme: hmac, and the others have their own", own));
  if (out.scheme != Scheme::hmac) return {};
  VIGIE_TRY(out.header, root.text("header"));
  VIGIE_TRY(out.prefix, root.text_or("prefix", ""));
  VIGIE_TRY(out.timestamp_header, root.text_or("timestamp_header", ""));
  VIGIE_TRY(const std::string encoding, root.text_or("encoding", "hex"));
  if (encoding != "hex" && encoding != "base64")
    return root.find("encoding")
        ->error("webhooks.option", fmt::format("encoding: \"{}\" is not known", encoding), "known: hex, base64");
  out.is_base64 = encoding == "base64";
  return {};
}

Result<> read_record(const YamlNode& root, Webhook& out) {
  if (const YamlNode* id = root.find("id")) {
    VIGIE_TRY(out.id, id->as_texts());
  }
  VIGIE_TRY(out.id_header, root.text_or("id_header", ""));
  if (!out.id_header.empty() && !signs_a_time(out))
    return root.find("id_header")
        ->error(
            "webhooks.option",
            "neither headers nor a time are signed here: who overhears a delivery could send it again under another "
            "id",
            "leave id_header out, and equal bodies come in once; or say id: a member of the event");
  VIGIE_TRY(out.take, root.text_or("take", ""));
  const YamlNode* keep = root.find("keep");
  if (keep == nullptr) return {};
  if (keep->kind() != YamlNode::Kind::mapping)
    return keep->error("webhooks.option", "keep is a mapping: name in the record → member of the event",
                       "write one a line: event_type: type");
  for (const auto& [name, member] : keep->entries()) {
    VIGIE_TRY(std::string as, name.as_text());
    VIGIE_TRY(std::string from, member.as_text());
    out.keep.emplace_back(std::move(as), std::move(from));
  }
  return {};
}

/// The member at the end of a path ("data.object.id"), as json_member gives it.
std::optional<std::string> member_at(std::string_view object, std::string_view path) {
  std::optional<std::string> at(object);
  for (const std::string& name : split(path, '.')) {
    if (!at) return std::nullopt;
    at = json_member(*at, name);
  }
  return at;
}

std::string id_of(const Webhook& webhook, const http::Request& request, std::string_view event, std::size_t place) {
  if (!webhook.id_header.empty()) {
    const std::string_view id = request.header(webhook.id_header);
    return id.empty() ? std::string() : fmt::format("{}/{}", id, place);
  }
  std::string out;
  for (const std::string& path : webhook.id) {
    const auto part = member_at(event, path);
    if (!part) return {};
    out += (out.empty() ? "" : "/") + *part;
  }
  return out;
}

/// What the map reads: the event, or a part of it, with what is to be kept beside it.
Result<std::string> record_of(const Webhook& webhook, const Piece& piece) {
  std::string record(piece.text);
  if (!webhook.take.empty()) {
    record = member_at(piece.text, webhook.take).value_or("");
    if (!record.starts_with('{'))
      return fail(ErrorKind::data, "webhooks.member",
                  fmt::format("line {}: the event holds no object at \"{}\"", piece.line, webhook.take),
                  {"body", piece.line, 1}, "have the provider send such events alone, or say another `take`");
  }
  std::string kept;
  for (const auto& [as, from] : webhook.keep) {
    const auto value = member_at(piece.text, from);
    JsonWriter(kept).text(as);
    kept += ':';
    JsonWriter(kept).text_or_null(value);
    kept += ',';
  }
  if (!kept.empty()) {
    const std::string rest = record.substr(record.find('{') + 1);
    if (trim(rest).starts_with('}')) kept.pop_back();
    record = "{" + kept + rest;
  }
  return on_one_line(record);
}

std::unexpected<Error> unusable(const std::string& name, const Error& because) {
  return fail(ErrorKind::unavailable, "webhooks.unusable",
              fmt::format("the webhook \"{}\" is not set up: {}", name, because.message), because.where, because.hint);
}

bool is_name(std::string_view name) {
  return !name.empty() && name.size() <= 64 && std::ranges::all_of(name, [](char c) {
    return is_digit(c) || (c >= 'a' && c <= 'z') || c == '_' || c == '-';
  });
}

}  // namespace

Result<Webhook> Webhook::load(const fs::path& file) {
  VIGIE_TRY(const YamlNode root, YamlNode::load_file(file, "webhooks/" + file.filename().string()));
  VIGIE_CHECK(root.known_keys({"description", "scheme", "secret", "map", "tolerance_seconds", "url", "header", "prefix",
                               "encoding", "timestamp_header", "id_header", "id", "take", "keep"}));
  Webhook out;
  out.name = file.stem().string();
  VIGIE_TRY(out.scheme, read_scheme(root));
  VIGIE_TRY(const YamlNode* secret, root.require("secret"));
  VIGIE_TRY(out.secret, Secret::read(*secret));
  VIGIE_TRY(out.map, root.text("map"));
  out.map_where = root.find("map")->where();
  VIGIE_TRY(const std::int64_t tolerance, root.int_or("tolerance_seconds", out.tolerance.count()));
  if (tolerance < 1 || tolerance > kLongestTolerance)
    return root.find("tolerance_seconds")
        ->error("webhooks.option", fmt::format("tolerance_seconds must be from 1 to {}", kLongestTolerance));
  out.tolerance = std::chrono::seconds(tolerance);
  set_defaults(out);
  VIGIE_CHECK(read_hmac(root, out));
  VIGIE_TRY(out.url, root.text_or("url", ""));
  if (out.scheme == Scheme::hubspot && out.url.empty())
    return root.error("webhooks.option", "HubSpot signs the address that it calls, and url does not say it",
                      "url: https://HOST/api/v1/webhooks/NAME, as HubSpot has it");
  VIGIE_CHECK(read_record(root, out));
  return out;
}

Result<Webhook> usable_webhook(const fs::path& file) {
  VIGIE_TRY(Webhook webhook, Webhook::load(file));
  VIGIE_CHECK(webhook.secret.value(file.parent_path()));
  if (!is_name(webhook.name))
    return fail(ErrorKind::usage, "webhooks.name",
                fmt::format("\"{}\" is no name of a webhook: it stands in an address", webhook.name), {},
                "name its file in small letters, digits, - and _");
  return webhook;
}

Error not_read(const fs::path& nearly) {
  return {"webhooks.name",
          fmt::format("webhooks/{} is not read: webhooks stand in files that end in .yaml", nearly.filename().string()),
          ErrorKind::usage,
          {},
          fmt::format("name it {}.yaml", nearly.stem().string())};
}

std::vector<Result<Webhook>> webhooks_in(const fs::path& folder) {
  std::vector<Result<Webhook>> out;
  const auto found = yaml_folder(folder);
  if (!found) return {std::unexpected(found.error())};
  for (const fs::path& file : found->nearly) out.push_back(std::unexpected(not_read(file)));
  for (const fs::path& file : found->files) {
    auto webhook = usable_webhook(file);
    if (webhook || webhook.error().code == "webhooks.name") out.push_back(std::move(webhook));
    else out.push_back(unusable(file.stem().string(), webhook.error()));
  }
  return out;
}

Result<std::vector<Posted>> delivered(const fs::path& folder, const std::string& name, const http::Request& request,
                                      Instant now) {
  const fs::path file = folder / (name + ".yaml");
  std::error_code ignored;
  if (!is_name(name) || !fs::is_regular_file(file, ignored))
    return fail(ErrorKind::usage, "webhooks.unknown", fmt::format("there is no webhook \"{}\"", name));
  const auto webhook = Webhook::load(file);
  if (!webhook) return unusable(name, webhook.error());
  const auto secret = webhook->secret.value(folder);
  if (!secret) return unusable(name, secret.error());
  if (!is_signed(*webhook, *secret, request, now))
    return fail(ErrorKind::usage, "webhooks.signature", "this request is not signed as it must be");
  VIGIE_TRY(const std::vector<Piece> pieces, objects_in(request.body));
  std::vector<Posted> out;
  for (const Piece& piece : pieces) {
    VIGIE_TRY(std::string record, record_of(*webhook, piece));
    std::string key = id_of(*webhook, request, piece.text, out.size());
    // Where no id is signed, and no time, anybody who heard it may send it again: the same body comes in once.
    if (key.empty()) key = fmt::format("{}/{}", text_digest(request.body), out.size());
    out.push_back({webhook->map, fmt::format("{}:{}", name, key), std::move(record), 0});
  }
  return out;
}

}  // namespace vigie::events
