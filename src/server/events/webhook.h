#pragma once
#include <chrono>
#include <filesystem>

#include "base/secret.h"
#include "base/time.h"
#include "server/events/events.h"

namespace vigie::events {

/// How a provider signs what it sends.
enum class Scheme { stripe, hubspot, shopify, hmac };

/// One file webhooks/NAME.yaml (docs/events.md): who sends, how it signs, what becomes of it.
struct Webhook {
  std::string name, map;
  Secret secret;
  SourcePosition map_where;
  Scheme scheme = Scheme::hmac;
  std::chrono::seconds tolerance{300};  ///< a signature that is older, or as far ahead, is refused
  std::string url;                      ///< hubspot: the address that it calls, which it signs
  std::string header, prefix;           ///< hmac: where the signature stands, and what before it
  bool is_base64 = false;               ///< hmac: else hex
  std::string timestamp_header;         ///< hmac: seconds, signed as "SECONDS.BODY"; "" the body alone is signed
  std::string id_header;                ///< where a time is signed: of the provider's id of the event; "" in `id`
  std::vector<std::string> id;          ///< members of the event that make its id together
  std::string take;                     ///< the member that is the record, "data.object"; "" the event itself
  std::vector<std::pair<std::string, std::string>> keep;  ///< name in the record → member of the event

  /// Errors: yaml.*, webhooks.option, secret.form.
  static Result<Webhook> load(const std::filesystem::path& file);
};

/// The webhook of a file, where it can be used: its name can stand in an address, and its secret is there. Errors:
/// those of load, webhooks.name, secret.* (at the place that names the secret).
Result<Webhook> usable_webhook(const std::filesystem::path& file);

/// webhooks.name, of a file whose name is nearly that of a webhook.
Error not_read(const std::filesystem::path& nearly);

/// The webhooks of a folder, each as it was read, and as unusable where its file or its secret is. A folder that is not
/// there holds none.
std::vector<Result<Webhook>> webhooks_in(const std::filesystem::path& folder);

/// The events of one delivery, for its map. Nothing is looked at before its signature is found right. Errors:
/// webhooks.unknown; webhooks.signature (wrong, missing, too old: which of them is not said); webhooks.unusable (the
/// file or the secret: for the log alone); webhooks.member, and those of a body that is no JSON.
Result<std::vector<Posted>> delivered(const std::filesystem::path& folder, const std::string& name,
                                      const http::Request& request, Instant now);

}  // namespace vigie::events
