#pragma once
#include "server/events/webhook.h"

namespace vigie::events {

/// Whether who knows the secret signed this request, at most the webhook's tolerance ago. Compares in constant time.
///
///   stripe    Stripe-Signature: t=SECONDS,v1=HEX[,v1=HEX…] over "SECONDS.BODY"
///   hubspot   X-HubSpot-Signature-v3: BASE64 over METHOD, URL, BODY, MILLISECONDS (X-HubSpot-Request-Timestamp)
///   shopify   X-Shopify-Hmac-Sha256: BASE64 over the body; it signs no time
///   hmac      a header of the webhook's choice, over the body, or "SECONDS.BODY"
bool is_signed(const Webhook& webhook, std::string_view secret, const http::Request& request, Instant now);

}  // namespace vigie::events
